/*
 * The buddy, from any right state of one range of at most 63 frames and two nodes of the index on.
 * All of its frames lie in one word, so a set of frames is a word: the live ones, those in the
 * tree, the listed ones, those set aside. The tree stands for its contract: a word of bits.
 */

#include "any.h"
#include "mm/buddy.c"
#include "mm/index.c"
#include "mm/place.c"

#define NODES 2u
#define LENGTHS 8u /* runs of 7 frames and less may be listed */
#define LINKS ((NODES + 1) * INDEX_NODE_LINKS + SHELF_COUNT * LENGTHS)

static struct buddy buddy;
static struct buddy_range range;
static struct range_part records[2];
static struct index_node nodes[NODES + 1 + SHELF_COUNT * LENGTHS / INDEX_NODE_LINKS];
static struct buddy_range *ranges[1];
static pfn_t origins[1];
static uint64_t tree_bits;

/* ---- sets of frames ---- */

static uint64_t bits_below(uint32_t frame)
{
    return frame < WORD_BITS ? ((uint64_t)1 << frame) - 1 : WORD_ONES;
}

static uint64_t frames(uint32_t first, uint32_t end)
{
    return bits_below(end) & ~bits_below(first);
}

/* The parity of the bits up to each place. */
static uint64_t parities(uint64_t word)
{
    for (unsigned shift = 1; shift < WORD_BITS; shift *= 2)
        word ^= word << shift;
    return word;
}

/* Frames in live runs. What lies outside of the range counts as live. */
static uint64_t live_frames(void)
{
    return ~parities(records[0].begins ^ records[0].ends);
}

static uint64_t aside_frames(unsigned which)
{
    return frames(buddy.aside[which].first, buddy.aside[which].end);
}

static uint64_t all_aside(void)
{
    return aside_frames(0) | aside_frames(1) | aside_frames(2) | aside_frames(3);
}

static uint64_t node_frames(unsigned node)
{
    return frames(nodes[node].first, nodes[node].first + nodes[node].length);
}

static uint64_t listed_frames(void)
{
    return node_frames(1) | node_frames(2);
}

static uint64_t free_frames(void)
{
    return tree_bits | listed_frames() | all_aside();
}

/* ---- the tree, by its contract ---- */

bool tree_has(const struct tree *tree, uint32_t frame)
{
    (void)tree;
    return frame < WORD_BITS && (tree_bits >> frame & 1);
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
    return frame < WORD_BITS && ((live_frames() & ~all_aside()) >> frame & 1);
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
        return !run->range && run->first == 0;
    uint64_t inside = frames(run->first, run->end) & ~bits_of(run->first);
    bool is_run = run->range == &range && run->first < run->end && run->first >= range.first &&
                  run->end <= range.end && range_begins_at(&range, run->first) &&
                  range_ends_at(&range, run->end) &&
                  ((records[0].begins | records[0].ends) & inside) == 0;
    return is_run && (which == BUDDY_ASIDE_LAST || (range_band(&range, run->first) == which &&
                                                    run->end <= range.borders[which + 1]));
}

static bool is_node_right(unsigned node)
{
    uint32_t first = nodes[node].first;
    uint32_t end = first + nodes[node].length;
    if (nodes[node].length == 0)
        return true;
    return nodes[node].length < LENGTHS && first >= range.first && end <= range.end &&
           range_ends_at(&range, first) && range_begins_at(&range, end) &&
           end <= range.borders[range_band(&range, first) + 1];
}

/* Each frame is in one place only, and runs begin and end as they should. */
static bool is_right(void)
{
    uint64_t begins = records[0].begins;
    uint64_t ends = records[0].ends;
    uint64_t whole = frames(range.first, range.end);
    uint64_t live = live_frames();
    uint64_t below = live << 1 | 1; /* the frame below is live */
    bool right = (begins & ~whole) == bits_of(range.end) && (ends & bits_below(range.first)) == 0 &&
                 (ends & ~bits_below(range.end + 1)) == 0 && range_ends_at(&range, range.first) &&
                 (ends & ~below) == 0 && (begins & ~ends & below) == 0 && (~live & ~whole) == 0;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        right = right && is_set_right(i) && (aside_frames(i) & ~live) == 0;
    right = right && (aside_frames(0) & aside_frames(1)) == 0 &&
            (aside_frames(3) & (aside_frames(0) | aside_frames(1))) == 0 && aside_frames(2) == 0;
    right = right && is_node_right(1) && is_node_right(2) &&
            (node_frames(1) & node_frames(2)) == 0 && (listed_frames() & live) == 0;
    return right && (tree_bits & (live | listed_frames())) == 0 &&
           (tree_bits | listed_frames()) == (whole & ~live);
}

static uint32_t count_of(uint64_t word)
{
    return (uint32_t)__builtin_popcountll(word);
}

static bool are_counts_right(void)
{
    uint64_t whole = frames(range.first, range.end);
    return buddy.free_count == count_of(free_frames()) &&
           range.live_count ==
               count_of(live_frames() & whole & ~(aside_frames(0) | aside_frames(1)));
}

static void make_aside(unsigned which)
{
    struct buddy_run run = {0};
    if (any_bool()) {
        run.range = &range;
        run.first = (uint32_t)any_below(WORD_BITS);
        run.end = (uint32_t)any_below(WORD_BITS);
        assume(run.first < run.end);
    }
    buddy.aside[which] = run;
}

static void make_listed(uint32_t node)
{
    uint32_t first = (uint32_t)any_below(WORD_BITS);
    uint32_t length = (uint32_t)any_below(LENGTHS);
    struct run_index *index = &buddy.index;
    if (length == 0)
        return;
    assume(first + length < WORD_BITS);
    index->links[0] = 0;
    index_enter(index, &range, &index->shelves[range_band(&range, first)], node, first, length);
}

static void make_index(void)
{
    struct run_index *index = &buddy.index;
    index->links = (uint16_t *)(void *)nodes;
    index->ranges = ranges;
    index->origins = origins;
    index->lengths = LENGTHS;
    index->node_count = NODES;
    index->range_limit = 1;
    ranges[0] = &range;
    for (unsigned i = 0; i < SHELF_COUNT; i++)
        index->shelves[i].lists = (NODES + 1) * INDEX_NODE_LINKS + i * LENGTHS;
    make_listed(INDEX_NODE_LINKS);
    make_listed(2 * INDEX_NODE_LINKS);
    index->links[0] = 0;
    for (uint32_t node = 2; node > 0; node--)
        if (nodes[node].length == 0)
            index_free_node(index, node * INDEX_NODE_LINKS);
}

/* One range that lies in the bands 0 and 1, or in one of them. */
static void make_state(void)
{
    range.origin = any_below((pfn_t)1 << 32) * WORD_BITS;
    range.first = (uint32_t)any_below(8);
    range.end = (uint32_t)any_below(SPAN) + 1;
    range.first_pfn = range.origin + range.first;
    range.end_pfn = range.origin + range.end;
    range.borders[1] = (uint32_t)any_below(WORD_BITS);
    range.borders[2] = range.borders[3] = UINT32_MAX;
    range.records = records;
    origins[0] = range.origin;
    assume(range.first < range.end);
    records[0].begins = any64();
    records[0].ends = any64();
    tree_bits = any64();
    make_aside(0);
    make_aside(1);
    make_aside(BUDDY_ASIDE_LAST);
    make_index();
    buddy.highest = buddy.root = &range;
    buddy.hit = any_bool() ? &range : NULL;
    buddy.end_pfn = range.end_pfn;
    buddy.top_band = range_band(&range, range.end - 1);
    buddy.frame_count = range.end - range.first;
    buddy.free_count = any64();
    range.live_count = any32();
    assume(is_right() && are_counts_right());
}

static bool is_block(uint32_t first, uint32_t end)
{
    uint64_t inside = frames(first, end) & ~bits_of(first);
    return first >= range.first && first < end && end <= range.end &&
           range_begins_at(&range, first) && range_ends_at(&range, end) &&
           ((records[0].begins | records[0].ends) & inside) == 0 &&
           (all_aside() & frames(first, end)) == 0;
}

/* ---- freeing ---- */

/* Just the frames of the block become free, and the state stays right. */
void prove_free(void)
{
    make_state();
    pfn_t pfn = any64();
    uint32_t end = (uint32_t)any_below(WORD_BITS);
    pfn_t frame = pfn - range.origin;
    uint64_t before = free_frames();
    bool is_taken = any_bool();
    bool is_one = frame < WORD_BITS && is_block((uint32_t)frame, end);
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

/* ---- allocation ---- */

static bool is_chosen;

/* Any place for the wish in the run freed last, in a listed run, or at the end of a cutting run. */
bool choose_place(const struct buddy *of, const struct place_wish *wish, struct choice *found)
{
    uint32_t frame = (uint32_t)any_below(WORD_BITS);
    uint32_t end = (uint32_t)any_below(WORD_BITS);
    if (!any_bool())
        return false;
    is_chosen = true;
    assume(frame >= range.first && frame < end && end <= range.end);
    assume(end - frame == wish->frame_count);
    found->range = &range;
    found->at.place = range.origin + frame;
    assume(found->at.place >= wish->lowest && range.origin + end <= wish->limit);
    assume(found->at.place >> wish->align_order << wish->align_order == found->at.place);
    assume(wish->boundary_order == PLACE_NO_BOUNDARY ||
           found->at.place >> wish->boundary_order ==
               (range.origin + end - 1) >> wish->boundary_order);
    if (any_bool()) {
        found->source = CHOICE_LAST;
        assume(of->aside[BUDDY_ASIDE_LAST].first == frame);
        assume(of->aside[BUDDY_ASIDE_LAST].end == end);
    } else if (any_bool()) {
        found->source = CHOICE_CUT;
        found->band = (unsigned)any_below(2);
        assume(of->aside[found->band].end == end && of->aside[found->band].first <= frame &&
               of->aside[found->band].range);
    } else {
        unsigned node = (unsigned)any_below(NODES) + 1;
        found->source = CHOICE_LISTED;
        found->node = node * INDEX_NODE_LINKS;
        assume((frames(frame, end) & ~node_frames(node)) == 0);
    }
    return true;
}

/*
 * A block was free, is now one, and has the place that the request asks for; all other frames are
 * where they were, free or not. A refusal changes nothing.
 */
void prove_alloc(void)
{
    make_state();
    struct buddy_request request = {any64(), any64(), any64(), any64(), any64()};
    uint64_t before = free_frames();
    pfn_t first;
    enum mm_status rules = request_check(request.frame_count, request.align_frames,
                                         request.boundary_frames, request.lowest, request.limit);
    enum mm_status status = buddy_alloc(&buddy, &request, &first);
    if (status == MM_OK) {
        uint32_t frame = (uint32_t)(first - range.origin);
        uint32_t count = (uint32_t)request.frame_count;
        pfn_t align = request.align_frames > 0 ? request.align_frames : 1;
        pfn_t last = first + count - 1;
        claim(rules == MM_OK && first >= range.first_pfn && first + count <= range.end_pfn);
        claim(first >= request.lowest && first + count <= request.limit);
        claim((first & (align - 1)) == 0);
        uint64_t apart = first ^ last;
        claim(request.boundary_frames == 0 || (apart & ~(request.boundary_frames - 1)) == 0);
        claim((before & frames(frame, frame + count)) == frames(frame, frame + count));
        claim(is_block(frame, frame + count));
        claim(free_frames() == (before & ~frames(frame, frame + count)));
        claim(buddy.taken.range == &range && buddy.taken.first == first &&
              buddy.taken.length == count);
    } else {
        claim(status == rules || (rules == MM_OK && status == MM_NO_ROOM && !is_chosen));
        claim(free_frames() == before);
    }
    claim(is_right() && are_counts_right());
    REACHED();
}
