/*
 * The memory manager where numbers end: the first and the last address, a manager in dirty memory,
 * how much it asks for, and the callers' bugs that its assertions catch.
 */

#include "mm/mm.h"

#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "mm/pool.h"
#include "test.h"

#define TOP_END (PHYS_LIMIT >> FRAME_SHIFT)

static struct mm mm;
static uint64_t records[MM_FIRST_RECORDS_BYTES / sizeof(uint64_t)];
static uint64_t tables[2][1024];

static void add_range(pfn_t first, pfn_t end, uint64_t *table)
{
    struct frame_range range = {first, end};
    assert_true(buddy_table_bytes(range) <= sizeof tables[0]);
    assert_int_equal(mm_add_range(&mm, range, table), MM_OK);
}

/* Whatever was in the structure before. */
static int open_mm(void **state)
{
    (void)state;
    fake_port_reset();
    memset(&mm, 0xA5, sizeof mm);
    mm_init(&mm, fake_port_source, records, sizeof records);
    return 0;
}

static int close_mm(void **state)
{
    (void)state;
    fake_port_reset();
    return 0;
}

static struct mm_request request_of(uint64_t size_bytes)
{
    return (struct mm_request){.size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = "test"};
}

static phys_t expect_block(struct mm_request request)
{
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    return block.base;
}

static enum mm_status try_block(struct mm_request request)
{
    struct mm_block block;
    return mm_alloc(&mm, &request, &block);
}

static void expect_refusal(struct mm_request request)
{
    assert_int_equal(try_block(request), MM_NO_ROOM);
}

/* ---- the first and the last address --------------------------------------------------------- */

/* All of [0, 64K), with a limit that is the size itself. */
static void block_may_begin_at_0(void **state)
{
    (void)state;
    add_range(0, 16, tables[0]);
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.largest_run, 16);
    struct mm_request request = request_of(16 * FRAME_BYTES);
    request.limit = request.size_bytes;
    assert_int_equal(expect_block(request), 0);
    assert_null(mm_check(&mm));
    struct mm_block block;
    phys_t cursor = 0;
    assert_true(mm_next_block(&mm, &cursor, &block));
    assert_int_equal(block.base, 0);
    assert_int_equal(mm_free(&mm, 0), MM_OK);
}

static void check_looks_at_frame_0(void **state)
{
    (void)state;
    add_range(0, 16, tables[0]);
    struct buddy_request run = {16, 1, 0, 16, 0};
    pfn_t first;
    assert_int_equal(buddy_alloc(&mm.buddy, &run, &first), MM_OK);
    assert_string_equal(mm_check(&mm), "an allocated run has no record");
}

/* The frame at 2^52 - 4096, and limits just around its end. */
static void block_may_end_at_the_last_address(void **state)
{
    (void)state;
    add_range(TOP_END - 16, TOP_END, tables[0]);
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.largest_run, 16);
    static const phys_t limits[] = {PHYS_LIMIT, PHYS_LIMIT + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct mm_request request = request_of(FRAME_BYTES);
        request.limit = limits[i];
        assert_int_equal(expect_block(request), PHYS_LIMIT - FRAME_BYTES);
        assert_int_equal(mm_free(&mm, PHYS_LIMIT - FRAME_BYTES), MM_OK);
        assert_null(mm_check(&mm));
    }
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = PHYS_LIMIT - 1;
    assert_int_equal(expect_block(request), PHYS_LIMIT - 2 * FRAME_BYTES);
}

/* All other frames are granted, and then none. */
static void last_frame_is_not_below_the_last_address(void **state)
{
    (void)state;
    add_range(TOP_END - 16, TOP_END, tables[0]);
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = PHYS_LIMIT - 1;
    for (size_t i = 0; i < 15; i++)
        expect_block(request);
    expect_refusal(request);
    assert_int_equal(expect_block(request_of(FRAME_BYTES)), PHYS_LIMIT - FRAME_BYTES);
}

/* Up to the last address, and not a byte beyond, whoever holds the frame. */
static void reservation_may_end_at_the_last_address(void **state)
{
    (void)state;
    add_range(TOP_END - 16, TOP_END, tables[0]);
    struct mm_block block;
    phys_t last = PHYS_LIMIT - FRAME_BYTES;
    assert_int_equal(mm_reserve(&mm, last, PHYS_LIMIT + 1, "test", &block), MM_NOT_MANAGED);
    assert_int_equal(mm_reserve(&mm, last, PHYS_LIMIT, "test", &block), MM_OK);
    assert_int_equal(block.base, last);
    assert_int_equal(mm_reserve(&mm, last, PHYS_LIMIT + 1, "test", &block), MM_NOT_MANAGED);
    assert_int_equal(mm_reserve(&mm, last, PHYS_LIMIT, "test", &block), MM_IN_USE);
}

/* Neither at once nor after a request that was served: nothing of that one is left behind. */
static void request_beyond_all_addresses_is_refused_each_time(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    struct mm_request huge = request_of(UINT64_MAX);
    huge.limit = UINT64_MAX;
    expect_refusal(huge);
    expect_block(request_of(1));
    expect_refusal(huge);
    expect_block(request_of(3 * FRAME_BYTES));
    expect_refusal(huge);
    assert_int_equal(ledger_block_count(&mm.ledger), 2);
}

/* The numbers of the first one are right, and only its owner has no name. */
static void refused_request_leaves_nothing_for_the_next(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    struct mm_request nameless = request_of(FRAME_BYTES);
    nameless.owner = "";
    struct mm_request huge = request_of(PHYS_LIMIT + 1);
    huge.limit = UINT64_MAX;
    assert_int_equal(try_block(nameless), MM_BAD_OWNER);
    assert_int_equal(try_block(huge), MM_NO_ROOM);
}

/* ---- a request in frames -------------------------------------------------------------------- */

/* The bounds are far enough apart for the bytes, but no whole frames lie between them. */
static void request_without_whole_frames_has_no_room(void **state)
{
    (void)state;
    static const struct mm_request requests[] = {
        {.size_bytes = 1, .lowest = 1, .limit = 2},
        {.size_bytes = 2 * FRAME_BYTES, .lowest = 1, .limit = 2 * FRAME_BYTES + 2},
        {.size_bytes = 1, .lowest = PHYS_LIMIT + 5 * FRAME_BYTES, .limit = UINT64_MAX},
        {.size_bytes = PHYS_LIMIT + 1, .limit = UINT64_MAX},
    };
    struct buddy_request run;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        assert_int_equal(mm_request_in_frames(&requests[i], &run), MM_NO_ROOM);
    struct mm_request request = {.size_bytes = 1, .lowest = 1, .limit = FRAME_BYTES + 1};
    assert_int_equal(mm_request_in_frames(&request, &run), MM_OK);
    assert_int_equal(run.frame_count, 1);
    assert_int_equal(run.lowest, 1);
    assert_int_equal(run.limit, 2);
}

static void wrong_name_is_told_where_no_frames_are(void **state)
{
    (void)state;
    struct mm_request request = request_of(1);
    request.lowest = 1;
    request.limit = 2;
    request.owner = "two words";
    assert_int_equal(try_block(request), MM_BAD_OWNER);
}

/* Each bit of a number counts, up to the highest, also if the owner is the one chosen before. */
static void every_bit_of_a_wish_counts(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    expect_block(request_of(1));
    assert_int_equal(try_block(request_of(0)), MM_ZERO_SIZE);
    for (unsigned bit = 32; bit < 64; bit++) {
        struct mm_request request = request_of(1);
        request.limit = UINT64_MAX;
        request.align_bytes = (uint64_t)1 << bit;
        expect_refusal(request);
        request = request_of(1);
        request.limit = UINT64_MAX;
        request.lowest = (uint64_t)1 << bit;
        expect_refusal(request);
        request = request_of(((uint64_t)1 << bit) + 1);
        request.limit = UINT64_MAX;
        expect_refusal(request);
    }
}

/* 8 frames below 4 GiB, 7 above. */
static void boundary_of_4_gib_is_not_crossed(void **state)
{
    (void)state;
    add_range(0xFFFF8, 0x100008, tables[0]);
    expect_block(request_of(1));
    struct mm_request request = request_of(9 * FRAME_BYTES);
    request.boundary_bytes = 4 * GIB;
    expect_refusal(request);
    request.boundary_bytes = 8 * GIB;
    expect_block(request);
}

/* A block of the right size was freed just before, but lies above the limit. */
static void limit_counts_for_a_block_freed_last(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    struct mm_request request = request_of(2 * FRAME_BYTES);
    mm_free(&mm, expect_block(request));
    request.limit = 3 * FRAME_BYTES;
    assert_int_equal(try_block(request), MM_NO_ROOM);
    request.limit = 2 * FRAME_BYTES - 1;
    assert_int_equal(try_block(request), MM_BAD_LIMIT);
}

/* A block of the right size was freed just before, but a higher band has room below the limit. */
static void higher_band_comes_before_a_block_freed_last(void **state)
{
    (void)state;
    add_range(0x100, 0x1400, tables[0]);
    struct mm_request request = request_of(2 * FRAME_BYTES);
    request.limit = 8 * MIB;
    mm_free(&mm, expect_block(request));
    request.limit = 20 * MIB;
    assert_true(expect_block(request) >= 16 * MIB);
}

/* ---- the ledger's memory -------------------------------------------------------------------- */

static size_t asked_bytes[64];
static size_t ask_count;

static void note_asking(size_t size_bytes)
{
    assert_true(ask_count < sizeof asked_bytes / sizeof *asked_bytes);
    asked_bytes[ask_count++] = size_bytes;
}

static void use_up_all_but_the_reserve(void)
{
    while (ledger_free_count(&mm.ledger) > LEDGER_RESERVE)
        expect_block(request_of(1));
}

/* As much as it has, or else a page: for each block once. */
static void each_block_asks_once_while_the_reserve_is_used(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    fake_port_has_memory = false;
    fake_port_before_memory = note_asking;
    ask_count = 0;
    use_up_all_but_the_reserve();
    assert_int_equal(ask_count, 2);
    for (size_t blocks = 1; blocks < LEDGER_RESERVE; blocks++) {
        expect_block(request_of(1));
        assert_int_equal(ask_count, 2 + 2 * blocks);
    }
    for (size_t i = 0; i < ask_count; i += 2) {
        assert_int_equal(asked_bytes[i], MM_FIRST_RECORDS_BYTES);
        assert_int_equal(asked_bytes[i + 1], FRAME_BYTES);
    }
}

/* The page was asked for although the doubling is no larger: both are 4096 bytes at first. */
static void ledger_asks_for_as_much_again_as_it_has(void **state)
{
    (void)state;
    add_range(0x100, 0x200, tables[0]);
    fake_port_before_memory = note_asking;
    ask_count = 0;
    while (ask_count < 3)
        expect_block(request_of(1));
    assert_int_equal(asked_bytes[0], 4096);
    assert_int_equal(asked_bytes[1], 8192);
    assert_int_equal(asked_bytes[2], 16384);
    assert_null(mm_check(&mm));
}

/* Also if the first records had more. */
static void ledger_asks_for_no_more_than_it_may(void **state)
{
    (void)state;
    static uint64_t many_records[2 * MM_GET_MAX_BYTES / sizeof(uint64_t)];
    mm_init(&mm, fake_port_source, many_records, sizeof many_records);
    add_range(0x1000, 0x2000, tables[0]);
    fake_port_before_memory = note_asking;
    ask_count = 0;
    while (ask_count == 0)
        expect_block(request_of(1));
    assert_int_equal(asked_bytes[0], MM_GET_MAX_BYTES);
}

static phys_t nested_base;

/* Frees the first block and takes another one, at nested_base. */
static void free_and_take(size_t size_bytes)
{
    (void)size_bytes;
    struct mm_block block;
    fake_port_before_memory = NULL;
    assert_true(mm_find_id(&mm, 1, &block));
    assert_int_equal(mm_free(&mm, block.base), MM_OK);
    assert_int_equal(mm_reserve(&mm, nested_base, nested_base + 1, "test", &block), MM_OK);
}

/*
 * While the ledger grows for a block, another one is taken, which is then the last one. No number
 * that is like a block's base leads to it.
 */
static void block_is_freed_by_its_own_base_alone(void **state)
{
    static const unsigned base_shifts[] = {FRAME_SHIFT - 1, FRAME_SHIFT + 1, 2 * FRAME_SHIFT,
                                           3 * FRAME_SHIFT};
    static const phys_t base = 0x200000;
    for (size_t i = 0; i < sizeof base_shifts / sizeof *base_shifts; i++) {
        open_mm(state);
        struct mm_block block;
        add_range(0x100, 0x500, tables[0]);
        nested_base = base >> FRAME_SHIFT << base_shifts[i];
        if (i >= 2)
            add_range(nested_base >> FRAME_SHIFT, (nested_base >> FRAME_SHIFT) + 1, tables[1]);
        fake_port_has_memory = false;
        struct mm_request request = request_of(1);
        request.limit = 0x180000;
        while (ledger_free_count(&mm.ledger) > 0)
            expect_block(request);
        fake_port_has_memory = true;
        fake_port_before_memory = free_and_take;
        assert_int_equal(mm_reserve(&mm, base, base + 1, "test", &block), MM_OK);
        assert_int_equal(mm_free(&mm, base), MM_OK);
        assert_true(mm_find_address(&mm, nested_base, &block));
        assert_null(mm_check(&mm));
    }
}

/* ---- callers' bugs -------------------------------------------------------------------------- */

static void tell_cmocka(const char *expression, const char *file, int line)
{
    mock_assert(false, expression, file, line);
}

static void too_little_memory_for_records_is_a_bug(void **state)
{
    (void)state;
    fake_port_on_assertion = tell_cmocka;
    expect_assert_failure(mm_init(&mm, fake_port_source, records, MM_FIRST_RECORDS_BYTES - 1));
    mm_init(&mm, fake_port_source, records, MM_FIRST_RECORDS_BYTES);
}

/* A run whose record is gone was freed behind the manager's back. */
static void run_without_record_is_a_bug_to_free(void **state)
{
    (void)state;
    fake_port_on_assertion = tell_cmocka;
    add_range(0x100, 0x200, tables[0]);
    phys_t base = expect_block(request_of(1));
    assert_true(ledger_strike(&mm.ledger, base));
    expect_assert_failure(mm_free(&mm, base));
}

/* Address 0 is no window's, for NULL must stay unmapped; nor is a window that is empty. */
static void wrong_window_is_a_bug(void **state)
{
    (void)state;
    static struct pool pool;
    static uint64_t window_records[MM_FIRST_RECORDS_BYTES / sizeof(uint64_t)];
    fake_port_on_assertion = tell_cmocka;
    uintptr_t page_bytes = (uintptr_t)FRAME_BYTES;
    expect_assert_failure(pool_init(&pool, &fake_port_pages, &mm, 0, 16 * page_bytes, tables[1],
                                    window_records, sizeof window_records));
    expect_assert_failure(pool_init(&pool, &fake_port_pages, &mm, 16 * page_bytes, 16 * page_bytes,
                                    tables[1], window_records, sizeof window_records));
    pool_init(&pool, &fake_port_pages, &mm, page_bytes, 17 * page_bytes, tables[1], window_records,
              sizeof window_records);
    assert_int_equal(pool.window.buddy.frame_count, 16);
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(block_may_begin_at_0),
        RULE(check_looks_at_frame_0),
        RULE(block_may_end_at_the_last_address),
        RULE(last_frame_is_not_below_the_last_address),
        RULE(reservation_may_end_at_the_last_address),
        RULE(request_beyond_all_addresses_is_refused_each_time),
        RULE(refused_request_leaves_nothing_for_the_next),
        RULE(request_without_whole_frames_has_no_room),
        RULE(wrong_name_is_told_where_no_frames_are),
        RULE(every_bit_of_a_wish_counts),
        RULE(boundary_of_4_gib_is_not_crossed),
        RULE(limit_counts_for_a_block_freed_last),
        RULE(higher_band_comes_before_a_block_freed_last),
        RULE(each_block_asks_once_while_the_reserve_is_used),
        RULE(ledger_asks_for_as_much_again_as_it_has),
        RULE(ledger_asks_for_no_more_than_it_may),
        RULE(block_is_freed_by_its_own_base_alone),
        RULE(too_little_memory_for_records_is_a_bug),
        RULE(run_without_record_is_a_bug_to_free),
        RULE(wrong_window_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
