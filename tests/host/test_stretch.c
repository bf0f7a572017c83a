/*
 * What a range knows of itself and of the ranges below it, held against a look at every place. All
 * of these numbers are exact, because no range holds a multiple of 2^STRETCH_ORDER_MAX, but for
 * frame 0.
 */

#include "mm/stretch.h"

#include <stdlib.h>

#include "kernel/lib/random.h"
#include "mm/buddy.h"
#include "mm/ranges.h"
#include "test.h"

#define FRAMES_MAX 1400u /* of a range */
#define ORDERS (STRETCH_ORDER_MAX + 2)

/* Frame 0, and multiples of powers of two as first, second and last frame, and behind the last. */
static const struct frame_range ranges[] = {
    {0, 40},
    {1025, 1200},
    {1300, 1400},
    {2047, 2100},
    {4000, 4097},
    {8100, 8192},
    {0x3000, 0x3050},
    {0x4321, 0x4888},
    {0x7FF0, 0x8010},
    {0xFFF0, 0x10001},
    {0x20000, 0x20011},
    {0x3FFFF, 0x40003},
    {0x7FF00, 0x80001},
    {0x90001, 0x90002},
};
#define RANGE_COUNT (sizeof ranges / sizeof *ranges)

/* The longest place for each alignment and boundary; without a boundary if it is 0. */
typedef uint32_t places[ORDERS][ORDERS + 1];

static uint64_t random_state = RANDOM_SEED;

static struct buddy_range *all[RANGE_COUNT];
static bool is_free[RANGE_COUNT][FRAMES_MAX];
static places longest[RANGE_COUNT];
static struct buddy_range *root;

static uint32_t random_below(uint32_t count)
{
    return random_next(&random_state) % count;
}

static void open_ranges(void)
{
    for (size_t i = 0; i < RANGE_COUNT; i++) {
        void *tables = malloc(range_table_bytes(ranges[i]));
        assert_non_null(tables);
        all[i] = range_create(ranges[i], tables);
        all[i]->lower = i > 0 ? all[i - 1] : NULL;
    }
    root = ranges_build(all[RANGE_COUNT - 1]);
}

static void close_ranges(void)
{
    for (size_t i = 0; i < RANGE_COUNT; i++)
        free(all[i]);
}

/* Some frames of a range that are all free become used, or the other way round. */
static void change_some(size_t which)
{
    struct buddy_range *range = all[which];
    uint32_t count = range->end - range->first;
    bool *frames = is_free[which];
    uint32_t first = random_below(4) == 0 ? 0 : random_below(count);
    uint32_t end = first + 1 + random_below(random_below(4) == 0 ? count - first : 16);
    bool free_next = !frames[first];
    uint32_t frame = first;
    while (frame < end && frame < count && frames[frame] != free_next)
        frames[frame++] = free_next;
    if (free_next)
        range_tree_give(range, range->first + first, range->first + frame);
    else
        range_tree_take(range, range->first + first, range->first + frame);
}

static uint32_t longest_place(size_t which, unsigned align, unsigned boundary)
{
    uint32_t found = 0;
    pfn_t step = (pfn_t)1 << align;
    for (pfn_t start = (ranges[which].first + step - 1) / step * step; start < ranges[which].end;
         start += step) {
        pfn_t end = start;
        while (end < ranges[which].end && is_free[which][end - ranges[which].first] &&
               (boundary == 0 || start >> boundary == end >> boundary))
            end++;
        found = bits_larger(found, (uint32_t)(end - start));
    }
    return found;
}

static void look_at_every_place(size_t which)
{
    for (unsigned align = 0; align < ORDERS; align++) {
        longest[which][align][0] = longest_place(which, align, 0);
        for (unsigned boundary = align + 2; boundary <= ORDERS; boundary++)
            longest[which][align][boundary] = longest_place(which, align, boundary);
    }
}

/* The longest place in a range and all below it. */
static uint32_t longest_below(const struct buddy_range *range, unsigned align, unsigned boundary)
{
    uint32_t found = 0;
    if (!range)
        return 0;
    for (size_t i = 0; i < RANGE_COUNT; i++)
        if (all[i] == range)
            found = longest[i][align][boundary];
    for (unsigned side = 0; side < 2; side++)
        found = bits_larger(found, longest_below(range->stretch.halves[side], align, boundary));
    return found;
}

static struct place_wish wish_of(uint32_t count, unsigned align, unsigned boundary)
{
    struct place_wish wish = {count, 0, UINT64_MAX, (uint8_t)align,
                              boundary > 0 ? (uint8_t)boundary : PLACE_NO_BOUNDARY};
    return wish;
}

/* Wishes for the longest place there is, and for one more frame. */
static void expect_longest(const struct stretch *stretch,
                           bool (*may_have)(const struct stretch *, const struct place_wish *),
                           uint32_t right, unsigned align, unsigned boundary)
{
    struct place_wish wish = wish_of(right, align, boundary);
    if (place_is_valid(&wish))
        assert_true(may_have(stretch, &wish));
    wish = wish_of(right + 1, align, boundary);
    if (place_is_valid(&wish))
        assert_false(may_have(stretch, &wish));
}

static void expect_exact(void)
{
    for (size_t i = 0; i < RANGE_COUNT; i++) {
        const struct stretch *stretch = &all[i]->stretch;
        for (unsigned align = 0; align < ORDERS; align++) {
            for (unsigned boundary = 0; boundary <= ORDERS; boundary++) {
                if (boundary > 0 && boundary < align + 2)
                    continue;
                expect_longest(stretch, stretch_may_have_own, longest[i][align][boundary], align,
                               boundary);
                expect_longest(stretch, stretch_may_have, longest_below(all[i], align, boundary),
                               align, boundary);
            }
        }
    }
}

static void stretch_knows_its_longest_places(void **state)
{
    (void)state;
    open_ranges();
    for (size_t i = 0; i < RANGE_COUNT; i++)
        look_at_every_place(i);
    for (unsigned step = 0; step < 200; step++) {
        size_t which = random_below(RANGE_COUNT);
        change_some(which);
        look_at_every_place(which);
        expect_exact();
    }
    assert_null(ranges_check(all[RANGE_COUNT - 1], root));
    close_ranges();
}

/* ---- orders ---------------------------------------------------------------------------------- */

static bool holds_multiple(struct frame_range frames, unsigned order)
{
    for (pfn_t pfn = frames.first; pfn < frames.end; pfn++)
        if (pfn != 0 && pfn % ((pfn_t)1 << order) == 0)
            return true;
    return false;
}

/* No multiple but frame 0, if the order need not be too large for that; and no larger than so. */
static void order_is_as_large_as_it_need_be(void **state)
{
    (void)state;
    static const pfn_t borders[] = {0,       512,     1024,    3 << 9,  1 << 15,       3 << 15,
                                    1 << 19, 3 << 19, 1 << 20, 1 << 21, (pfn_t)1 << 32};
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++) {
        for (pfn_t first = borders[i] < 3 ? 0 : borders[i] - 3; first <= borders[i] + 2; first++) {
            for (pfn_t end = first + 1; end <= borders[i] + 4; end++) {
                struct frame_range frames = {first, end};
                unsigned right = tree_top(frames);
                while (right < STRETCH_ORDER_MAX && holds_multiple(frames, right))
                    right++;
                void *tables = malloc(range_table_bytes(frames));
                assert_non_null(tables);
                assert_int_equal(range_create(frames, tables)->stretch.order, right);
                free(tables);
            }
        }
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool has_blocks(const struct buddy_range *range)
{
    return range && (range->live_count > 0 || has_blocks(range->stretch.halves[STRETCH_LOWER]) ||
                     has_blocks(range->stretch.halves[STRETCH_HIGHER]));
}

static void expect_live(const struct buddy *buddy)
{
    for (const struct buddy_range *range = buddy->highest; range; range = range->lower)
        assert_int_equal(range->stretch.has_live, range->stretch.above && has_blocks(range));
}

/* The first block of each range in turn, in which no block is left. */
static void stretch_knows_whether_it_has_blocks(void **state)
{
    (void)state;
    static struct buddy buddy;
    void *tables[RANGE_COUNT];
    pfn_t first = 0;
    buddy_init(&buddy);
    for (size_t i = 0; i < RANGE_COUNT; i++) {
        tables[i] = malloc(buddy_table_bytes(ranges[i]));
        assert_non_null(tables[i]);
        assert_int_equal(buddy_add_range(&buddy, ranges[i], tables[i]), MM_OK);
        expect_live(&buddy);
    }
    for (size_t i = 0; i < RANGE_COUNT; i++) {
        struct buddy_request request = {1, 1, ranges[i].first, ranges[i].end, 0};
        assert_int_equal(buddy_alloc(&buddy, &request, &first), MM_OK);
        expect_live(&buddy);
        assert_int_equal(buddy_free(&buddy, first, NULL), MM_OK);
        expect_live(&buddy);
    }
    for (size_t i = 0; i < RANGE_COUNT; i++)
        free(tables[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretch_knows_its_longest_places),
        cmocka_unit_test(order_is_as_large_as_it_need_be),
        cmocka_unit_test(stretch_knows_whether_it_has_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
