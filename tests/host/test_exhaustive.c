/*
 * All that can happen to a few frames, to a depth that takes seconds; tests/long goes deeper. The
 * counts are printed: they say what was tried.
 */

#include "explore.h"

#include "test.h"

static void expect_right(const char *what, const struct explore_result *result)
{
    print_message("%s: %llu states, %llu transitions\n", what, (unsigned long long)result->states,
                  (unsigned long long)result->transitions);
    if (result->broken)
        fail_msg("%s", result->broken);
    assert_false(result->is_cut);
}

static struct explore_shape whole(pfn_t base, unsigned frame_count)
{
    return (struct explore_shape){{{base, base + frame_count}}, 1};
}

static void sequences_in_one_range(void **state)
{
    (void)state;
    struct explore_result result = {0};
    for (size_t place = 0; place < EXPLORE_PLACE_COUNT; place++) {
        struct explore_shape shape = whole(explore_place(place), place % 2 ? 32 : 16);
        explore_sequences(&shape, 3, 0, &result);
    }
    expect_right("one range of 16 or 32 frames, depth 3", &result);
}

/* Three bands with a few frames each, and ranges that touch: no run crosses from one to the
   other. */
static void sequences_in_far_and_touching_ranges(void **state)
{
    (void)state;
    static const struct explore_shape shapes[] = {
        {{{0xFFC, 0x1000}, {0x1000, 0x1006}, {0x100000, 0x100006}}, 3},
        {{{1, 7}, {0xFFFFB, 0xFFFFF}, {(pfn_t)27 << 28, ((pfn_t)27 << 28) + 6}}, 3},
        {{{0x103A, 0x1040}, {0x1040, 0x1043}, {0x1043, 0x104A}, {0x104B, 0x105A}}, 4},
    };
    struct explore_result result = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        explore_sequences(&shapes[i], 3, 0, &result);
    expect_right("far and touching ranges, depth 3", &result);
}

/* Not all shapes here: each 61st, so that all kinds of holes come at all places in turn. */
static void sequences_in_shapes_with_holes(void **state)
{
    (void)state;
    struct explore_result result = {0};
    struct explore_shape shape;
    uint32_t managed = 0;
    size_t number = 0;
    size_t place = 0;
    while (explore_next_shape(explore_place(place), 16, 3, &managed, &shape)) {
        if (number++ % 61 != 0)
            continue;
        explore_sequences(&shape, 2, 0, &result);
        place = (place + 1) % EXPLORE_PLACE_COUNT;
    }
    expect_right("16 frames with holes, depth 2", &result);
}

static void requests_in_all_patterns(void **state)
{
    (void)state;
    struct explore_result result = {0};
    struct explore_shape shapes[] = {whole(explore_place(0), 8),
                                     whole(explore_place(2), 8),
                                     {{{0xFFFFD, 0x100000}, {0x100001, 0x100006}}, 2}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        explore_patterns(&shapes[i], 0, &result);
    expect_right("all patterns of 8 frames, all requests", &result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_in_one_range),
        cmocka_unit_test(sequences_in_far_and_touching_ranges),
        cmocka_unit_test(sequences_in_shapes_with_holes),
        cmocka_unit_test(requests_in_all_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
