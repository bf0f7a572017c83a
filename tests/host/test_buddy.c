/*
 * The buddy against a bitmap that is searched by brute force: whatever the buddy says, the bitmap
 * must say too. Pictures show frames; '#' is allocated.
 */

#include "mm/buddy.h"

#include <stdlib.h>
#include <string.h>

#include "mm/bits.h"
#include "kernel/random.h"
#include "test.h"

#define NO_LIMIT ((pfn_t)1 << 40)

struct arena {
    struct buddy buddy;
    void *tables[8];
    size_t range_count;
};

static struct arena arena;

static enum mm_status add(pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    size_t bytes = buddy_table_bytes(range);
    void *tables = malloc(bytes);
    memset(tables, 0xA5, bytes);
    enum mm_status status = buddy_add_range(&arena.buddy, range, tables);
    if (status == MM_OK)
        arena.tables[arena.range_count++] = tables;
    else
        free(tables);
    return status;
}

static int open_arena(void **state)
{
    (void)state;
    buddy_init(&arena.buddy);
    arena.range_count = 0;
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    const char *broken = buddy_check(&arena.buddy);
    for (size_t i = 0; i < arena.range_count; i++)
        free(arena.tables[i]);
    if (broken)
        print_error("%s\n", broken);
    return broken != NULL;
}

static enum mm_status take(pfn_t count, pfn_t align, pfn_t lowest, pfn_t limit, pfn_t boundary,
                           pfn_t *first)
{
    struct buddy_request request = {count, align, lowest, limit, boundary};
    return buddy_alloc(&arena.buddy, &request, first);
}

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

static void refusal_changes_nothing(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first = 77;
    assert_int_equal(take(0x101, 1, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 0, 0x100, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(1, 1, 0x200, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(take(2, 0x1000, 0, NO_LIMIT, 0, &first), MM_NO_ROOM);
    assert_int_equal(arena.buddy.free_count, 0x100);
}

static void wrong_frees_are_named(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first;
    pfn_t count = 0;
    take(4, 1, 0, NO_LIMIT, 0, &first);
    assert_int_equal(buddy_free(&arena.buddy, 0x300, NULL), MM_NOT_MANAGED);
    assert_int_equal(buddy_free(&arena.buddy, 0x50, NULL), MM_NOT_MANAGED);
    assert_int_equal(buddy_free(&arena.buddy, 0x100, NULL), MM_ALREADY_FREE);
    assert_int_equal(buddy_free(&arena.buddy, first + 1, NULL), MM_INSIDE_BLOCK);
    assert_int_equal(arena.buddy.free_count, 0xFC);
    assert_int_equal(buddy_free(&arena.buddy, first, &count), MM_OK);
    assert_int_equal(count, 4);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_ALREADY_FREE);
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
    buddy_free(&arena.buddy, lower, &count);
    assert_int_equal(count, 30);
    buddy_free(&arena.buddy, upper, &count);
    assert_int_equal(count, 40);
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
    buddy_free(&arena.buddy, first, NULL);
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
    }
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
        buddy_free(&arena.buddy, first, NULL);
        assert_int_equal(take(lengths[i], 1, 0, NO_LIMIT, 0, &again), MM_OK);
        assert_int_equal(again, first);
        assert_int_equal(buddy_free(&arena.buddy, again, NULL), MM_OK);
    }
    assert_int_equal(arena.buddy.free_count, 0x3F00);
}

static void kept_run_is_free_for_all_who_ask(void **state)
{
    (void)state;
    add(0x100, 0x4000);
    pfn_t first;
    struct frame_range run;
    take(8, 1, 0, NO_LIMIT, 0, &first);
    buddy_free(&arena.buddy, first, NULL);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_ALREADY_FREE);
    take(8, 1, 0, NO_LIMIT, 0, &first);
    buddy_free(&arena.buddy, first, NULL);
    assert_int_equal(buddy_free(&arena.buddy, first + 3, NULL), MM_ALREADY_FREE);
    take(8, 1, 0, NO_LIMIT, 0, &first);
    buddy_free(&arena.buddy, first, NULL);
    assert_false(buddy_next_run(&arena.buddy, 0, &run));
    take(8, 1, 0, NO_LIMIT, 0, &first);
    buddy_free(&arena.buddy, first, NULL);
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
        buddy_free(&arena.buddy, first[i], NULL);
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
    buddy_free(&arena.buddy, low, NULL);
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
    buddy_free(&arena.buddy, kept, NULL);
    take(4, 1, 0, kept + 3, 0, &first);
    assert_true(first + 4 <= kept + 3);
    buddy_free(&arena.buddy, first, NULL);
    take(4, 0x100, 0, NO_LIMIT, 0, &first);
    assert_int_equal(first % 0x100, 0);
    buddy_free(&arena.buddy, first, NULL);
    take(4, 1, 0x1F80, 0x1F90, 0, &first);
    assert_true(first >= 0x1F80 && first + 4 <= 0x1F90);
}

/* ---- the model ------------------------------------------------------------------------------ */

#define MODEL_FRAMES 1024

static unsigned char used[MODEL_FRAMES]; /* 0 free, 1 used, 2 not managed */
static pfn_t model_base;
static uint64_t random_state = RANDOM_SEED;

static uint32_t next_random(void)
{
    return random_next(&random_state);
}

static bool model_fits(pfn_t first, const struct buddy_request *request)
{
    if (first % request->align_frames || first < request->lowest)
        return false;
    if (first + request->frame_count > request->limit)
        return false;
    if (request->boundary_frames &&
        first / request->boundary_frames !=
            (first + request->frame_count - 1) / request->boundary_frames)
        return false;
    for (pfn_t i = 0; i < request->frame_count; i++)
        if (used[first - model_base + i])
            return false;
    return true;
}

/* The highest place by brute force; 0 if there is none. */
static pfn_t model_search(const struct buddy_request *request)
{
    if (request->frame_count > MODEL_FRAMES)
        return 0;
    for (pfn_t first = model_base + MODEL_FRAMES - request->frame_count + 1; first-- > model_base;)
        if (model_fits(first, request))
            return first;
    return 0;
}

static struct buddy_request random_request(void)
{
    struct buddy_request request = {1 + next_random() % (1u << next_random() % 9), 1, 0, NO_LIMIT,
                                    0};
    if (next_random() % 2)
        request.align_frames = (pfn_t)1 << next_random() % 9;
    if (next_random() % 3 == 0)
        request.lowest = model_base + next_random() % MODEL_FRAMES;
    if (next_random() % 3 == 0)
        request.limit = model_base + next_random() % (MODEL_FRAMES + 64);
    if (next_random() % 3 == 0)
        request.boundary_frames = (pfn_t)1 << next_random() % 10;
    if (request.boundary_frames && request.boundary_frames < request.frame_count)
        request.boundary_frames = 0;
    return request;
}

static pfn_t band_base_of(pfn_t pfn)
{
    if (pfn >= 0x100000)
        return 0x100000;
    return pfn >= 0x1000 ? 0x1000 : 0;
}

/* A fit above the highest band's base must be taken before any other. */
static void step_alloc(pfn_t *blocks, size_t *block_count)
{
    struct buddy_request request = random_request();
    pfn_t expected = model_search(&request);
    pfn_t first = 0;
    enum mm_status status = buddy_alloc(&arena.buddy, &request, &first);
    assert_int_equal(status, expected ? MM_OK : MM_NO_ROOM);
    if (!expected)
        return;
    assert_true(model_fits(first, &request));
    assert_true(band_base_of(first) == band_base_of(expected));
    memset(&used[first - model_base], 1, (size_t)request.frame_count);
    blocks[(*block_count)++] = first;
}

static void step_free(pfn_t *blocks, size_t *block_count)
{
    size_t chosen = next_random() % *block_count;
    pfn_t count = 0;
    assert_int_equal(buddy_free(&arena.buddy, blocks[chosen], &count), MM_OK);
    memset(&used[blocks[chosen] - model_base], 0, (size_t)count);
    blocks[chosen] = blocks[--*block_count];
}

static pfn_t model_largest(pfn_t lowest, pfn_t limit)
{
    pfn_t largest = 0;
    pfn_t run = 0;
    for (pfn_t pfn = model_base; pfn < model_base + MODEL_FRAMES; pfn++) {
        run = pfn >= lowest && pfn < limit && !used[pfn - model_base] ? run + 1 : 0;
        largest = run > largest ? run : largest;
    }
    return largest;
}

static void compare_with_model(void)
{
    pfn_t free_count = 0;
    for (size_t i = 0; i < MODEL_FRAMES; i++)
        free_count += !used[i];
    assert_int_equal(arena.buddy.free_count, free_count);
    pfn_t lowest = model_base + next_random() % MODEL_FRAMES;
    pfn_t limit = lowest + next_random() % MODEL_FRAMES;
    assert_int_equal(buddy_largest_run(&arena.buddy, lowest, limit), model_largest(lowest, limit));
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&arena.buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        free_count -= counts[order] << order;
    assert_int_equal(free_count, 0);
    assert_null(buddy_check(&arena.buddy));
}

/* Frames [base, base + 1024), of which [300, 310) are not there, at bases of every alignment. */
static void run_model(pfn_t base, size_t steps)
{
    static pfn_t blocks[MODEL_FRAMES];
    size_t block_count = 0;
    model_base = base;
    memset(used, 0, sizeof used);
    memset(used + 300, 2, 10);
    assert_int_equal(add(base, base + 300), MM_OK);
    assert_int_equal(add(base + 310, base + MODEL_FRAMES), MM_OK);
    for (size_t i = 0; i < steps; i++) {
        if (block_count > 0 && next_random() % 100 < 45)
            step_free(blocks, &block_count);
        else
            step_alloc(blocks, &block_count);
        if (i % 64 == 0 || next_random() % 64 == 0)
            compare_with_model();
    }
    while (block_count > 0)
        step_free(blocks, &block_count);
    compare_with_model();
}

static void agrees_with_brute_force(void **state)
{
    static const pfn_t bases[] = {
        1, 0x20, 0x77, 0x100, 0xE00, 0xFFE00, 0x100000, 0x100001, ((pfn_t)27 << 28) - 500};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        run_model(bases[i], 4000);
        close_arena(state);
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

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(block_is_exact_and_highest),
        RULE(block_may_end_exactly_at_its_limit),
        RULE(block_may_cross_every_band),
        RULE(unlimited_requests_spare_low_memory),
        RULE(refusal_changes_nothing),
        RULE(wrong_frees_are_named),
        RULE(neighbours_are_freed_apart),
        RULE(orders_split_and_merge),
        RULE(ranges_may_not_overlap_nor_be_empty),
        RULE(far_apart_ranges_cost_only_their_frames),
        RULE(tables_stay_below_a_byte_a_frame),
        RULE(largest_run_is_found_within_bounds),
        RULE(freed_run_is_handed_out_again),
        RULE(kept_run_is_free_for_all_who_ask),
        RULE(kept_runs_merge_before_a_request_is_refused),
        RULE(kept_run_does_not_cost_low_memory),
        RULE(kept_run_must_satisfy_the_request),
        RULE(agrees_with_brute_force),
        RULE(walks_its_runs_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
