/*
 * The memory manager as its callers see it, the ledger below it, and what mm_check finds when
 * memory is damaged on purpose. Blocks are numbers here: nothing lies behind them.
 */

#include "mm/mm.h"
#include "mm/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "kernel/lib/random.h"
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

static void *get_buffer(size_t size_bytes)
{
    void *buffer = malloc(size_bytes);
    memset(buffer, 0xA5, size_bytes);
    buffer_bytes[buffer_count] = size_bytes;
    return buffers[buffer_count++] = buffer;
}

static void add_range(pfn_t first, pfn_t end)
{
    struct frame_range range = {first, end};
    assert_int_equal(mm_add_range(&mm, range, get_buffer(buddy_table_bytes(range))), MM_OK);
}

static void open_empty(void)
{
    fake_port_reset();
    buffer_count = 0;
    mm_init(&mm, fake_port_source, get_buffer(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
}

static int open_mm(void **state)
{
    (void)state;
    open_empty();
    add_range(LOW_FIRST, LOW_END);
    add_range(HIGH_FIRST, HIGH_END);
    return 0;
}

static int close_mm(void **state)
{
    (void)state;
    const char *broken = mm_check(&mm);
    if (broken)
        print_error("%s\n", broken);
    while (buffer_count > 0)
        free(buffers[--buffer_count]);
    fake_port_reset();
    return broken != NULL;
}

static struct mm_request request_of(uint64_t size_bytes)
{
    return (struct mm_request){.size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = "test"};
}

/* The base of the block that came of the request; fails the test if none did. */
static phys_t expect_block(struct mm_request request)
{
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.size_bytes, request.size_bytes);
    return block.base;
}

static void free_and_check(phys_t base)
{
    assert_int_equal(mm_free(&mm, base), MM_OK);
    assert_null(mm_check(&mm));
}

/* The manager, its tables and its first records, as they are. */
static struct {
    struct mm mm;
    unsigned char bytes[4][8192];
} saved;

static void save_all(void)
{
    memcpy(&saved.mm, &mm, sizeof mm);
    for (size_t i = 0; i < buffer_count; i++) {
        assert_true(buffer_bytes[i] <= sizeof saved.bytes[i]);
        memcpy(saved.bytes[i], buffers[i], buffer_bytes[i]);
    }
}

static void expect_all_as_saved(void)
{
    assert_memory_equal(&saved.mm, &mm, sizeof mm);
    for (size_t i = 0; i < buffer_count; i++)
        assert_memory_equal(saved.bytes[i], buffers[i], buffer_bytes[i]);
}

static void look_at_all(void)
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
static void expect_refusal(struct mm_request request, enum mm_status expected)
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
static void fill_in_part(void)
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

/* ---- requests ------------------------------------------------------------------------------- */

static void block_takes_the_frames_its_bytes_need(void **state)
{
    (void)state;
    static const struct {
        uint64_t size_bytes;
        pfn_t frames;
    } cases[] = {{1, 1}, {4095, 1}, {4096, 1}, {4097, 2}, {8192, 2}, {8193, 3}, {0x100000, 256}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pfn_t before = mm.buddy.free_count;
        phys_t base = expect_block(request_of(cases[i].size_bytes));
        assert_int_equal(before - mm.buddy.free_count, cases[i].frames);
        assert_int_equal(mm_free(&mm, base), MM_OK);
        assert_int_equal(mm.buddy.free_count, before);
    }
}

static void block_says_what_it_is(void **state)
{
    (void)state;
    struct mm_request request = request_of(5000);
    request.owner = "video";
    struct mm_block block;
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.base, HIGH_LIMIT - 2 * FRAME_BYTES);
    assert_int_equal(block.size_bytes, 5000);
    assert_int_equal(block.id, 1);
    assert_int_equal(block.tag, 0);
    assert_string_equal(block.owner, "video");
}

/*
 *   frame    | 0x10F        | 0x110        |
 *   limit               0x110000   0x110064           the last byte lies below the limit
 *   block      |- 100 -|      |- 100 -|
 */
static void limit_bounds_the_last_byte_not_the_frame(void **state)
{
    (void)state;
    struct mm_request request = request_of(100);
    request.limit = 0x110064;
    assert_int_equal(expect_block(request), 0x110000);
    free_and_check(0x110000);
    request.limit = 0x110063;
    assert_int_equal(expect_block(request), 0x10F000);
    free_and_check(0x10F000);
    request.size_bytes = 4096 + 100;
    request.limit = 0x111064;
    request.lowest = 0x110000;
    assert_int_equal(expect_block(request), 0x110000);
    free_and_check(0x110000);
    request.limit = 0x111063;
    expect_refusal(request, MM_BAD_LIMIT);
    request.lowest = 0x10F000;
    assert_int_equal(expect_block(request), 0x10F000);
}

/* The lowest frame of all, with a limit that its last byte just meets, and just misses. */
static void limit_at_the_lowest_frame(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = LOW_BASE + FRAME_BYTES - 1;
    expect_refusal(request, MM_NO_ROOM);
    request.limit = LOW_BASE + FRAME_BYTES;
    assert_int_equal(expect_block(request), LOW_BASE);
    request.limit = LOW_BASE + FRAME_BYTES;
    request.size_bytes = 1;
    expect_refusal(request, MM_NO_ROOM);
}

static void lowest_bounds_the_first_byte(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = LOW_LIMIT;
    request.lowest = LOW_LIMIT - FRAME_BYTES + 1;
    expect_refusal(request, MM_BAD_LIMIT);
    request.size_bytes = 1;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = LOW_LIMIT - FRAME_BYTES;
    assert_int_equal(expect_block(request), LOW_LIMIT - FRAME_BYTES);
}

/* Both inside of one frame: no frame begins between them. */
static void bounds_within_a_frame_leave_no_room(void **state)
{
    (void)state;
    struct mm_request request = request_of(16);
    request.lowest = 0x110001;
    request.limit = 0x110FFF;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = 0x110000;
    assert_int_equal(expect_block(request), 0x110000);
}

static void lowest_may_reach_above_4_gib(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.lowest = HIGH_LIMIT - FRAME_BYTES;
    assert_int_equal(expect_block(request), HIGH_LIMIT - FRAME_BYTES);
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = HIGH_BASE;
    assert_int_equal(expect_block(request), HIGH_LIMIT - 2 * FRAME_BYTES);
    request.lowest = HIGH_LIMIT;
    expect_refusal(request, MM_NO_ROOM);
}

static void limits_beyond_all_addresses_are_none(void **state)
{
    (void)state;
    struct mm_request request = request_of(FRAME_BYTES);
    request.limit = UINT64_MAX;
    assert_int_equal(expect_block(request), HIGH_LIMIT - FRAME_BYTES);
    request.lowest = UINT64_MAX - FRAME_BYTES;
    expect_refusal(request, MM_NO_ROOM);
    request.lowest = PHYS_LIMIT;
    expect_refusal(request, MM_NO_ROOM);
    request = request_of(UINT64_MAX);
    request.limit = UINT64_MAX;
    expect_refusal(request, MM_NO_ROOM);
    expect_refusal(request_of(PHYS_LIMIT), MM_NO_ROOM);
}

static void alignment_holds_at_every_power(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift <= 20; shift++) {
        struct mm_request request = request_of(1);
        request.limit = LOW_LIMIT - FRAME_BYTES;
        request.align_bytes = (uint64_t)1 << shift;
        phys_t base = expect_block(request);
        phys_t align_bytes = shift > FRAME_SHIFT ? (phys_t)1 << shift : FRAME_BYTES;
        assert_int_equal(base, (LOW_LIMIT - 2 * FRAME_BYTES) & ~(align_bytes - 1));
        free_and_check(base);
    }
    struct mm_request request = request_of(1);
    request.limit = LOW_LIMIT;
    request.align_bytes = 4 * MIB;
    expect_refusal(request, MM_NO_ROOM);
    request.limit = MM_NO_LIMIT;
    request.align_bytes = HIGH_BASE;
    assert_int_equal(expect_block(request), HIGH_BASE);
    request.align_bytes = (uint64_t)1 << 63;
    expect_refusal(request, MM_NO_ROOM);
}

/*
 * 64 KiB boundaries:  . . . |. . #### . . . .|. .   the highest 32 KiB + 1 byte below a multiple
 */
static void boundary_is_not_crossed(void **state)
{
    (void)state;
    struct mm_request request = request_of(0x8001);
    request.limit = LOW_LIMIT - 4 * FRAME_BYTES;
    request.boundary_bytes = 0x10000;
    assert_int_equal(expect_block(request), LOW_LIMIT - 0xD000);
    assert_int_equal(expect_block(request), LOW_LIMIT - 0x19000);
    request.size_bytes = 0x10000;
    assert_int_equal(expect_block(request), LOW_LIMIT - 0x30000);
}

/* No block that such a boundary admits can leave its frame. */
static void boundary_below_a_frame_is_kept_by_any_block(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift <= FRAME_SHIFT; shift++) {
        struct mm_request request = request_of((uint64_t)1 << shift);
        request.boundary_bytes = (uint64_t)1 << shift;
        phys_t base = expect_block(request);
        assert_int_equal(base, HIGH_LIMIT - (shift + 1) * FRAME_BYTES);
        request.size_bytes++;
        expect_refusal(request, MM_BOUNDARY_TOO_SMALL);
    }
}

static void each_wrong_request_is_named(void **state)
{
    (void)state;
    struct mm_request request = request_of(0);
    expect_refusal(request, MM_ZERO_SIZE);
    static const uint64_t crooked[] = {3, 0x1001, 0x3000, UINT64_MAX, ((uint64_t)1 << 63) + 1};
    for (size_t i = 0; i < sizeof crooked / sizeof *crooked; i++) {
        request = request_of(1);
        request.align_bytes = crooked[i];
        expect_refusal(request, MM_BAD_ALIGNMENT);
        request = request_of(1);
        request.boundary_bytes = crooked[i];
        expect_refusal(request, MM_BAD_BOUNDARY);
    }
    request = request_of(0x2001);
    request.boundary_bytes = 0x2000;
    expect_refusal(request, MM_BOUNDARY_TOO_SMALL);
    expect_refusal(request_of((LOW_END - LOW_FIRST + 1) * FRAME_BYTES), MM_NO_ROOM);
}

/*
 * [lowest, limit) of exactly the size is right; a byte less, nothing, or less than nothing is not
 */
static void range_smaller_than_the_block_is_refused(void **state)
{
    (void)state;
    struct mm_request request = request_of(2 * FRAME_BYTES);
    request.lowest = 0x110000;
    static const phys_t limits[] = {0x111FFF, 0x110000, 0x10FFFF, 0};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        request.limit = limits[i];
        expect_refusal(request, MM_BAD_LIMIT);
    }
    request.limit = 0x112000;
    assert_int_equal(expect_block(request), 0x110000);
}

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int status = MM_OK; status <= MM_OUTSIDE_BLOCK; status++) {
        const char *text = mm_status_text((enum mm_status)status);
        assert_string_not_equal(text, "");
        assert_string_not_equal(text, "unknown status");
        for (int other = MM_OK; other < status; other++)
            assert_string_not_equal(text, mm_status_text((enum mm_status)other));
    }
    assert_string_equal(mm_status_text((enum mm_status)1000), "unknown status");
}

static void wrong_ranges_are_refused(void **state)
{
    (void)state;
    struct frame_range empty = {0x50, 0x50};
    struct frame_range overlapping = {LOW_END - 1, LOW_END + 1};
    struct frame_range beyond = {1, (PHYS_LIMIT >> FRAME_SHIFT) + 1};
    struct frame_range large = {HIGH_END, HIGH_END + BUDDY_MAX_FRAMES + 1};
    assert_int_equal(mm_add_range(&mm, empty, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, overlapping, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, beyond, NULL), MM_BAD_RANGE);
    assert_int_equal(mm_add_range(&mm, large, NULL), MM_TOO_LARGE);
    assert_int_equal(mm.buddy.frame_count, LOW_END - LOW_FIRST + HIGH_END - HIGH_FIRST);
}

/* ---- reservations --------------------------------------------------------------------------- */

static void expect_no_reservation(phys_t base, phys_t end, const char *owner,
                                  enum mm_status expected)
{
    pfn_t free_count = mm.buddy.free_count;
    size_t live_count = ledger_block_count(&mm.ledger);
    struct mm_block block;
    assert_int_equal(mm_reserve(&mm, base, end, owner, &block), expected);
    assert_int_equal(mm.buddy.free_count, free_count);
    assert_int_equal(ledger_block_count(&mm.ledger), live_count);
}

static struct mm_block expect_reservation(phys_t base, phys_t end)
{
    struct mm_block block;
    assert_int_equal(mm_reserve(&mm, base, end, "bad", &block), MM_OK);
    return block;
}

/*
 *   [base, end)         |-------------------|
 *   frames        | 0x110    | 0x111    | 0x112    |
 *   block         |--------------------------------|
 */
static void reservation_takes_the_frames_around_it(void **state)
{
    (void)state;
    struct mm_block block = expect_reservation(0x110800, 0x112001);
    assert_int_equal(block.base, 0x110000);
    assert_int_equal(block.size_bytes, 3 * FRAME_BYTES);
    assert_string_equal(block.owner, "bad");
    struct mm_block found;
    assert_true(mm_find_address(&mm, 0x112FFF, &found));
    assert_int_equal(found.id, block.id);
    assert_false(mm_find_address(&mm, 0x10FFFF, &found));
    assert_false(mm_find_address(&mm, 0x113000, &found));
    assert_null(mm_check(&mm));
    free_and_check(block.base);
    assert_int_equal(mm.buddy.free_count, mm.buddy.frame_count);
}

static void reservation_may_be_a_byte_or_a_whole_range(void **state)
{
    (void)state;
    assert_int_equal(expect_reservation(LOW_LIMIT - 1, LOW_LIMIT).base, LOW_LIMIT - FRAME_BYTES);
    free_and_check(LOW_LIMIT - FRAME_BYTES);
    assert_int_equal(expect_reservation(LOW_BASE, LOW_BASE + 1).base, LOW_BASE);
    free_and_check(LOW_BASE);
    assert_int_equal(expect_reservation(HIGH_BASE, HIGH_LIMIT).size_bytes, HIGH_LIMIT - HIGH_BASE);
    assert_int_equal(expect_reservation(LOW_BASE, LOW_LIMIT).size_bytes, LOW_LIMIT - LOW_BASE);
    assert_int_equal(mm.buddy.free_count, 0);
}

static void reservation_of_frame_0(void **state)
{
    (void)state;
    add_range(0, 4);
    assert_int_equal(expect_reservation(0, 1).base, 0);
    expect_no_reservation(0, 1, "bad", MM_IN_USE);
    assert_int_equal(expect_reservation(FRAME_BYTES, 4 * FRAME_BYTES).base, FRAME_BYTES);
}

static void each_wrong_reservation_is_named(void **state)
{
    (void)state;
    expect_no_reservation(0x110000, 0x110000, "bad", MM_BAD_RANGE);
    expect_no_reservation(0x110001, 0x110000, "bad", MM_BAD_RANGE);
    expect_no_reservation(UINT64_MAX, 0, "bad", MM_BAD_RANGE);
    expect_no_reservation(0x110000, 0x111000, "two words", MM_BAD_OWNER);
    expect_no_reservation(0x110000, 0x111000, NULL, MM_BAD_OWNER);
    expect_no_reservation(LOW_BASE - 1, LOW_BASE + 1, "bad", MM_NOT_MANAGED);
    expect_no_reservation(LOW_LIMIT - 1, LOW_LIMIT + 1, "bad", MM_NOT_MANAGED);
    expect_no_reservation(LOW_LIMIT, LOW_LIMIT + 1, "bad", MM_NOT_MANAGED);
    expect_no_reservation(LOW_BASE, HIGH_LIMIT, "bad", MM_NOT_MANAGED);
    expect_no_reservation(0, UINT64_MAX, "bad", MM_NOT_MANAGED);
    expect_no_reservation(PHYS_LIMIT - 1, PHYS_LIMIT, "bad", MM_NOT_MANAGED);
    expect_no_reservation(PHYS_LIMIT - 1, PHYS_LIMIT + 1, "bad", MM_NOT_MANAGED);
    expect_reservation(LOW_BASE + FRAME_BYTES, LOW_BASE + 2 * FRAME_BYTES);
    expect_no_reservation(LOW_BASE - 1, LOW_BASE + FRAME_BYTES, "bad", MM_NOT_MANAGED);
    expect_no_reservation(LOW_BASE - 1, LOW_BASE + FRAME_BYTES + 1, "bad", MM_IN_USE);
}

/* Any frame of the block is enough, at either end of the range and inside it. */
static void reservation_of_used_frames_is_refused(void **state)
{
    (void)state;
    expect_reservation(0x110000, 0x113000);
    expect_no_reservation(0x110000, 0x113000, "bad", MM_IN_USE);
    expect_no_reservation(0x111000, 0x111001, "bad", MM_IN_USE);
    expect_no_reservation(0x112FFF, 0x120000, "bad", MM_IN_USE);
    expect_no_reservation(0x10F000, 0x110001, "bad", MM_IN_USE);
    expect_no_reservation(0x108000, 0x11C000, "bad", MM_IN_USE);
    expect_no_reservation(0, 0x111000, "bad", MM_IN_USE);
    assert_int_equal(expect_reservation(0x10F000, 0x110000).base, 0x10F000);
    assert_int_equal(expect_reservation(0x113000, 0x114000).base, 0x113000);
}

/* No block crosses from one range into another, but each has its own part. */
static void reservation_lies_in_one_range(void **state)
{
    (void)state;
    add_range(LOW_END, LOW_END + 0x10);
    expect_no_reservation(LOW_LIMIT - FRAME_BYTES, LOW_LIMIT + FRAME_BYTES, "bad", MM_NOT_MANAGED);
    assert_int_equal(expect_reservation(LOW_LIMIT - FRAME_BYTES, LOW_LIMIT).base,
                     LOW_LIMIT - FRAME_BYTES);
    expect_no_reservation(LOW_LIMIT - FRAME_BYTES, LOW_LIMIT + FRAME_BYTES, "bad", MM_IN_USE);
    assert_int_equal(expect_reservation(LOW_LIMIT, LOW_LIMIT + FRAME_BYTES).base, LOW_LIMIT);
}

/* What was freed a moment ago, in pieces, is as free as the rest. */
static void reservation_takes_frames_freed_lately(void **state)
{
    (void)state;
    struct mm_request request = request_of(2 * FRAME_BYTES);
    request.limit = LOW_LIMIT;
    phys_t bases[4];
    for (size_t i = 0; i < 4; i++)
        bases[i] = expect_block(request);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(mm_free(&mm, bases[i]), MM_OK);
    phys_t base = LOW_LIMIT - 8 * FRAME_BYTES;
    assert_int_equal(expect_reservation(base + FRAME_BYTES, LOW_LIMIT).base, base + FRAME_BYTES);
    assert_int_equal(expect_reservation(base, base + FRAME_BYTES).base, base);
}

static void reservation_needs_a_record(void **state)
{
    (void)state;
    fake_port_has_memory = false;
    assert_int_not_equal(ledger_free_count(&mm.ledger), 0);
    for (phys_t base = LOW_BASE; ledger_free_count(&mm.ledger) > 0; base += FRAME_BYTES)
        expect_reservation(base, base + 1);
    expect_no_reservation(HIGH_BASE, HIGH_LIMIT, "bad", MM_NO_RECORD);
}

/* Not even the owner is remembered, who has no block. */
static void refusal_chooses_no_owner(void **state)
{
    (void)state;
    expect_block(request_of(1));
    struct mm_request request = request_of(0x101 * FRAME_BYTES);
    expect_refusal(request, MM_NO_ROOM);
    request.owner = "other";
    expect_refusal(request, MM_NO_ROOM);
    request.owner = "two words";
    expect_refusal(request, MM_BAD_OWNER);
    request.owner = NULL;
    expect_refusal(request, MM_BAD_OWNER);
}

/* ---- frees ---------------------------------------------------------------------------------- */

static void each_wrong_free_is_named(void **state)
{
    (void)state;
    phys_t base = expect_block(request_of(3 * FRAME_BYTES));
    static const phys_t foreign[] = {0,          LOW_BASE - 1, LOW_LIMIT,
                                     HIGH_LIMIT, PHYS_LIMIT,   UINT64_MAX};
    save_all();
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_int_equal(mm_free(&mm, foreign[i]), MM_NOT_MANAGED);
    assert_int_equal(mm_free(&mm, base + 1), MM_INSIDE_BLOCK);
    assert_int_equal(mm_free(&mm, base + FRAME_BYTES), MM_INSIDE_BLOCK);
    assert_int_equal(mm_free(&mm, base + 3 * FRAME_BYTES - 1), MM_INSIDE_BLOCK);
    assert_int_equal(mm_free(&mm, base - FRAME_BYTES), MM_ALREADY_FREE);
    assert_int_equal(mm_free(&mm, base - 1), MM_ALREADY_FREE);
    expect_all_as_saved();
    assert_int_equal(mm_free(&mm, base), MM_OK);
    assert_int_equal(mm_free(&mm, base), MM_ALREADY_FREE);
    assert_int_equal(mm_free(&mm, base + 1), MM_ALREADY_FREE);
}

static void ids_are_never_used_again(void **state)
{
    (void)state;
    struct mm_request request = request_of(1);
    struct mm_block block;
    struct mm_block found;
    for (uint32_t id = 1; id < 500; id++) {
        assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
        assert_int_equal(block.id, id);
        assert_true(mm_find_id(&mm, id, &found));
        assert_false(mm_find_id(&mm, id - 1, &found));
        assert_int_equal(mm_free(&mm, block.base), MM_OK);
    }
}

static void refused_request_uses_no_id(void **state)
{
    (void)state;
    struct mm_block block;
    struct mm_request request = request_of(1);
    expect_refusal(request_of(0), MM_ZERO_SIZE);
    expect_refusal(request_of(1 * GIB), MM_NO_ROOM);
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_int_equal(block.id, 1);
}

/* ---- owners, tags, finding ------------------------------------------------------------------ */

static void owner_is_1_to_23_printable_characters(void **state)
{
    (void)state;
    static const char *const wrong[] = {NULL,        "",           " ",
                                        "two words", "tab\t",      "\x7F",
                                        "\x1F",      "umlaut\xFC", "123456789012345678901234"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mm_request request = request_of(1);
        request.owner = wrong[i];
        expect_refusal(request, MM_BAD_OWNER);
    }
    static const char *const right[] = {"!", "~", "a.b/c-d", "12345678901234567890123"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct mm_request request = request_of(1);
        struct mm_block block;
        request.owner = right[i];
        assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
        assert_string_equal(block.owner, right[i]);
    }
}

static void owner_is_copied(void **state)
{
    (void)state;
    char owner[] = "mine";
    struct mm_request request = request_of(1);
    request.owner = owner;
    expect_block(request);
    owner[0] = 'X';
    struct mm_block block;
    assert_true(mm_find_id(&mm, 1, &block));
    assert_string_equal(block.owner, "mine");
}

static void block_is_found_by_any_address_in_its_frames(void **state)
{
    (void)state;
    phys_t base = expect_block(request_of(5000));
    struct mm_block block;
    static const phys_t offsets[] = {0, 1, 4095, 4096, 4999, 5000, 8191};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        assert_true(mm_find_address(&mm, base + offsets[i], &block));
        assert_int_equal(block.base, base);
        assert_int_equal(block.id, 1);
    }
    assert_false(mm_find_address(&mm, base - 1, &block));
    assert_false(mm_find_address(&mm, base + 8192, &block));
    assert_false(mm_find_address(&mm, 0, &block));
    assert_false(mm_find_address(&mm, UINT64_MAX, &block));
}

static void unknown_ids_are_not_found(void **state)
{
    (void)state;
    struct mm_block block;
    assert_false(mm_find_id(&mm, 1, &block));
    expect_block(request_of(1));
    assert_true(mm_find_id(&mm, 1, &block));
    assert_false(mm_find_id(&mm, 0, &block));
    assert_false(mm_find_id(&mm, 2, &block));
    assert_false(mm_find_id(&mm, UINT32_MAX, &block));
}

static void tag_stays_with_its_block(void **state)
{
    (void)state;
    phys_t base = expect_block(request_of(2 * FRAME_BYTES));
    phys_t other = expect_block(request_of(1));
    assert_true(mm_set_tag(&mm, base, 0xCAFE));
    assert_false(mm_set_tag(&mm, base + FRAME_BYTES, 1));
    assert_false(mm_set_tag(&mm, base + 1, 1));
    struct mm_block block;
    assert_true(mm_find_address(&mm, base, &block));
    assert_int_equal(block.tag, 0xCAFE);
    assert_true(mm_find_address(&mm, other, &block));
    assert_int_equal(block.tag, 0);
    mm_free(&mm, base);
    assert_false(mm_set_tag(&mm, base, 1));
    assert_int_equal(expect_block(request_of(2 * FRAME_BYTES)), base);
    assert_true(mm_find_address(&mm, base, &block));
    assert_int_equal(block.tag, 0);
}

static void blocks_come_in_ascending_order(void **state)
{
    (void)state;
    for (pfn_t i = 0; i < 40; i++) {
        struct mm_request request = request_of(1 + i % 3 * FRAME_BYTES);
        request.limit = i % 2 ? LOW_LIMIT : MM_NO_LIMIT;
        request.align_bytes = FRAME_BYTES << i % 4;
        expect_block(request);
    }
    phys_t cursor = 0;
    phys_t previous = 0;
    size_t count = 0;
    for (struct mm_block block; mm_next_block(&mm, &cursor, &block); count++) {
        assert_true(block.base > previous);
        assert_true(cursor >= block.base + block.size_bytes);
        previous = block.base;
    }
    assert_int_equal(count, 40);
}

/* A cursor inside of a block has passed it: the next one is the answer. */
static void looks_change_nothing(void **state)
{
    (void)state;
    fill_in_part();
    assert_int_equal(mm_free(&mm, expect_block(request_of(3 * FRAME_BYTES))), MM_OK);
    save_all();
    look_at_all();
    expect_all_as_saved();
}

static void cursor_takes_the_block_at_or_above_it(void **state)
{
    (void)state;
    phys_t upper = expect_block(request_of(2 * FRAME_BYTES));
    phys_t lower = expect_block(request_of(2 * FRAME_BYTES));
    struct mm_block block;
    phys_t cursor = lower;
    assert_true(mm_next_block(&mm, &cursor, &block));
    assert_int_equal(block.base, lower);
    assert_int_equal(cursor, upper);
    cursor = lower + 1;
    assert_true(mm_next_block(&mm, &cursor, &block));
    assert_int_equal(block.base, upper);
    cursor = upper + FRAME_BYTES;
    assert_false(mm_next_block(&mm, &cursor, &block));
}

static void totals_add_up(void **state)
{
    (void)state;
    struct mm_totals totals;
    expect_block(request_of(3 * FRAME_BYTES));
    struct mm_request request = request_of(1);
    request.limit = LOW_BASE + 0x40 * FRAME_BYTES;
    expect_block(request);
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.frame_count, 0x110);
    assert_int_equal(totals.free_count, 0x110 - 4);
    assert_int_equal(totals.largest_run, 0xC0);
    assert_int_equal(totals.block_count, 2);
}

/* What mm_largest_run names can be had, and a byte more cannot. */
static void largest_run_is_what_would_have_fitted(void **state)
{
    (void)state;
    struct mm_request request = request_of(1);
    request.limit = LOW_BASE + 0x40 * FRAME_BYTES;
    expect_block(request);
    request.lowest = LOW_BASE + 0x20 * FRAME_BYTES;
    request.limit = LOW_BASE + 0x60 * FRAME_BYTES;
    request.size_bytes = mm_largest_run(&mm, request.lowest, request.limit);
    assert_int_equal(request.size_bytes, 0x20 * FRAME_BYTES);
    phys_t base = expect_block(request);
    mm_free(&mm, base);
    request.size_bytes++;
    expect_refusal(request, MM_NO_ROOM);
    assert_int_equal(mm_largest_run(&mm, 0, MM_NO_LIMIT), 0xC0 * FRAME_BYTES);
    assert_int_equal(mm_largest_run(&mm, HIGH_BASE + 1, UINT64_MAX), 15 * FRAME_BYTES);
    assert_int_equal(mm_largest_run(&mm, LOW_LIMIT, HIGH_BASE), 0);
}

/* Below a limit inside of a frame: its bytes count where the frame is free and the run goes on. */
static void largest_run_counts_bytes_below_the_limit(void **state)
{
    (void)state;
    struct mm_request request = request_of(1);
    request.limit = 0x110064;
    request.size_bytes = mm_largest_run(&mm, 0, request.limit);
    assert_int_equal(request.size_bytes, 0x10064);
    phys_t base = expect_block(request);
    assert_int_equal(base, LOW_BASE);
    free_and_check(base);
    request.size_bytes++;
    expect_refusal(request, MM_NO_ROOM);

    assert_int_equal(mm_largest_run(&mm, 0x110000, 0x110064), 0x64);
    assert_int_equal(mm_largest_run(&mm, 0x110001, 0x110064), 0);
    assert_int_equal(mm_largest_run(&mm, 0, LOW_LIMIT + 1), LOW_LIMIT - LOW_BASE);
    assert_int_equal(mm_largest_run(&mm, 0, LOW_BASE + 1), 1);
    /* A longer run elsewhere, and the frame of the limit taken. */
    expect_reservation(0x108000, 0x10A000);
    assert_int_equal(mm_largest_run(&mm, 0, 0x110064), 0x8000);
    assert_int_equal(mm_largest_run(&mm, 0, 0x112064), 0x8064);
    expect_reservation(0x112000, 0x113000);
    assert_int_equal(mm_largest_run(&mm, 0, 0x112064), 0x8000);
}

/* ---- the ledger's growth -------------------------------------------------------------------- */

static size_t ask_count;

static void count_asking(size_t size_bytes)
{
    (void)size_bytes;
    ask_count++;
}

/* 4096 bytes hold some 60 records; doubling them six times holds more than 3000. */
static void ledger_doubles_with_its_blocks(void **state)
{
    (void)state;
    ask_count = 0;
    fake_port_before_memory = count_asking;
    add_range(0x1000, 0x2000);
    for (uint32_t id = 1; id <= 3000; id++)
        expect_block(request_of(1));
    assert_null(mm_check(&mm));
    assert_in_range(ask_count, 1, 7);
    struct mm_block block;
    for (uint32_t id = 1; id <= 3000; id++) {
        assert_true(mm_find_id(&mm, id, &block));
        assert_int_equal(mm_free(&mm, block.base), MM_OK);
    }
    assert_int_equal(ledger_block_count(&mm.ledger), 0);
    assert_int_equal(mm.buddy.free_count, mm.buddy.frame_count);
}

/* Allocates single frames until one is refused; returns how many there were. */
static size_t fill(enum mm_status expected)
{
    struct mm_request request = request_of(1);
    struct mm_block block;
    size_t count = 0;
    enum mm_status status;
    while ((status = mm_alloc(&mm, &request, &block)) == MM_OK)
        count++;
    assert_int_equal(status, expected);
    return count;
}

static void without_memory_for_records_blocks_are_refused(void **state)
{
    (void)state;
    fake_port_has_memory = false;
    size_t free_records = ledger_free_count(&mm.ledger);
    assert_int_equal(fill(MM_NO_RECORD), free_records - 1); /* and the owner's */
    expect_refusal(request_of(1), MM_NO_RECORD);
    assert_null(mm_check(&mm));
    struct mm_block block;
    assert_true(mm_find_id(&mm, 1, &block));
    assert_int_equal(mm_free(&mm, block.base), MM_OK);
    assert_int_equal(fill(MM_NO_RECORD), 1);
    fake_port_has_memory = true;
    assert_int_equal(fill(MM_NO_ROOM), 0x110 - (free_records - 1));
}

static size_t most_allowed_bytes;

static void refuse_large_pieces(size_t size_bytes)
{
    fake_port_has_memory = size_bytes <= most_allowed_bytes;
}

/* Where no doubling is to be had, a page does. */
static void ledger_grows_by_pages_if_it_must(void **state)
{
    (void)state;
    add_range(0x1000, 0x1400);
    most_allowed_bytes = FRAME_BYTES;
    fake_port_before_memory = refuse_large_pieces;
    assert_int_equal(fill(MM_NO_ROOM), 0x110 + 0x400);
    assert_null(mm_check(&mm));
}

static size_t nested_count;
static bool is_nested;

/* A host that takes the ledger's memory, and a page table for it, from the very same manager. */
static void allocate_while_growing(size_t size_bytes)
{
    assert_false(is_nested);
    is_nested = true;
    struct mm_request request = request_of(size_bytes);
    struct mm_block block;
    request.owner = "records";
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    request = request_of(FRAME_BYTES);
    request.owner = "tables";
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    nested_count += 2;
    is_nested = false;
}

static void ledger_may_grow_out_of_its_own_manager(void **state)
{
    (void)state;
    add_range(0x1000, 0x2000);
    nested_count = 0;
    fake_port_before_memory = allocate_while_growing;
    for (size_t i = 0; i < 2000; i++)
        expect_block(request_of(1));
    assert_true(nested_count >= 4);
    assert_int_equal(ledger_block_count(&mm.ledger), 2000 + nested_count);
    size_t nested_found = 0;
    phys_t cursor = 0;
    for (struct mm_block block; mm_next_block(&mm, &cursor, &block);)
        nested_found += strcmp(block.owner, "test") != 0;
    assert_int_equal(nested_found, nested_count);
}

static void take_a_block_then_fail(size_t size_bytes)
{
    allocate_while_growing(size_bytes);
    fake_port_has_memory = false;
}

/* A host that allocates and fails all the same uses up the reserve, and then says so in peace. */
static void failed_growth_may_use_up_the_reserve(void **state)
{
    (void)state;
    add_range(0x1000, 0x2000);
    while (ledger_free_count(&mm.ledger) > LEDGER_RESERVE + 1)
        expect_block(request_of(1));
    nested_count = 0;
    fake_port_before_memory = take_a_block_then_fail;
    expect_block(request_of(1));
    assert_int_equal(nested_count, 4);
    assert_int_equal(ledger_free_count(&mm.ledger), LEDGER_RESERVE - 4 - 2); /* and two owners' */
    fake_port_before_memory = NULL;
    fill(MM_NO_RECORD);
    assert_int_equal(ledger_free_count(&mm.ledger), 0);
}

static void allocate_if_possible(size_t size_bytes)
{
    struct mm_request request = request_of(size_bytes);
    struct mm_block block;
    fake_port_has_memory = mm_alloc(&mm, &request, &block) == MM_OK;
}

/*
 * A ledger that must grow takes no frames that the request itself needs, and none for a refused
 * one.
 */
static void growth_waits_for_the_request(void **state)
{
    (void)state;
    while (ledger_free_count(&mm.ledger) > LEDGER_RESERVE + 1)
        expect_block(request_of(1));
    fake_port_before_memory = allocate_if_possible;
    uint64_t largest = mm_largest_run(&mm, 0, MM_NO_LIMIT);
    expect_refusal(request_of(largest + 1), MM_NO_ROOM);
    expect_block(request_of(largest));
}

/* ---- damage --------------------------------------------------------------------------------- */

/* Blocks of every kind of neighbour: free on both sides, touching, at the very ends. */
/* Flips each bit of [memory, memory + size_bytes) in turn; returns how many went unnoticed. */
static size_t count_unnoticed_flips(void *memory, size_t size_bytes)
{
    uint8_t *bytes = memory;
    size_t unnoticed = 0;
    for (size_t bit = 0; bit < size_bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        unnoticed += mm_check(&mm) == NULL;
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_null(mm_check(&mm));
    return unnoticed;
}

static void check_finds_any_flipped_frame_bit(void **state)
{
    (void)state;
    fill_in_part();
    for (struct buddy_range *range = mm.buddy.highest; range; range = range->lower) {
        const struct tree_level *leaves = &range->tree.levels[0];
        size_t word_bytes = leaves->block_count * LEAF_WORDS * sizeof(uint64_t);
        assert_int_equal(count_unnoticed_flips(range->tree.free_bits, word_bytes), 0);
        for (uint32_t i = 0; i < range->end / WORD_BITS + 2; i++) {
            struct range_part *record = &range->records[i];
            size_t bits_bytes = sizeof record->begins + sizeof record->ends;
            assert_int_equal(count_unnoticed_flips(record, bits_bytes), 0);
            assert_int_equal(count_unnoticed_flips(&record->listed, 4), 0);
        }
    }
}

static void check_finds_any_flipped_block_bit(void **state)
{
    (void)state;
    fill_in_part();
    for (struct buddy_range *range = mm.buddy.highest; range; range = range->lower) {
        for (unsigned order = LEAF_ORDER; order <= range->tree.top; order++) {
            const struct tree_level *level = &range->tree.levels[order - LEAF_ORDER];
            for (uint32_t i = 0; i < level->block_count; i++) {
                reach_t *reach = tree_block(&range->tree, order, level->first_block + i);
                assert_int_equal(count_unnoticed_flips(reach, reach_bytes(order)), 0);
            }
        }
    }
}

static void check_finds_any_flipped_stretch_bit(void **state)
{
    (void)state;
    fill_in_part();
    for (struct buddy_range *range = mm.buddy.highest; range; range = range->lower) {
        struct stretch *stretch = &range->stretch;
        size_t bytes = 2 * reach_bytes(stretch->order);
        assert_int_equal(count_unnoticed_flips(stretch->own, bytes), 0);
        assert_int_equal(count_unnoticed_flips(&stretch->span, sizeof stretch->span), 0);
        assert_int_equal(count_unnoticed_flips(&stretch->order, sizeof stretch->order), 0);
        assert_int_equal(count_unnoticed_flips(&stretch->height, sizeof stretch->height), 0);
    }
}

/* Links, counts and nodes. */
static void check_finds_any_flipped_list_bit(void **state)
{
    (void)state;
    fill_in_part();
    phys_t blocks[5];
    for (size_t i = 0; i < 5; i++)
        blocks[i] = expect_block(request_of(FRAME_BYTES));
    mm_free(&mm, blocks[1]);
    mm_free(&mm, blocks[3]);
    struct run_index *index = &mm.buddy.index;
    size_t link_count =
        index_nodes_end(index) - INDEX_NODE_LINKS + SHELF_COUNT * (size_t)index->lengths;
    assert_true(index->links[0] != INDEX_NODE_LINKS); /* some are listed */
    assert_int_equal(count_unnoticed_flips(index->links, sizeof *index->links), 0);
    assert_int_equal(
        count_unnoticed_flips(index->links + INDEX_NODE_LINKS, link_count * sizeof *index->links),
        0);
    assert_true(index->cell_count > 0);
    assert_int_equal(count_unnoticed_flips(index->cells, index->cell_limit * sizeof *index->cells),
                     0);
    assert_int_equal(count_unnoticed_flips(index->origins, sizeof *index->origins), 0);
    for (unsigned shelf = 0; shelf < SHELF_COUNT; shelf++) {
        struct index_shelf *at = &index->shelves[shelf];
        assert_int_equal(count_unnoticed_flips(at->filled, sizeof at->filled), 0);
        assert_int_equal(count_unnoticed_flips(&at->filled_words, sizeof at->filled_words), 0);
    }
}

/* Whatever the size is: just beyond what makes another list, node or block of the tree as well. */
static void tables_take_at_most_a_byte_a_frame(void **state)
{
    (void)state;
    static const pfn_t firsts[] = {0, 0x77, 0xF7, 0x100};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
        for (pfn_t count = 64 * MIB >> FRAME_SHIFT; count < BUDDY_MAX_FRAMES;
             count += 1 + count / 50000) {
            struct frame_range range = {firsts[i], firsts[i] + count};
            if (buddy_table_bytes(range) + sizeof(struct mm) > count)
                fail_msg("%llu frames at 0x%llx take %zu bytes", (unsigned long long)count,
                         (unsigned long long)firsts[i], buddy_table_bytes(range));
        }
}

static void check_finds_any_flipped_count(void **state)
{
    (void)state;
    fill_in_part();
    assert_int_equal(count_unnoticed_flips(&mm.buddy.frame_count, sizeof mm.buddy.frame_count), 0);
    assert_int_equal(count_unnoticed_flips(&mm.buddy.free_count, sizeof mm.buddy.free_count), 0);
    assert_int_equal(count_unnoticed_flips(&mm.buddy.end_pfn, sizeof mm.buddy.end_pfn), 0);
    assert_int_equal(
        count_unnoticed_flips(&mm.ledger.planted_count, sizeof mm.ledger.planted_count), 0);
    assert_int_equal(count_unnoticed_flips(&mm.ledger.spare_count, sizeof mm.ledger.spare_count),
                     0);
}

/* In the trees as well as before it is in any. */
static void check_finds_damaged_records(void **state)
{
    (void)state;
    fill_in_part();
    expect_block(request_of(2 * FRAME_BYTES));
    struct ledger_record *record = record_at(&mm.ledger, mm.ledger.newest);
    for (int round = 0; round < 2; round++) {
        phys_t *base = &record->as.block.base;
        uint64_t *size_bytes = &record->as.block.size_bytes;
        assert_int_equal(count_unnoticed_flips(base, sizeof *base), 0);
        assert_int_equal(count_unnoticed_flips(size_bytes, sizeof *size_bytes), 0);
        struct ledger_record right = *record;
        *size_bytes = 0;
        assert_string_equal(mm_check(&mm), "a record has no size");
        *record = right;
        record->id = mm.ledger.last_id + 1;
        assert_string_equal(mm_check(&mm), "a record has an id that was never given");
        *record = right;
        expect_block(request_of(3 * FRAME_BYTES));
    }
}

/* Frames and records that know nothing of each other: a leak below, and a leak above. */
static void check_finds_runs_and_records_apart(void **state)
{
    (void)state;
    struct buddy_request run = {1, 1, 0, LOW_END, 0};
    pfn_t first;
    assert_int_equal(buddy_alloc(&mm.buddy, &run, &first), MM_OK);
    assert_string_equal(mm_check(&mm), "an allocated run has no record");
    struct mm_block block;
    assert_int_equal(ledger_choose_owner(&mm.ledger, "test"), MM_OK);
    assert_true(ledger_enter(&mm.ledger, first << FRAME_SHIFT, FRAME_BYTES + 1, &block));
    assert_string_equal(mm_check(&mm), "a block's record and its frames disagree");
    assert_true(ledger_strike(&mm.ledger, block.base));
    assert_true(ledger_enter(&mm.ledger, first << FRAME_SHIFT, FRAME_BYTES, &block));
    assert_null(mm_check(&mm));
    assert_int_equal(buddy_free(&mm.buddy, first, NULL), MM_OK);
    assert_string_equal(mm_check(&mm), "a record has no frames");
    assert_true(ledger_strike(&mm.ledger, block.base));
}

static void check_finds_overlapping_ranges(void **state)
{
    (void)state;
    struct buddy_range *highest = mm.buddy.highest;
    pfn_t first = highest->first_pfn;
    highest->first_pfn = LOW_FIRST;
    assert_string_equal(mm_check(&mm), "a range's numbers disagree");
    highest->first_pfn = first;
    pfn_t end = highest->lower->end_pfn;
    highest->lower->end_pfn = first + 1;
    assert_string_equal(mm_check(&mm), "two ranges overlap");
    highest->lower->end_pfn = end;
}

/* A chain that leads back into itself must not be followed for ever. */
static void check_ends_on_looping_free_records(void **state)
{
    (void)state;
    struct mm_block blocks[3];
    struct mm_request request = request_of(1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mm_alloc(&mm, &request, &blocks[i]), MM_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mm_free(&mm, blocks[i].base), MM_OK);
    ledger_link first = mm.ledger.free_records;
    struct ledger_record *second = record_at(&mm.ledger, record_at(&mm.ledger, first)->as.next);
    ledger_link right = second->as.next;
    second->as.next = first;
    assert_string_equal(mm_check(&mm), "there are more free records than were counted");
    second->as.next = right;
}

/* ---- the model ------------------------------------------------------------------------------ */

#define MODEL_BLOCKS 64

static const char *const owners[] = {"video", "shell", "stress", "a"};

static struct mm_block model[MODEL_BLOCKS]; /* size_bytes 0: no block */
static size_t held_frames;
static uint32_t last_id;
static uint64_t random_state = RANDOM_SEED;

static uint32_t next_random(void)
{
    return random_next(&random_state);
}

static phys_t end_of(const struct mm_block *block)
{
    return block->base + ((block->size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1));
}

/* The block of the model that holds the address; NULL if none does. */
static struct mm_block *model_find(phys_t address)
{
    for (size_t i = 0; i < MODEL_BLOCKS; i++)
        if (model[i].size_bytes && address >= model[i].base && address < end_of(&model[i]))
            return &model[i];
    return NULL;
}

static bool is_managed(phys_t address)
{
    return (address >= LOW_BASE && address < LOW_LIMIT) ||
           (address >= HIGH_BASE && address < HIGH_LIMIT);
}

static struct mm_request random_request(void)
{
    struct mm_request request = request_of(1 + next_random() % (1u << next_random() % 16));
    request.owner = owners[next_random() % 4];
    if (next_random() % 3 == 0)
        request.align_bytes = (uint64_t)1 << next_random() % 17;
    if (next_random() % 3 == 0)
        request.limit = LOW_BASE + next_random() % (2 * MIB);
    if (next_random() % 3 == 0)
        request.lowest = next_random() % 2 ? HIGH_BASE : LOW_BASE + next_random() % MIB;
    if (next_random() % 3 == 0)
        request.boundary_bytes = (uint64_t)1 << next_random() % 18;
    return request;
}

/* Whether [base, end of the last frame) is managed and free, byte by byte of the contract. */
static bool model_fits(phys_t base, const struct mm_request *request)
{
    struct mm_block block = {.base = base, .size_bytes = request->size_bytes};
    if (base < request->lowest || base > request->limit ||
        request->limit - base < request->size_bytes)
        return false;
    if (request->align_bytes && base % request->align_bytes)
        return false;
    if (request->boundary_bytes && base / request->boundary_bytes !=
                                       (base + request->size_bytes - 1) / request->boundary_bytes)
        return false;
    for (phys_t frame = base; frame < end_of(&block); frame += FRAME_BYTES)
        if (!is_managed(frame) || model_find(frame))
            return false;
    return true;
}

/* The highest place by trying each; 0 if there is none. */
static phys_t model_search(const struct mm_request *request)
{
    for (phys_t base = HIGH_LIMIT - FRAME_BYTES; base >= HIGH_BASE; base -= FRAME_BYTES)
        if (model_fits(base, request))
            return base;
    for (phys_t base = LOW_LIMIT - FRAME_BYTES; base >= LOW_BASE; base -= FRAME_BYTES)
        if (model_fits(base, request))
            return base;
    return 0;
}

static bool model_refuses(const struct mm_request *request)
{
    return (request->boundary_bytes && request->boundary_bytes < request->size_bytes) ||
           request->lowest >= request->limit ||
           request->limit - request->lowest < request->size_bytes;
}

static void step_alloc(struct mm_block *slot)
{
    struct mm_request request = random_request();
    phys_t expected = model_search(&request);
    struct mm_block made;
    enum mm_status status = mm_alloc(&mm, &request, &made);
    if (model_refuses(&request)) {
        assert_true(status == MM_BOUNDARY_TOO_SMALL || status == MM_BAD_LIMIT);
        return;
    }
    assert_int_equal(status, expected ? MM_OK : MM_NO_ROOM);
    if (!expected)
        return;
    assert_true(model_fits(made.base, &request));
    assert_true((made.base >= HIGH_BASE) == (expected >= HIGH_BASE));
    *slot = made;
    assert_int_equal(slot->id, ++last_id);
    assert_string_equal(slot->owner, request.owner);
    held_frames += (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
}

static void step_free(struct mm_block *slot)
{
    held_frames -= (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
    assert_int_equal(mm_free(&mm, slot->base), MM_OK);
    slot->size_bytes = 0;
}

static bool model_holds_any(phys_t base, phys_t end)
{
    for (phys_t frame = base; frame < end; frame += FRAME_BYTES)
        if (model_find(frame))
            return true;
    return false;
}

/* Any few frames, by their addresses. */
static void step_reserve(struct mm_block *slot)
{
    phys_t base = (next_random() % 4 ? LOW_BASE : HIGH_BASE) + next_random() % (2 * MIB);
    phys_t end = base + 1 + next_random() % (4 * FRAME_BYTES);
    struct mm_block reserved = {.base = base & ~(FRAME_BYTES - 1)};
    reserved.size_bytes = ((end + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1)) - reserved.base;
    enum mm_status expected = MM_OK;
    if (model_holds_any(reserved.base, end))
        expected = MM_IN_USE;
    else if (!is_managed(reserved.base) || !is_managed(end - 1))
        expected = MM_NOT_MANAGED;
    struct mm_block made;
    assert_int_equal(mm_reserve(&mm, base, end, owners[0], &made), expected);
    if (expected != MM_OK)
        return;
    assert_int_equal(made.base, reserved.base);
    assert_int_equal(made.size_bytes, reserved.size_bytes);
    assert_int_equal(made.id, ++last_id);
    *slot = made;
    held_frames += (size_t)((end_of(slot) - slot->base) >> FRAME_SHIFT);
}

/* Any address: found or not, and if it is no block's first byte, refused as the model says. */
static void step_probe(void)
{
    phys_t address = (next_random() % 4 ? LOW_BASE : HIGH_BASE) + next_random() % (2 * MIB);
    if (next_random() % 2)
        address &= ~(FRAME_BYTES - 1);
    struct mm_block *expected = model_find(address);
    struct mm_block found;
    assert_int_equal(mm_find_address(&mm, address, &found), expected != NULL);
    if (expected)
        assert_memory_equal(&found, expected, sizeof found);
    if (expected && expected->base == address)
        return;
    enum mm_status refusal = expected              ? MM_INSIDE_BLOCK
                             : is_managed(address) ? MM_ALREADY_FREE
                                                   : MM_NOT_MANAGED;
    assert_int_equal(mm_free(&mm, address), refusal);
}

static void compare_with_model(void)
{
    assert_null(mm_check(&mm));
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    assert_int_equal(totals.free_count, totals.frame_count - held_frames);
    size_t block_count = 0;
    struct mm_block found;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (model[i].size_bytes == 0)
            continue;
        block_count++;
        assert_true(mm_find_id(&mm, model[i].id, &found));
        assert_memory_equal(&found, &model[i], sizeof found);
    }
    assert_int_equal(totals.block_count, block_count);
    for (phys_t cursor = 0; mm_next_block(&mm, &cursor, &found); block_count--)
        assert_non_null(model_find(found.base));
    assert_int_equal(block_count, 0);
}

static void agrees_with_an_array_of_blocks(void **state)
{
    (void)state;
    memset(model, 0, sizeof model);
    held_frames = 0;
    last_id = 0;
    for (int i = 0; i < 30000; i++) {
        struct mm_block *slot = &model[next_random() % MODEL_BLOCKS];
        if (next_random() % 4 == 0)
            step_probe();
        else if (slot->size_bytes)
            step_free(slot);
        else if (next_random() % 4 == 0)
            step_reserve(slot);
        else
            step_alloc(slot);
        if (i % 64 == 0)
            compare_with_model();
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++)
        if (model[i].size_bytes)
            step_free(&model[i]);
    compare_with_model();
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(block_takes_the_frames_its_bytes_need),
        RULE(block_says_what_it_is),
        RULE(limit_bounds_the_last_byte_not_the_frame),
        RULE(limit_at_the_lowest_frame),
        RULE(lowest_bounds_the_first_byte),
        RULE(bounds_within_a_frame_leave_no_room),
        RULE(lowest_may_reach_above_4_gib),
        RULE(limits_beyond_all_addresses_are_none),
        RULE(alignment_holds_at_every_power),
        RULE(boundary_is_not_crossed),
        RULE(boundary_below_a_frame_is_kept_by_any_block),
        RULE(each_wrong_request_is_named),
        RULE(range_smaller_than_the_block_is_refused),
        RULE(every_status_has_its_own_text),
        RULE(wrong_ranges_are_refused),
        RULE(reservation_takes_the_frames_around_it),
        RULE(reservation_may_be_a_byte_or_a_whole_range),
        RULE(reservation_of_frame_0),
        RULE(each_wrong_reservation_is_named),
        RULE(reservation_of_used_frames_is_refused),
        RULE(reservation_lies_in_one_range),
        RULE(reservation_takes_frames_freed_lately),
        RULE(reservation_needs_a_record),
        RULE(refusal_chooses_no_owner),
        RULE(each_wrong_free_is_named),
        RULE(ids_are_never_used_again),
        RULE(refused_request_uses_no_id),
        RULE(owner_is_1_to_23_printable_characters),
        RULE(owner_is_copied),
        RULE(block_is_found_by_any_address_in_its_frames),
        RULE(unknown_ids_are_not_found),
        RULE(tag_stays_with_its_block),
        RULE(blocks_come_in_ascending_order),
        RULE(looks_change_nothing),
        RULE(cursor_takes_the_block_at_or_above_it),
        RULE(totals_add_up),
        RULE(largest_run_is_what_would_have_fitted),
        RULE(largest_run_counts_bytes_below_the_limit),
        RULE(ledger_doubles_with_its_blocks),
        RULE(without_memory_for_records_blocks_are_refused),
        RULE(ledger_grows_by_pages_if_it_must),
        RULE(ledger_may_grow_out_of_its_own_manager),
        RULE(failed_growth_may_use_up_the_reserve),
        RULE(growth_waits_for_the_request),
        RULE(check_finds_any_flipped_frame_bit),
        RULE(check_finds_any_flipped_block_bit),
        RULE(check_finds_any_flipped_stretch_bit),
        RULE(check_finds_any_flipped_list_bit),
        RULE(tables_take_at_most_a_byte_a_frame),
        RULE(check_finds_any_flipped_count),
        RULE(check_finds_damaged_records),
        RULE(check_finds_runs_and_records_apart),
        RULE(check_finds_overlapping_ranges),
        RULE(check_ends_on_looping_free_records),
        RULE(agrees_with_an_array_of_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
