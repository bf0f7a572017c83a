#ifndef TESTS_HOST_ONE_MM_H
#define TESTS_HOST_ONE_MM_H

/*
 * The memory manager of a test program, fresh for each test: two ranges, and mm_check at the end.
 * Blocks are numbers here: nothing lies behind them.
 */

#include "mm/mm.h"

#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "test.h"

/* 0x100 to 0x1FF, and 16 frames above 4 GiB. */
#define LOW_FIRST ((pfn_t)0x100)
#define LOW_END ((pfn_t)0x200)
#define HIGH_FIRST ((pfn_t)0x100000)
#define HIGH_END ((pfn_t)0x100010)
#define LOW_BASE (LOW_FIRST << FRAME_SHIFT)
#define LOW_LIMIT (LOW_END << FRAME_SHIFT)
#define HIGH_BASE (HIGH_FIRST << FRAME_SHIFT)
#define HIGH_LIMIT (HIGH_END << FRAME_SHIFT)

static struct mm mm;
static void *buffers[4];
static size_t buffer_bytes[4];
static size_t buffer_count;

static inline void *get_buffer(size_t size_bytes)
{
    void *buffer = malloc(size_bytes);
    memset(buffer, 0xA5, size_bytes);
    buffer_bytes[buffer_count] = size_bytes;
    return buffers[buffer_count++] = buffer;
}

static inline void add_range(pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    assert_int_equal(mm_add_range(&mm, range, get_buffer(buddy_table_bytes(range))), MM_OK);
}

static inline void open_empty(void)
{
    fake_port_reset();
    buffer_count = 0;
    mm_init(&mm, fake_port_source, get_buffer(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
}

static inline int open_mm(void **state)
{
    (void)state;
    open_empty();
    add_range(LOW_FIRST, LOW_END);
    add_range(HIGH_FIRST, HIGH_END);
    return 0;
}

static inline int close_mm(void **state)
{
    (void)state;
    const char *broken = mm_check(&mm);
    if (broken)
        print_error("%s\n", broken);
    while (buffer_count > 0)
        free(buffers[--buffer_count]);
    fake_port_reset();
    return broken ? 1 : 0;
}

static inline struct mm_request request_of(uint64_t size_bytes)
{
    return (struct mm_request){.size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = "test"};
}

/* The base of the block that came of the request; fails the test if none did. */
static inline phys_t expect_block(struct mm_request request)
{
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.size_bytes, request.size_bytes);
    return block.base;
}

static inline void free_and_check(phys_t base)
{
    assert_int_equal(mm_free(&mm, base), MM_OK);
    assert_null(mm_check(&mm));
}

/* The manager, its tables and its first records, as they are. */
static struct {
    struct mm mm;
    unsigned char bytes[4][8192];
} saved;

static inline void save_all(void)
{
    memcpy(&saved.mm, &mm, sizeof mm);
    for (size_t i = 0; i < buffer_count; i++) {
        assert_true(buffer_bytes[i] <= sizeof saved.bytes[i]);
        memcpy(saved.bytes[i], buffers[i], buffer_bytes[i]);
    }
}

static inline void expect_all_as_saved(void)
{
    assert_memory_equal(&saved.mm, &mm, sizeof mm);
    for (size_t i = 0; i < buffer_count; i++)
        assert_memory_equal(saved.bytes[i], buffers[i], buffer_bytes[i]);
}

static inline void look_at_all(void)
{
    struct mm_block block;
    struct mm_totals totals;
    phys_t cursor = 0;
    for (pfn_t pfn = LOW_FIRST - 1; pfn <= LOW_END; pfn++) {
        mm_find_address(&mm, (pfn << FRAME_SHIFT) + 1, &block);
        mm_find_base(&mm, pfn << FRAME_SHIFT, &block);
        mm_find_id(&mm, pfn, &block);
        mm_largest_run(&mm, pfn << FRAME_SHIFT, HIGH_LIMIT - (pfn << 4));
    }
    while (mm_next_block(&mm, &cursor, &block))
        mm_find_holding(&mm, block.owner);
    mm_get_totals(&mm, &totals);
    assert_null(mm_check(&mm));
}

/* Without a record the run goes back to where freed ones go; else nothing changes at all. */
static inline void expect_refusal(struct mm_request request, enum mm_status expected)
{
    pfn_t free_count = mm.buddy.free_count;
    size_t live_count = ledger_block_count(&mm.ledger);
    struct mm_block block;
    save_all();
    assert_int_equal(mm_alloc(&mm, &request, &block), expected);
    assert_int_equal(mm.buddy.free_count, free_count);
    assert_int_equal(ledger_block_count(&mm.ledger), live_count);
    if (expected != MM_NO_RECORD)
        expect_all_as_saved();
}

/* Blocks with free runs of many lengths between them. */
static inline void fill_in_part(void)
{
    for (pfn_t i = 0; i < 24; i++) {
        struct mm_request request = request_of((1 + i * 7 % 40) * FRAME_BYTES);
        request.limit = LOW_LIMIT;
        struct mm_block block;
        mm_alloc(&mm, &request, &block);
        if (i % 3 == 0)
            mm_free(&mm, block.base);
    }
    expect_block(request_of(3 * FRAME_BYTES));
    assert_null(mm_check(&mm));
}

static inline struct mm_block expect_reservation(phys_t base, phys_t end)
{
    struct mm_block block;
    assert_int_equal(mm_reserve(&mm, base, end, "bad", &block), MM_OK);
    return block;
}

#endif
