/*
 * What buddy_check says of damage: each sentence, and that no flipped bit of what the buddy
 * remembers goes unnoticed. The bits of tables are flipped in test_mm_damage.c.
 */

#include "damage.h"
#include "mm/ranges.h"
#include "one_arena.h"

static void expect_broken(const char *sentence)
{
    const char *broken = buddy_check(&arena.buddy);
    assert_non_null(broken);
    assert_string_equal(broken, sentence);
}

#define EXPECT_WITH(value, damaged, sentence)                                                      \
    EXPECT_DAMAGE(buddy_check(&arena.buddy), value, damaged, sentence)

static struct buddy_range *highest(void)
{
    return arena.buddy.highest;
}

/* No range of the arena's. */
static struct buddy_range stranger;

/* A frame of the highest range in the range's own numbers. */
static uint32_t number_of(pfn_t pfn)
{
    return (uint32_t)(pfn - highest()->origin);
}

static void ranges_and_their_numbers(void **state)
{
    (void)state;
    static const char numbers[] = "a range's numbers disagree";
    add(0x100, 0x200);
    add(0x400, 0x500);
    EXPECT_WITH(highest()->lower->end_pfn, 0x401, "two ranges overlap");
    EXPECT_WITH(highest()->first_pfn, 0x3FF, numbers);
    EXPECT_WITH(highest()->first_pfn, highest()->end_pfn, numbers);
    EXPECT_WITH(highest()->end_pfn, highest()->end_pfn + 1, numbers);
    EXPECT_WITH(highest()->end, highest()->end + 1, numbers);
    EXPECT_WITH(highest()->tree_offset, 1, numbers);
    EXPECT_WITH(highest()->tree.first, highest()->tree.first + 1, numbers);
    EXPECT_WITH(highest()->tree.end, highest()->tree.end + 1, numbers);
    EXPECT_WITH(highest()->tree.origin, highest()->tree.origin + WORD_BITS, numbers);
    EXPECT_WITH(arena.buddy.end_pfn, 0x501, "the end of the frames is wrong");
    EXPECT_WITH(arena.buddy.frame_count, 0x201, "the count of frames is wrong");
    EXPECT_WITH(arena.buddy.free_count, 0x1FF, "the count of free frames is wrong");
}

/* All its numbers agree that it has no frames. */
static void range_is_not_empty(void **state)
{
    (void)state;
    add(0x100, 0x200);
    struct buddy_range *range = highest();
    struct buddy_range whole = *range;
    range->first_pfn = range->end_pfn;
    range->first = range->end;
    range->tree.first = range->tree.end;
    expect_broken("a range's numbers disagree");
    *range = whole;
}

static void stretches_follow_from_their_ranges(void **state)
{
    (void)state;
    static const char place[] = "a range's place among the others is wrong";
    static const char numbers[] = "what is known of several ranges is wrong";
    static const char lost[] = "a range is lost in the tree of ranges";
    EXPECT_WITH(arena.buddy.root, &stranger, lost);
    add(0x100, 0x200);
    EXPECT_WITH(highest()->stretch.height, 1, place);
    EXPECT_WITH(highest()->stretch.order, highest()->stretch.order + 1, place);
    EXPECT_WITH(highest()->stretch.order, ORDER_MAX, place);
    EXPECT_WITH(highest()->stretch.order, ORDER_MAX + 1, place);
    EXPECT_WITH(highest()->stretch.all, highest()->stretch.own + 1, place);
    EXPECT_WITH(highest()->stretch.own[0], 1, numbers);
    EXPECT_WITH(highest()->stretch.has_live, true, numbers);
    add(0x400, 0x500);
    add(0x600, 0x700);
    struct stretch *root = &arena.buddy.root->stretch;
    EXPECT_WITH(root->height, root->height - 1, place);
    EXPECT_WITH(root->own[0], 3, numbers);
    EXPECT_WITH(root->all[0], 3, numbers);
    EXPECT_WITH(root->span.end, 0x6FF, place);
    EXPECT_WITH(root->order, root->order + 1, place);
    EXPECT_WITH(root->above, highest(), lost);
}

/* A large range is above a small one, also if the small one's frames are higher. */
static void stretch_is_higher_than_both_halves(void **state)
{
    (void)state;
    add(0x100, 0x2000);
    add(0x4001, 0x4010);
    assert_ptr_equal(arena.buddy.root, highest()->lower);
    EXPECT_WITH(arena.buddy.root->stretch.height, highest()->stretch.height,
                "a range's place among the others is wrong");
}

/* Hangs two ranges, or none, below a range. */
static void hang(struct buddy_range *range, struct buddy_range *lower, struct buddy_range *higher)
{
    struct stretch *stretch = &range->stretch;
    stretch->halves[STRETCH_LOWER] = lower;
    stretch->halves[STRETCH_HIGHER] = higher;
    stretch->span.first = lower ? lower->stretch.span.first : range->first_pfn;
    stretch->span.end = higher ? higher->stretch.span.end : range->end_pfn;
    stretch->all = stretch->own + (lower || higher ? reach_bytes(stretch->order) : 0);
    stretch->above = NULL;
    if (lower)
        lower->stretch.above = range;
    if (higher)
        higher->stretch.above = range;
}

/* The range is the root now. Then the tree of ranges is built anew. */
static void expect_wrong_root(struct buddy_range *root)
{
    arena.buddy.root = root;
    expect_broken("a range's place among the others is wrong");
    arena.buddy.root = ranges_build(arena.buddy.highest);
    assert_null(buddy_check(&arena.buddy));
}

/* All links fit, but a range hangs below one that is not higher. */
static void range_hangs_below_a_higher_one(void **state)
{
    (void)state;
    add(1025, 1100);
    add(1200, 1300);
    struct buddy_range *first = highest()->lower;
    struct buddy_range *second = highest();
    hang(second, NULL, NULL);
    hang(first, NULL, second);
    expect_wrong_root(first);
    add(1400, 1500);
    struct buddy_range *third = highest(); /* as high as the first one */
    hang(first, NULL, NULL);
    hang(third, first, NULL);
    hang(second, NULL, third);
    expect_wrong_root(second);
    hang(third, NULL, NULL);
    hang(first, NULL, third);
    hang(second, first, NULL);
    expect_wrong_root(second);
    add(0x8001, 0x9000);
    struct buddy_range *large = highest();
    add(0xA001, 0xA010);
    hang(first, NULL, NULL);
    hang(third, NULL, NULL);
    hang(second, first, third);
    hang(large, second, NULL);
    hang(highest(), large, NULL);
    expect_wrong_root(highest());
}

static void ranges_are_found_by_address(void **state)
{
    (void)state;
    static const char wrong[] = "the table of ranges by address is wrong";
    struct run_index *index = &arena.buddy.index;
    add(0x100, 0x200);
    EXPECT_WITH(index->cell_order, index->cell_order + 1, wrong);
    add(0x400, 0x500);
    EXPECT_WITH(index->cell_count, index->cell_count - 1, wrong);
    EXPECT_WITH(index->cell_order, index->cell_order + 1, wrong);
    EXPECT_WITH(index->cells[0], 0, wrong);
    EXPECT_WITH(index->cells[0x200 >> index->cell_order], 1, wrong);
    EXPECT_WITH(index->ranges[0], index->ranges[1], wrong);
    EXPECT_WITH(index->origins[0], index->origins[1], wrong);
}

/* Two ranges in the same 64 frames: no origin tells that one has the other's number. */
static void neighbours_have_numbers_of_their_own(void **state)
{
    (void)state;
    add(0x100, 0x110);
    add(0x120, 0x130);
    EXPECT_WITH(highest()->number, 1, "the table of ranges by address is wrong");
    EXPECT_WITH(highest()->lower->number, 0, "the table of ranges by address is wrong");
}

static void trees_follow_from_their_bits(void **state)
{
    (void)state;
    static const char numbers[] = "a block's numbers do not fit its frames";
    static const char bits[] = "a full block has bits";
    pfn_t first;
    add(0x1010, 0x2FF0);
    take(700, 1, 0, NO_LIMIT, 0, &first);
    struct tree *tree = &highest()->tree;
    uint32_t in_full = (uint32_t)(0x2000 - tree->origin); /* a leaf and more */
    uint32_t in_full_leaf = (uint32_t)(0x1200 - tree->origin);
    reach_t *part = tree_block(tree, LEAF_ORDER, tree->first >> LEAF_ORDER);
    EXPECT_WITH(part[0], 1, numbers);
    EXPECT_WITH(tree_block(tree, LEAF_ORDER, in_full >> LEAF_ORDER)[0], 1, numbers);
    EXPECT_WITH(*tree_word(tree, tree->first), WORD_ONES, "a frame is free that is not there");
    EXPECT_WITH(*tree_word(tree, in_full), 1, bits);
    EXPECT_WITH(*tree_word(tree, in_full_leaf), 1, bits);
}

/* A leaf of which the range has only a part. */
static void full_block_lies_in_its_range(void **state)
{
    (void)state;
    pfn_t first;
    add(0x1010, 0x11F0);
    take(0x1E0, 1, 0, NO_LIMIT, 0, &first);
    const struct tree *tree = &highest()->tree;
    reach_t *reach = tree_block(tree, LEAF_ORDER, tree->first >> LEAF_ORDER);
    reach_fill(LEAF_ORDER, reach);
    expect_broken("a block is free that is not all there");
    reach_empty(LEAF_ORDER, reach);
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

/* range 0x110 |#####......[ block ].....| 0x200 : what each wrong mark is called */
static void wrong_mark_is_named(void **state)
{
    (void)state;
    static const struct {
        bool is_begin;
        pfn_t pfn;
        const char *sentence;
    } rows[] = {
        {true, 0x12D, "a run begins inside another"},
        {false, 0x120, "a run ends that did not begin"},
        {true, 0x105, "a run begins or ends outside, or none at an end"},
        {false, 0x201, "a run begins or ends outside, or none at an end"},
        {false, 0x110, "a range has no beginning or no end"},
        {true, 0x200, "a range has no beginning or no end"},
    };
    pfn_t first;
    add(0x110, 0x200);
    take(5, 1, 0x110, 0x115, 0, &first);
    take(5, 1, 0x12B, 0x130, 0, &first);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct range_part *record = range_record(highest(), number_of(rows[i].pfn));
        uint64_t *marks = rows[i].is_begin ? &record->begins : &record->ends;
        EXPECT_WITH(*marks, *marks ^ bits_of(number_of(rows[i].pfn)), rows[i].sentence);
        EXPECT_WITH(record->unused, 1, "a record is damaged");
    }
    range_tree_give(highest(), number_of(0x12B), number_of(0x130));
    expect_broken("a live run is in the tree");
    range_tree_take(highest(), number_of(0x12B), number_of(0x130));
    EXPECT_WITH(highest()->live_count, 11, "a range's count of live frames is wrong");
}

/* No mark, one too low, and one too many. */
static void long_runs_are_marked(void **state)
{
    (void)state;
    static const char wrong[] = "a long run is not marked";
    pfn_t first;
    add(0x1000, 0x3000);
    take(RANGE_LONG + 1, 1, 0, NO_LIMIT, 0, &first);
    struct marks *longs = &highest()->longs;
    uint32_t record = number_of(first) / WORD_BITS;
    marks_remove(longs, record);
    expect_broken(wrong);
    marks_add(longs, record - 1);
    expect_broken(wrong);
    marks_add(longs, record);
    expect_broken("the marks of long runs are wrong");
    marks_remove(longs, record - 1);
}

/* One run listed, one freed last, one to be cut, and longer blocks. */
static void keep_some_runs(void)
{
    pfn_t firsts[8];
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
    static const char lost[] = "a run set aside is not there";
    static const char band[] = "a run set aside is in the wrong band";
    add(0x1001, 0x3000);
    keep_some_runs();
    struct buddy_run *cut = &arena.buddy.aside[1];
    struct buddy_run *last = &arena.buddy.aside[BAND_COUNT];
    assert_int_equal(last->end - last->first, 7);
    assert_true(cut->end > cut->first);
    EXPECT_WITH(last->first, last->first + 1, wrong);
    EXPECT_WITH(last->end, last->end - 1, wrong);
    EXPECT_WITH(last->end, last->end + 70, wrong); /* the end of the block behind it */
    EXPECT_WITH(cut->end, cut->end + 1, wrong);
    struct range_part *record = range_record(highest(), last->end);
    EXPECT_WITH(record->ends, record->ends ^ bits_of(last->end), wrong);
    EXPECT_WITH(last->range, NULL, lost);
    EXPECT_WITH(last->range, &stranger, lost);
    EXPECT_WITH(last->end, last->first - 1, lost);
    EXPECT_WITH(last->first, highest()->first - 1, lost);
    EXPECT_WITH(last->end, highest()->end + 1, lost);
    EXPECT_WITH(arena.buddy.aside[0].range, highest(), "nothing is set aside wrongly");
    EXPECT_WITH(highest()->borders[2], cut->first + 1, band);
    struct buddy_run swapped = *cut;
    *cut = (struct buddy_run){NULL, 0, 0};
    arena.buddy.aside[2] = swapped;
    expect_broken(band);
    arena.buddy.aside[2] = *cut;
    *cut = swapped;
    assert_null(buddy_check(&arena.buddy));
}

/* The first node of those that list 7 frames below 128 MiB. */
static uint32_t listed_node(void)
{
    const struct run_index *index = &arena.buddy.index;
    uint32_t node = index->links[index->shelves[SHELF_LOW].lists + 7];
    assert_int_not_equal(node, 0);
    return node;
}

static void lists_hold_what_they_say(void **state)
{
    (void)state;
    static const char list[] = "a listed run is in the wrong list";
    static const char band[] = "a listed run is in the wrong band";
    static const char links[] = "a list's links are wrong";
    static const char filled[] = "a list is filled that is empty";
    add(0x1001, 0x3000);
    keep_some_runs();
    struct run_index *index = &arena.buddy.index;
    struct index_shelf *shelf = &index->shelves[SHELF_LOW];
    uint32_t node = listed_node();
    struct index_node *at = index_at(index, node);
    EXPECT_WITH(at->length, 6, list);
    EXPECT_WITH(at->range, 1, list);
    EXPECT_WITH(highest()->number, 1, list);
    EXPECT_WITH(highest()->borders[2], at->first + 1, band);
    EXPECT_WITH(at->back, 0, links);
    EXPECT_WITH(at->next, node, links);
    EXPECT_WITH(index->links[shelf->lists], node, links);
    EXPECT_WITH(shelf->filled[0], 0, filled);
    EXPECT_WITH(shelf->filled[0], shelf->filled[0] | 1, filled);
    EXPECT_WITH(shelf->filled[INDEX_WORDS - 1], 1, filled);
    EXPECT_WITH(shelf->filled[INDEX_WORDS - 1], 1u << (INDEX_WORD - 1), filled);
    EXPECT_WITH(at->beside, node, "a chain of listed runs is wrong");
    EXPECT_WITH(shelf->filled_words, 0, "a word of lists is filled that is empty");
}

/* One that lists 7 frames is put into the list of another shelf. */
static void list_is_of_one_shelf(void **state)
{
    (void)state;
    add(0x1001, 0x3000);
    keep_some_runs();
    struct run_index *index = &arena.buddy.index;
    uint32_t node = listed_node();
    uint16_t right = index_at(index, node)->back;
    uint32_t wrong = index->shelves[0].lists + 7;
    index->links[wrong] = (uint16_t)node;
    index_at(index, node)->back = (uint16_t)wrong;
    expect_broken("a listed run is in the wrong band");
    index->links[wrong] = 0;
    index_at(index, node)->back = right;
}

/* |#...##..#| : seven frames with a block inside, and runs that lie beyond the range or nowhere */
static void listed_run_is_between_two_others(void **state)
{
    (void)state;
    static const char wrong[] = "a listed run is not what it is said to be";
    pfn_t first;
    add(0x1001, 0x3000);
    take(1, 1, 0x1100, 0x1101, 0, &first);
    take(2, 1, 0x1104, 0x1106, 0, &first);
    take(1, 1, 0x1108, 0x1109, 0, &first);
    keep_some_runs();
    struct index_node *at = index_at(&arena.buddy.index, listed_node());
    EXPECT_WITH(at->first, at->first + 1, wrong);
    EXPECT_WITH(at->first, 0, wrong);
    EXPECT_WITH(at->first, highest()->end - 1, wrong);
    EXPECT_WITH(at->first, UINT32_MAX, wrong);
    EXPECT_WITH(at->first, number_of(0x1101), wrong);
    range_tree_give(highest(), at->first, at->first + 7);
    expect_broken(wrong);
    range_tree_take(highest(), at->first, at->first + 7);
}

/* A free run of these frames, in a list: the node. The run freed last is elsewhere then. */
static uint32_t list_frames(pfn_t first, pfn_t count, pfn_t elsewhere)
{
    const struct run_index *index = &arena.buddy.index;
    pfn_t found;
    assert_int_equal(take(1, 1, first - 1, first, 0, &found), MM_OK);
    assert_int_equal(take(count, 1, first, first + count, 0, &found), MM_OK);
    assert_int_equal(take(1, 1, first + count, first + count + 1, 0, &found), MM_OK);
    assert_int_equal(take(1, 1, elsewhere, elsewhere + 1, 0, &found), MM_OK);
    give(first, NULL);
    give(elsewhere, NULL);
    uint32_t node = index_find(index, highest(), number_of(first));
    assert_int_not_equal(node, 0);
    return node;
}

/* |#__##| : the node says that the run has the next block's frame, too; then it is put right. */
static void listed_run_ends_where_a_block_begins(void **state)
{
    (void)state;
    pfn_t first;
    add(0x1001, 0x3000);
    assert_int_equal(take(1, 1, 0x1104, 0x1105, 0, &first), MM_OK);
    uint32_t node = list_frames(0x1101, 2, 0x1200);
    struct run_index *index = &arena.buddy.index;
    struct index_shelf *shelf = &index->shelves[SHELF_LOW];
    for (uint16_t length = 3; length >= 2; length--) {
        index_unlist_node(index, shelf, node);
        index_at(index, node)->length = length;
        index_list_node(index, shelf, node, length);
        if (length == 3)
            expect_broken("a listed run is not what it is said to be");
    }
}

/* A copy of a node is right but for its place: it is behind the last node. */
static void node_is_in_its_place(void **state)
{
    (void)state;
    add(0x1001, 0x3000);
    uint32_t node = list_frames(0x1101, 2, 0x1200);
    struct run_index *index = &arena.buddy.index;
    uint32_t copy = (uint32_t)(index->cells - index->links);
    assert_int_equal(copy % INDEX_NODE_LINKS, 0);
    assert_in_range(INDEX_NODE_LINKS, 0, index->cell_limit);
    *index_at(index, copy) = *index_at(index, node);
    uint16_t *link = &index->links[index_at(index, node)->back];
    *link = (uint16_t)copy;
    expect_broken("a list's links are wrong");
    *link = (uint16_t)node;
    uint16_t *listed = &range_record(highest(), number_of(0x1101))->listed;
    *listed = (uint16_t)copy;
    expect_broken("a chain of listed runs is wrong");
    *listed = (uint16_t)node;
    *index_at(index, copy) = (struct index_node){0};
}

/* In no chain, in that of other frames or of another range, and an unused node in its place. */
static void chain_has_the_runs_that_begin_in_its_frames(void **state)
{
    (void)state;
    static const char wrong[] = "a chain of listed runs is wrong";
    add(0x100, 0x200);
    add(0x400, 0x500);
    uint16_t node = (uint16_t)list_frames(0x403, 2, 0x420);
    struct range_part *records = highest()->records;
    uint16_t *others[] = {&records[1].listed, &highest()->lower->records[0].listed};
    EXPECT_WITH(records[0].listed, 0, wrong);
    EXPECT_WITH(records[0].listed, arena.buddy.index.links[0], wrong);
    for (size_t i = 0; i < 2; i++) {
        records[0].listed = 0;
        *others[i] = node;
        expect_broken(wrong);
        *others[i] = 0;
        records[0].listed = node;
    }
}

static void unused_nodes_are_a_chain(void **state)
{
    (void)state;
    add(0x1001, 0x3000);
    keep_some_runs();
    struct run_index *index = &arena.buddy.index;
    struct index_node *at = index_at(index, index->links[0]);
    EXPECT_WITH(index->links[0], 0, "a node is lost");
    EXPECT_WITH(index->links[0], index->links[0] + 1, "a list's links are wrong");
    EXPECT_WITH(at->next, (uint16_t)index_nodes_end(index), "a list's links are wrong");
    EXPECT_WITH(at->first, 1, "an unused node is not empty");
    EXPECT_WITH(at->next, index->links[0], "there are more nodes than there can be");
}

/* A listed run that is in no list any more. */
static void no_free_run_is_forgotten(void **state)
{
    (void)state;
    add(0x1001, 0x3000);
    keep_some_runs();
    struct run_index *index = &arena.buddy.index;
    struct index_shelf *shelf = &index->shelves[SHELF_LOW];
    uint32_t first = index_at(index, listed_node())->first;
    index_strike(index, highest(), shelf, listed_node());
    expect_broken("the count of free frames is wrong");
    arena.buddy.free_count -= 7;
    expect_broken("frames are lost");
    arena.buddy.free_count += 7;
    index_enter(index, highest(), shelf, index_new_node(index), first, 7);
}

/* It is freed without a look at the bits. */
static void block_taken_last_is_a_block(void **state)
{
    (void)state;
    static const char wrong[] = "the block taken last is not what it is said to be";
    static const char nowhere[] = "the block taken last is in no range";
    pfn_t first;
    add(0x100, 0x200);
    assert_int_equal(buddy_alloc_any(&arena.buddy, 5, &first), MM_OK);
    struct buddy_taken *taken = &arena.buddy.taken;
    EXPECT_WITH(taken->first, taken->first + 1, wrong);
    EXPECT_WITH(taken->range, &stranger, nowhere);
    EXPECT_WITH(taken->first, highest()->first_pfn - 1, nowhere);
    EXPECT_WITH(taken->first, highest()->end_pfn, nowhere);
    EXPECT_WITH(taken->length, taken->length - 1, wrong);
    assert_int_equal(buddy_free(&arena.buddy, first, NULL), MM_OK);
    EXPECT_WITH(taken->range, highest(), wrong);
}

static void live_runs_have_their_length(void **state)
{
    (void)state;
    add(0x1001, 0x3000);
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
        RULE(range_is_not_empty),
        RULE(stretches_follow_from_their_ranges),
        RULE(stretch_is_higher_than_both_halves),
        RULE(range_hangs_below_a_higher_one),
        RULE(ranges_are_found_by_address),
        RULE(neighbours_have_numbers_of_their_own),
        RULE(trees_follow_from_their_bits),
        RULE(full_block_lies_in_its_range),
        RULE(marks_make_blocks),
        RULE(wrong_mark_is_named),
        RULE(long_runs_are_marked),
        RULE(what_is_set_aside_is_where_it_is_said_to_be),
        RULE(lists_hold_what_they_say),
        RULE(list_is_of_one_shelf),
        RULE(listed_run_is_between_two_others),
        RULE(listed_run_ends_where_a_block_begins),
        RULE(node_is_in_its_place),
        RULE(chain_has_the_runs_that_begin_in_its_frames),
        RULE(unused_nodes_are_a_chain),
        RULE(no_free_run_is_forgotten),
        RULE(block_taken_last_is_a_block),
        RULE(live_runs_have_their_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
