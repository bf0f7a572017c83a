/*
 * What mm/'s own functions ask of each other: each MM_ASSERT_COSTLY that is tried here fires before
 * anything is changed.
 */

#include "test.h"

#include "fake_port.h"
#include "mm/buddy.h"
#include "mm/chunks.h"
#include "mm/frame_set.h"
#include "mm/marks.h"
#include "mm/range.h"
#include "mm/record.h"
#include "mm/search.h"

static void tell_cmocka(const char *expression, const char *file, int line)
{
    mock_assert(false, expression, file, line);
}

static int listen(void **state)
{
    (void)state;
    fake_port_on_assertion = tell_cmocka;
    return 0;
}

static int stop_listening(void **state)
{
    (void)state;
    fake_port_on_assertion = NULL;
    return 0;
}

/* ---- trees ----------------------------------------------------------------------------------- */

static uint64_t tables[4096];

/* Of 4096 frames, those from 1000 to 1999 are free. */
static void open_tree(struct tree *tree)
{
    struct frame_range range = {0, 4096};
    assert_true(tree_table_bytes(range) <= sizeof tables);
    tree_init(tree, range, tables);
    tree_give(tree, 1000, 2000);
}

static void expect_tree_as_it_was(const struct tree *tree)
{
    pfn_t free_count;
    assert_null(tree_check(tree, &free_count));
    assert_int_equal(free_count, 1000);
    assert_int_equal(tree_run_first(tree, 1500), 1000);
    assert_int_equal(tree_run_end(tree, 1500), 2000);
}

static void taken_run_must_be_free(void **state)
{
    (void)state;
    struct tree tree;
    open_tree(&tree);
    expect_assert_failure(tree_take(&tree, 999, 1001));
    expect_assert_failure(tree_take(&tree, 1999, 2001));
    expect_assert_failure(tree_take(&tree, 1500, 1500));
    expect_assert_failure(tree_take(&tree, 1500, 4097));
    expect_tree_as_it_was(&tree);
    tree_take(&tree, 1000, 2000);
}

/* Also if only one frame in the middle is free, in a leaf or below a full block. */
static void given_run_must_have_no_free_frame(void **state)
{
    (void)state;
    struct tree tree;
    open_tree(&tree);
    expect_assert_failure(tree_give(&tree, 999, 1001));
    expect_assert_failure(tree_give(&tree, 1999, 2001));
    expect_assert_failure(tree_give(&tree, 0, 4096));
    expect_assert_failure(tree_give(&tree, 1536, 1537));
    expect_assert_failure(tree_give(&tree, 4095, 4097));
    expect_tree_as_it_was(&tree);
    tree_give(&tree, 0, 1000);
    tree_give(&tree, 2000, 4096);
}

static void run_is_asked_for_by_a_free_frame(void **state)
{
    (void)state;
    struct tree tree;
    open_tree(&tree);
    expect_assert_failure(tree_run_first(&tree, 999));
    expect_assert_failure(tree_run_end(&tree, 2000));
}

static void block_must_be_there(void **state)
{
    (void)state;
    struct tree tree;
    open_tree(&tree);
    expect_assert_failure(tree_block(&tree, tree.top + 1, 0));
    expect_assert_failure(tree_block(&tree, LEAF_ORDER, 8));
    expect_assert_failure(tree_word(&tree, 4096));
}

static void leaf_is_given_a_free_frame(void **state)
{
    (void)state;
    uint32_t memory[REACH_LEAF_BYTES / sizeof(uint32_t)] = {0};
    uint64_t words[LEAF_WORDS] = {0x10};
    expect_assert_failure(reach_give((reach_t *)memory, words, 5));
    assert_true(reach_give((reach_t *)memory, words, 4));
}

/* No request asks for no frames, or for a boundary that its alignment or length makes useless. */
static void wish_must_be_valid(void **state)
{
    (void)state;
    struct tree tree;
    struct search_result found;
    struct place_wish empty = {0, 0, 4096, 0, PLACE_NO_BOUNDARY};
    struct place_wish aligned = {1, 0, 4096, 4, 5};
    struct place_wish long_one = {17, 0, 4096, 0, 4};
    struct place_wish valid = {15, 0, 4096, 0, 4};
    open_tree(&tree);
    expect_assert_failure(search_tree(&tree, &empty, &found));
    expect_assert_failure(search_tree(&tree, &aligned, &found));
    expect_assert_failure(search_tree(&tree, &long_one, &found));
    assert_false(place_is_valid(&empty));
    assert_true(search_tree(&tree, &valid, &found));
    assert_int_equal(found.place, 1985);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static struct buddy_range *open_range(void)
{
    struct frame_range frames = {64, 192};
    assert_true(range_table_bytes(frames) <= sizeof tables);
    struct buddy_range *range = range_create(frames, tables);
    range_enter(range, 10, 20);
    return range;
}

static void run_must_be_in_its_range(void **state)
{
    (void)state;
    struct buddy_range *range = open_range();
    expect_assert_failure(range_enter(range, 100, 0));
    expect_assert_failure(range_enter(range, 100, 29));
    expect_assert_failure(range_record(range, 256));
    range_enter(range, 100, 28);
}

static void run_must_not_be_over_another(void **state)
{
    (void)state;
    struct buddy_range *range = open_range();
    expect_assert_failure(range_enter(range, 5, 10));
    expect_assert_failure(range_enter(range, 29, 2));
    expect_assert_failure(range_enter(range, 20, 100));
    range_enter(range, 30, 70);
    expect_assert_failure(range_enter(range, 0, 128));
}

static void forgotten_run_must_be_one(void **state)
{
    (void)state;
    struct buddy_range *range = open_range();
    expect_assert_failure(range_strike(range, 10, 29));
    expect_assert_failure(range_strike(range, 11, 30));
    expect_assert_failure(range_length(range, 11));
    expect_assert_failure(range_join(range, 30));
    range_enter(range, 30, 5);
    range_join(range, 30);
    range_strike(range, 10, 35);
}

static void live_frames_must_fit(void **state)
{
    (void)state;
    struct buddy_range *range = open_range();
    expect_assert_failure(range_count_live(range, 10, 129));
    range_count_live(range, 10, 20);
    expect_assert_failure(range_count_free(range, 10, 21));
    range_count_free(range, 10, 20);
}

static void marked_number_must_be_below_the_limit(void **state)
{
    (void)state;
    struct marks marks;
    uint32_t found;
    marks_init(&marks, 100, tables);
    expect_assert_failure(marks_add(&marks, 100));
    expect_assert_failure(marks_remove(&marks, 100));
    expect_assert_failure(marks_find_below(&marks, 100, &found));
    marks_add(&marks, 99);
    assert_true(marks_has(&marks, 99));
    assert_false(marks_has(&marks, 98));
}

/* ---- lists ----------------------------------------------------------------------------------- */

#define FIRST INDEX_NODE_LINKS
#define SECOND (2 * INDEX_NODE_LINKS)

/* The index of 128 MiB: nodes FIRST and SECOND are in the list of 3 frames. */
static void open_index(struct run_index *index)
{
    static uint64_t memory[8192];
    assert_true(index_bytes(32768, 1) <= sizeof memory);
    index_create(index, memory, 32768, 1);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t node = index_new_node(index);
        index_at(index, node)->length = 3;
        index_list_node(index, &index->shelves[0], node, 3);
    }
}

static void unlinked_node_must_be_linked(void **state)
{
    (void)state;
    struct run_index index;
    open_index(&index);
    index_unlink_node(&index, FIRST);
    expect_assert_failure(index_unlink_node(&index, FIRST));
    expect_assert_failure(index_unlink_node(&index, 0));
    expect_assert_failure(index_unlink_node(&index, index_nodes_end(&index)));
    index_unlink_node(&index, SECOND);
}

static void linked_node_must_be_in_no_list(void **state)
{
    (void)state;
    struct run_index index;
    open_index(&index);
    expect_assert_failure(index_list_node(&index, &index.shelves[0], FIRST, 3));
    expect_assert_failure(index_list_node(&index, &index.shelves[0], SECOND, 4));
    expect_assert_failure(index_free_node(&index, SECOND));
    index_unlist_node(&index, &index.shelves[0], SECOND);
    index_free_node(&index, SECOND);
    expect_assert_failure(index_free_node(&index, SECOND));
}

static void first_node_must_be_there(void **state)
{
    (void)state;
    struct run_index index;
    open_index(&index);
    expect_assert_failure(index_unlist_first(&index, &index.shelves[0], 4));
    expect_assert_failure(index_unlist_first(&index, &index.shelves[1], 3));
    assert_int_equal(index_unlist_first(&index, &index.shelves[0], 3), SECOND);
    assert_int_equal(index_unlist_first(&index, &index.shelves[0], 3), FIRST);
}

/* ---- records --------------------------------------------------------------------------------- */

static void record_must_be_ready(void **state)
{
    (void)state;
    struct ledger ledger;
    struct mm_block block;
    ledger_init(&ledger);
    ledger_add_memory(&ledger, tables, CHUNK_BYTES);
    expect_assert_failure(record_enter(&ledger, 0, 1, &block));
    assert_int_equal(ledger_choose_owner(&ledger, "owner"), MM_OK);
    assert_true(ledger_enter(&ledger, 0, 1, &block));
    expect_assert_failure(record_enter(&ledger, FRAME_BYTES, 1, &block));
    record_strike_newest(&ledger);
    expect_assert_failure(record_strike_newest(&ledger));
    assert_null(ledger_check(&ledger));
}

static void chunk_must_have_its_number(void **state)
{
    (void)state;
    struct chunks chunks;
    chunks_init(&chunks);
    expect_assert_failure(chunks_at(&chunks, 0));
    expect_assert_failure(chunks_add(&chunks, NULL));
    assert_true(chunks_add(&chunks, tables));
    assert_ptr_equal(chunks_at(&chunks, 0), tables);
    expect_assert_failure(chunks_at(&chunks, 1));
}

/* ---- sets of frames -------------------------------------------------------------------------- */

static void frame_must_be_new_to_its_set(void **state)
{
    (void)state;
    static struct frame_set set;
    frame_set_init(&set);
    expect_assert_failure(frame_set_take(&set));
    expect_assert_failure(frame_set_next_place(&set, 0));
    frame_set_add(&set, 5);
    expect_assert_failure(frame_set_add(&set, 5));
    expect_assert_failure(frame_set_add(&set, 5 + FRAME_SET_PLACES * WORD_BITS));
    expect_assert_failure(frame_set_empty_place(&set, 1));
    assert_null(frame_set_check(&set));
    assert_int_equal(frame_set_take(&set), 5);
}

/* In a build without them, such as the one that counts what the tests reach. */
static void nothing_is_asked(void **state)
{
    (void)state;
    skip();
}

#ifdef MM_COSTLY
#define IS_ASKED true
#else
#define IS_ASKED false
#endif

int main(void)
{
    const struct CMUnitTest none[] = {cmocka_unit_test(nothing_is_asked)};
    if (!IS_ASKED)
        return cmocka_run_group_tests(none, NULL, NULL);
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, listen, stop_listening)
    const struct CMUnitTest tests[] = {
        RULE(taken_run_must_be_free),
        RULE(given_run_must_have_no_free_frame),
        RULE(run_is_asked_for_by_a_free_frame),
        RULE(block_must_be_there),
        RULE(leaf_is_given_a_free_frame),
        RULE(wish_must_be_valid),
        RULE(run_must_be_in_its_range),
        RULE(run_must_not_be_over_another),
        RULE(forgotten_run_must_be_one),
        RULE(live_frames_must_fit),
        RULE(marked_number_must_be_below_the_limit),
        RULE(unlinked_node_must_be_linked),
        RULE(linked_node_must_be_in_no_list),
        RULE(first_node_must_be_there),
        RULE(record_must_be_ready),
        RULE(chunk_must_have_its_number),
        RULE(frame_must_be_new_to_its_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
