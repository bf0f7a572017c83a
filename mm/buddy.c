/*
 * Allocates runs of frames and frees them. Knows no owners and no addresses.
 *
 * If two free runs touch, at least one of them is set aside, because a run that is put back is
 * joined with its free neighbours. So lists and trees say what fits, with one exception: a run that
 * is set aside may form a longer run with its neighbours.
 */

#include "buddy.h"

#include "choose.h"
#include "free.h"
#include "inside.h"
#include "last.h"
#include "place.h"
#include "ranges.h"

/* ---- ranges ---------------------------------------------------------------------------------- */

/* What is wrong with a range, whatever other ranges there are. */
static enum mm_status check_range(struct frame_range range)
{
    if (range.first >= range.end || range.end > PHYS_LIMIT >> FRAME_SHIFT)
        return MM_BAD_RANGE;
    return range.end - range.first > BUDDY_MAX_FRAMES ? MM_TOO_LARGE : MM_OK;
}

size_t buddy_table_bytes(struct frame_range range)
{
    return check_range(range) == MM_OK ? range_table_bytes(range) : 0;
}

static const struct buddy_run no_run = {NULL, 0, 0};
static const struct buddy_taken no_block = {NULL, 0, 0};

void buddy_init(struct buddy *buddy)
{
    buddy->highest = NULL;
    buddy->root = NULL;
    buddy->hit = NULL;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        buddy->aside[i] = no_run;
    buddy->taken = no_block;
    buddy->top_band = 0;
    buddy->end_pfn = 0;
    buddy->frame_count = 0;
    buddy->free_count = 0;
    buddy->index_frames = 0;
    index_init(&buddy->index);
}

static bool is_empty(const struct buddy_run *run)
{
    return run->first == run->end;
}

/* ---- where freed runs go --------------------------------------------------------------------- */

/*
 * True if the free frames [first, end) are in no list and no tree, are not live, and have no listed
 * or tree neighbour, as far as both ends tell. A block that is being freed together with others has
 * no begin (many.c). So a frame at `end` without a begin need not be free.
 */
static bool is_alone(const struct buddy *buddy, const struct buddy_range *range, uint32_t first,
                     uint32_t end)
{
    return first >= range->first && first < end && end <= range->end &&
           range_ends_at(range, first) && range_next_begin(range, first) >= end &&
           !range_tree_has(range, first) && !range_tree_has(range, end - 1) &&
           (range_begins_at(range, end) ||
            (!range_tree_has(range, end) && index_find(&buddy->index, range, end) == 0));
}

/* True if a run is short enough for a list, lies in one band, and its range has a number. */
static inline bool may_list(const struct run_index *index, const struct buddy_range *range,
                            uint32_t first, uint32_t end)
{
    return end - first < index->lengths && end <= range->borders[range_band(range, first) + 1] &&
           range->number != RANGE_NOT_LISTED;
}

/* Lists a run without free neighbours. False if it cannot be listed. */
MM_INLINE bool list_run(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                        uint32_t end)
{
    struct run_index *index = &buddy->index;
    uint32_t node = may_list(index, range, first, end) ? index_new_node(index) : 0;
    if (node == 0)
        return false;
    MM_ASSERT_COSTLY(is_alone(buddy, range, first, end));
    index_enter(index, range, &index->shelves[range_shelf(range, first)], node, first, end - first);
    return true;
}

/* Puts a free run without free neighbours into a list, or else into the tree. It may be empty. */
MM_NOINLINE static void list_or_give(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                     uint32_t end)
{
    if (first != end && !list_run(buddy, range, first, end))
        range_tree_give(range, first, end);
}

/* Takes a run out of its list. */
MM_NOINLINE static void strike_listed(struct run_index *index, uint32_t node)
{
    struct buddy_range *range = index->ranges[index_at(index, node)->range];
    unsigned shelf = range_shelf(range, index_at(index, node)->first);
    index_strike(index, range, &index->shelves[shelf], node);
}

/* The node of the listed run that ends at `frame`; 0 if that free run is in the tree. */
static uint32_t find_listed_end(const struct buddy *buddy, const struct buddy_range *range,
                                uint32_t frame)
{
    uint32_t first;
    return range_near_end(range, frame - 1, &first) ? index_find(&buddy->index, range, first) : 0;
}

/* Changes the end of a node's listed run: it becomes [first, end), with the same beginning. */
static void relist(struct run_index *index, const struct buddy_range *range, uint32_t node,
                   uint32_t first, uint32_t end)
{
    struct index_shelf *shelf = &index->shelves[range_shelf(range, first)];
    index_unlist_node(index, shelf, node);
    index_at(index, node)->length = (uint16_t)(end - first);
    index_list_node(index, shelf, node, end - first);
}

/*
 * Joins a free run with its free neighbours, and lists the joined run. False if a neighbour is in
 * the tree, or if the joined run cannot be listed. Then [*first, *end) is the run with its listed
 * neighbours, and is in no list. A neighbour that is a block or is set aside is live, so it is not
 * joined.
 */
MM_NOINLINE static bool list_union(struct buddy *buddy, struct buddy_range *range, uint32_t *first,
                                   uint32_t *end)
{
    struct run_index *index = &buddy->index;
    bool has_left = !range_ends_at(range, *first);
    bool has_right = !range_begins_at(range, *end);
    uint32_t left = has_left ? find_listed_end(buddy, range, *first) : 0;
    uint32_t right = has_right ? index_find(index, range, *end) : 0;
    bool is_beside_tree = (has_left && left == 0) || (has_right && right == 0);
    if (right != 0) {
        *end += index_at(index, right)->length;
        strike_listed(index, right);
    }
    if (left != 0) {
        *first = index_at(index, left)->first;
        if (!is_beside_tree && may_list(index, range, *first, *end)) {
            relist(index, range, left, *first, *end);
            return true;
        }
        strike_listed(index, left);
    }
    return !is_beside_tree && list_run(buddy, range, *first, *end);
}

/* Joins a run that was set aside with its free neighbours, in a list or in the tree. */
MM_NOINLINE static void put_back(struct buddy *buddy, struct buddy_run run)
{
    if (is_empty(&run))
        return;
    range_strike(run.range, run.first, run.end);
    if (!list_union(buddy, run.range, &run.first, &run.end))
        range_tree_give(run.range, run.first, run.end);
}

static void put_back_aside(struct buddy *buddy, unsigned which)
{
    struct buddy_run run = buddy->aside[which];
    buddy->aside[which] = no_run;
    if (which == BUDDY_ASIDE_LAST && run.range)
        range_count_free(run.range, run.first, run.end - run.first);
    put_back(buddy, run);
}

/* Adds the live frames [first, end) to a run that is set aside. False if the two do not touch. */
static inline bool extend(struct buddy_run *run, struct buddy_range *range, uint32_t first,
                          uint32_t end)
{
    if (run->range != range)
        return false;
    if (run->end == first) {
        range_join(range, first);
        run->end = end;
    } else if (run->first == end) {
        range_join(range, end);
        run->first = first;
    } else {
        return false;
    }
    range_set_length(range, run->first, run->end - run->first);
    return true;
}

/*
 * Makes a free run the cutting run of its band, and puts the one before back. A run that lies in
 * two bands is put back itself.
 */
MM_NOINLINE static void set_cut(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                uint32_t end)
{
    unsigned band = range_band(range, first);
    struct buddy_run run = {range, first, end};
    struct buddy_run other = run;
    range_enter(range, first, end - first);
    if (end <= range->borders[band + 1]) {
        other = buddy->aside[band];
        buddy->aside[band] = run;
    }
    put_back(buddy, other);
}

/*
 * A run that would change the tree becomes the cutting run. If a neighbour is freed next, it joins
 * this run, and the tree does not change.
 */
MM_NOINLINE void buddy_put_away(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                uint32_t end)
{
    unsigned band = range_band(range, first);
    MM_ASSERT_COSTLY(range_has_run(range, first, end));
    if (end <= range->borders[band + 1] && extend(&buddy->aside[band], range, first, end))
        return;
    range_strike(range, first, end);
    bool is_between = range_ends_at(range, first) && range_begins_at(range, end);
    if (is_between ? !list_run(buddy, range, first, end) : !list_union(buddy, range, &first, &end))
        set_cut(buddy, range, first, end);
}

/* For a run that is marked as long, or that was the last block of its range. */
MM_NOINLINE static void put_away_marked(struct buddy *buddy, struct buddy_range *range,
                                        uint32_t first, uint32_t end)
{
    range_mark_free(range, first, end - first);
    buddy_put_away(buddy, range, first, end);
}

MM_NOINLINE void buddy_replace_last(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                    uint32_t length)
{
    struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    struct buddy_run before = *last;
    last->range = range;
    last->first = first;
    last->end = first + length;
    if (range_uncount(before.range, before.end - before.first))
        put_away_marked(buddy, before.range, before.first, before.end);
    else
        buddy_put_away(buddy, before.range, before.first, before.end);
}

/* ---- allocation ------------------------------------------------------------------------------ */

/* Cuts a block off the end of a cutting run, which is live: only the border is new. */
MM_INLINE void cut(struct buddy_run *run, uint32_t length)
{
    MM_ASSERT_COSTLY(run->range && length > 0 && length <= run->end - run->first);
    run->end -= length;
    struct range_part *record = range_record(run->range, run->end);
    uint64_t border = bits_of(run->end);
    record->begins |= border;
    range_set_length(run->range, run->end, length);
    if (run->first != run->end)
        record->ends |= border;
    else
        *run = no_run;
}

/* Where a block was taken. */
struct taken {
    struct buddy_range *range;
    uint32_t first;
};

/* Takes `length` frames off the end of the shortest listed run that has them; false if none has. */
static inline bool take_listed(struct buddy *buddy, unsigned band, uint32_t length,
                               struct taken *taken)
{
    struct run_index *index = &buddy->index;
    struct index_shelf *shelf = &index->shelves[band];
    uint32_t found = index_next_length(shelf, length);
    if (found == 0 && band == SHELF_LOW_BAND) {
        shelf = &index->shelves[SHELF_LOW];
        found = index_next_length(shelf, length);
    }
    if (found == 0)
        return false;
    uint32_t node = index_unlist_first(index, shelf, found);
    struct index_node *run = index_at(index, node);
    struct buddy_range *range = index->ranges[run->range];
    uint32_t rest = found - length;
    taken->range = range;
    taken->first = run->first + rest;
    if (rest == 0) {
        index_forget_begin(index, range, node);
        index_free_node(index, node);
    } else {
        run->length = (uint16_t)rest;
        index_list_node(index, shelf, node, rest);
    }
    range_enter(range, taken->first, length);
    return true;
}

/*
 * Takes a block out of a listed run. The run's parts around the block stay listed, as long as there
 * are nodes; else the upper part goes into the tree.
 */
static void take_inside(struct buddy *buddy, uint32_t node, pfn_t place, uint32_t length)
{
    struct index_node run = *index_at(&buddy->index, node);
    struct buddy_range *range = buddy->index.ranges[run.range];
    uint32_t frame = (uint32_t)(place - range->origin);
    uint32_t end = run.first + run.length;
    MM_ASSERT_COSTLY(frame >= run.first && frame + length <= end);
    range_enter(range, frame, length);
    if (frame > run.first)
        relist(&buddy->index, range, node, run.first, frame);
    else
        strike_listed(&buddy->index, node);
    list_or_give(buddy, range, frame + length, end);
}

/*
 * Takes a place of the tree. If any place would do for the request, frames directly below the block
 * become the cutting run (buddy.h). The band has none before, because all were put back.
 */
static void take_tree(struct buddy *buddy, const struct place_wish *wish,
                      const struct choice *found)
{
    struct buddy_range *range = found->range;
    uint32_t frame = (uint32_t)(found->at.place - range->origin);
    uint32_t end = frame + (uint32_t)wish->frame_count;
    uint32_t rest = frame;
    if (found->band < BAND_COUNT && place_is_anywhere(wish)) {
        pfn_t lowest = found->at.run_first;
        if (lowest < wish->lowest)
            lowest = wish->lowest;
        if (lowest < range_band_base(found->band))
            lowest = range_band_base(found->band);
        pfn_t below = found->at.place - lowest;
        rest -= below < BUDDY_CUT_FRAMES ? (uint32_t)below : BUDDY_CUT_FRAMES;
    }
    range_tree_take(range, rest, end);
    if (rest < frame) {
        struct buddy_run left = {range, rest, frame};
        buddy->aside[found->band] = left;
        range_enter(range, rest, frame - rest);
    }
    range_enter(range, frame, end - frame);
}

/* Puts back all that is set aside. Then takes the place, which is in a list or in a tree now. */
MM_COLD static void take_put_back(struct buddy *buddy, const struct place_wish *wish,
                                  const struct choice *found)
{
    struct buddy_range *range = found->range;
    uint32_t first = (uint32_t)(found->at.run_first - range->origin);
    for (unsigned i = BUDDY_ASIDE_COUNT; i-- > 0;)
        put_back_aside(buddy, i);
    uint32_t node = index_find(&buddy->index, range, first);
    if (node != 0)
        take_inside(buddy, node, found->at.place, (uint32_t)wish->frame_count);
    else
        take_tree(buddy, wish, found);
}

/*
 * Takes an end of the run freed last, joined with the cutting runs that touch it. What remains
 * becomes the cutting run. So blocks of n and of n - 1 frames in turn change no tree.
 */
MM_COLD static void take_last_end(struct buddy *buddy, const struct choice *found, uint32_t length)
{
    struct buddy_range *range = found->range;
    uint32_t frame = (uint32_t)(found->at.place - range->origin);
    uint32_t first = (uint32_t)(found->at.run_first - range->origin);
    uint32_t end = (uint32_t)(found->at.run_end - range->origin);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        struct buddy_run *run = &buddy->aside[i];
        if (run->range != range || run->first < first || run->end > end)
            continue;
        if (i == BUDDY_ASIDE_LAST)
            range_count_free(range, run->first, run->end - run->first);
        range_strike(range, run->first, run->end);
        *run = no_run;
    }
    range_enter(range, frame, length);
    if (first < frame)
        set_cut(buddy, range, first, frame);
    if (frame + length < end)
        set_cut(buddy, range, frame + length, end);
}

static void take_found(struct buddy *buddy, const struct place_wish *wish,
                       const struct choice *found)
{
    switch (found->source) {
    case CHOICE_LAST:
        buddy->aside[BUDDY_ASIDE_LAST] = no_run;
        break;
    case CHOICE_LISTED:
        take_inside(buddy, found->node, found->at.place, (uint32_t)wish->frame_count);
        break;
    case CHOICE_CUT:
        cut(&buddy->aside[found->band], (uint32_t)wish->frame_count);
        break;
    case CHOICE_LAST_END:
        take_last_end(buddy, found, (uint32_t)wish->frame_count);
        break;
    default:
        take_put_back(buddy, wish, found);
        break;
    }
}

MM_NOINLINE static enum mm_status alloc_searched(struct buddy *buddy,
                                                 const struct buddy_request *request, pfn_t *first)
{
    struct place_wish wish;
    struct choice found;
    enum mm_status status = find_wish(buddy, request, &wish);
    if (status != MM_OK)
        return status;
    if (!choose_place(buddy, &wish, &found))
        return MM_NO_ROOM;
    take_found(buddy, &wish, &found);
    uint32_t place = (uint32_t)(found.at.place - found.range->origin);
    if (found.source != CHOICE_LAST)
        range_count_live(found.range, place, (uint32_t)wish.frame_count);
    *first = last_hand_out(buddy, found.range, place, (uint32_t)wish.frame_count);
    return MM_OK;
}

/* Takes a short block in a band without a search. False if a search is needed. */
static inline bool take_short(struct buddy *buddy, unsigned band, uint32_t length,
                              struct taken *taken)
{
    if (take_listed(buddy, band, length, taken))
        return true;
    struct buddy_run *run = &buddy->aside[band];
    if (run->end - run->first < length)
        return false;
    taken->range = run->range;
    taken->first = run->end - length;
    cut(run, length);
    return true;
}

MM_NOINLINE static enum mm_status alloc_any_searched(struct buddy *buddy, unsigned top_band,
                                                     pfn_t frame_count, pfn_t *first)
{
    struct buddy_request request = {frame_count, 1, 0, UINT64_MAX, 0};
    if (top_band < buddy->top_band)
        request.limit = range_band_base(top_band + 1);
    return alloc_searched(buddy, &request, first);
}

MM_NOINLINE enum mm_status buddy_alloc_other(struct buddy *buddy, unsigned top_band,
                                             uint32_t frame_count, pfn_t *first)
{
    struct taken taken;
    if (!take_short(buddy, top_band, frame_count, &taken))
        return alloc_any_searched(buddy, top_band, frame_count, first);
    range_count_live(taken.range, taken.first, frame_count);
    *first = last_hand_out(buddy, taken.range, taken.first, frame_count);
    return MM_OK;
}

bool buddy_last_is_within(const struct buddy *buddy, pfn_t lowest, pfn_t limit)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    const struct buddy_range *range = last->range;
    unsigned band = range_band(range, last->first);
    return range->origin + last->first >= lowest && range->origin + last->end <= limit &&
           (band == buddy->top_band || limit <= range_band_base(band + 1));
}

enum mm_status buddy_alloc_any(struct buddy *buddy, pfn_t frame_count, pfn_t *first)
{
    if (frame_count == 0)
        return MM_ZERO_SIZE;
    if (frame_count > UINT32_MAX)
        return alloc_any_searched(buddy, buddy->top_band, frame_count, first);
    if (!last_is_wanted(buddy, (uint32_t)frame_count))
        return buddy_alloc_other(buddy, buddy->top_band, (uint32_t)frame_count, first);
    *first = last_take(buddy);
    return MM_OK;
}

/*
 * Serves a request with a window, but without alignment and boundary. A limit at the end of a band
 * is served like no limit.
 */
MM_NOINLINE static enum mm_status alloc_within(struct buddy *buddy,
                                               const struct buddy_request *request, pfn_t *first)
{
    uint32_t frame_count = (uint32_t)request->frame_count;
    if (last_is_wanted_within(buddy, frame_count, request->lowest, request->limit)) {
        *first = last_take(buddy);
        return MM_OK;
    }
    for (unsigned band = 0; band < buddy->top_band && request->lowest == 0; band++)
        if (bits_are_same(request->limit, range_band_base(band + 1)))
            return buddy_alloc_other(buddy, band, frame_count, first);
    return alloc_searched(buddy, request, first);
}

enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first)
{
    uint32_t frame_count = (uint32_t)request->frame_count;
    if (((request->align_frames & ~(pfn_t)1) | request->boundary_frames |
         request->frame_count >> 32) != 0 ||
        frame_count == 0)
        return alloc_searched(buddy, request, first);
    if (request->lowest != 0 || request->limit < buddy->end_pfn || request->limit < frame_count)
        return alloc_within(buddy, request, first);
    if (!last_is_wanted(buddy, frame_count))
        return buddy_alloc_other(buddy, buddy->top_band, frame_count, first);
    *first = last_take(buddy);
    return MM_OK;
}

/* ---- freeing --------------------------------------------------------------------------------- */

MM_NOINLINE enum mm_status block_refusal(const struct buddy *buddy, pfn_t first)
{
    struct frame_range run;
    return buddy_find_run(buddy, first, &run) ? MM_INSIDE_BLOCK : MM_ALREADY_FREE;
}

enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count)
{
    struct buddy_range *range = last_taken_range(buddy, first);
    uint32_t length = buddy->taken.length;
    if (!range) {
        range = block_range(buddy, first);
        if (!range)
            return MM_NOT_MANAGED;
        uint32_t frame = (uint32_t)(first - range->origin);
        if (!block_begins_at(buddy, range, frame))
            return block_refusal(buddy, first);
        length = range_length(range, frame);
        buddy->hit = range;
    }
    buddy_forget_taken(buddy);
    if (frame_count)
        *frame_count = length;
    last_set_aside(buddy, range, (uint32_t)(first - range->origin), length);
    return MM_OK;
}

/* ---- ranges that are added ------------------------------------------------------------------- */

MM_NOINLINE void buddy_empty_index(struct buddy *buddy)
{
    struct run_index *index = &buddy->index;
    for (uint32_t node = INDEX_NODE_LINKS; node < index_nodes_end(index);
         node += INDEX_NODE_LINKS) {
        struct index_node run = *index_at(index, node);
        if (run.length == 0)
            continue;
        struct buddy_range *range = index->ranges[run.range];
        strike_listed(index, node);
        range_tree_give(range, run.first, run.first + run.length);
    }
}

/* The index is in the largest range's tables, unless it has memory of its own, for more frames. */
static void move_index(struct buddy *buddy, const struct buddy_range *range)
{
    pfn_t frame_count = range->end_pfn - range->first_pfn;
    buddy_empty_index(buddy);
    if (frame_count > buddy->index_frames) {
        index_create(&buddy->index, range->index_memory, frame_count, 0);
        buddy->index_frames = frame_count;
    }
    index_number_ranges(&buddy->index, buddy->highest);
}

size_t buddy_index_bytes(pfn_t frame_count, uint32_t range_count)
{
    return index_bytes(frame_count, range_count);
}

void buddy_add_index(struct buddy *buddy, pfn_t frame_count, uint32_t range_count, void *memory)
{
    buddy_empty_index(buddy);
    index_create(&buddy->index, memory, frame_count, range_count);
    buddy->index_frames = frame_count;
    index_number_ranges(&buddy->index, buddy->highest);
}

MM_COLD enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables)
{
    enum mm_status status = check_range(range);
    if (status != MM_OK)
        return status;
    struct buddy_range **link = &buddy->highest;
    while (*link && (*link)->first_pfn >= range.end)
        link = &(*link)->lower;
    if (*link && (*link)->end_pfn > range.first)
        return MM_BAD_RANGE;
    struct buddy_range *added = range_create(range, tables);
    range_tree_give(added, added->first, added->end);
    added->lower = *link;
    *link = added;
    buddy->root = ranges_build(buddy->highest);
    move_index(buddy, added);
    if (range.end > buddy->end_pfn) {
        buddy->end_pfn = range.end;
        buddy->top_band = range_band(added, added->end - 1);
    }
    buddy->frame_count += range.end - range.first;
    buddy->free_count += range.end - range.first;
    return MM_OK;
}
