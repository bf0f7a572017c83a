/*
 * The model, told right answers and wrong ones: it must say nothing to the former, and what is
 * wrong to the latter. Nothing of the real allocator runs here, but where both are compared.
 */

#include "kernel/check/model.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NO_LIMIT ((pfn_t)1 << 40)

static struct model model;
static void *tables[4];
static size_t table_count;

static const char *add(pfn_t first, pfn_t end, enum mm_status status)
{
    struct frame_range range = {first, end};
    tables[table_count] = malloc(model_table_bytes(range));
    return model_add_range(&model, range, tables[table_count++], status);
}

/* Frames 0x100 to 0x1FF and 0x1000 to 0x100F, and 16 above 4 GiB. */
static int open_model(void **state)
{
    (void)state;
    model_init(&model);
    table_count = 0;
    bool added =
        !add(0x1000, 0x1010, MM_OK) && !add(0x100, 0x200, MM_OK) && !add(0x100000, 0x100010, MM_OK);
    return added ? 0 : -1;
}

static int close_model(void **state)
{
    (void)state;
    while (table_count > 0)
        free(tables[--table_count]);
    return 0;
}

static void expect(const char *said, const char *word)
{
    if (!said || !strstr(said, word))
        fail_msg("it said \"%s\", not \"%s\"", said ? said : "nothing", word);
}

static const char *give(pfn_t count, pfn_t limit, enum mm_status status, pfn_t first)
{
    struct buddy_request request = {count, 1, 0, limit, 0};
    return model_alloc(&model, &request, status, first);
}

static void wrong_range_is_found(void **state)
{
    (void)state;
    expect(add(0x1F0, 0x300, MM_OK), "not refused");
    close_model(NULL);
    open_model(NULL);
    expect(add(0x300, 0x400, MM_BAD_RANGE), "refused that is right");
    struct frame_range large = {0x200000, 0x200001 + BUDDY_MAX_FRAMES};
    assert_null(model_add_range(&model, large, NULL, MM_TOO_LARGE));
    expect(model_add_range(&model, large, NULL, MM_BAD_RANGE), "not refused as");
    assert_null(model_add_range(&model, (struct frame_range){1, 1}, NULL, MM_BAD_RANGE));
    assert_int_equal(model.frame_count, 0x120);
}

static void block_outside_of_free_frames_is_found(void **state)
{
    (void)state;
    expect(give(1, NO_LIMIT, MM_OK, 0x80), "not managed");
    expect(give(17, NO_LIMIT, MM_OK, 0x1000), "beyond its range");
    assert_null(give(4, NO_LIMIT, MM_OK, 0x100004));
    expect(give(4, NO_LIMIT, MM_OK, 0x100001), "not free");
    expect(give(4, NO_LIMIT, MM_OK, 0x100007), "not free");
    expect(give(1, NO_LIMIT, MM_OK, 0x100005), "not free");
    assert_null(give(4, NO_LIMIT, MM_OK, 0x100008));
    assert_int_equal(model.free_count, 0x118);
}

static void block_beyond_its_bounds_is_found(void **state)
{
    (void)state;
    struct buddy_request request = {8, 8, 0x104, 0x180, 32};
    expect(model_alloc(&model, &request, MM_OK, 0x100), "lowest");
    expect(model_alloc(&model, &request, MM_OK, 0x179), "limit");
    expect(model_alloc(&model, &request, MM_OK, 0x174), "aligned");
    request.align_frames = 4;
    expect(model_alloc(&model, &request, MM_OK, 0x13C), "boundary");
    assert_null(model_alloc(&model, &request, MM_OK, 0x138));
    assert_null(model_alloc(&model, &request, MM_OK, 0x178));
}

static void low_block_is_found_when_there_is_room_above(void **state)
{
    (void)state;
    expect(give(16, NO_LIMIT, MM_OK, 0x1000), "low band");
    expect(give(16, NO_LIMIT, MM_OK, 0x100), "low band");
    expect(give(16, 0x100000, MM_OK, 0x100), "low band");
    assert_null(give(16, NO_LIMIT, MM_OK, 0x100000));
    expect(give(16, NO_LIMIT, MM_OK, 0x100), "low band");
    assert_null(give(16, NO_LIMIT, MM_OK, 0x1000));
    assert_null(give(16, NO_LIMIT, MM_OK, 0x100));
}

/* 0x100 |........#.......| 0x200 : 0x80 frames are free below the used one, 0x7F above */
static void wrong_refusal_is_found(void **state)
{
    (void)state;
    assert_null(model_enter(&model, (struct frame_range){0x180, 0x181}));
    assert_null(give(0x81, NO_LIMIT, MM_NO_ROOM, 0));
    expect(give(0x80, NO_LIMIT, MM_NO_ROOM, 0), "refused that fits");
    expect(give(0x80, 0x180, MM_NO_ROOM, 0), "refused that fits");
    assert_null(give(0x80, 0x17F, MM_NO_ROOM, 0));
    expect(give(1, 0x101, MM_NO_ROOM, 0), "refused that fits");
    assert_null(give(1, 0x100, MM_NO_ROOM, 0));
    expect(give(1, NO_LIMIT, MM_NO_RECORD, 0), "does not hold");
    struct buddy_request aligned = {0x40, 0x40, 0, 0x190, 0};
    expect(model_alloc(&model, &aligned, MM_NO_ROOM, 0), "refused that fits");
    aligned.lowest = 0x101;
    expect(model_alloc(&model, &aligned, MM_NO_ROOM, 0), "refused that fits");
    aligned.lowest = 0x141;
    assert_null(model_alloc(&model, &aligned, MM_NO_ROOM, 0));
    struct buddy_request bounded = {0x80, 1, 0x101, 0x1000, 0x80};
    assert_null(model_alloc(&model, &bounded, MM_NO_ROOM, 0));
    bounded.lowest = 0x100;
    expect(model_alloc(&model, &bounded, MM_NO_ROOM, 0), "refused that fits");
}

static void wrong_free_is_found(void **state)
{
    (void)state;
    assert_null(give(4, NO_LIMIT, MM_OK, 0x100004));
    assert_null(give(4, NO_LIMIT, MM_OK, 0x100008));
    expect(model_free(&model, 0x100004, MM_ALREADY_FREE, 0), "could not be freed");
    expect(model_free(&model, 0x100004, MM_OK, 8), "another number of frames");
    expect(model_free(&model, 0x100005, MM_OK, 3), "not refused");
    expect(model_free(&model, 0x100005, MM_ALREADY_FREE, 0), "named wrongly");
    assert_null(model_free(&model, 0x100005, MM_INSIDE_BLOCK, 0));
    assert_null(model_free(&model, 0x300, MM_NOT_MANAGED, 0));
    assert_null(model_free(&model, 0x100004, MM_OK, 4));
    assert_null(model_free(&model, 0x100004, MM_ALREADY_FREE, 0));
    assert_null(model_free(&model, 0x100008, MM_OK, 4));
    assert_int_equal(model.free_count, 0x120);
}

static void runs_are_seen(void **state)
{
    (void)state;
    struct frame_range run;
    assert_false(model_next_run(&model, 0, &run));
    assert_null(model_enter(&model, (struct frame_range){0x13F, 0x142}));
    assert_null(model_enter(&model, (struct frame_range){0x142, 0x150}));
    expect(model_enter(&model, (struct frame_range){0x14F, 0x151}), "not free");
    expect(model_enter(&model, (struct frame_range){0x1F0, 0x201}), "beyond its range");
    assert_true(model_next_run(&model, 0x140, &run));
    assert_int_equal(run.first, 0x142);
    assert_int_equal(run.end, 0x150);
    assert_false(model_next_run(&model, 0x143, &run));
    assert_true(model_find_run(&model, 0x141, &run));
    assert_int_equal(run.first, 0x13F);
    assert_int_equal(run.end, 0x142);
    assert_false(model_find_run(&model, 0x150, &run));
    assert_int_equal(model_largest_run(&model, 0, NO_LIMIT), 0xB0);
    assert_int_equal(model_largest_run(&model, 0, 0x160), 0x3F);
    assert_int_equal(model_largest_run(&model, 0x101, 0x158), 0x3E);
    assert_int_equal(model_largest_run(&model, 0x160, 0x170), 0x10);
    assert_int_equal(model_largest_run(&model, 0x200, 0x1000), 0);
}

/* A buddy that was told otherwise than the model: each difference is seen. */
static void buddy_is_compared(void **state)
{
    (void)state;
    static struct buddy buddy;
    struct frame_range range = {0x100, 0x200};
    close_model(NULL);
    model_init(&model);
    assert_null(add(range.first, range.end, MM_OK));
    buddy_init(&buddy);
    expect(model_compare(&model, &buddy), "count of frames");
    void *buddy_tables = malloc(buddy_table_bytes(range));
    assert_int_equal(buddy_add_range(&buddy, range, buddy_tables), MM_OK);
    assert_null(model_compare(&model, &buddy));
    struct buddy_request request = {2, 1, 0, 0x110, 0};
    pfn_t first;
    assert_int_equal(buddy_alloc(&buddy, &request, &first), MM_OK);
    expect(model_compare(&model, &buddy), "free frames");
    assert_null(model_enter(&model, (struct frame_range){first - 1, first + 1}));
    expect(model_compare(&model, &buddy), "largest free run");
    assert_null(model_free(&model, first - 1, MM_OK, 2));
    assert_null(model_enter(&model, (struct frame_range){first, first + 1}));
    assert_null(model_enter(&model, (struct frame_range){first + 1, first + 2}));
    expect(model_compare(&model, &buddy), "not the one that was given");
    free(buddy_tables);
}

/* ---- in bytes ------------------------------------------------------------------------------- */

static const char *give_bytes(const struct mm_request *request, enum mm_status status, phys_t base)
{
    struct mm_block block = {.base = base, .size_bytes = request->size_bytes, .owner = "test"};
    return model_mm_alloc(&model, request, status, &block);
}

static const struct mm_request two_frames = {
    .size_bytes = FRAME_BYTES + 1, .limit = MM_NO_LIMIT, .owner = "test"};

static void wrong_request_must_be_named(void **state)
{
    (void)state;
    struct mm_request request = two_frames;
    request.size_bytes = 0;
    expect(give_bytes(&request, MM_NO_ROOM, 0), "not refused as");
    assert_null(give_bytes(&request, MM_ZERO_SIZE, 0));
    request = two_frames;
    request.align_bytes = 3;
    expect(give_bytes(&request, MM_OK, 0x100000000), "not refused as");
    assert_null(give_bytes(&request, MM_BAD_ALIGNMENT, 0));
    request = two_frames;
    request.boundary_bytes = 6000;
    expect(give_bytes(&request, MM_BOUNDARY_TOO_SMALL, 0), "not refused as");
    assert_null(give_bytes(&request, MM_BAD_BOUNDARY, 0));
    request.boundary_bytes = 4096;
    expect(give_bytes(&request, MM_BAD_BOUNDARY, 0), "not refused as");
    assert_null(give_bytes(&request, MM_BOUNDARY_TOO_SMALL, 0));
    request = two_frames;
    request.limit = FRAME_BYTES;
    expect(give_bytes(&request, MM_NO_ROOM, 0), "not refused as");
    assert_null(give_bytes(&request, MM_BAD_LIMIT, 0));
    request = two_frames;
    request.owner = "two words";
    assert_null(give_bytes(&request, MM_BAD_OWNER, 0));
    expect(give_bytes(&two_frames, MM_BAD_OWNER, 0), "does not hold");
    assert_null(give_bytes(&two_frames, MM_NO_RECORD, 0));
    assert_int_equal(model.free_count, 0x120);
}

/* The limit bounds bytes: the block's last frame may reach beyond it. */
static void bytes_are_held_against_the_request(void **state)
{
    (void)state;
    struct mm_request request = two_frames;
    request.lowest = 0x150001;
    request.limit = 0x180001;
    request.align_bytes = 0x2000;
    request.boundary_bytes = 0x4000;
    expect(give_bytes(&request, MM_OK, 0x160800), "where a frame does");
    expect(give_bytes(&request, MM_OK, 0x150000), "lowest");
    expect(give_bytes(&request, MM_OK, 0x180000), "limit");
    expect(give_bytes(&request, MM_OK, 0x15D000), "aligned");
    request.align_bytes = 0x1000;
    expect(give_bytes(&request, MM_OK, 0x153000), "boundary");
    struct mm_block other = {.base = 0x154000, .size_bytes = 1, .owner = "test"};
    expect(model_mm_alloc(&model, &request, MM_OK, &other), "asked for");
    assert_null(give_bytes(&request, MM_OK, 0x154000));
    request.boundary_bytes = 0;
    assert_null(give_bytes(&request, MM_OK, 0x17F000));
    request = two_frames;
    request.limit = 0x102000;
    expect(give_bytes(&request, MM_NO_ROOM, 0), "refused that fits");
    request.limit = 0x101001;
    expect(give_bytes(&request, MM_NO_ROOM, 0), "refused that fits");
    assert_null(give_bytes(&request, MM_OK, 0x100000));
    assert_null(give_bytes(&request, MM_NO_ROOM, 0));
}

static void wrong_free_of_bytes_is_found(void **state)
{
    (void)state;
    assert_null(give_bytes(&two_frames, MM_OK, 0x100000000));
    expect(model_mm_free(&model, 0x100000001, MM_OK), "inside a block");
    assert_null(model_mm_free(&model, 0x100000001, MM_INSIDE_BLOCK));
    assert_null(model_mm_free(&model, 0x100001000, MM_INSIDE_BLOCK));
    assert_null(model_mm_free(&model, 0x100002001, MM_ALREADY_FREE));
    assert_null(model_mm_free(&model, 0x300001, MM_NOT_MANAGED));
    assert_null(model_mm_free(&model, 0x100000000, MM_OK));
    expect(model_mm_free(&model, 0x100000000, MM_OK), "not refused");
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_model, close_model)
    const struct CMUnitTest tests[] = {
        RULE(wrong_range_is_found),
        RULE(block_outside_of_free_frames_is_found),
        RULE(block_beyond_its_bounds_is_found),
        RULE(low_block_is_found_when_there_is_room_above),
        RULE(wrong_refusal_is_found),
        RULE(wrong_free_is_found),
        RULE(runs_are_seen),
        RULE(buddy_is_compared),
        RULE(wrong_request_must_be_named),
        RULE(bytes_are_held_against_the_request),
        RULE(wrong_free_of_bytes_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
