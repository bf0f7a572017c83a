/*
 * Blocks at a place, parts of blocks, many frames at once, ranges that are taken away, free frames
 * by band: by rules, and at random. Whatever the buddy answers is held against the model as well.
 */

#include "arena_calls.h"
#include "damage.h"
#include "one_arena.h"

#include "kernel/lib/random.h"

static enum mm_status split(pfn_t first, pfn_t at)
{
    enum mm_status status;
    expect_right(arena_split(&arena, first, at, &status));
    return status;
}

static enum mm_status split_evenly(pfn_t first, pfn_t count)
{
    enum mm_status status;
    expect_right(arena_split_evenly(&arena, first, count, &status));
    return status;
}

static enum mm_status give_part(pfn_t first, pfn_t end)
{
    enum mm_status status;
    expect_right(arena_free_part(&arena, (struct frame_range){first, end}, &status));
    return status;
}

static enum mm_status take_many(pfn_t count, pfn_t first, pfn_t end, struct buddy_runs *taken)
{
    enum mm_status status;
    expect_right(arena_alloc_many(&arena, count, (struct frame_range){first, end}, taken, &status));
    return status;
}

static enum mm_status give_many(const struct frame_range *runs, size_t run_count)
{
    enum mm_status status;
    expect_right(arena_free_many(&arena, runs, run_count, &status));
    return status;
}

static enum mm_status drop(pfn_t first, pfn_t end)
{
    enum mm_status status;
    expect_right(arena_remove(&arena, (struct frame_range){first, end}, &status));
    return status;
}

/* A block of just these frames. */
static enum mm_status take_at(pfn_t first, pfn_t count)
{
    pfn_t found;
    enum mm_status status = take(count, 1, first, first + count, 0, &found);
    if (status == MM_OK)
        assert_int_equal(found, first);
    return status;
}

static void expect_run(pfn_t pfn, pfn_t first, pfn_t end)
{
    struct frame_range run;
    assert_true(buddy_find_run(&arena.buddy, pfn, &run));
    assert_int_equal(run.first, first);
    assert_int_equal(run.end, end);
}

/* ---- a block at a fixed place ---------------------------------------------------------------- */

static void block_at_a_place_is_a_request_with_one_place(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    add(0x2000, 0x3000);
    assert_int_equal(take_at(0x1234, 7), MM_OK);
    assert_int_equal(take_at(0x1230, 4), MM_OK);
    assert_int_equal(take_at(0x123A, 5), MM_NO_ROOM);
    assert_int_equal(take_at(0x1233, 1), MM_NO_ROOM);
    assert_int_equal(take_at(0xFFF, 2), MM_NO_ROOM);
    assert_int_equal(take_at(0x1FFF, 2), MM_NO_ROOM);
    assert_int_equal(take_at(0x1FFF, 1), MM_OK);
    assert_int_equal(take_at(0x2000, 0x1000), MM_OK);
    assert_int_equal(take_at(0x5000, 1), MM_NO_ROOM);
}

/* ---- parts of blocks ------------------------------------------------------------------------- */

/* #######|##### : both can be freed by themselves */
static void split_block_is_two(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    static const pfn_t lengths[] = {2, 64, 65, 66, 128, 129, 130, 1024, 1025, 1026, 2048, 3000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (pfn_t at = 1; at < lengths[i]; at += 1 + at / 3) {
            pfn_t first = 0x1000 + i;
            pfn_t count;
            assert_int_equal(take_at(first, lengths[i]), MM_OK);
            assert_int_equal(split(first, first + at), MM_OK);
            expect_right(arena_find(&arena, first + at));
            expect_right(arena_find(&arena, first + at - 1));
            expect_right(arena_compare(&arena));
            assert_int_equal(give(first + at, &count), MM_OK);
            assert_int_equal(count, lengths[i] - at);
            assert_int_equal(give(first, &count), MM_OK);
            assert_int_equal(count, at);
        }
    }
}

static void split_outside_is_refused(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    assert_int_equal(take_at(0x1100, 8), MM_OK);
    assert_int_equal(split(0x1100, 0x1100), MM_OUTSIDE_BLOCK);
    assert_int_equal(split(0x1100, 0x10FF), MM_OUTSIDE_BLOCK);
    assert_int_equal(split(0x1100, 0x1108), MM_OUTSIDE_BLOCK);
    assert_int_equal(split(0x1100, UINT64_MAX), MM_OUTSIDE_BLOCK);
    assert_int_equal(split(0x1100, ((pfn_t)1 << 32) + 0x1104), MM_OUTSIDE_BLOCK);
    assert_int_equal(split(0x1104, 0x1105), MM_INSIDE_BLOCK);
    assert_int_equal(split(0x1200, 0x1201), MM_ALREADY_FREE);
    assert_int_equal(split(0x5000, 0x5001), MM_NOT_MANAGED);
    assert_int_equal(give(0x1100, NULL), MM_OK);
    assert_int_equal(split(0x1100, 0x1104), MM_ALREADY_FREE);
}

/* ###|###|###|# */
static void block_is_split_evenly(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    static const pfn_t counts[] = {1, 2, 3, 63, 64, 65, 1000, 1024, 1025, 5000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_int_equal(take_at(0x1777, 3000), MM_OK);
        assert_int_equal(split_evenly(0x1777, counts[i]), MM_OK);
        expect_right(arena_compare(&arena));
        struct frame_range run = {0, 0};
        while (buddy_next_run(&arena.buddy, run.end, &run))
            assert_int_equal(give(run.first, NULL), MM_OK);
        assert_int_equal(arena.buddy.free_count, 0x8000);
    }
}

/* A long run that begins in the same 64 frames stays marked as long; one that is split does not. */
static void frames_of_a_split_block_are_not_marked(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    assert_int_equal(take_at(0x2100, 8), MM_OK);
    assert_int_equal(take_at(0x2108, RANGE_LONG + 1), MM_OK);
    assert_int_equal(split_evenly(0x2100, 1), MM_OK);
    expect_right(buddy_check(&arena.buddy));
    assert_int_equal(split_evenly(0x2108, 1), MM_OK);
    expect_right(buddy_check(&arena.buddy));
}

static void wrong_even_split_is_refused(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    assert_int_equal(take_at(0x1100, 8), MM_OK);
    assert_int_equal(split_evenly(0x1100, 0), MM_ZERO_SIZE);
    assert_int_equal(split_evenly(0x1101, 2), MM_INSIDE_BLOCK);
    assert_int_equal(split_evenly(0x1108, 2), MM_ALREADY_FREE);
    assert_int_equal(split_evenly(0x2000, 2), MM_NOT_MANAGED);
    assert_int_equal(split_evenly(0x1100, 8), MM_OK);
    assert_int_equal(split_evenly(0x1100, ((pfn_t)1 << 32) + 4), MM_OK);
    expect_run(0x1100, 0x1100, 0x1108);
}

/* ###....### */
static void part_of_a_block_is_freed(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    assert_int_equal(take_at(0x1100, 3000), MM_OK);
    assert_int_equal(give_part(0x1200, 0x1300), MM_OK);
    expect_run(0x11FF, 0x1100, 0x1200);
    expect_run(0x1300, 0x1300, 0x1100 + 3000);
    assert_int_equal(arena.buddy.free_count, 0x8000 - 3000 + 0x100);
    assert_int_equal(give_part(0x1100, 0x1101), MM_OK);
    expect_run(0x1101, 0x1101, 0x1200);
    assert_int_equal(give_part(0x11FF, 0x1200), MM_OK);
    expect_run(0x1101, 0x1101, 0x11FF);
    assert_int_equal(give_part(0x1101, 0x11FF), MM_OK);
    assert_int_equal(give(0x1300, NULL), MM_OK);
    assert_int_equal(arena.buddy.free_count, 0x8000);
}

static void wrong_part_is_refused(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    assert_int_equal(take_at(0x1100, 8), MM_OK);
    assert_int_equal(take_at(0x1108, 8), MM_OK);
    assert_int_equal(give_part(0x1104, 0x1104), MM_BAD_RANGE);
    assert_int_equal(give_part(0x1105, 0x1104), MM_BAD_RANGE);
    assert_int_equal(give_part(0x1104, 0x1109), MM_OUTSIDE_BLOCK);
    assert_int_equal(give_part(0x110F, 0x1111), MM_OUTSIDE_BLOCK);
    assert_int_equal(give_part(0x110F, UINT64_MAX), MM_OUTSIDE_BLOCK);
    assert_int_equal(give_part(0x10FF, 0x1101), MM_ALREADY_FREE);
    assert_int_equal(give_part(0xFFF, 0x1101), MM_NOT_MANAGED);
}

/* ---- many frames ----------------------------------------------------------------------------- */

#define RUNS_MAX 64

static struct frame_range run_places[RUNS_MAX];

static struct buddy_runs runs_of(size_t run_max)
{
    struct buddy_runs runs = {run_places, run_max, 0};
    return runs;
}

/* ...#.....#..##...## : the longest runs first, and one only if there is one that has all */
static void many_frames_come_in_few_runs(void **state)
{
    (void)state;
    add(0x1000, 0x1040);
    static const pfn_t used[] = {3, 9, 12, 13, 17, 18};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        assert_int_equal(take_at(0x1000 + used[i], 1), MM_OK);
    struct buddy_runs runs = runs_of(RUNS_MAX);
    assert_int_equal(take_many(46, 0, NO_LIMIT, &runs), MM_OK);
    assert_int_equal(runs.run_count, 2);
    assert_int_equal(give_many(runs.runs, runs.run_count), MM_OK);
    assert_int_equal(take_many(45, 0, NO_LIMIT, &runs), MM_OK);
    assert_int_equal(runs.run_count, 1);
    assert_int_equal(give_many(runs.runs, runs.run_count), MM_OK);
    assert_int_equal(take_many(58, 0, NO_LIMIT, &runs), MM_OK);
    assert_int_equal(runs.run_count, 5);
    assert_int_equal(arena.buddy.free_count, 0);
    assert_int_equal(give_many(runs.runs, runs.run_count), MM_OK);
    assert_int_equal(take_many(9, 0x1001, 0x1010, &runs), MM_OK);
    assert_int_equal(runs.run_count, 3);
}

static void many_frames_are_refused_whole(void **state)
{
    (void)state;
    add(0x1000, 0x1010);
    add(0x1010, 0x1020);
    add(0x1020, 0x1030);
    struct buddy_runs runs = runs_of(2);
    assert_int_equal(take_many(0, 0, NO_LIMIT, &runs), MM_ZERO_SIZE);
    assert_int_equal(take_many(5, 0x1000, 0x1004, &runs), MM_BAD_LIMIT);
    assert_int_equal(take_many(5, 0x1004, 0x1000, &runs), MM_BAD_LIMIT);
    assert_int_equal(take_many(49, 0, NO_LIMIT, &runs), MM_NO_ROOM);
    assert_int_equal(take_many(17, 0x1020, 0x1050, &runs), MM_NO_ROOM);
    assert_int_equal(take_many(33, 0, NO_LIMIT, &runs), MM_NO_RECORD);
    assert_int_equal(arena.buddy.free_count, 48);
    assert_int_equal(take_many(32, 0, NO_LIMIT, &runs), MM_OK);
    assert_int_equal(runs.run_count, 2);
    runs = runs_of(0);
    assert_int_equal(take_many(1, 0, NO_LIMIT, &runs), MM_NO_RECORD);
}

/* Upwards, downwards, with holes, and over the border of two ranges, where nothing is joined. */
static void many_blocks_are_freed_together(void **state)
{
    (void)state;
    add(0x1000, 0x1100);
    add(0x1100, 0x1200);
    struct frame_range runs[RUNS_MAX];
    for (int direction = 0; direction < 2; direction++) {
        for (pfn_t length = 1; length <= 3; length++) {
            for (size_t i = 0; i < RUNS_MAX; i++) {
                size_t at = direction ? RUNS_MAX - 1 - i : i;
                runs[at].first = 0x1100 - 32 * length + i * length + i / 40;
                runs[at].end = runs[at].first + length;
                assert_int_equal(take_at(runs[at].first, length), MM_OK);
            }
            assert_int_equal(give_many(runs, RUNS_MAX), MM_OK);
            expect_right(arena_compare(&arena));
            assert_int_equal(arena.buddy.free_count, 0x200);
        }
    }
    assert_int_equal(give_many(runs, 0), MM_OK);
}

/* The higher range has more frames than lie below it. */
static void blocks_of_two_ranges_are_freed_together(void **state)
{
    (void)state;
    add(0x1, 0x10);
    add(0x20, 0x200);
    static const struct frame_range runs[] = {{0x100, 0x102}, {5, 6}, {0x180, 0x181}, {8, 10}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(take_at(runs[i].first, runs[i].end - runs[i].first), MM_OK);
    assert_int_equal(give_many(runs, 4), MM_OK);
    assert_int_equal(arena.buddy.free_count, 0xF + 0x1E0);
}

static void expect_cutting_run(pfn_t pfn, pfn_t first, pfn_t end)
{
    enum buddy_holder holder;
    struct frame_range part;
    assert_true(buddy_find_part(&arena.buddy, pfn, &holder, &part));
    assert_int_equal(holder, BUDDY_SET_ASIDE);
    assert_int_equal(part.first, first);
    assert_int_equal(part.end, end);
}

/*
 * AB...cutting run...DE : A and E do not touch the cutting run. If one of them is freed by itself,
 * it is listed.
 * Freed together, A and B are one run, and D and E, which join it. So do 64 single frames.
 */
static void blocks_freed_together_are_put_away_as_one(void **state)
{
    (void)state;
    add(0x1000, 0x3000);
    static const pfn_t borders[] = {0x1000, 0x1040, 0x1045, 0x1050, 0x2000, 0x2004, 0x2009, 0x200A};
    const struct frame_range middle = {0x1050, 0x2000};
    const struct frame_range upwards[] = {{0x1040, 0x1045}, {0x1045, 0x1050}};
    const struct frame_range downwards[] = {{0x2004, 0x2009}, {0x2000, 0x2004}};
    for (size_t i = 0; i + 1 < sizeof borders / sizeof *borders; i++)
        assert_int_equal(take_at(borders[i], borders[i + 1] - borders[i]), MM_OK);
    assert_int_equal(give_many(&middle, 1), MM_OK);
    expect_cutting_run(0x1050, 0x1050, 0x2000);
    assert_int_equal(give_many(upwards, 2), MM_OK);
    expect_cutting_run(0x1050, 0x1040, 0x2000);
    assert_int_equal(give_many(downwards, 2), MM_OK);
    expect_cutting_run(0x1050, 0x1040, 0x2009);
    assert_int_equal(split_evenly(0x1000, 1), MM_OK);
    expect_right(arena_free_frames(&arena, 0x1000, UINT64_MAX));
    expect_cutting_run(0x1050, 0x1000, 0x2009);
}

/* Blocks of more than 1024 frames are marked, and so is what they make together. */
static void long_blocks_are_freed_together(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    struct frame_range runs[4] = {
        {0x2000, 0x2500}, {0x1F00, 0x2000}, {0x2500, 0x2501}, {0x2501, 0x4000}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(take_at(runs[i].first, runs[i].end - runs[i].first), MM_OK);
    assert_int_equal(give_many(runs, 4), MM_OK);
    expect_right(arena_compare(&arena));
    assert_int_equal(take_at(0x1000, 0x8000), MM_OK);
}

static void wrong_one_of_many_refuses_all(void **state)
{
    (void)state;
    add(0x1000, 0x9000);
    add(0x9000, 0x9010);
    struct frame_range runs[] = {{0x2000, 0x2001}, {0x2001, 0x2003}, {0x2003, 0x2500}, {0, 0}};
    static const struct {
        struct frame_range run;
        enum mm_status status;
    } wrong[] = {
        {{0x2000, 0x2001}, MM_ALREADY_FREE},  {{0x2003, 0x2500}, MM_ALREADY_FREE},
        {{0x2002, 0x2003}, MM_INSIDE_BLOCK},  {{0x2501, 0x2502}, MM_INSIDE_BLOCK},
        {{0x2500, 0x2501}, MM_OUTSIDE_BLOCK}, {{0x2500, 0x2504}, MM_OUTSIDE_BLOCK},
        {{0x2500, 0x2500}, MM_OUTSIDE_BLOCK}, {{0x5000, 0x5001}, MM_ALREADY_FREE},
        {{0xA000, 0xA001}, MM_NOT_MANAGED},
    };
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(take_at(runs[i].first, runs[i].end - runs[i].first), MM_OK);
    assert_int_equal(take_at(0x2500, 3), MM_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        runs[3] = wrong[i].run;
        assert_int_equal(give_many(runs, 4), wrong[i].status);
        expect_right(arena_compare(&arena));
    }
    assert_int_equal(give_many(runs, 3), MM_OK);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static void free_range_is_taken_away(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    add(0x2000, 0x3000);
    add(0x100000, 0x110000);
    pfn_t first[3];
    for (size_t i = 0; i < 3; i++)
        take(5, 1, 0, 0x2000, 0, &first[i]);
    take(7, 1, 0, 0x3000, 0, &first[0]);
    assert_int_equal(drop(0x100000, 0x110000), MM_OK);
    assert_int_equal(arena.buddy.end_pfn, 0x3000);
    expect_right(arena_compare(&arena));
    assert_int_equal(take(1, 1, 0x3000, NO_LIMIT, 0, &first[1]), MM_NO_ROOM);
    assert_int_equal(give(0x100000, NULL), MM_NOT_MANAGED);
    assert_int_equal(give(first[0], NULL), MM_OK);
    assert_int_equal(drop(0x2000, 0x3000), MM_OK);
    expect_right(arena_compare(&arena));
    assert_int_equal(add(0x2000, 0x3000), MM_OK);
    assert_int_equal(take_at(0x2000, 0x1000), MM_OK);
}

static void range_in_use_is_not_taken_away(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    add(0x2000, 0x3000);
    assert_int_equal(take_at(0x1FFF, 1), MM_OK);
    assert_int_equal(drop(0x1000, 0x2000), MM_IN_USE);
    assert_int_equal(drop(0x1000, 0x3000), MM_NOT_MANAGED);
    assert_int_equal(drop(0x1000, 0x1FFF), MM_NOT_MANAGED);
    assert_int_equal(drop(0x1001, 0x2000), MM_NOT_MANAGED);
    assert_int_equal(drop(0x2000, 0x3001), MM_NOT_MANAGED);
    assert_int_equal(give(0x1FFF, NULL), MM_OK);
    assert_int_equal(drop(0x1000, 0x2000), MM_OK);
    assert_int_equal(drop(0x2000, 0x3000), MM_OK);
    assert_int_equal(drop(0x2000, 0x3000), MM_NOT_MANAGED);
    assert_int_equal(arena.buddy.frame_count, 0);
    assert_int_equal(add(0x1000, 0x2000), MM_OK);
    assert_int_equal(take_at(0x1000, 0x1000), MM_OK);
}

static void last_range_leaves_nothing(void **state)
{
    (void)state;
    pfn_t first;
    add(0x1000, 0x2000);
    assert_int_equal(drop(0x1000, 0x2000), MM_OK);
    assert_int_equal(take(1, 1, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(buddy_alloc_any(&arena.buddy, 1, &first), MM_NO_ROOM);
    assert_int_equal(give(0x1000, NULL), MM_NOT_MANAGED);
}

/* In each band, a block was taken beside a cutting run, and freed. */
static void range_goes_with_its_kept_runs(void **state)
{
    (void)state;
    static const pfn_t bases[] = {0x100, 0x8000, 0x200000};
    for (size_t i = 0; i < 3; i++) {
        pfn_t first;
        add(bases[i], bases[i] + 0x100);
        take(7, 1, bases[i], bases[i] + 0x100, 0, &first);
        assert_true(arena.buddy.aside[i].end > arena.buddy.aside[i].first);
        assert_int_equal(give(first, NULL), MM_OK);
        assert_int_equal(drop(bases[i], bases[i] + 0x100), MM_OK);
        expect_right(arena_compare(&arena));
    }
}

/* |....| 16 MiB |.| ... |....| : one frame is above 16 MiB when the higher range is gone. */
static void highest_frame_is_found_when_a_range_goes(void **state)
{
    (void)state;
    pfn_t first;
    add(0x800, 0x1001);
    add(0x200000, 0x200100);
    assert_int_equal(drop(0x200000, 0x200100), MM_OK);
    assert_int_equal(take(1, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x1000);
}

/* Its number comes back, in a table that is damaged. */
static void range_that_went_is_not_looked_at(void **state)
{
    (void)state;
    add(0x1000, 0x1100);
    add(0x2000, 0x2100);
    add(0x3000, 0x3200);
    assert_int_equal(drop(0x1000, 0x1100), MM_OK);
    EXPECT_DAMAGE(buddy_check(&arena.buddy), arena.buddy.index.cells[0], 2,
                  "the table of ranges by address is wrong");
}

/* Of the two that are left, the higher is the larger, or the lower is. */
static pfn_t length_of(int i, int largest)
{
    static const pfn_t lengths[] = {0x4100, 0x4200, 0x4000};
    return i == largest ? 0x8000 : lengths[i];
}

/* Short free runs are listed wherever the index lives, also when its range goes. */
static void index_moves_when_its_range_goes(void **state)
{
    (void)state;
    for (int largest = 0; largest < 3; largest++) {
        pfn_t bases[3] = {0x10000, 0x20000, 0x30000};
        for (int i = 0; i < 3; i++)
            add(bases[i], bases[i] + length_of(i, largest));
        for (int i = 0; i < 3; i++)
            for (pfn_t frame = 0; frame < 40; frame++)
                assert_int_equal(take_at(bases[i] + 0x80 + 3 * frame, 2), MM_OK);
        for (pfn_t frame = 0; frame < 40; frame++)
            assert_int_equal(give(bases[largest] + 0x80 + 3 * frame, NULL), MM_OK);
        assert_int_equal(drop(bases[largest], bases[largest] + 0x8000), MM_OK);
        assert_int_equal(arena.buddy.index_frames, largest == 1 ? 0x4100 : 0x4200);
        expect_right(arena_compare(&arena));
        for (int i = 0; i < 3; i++)
            for (pfn_t frame = 0; i != largest && frame < 40; frame++)
                assert_int_equal(give(bases[i] + 0x80 + 3 * frame, NULL), MM_OK);
        expect_right(arena_compare(&arena));
        for (int i = 0; i < 3; i++)
            if (i != largest)
                assert_int_equal(drop(bases[i], bases[i] + length_of(i, largest)), MM_OK);
    }
}

/* There are more ranges than the index has places for: the lowest ones have none at first. */
static void range_without_a_number_is_taken_away(void **state)
{
    (void)state;
    for (pfn_t i = 1; i <= 12; i++)
        add(i * 0x1000, i * 0x1000 + 0x100);
    for (pfn_t i = 1; i <= 12; i++) {
        const struct buddy_range *lowest = arena.buddy.highest;
        while (lowest->lower)
            lowest = lowest->lower;
        assert_int_equal(lowest->number == RANGE_NOT_LISTED, i <= 4);
        assert_int_equal(drop(i * 0x1000, i * 0x1000 + 0x100), MM_OK);
        expect_right(arena_compare(&arena));
    }
}

/*
 * An index with memory of its own stays, whichever range goes, and if a range comes that has as
 * many frames as it was made for. Other memory may lie directly behind it.
 */
static void index_of_its_own_stays(void **state)
{
    (void)state;
    static uint64_t memory[8192];
    static const struct frame_range ranges[] = {{0x1000, 0x2000}, {0x2000, 0x6000}};
    uint64_t *tables[2];
    struct buddy buddy;
    void *freed;
    pfn_t first;
    buddy_init(&buddy);
    assert_in_range(buddy_index_bytes(0x4000, 4), 1, sizeof memory);
    assert_int_equal(buddy_index_bytes(0x4000, 4) % 8, 0);
    buddy_add_index(&buddy, 0x4000, 4, memory);
    for (size_t i = 0; i < 2; i++) {
        tables[i] = test_malloc(buddy_table_bytes(ranges[i]));
        assert_int_equal(buddy_add_range(&buddy, ranges[i], tables[i]), MM_OK);
    }
    assert_int_equal(buddy_alloc_any(&buddy, 3, &first), MM_OK);
    assert_int_equal(buddy_free(&buddy, first, NULL), MM_OK);
    assert_int_equal(buddy_remove_range(&buddy, ranges[1], &freed), MM_OK);
    assert_ptr_equal(freed, tables[1]);
    assert_ptr_equal(buddy.index.origins, memory);
    assert_null(buddy_check(&buddy));
    test_free(tables[1]);
    assert_int_equal(buddy_alloc_any(&buddy, 0x1000, &first), MM_OK);
    test_free(tables[0]);
}

static void free_frames_are_counted_by_band(void **state)
{
    (void)state;
    pfn_t counts[BUDDY_BAND_COUNT];
    pfn_t border = 16 * MIB >> FRAME_SHIFT;
    expect_right(arena_count_bands(&arena));
    add(1, border - 100);
    add(border - 77, border + 99);
    assert_int_equal(take_at(border - 1, 2), MM_OK);
    assert_int_equal(take_at(border + 5, 1), MM_OK);
    buddy_count_bands(&arena.buddy, counts);
    assert_int_equal(counts[0], border - 101 + 76);
    assert_int_equal(counts[1], 97);
    assert_int_equal(counts[2], 0);
    assert_int_equal(give(border + 5, NULL), MM_OK);
    expect_right(arena_count_bands(&arena));
    assert_int_equal(give(border - 1, NULL), MM_OK);
    expect_right(arena_count_bands(&arena));
}

/* A range over both borders, with blocks around them. */
static void free_frames_are_counted_over_both_borders(void **state)
{
    (void)state;
    pfn_t low = 16 * MIB >> FRAME_SHIFT;
    pfn_t high = 4 * GIB >> FRAME_SHIFT;
    add(low - 3, high + 500);
    for (pfn_t frame = 0; frame < 300; frame += 3) {
        assert_int_equal(take_at(high - 150 + frame, 1 + frame % 2), MM_OK);
        assert_int_equal(take_at(low + frame, 1 + frame % 2), MM_OK);
    }
    expect_right(arena_count_bands(&arena));
}

/* ---- at random ------------------------------------------------------------------------------- */

#define ARENA_FRAMES 2048
#define STEPS 6000

static uint64_t random_state = RANDOM_SEED;

static uint32_t below(uint32_t limit)
{
    return random_next(&random_state) % limit;
}

static bool choose_run(pfn_t base, struct frame_range *run)
{
    return model_next_run(&arena.model, base + below(ARENA_FRAMES), run) ||
           model_next_run(&arena.model, 0, run);
}

static void take_and_give(pfn_t base)
{
    pfn_t first;
    struct frame_range run;
    if (below(2))
        take(1 + below(1u << below(9)), 1, 0, NO_LIMIT, 0, &first);
    else if (choose_run(base, &run))
        give(run.first, NULL);
}

static void split_somewhere(pfn_t base)
{
    struct frame_range run;
    if (!choose_run(base, &run))
        return;
    pfn_t at = run.first + below((uint32_t)(run.end - run.first) + 1);
    if (below(2))
        split(run.first, at);
    else
        split_evenly(run.first, below(8) ? 1 + below(70) : below(3));
}

static void give_some_part(pfn_t base)
{
    struct frame_range run;
    if (!choose_run(base, &run))
        return;
    pfn_t first = run.first + below((uint32_t)(run.end - run.first));
    give_part(first, first + below((uint32_t)(run.end - first) + 2));
}

static void take_some_many(pfn_t base)
{
    struct buddy_runs runs = runs_of(1 + below(RUNS_MAX));
    pfn_t lowest = below(3) ? 0 : base + below(ARENA_FRAMES);
    pfn_t limit = below(3) ? NO_LIMIT : lowest + below(ARENA_FRAMES);
    take_many(1 + below(1u << below(11)), lowest, limit, &runs);
}

/* Some that follow each other, upwards or downwards, now and then with one that is wrong. */
static void give_some_many(pfn_t base)
{
    struct frame_range runs[RUNS_MAX];
    size_t count = 0;
    size_t wanted = 1 + below(RUNS_MAX);
    pfn_t next = base + below(ARENA_FRAMES);
    while (count < wanted && model_next_run(&arena.model, next, &runs[count]))
        next = runs[count++].end;
    for (size_t i = 0; below(2) && i < count / 2; i++) {
        struct frame_range swapped = runs[i];
        runs[i] = runs[count - 1 - i];
        runs[count - 1 - i] = swapped;
    }
    if (count > 0 && below(8) == 0)
        runs[below((uint32_t)count)].first += below(3);
    give_many(runs, count);
}

static void give_some_frames(pfn_t base)
{
    struct frame_range run;
    if (!choose_run(base, &run))
        return;
    if (below(2))
        split_evenly(run.first, 1);
    uint64_t frames = below(2) ? UINT64_MAX : (uint64_t)below(UINT32_MAX) << 32 | below(UINT32_MAX);
    expect_right(arena_free_frames(&arena, run.first / 64 * 64 + below(2) * 64, frames));
}

static void step(pfn_t base)
{
    static void (*const steps[])(pfn_t) = {take_and_give,   take_and_give,   take_and_give,
                                           split_somewhere, give_some_part,  take_some_many,
                                           give_some_many,  give_some_frames};
    steps[below(sizeof steps / sizeof *steps)](base);
}

static void random_calls_are_answered_right(void **state)
{
    static const pfn_t bases[] = {1, 0x77, 0xF00, 0xFFE00, 0x100001, ((pfn_t)27 << 28) - 500};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        pfn_t base = bases[i];
        assert_int_equal(add(base, base + 1300), MM_OK);
        assert_int_equal(add(base + 1300, base + 1500), MM_OK);
        assert_int_equal(add(base + 1510, base + ARENA_FRAMES), MM_OK);
        for (int count = 0; count < STEPS; count++) {
            step(base);
            if (below(256) == 0)
                drop(base + 1300, base + 1500);
            if (below(256) == 0)
                add(base + 1300, base + 1500);
            if (below(64) == 0) {
                expect_right(arena_compare(&arena));
                expect_right(arena_count_bands(&arena));
            }
        }
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

/* Runs of bits at a word's ends and inside, across the end of a range, and wrong ones among
   them. */
static void single_frames_are_freed_by_their_bits(void **state)
{
    (void)state;
    add(0x1000, 0x1064);
    add(0x1064, 0x1100);
    add(0x1110, 0x3000);
    static const uint64_t frames[] = {UINT64_MAX, 1, (uint64_t)1 << 63, 0xF00F, ~(uint64_t)1, 0};
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        assert_int_equal(take_at(0x1000, 100), MM_OK);
        assert_int_equal(take_at(0x1064, 70), MM_OK);
        assert_int_equal(split_evenly(0x1000, 1), MM_OK);
        assert_int_equal(split_evenly(0x1064, 1), MM_OK);
        assert_int_equal(take_at(0x1110, 3), MM_OK);
        for (pfn_t first = 0xFC0; first < 0x1180; first += 64) {
            expect_right(arena_free_frames(&arena, first, frames[i]));
            expect_right(arena_compare(&arena));
        }
        struct frame_range run = {0, 0};
        while (buddy_next_run(&arena.buddy, run.end, &run))
            assert_int_equal(give(run.first, NULL), MM_OK);
    }
    expect_right(arena_free_frames(&arena, (pfn_t)1 << 50, UINT64_MAX));
}

/* In each word of a long range: a single frame is freed last, and is no block any more. */
static void frame_that_is_set_aside_is_not_freed_again(void **state)
{
    (void)state;
    add(0x1000, 0x3000);
    for (pfn_t word = 0x1000; word < 0x3000; word += 64) {
        assert_int_equal(take_at(word + 7, 1), MM_OK);
        assert_int_equal(give(word + 7, NULL), MM_OK);
        expect_right(arena_free_frames(&arena, word, UINT64_MAX));
    }
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(block_at_a_place_is_a_request_with_one_place),
        RULE(split_block_is_two),
        RULE(split_outside_is_refused),
        RULE(block_is_split_evenly),
        RULE(frames_of_a_split_block_are_not_marked),
        RULE(wrong_even_split_is_refused),
        RULE(part_of_a_block_is_freed),
        RULE(wrong_part_is_refused),
        RULE(many_frames_come_in_few_runs),
        RULE(many_frames_are_refused_whole),
        RULE(many_blocks_are_freed_together),
        RULE(blocks_of_two_ranges_are_freed_together),
        RULE(blocks_freed_together_are_put_away_as_one),
        RULE(long_blocks_are_freed_together),
        RULE(wrong_one_of_many_refuses_all),
        RULE(single_frames_are_freed_by_their_bits),
        RULE(frame_that_is_set_aside_is_not_freed_again),
        RULE(free_range_is_taken_away),
        RULE(range_in_use_is_not_taken_away),
        RULE(last_range_leaves_nothing),
        RULE(range_goes_with_its_kept_runs),
        RULE(highest_frame_is_found_when_a_range_goes),
        RULE(range_that_went_is_not_looked_at),
        RULE(index_moves_when_its_range_goes),
        RULE(range_without_a_number_is_taken_away),
        RULE(index_of_its_own_stays),
        RULE(free_frames_are_counted_by_band),
        RULE(free_frames_are_counted_over_both_borders),
        RULE(random_calls_are_answered_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
