/*
 * The buddy, from any right state of one range of SPAN frames, at most 12, and two listed runs on.
 * All of its frames lie in one word, so a set of frames is a small word: the live ones, those in
 * the tree, the listed ones, those set aside. The tree and the index stand for their contracts. The
 * tree is a set of frames. The index has two nodes, which know whether they are in a list and in
 * the chain of their 64 frames. An allocation is proved step by step: each step begins with any
 * right state, and leaves one. Then buddy_alloc is proved over stubs for its steps: they claim what
 * a step requires, and leave any state that its row allows.
 */

#include "any.h"
#include "mm/range.h"
#include "mm/request.h"

#define MM_INDEX_H
#define INDEX_NODE_LINKS 1u
#define NODES 2u
#define PLACES 16u /* of a set of frames */
#define LENGTHS 8u /* runs of 7 frames and less may be listed */

typedef uint16_t set_t;

struct index_node {
    uint16_t range;
    uint32_t first;
    uint16_t length; /* 0: the node is not used */
    bool is_listed;
    bool is_chained;
};

struct index_shelf {
    unsigned number;
};

struct run_index {
    struct buddy_range **ranges;
    struct index_shelf shelves[SHELF_COUNT];
    uint32_t lengths;
};

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
    return at->is_listed && range_shelf(&range, at->first) == shelf->number;
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

#include "mm/choose.h"

struct taken;
static void stub_buddy_put_away(struct buddy *of, struct buddy_range *to, uint32_t first,
                                uint32_t end);
static void stub_put_back_aside(struct buddy *of, unsigned which);
static bool stub_take_short(struct buddy *of, unsigned band, uint32_t length, struct taken *taken);
static void stub_take_inside(struct buddy *of, uint32_t node, pfn_t place, uint32_t length);
static void stub_take_last_end(struct buddy *of, const struct choice *found, uint32_t length);
static void stub_take_tree(struct buddy *of, const struct place_wish *wish,
                           const struct choice *found);
static void stub_take_put_back(struct buddy *of, const struct place_wish *wish,
                               const struct choice *found);
static enum mm_status stub_alloc_searched(struct buddy *of, const struct buddy_request *request,
                                          pfn_t *first);
static enum mm_status stub_buddy_alloc_other(struct buddy *of, unsigned top_band,
                                             uint32_t frame_count, pfn_t *first);

#include "mm/buddy.c"
#include "mm/place.c"

static struct buddy buddy;
static struct range_part records[2];
static struct buddy_range *ranges[1];
static set_t tree_bits;

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

struct buddy_range *block_range_above(const struct buddy *of, pfn_t pfn)
{
    (void)of;
    return range.end_pfn > pfn ? &range : NULL;
}

bool buddy_find_run(const struct buddy *of, pfn_t pfn, struct frame_range *run)
{
    (void)of, (void)run;
    pfn_t frame = pfn - range.origin;
    return frame < PLACES && ((live_frames() & ~all_aside()) >> frame & 1);
}

enum mm_status find_wish(const struct buddy *of, const struct buddy_request *request,
                         struct place_wish *wish)
{
    enum mm_status status =
        request_check(request->frame_count, request->align_frames, request->boundary_frames,
                      request->lowest, request->limit);
    if (status != MM_OK)
        return status;
    if (request->frame_count > of->free_count)
        return MM_NO_ROOM;
    *wish = place_wish_of(request);
    if (wish->limit > of->end_pfn)
        wish->limit = of->end_pfn;
    return MM_OK;
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
    return right && is_node_right(1) && is_node_right(2) &&
           (node_frames(1) & node_frames(2)) == 0 && (tree_bits & listed_frames()) == 0 &&
           ((tree_bits | listed_frames()) & (set_t)~whole) == 0;
}

static uint32_t count_of(set_t word)
{
    return (uint32_t)__builtin_popcountll(word);
}

static bool are_counts_right(void)
{
    set_t whole = frames(range.first, range.end);
    return buddy.free_count == count_of(free_frames()) &&
           range.live_count ==
               count_of(live_frames() & whole & ~(aside_frames(0) | aside_frames(1)));
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
    for (unsigned i = 0; i < SHELF_COUNT; i++)
        index->shelves[i].number = i;
}

/* Any free runs, wherever they are kept. */
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
    make_runs();
    buddy.free_count = counted = any64();
    buddy.highest = buddy.root = &range;
    buddy.hit = any_bool() ? &range : NULL;
    buddy.end_pfn = range.end_pfn;
    buddy.top_band = range_band(&range, range.end - 1);
    buddy.frame_count = range.end - range.first;
    assume(is_right());
}

static void make_counts(void)
{
    range.live_count = any32();
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

/* ---- freeing ---- */

/* What prove_put_away proves. */
static void stub_buddy_put_away(struct buddy *of, struct buddy_range *to, uint32_t first,
                                uint32_t end)
{
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    set_t after = free_frames() | frames(first, end);
    claim(of == &buddy && to == &range && is_right() && is_block(first, end));
    make_runs();
    assume(is_right() && is_last(&last) && free_frames() == after);
}

/* Just the frames of the block become free, and the state stays right. */
void prove_free(void)
{
    make_state();
    make_counts();
    pfn_t pfn = any64();
    uint32_t end = any_frame();
    pfn_t frame = pfn - range.origin;
    set_t before = free_frames();
    bool is_taken = any_bool();
    bool is_one = frame < PLACES && is_block((uint32_t)frame, end);
    bool begins = frame >= range.first && frame < range.end &&
                  (records[0].begins & ~all_aside()) >> frame & 1;
    assume(is_one || !begins);
    if (is_taken && is_one) {
        struct buddy_taken taken = {&range, pfn, end - (uint32_t)frame};
        buddy.taken = taken;
    }
    enum mm_status status = buddy_free(&buddy, pfn, NULL);
    claim((status == MM_OK) == is_one);
    claim(free_frames() == (is_one ? before | frames((uint32_t)frame, end) : before));
    claim(is_right() && are_counts_right());
    claim(!buddy.taken.range);
    REACHED();
}

/* ---- the steps of an allocation ---- */

/* Just the frames [first, end) went from the free ones to a block that is not counted yet. */
static bool became_block(set_t before, uint32_t first, uint32_t end)
{
    set_t block = frames(first, end);
    return (before & block) == block && free_frames() == (set_t)(before & ~block) &&
           is_block(first, end) && buddy.free_count == counted;
}

/* The end of a listed run, or of a cutting run. */
void prove_take_short(void)
{
    make_state();
    unsigned band = (unsigned)any_below(2);
    uint32_t length = any32();
    set_t before = free_frames();
    struct taken taken;
    assume(length > 0);
    if (take_short(&buddy, band, length, &taken)) {
        claim(taken.range == &range && length < PLACES);
        claim(became_block(before, taken.first, taken.first + length));
        claim(taken.first + length <= range.borders[band + 1]);
    } else {
        claim(free_frames() == before && buddy.free_count == counted);
    }
    claim(is_right());
    REACHED();
}

/* Any part of a listed run. */
void prove_take_inside(void)
{
    make_state();
    uint32_t node = (uint32_t)any_below(NODES) + 1;
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    set_t before = free_frames();
    assume(node_of(node)->length > 0 && first < end);
    assume((frames(first, end) & ~node_frames(node)) == 0);
    take_inside(&buddy, node, range.origin + first, end - first);
    claim(became_block(before, first, end));
    claim(is_right());
    REACHED();
}

/* A run that was set aside is in a list or the tree then, joined with what touches it there. */
void prove_put_back(void)
{
    make_state();
    unsigned which = (unsigned)any_below(BUDDY_ASIDE_COUNT);
    set_t before = free_frames();
    set_t tree = tree_bits;
    set_t aside[BUDDY_ASIDE_COUNT];
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        aside[i] = aside_frames(i);
    put_back_aside(&buddy, which);
    claim(!buddy.aside[which].range && aside_frames(which) == 0);
    claim(free_frames() == before && buddy.free_count == counted);
    claim((tree & (set_t)~tree_bits) == 0);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        claim(aside_frames(i) == (i == which ? 0 : aside[i]));
    claim(is_right());
    REACHED();
}

/* A run that is neither a block nor set aside becomes free. */
void prove_put_away(void)
{
    make_state();
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    set_t before = free_frames();
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    uint32_t live_count = range.live_count = any32();
    assume(is_block(first, end));
    buddy_put_away(&buddy, &range, first, end);
    claim(free_frames() == (set_t)(before | frames(first, end)));
    claim(is_last(&last) && buddy.free_count == counted && range.live_count == live_count);
    claim(is_right());
    REACHED();
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

/* Either end of the run freed last, joined with the cutting runs that touch it. */
void prove_take_last_end(void)
{
    make_state();
    struct frame_range run = joined_last();
    uint32_t length = any_frame();
    struct choice found = {.range = &range};
    uint32_t frame = any_bool() ? (uint32_t)run.first : (uint32_t)run.end - length;
    found.at.place = range.origin + frame;
    found.at.run_first = range.origin + run.first;
    found.at.run_end = range.origin + run.end;
    assume(is_at_last_end(&found, length));
    set_t before = free_frames();
    take_last_end(&buddy, &found, length);
    claim(became_block(before, frame, frame + length));
    claim(is_right());
    REACHED();
}

/* Any part of a free run in the tree, when nothing is set aside. */
void prove_take_tree(void)
{
    make_state();
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    uint32_t run_first = any_frame();
    assume(all_aside() == 0 && first < end && run_first <= first);
    assume((frames(run_first, end) & ~tree_bits) == 0);
    struct place_wish wish = {end - first, any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    assume(wish.lowest <= range.origin + first);
    struct choice found = {.range = &range};
    found.at.place = range.origin + first;
    found.at.run_first = range.origin + run_first;
    found.at.run_end = any64();
    found.band = any_bool() ? range_band(&range, first) : BAND_COUNT;
    set_t before = free_frames();
    take_tree(&buddy, &wish, &found);
    claim(became_block(before, first, end));
    claim(is_right());
    REACHED();
}

/* The run freed last is the block: it is counted already. */
void prove_take_last(void)
{
    make_state();
    make_counts();
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    set_t before = free_frames();
    assume(last.range);
    claim(last_take(&buddy) == range.origin + last.first);
    counted -= last.end - last.first;
    claim(became_block(before, last.first, last.end));
    claim(is_right() && are_counts_right());
    REACHED();
}

/* ---- an allocation, over its steps ---- */

/*
 * Only the frames of the block are no longer free: each step's row proves that. The count of live
 * frames is any number that leaves room for the block.
 */
static void leave_block(set_t before, uint32_t first, uint32_t length)
{
    make_runs();
    range.live_count = (uint32_t)any_below(SPAN + 1);
    assume(length <= SPAN - range.live_count);
    assume(is_right() && became_block(before, first, first + length));
}

static bool stub_take_short(struct buddy *of, unsigned band, uint32_t length, struct taken *taken)
{
    set_t before = free_frames();
    uint32_t first = any_frame();
    claim(of == &buddy && is_right() && band < 2 && length > 0);
    if (any_bool()) {
        make_runs();
        assume(is_right() && free_frames() == before);
        return false;
    }
    taken->range = &range;
    taken->first = first;
    assume(length < PLACES);
    leave_block(before, first, length);
    assume(first + length <= range.borders[band + 1]);
    return true;
}

static void stub_take_inside(struct buddy *of, uint32_t node, pfn_t place, uint32_t length)
{
    uint32_t first = (uint32_t)(place - range.origin);
    claim(of == &buddy && is_right() && node_of(node)->length > 0 && length > 0);
    claim((frames(first, first + length) & ~node_frames(node)) == 0);
    leave_block(free_frames(), first, length);
}

static void stub_take_last_end(struct buddy *of, const struct choice *found, uint32_t length)
{
    claim(of == &buddy && is_right() && is_at_last_end(found, length));
    leave_block(free_frames(), (uint32_t)(found->at.place - range.origin), length);
}

static void stub_put_back_aside(struct buddy *of, unsigned which)
{
    set_t before = free_frames();
    set_t tree = tree_bits;
    set_t aside[BUDDY_ASIDE_COUNT];
    claim(of == &buddy && is_right());
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        aside[i] = aside_frames(i);
    make_runs();
    assume(is_right() && free_frames() == before && (tree & (set_t)~tree_bits) == 0);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        assume(aside_frames(i) == (i == which ? 0 : aside[i]));
}

static void stub_take_tree(struct buddy *of, const struct place_wish *wish,
                           const struct choice *found)
{
    uint32_t first = (uint32_t)(found->at.place - range.origin);
    uint32_t run_first = (uint32_t)(found->at.run_first - range.origin);
    uint32_t length = (uint32_t)wish->frame_count;
    claim(of == &buddy && is_right() && all_aside() == 0 && length > 0 && run_first <= first);
    claim((frames(run_first, first + length) & ~tree_bits) == 0);
    claim(found->band == BAND_COUNT || found->band == range_band(&range, first));
    claim(wish->lowest <= found->at.place);
    leave_block(free_frames(), first, length);
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

/* After all was put back, the block is in a listed run or in the tree. */
void prove_take_put_back(void)
{
    make_state();
    struct place_wish wish = {any64(), any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    struct choice found = {
        any_bool() ? CHOICE_ASIDE : CHOICE_TREE, 0, &range, 0, {any64(), any64(), any64()}};
    set_t before = free_frames();
    uint32_t first = (uint32_t)(found.at.place - range.origin);
    assume(is_aside_or_tree(&found, wish.frame_count) && wish.lowest <= found.at.place);
    found.band = any_bool() ? range_band(&range, first) : BAND_COUNT;
    take_put_back(&buddy, &wish, &found);
    claim(became_block(before, first, first + (uint32_t)wish.frame_count));
    claim(is_right());
    REACHED();
}

static void stub_take_put_back(struct buddy *of, const struct place_wish *wish,
                               const struct choice *found)
{
    uint32_t first = (uint32_t)(found->at.place - range.origin);
    claim(of == &buddy && is_right() && is_aside_or_tree(found, wish->frame_count));
    claim(found->source == CHOICE_ASIDE || found->source == CHOICE_TREE);
    claim(found->band == BAND_COUNT || found->band == range_band(&range, first));
    claim(wish->lowest <= found->at.place && found->range == &range);
    leave_block(free_frames(), first, (uint32_t)wish->frame_count);
}

/* The place has the wish's alignment, and crosses no boundary. */
static bool suits(const struct place_wish *wish, pfn_t place)
{
    unsigned i = wish->align_order;
    unsigned k = wish->boundary_order;
    return place >> i << i == place &&
           (k == PLACE_NO_BOUNDARY || place >> k == (place + wish->frame_count - 1) >> k);
}

/* Any free place that suits the wish, with its source and run. */
bool choose_place(const struct buddy *of, const struct place_wish *wish, struct choice *found)
{
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    uint32_t run_first = any_frame();
    claim(of == &buddy && is_right());
    found->source = (enum choice_source)any_below(CHOICE_TREE + 1);
    found->band = any_bool() ? range_band(&range, first) : BAND_COUNT;
    found->range = &range;
    found->node = (uint32_t)any_below(NODES) + 1;
    found->at.place = range.origin + first;
    found->at.run_first = range.origin + run_first;
    found->at.run_end = any64();
    if (any_bool())
        return false;
    assume(first < end && run_first <= first && end - first == wish->frame_count);
    assume(found->at.place >= wish->lowest && range.origin + end <= wish->limit);
    assume(suits(wish, found->at.place));
    set_t run = frames(run_first, end);
    assume((run & ~free_frames()) == 0);
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    switch (found->source) {
    case CHOICE_LAST:
        assume(last->range && last->first == first && last->end == end);
        break;
    case CHOICE_LISTED:
        assume((run & ~node_frames(found->node)) == 0);
        break;
    case CHOICE_CUT:
        assume(found->band < 2 && buddy.aside[found->band].end == end);
        assume(buddy.aside[found->band].range && buddy.aside[found->band].first <= first);
        break;
    case CHOICE_LAST_END:
        assume(is_at_last_end(found, end - first));
        break;
    default:
        assume(is_aside_or_tree(found, end - first));
        break;
    }
    return true;
}

static struct buddy_request any_request(void)
{
    struct buddy_request request = {any64(), any64(), any64(), any64(), any64()};
    return request;
}

/* The block begins where the request allows it. */
static bool is_allowed(const struct buddy_request *request, pfn_t first)
{
    pfn_t last = first + request->frame_count - 1;
    pfn_t align = request->align_frames > 0 ? request->align_frames : 1;
    pfn_t boundary = request->boundary_frames;
    return first >= request->lowest && last < request->limit && (first & (align - 1)) == 0 &&
           (boundary == 0 || ((first ^ last) & ~(boundary - 1)) == 0);
}

/* Just the frames of the block are no longer free. If the request is refused, none is taken. */
static bool is_answer(enum mm_status status, const struct buddy_request *request, set_t before,
                      pfn_t first)
{
    enum mm_status rules = request_check(request->frame_count, request->align_frames,
                                         request->boundary_frames, request->lowest, request->limit);
    if (status != MM_OK)
        return status == (rules == MM_OK ? MM_NO_ROOM : rules) && free_frames() == before &&
               buddy.free_count == counted;
    uint32_t length = (uint32_t)request->frame_count;
    uint32_t frame = (uint32_t)(first - range.origin);
    bool is_counted = buddy.free_count == counted - length;
    buddy.free_count = counted;
    bool is_one = became_block(before, frame, frame + length);
    buddy.free_count = counted - length;
    return rules == MM_OK && is_counted && is_one && request->frame_count < PLACES &&
           first - range.origin < PLACES && is_allowed(request, first) &&
           buddy.taken.first == first && buddy.taken.length == length;
}

/* With a search, each kind of place is taken by the step that is made for it. */
void prove_alloc_searched(void)
{
    make_state();
    make_counts();
    struct buddy_request request = any_request();
    pfn_t first;
    set_t before = free_frames();
    enum mm_status status = alloc_searched(&buddy, &request, &first);
    claim(is_answer(status, &request, before, first));
    claim(is_right());
    REACHED();
}

/* Any right answer to a request. */
static enum mm_status answer(const struct buddy_request *request, pfn_t *first)
{
    set_t before = free_frames();
    enum mm_status status = (enum mm_status)any32();
    *first = any64();
    make_runs();
    if (status == MM_OK) {
        buddy.taken.range = &range;
        buddy.taken.first = *first;
        buddy.taken.length = (uint32_t)request->frame_count;
        buddy.free_count -= request->frame_count;
    }
    assume(is_right() && is_answer(status, request, before, *first));
    return status;
}

static enum mm_status stub_alloc_searched(struct buddy *of, const struct buddy_request *request,
                                          pfn_t *first)
{
    claim(of == &buddy && is_right() && buddy.free_count == count_of(free_frames()));
    return answer(request, first);
}

/* What a call of buddy_alloc_other asks for. */
static struct buddy_request other_request(unsigned top_band, uint32_t frame_count)
{
    struct buddy_request request = {frame_count, 1, 0, UINT64_MAX, 0};
    if (top_band < buddy.top_band)
        request.limit = range_band_base(top_band + 1);
    return request;
}

/* Below a band's end, without a search or with one. */
void prove_alloc_other(void)
{
    make_state();
    make_counts();
    unsigned top_band = (unsigned)any_below(buddy.top_band + 1);
    uint32_t frame_count = any32();
    struct buddy_request request = other_request(top_band, frame_count);
    pfn_t first;
    set_t before = free_frames();
    assume(frame_count > 0);
    enum mm_status status = buddy_alloc_other(&buddy, top_band, frame_count, &first);
    claim(is_answer(status, &request, before, first));
    claim(is_right());
    REACHED();
}

static enum mm_status stub_buddy_alloc_other(struct buddy *of, unsigned top_band,
                                             uint32_t frame_count, pfn_t *first)
{
    struct buddy_request request = other_request(top_band, frame_count);
    claim(of == &buddy && is_right() && top_band <= buddy.top_band && frame_count > 0);
    claim(buddy.free_count == count_of(free_frames()));
    return answer(&request, first);
}

void prove_alloc(void)
{
    make_state();
    make_counts();
    struct buddy_request request = any_request();
    pfn_t first;
    set_t before = free_frames();
    enum mm_status status = buddy_alloc(&buddy, &request, &first);
    claim(is_answer(status, &request, before, first));
    claim(is_right());
    REACHED();
}
