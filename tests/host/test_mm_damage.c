/* What mm_check finds when memory is damaged on purpose. */

#include "one_mm.h"

#include "mm/record.h"

/* Flips each bit of [memory, memory + size_bytes) in turn; returns how many went unnoticed. */
static size_t count_unnoticed_flips(void *memory, size_t size_bytes)
{
    uint8_t *bytes = memory;
    size_t unnoticed = 0;
    for (size_t bit = 0; bit < size_bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        unnoticed += !mm_check(&mm);
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

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_mm, close_mm)
    const struct CMUnitTest tests[] = {
        RULE(check_finds_any_flipped_frame_bit),   RULE(check_finds_any_flipped_block_bit),
        RULE(check_finds_any_flipped_stretch_bit), RULE(check_finds_any_flipped_list_bit),
        RULE(check_finds_any_flipped_count),       RULE(check_finds_damaged_records),
        RULE(check_finds_runs_and_records_apart),  RULE(check_finds_overlapping_ranges),
        RULE(check_ends_on_looping_free_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
