#ifndef PROOF_BUDDY_STATE_H
#define PROOF_BUDDY_STATE_H

/*
 * Any right state of the buddy: one range of SPAN frames, and two listed runs. All of its frames
 * lie in one record, so a set of frames is a small word, of type SET: the live ones, those in the
 * tree, the listed ones, those set aside. SET has a bit for each frame below FIRST + SPAN, and at
 * least one more. The tree and the index stand for their contracts. The tree is a set of frames.
 * The index has two nodes, which know whether they are in a list and in the chain of their 64
 * frames.
 */

#include "any.h"

struct buddy_range;
static struct range_part *stub_range_record(const struct buddy_range *of, uint32_t frame);

#include "mm/range.h"
#include "mm/request.h"

#define MM_INDEX_H
#define INDEX_NODE_LINKS 1u
#define NODES 2u
#define LENGTHS (SPAN + 0u) /* runs that are shorter than the range may be listed */

typedef SET set_t;

#define PLACES (8 * (uint32_t)sizeof(set_t)) /* of a set of frames */

struct index_node {
    uint16_t range;
    uint32_t first;
    uint16_t length; /* 0: the node is not used */
    bool is_listed;
    bool is_chained;
};

struct index_shelf {
    uint32_t lists;
};

struct run_index {
    struct buddy_range **ranges;
    const uint32_t *cells;
    unsigned cell_order;
    pfn_t cell_count;
    const pfn_t *origins;
    const uint32_t *links;
    struct index_shelf shelves[SHELF_COUNT];
    uint32_t lengths;
};

#include "mm/choose.h"

static struct buddy buddy;
static struct buddy_range range;
static struct index_node node_one;
static struct index_node node_two;

size_t index_bytes(pfn_t frame_count, uint32_t range_count);
void index_init(struct run_index *index);
void index_create(struct run_index *index, void *memory, pfn_t frame_count, uint32_t range_count);
void index_number_ranges(struct run_index *index, struct buddy_range *highest);
uint32_t index_nodes_end(const struct run_index *index);

static struct index_node *node_of(uint32_t node)
{
    claim(node == 1 || node == NODES);
    return node == 1 ? &node_one : &node_two;
}

static struct index_node *index_at(const struct run_index *index, uint32_t node)
{
    (void)index;
    return node_of(node);
}

static bool is_on(uint32_t node, const struct index_shelf *shelf)
{
    const struct index_node *at = node_of(node);
    return at->is_listed && shelf == &buddy.index.shelves[range_shelf(&range, at->first)];
}

static void index_list_node(struct run_index *index, const struct index_shelf *shelf, uint32_t node,
                            uint32_t length)
{
    struct index_node *at = node_of(node);
    claim(length > 0 && length < index->lengths && length == at->length && !at->is_listed);
    at->is_listed = true;
    claim(is_on(node, shelf));
}

static void index_unlist_node(struct run_index *index, const struct index_shelf *shelf,
                              uint32_t node)
{
    (void)index;
    claim(is_on(node, shelf));
    node_of(node)->is_listed = false;
}

/* Any node of the list: the order of a list is not a part of the contract. */
static uint32_t index_unlist_first(struct run_index *index, const struct index_shelf *shelf,
                                   uint32_t length)
{
    uint32_t node = (uint32_t)any_below(NODES) + 1;
    assume(is_on(node, shelf) && node_of(node)->length == length);
    index_unlist_node(index, shelf, node);
    return node;
}

static uint32_t index_new_node(struct run_index *index)
{
    (void)index;
    if (node_one.length == 0)
        return 1;
    return node_two.length == 0 ? NODES : 0;
}

static void index_free_node(struct run_index *index, uint32_t node)
{
    struct index_node *at = node_of(node);
    (void)index;
    claim(at->length > 0 && !at->is_listed && !at->is_chained);
    at->length = 0;
}

static void index_enter(struct run_index *index, struct buddy_range *of,
                        const struct index_shelf *shelf, uint32_t node, uint32_t first,
                        uint32_t length)
{
    struct index_node *at = node_of(node);
    claim(of == &range && at->length == 0);
    at->range = of->number;
    at->first = first;
    at->length = (uint16_t)length;
    at->is_chained = true;
    index_list_node(index, shelf, node, length);
}

static void index_forget_begin(struct run_index *index, struct buddy_range *of, uint32_t node)
{
    struct index_node *at = node_of(node);
    (void)index;
    claim(of == &range && at->is_chained);
    at->is_chained = false;
}

static void index_strike(struct run_index *index, struct buddy_range *of,
                         const struct index_shelf *shelf, uint32_t node)
{
    index_unlist_node(index, shelf, node);
    index_forget_begin(index, of, node);
    index_free_node(index, node);
}

static uint32_t index_find(const struct run_index *index, const struct buddy_range *of,
                           uint32_t frame)
{
    (void)index;
    claim(of == &range);
    if (node_one.is_chained && node_one.first == frame)
        return 1;
    return node_two.is_chained && node_two.first == frame ? NODES : 0;
}

static uint32_t index_next_length(const struct index_shelf *shelf, uint32_t length)
{
    uint32_t next = 0;
    claim(length > 0);
    for (uint32_t node = 1; node <= NODES; node++) {
        uint32_t of_node = node_of(node)->length;
        if (is_on(node, shelf) && of_node >= length && (next == 0 || of_node < next))
            next = of_node;
    }
    return next;
}

#include "mm/inside.h"

static struct range_part records[2];
static struct buddy_range *ranges[1];
static set_t tree_bits;
static uint32_t in_blocks; /* as many frames are counted as frames of blocks */

/* What range_record returns. A prover that knows which record it is has a smaller formula. */
static struct range_part *stub_range_record(const struct buddy_range *of, uint32_t frame)
{
    claim(of == &range && (range_record)(of, frame) == records);
    return records;
}

/* ---- sets of frames ---- */

static set_t bits_below(uint32_t frame)
{
    return frame < PLACES ? (set_t)((1u << frame) - 1) : (set_t)~0u;
}

static set_t bit_of(uint32_t frame)
{
    return (set_t)(1u << frame % PLACES);
}

static set_t frames(uint32_t first, uint32_t end)
{
    return bits_below(end) & (set_t)~bits_below(first);
}

static uint32_t any_frame(void)
{
    return any32() % PLACES;
}

static uint32_t aside_length(unsigned which)
{
    return buddy.aside[which].end - buddy.aside[which].first;
}

static set_t aside_frames(unsigned which)
{
    return frames(buddy.aside[which].first, buddy.aside[which].end);
}

static set_t all_aside(void)
{
    return aside_frames(0) | aside_frames(1) | aside_frames(2) | aside_frames(3);
}

static set_t node_frames(uint32_t node)
{
    const struct index_node *at = node_of(node);
    return frames(at->first, at->first + at->length);
}

static set_t listed_frames(void)
{
    return node_frames(1) | node_frames(2);
}

/* Frames in live runs. What lies outside of the range counts as live. */
static set_t live_frames(void)
{
    return (set_t) ~(tree_bits | listed_frames());
}

static set_t free_frames(void)
{
    return tree_bits | listed_frames() | all_aside();
}

/* The frames of the set on both sides of one of them, as far as they go. */
static struct frame_range run_around(set_t set, uint32_t frame)
{
    set_t below = (set_t)~set & bits_below(frame);
    set_t above = (set_t)~set & (set_t)~bits_below(frame);
    struct frame_range run = {below ? bits_highest(below) + 1u : 0, bits_lowest(above)};
    return run;
}

/* ---- the tree, by its contract ---- */

bool tree_has(const struct tree *tree, uint32_t frame)
{
    (void)tree;
    return frame < PLACES && (tree_bits >> frame & 1);
}

void range_tree_give(struct buddy_range *to, uint32_t first, uint32_t end)
{
    claim(to == &range && first >= range.first && first < end && end <= range.end);
    claim((tree_bits & frames(first, end)) == 0);
    tree_bits |= frames(first, end);
}

void range_tree_take(struct buddy_range *to, uint32_t first, uint32_t end)
{
    claim(to == &range && first >= range.first && first < end && end <= range.end);
    claim((~tree_bits & frames(first, end)) == 0);
    tree_bits &= ~frames(first, end);
}

/* ---- a range's bits, by their contracts, which range.c's own proofs have ---- */

uint32_t range_next_begin(const struct buddy_range *of, uint32_t frame)
{
    (void)of;
    return bits_lowest(records[0].begins & ~bits_below(frame));
}

bool range_near_end(const struct buddy_range *of, uint32_t frame, uint32_t *end)
{
    (void)of;
    uint64_t ends = records[0].ends & bits_below(frame + 1);
    if (ends)
        *end = bits_highest(ends);
    return ends != 0;
}

void range_mark_live(struct buddy_range *of, uint32_t first, uint32_t length)
{
    (void)of, (void)first, (void)length;
}

void range_mark_free(struct buddy_range *of, uint32_t first, uint32_t length)
{
    (void)of, (void)first, (void)length;
}

pfn_t range_band_base(unsigned band)
{
    return band == 0 ? 0 : range.origin + range.borders[band];
}

/* ---- any right state ---- */

static bool is_set_right(unsigned which)
{
    const struct buddy_run *run = &buddy.aside[which];
    if (run->first == run->end)
        return !run->range;
    set_t inside = frames(run->first, run->end) & ~bit_of(run->first);
    bool is_run = run->range == &range && run->first < run->end && run->first >= range.first &&
                  run->end <= range.end && range_begins_at(&range, run->first) &&
                  range_ends_at(&range, run->end) &&
                  ((records[0].begins | records[0].ends) & inside) == 0;
    return is_run && (which == BUDDY_ASIDE_LAST || (range_band(&range, run->first) == which &&
                                                    run->end <= range.borders[which + 1]));
}

static bool is_node_right(uint32_t node)
{
    const struct index_node *at = node_of(node);
    uint32_t end = at->first + at->length;
    if (at->length == 0)
        return !at->is_listed && !at->is_chained;
    return at->is_listed && at->is_chained && at->range == 0 && at->length < LENGTHS &&
           at->first >= range.first && at->first < end && end <= range.end &&
           range_ends_at(&range, at->first) && range_begins_at(&range, end) &&
           end <= range.borders[range_band(&range, at->first) + 1];
}

/*
 * Each frame is in one place only. A run begins or ends where one frame of two is live, and nowhere
 * else, but for borders between two live runs.
 */
static bool is_right(void)
{
    set_t begins = (set_t)records[0].begins;
    set_t ends = (set_t)records[0].ends;
    set_t whole = frames(range.first, range.end);
    set_t live = live_frames();
    set_t below = (set_t)(live << 1 | 1); /* the frame below is live */
    bool right = records[0].begins == begins && records[0].ends == ends &&
                 (begins ^ ends) == (live ^ below) && (begins & (set_t)~live) == 0 &&
                 (ends & (set_t)~below) == 0 && range_ends_at(&range, range.first) &&
                 (begins & (set_t)~whole) == bit_of(range.end) &&
                 (ends & bits_below(range.first)) == 0 &&
                 (ends & (set_t)~bits_below(range.end + 1)) == 0;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        right = right && is_set_right(i) && (aside_frames(i) & (set_t)~live) == 0;
    right = right && (aside_frames(0) & aside_frames(1)) == 0 &&
            (aside_frames(3) & (aside_frames(0) | aside_frames(1))) == 0 && aside_frames(2) == 0;
    return right && block_frames(&buddy, &range) == in_blocks && is_node_right(1) &&
           is_node_right(2) && (node_frames(1) & node_frames(2)) == 0 &&
           (tree_bits & listed_frames()) == 0 &&
           ((tree_bits | listed_frames()) & (set_t)~whole) == 0;
}

static uint32_t count_of(set_t word)
{
    return (uint32_t)__builtin_popcountll(word);
}

/* Each frame is free or in a block. */
static bool are_counts_right(void)
{
    return buddy.free_count == count_of(free_frames()) && buddy.free_count + in_blocks == SPAN;
}

static void make_aside(unsigned which)
{
    struct buddy_run run = {any_bool() ? &range : NULL, any_frame(), any_frame()};
    buddy.aside[which] = run;
}

static void make_node(struct index_node *node)
{
    node->range = 0;
    node->first = any_frame();
    node->length = (uint16_t)any_below(LENGTHS);
    node->is_listed = node->is_chained = node->length > 0;
}

static void make_index(void)
{
    struct run_index *index = &buddy.index;
    index->ranges = ranges;
    index->lengths = LENGTHS;
    ranges[0] = &range;
}

/* Any free runs, wherever they are kept. The run freed last counts as live. */
static void make_runs(void)
{
    records[0].begins = (set_t)any32();
    records[0].ends = (set_t)any32();
    tree_bits = (set_t)any32();
    make_aside(0);
    make_aside(1);
    make_aside(BUDDY_ASIDE_LAST);
    make_node(&node_one);
    make_node(&node_two);
    range.live_count = in_blocks + aside_length(BUDDY_ASIDE_LAST);
}

static pfn_t counted; /* as free, before a step: it changes nothing about that */

/* One range that lies in the bands 0 and 1, or in one of them. */
static void make_state(void)
{
    range.origin = any_bool() ? 0 : ((pfn_t)1 << 32) - (FIRST + SPAN);
    range.first = FIRST;
    range.end = FIRST + SPAN;
    range.first_pfn = range.origin + range.first;
    range.end_pfn = range.origin + range.end;
    range.borders[1] = any_frame();
    range.borders[2] = range.borders[3] = UINT32_MAX;
    range.low_frames = any_frame();
    range.records = records;
    make_index();
    in_blocks = (uint32_t)any_below(SPAN + 1);
    make_runs();
    buddy.free_count = counted = any64();
    buddy.highest = buddy.root = &range;
    buddy.hit = any_bool() ? &range : NULL;
    buddy.end_pfn = range.end_pfn;
    buddy.top_band = range_band(&range, range.end - 1);
    buddy.frame_count = range.end - range.first;
    assume(is_right());
}

/* The same, and all frames are counted. */
static void make_counted_state(void)
{
    make_state();
    assume(are_counts_right());
}

static bool is_block(uint32_t first, uint32_t end)
{
    set_t inside = frames(first, end) & ~bit_of(first);
    return first >= range.first && first < end && end <= range.end &&
           range_begins_at(&range, first) && range_ends_at(&range, end) &&
           ((records[0].begins | records[0].ends) & inside) == 0 &&
           (all_aside() & frames(first, end)) == 0;
}

static bool is_last(const struct buddy_run *run)
{
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    return last->range == run->range && last->first == run->first && last->end == run->end;
}

/* Just the frames [first, end) went from the free ones to a block that is not counted yet. */
static bool became_block(set_t before, uint32_t first, uint32_t end)
{
    set_t block = frames(first, end);
    return (before & block) == block && free_frames() == (set_t)(before & ~block) &&
           is_block(first, end) && buddy.free_count == counted;
}

/* The run freed last, with the cutting runs that touch it. */
static struct frame_range joined_last(void)
{
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    struct frame_range run = {last->first, last->end};
    for (unsigned i = 0; i < 2; i++) {
        if (buddy.aside[i].range && buddy.aside[i].end == last->first)
            run.first = buddy.aside[i].first;
        if (buddy.aside[i].range && buddy.aside[i].first == last->end)
            run.end = buddy.aside[i].end;
    }
    return run;
}

static bool is_at_last_end(const struct choice *found, uint32_t length)
{
    struct frame_range run = joined_last();
    pfn_t frame = found->at.place - range.origin;
    return buddy.aside[BUDDY_ASIDE_LAST].range && found->at.run_first == range.origin + run.first &&
           found->at.run_end == range.origin + run.end && length > 0 &&
           length <= run.end - run.first && (frame == run.first || frame == run.end - length);
}

/* The place is in a run that is set aside and goes on on no lower side, or in the tree. */
static bool is_aside_or_tree(const struct choice *found, pfn_t length)
{
    pfn_t first = found->at.place - range.origin;
    pfn_t run_first = found->at.run_first - range.origin;
    if (run_first > first || first >= PLACES || length == 0 || length > PLACES - first)
        return false;
    set_t run = frames((uint32_t)run_first, (uint32_t)(first + length));
    if (found->source == CHOICE_TREE)
        return (run & (set_t)~tree_bits) == 0;
    return (run & (set_t)~free_frames()) == 0 &&
           (run_first == 0 || !(free_frames() >> (run_first - 1) & 1));
}

/* The frames from a pfn on are in the set. */
static bool are_frames_in(set_t set, pfn_t pfn, pfn_t length)
{
    pfn_t first = pfn - range.origin;
    return first < PLACES && length < PLACES - first &&
           (frames((uint32_t)first, (uint32_t)(first + length)) & (set_t)~set) == 0;
}

/* The place is free, and lies in a free run of the named source. */
static bool is_choice(const struct choice *found, pfn_t length)
{
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    pfn_t first = found->at.place - range.origin;
    pfn_t run_first = found->at.run_first - range.origin;
    if (found->range != &range || run_first > first || first >= PLACES || length == 0 ||
        length > PLACES - first)
        return false;
    uint32_t end = (uint32_t)(first + length);
    set_t run = frames((uint32_t)run_first, end);
    if ((run & (set_t)~free_frames()) != 0 ||
        (found->band != BAND_COUNT && found->band != range_band(&range, (uint32_t)first)))
        return false;
    switch (found->source) {
    case CHOICE_LAST:
        return last->range && last->first == first && last->end == end;
    case CHOICE_LISTED:
        return (run & (set_t)~node_frames(found->node)) == 0;
    case CHOICE_CUT:
        return found->band < 2 && buddy.aside[found->band].range &&
               buddy.aside[found->band].first <= first && buddy.aside[found->band].end == end;
    case CHOICE_LAST_END:
        return is_at_last_end(found, (uint32_t)length);
    default:
        return is_aside_or_tree(found, length);
    }
}

#endif
