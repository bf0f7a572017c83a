/*
 * Finds whole free runs. A free run is in one piece, in a list or in a tree; or it consists of
 * several pieces that touch: some are set aside, the others are listed or in the tree. Functions
 * for other files answer for whole runs, except buddy_find_part.
 */

#include "free.h"

#include "inside.h"
#include "ranges.h"
#include "search.h"

/* The range's number of a pfn, or of its own first one if this is higher. */
static uint32_t frame_from(const struct buddy_range *range, pfn_t pfn)
{
    MM_ASSERT_COSTLY(pfn < range->end_pfn);
    return pfn > range->first_pfn ? (uint32_t)(pfn - range->origin) : range->first;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

/* How many neighbouring ranges are tried before the tree of ranges is searched. */
#define RANGE_STEPS 4

/* A cell names a range that is near. If a cell has many ranges, the right one may still be far. */
MM_NOINLINE struct buddy_range *block_range_above(const struct buddy *buddy, pfn_t pfn)
{
    const struct run_index *index = &buddy->index;
    pfn_t cell = pfn >> index->cell_order;
    uint32_t number = cell < index->cell_count ? index->cells[cell] : 0;
    for (unsigned i = 0; i < RANGE_STEPS && cell < index->cell_count; i++) {
        struct buddy_range *range = index->ranges[number];
        if (range->end_pfn > pfn)
            return range;
        if (number-- == 0)
            return NULL;
    }
    return ranges_find_above(buddy->root, pfn);
}

/* ---- pieces ---------------------------------------------------------------------------------- */

struct piece {
    uint32_t first;
    uint32_t end;
};

static bool find_aside(const struct buddy *buddy, const struct buddy_range *range, uint32_t frame,
                       struct piece *piece)
{
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        if (run->range == range && frame >= run->first && frame < run->end) {
            piece->first = run->first;
            piece->end = run->end;
            return true;
        }
    }
    return false;
}

static bool find_piece(const struct buddy *buddy, const struct buddy_range *range, uint32_t frame,
                       struct piece *piece)
{
    uint32_t live;
    if (find_aside(buddy, range, frame, piece))
        return true;
    if (range_tree_has(range, frame)) {
        uint32_t at = frame + range->tree_offset;
        piece->first = tree_run_first(&range->tree, at) - range->tree_offset;
        piece->end = tree_run_end(&range->tree, at) - range->tree_offset;
        return true;
    }
    if (range_find(range, frame, &live))
        return false;
    piece->first = range->first;
    range_near_end(range, frame, &piece->first);
    piece->end = range_next_begin(range, frame);
    return true;
}

bool free_whole_run(const struct buddy *buddy, const struct buddy_range *range, uint32_t frame,
                    struct frame_range *run)
{
    struct piece whole;
    struct piece next;
    if (!find_piece(buddy, range, frame, &whole))
        return false;
    while (whole.first > range->first && find_piece(buddy, range, whole.first - 1, &next))
        whole.first = next.first;
    while (whole.end < range->end && find_piece(buddy, range, whole.end, &next))
        whole.end = next.end;
    run->first = range->origin + whole.first;
    run->end = range->origin + whole.end;
    return true;
}

bool buddy_find_free(const struct buddy *buddy, pfn_t pfn, struct frame_range *run)
{
    const struct buddy_range *range = block_range(buddy, pfn);
    return range && free_whole_run(buddy, range, (uint32_t)(pfn - range->origin), run);
}

bool buddy_find_part(const struct buddy *buddy, pfn_t pfn, enum buddy_holder *holder,
                     struct frame_range *part)
{
    const struct buddy_range *range = block_range(buddy, pfn);
    struct piece piece;
    if (!range || !find_piece(buddy, range, (uint32_t)(pfn - range->origin), &piece))
        return false;
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    if (last->range == range && last->first == piece.first)
        *holder = BUDDY_FREED_LAST;
    else if (find_aside(buddy, range, piece.first, &piece))
        *holder = BUDDY_SET_ASIDE;
    else
        *holder = range_tree_has(range, piece.first) ? BUDDY_IN_TREE : BUDDY_IN_LIST;
    part->first = range->origin + piece.first;
    part->end = range->origin + piece.end;
    return true;
}

/* ---- allocated runs -------------------------------------------------------------------------- */

bool buddy_find_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run)
{
    const struct buddy_range *range = block_range(buddy, pfn);
    uint32_t first;
    struct piece aside;
    if (!range || find_aside(buddy, range, (uint32_t)(pfn - range->origin), &aside) ||
        !range_find(range, (uint32_t)(pfn - range->origin), &first))
        return false;
    run->first = range->origin + first;
    run->end = run->first + range_length(range, first);
    return true;
}

/* The first allocated run that begins at or above `frame`; false if there is none in the range. */
static bool next_in_range(const struct buddy *buddy, const struct buddy_range *range,
                          uint32_t frame, struct frame_range *run)
{
    while (frame < range->end) {
        struct piece piece;
        uint32_t first;
        if (find_piece(buddy, range, frame, &piece)) {
            frame = piece.end;
            continue;
        }
        range_find(range, frame, &first);
        uint32_t end = first + range_length(range, first);
        if (first == frame) {
            run->first = range->origin + first;
            run->end = range->origin + end;
            return true;
        }
        frame = end;
    }
    return false;
}

/* True if a stretch may have a block, and reaches above a frame. */
static bool has_live_above(const struct buddy_range *range, void *pfn)
{
    const struct stretch *stretch = &range->stretch;
    return (stretch->has_live || !stretch->above) && stretch->span.end > *(const pfn_t *)pfn;
}

static struct buddy_range *neighbour_above(const struct buddy *buddy,
                                           const struct buddy_range *range)
{
    return range->number > 0 ? buddy->index.ranges[range->number - 1] : NULL;
}

/* The next range with a block is often near, so a few are tried before the tree of ranges. */
bool buddy_next_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run)
{
    struct buddy_range *range = block_range_above(buddy, pfn);
    unsigned near_count = buddy->index.cell_count > 0 ? RANGE_STEPS : 0;
    for (unsigned tried = 0; range; tried++) {
        if (range->live_count > 0 && next_in_range(buddy, range, frame_from(range, pfn), run))
            return true;
        range = tried < near_count ? neighbour_above(buddy, range)
                                   : ranges_next(range, STRETCH_LOWER, has_live_above, &pfn);
    }
    return false;
}

/* ---- how long -------------------------------------------------------------------------------- */

static pfn_t inside(struct frame_range run, pfn_t lowest, pfn_t limit)
{
    if (run.first < lowest)
        run.first = lowest;
    if (run.end > limit)
        run.end = limit;
    return run.first < run.end ? run.end - run.first : 0;
}

/* For the whole memory, the lists' bits are enough. For a part of it, each run is looked at. */
static pfn_t longest_listed(const struct buddy *buddy, pfn_t lowest, pfn_t limit, pfn_t longest)
{
    const struct run_index *index = &buddy->index;
    bool is_whole = lowest == 0 && limit >= buddy->end_pfn;
    for (unsigned shelf = 0; shelf < SHELF_COUNT && is_whole; shelf++)
        longest = bits_larger((uint32_t)longest, index_longest(index, shelf));
    for (uint32_t node = INDEX_NODE_LINKS; node < index_nodes_end(index) && !is_whole;
         node += INDEX_NODE_LINKS) {
        const struct index_node *at = index_at(index, node);
        if (at->length <= longest)
            continue;
        pfn_t first = index->origins[at->range] + at->first;
        struct frame_range run = {first, first + at->length};
        pfn_t length = inside(run, lowest, limit);
        longest = length > longest ? length : longest;
    }
    return longest;
}

static pfn_t longest_aside(const struct buddy *buddy, pfn_t lowest, pfn_t limit, pfn_t longest)
{
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        struct frame_range whole;
        if (run->first == run->end || !free_whole_run(buddy, run->range, run->first, &whole))
            continue;
        pfn_t length = inside(whole, lowest, limit);
        longest = length > longest ? length : longest;
    }
    return longest;
}

struct window {
    pfn_t lowest;
    pfn_t limit;
    uint32_t longest; /* the longest run so far */
};

/*
 * Whether the ranges of a stretch must be looked at. If the window has the whole stretch, the
 * stretch's own number is enough.
 */
static bool may_be_longer(const struct buddy_range *range, void *context)
{
    struct window *window = (struct window *)context;
    struct frame_range span = range->stretch.span;
    uint32_t longest = stretch_longest(range);
    if (longest <= window->longest || span.end <= window->lowest || span.first >= window->limit)
        return false;
    if (span.first < window->lowest || span.end > window->limit)
        return true;
    window->longest = longest;
    return false;
}

static uint32_t longest_in_trees(const struct buddy *buddy, pfn_t lowest, pfn_t limit)
{
    struct window window = {lowest, limit, 0};
    struct buddy_range *range = ranges_first(buddy->root, STRETCH_HIGHER, may_be_longer, &window);
    for (; range; range = ranges_next(range, STRETCH_HIGHER, may_be_longer, &window))
        window.longest = bits_larger(window.longest, search_longest(&range->tree, lowest, limit));
    return window.longest;
}

pfn_t buddy_largest_run(const struct buddy *buddy, pfn_t lowest, pfn_t limit)
{
    pfn_t longest = longest_in_trees(buddy, lowest, limit);
    longest = longest_aside(buddy, lowest, limit, longest);
    return longest_listed(buddy, lowest, limit, longest);
}

MM_COLD struct buddy_summary buddy_sum_up(const struct buddy *buddy, pfn_t first, unsigned order)
{
    pfn_t end = first + ((pfn_t)1 << order);
    struct buddy_summary summary = {0, buddy_largest_run(buddy, first, end), 0};
    struct frame_range run;
    if (buddy_find_free(buddy, first, &run))
        summary.head = inside(run, first, end);
    if (buddy_find_free(buddy, end - 1, &run))
        summary.tail = inside(run, first, end);
    return summary;
}

/* ---- free buddies ---------------------------------------------------------------------------- */

/* Divides a free run into aligned blocks, each as large as alignment and rest allow. */
static void count_run(pfn_t first, pfn_t end, pfn_t *counts)
{
    while (first < end) {
        unsigned order = 0;
        while ((first & ((pfn_t)1 << order)) == 0 && end - first >= (pfn_t)2 << order)
            order++;
        counts[order]++;
        first += (pfn_t)1 << order;
    }
}

static void count_range(const struct buddy *buddy, const struct buddy_range *range, pfn_t *counts)
{
    pfn_t next = range->first_pfn;
    struct frame_range run;
    while (next < range->end_pfn) {
        if (!next_in_range(buddy, range, frame_from(range, next), &run))
            run.first = run.end = range->end_pfn;
        count_run(next, run.first, counts);
        next = run.end;
    }
}

MM_COLD void buddy_count_orders(const struct buddy *buddy, pfn_t *counts)
{
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        counts[order] = 0;
    for (const struct buddy_range *range = buddy->highest; range; range = range->lower)
        count_range(buddy, range, counts);
}
