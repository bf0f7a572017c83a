/*
 * The quick look at many runs of one length (place_may_pass), held against place_in_run. It passes
 * over no run that has a place. It lets no run through in vain if only the window matters, or if
 * the window does not.
 */

#include "mm/place.h"

#include "test.h"

#define COUNT_MAX 18u
#define LENGTH_MAX 40u

/* Runs of one length begin here: at a border of 2^31 and of 2^32 frames, too. */
static const pfn_t firsts[] = {0, 48, 0x7FFFFFE0, 0xFFFFFFE0, 0x300000010};
#define FIRSTS_BESIDE 33u /* and at as many frames above */

struct passed {
    unsigned place; /* how many runs have a place, and passed */
    unsigned vain; /* how many passed, and have none */
};

static struct passed look(const struct place_wish *wish, uint32_t length)
{
    struct passed passed = {0, 0};
    struct place_sieve sieve = place_sieve_of(wish, length);
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        for (pfn_t first = firsts[i]; first < firsts[i] + FIRSTS_BESIDE; first++) {
            pfn_t place;
            bool has_place = place_in_run(wish, first, first + length, &place);
            bool may_pass = place_may_pass(&sieve, first);
            assert_true(may_pass || !has_place);
            passed.place += has_place;
            passed.vain += may_pass && !has_place;
        }
    }
    return passed;
}

static void look_at_lengths(struct place_wish wish, struct passed *sum)
{
    for (wish.frame_count = 1; wish.frame_count <= COUNT_MAX; wish.frame_count++) {
        if (!place_is_valid(&wish))
            continue;
        for (uint32_t length = (uint32_t)wish.frame_count; length <= LENGTH_MAX; length++) {
            struct passed passed = look(&wish, length);
            sum->place += passed.place;
            sum->vain += passed.vain;
        }
    }
}

static void expect_exact(struct place_wish wish)
{
    struct passed sum = {0, 0};
    look_at_lengths(wish, &sum);
    assert_int_not_equal(sum.place, 0);
    assert_int_equal(sum.vain, 0);
}

static const struct place_wish anywhere = {1, 0, (pfn_t)1 << 40, 0, PLACE_NO_BOUNDARY};

/* The window begins and ends below, inside and above the runs. */
static void is_exact_for_a_window(void **state)
{
    (void)state;
    for (pfn_t lowest = 0; lowest < 48; lowest += 3) {
        for (pfn_t limit = lowest + COUNT_MAX; limit < lowest + 80; limit += 3) {
            struct place_wish wish = anywhere;
            wish.lowest = lowest + firsts[3];
            wish.limit = limit + firsts[3];
            expect_exact(wish);
        }
    }
}

static void is_exact_for_an_alignment_and_a_boundary(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 5; i++) {
        struct place_wish wish = anywhere;
        wish.align_order = i;
        expect_exact(wish);
        for (wish.boundary_order = i + 2; wish.boundary_order < 7; wish.boundary_order++)
            expect_exact(wish);
    }
}

/* The highest bit of those that the sieve tests. */
static void is_exact_for_the_largest_orders(void **state)
{
    (void)state;
    struct place_wish aligned = anywhere;
    aligned.align_order = 31;
    expect_exact(aligned);
    struct place_wish bounded = anywhere;
    bounded.boundary_order = 31;
    expect_exact(bounded);
}

/* With larger orders, and with all of it at once, it only must not pass over a place. */
static void passes_over_no_place(void **state)
{
    (void)state;
    static const uint8_t boundaries[] = {2, 3, 5, 31, 32, 33, 63, PLACE_NO_BOUNDARY};
    static const uint8_t aligns[] = {0, 1, 3, 31, 32, 33, 63};
    struct passed sum = {0, 0};
    for (size_t k = 0; k < sizeof boundaries; k++) {
        for (size_t i = 0; i < sizeof aligns; i++) {
            struct place_wish wish = {1, 10, 0x80000005, aligns[i], boundaries[k]};
            look_at_lengths(wish, &sum);
        }
    }
    assert_int_not_equal(sum.place, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_exact_for_a_window),
        cmocka_unit_test(is_exact_for_an_alignment_and_a_boundary),
        cmocka_unit_test(is_exact_for_the_largest_orders),
        cmocka_unit_test(passes_over_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
