/*
 * The buddy by rules and pictures ('#' is allocated), and at random. Whatever it answers is held
 * against the model as well, in every test.
 */

#include <stdlib.h>

#include "one_arena.h"

#include "kernel/lib/random.h"

#include <stdlib.h>
#include <string.h>

static void block_is_exact_and_highest(void **state)
{
    (void)state;
    add(0x100, 0x8000);
    pfn_t first;
    assert_int_equal(take(768, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x8000 - 768);
    assert_int_equal(arena.buddy.free_count, 0x7F00 - 768);
}

static void block_may_end_exactly_at_its_limit(void **state)
{
    (void)state;
    add(0x100, 0x200000);
    pfn_t first;
    assert_int_equal(take(768, 16, 0, 0x1000, 0, &first), MM_OK);
    assert_int_equal(first, 0x1000 - 768);
    assert_int_equal(take(1, 1, 0xFFFFF, 0x100000, 0, &first), MM_OK);
    assert_int_equal(first, 0xFFFFF);
}

static void block_may_cross_every_band(void **state)
{
    (void)state;
    add(0x100, 0x140000);
    pfn_t first;
    assert_int_equal(take(0x140000 - 0x100, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x100);
    assert_int_equal(arena.buddy.free_count, 0);
}

/* The block is longer than all that is below the border. */
static void block_across_a_border_may_begin_at_frame_0(void **state)
{
    (void)state;
    add(0, 0x1010);
    pfn_t first = 1;
    assert_int_equal(take(0x1010, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0);
}

/* below 16 MiB |....#### 16 MiB ####....| : low memory goes last */
static void unlimited_requests_spare_low_memory(void **state)
{
    (void)state;
    add(0x10, 0x9F);
    add(0x100, 0x2000);
    pfn_t first;
    for (int i = 0; i < 0x1000; i++) {
        assert_int_equal(take(1, 1, 0, NO_LIMIT, 0, &first), MM_OK);
        assert_true(first >= 0x1000);
    }
    assert_int_equal(take(1, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0xFFF);
}

/* below 16 MiB |....| 4 GiB - 16 |....|....| 4 GiB + 16 : across the border rather than lower */
static void block_across_a_border_spares_the_band_below(void **state)
{
    (void)state;
    add(0x100, 0x200);
    add(0x100000 - 16, 0x100000 + 16);
    pfn_t first;
    assert_int_equal(take(17, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x100000 - 1);
    give(first, NULL);
    assert_int_equal(take(17, 1, 0, 0x100000 + 9, 0, &first), MM_OK);
    assert_int_equal(first, 0x100000 - 8);
    give(first, NULL);
    assert_int_equal(take(32, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x100000 - 16);
    assert_int_equal(take(17, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0x200 - 17);
}

static void refusal_changes_nothing(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first = 77;
    assert_int_equal(take(0x101, 1, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 0, 0x100, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 0x200, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(0x1001, 1, 0, NO_LIMIT, 0, &first), MM_NO_ROOM); /* 16 MiB and more */
    assert_int_equal(take(2, 0x1000, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(0x201, 1, 0, 0x200, 0, &first), MM_BAD_LIMIT);
    assert_int_equal(arena.buddy.free_count, 0x100);
}

/* Only frame 0 is free. Its number, and the limit where its band ends, are no exceptions. */
static void first_frame_of_all_may_be_too_low(void **state)
{
    (void)state;
    pfn_t first;
    add(0, 1);
    add(0x1000, 0x1001);
    take(1, 1, 0x1000, NO_LIMIT, 0, &first);
    assert_int_equal(take(1, 1, 1, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 1, 0x1000, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, UINT64_MAX, 0x1000, 0, &first), MM_BAD_LIMIT);
    assert_int_equal(take(1, 1, 0, 0x1000, 0, &first), MM_OK);
    assert_int_equal(first, 0);
}

static void wrong_frees_are_named(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first;
    pfn_t count = 0;
    enum buddy_holder holder;
    struct frame_range part;
    take(4, 1, 0, NO_LIMIT, 0, &first);
    assert_int_equal(give(0x300, NULL), MM_NOT_MANAGED);
    assert_false(buddy_find_part(&arena.buddy, 0x300, &holder, &part));
    assert_int_equal(give(0x50, NULL), MM_NOT_MANAGED);
    assert_int_equal(give(0x100, NULL), MM_ALREADY_FREE);
    assert_int_equal(give(first + 1, NULL), MM_INSIDE_BLOCK);
    assert_int_equal(arena.buddy.free_count, 0xFC);
    assert_int_equal(give(first, &count), MM_OK);
    assert_int_equal(count, 4);
    assert_int_equal(give(first, NULL), MM_ALREADY_FREE);
}

/* ##A##BBB  : two blocks that touch stay two */
static void neighbours_are_freed_apart(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t upper;
    pfn_t lower;
    pfn_t count;
    take(40, 1, 0, NO_LIMIT, 0, &upper);
    take(30, 1, 0, NO_LIMIT, 0, &lower);
    assert_int_equal(lower + 30, upper);
    give(lower, &count);
    assert_int_equal(count, 30);
    give(upper, &count);
    assert_int_equal(count, 40);
}

/* A block across 16 MiB, freed above the run that is set aside below: that ends where its band
   does. */
static void run_set_aside_ends_with_its_band(void **state)
{
    (void)state;
    pfn_t first;
    pfn_t across;
    add(0xF00, 0x1100);
    take(8, 1, 0xFFC, 0x1004, 0, &across);
    assert_int_equal(across, 0xFFC);
    take(4, 1, 0, 0x1000, 0, &first);
    assert_int_equal(first, 0xFF8);
    give(first, NULL);
    give(across, NULL);
    expect_right(arena_compare(&arena));
}

/* Free frames 0x100 to 0x1FF, then all but 0x107: the orders are those of a buddy. */
static void orders_split_and_merge(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&arena.buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        assert_int_equal(counts[order], order == 8);
    pfn_t first;
    take(1, 1, 0, 0x108, 0, &first);
    assert_int_equal(first, 0x107);
    buddy_count_orders(&arena.buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        assert_int_equal(counts[order], order <= 7);
    give(first, NULL);
    buddy_count_orders(&arena.buddy, counts);
    assert_int_equal(counts[8], 1);
}

static void ranges_may_not_overlap_nor_be_empty(void **state)
{
    (void)state;
    assert_int_equal(add(0x100, 0x200), MM_OK);
    assert_int_equal(add(0x1FF, 0x300), MM_BAD_RANGE);
    assert_int_equal(add(0x80, 0x101), MM_BAD_RANGE);
    assert_int_equal(add(0x300, 0x300), MM_BAD_RANGE);
    assert_int_equal(add(0x200, 0x300), MM_OK);
    assert_int_equal(add(0x80, 0x100), MM_OK);
    struct frame_range range = {0x1000, 0x1001 + BUDDY_MAX_FRAMES};
    assert_int_equal(buddy_add_range(&arena.buddy, range, NULL), MM_TOO_LARGE);
    assert_int_equal(arena.buddy.frame_count, 0x280);
}

/* RAM at 0 and at 27 TiB costs what its RAM costs. */
static void far_apart_ranges_cost_only_their_frames(void **state)
{
    (void)state;
    pfn_t far = (pfn_t)27 << 28;
    struct frame_range range = {far, far + 0x4000};
    assert_true(buddy_table_bytes(range) < 0x4000);
    add(1, 0x4000);
    add(far, far + 0x4000);
    pfn_t first;
    assert_int_equal(take(0x4000, 1, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, far);
    assert_int_equal(take(1, 1, 0, far, 0, &first), MM_OK);
    assert_int_equal(first, 0x3FFF);
}

/* Tables for any alignment of a large range's ends stay below a byte a frame. */
static void tables_stay_below_a_byte_a_frame(void **state)
{
    (void)state;
    for (pfn_t first = 0xFFFF0; first < 0x100010; first++) {
        struct frame_range range = {first, first + 0x8000};
        assert_true(buddy_table_bytes(range) < 0x8000);
        assert_int_equal(buddy_table_bytes(range) % 8, 0);
    }
}

static void expect_cheap_split(pfn_t first, pfn_t cut, pfn_t end)
{
    size_t whole = buddy_table_bytes((struct frame_range){first, end});
    size_t halves = buddy_table_bytes((struct frame_range){first, cut}) +
                    buddy_table_bytes((struct frame_range){cut, end});
    assert_in_range(halves, 0, whole + BUDDY_SPLIT_BYTES);
}

/* Both halves of the largest may have an index as large as there is, and as many orders. */
static void split_of_a_range_costs_little(void **state)
{
    (void)state;
    for (pfn_t length = 4; length < BUDDY_MAX_FRAMES; length *= 2) {
        for (pfn_t first = 0; first < 3; first++) {
            expect_cheap_split(first, first + 1, first + length);
            expect_cheap_split(first, first + length / 2, first + length);
            expect_cheap_split(0xFFFFF * first, 0xFFFFF * first + length / 2 + length / 5 + 1,
                               0xFFFFF * first + length + 1 - length / 3 % 2);
            expect_cheap_split(0x95743, 0x95743 + length - 1, 0x95743 + length);
        }
    }
    expect_cheap_split(0x95743, 0x49AE3579, 0x6580F7FC);
}

static void largest_run_is_found_within_bounds(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first;
    take(1, 1, 0, 0x181, 0, &first);
    assert_int_equal(first, 0x180);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, NO_LIMIT), 0x80);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, 0x150), 0x50);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0x1F0, NO_LIMIT), 0x10);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0x17F, 0x183), 2);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0x180, 0x181), 0);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0x300, NO_LIMIT), 0);
}

static void take_place(pfn_t place, pfn_t end)
{
    pfn_t first;
    assert_int_equal(take(end - place, 1, place, end, 0, &first), MM_OK);
}

/* Of 16 frames: a listed run, a block, the run freed last, which is one frame, and a block. */
static void list_first_frames(pfn_t first, pfn_t length)
{
    enum buddy_holder holder;
    struct frame_range part;
    take_place(first, first + length);
    take_place(first + length, first + length + 1);
    take_place(first + length + 1, first + length + 2);
    take_place(first + length + 2, first + 16);
    assert_int_equal(give(first, NULL), MM_OK);
    assert_int_equal(give(first + length + 1, NULL), MM_OK);
    assert_true(buddy_find_part(&arena.buddy, first, &holder, &part));
    assert_int_equal(holder, BUDDY_IN_LIST);
}

/* Also if it is below 128 MiB, and if the bounds leave only one frame out. */
static void largest_run_may_be_listed(void **state)
{
    (void)state;
    add(0, 16);
    list_first_frames(0, 5);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, NO_LIMIT), 5);
    assert_int_equal(buddy_largest_run(&arena.buddy, 1, NO_LIMIT), 4);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, 4), 4);
    assert_int_equal(buddy_largest_run(&arena.buddy, UINT64_MAX, UINT64_MAX), 0);
    add(0x1000, 0x1010);
    list_first_frames(0x1000, 6);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, NO_LIMIT), 6);
}

/* Frame 0 is a multiple of any alignment, and 2^32 of all up to itself. */
static void listed_run_serves_huge_alignments(void **state)
{
    (void)state;
    const pfn_t high = (pfn_t)1 << 32;
    pfn_t first;
    add(0, 16);
    add(high, high + 16);
    list_first_frames(0, 5);
    list_first_frames(high, 5);
    assert_int_equal(take(2, 2, 0, high, 0, &first), MM_OK);
    assert_int_equal(first, 2);
    assert_int_equal(take(1, 2 * high, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0);
    assert_int_equal(take(5, 1, 0, NO_LIMIT, high, &first), MM_OK);
    assert_int_equal(first, high);
    assert_int_equal(give(high, NULL), MM_OK);
    assert_int_equal(give(high + 7, NULL), MM_OK);
    assert_int_equal(take(2, high, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, high);
}

/* Each range is shorter than the alignment by far. */
static void several_ranges_serve_huge_alignments(void **state)
{
    (void)state;
    const pfn_t high = (pfn_t)1 << 32;
    pfn_t first;
    add(0, 0x100);
    add(0x1000, 0x1100);
    add(high, high + 16);
    assert_int_equal(take(3, high, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, high);
    assert_int_equal(take(3, (pfn_t)1 << 63, 0, NO_LIMIT, 0, &first), MM_OK);
    assert_int_equal(first, 0);
    assert_int_equal(take(3, (pfn_t)1 << 63, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
}

/* |####......######| : there are lists up to 75 frames, and all frames but 71 are used. */
static void largest_run_may_have_a_long_list(void **state)
{
    (void)state;
    enum buddy_holder holder;
    struct frame_range part;
    add(0x1000, 0x9000);
    take_place(0x1000, 0x2000);
    take_place(0x2000, 0x2046);
    take_place(0x2046, 0x8FFF);
    take_place(0x8FFF, 0x9000);
    assert_int_equal(give(0x2000, NULL), MM_OK);
    assert_int_equal(give(0x8FFF, NULL), MM_OK); /* then the run freed before is in its list */
    assert_true(buddy_find_part(&arena.buddy, 0x2000, &holder, &part));
    assert_int_equal(holder, BUDDY_IN_LIST);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, NO_LIMIT), 70);
}

/* ---- runs kept for the next request --------------------------------------------------------- */

static void freed_run_is_handed_out_again(void **state)
{
    (void)state;
    add(0x100, 0x4000);
    pfn_t first;
    pfn_t again;
    static const pfn_t lengths[] = {1, 16, 17, 64, 65, 256, 257, 5000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        take(lengths[i], 1, 0, NO_LIMIT, 0, &first);
        give(first, NULL);
        assert_int_equal(take(lengths[i], 1, 0, NO_LIMIT, 0, &again), MM_OK);
        assert_int_equal(again, first);
        assert_int_equal(give(again, NULL), MM_OK);
    }
    assert_int_equal(arena.buddy.free_count, 0x3F00);
}

/* What the tree of the arena's only range holds: the last part of its tables. */
struct tree_memory {
    const void *memory;
    size_t size_bytes;
};

static struct tree_memory tree_memory(void)
{
    const struct arena_tables *tables = &arena.tables[0];
    const char *tree = (const char *)arena.buddy.highest->tree.levels;
    size_t offset = (size_t)(tree - (const char *)tables->buddy);
    struct tree_memory memory = {tree, tables->buddy_bytes - offset};
    return memory;
}

/* Blocks of n and of n - 1 frames, one at a time, change no tree once they have been there. */
static void expect_turns_to_leave_the_tree(pfn_t frame_count, pfn_t align_frames)
{
    struct tree_memory tree = tree_memory();
    void *before = malloc(tree.size_bytes);
    assert_non_null(before);
    for (pfn_t i = 0; i < 10; i++) {
        pfn_t first;
        if (i == 4)
            memcpy(before, tree.memory, tree.size_bytes);
        assert_int_equal(take(frame_count - i % 2, align_frames, 0, NO_LIMIT, 0, &first), MM_OK);
        bool has_changed = i >= 4 && memcmp(before, tree.memory, tree.size_bytes) != 0;
        assert_int_equal(give(first, NULL), MM_OK);
        if (has_changed || (i >= 4 && memcmp(before, tree.memory, tree.size_bytes) != 0))
            fail_msg("%llu frames and one less, aligned to %llu, change the tree",
                     (unsigned long long)frame_count, (unsigned long long)align_frames);
    }
    free(before);
}

static const pfn_t turn_lengths[] = {2, 9, 64, 65, 1023, 1024, 1025, 1026, 2048, 4096, 6000};

static void lengths_in_turn_change_no_tree(void **state)
{
    (void)state;
    add(0x1100, 0x5000);
    for (size_t i = 0; i < sizeof turn_lengths / sizeof *turn_lengths; i++)
        for (pfn_t align = 1; align < turn_lengths[i]; align *= 2)
            expect_turns_to_leave_the_tree(turn_lengths[i], align);
}

/* Only n frames are free: no run is left below them that could be cut. */
static void lengths_in_turn_share_the_last_run(void **state)
{
    (void)state;
    const pfn_t hole = 0x1800;
    add(0x1100, 0x5000);
    for (size_t i = 0; i < sizeof turn_lengths / sizeof *turn_lengths; i++) {
        pfn_t below;
        pfn_t above;
        pfn_t end = hole + turn_lengths[i];
        assert_int_equal(take(hole - 0x1100, 1, 0, hole, 0, &below), MM_OK);
        assert_int_equal(take(0x5000 - end, 1, end, NO_LIMIT, 0, &above), MM_OK);
        expect_turns_to_leave_the_tree(turn_lengths[i], 1);
        assert_int_equal(give(below, NULL), MM_OK);
        assert_int_equal(give(above, NULL), MM_OK);
    }
}

static void kept_run_is_free_for_all_who_ask(void **state)
{
    (void)state;
    add(0x100, 0x4000);
    pfn_t first;
    struct frame_range run;
    take(8, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_int_equal(give(first, NULL), MM_ALREADY_FREE);
    take(8, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_int_equal(give(first + 3, NULL), MM_ALREADY_FREE);
    take(8, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_false(buddy_next_run(&arena.buddy, 0, &run));
    take(8, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_int_equal(buddy_largest_run(&arena.buddy, 0, NO_LIMIT), 0x3F00);
}

/* Single frames, all kept or not: together they are the run that is asked for. */
static void kept_runs_merge_before_a_request_is_refused(void **state)
{
    (void)state;
    add(0x1000, 0x1020);
    pfn_t first[32];
    for (size_t i = 0; i < 32; i++)
        take(1, 1, 0, NO_LIMIT, 0, &first[i]);
    for (size_t i = 0; i < 32; i++)
        give(first[i], NULL);
    pfn_t whole;
    assert_int_equal(take(32, 1, 0, NO_LIMIT, 0, &whole), MM_OK);
    assert_int_equal(whole, 0x1000);
}

/* low  [ kept ]   16 MiB   [ free ] : the kept run is not for those who can use high memory */
static void kept_run_does_not_cost_low_memory(void **state)
{
    (void)state;
    add(0x100, 0x2000);
    pfn_t low;
    pfn_t first;
    take(4, 1, 0, 0x1000, 0, &low);
    give(low, NULL);
    take(4, 1, 0, NO_LIMIT, 0, &first);
    assert_true(first >= 0x1000);
    take(4, 1, 0, 0x1000, 0, &first);
    assert_int_equal(first, low);
}

static void kept_run_must_satisfy_the_request(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    pfn_t kept;
    pfn_t first;
    take(4, 1, 0, NO_LIMIT, 0, &kept);
    give(kept, NULL);
    take(4, 1, 0, kept + 3, 0, &first);
    assert_true(first + 4 <= kept + 3);
    give(first, NULL);
    take(4, 0x100, 0, NO_LIMIT, 0, &first);
    assert_int_equal(first % 0x100, 0);
    give(first, NULL);
    take(4, 1, 0x1F80, 0x1F90, 0, &first);
    assert_true(first >= 0x1F80 && first + 4 <= 0x1F90);
}

/* |kept#listed#kept| 16 MiB : one frame each; the lower or the upper one is kept */
static void kept_run_comes_before_listed_runs(void **state)
{
    (void)state;
    static const pfn_t listed = 4;
    static const pfn_t kept[] = {0, 0xFFF};
    pfn_t first;
    add(0, 8);
    add(0xFF8, 0x1000);
    add(0x2000, 0x2001);
    for (size_t i = 0; i < 16; i++)
        take(1, 1, 0, 0x1000, 0, &first);
    for (size_t i = 0; i < 2; i++) {
        give(listed, NULL);
        give(kept[i], NULL);
        assert_int_equal(take(1, 1, 0, 0x1000, 0, &first), MM_OK);
        assert_int_equal(first, kept[i]);
        assert_int_equal(take(1, 1, 0, 0x1000, 0, &first), MM_OK);
        assert_int_equal(first, listed);
    }
}

/* The same for the call that asks for any frames. */
static void kept_run_is_the_first_of_any_frames(void **state)
{
    (void)state;
    pfn_t first;
    add(0x1000, 0x1008);
    for (size_t i = 0; i < 8; i++)
        take(1, 1, 0, NO_LIMIT, 0, &first);
    give(0x1004, NULL);
    give(0x1001, NULL);
    assert_int_equal(buddy_alloc_any(&arena.buddy, 1, &first), MM_OK);
    assert_int_equal(first, 0x1001);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_OK);
}

/* Runs of one length beyond the places that there are: the rest go back, and all are free. */
static void more_runs_than_places_are_freed_all_the_same(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    for (pfn_t count = 250; count <= 260; count++) {
        pfn_t first[6];
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(take(count, 1, 0, NO_LIMIT, 0, &first[i]), MM_OK);
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(give(first[i], NULL), MM_OK);
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(give(first[i], NULL), MM_ALREADY_FREE);
    }
    assert_int_equal(arena.buddy.free_count, 0x1000);
}

/* Beyond 256 frames one run is kept, whatever its length; it is not taken for another. */
static void long_runs_are_told_apart(void **state)
{
    (void)state;
    add(0x1000, 0x8000);
    pfn_t first[4];
    static const pfn_t counts[] = {257, 257, 400, 1};
    for (size_t i = 0; i < 4; i++)
        take(counts[i], 1, 0, NO_LIMIT, 0, &first[i]);
    assert_int_equal(give(first[0], NULL), MM_OK);
    assert_int_equal(give(first[0], NULL), MM_ALREADY_FREE);
    assert_int_equal(give(first[2], NULL), MM_OK);
    assert_int_equal(give(first[1], NULL), MM_OK);
    assert_int_equal(give(first[2], NULL), MM_ALREADY_FREE);
}

/* ---- what is given back, and when ------------------------------------------------------------ */

/* Its length in 32 bits is that of a kept run: it is not taken for it. */
static void huge_request_is_not_cut_to_32_bits(void **state)
{
    (void)state;
    add(0x1000, 0x2000);
    pfn_t first;
    take(4, 1, 0, NO_LIMIT, 0, &first);
    give(first, NULL);
    assert_int_equal(take(((pfn_t)1 << 32) + 4, 1, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
}

/* A run's first frame in 32 bits is that of a kept run: it is live all the same. */
static void high_run_is_not_taken_for_a_low_one(void **state)
{
    (void)state;
    pfn_t high = (pfn_t)1 << 32;
    pfn_t first;
    add(0x1000, 0x1003);
    add(high + 0x1000, high + 0x1003);
    assert_int_equal(take(3, 1, high, NO_LIMIT, 0, &first), MM_OK);
    assert_null(buddy_check(&arena.buddy));
    assert_int_equal(take(3, 1, 0, high, 0, &first), MM_OK);
    assert_int_equal(give(0x1000, NULL), MM_OK);
    assert_int_equal(give(high + 0x1000, NULL), MM_OK);
    assert_int_equal(take(3, 1, high, NO_LIMIT, 0, &first), MM_OK);
    assert_null(buddy_check(&arena.buddy));
    assert_int_equal(take(3, 1, 0, high, 0, &first), MM_OK);
    assert_int_equal(give(0x1000, NULL), MM_OK);
    assert_int_equal(give(high + 0x1000, NULL), MM_OK);
    assert_int_equal(give(high + 0x1000, NULL), MM_ALREADY_FREE);
}

/* No run lies inside a boundary that is smaller than itself. */
static void boundary_smaller_than_the_run_is_refused(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first;
    assert_int_equal(take(6, 1, 0, NO_LIMIT, 4, &first), MM_BOUNDARY_TOO_SMALL);
    assert_int_equal(take(4, 1, 0, NO_LIMIT, 4, &first), MM_OK);
}

/* ---- at random ------------------------------------------------------------------------------ */

#define ARENA_FRAMES 1024

static uint64_t random_state = RANDOM_SEED;

static uint32_t next_random(void)
{
    return random_next(&random_state);
}

static struct buddy_request random_request(pfn_t base)
{
    struct buddy_request request = {1 + next_random() % (1u << next_random() % 9), 1, 0, NO_LIMIT,
                                    0};
    if (next_random() % 2)
        request.align_frames = (pfn_t)1 << next_random() % 9;
    if (next_random() % 3 == 0)
        request.lowest = base + next_random() % ARENA_FRAMES;
    if (next_random() % 3 == 0)
        request.limit = base + next_random() % (ARENA_FRAMES + 64);
    if (next_random() % 3 == 0)
        request.boundary_frames = (pfn_t)1 << next_random() % 10;
    if (request.boundary_frames && request.boundary_frames < request.frame_count)
        request.boundary_frames = 0;
    return request;
}

/* Any frame in the arena and around it: mostly the free is wrong, and must be refused. */
static void step_free(pfn_t base)
{
    give(base + next_random() % (ARENA_FRAMES + 16), NULL);
}

static void step_free_run(pfn_t base)
{
    struct frame_range run;
    if (model_next_run(&arena.model, base + next_random() % ARENA_FRAMES, &run))
        assert_int_equal(give(run.first, NULL), MM_OK);
}

static void step_alloc(pfn_t base)
{
    struct buddy_request request = random_request(base);
    pfn_t first;
    take(request.frame_count, request.align_frames, request.lowest, request.limit,
         request.boundary_frames, &first);
}

static void step_look(pfn_t base)
{
    pfn_t lowest = base + next_random() % ARENA_FRAMES;
    expect_right(arena_look(&arena, lowest, lowest + next_random() % ARENA_FRAMES));
    expect_right(arena_find(&arena, base + next_random() % ARENA_FRAMES));
    expect_right(arena_compare(&arena));
}

/* Frames [base, base + 1024), of which [300, 310) are not there, at bases of every alignment. */
static void run_random(pfn_t base, size_t steps)
{
    assert_int_equal(add(base, base + 300), MM_OK);
    assert_int_equal(add(base + 310, base + ARENA_FRAMES), MM_OK);
    for (size_t i = 0; i < steps; i++) {
        uint32_t kind = next_random() % 100;
        if (kind < 40)
            step_free_run(base);
        else if (kind < 45)
            step_free(base);
        else
            step_alloc(base);
        if (i % 64 == 0 || next_random() % 64 == 0)
            step_look(base);
    }
    struct frame_range run;
    while (model_next_run(&arena.model, 0, &run))
        assert_int_equal(give(run.first, NULL), MM_OK);
}

static void random_requests_are_answered_right(void **state)
{
    static const pfn_t bases[] = {
        1, 0x20, 0x77, 0x100, 0xE00, 0xFFE00, 0x100000, 0x100001, ((pfn_t)27 << 28) - 500};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        run_random(bases[i], 4000);
        assert_int_equal(close_arena(state), 0);
        open_arena(state);
    }
}

static void walks_its_runs_in_order(void **state)
{
    (void)state;
    add(0x100, 0x200);
    add(0x400, 0x500);
    pfn_t first[3];
    take(5, 1, 0, NO_LIMIT, 0, &first[2]);
    take(9, 64, 0, 0x200, 0, &first[1]);
    take(3, 1, 0, 0x120, 0, &first[0]);
    struct frame_range run = {0, 0};
    for (size_t i = 0; i < 3; i++) {
        assert_true(buddy_next_run(&arena.buddy, run.end, &run));
        assert_int_equal(run.first, first[i]);
    }
    assert_false(buddy_next_run(&arena.buddy, run.end, &run));
    assert_true(buddy_find_run(&arena.buddy, first[1] + 8, &run));
    assert_int_equal(run.first, first[1]);
    assert_int_equal(run.end, first[1] + 9);
    assert_false(buddy_find_run(&arena.buddy, first[1] + 9, &run));
    assert_false(buddy_find_run(&arena.buddy, 0x300, &run));
}

static void short_ranges_from_frame_0_on_are_told_apart(void **state)
{
    (void)state;
    for (pfn_t i = 0; i < 8; i++) {
        add(5 * i, 5 * i + 4);
        take_place(5 * i, 5 * i + 4);
    }
    for (pfn_t pfn = 0; pfn <= 40; pfn++)
        expect_right(arena_find(&arena, pfn));
}

static void expect_full_memory(pfn_t frame_count, uint32_t range_count)
{
    struct run_index index;
    size_t size_bytes = index_bytes(frame_count, range_count);
    char *memory = malloc(size_bytes);
    assert_non_null(memory);
    index_create(&index, memory, frame_count, range_count);
    assert_int_equal(size_bytes % 8, 0);
    assert_in_range((char *)(index.cells + index.cell_limit) - memory, size_bytes - 7, size_bytes);
    assert_int_equal(index.range_limit,
                     range_count < RANGE_NOT_LISTED ? range_count : RANGE_NOT_LISTED);
    if (frame_count == BUDDY_MAX_FRAMES) {
        assert_int_equal(index.lengths, INDEX_LENGTH_MAX + 1);
        assert_int_equal(index.node_count, INDEX_NODES_MAX);
    }
    free(memory);
}

/* With places for all ranges that can have numbers; in large memory, with all lists and nodes. */
static void index_fills_its_memory(void **state)
{
    (void)state;
    static const pfn_t frame_counts[] = {1, 0x3FFF, 0x4000, 0x12345, BUDDY_MAX_FRAMES};
    static const uint32_t range_counts[] = {1, 2, 3, 64, 1000, RANGE_NOT_LISTED + 1};
    for (size_t i = 0; i < sizeof frame_counts / sizeof *frame_counts; i++)
        for (size_t j = 0; j < sizeof range_counts / sizeof *range_counts; j++)
            expect_full_memory(frame_counts[i], range_counts[j]);
}

/* No block lies below any of them: neither near nor far. */
static void free_frames_without_blocks_below_are_in_none(void **state)
{
    (void)state;
    struct frame_range run;
    pfn_t first = 0x1000;
    add(first, first + 2 * RANGE_LONG + 64);
    take_place(first + 2 * RANGE_LONG, first + 2 * RANGE_LONG + 64);
    for (pfn_t pfn = first; pfn < first + 2 * RANGE_LONG; pfn++)
        assert_false(buddy_find_run(&arena.buddy, pfn, &run));
}

/* A range far above makes cells so large that all others are in one: then the tree tells. */
static void ranges_in_one_cell_are_found(void **state)
{
    (void)state;
    enum { RANGES = 100, STEP = 20, LENGTH = 13 };
    static struct buddy buddy;
    void *tables[RANGES + 1];
    struct frame_range run;
    buddy_init(&buddy);
    void *index = malloc(buddy_index_bytes(RANGES * LENGTH, RANGES + 1));
    buddy_add_index(&buddy, RANGES * LENGTH, RANGES + 1, index);
    for (pfn_t i = 0; i <= RANGES; i++) {
        pfn_t first = i == RANGES ? (pfn_t)1 << 39 : i * STEP;
        struct frame_range range = {first, first + LENGTH};
        tables[i] = malloc(buddy_table_bytes(range));
        assert_int_equal(buddy_add_range(&buddy, range, tables[i]), MM_OK);
        struct buddy_request request = {1, 1, first + 5, first + 6, 0};
        assert_int_equal(buddy_alloc(&buddy, &request, &first), MM_OK);
    }
    assert_int_equal(buddy.index.cell_count, 129);
    pfn_t next = 0;
    for (pfn_t i = 0; i < RANGES; i++) {
        assert_true(buddy_next_run(&buddy, next, &run));
        assert_int_equal(run.first, i * STEP + 5);
        next = run.end;
        assert_true(buddy_find_free(&buddy, i * STEP + LENGTH - 1, &run));
        assert_int_equal(run.first, i * STEP + 6);
        assert_false(buddy_find_free(&buddy, i * STEP + LENGTH, &run));
        assert_int_equal(buddy_free(&buddy, i * STEP + LENGTH, NULL), MM_NOT_MANAGED);
    }
    assert_true(buddy_next_run(&buddy, next, &run));
    assert_int_equal(run.first, ((pfn_t)1 << 39) + 5);
    assert_false(buddy_next_run(&buddy, run.end, &run));
    assert_null(buddy_check(&buddy));
    for (size_t i = 0; i <= RANGES; i++)
        free(tables[i]);
    free(index);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(block_is_exact_and_highest),
        RULE(block_may_end_exactly_at_its_limit),
        RULE(block_may_cross_every_band),
        RULE(block_across_a_border_may_begin_at_frame_0),
        RULE(unlimited_requests_spare_low_memory),
        RULE(block_across_a_border_spares_the_band_below),
        RULE(refusal_changes_nothing),
        RULE(first_frame_of_all_may_be_too_low),
        RULE(wrong_frees_are_named),
        RULE(neighbours_are_freed_apart),
        RULE(run_set_aside_ends_with_its_band),
        RULE(orders_split_and_merge),
        RULE(ranges_may_not_overlap_nor_be_empty),
        RULE(far_apart_ranges_cost_only_their_frames),
        RULE(tables_stay_below_a_byte_a_frame),
        RULE(split_of_a_range_costs_little),
        RULE(short_ranges_from_frame_0_on_are_told_apart),
        RULE(index_fills_its_memory),
        RULE(free_frames_without_blocks_below_are_in_none),
        RULE(ranges_in_one_cell_are_found),
        RULE(largest_run_is_found_within_bounds),
        RULE(largest_run_may_be_listed),
        RULE(listed_run_serves_huge_alignments),
        RULE(several_ranges_serve_huge_alignments),
        RULE(largest_run_may_have_a_long_list),
        RULE(freed_run_is_handed_out_again),
        RULE(lengths_in_turn_change_no_tree),
        RULE(lengths_in_turn_share_the_last_run),
        RULE(kept_run_is_free_for_all_who_ask),
        RULE(kept_runs_merge_before_a_request_is_refused),
        RULE(kept_run_does_not_cost_low_memory),
        RULE(kept_run_must_satisfy_the_request),
        RULE(kept_run_comes_before_listed_runs),
        RULE(kept_run_is_the_first_of_any_frames),
        RULE(more_runs_than_places_are_freed_all_the_same),
        RULE(long_runs_are_told_apart),
        RULE(huge_request_is_not_cut_to_32_bits),
        RULE(high_run_is_not_taken_for_a_low_one),
        RULE(boundary_smaller_than_the_run_is_refused),
        RULE(random_requests_are_answered_right),
        RULE(walks_its_runs_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
