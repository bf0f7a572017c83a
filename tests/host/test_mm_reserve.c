/* Frames that are taken by their addresses. */

#include "one_mm.h"

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

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(reservation_takes_the_frames_around_it),
        RULE(reservation_may_be_a_byte_or_a_whole_range),
        RULE(reservation_of_frame_0),
        RULE(each_wrong_reservation_is_named),
        RULE(reservation_of_used_frames_is_refused),
        RULE(reservation_lies_in_one_range),
        RULE(reservation_takes_frames_freed_lately),
        RULE(reservation_needs_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
