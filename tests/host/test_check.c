/*
 * What buddy_check says of damage: each sentence, and that no flipped bit of what the buddy
 * remembers goes unnoticed. The bits of tables are flipped in test_mm_damage.c.
 */

#include "one_arena.h"

static void expect_broken(const char *sentence)
{
    const char *broken = buddy_check(&arena.buddy);
    assert_non_null(broken);
    assert_string_equal(broken, sentence);
}

/* Changes a value, expects the sentence, and changes it back. */
#define EXPECT_WITH(value, damaged, sentence)                                                      \
    do {                                                                                           \
        __typeof__(value) whole = (value);                                                         \
        (value) = (__typeof__(value))(damaged);                                                    \
        expect_broken(sentence);                                                                   \
        (value) = whole;                                                                           \
        assert_null(buddy_check(&arena.buddy));                                                    \
    } while (0)

static struct buddy_range *highest(void)
{
    return arena.buddy.highest;
}

static void ranges_and_their_numbers(void **state)
{
    (void)state;
    add(0x100, 0x200);
    add(0x400, 0x500);
    EXPECT_WITH(highest()->lower->end_pfn, 0x401, "two ranges overlap");
    EXPECT_WITH(highest()->first_pfn, 0x3FF, "a range's numbers disagree");
    EXPECT_WITH(highest()->tree_offset, 1, "a range's numbers disagree");
    EXPECT_WITH(arena.buddy.end_pfn, 0x501, "the end of the frames is wrong");
    EXPECT_WITH(arena.buddy.frame_count, 0x201, "the count of frames is wrong");
    EXPECT_WITH(arena.buddy.free_count, 0x1FF, "the count of free frames is wrong");
}

static void stretches_follow_from_their_ranges(void **state)
{
    (void)state;
    static const char place[] = "a range's place among the others is wrong";
    static const char numbers[] = "what is known of several ranges is wrong";
    add(0x100, 0x200);
    EXPECT_WITH(highest()->stretch.height, 1, place);
    EXPECT_WITH(highest()->stretch.own[0], 1, numbers);
    add(0x400, 0x500);
    add(0x600, 0x700);
    struct stretch *root = &arena.buddy.root->stretch;
    EXPECT_WITH(root->height, root->height - 1, place);
    EXPECT_WITH(root->own[0], 3, numbers);
    EXPECT_WITH(root->all[0], 3, numbers);
    EXPECT_WITH(root->span.end, 0x6FF, place);
    EXPECT_WITH(root->order, root->order + 1, place);
    EXPECT_WITH(root->above, highest(), "a range is lost in the tree of ranges");
}

static void trees_follow_from_their_bits(void **state)
{
    (void)state;
    add(0x1010, 0x2FF0);
    pfn_t first;
    take(700, 1, 0, NO_LIMIT, 0, &first);
    struct tree *tree = &highest()->tree;
    reach_t *part = tree_block(tree, LEAF_ORDER, tree->first >> LEAF_ORDER);
    EXPECT_WITH(part[0], 1, "a block's numbers do not fit its frames");
    EXPECT_WITH(*tree_word(tree, tree->first), WORD_ONES, "a frame is free that is not there");
    EXPECT_WITH(*tree_word(tree, (uint32_t)(0x2000 - tree->origin)), 1, "a full block has bits");
}

/* .....[ block ].....[ block ] : the marks of both, each wrong in each way */
static void marks_make_blocks(void **state)
{
    (void)state;
    add(0x100, 0x200);
    pfn_t first;
    take(5, 1, 0x1FB, NO_LIMIT, 0, &first);
    take(5, 1, 0x12B, 0x130, 0, &first);
    struct buddy_range *range = highest();
    for (uint32_t frame = range->first; frame <= range->end; frame++) {
        struct range_part *record = range_record(range, frame);
        record->begins ^= bits_of(frame);
        assert_non_null(buddy_check(&arena.buddy));
        record->begins ^= bits_of(frame);
        record->ends ^= bits_of(frame);
        assert_non_null(buddy_check(&arena.buddy));
        record->ends ^= bits_of(frame);
    }
    assert_null(buddy_check(&arena.buddy));
}

/* One run listed, one freed last, one to be cut, and long blocks. */
static void keep_some_runs(void)
{
    pfn_t firsts[8];
    add(0x1000, 0x3000);
    for (size_t i = 0; i < 8; i++)
        take(i % 2 ? 7 : 70, 1, 0, NO_LIMIT, 0, &firsts[i]);
    give(firsts[1], NULL);
    give(firsts[5], NULL);
    give(firsts[3], NULL);
}

static void what_is_set_aside_is_where_it_is_said_to_be(void **state)
{
    (void)state;
    static const char wrong[] = "a run set aside is not what it is said to be";
    keep_some_runs();
    struct buddy_run *cut = &arena.buddy.aside[1];
    struct buddy_run *last = &arena.buddy.aside[BAND_COUNT];
    assert_int_equal(last->end - last->first, 7);
    assert_true(cut->end > cut->first);
    EXPECT_WITH(last->first, last->first + 1, wrong);
    EXPECT_WITH(last->end, last->end - 1, wrong);
    EXPECT_WITH(cut->end, cut->end + 1, wrong);
    EXPECT_WITH(last->range, NULL, "a run set aside is not there");
    struct buddy_run swapped = *cut;
    *cut = (struct buddy_run){NULL, 0, 0};
    arena.buddy.aside[2] = swapped;
    expect_broken("a run set aside is in the wrong band");
    arena.buddy.aside[2] = *cut;
    *cut = swapped;
    assert_null(buddy_check(&arena.buddy));
}

static void lists_hold_what_they_say(void **state)
{
    (void)state;
    keep_some_runs();
    struct run_index *index = &arena.buddy.index;
    uint32_t node = index->links[index->shelves[SHELF_LOW].lists + 7];
    assert_int_not_equal(node, 0);
    EXPECT_WITH(index_at(index, node)->first, index_at(index, node)->first + 1,
                "a listed run is not what it is said to be");
    EXPECT_WITH(index_at(index, node)->length, 6, "a listed run is in the wrong list");
    EXPECT_WITH(index_at(index, node)->range, 1, "a listed run is in the wrong list");
    EXPECT_WITH(index_at(index, node)->back, 0, "a list's links are wrong");
    EXPECT_WITH(index->shelves[SHELF_LOW].filled[0], 0, "a list is filled that is empty");
    EXPECT_WITH(index_at(index, node)->beside, node, "a chain of listed runs is wrong");
    EXPECT_WITH(index->shelves[SHELF_LOW].filled_words, 0,
                "a word of lists is filled that is empty");
    EXPECT_WITH(index->links[0], 0, "a node is lost");
}

/* It is freed without a look at the bits. */
static void block_taken_last_is_a_block(void **state)
{
    (void)state;
    static const char wrong[] = "the block taken last is not what it is said to be";
    pfn_t first;
    add(0x100, 0x200);
    assert_int_equal(buddy_alloc_any(&arena.buddy, 5, &first), MM_OK);
    struct buddy_taken *taken = &arena.buddy.taken;
    EXPECT_WITH(taken->first, taken->first + 1, wrong);
    EXPECT_WITH(taken->first, highest()->end_pfn, "the block taken last is in no range");
    EXPECT_WITH(taken->length, taken->length - 1, wrong);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_OK);
    EXPECT_WITH(taken->range, highest(), wrong);
}

static void live_runs_have_their_length(void **state)
{
    (void)state;
    keep_some_runs();
    struct frame_range run;
    assert_true(buddy_next_run(&arena.buddy, 0, &run));
    assert_int_equal(run.end - run.first, 7);
    assert_true(buddy_next_run(&arena.buddy, run.end, &run));
    assert_int_equal(run.end - run.first, 70);
    struct range_part *record = range_record(highest(), (uint32_t)(run.first - highest()->origin));
    EXPECT_WITH(record->length, 71, "a live run's length is wrong");
}

int main(void)
{
#define RULE(rule) cmocka_unit_test_setup_teardown(rule, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        RULE(ranges_and_their_numbers),
        RULE(stretches_follow_from_their_ranges),
        RULE(trees_follow_from_their_bits),
        RULE(marks_make_blocks),
        RULE(what_is_set_aside_is_where_it_is_said_to_be),
        RULE(lists_hold_what_they_say),
        RULE(block_taken_last_is_a_block),
        RULE(live_runs_have_their_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
