/* The set of single frames, held against an array of what it should hold. */

#include "test.h"

#include <string.h>

#include "kernel/lib/random.h"
#include "mm/frame_set.h"

#define WORDS 3000 /* that frames are taken from: nearly three for each place */

static struct {
    uint64_t before;
    struct frame_set set;
    uint64_t behind;
} memory;
static struct frame_set *const set = &memory.set;
static bool has[WORDS * WORD_BITS];
static uint64_t state = RANDOM_SEED;

static uint32_t below(uint32_t limit)
{
    return random_next(&state) % limit;
}

/* Nobody promises zeros, and nothing beside the set is written. */
static void start(void)
{
    memset(&memory, 0xA5, sizeof memory);
    frame_set_init(set);
    assert_int_equal(set->count, 0);
    assert_int_equal(set->current, 0);
    assert_null(frame_set_check(set));
    assert_int_equal(memory.before, 0xA5A5A5A5A5A5A5A5u);
    assert_int_equal(memory.behind, 0xA5A5A5A5A5A5A5A5u);
    memset(has, 0, sizeof has);
}

static void add(pfn_t pfn)
{
    if (!frame_set_has_room(set, pfn) || frame_set_has(set, pfn))
        return;
    frame_set_add(set, pfn);
    has[pfn] = true;
}

static void take(void)
{
    if (set->count == 0)
        return;
    pfn_t pfn = frame_set_take(set);
    assert_true(pfn < WORDS * WORD_BITS && has[pfn]);
    has[pfn] = false;
}

static uint32_t count_of(pfn_t first)
{
    uint32_t count = 0;
    for (pfn_t pfn = first; pfn < first + WORD_BITS; pfn++)
        count += has[pfn];
    return count;
}

static void empty(void)
{
    uint32_t place = below(FRAME_SET_PLACES);
    uint32_t count = set->count;
    if (count == 0)
        return;
    place = frame_set_next_place(set, place);
    struct frame_word word = frame_set_empty_place(set, place);
    assert_int_equal(count - set->count, count_of(word.first));
    for (unsigned i = 0; i < WORD_BITS; i++) {
        assert_int_equal(word.held >> i & 1, has[word.first + i]);
        has[word.first + i] = false;
    }
}

/* Its next place is the first that is used, going round. */
static void compare(void)
{
    uint32_t place = below(FRAME_SET_PLACES);
    uint32_t right = place;
    assert_null(frame_set_check(set));
    for (pfn_t pfn = 0; pfn < WORDS * WORD_BITS; pfn++)
        assert_int_equal(frame_set_has(set, pfn), has[pfn]);
    if (set->count == 0)
        return;
    while (set->words[right].held == 0)
        right = (right + 1) % FRAME_SET_PLACES;
    assert_int_equal(frame_set_next_place(set, place), right);
}

static void random_frames_come_and_go(void **unused)
{
    (void)unused;
    static const uint32_t spans[] = {64, 1000, WORDS * WORD_BITS};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        start();
        for (uint32_t step = 0; step < 30000; step++) {
            if (below(100) < (step / 3000 % 2 ? 30u : 60u))
                add(below(spans[i]));
            else
                take();
            if (below(200) == 0)
                empty();
            if (below(300) == 0)
                compare();
        }
    }
}

/* From each place, to each place. */
static void next_place_goes_round(void **unused)
{
    (void)unused;
    for (uint32_t used = 0; used < FRAME_SET_PLACES; used++) {
        start();
        add((pfn_t)used * WORD_BITS + 5);
        for (uint32_t place = 0; place < FRAME_SET_PLACES; place += 1 + below(30))
            assert_int_equal(frame_set_next_place(set, place), used);
    }
    start();
    add(5 * WORD_BITS);
    add(7 * WORD_BITS);
    add(1000 * WORD_BITS);
    assert_int_equal(frame_set_next_place(set, 5), 5);
    assert_int_equal(frame_set_next_place(set, 6), 7);
    assert_int_equal(frame_set_next_place(set, 8), 1000);
    assert_int_equal(frame_set_next_place(set, 1001), 5);
}

/* The lowest frame near the one that was added last comes first. */
static void frame_is_taken_near_the_last(void **unused)
{
    (void)unused;
    start();
    add(100);
    add(70);
    add(6000);
    assert_int_equal(frame_set_take(set), 6000);
    assert_int_equal(frame_set_take(set), 70);
    assert_int_equal(frame_set_take(set), 100);
}

/* Words that want one place keep each other out, and high ones are told from low ones. */
static void word_keeps_another_one_out(void **unused)
{
    (void)unused;
    const pfn_t far = (pfn_t)FRAME_SET_PLACES * WORD_BITS << 20;
    start();
    frame_set_add(set, far + 3);
    assert_true(frame_set_has(set, far + 3));
    assert_true(frame_set_has_room(set, far + 60));
    assert_false(frame_set_has(set, far + 60));
    assert_false(frame_set_has(set, 3));
    assert_false(frame_set_has_room(set, 3));
    assert_true(frame_set_has_room(set, 64));
    assert_int_equal(frame_set_take(set), far + 3);
    assert_true(frame_set_has_room(set, 3));
}

static void damage_is_told(void **unused)
{
    (void)unused;
    start();
    add(70);
    set->count++;
    assert_string_equal(frame_set_check(set), "a front's count of frames is wrong");
    set->count--;
    set->filled[FRAME_SET_PLACES / WORD_BITS - 1] ^= (uint64_t)1 << 63;
    assert_string_equal(frame_set_check(set), "a front's place is said to be used that is not");
    set->filled[FRAME_SET_PLACES / WORD_BITS - 1] = 0;
    set->words[1].first++;
    assert_string_equal(frame_set_check(set), "a front's frames are in the wrong place");
    set->words[1].first += 63;
    assert_string_equal(frame_set_check(set), "a front's frames are in the wrong place");
    set->words[1].first = 64;
    assert_null(frame_set_check(set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_frames_come_and_go),
        cmocka_unit_test(next_place_goes_round),
        cmocka_unit_test(frame_is_taken_near_the_last),
        cmocka_unit_test(word_keeps_another_one_out),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
