/* Blocks that are handed out: frees that are refused, ids, owners, tags, and what finds a block. */

#include "one_mm.h"

/* ---- frees and ids --------------------------------------------------------------------------- */

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

/* ---- owners, tags, finding ------------------------------------------------------------------- */

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

static void looks_change_nothing(void **state)
{
    (void)state;
    fill_in_part();
    assert_int_equal(mm_free(&mm, expect_block(request_of(3 * FRAME_BYTES))), MM_OK);
    save_all();
    look_at_all();
    expect_all_as_saved();
}

/* A cursor inside of a block has passed it: the next one is the answer. */
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

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(each_wrong_free_is_named),
        RULE(ids_are_never_used_again),
        RULE(refused_request_uses_no_id),
        RULE(owner_is_1_to_23_printable_characters),
        RULE(owner_is_copied),
        RULE(refusal_chooses_no_owner),
        RULE(block_is_found_by_any_address_in_its_frames),
        RULE(unknown_ids_are_not_found),
        RULE(tag_stays_with_its_block),
        RULE(blocks_come_in_ascending_order),
        RULE(looks_change_nothing),
        RULE(cursor_takes_the_block_at_or_above_it),
        RULE(totals_add_up),
        RULE(largest_run_is_what_would_have_fitted),
        RULE(largest_run_counts_bytes_below_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
