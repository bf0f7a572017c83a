/* The memory that the manager itself needs: what its tables take, and how the ledger grows. */

#include "one_mm.h"

/* ---- tables ---------------------------------------------------------------------------------- */

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

/* ---- the ledger's growth --------------------------------------------------------------------- */

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

/* No record is free for the owner, until there is memory. */
static void new_owner_gets_its_record_when_the_ledger_grows(void **state)
{
    (void)state;
    fake_port_has_memory = false;
    fill(MM_NO_RECORD);
    fake_port_has_memory = true;
    struct mm_request request = request_of(1);
    struct mm_block block;
    request.owner = "other";
    assert_int_equal(mm_alloc(&mm, &request, &block), MM_OK);
    assert_string_equal(block.owner, "other");
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

static void try_to_take_a_block_then_fail(size_t size_bytes)
{
    (void)size_bytes;
    struct mm_request request = request_of(1);
    struct mm_block block;
    mm_alloc(&mm, &request, &block);
    fake_port_has_memory = false;
}

/* Whether its owner is the one chosen before, or another one. The host comes after it. */
static void last_record_is_for_the_block_that_was_asked_for(void **state)
{
    (void)state;
    static const char *const owners[] = {"test", "other"};
    struct mm_request request = request_of(1);
    request.owner = "other";
    fake_port_has_memory = false;
    expect_block(request);
    while (ledger_free_count(&mm.ledger) > 1)
        expect_block(request_of(1));
    for (size_t i = 0; i < 2; i++) {
        fake_port_has_memory = true;
        fake_port_before_memory = try_to_take_a_block_then_fail;
        request.owner = owners[i];
        phys_t base = expect_block(request);
        assert_int_equal(ledger_free_count(&mm.ledger), 0);
        free_and_check(base);
    }
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

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(tables_take_at_most_a_byte_a_frame),
        RULE(ledger_doubles_with_its_blocks),
        RULE(without_memory_for_records_blocks_are_refused),
        RULE(new_owner_gets_its_record_when_the_ledger_grows),
        RULE(ledger_grows_by_pages_if_it_must),
        RULE(ledger_may_grow_out_of_its_own_manager),
        RULE(failed_growth_may_use_up_the_reserve),
        RULE(last_record_is_for_the_block_that_was_asked_for),
        RULE(growth_waits_for_the_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
