/*
 * Which of the free runs serves a request, and where a freed one goes. Knows no owners and no
 * addresses.
 *
 * Two free runs touch only if one of them is set aside; when it is put back, it becomes one with
 * its neighbours. So lists and trees tell what fits, but for what a run set aside would make
 * together with its neighbours.
 */

#include "buddy.h"

#include "find.h"
#include "free.h"
#include "inside.h"
#include "place.h"
#include "ranges.h"

/* ---- ranges ---------------------------------------------------------------------------------- */

/* What is wrong with a range by itself. */
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

void buddy_init(struct buddy *buddy)
{
    buddy->highest = NULL;
    buddy->root = NULL;
    buddy->hit = NULL;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        buddy->aside[i] = no_run;
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

/* Lists a run that nothing free touches. False if that cannot be. */
static inline bool list_run(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                            uint32_t end)
{
    struct run_index *index = &buddy->index;
    unsigned band = range_band(range, first);
    if (end - first >= index->lengths || end > range->borders[band + 1] ||
        range->number == RANGE_NOT_LISTED)
        return false;
    uint32_t node = index_new_node(index);
    if (node == 0)
        return false;
    index_enter(index, range, band, node, first, end - first);
    return true;
}

/* Takes a run out of its list. */
MM_NOINLINE static void strike_listed(struct run_index *index, uint32_t node)
{
    struct buddy_range *range = index->ranges[index->nodes[node].range];
    index_strike(index, range, range_band(range, index->nodes[node].first), node);
}

/* The listed run that ends at `frame`; 0 if that is the tree's. */
static uint32_t find_listed_end(const struct buddy *buddy, const struct buddy_range *range,
                                uint32_t frame)
{
    uint32_t first;
    return range_near_end(range, frame - 1, &first) ? index_find(&buddy->index, range, first) : 0;
}

/*
 * Adds its listed neighbours to a free run, which then are in no list. What begins or ends beside
 * it counts as live, be it a block or a run that is set aside. True if a neighbour is in the tree.
 */
static inline bool add_neighbours(struct buddy *buddy, struct buddy_range *range, uint32_t *first,
                                  uint32_t *end)
{
    struct run_index *index = &buddy->index;
    bool has_left = !range_ends_at(range, *first);
    bool has_right = !range_begins_at(range, *end);
    uint32_t left = has_left ? find_listed_end(buddy, range, *first) : 0;
    uint32_t right = has_right ? index_find(index, range, *end) : 0;
    if (left != 0) {
        *first = index->nodes[left].first;
        strike_listed(index, left);
    }
    if (right != 0) {
        *end += index->nodes[right].length;
        strike_listed(index, right);
    }
    return (has_left && left == 0) || (has_right && right == 0);
}

/* A run that was set aside becomes one with its neighbours, in a list or in the tree. */
static void put_back(struct buddy *buddy, struct buddy_run run)
{
    if (is_empty(&run))
        return;
    range_strike(run.range, run.first, run.end);
    if (add_neighbours(buddy, run.range, &run.first, &run.end) ||
        !list_run(buddy, run.range, run.first, run.end))
        range_tree_give(run.range, run.first, run.end);
}

static void put_back_aside(struct buddy *buddy, unsigned which)
{
    struct buddy_run run = buddy->aside[which];
    buddy->aside[which] = no_run;
    put_back(buddy, run);
}

/*
 * Adds the frames [first, end), which the tables call live, to a run that is set aside, if they
 * touch.
 */
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

/* A free run becomes the one that is cut in its band; the one before is put back. */
static void set_cut(struct buddy *buddy, struct buddy_range *range, uint32_t first, uint32_t end)
{
    unsigned band = range_band(range, first);
    struct buddy_run before = buddy->aside[band];
    struct buddy_run run = {range, first, end};
    if (end > range->borders[band + 1]) {
        range_tree_give(range, first, end);
        return;
    }
    range_enter(range, first, end - first);
    buddy->aside[band] = run;
    put_back(buddy, before);
}

/*
 * The block that was freed last goes where it belongs, as another is freed now. What would change
 * the tree becomes the run that is cut: a neighbour that is freed next changes nothing then.
 */
MM_NOINLINE void buddy_put_away(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                uint32_t end)
{
    unsigned band = range_band(range, first);
    if (end <= range->borders[band + 1] && extend(&buddy->aside[band], range, first, end))
        return;
    range_strike(range, first, end);
    if (add_neighbours(buddy, range, &first, &end) || !list_run(buddy, range, first, end))
        set_cut(buddy, range, first, end);
}

/* ---- allocation ------------------------------------------------------------------------------ */

/* A block at the end of a free run that its range calls live: the rest stays as it is. */
static void cut(struct buddy_run *run, uint32_t length)
{
    run->end -= length;
    range_enter(run->range, run->end, length);
    if (run->first != run->end)
        range_record(run->range, run->end)->ends |= bits_of(run->end);
    else
        *run = no_run;
}

/* Where a block was taken; the range is NULL if nowhere. */
struct taken {
    struct buddy_range *range;
    uint32_t first;
};

static const struct taken nothing = {NULL, 0};

/* Takes `length` frames off the end of the shortest listed run that has them. */
static inline struct taken take_listed(struct buddy *buddy, unsigned band, uint32_t length)
{
    struct run_index *index = &buddy->index;
    uint32_t found = index_next_length(index, band, length);
    if (found == 0)
        return nothing;
    uint32_t node = index->next[index->bands[band].lists + found];
    struct index_node *run = &index->nodes[node];
    struct buddy_range *range = index->ranges[run->range];
    uint32_t frame = run->first + found - length;
    if (found == length) {
        index_strike(index, range, band, node);
    } else {
        index_unlist_node(index, band, node);
        run->length = (uint16_t)(found - length);
        index_list_node(index, band, node);
    }
    range_enter(range, frame, length);
    struct taken taken = {range, frame};
    return taken;
}

/* What is left of a listed run beside a block; maybe nothing. */
static void list_or_give(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                         uint32_t end)
{
    if (first != end && !list_run(buddy, range, first, end))
        range_tree_give(range, first, end);
}

/* Takes a block out of a listed run. The pieces around it stay listed, if there are nodes. */
static void take_inside(struct buddy *buddy, uint32_t node, pfn_t place, uint32_t length)
{
    struct index_node run = buddy->index.nodes[node];
    struct buddy_range *range = buddy->index.ranges[run.range];
    uint32_t frame = (uint32_t)(place - range->origin);
    strike_listed(&buddy->index, node);
    range_enter(range, frame, length);
    list_or_give(buddy, range, run.first, frame);
    list_or_give(buddy, range, frame + length, run.first + run.length);
}

/*
 * Takes a place of the tree. A request that is served at the end of a run has, in a band of its
 * own, what is left below set aside.
 */
static void take_tree(struct buddy *buddy, const struct place_wish *wish,
                      const struct find_result *found)
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

/* Takes a place that is in a list or in a tree when all that is set aside has been put back. */
static void take_put_back(struct buddy *buddy, const struct place_wish *wish,
                          const struct find_result *found)
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

static void take_found(struct buddy *buddy, const struct place_wish *wish,
                       const struct find_result *found)
{
    switch (found->source) {
    case FIND_LAST:
        buddy->aside[BUDDY_ASIDE_LAST] = no_run;
        break;
    case FIND_LISTED:
        take_inside(buddy, found->node, found->at.place, (uint32_t)wish->frame_count);
        break;
    case FIND_CUT:
        cut(&buddy->aside[found->band], (uint32_t)wish->frame_count);
        break;
    default:
        take_put_back(buddy, wish, found);
        break;
    }
}

static inline void count_block(struct buddy *buddy, struct taken taken, uint32_t length)
{
    range_count_live(taken.range, taken.first, length);
    buddy->free_count -= length;
}

MM_NOINLINE static enum mm_status alloc_searched(struct buddy *buddy,
                                                 const struct buddy_request *request, pfn_t *first)
{
    struct place_wish wish;
    struct find_result found;
    enum mm_status status = find_wish(buddy, request, &wish);
    if (status != MM_OK)
        return status;
    if (!find_place(buddy, &wish, &found))
        return MM_NO_ROOM;
    take_found(buddy, &wish, &found);
    *first = found.at.place;
    struct taken taken = {found.range, (uint32_t)(*first - found.range->origin)};
    count_block(buddy, taken, (uint32_t)wish.frame_count);
    return MM_OK;
}

/* The run freed last, if it has just that length and lies in the highest band. */
static inline struct taken take_last(struct buddy *buddy, pfn_t length)
{
    const struct buddy_run last = buddy->aside[BUDDY_ASIDE_LAST];
    struct taken taken = {last.range, last.first};
    if (last.end - last.first != length || last.first < last.range->borders[buddy->top_band])
        return nothing;
    buddy->aside[BUDDY_ASIDE_LAST] = no_run;
    return taken;
}

/* A short block in the highest band, without a search. */
static inline struct taken take_short(struct buddy *buddy, uint32_t length)
{
    struct taken taken = take_listed(buddy, buddy->top_band, length);
    struct buddy_run *run = &buddy->aside[buddy->top_band];
    if (taken.range || run->end - run->first < length)
        return taken;
    taken.range = run->range;
    taken.first = run->end - length;
    cut(run, length);
    return taken;
}

MM_NOINLINE static enum mm_status alloc_any_searched(struct buddy *buddy, pfn_t frame_count,
                                                     pfn_t *first)
{
    struct buddy_request request = {frame_count, 1, 0, UINT64_MAX, 0};
    return alloc_searched(buddy, &request, first);
}

enum mm_status buddy_alloc_any(struct buddy *buddy, pfn_t frame_count, pfn_t *first)
{
    if (frame_count == 0)
        return MM_ZERO_SIZE;
    struct taken taken = take_last(buddy, frame_count);
    if (!taken.range && frame_count <= INDEX_LENGTH_MAX)
        taken = take_short(buddy, (uint32_t)frame_count);
    if (!taken.range)
        return alloc_any_searched(buddy, frame_count, first);
    count_block(buddy, taken, (uint32_t)frame_count);
    *first = taken.range->origin + taken.first;
    return MM_OK;
}

/*
 * True if the block freed last is what a search would find: of that length, in the request's
 * window, and in the highest band that the window reaches into.
 */
static bool is_last_right(const struct buddy *buddy, const struct buddy_request *request)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    if (is_empty(last) || last->end - last->first != request->frame_count ||
        ((request->align_frames & ~(pfn_t)1) | request->boundary_frames) != 0)
        return false;
    unsigned band = range_band(last->range, last->first);
    pfn_t first = last->range->origin + last->first;
    return first >= request->lowest && first + request->frame_count <= request->limit &&
           last->end <= last->range->borders[band + 1] &&
           (band == buddy->top_band || request->limit <= range_band_base(band + 1));
}

MM_NOINLINE static enum mm_status alloc_bounded(struct buddy *buddy,
                                                const struct buddy_request *request, pfn_t *first)
{
    struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    if (!is_last_right(buddy, request))
        return alloc_searched(buddy, request, first);
    struct taken taken = {last->range, last->first};
    *last = no_run;
    count_block(buddy, taken, (uint32_t)request->frame_count);
    *first = taken.range->origin + taken.first;
    return MM_OK;
}

enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first)
{
    bool is_anywhere =
        ((request->align_frames & ~(pfn_t)1) | request->boundary_frames | request->lowest) == 0 &&
        request->limit >= buddy->end_pfn && request->limit >= request->frame_count;
    return is_anywhere ? buddy_alloc_any(buddy, request->frame_count, first)
                       : alloc_bounded(buddy, request, first);
}

/* ---- freeing --------------------------------------------------------------------------------- */

MM_NOINLINE enum mm_status block_refusal(const struct buddy *buddy, pfn_t first)
{
    struct frame_range run;
    return buddy_find_run(buddy, first, &run) ? MM_INSIDE_BLOCK : MM_ALREADY_FREE;
}

static inline void set_aside(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                             uint32_t end)
{
    struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    struct buddy_range *before = last->range;
    uint32_t before_first = last->first;
    uint32_t before_end = last->end;
    last->range = range;
    last->first = first;
    last->end = end;
    if (before)
        buddy_put_away(buddy, before, before_first, before_end);
}

enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count)
{
    struct buddy_range *range = block_range(buddy, first);
    if (!range)
        return MM_NOT_MANAGED;
    uint32_t frame = (uint32_t)(first - range->origin);
    if (!block_begins_at(buddy, range, frame))
        return block_refusal(buddy, first);
    buddy->hit = range;
    uint32_t length = range_length(range, frame);
    set_aside(buddy, range, frame, frame + length);
    range_count_free(range, frame, length);
    buddy->free_count += length;
    if (frame_count)
        *frame_count = length;
    return MM_OK;
}

/* ---- ranges that are added ------------------------------------------------------------------- */

MM_NOINLINE void buddy_empty_index(struct buddy *buddy)
{
    struct run_index *index = &buddy->index;
    for (uint32_t node = 1; node <= index->node_count; node++) {
        struct index_node run = index->nodes[node];
        if (run.length == 0)
            continue;
        struct buddy_range *range = index->ranges[run.range];
        strike_listed(index, node);
        range_tree_give(range, run.first, run.first + run.length);
    }
}

MM_NOINLINE void buddy_number_ranges(struct buddy *buddy)
{
    uint32_t number = 0;
    for (struct buddy_range *range = buddy->highest; range; range = range->lower) {
        bool has_place = number < buddy->index.range_limit;
        range->number = has_place ? (uint16_t)number : RANGE_NOT_LISTED;
        if (has_place)
            buddy->index.ranges[number++] = range;
    }
}

/* The index lives in the largest range, unless it has memory of its own that is made for more. */
static void move_index(struct buddy *buddy, const struct buddy_range *range)
{
    pfn_t frame_count = range->end_pfn - range->first_pfn;
    buddy_empty_index(buddy);
    if (frame_count > buddy->index_frames) {
        index_create(&buddy->index, range->index_memory, frame_count, 0);
        buddy->index_frames = frame_count;
    }
    buddy_number_ranges(buddy);
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
    buddy_number_ranges(buddy);
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
