/* Buddies taken apart for a block, and put together again: one order at a time, to the last one. */

#include "kernel/lib/random.h"
#include "kernel/view/view_splits.h"

#include "test.h"

static struct view_splits splits;
static struct view_split_stage stage;

/* True if the list has this buddy. */
static bool has(pfn_t first, unsigned order)
{
    for (size_t i = 0; i < splits.count; i++)
        if (splits.buddies[i].first == first && splits.buddies[i].order == order)
            return true;
    return false;
}

static void expect_stage(unsigned order, pfn_t first, unsigned count)
{
    assert_int_equal(stage.order, order);
    assert_int_equal(stage.first, first);
    assert_int_equal(stage.count, count);
}

/*
 *   16  [                ]      3 frames at 13, out of 16
 *    8  [       ][       ]
 *    4           [   ][ ##]
 *    2                [ #]
 */
static void block_is_cut_out_order_by_order(void **state)
{
    (void)state;
    view_splits_start(&splits, (struct frame_range){0, 40}, (struct frame_range){13, 16});
    assert_int_equal(splits.count, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(5, 0, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(4, 0, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(3, 8, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(2, 12, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(1, 12, 1);
    assert_false(view_splits_next(&splits, &stage));
    assert_true(has(16, 4) && has(0, 3) && has(8, 2) && has(12, 0) && has(13, 0) && has(14, 1));
    assert_int_equal(splits.count, 6);
}

static void both_ends_of_a_block_are_cut_at_once(void **state)
{
    (void)state;
    view_splits_start(&splits, (struct frame_range){0, 32}, (struct frame_range){15, 17});
    view_splits_next(&splits, &stage);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(4, 0, 2);
}

static void whole_buddies_are_not_split(void **state)
{
    (void)state;
    view_splits_start(&splits, (struct frame_range){4, 16}, (struct frame_range){8, 16});
    assert_int_equal(splits.count, 1);
    assert_false(view_splits_next(&splits, &stage));
}

static void freed_block_merges_order_by_order(void **state)
{
    (void)state;
    view_merges_start(&splits, (struct frame_range){0, 16}, (struct frame_range){13, 14});
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(1, 12, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(2, 12, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(3, 8, 1);
    assert_true(view_splits_next(&splits, &stage));
    expect_stage(4, 0, 1);
    assert_false(view_splits_next(&splits, &stage));
    assert_int_equal(splits.count, 1);
    assert_true(has(0, 4));
}

/* The maximal buddies of [first, end) are all in the list. Returns how many there are. */
static size_t expect_buddies_of(pfn_t first, pfn_t end)
{
    size_t count = 0;
    for (; first < end; count++) {
        unsigned order = 0;
        while (first % ((pfn_t)2 << order) == 0 && first + ((pfn_t)2 << order) <= end)
            order++;
        assert_true(has(first, order));
        first += (pfn_t)1 << order;
    }
    return count;
}

/* What is left is what the allocator would count: the maximal buddies of what is free then. */
static void last_stage_is_what_the_allocator_has(void **state)
{
    (void)state;
    uint64_t random = RANDOM_SEED;
    for (int i = 0; i < 4000; i++) {
        pfn_t mask = ((pfn_t)2 << random_next(&random) % 30) - 1;
        pfn_t base = random_next(&random) & mask;
        pfn_t before = random_next(&random) & mask;
        pfn_t length = 1 + (random_next(&random) & mask);
        pfn_t after = random_next(&random) & mask;
        struct frame_range run = {base, base + before + length + after};
        struct frame_range block = {base + before, base + before + length};
        view_splits_start(&splits, run, block);
        while (view_splits_next(&splits, &stage))
            ;
        for (size_t j = 0; j < splits.count; j++) {
            pfn_t first = splits.buddies[j].first;
            pfn_t end = first + ((pfn_t)1 << splits.buddies[j].order);
            assert_true(end <= block.first || first >= block.end ||
                        (first >= block.first && end <= block.end));
        }
        view_merges_start(&splits, run, block);
        assert_true(splits.count < VIEW_BUDDY_MAX);
        while (view_splits_next(&splits, &stage))
            ;
        assert_int_equal(expect_buddies_of(run.first, run.end), splits.count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_is_cut_out_order_by_order),
        cmocka_unit_test(both_ends_of_a_block_are_cut_at_once),
        cmocka_unit_test(whole_buddies_are_not_split),
        cmocka_unit_test(freed_block_merges_order_by_order),
        cmocka_unit_test(last_stage_is_what_the_allocator_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
