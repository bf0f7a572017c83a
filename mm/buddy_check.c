/*
 * Checks whether the buddy's tables agree, from the bits up: first the trees, then the runs that
 * are set aside and the other live runs, then the lists. Together they must have all frames.
 */

#include "free.h"
#include "inside.h"
#include "ranges.h"
#include "search.h"

/* ---- counts ---------------------------------------------------------------------------------- */

static const char *check_ranges(const struct buddy *buddy, pfn_t *free_count)
{
    pfn_t frame_count = 0;
    pfn_t end_pfn = 0;
    for (const struct buddy_range *range = buddy->highest; range; range = range->lower) {
        pfn_t tree_count;
        if (range->first_pfn >= range->end_pfn ||
            range->first_pfn != range->origin + range->first ||
            range->end_pfn != range->origin + range->end ||
            range->tree_offset + range->first != range->tree.first ||
            range->tree_offset + range->end != range->tree.end ||
            range->origin - range->tree.origin != range->tree_offset)
            return "a range's numbers disagree";
        if (range->lower && range->lower->end_pfn > range->first_pfn)
            return "two ranges overlap";
        const char *broken = tree_check(&range->tree, &tree_count);
        if (broken)
            return broken;
        *free_count += tree_count;
        frame_count += range->end_pfn - range->first_pfn;
        if (end_pfn == 0)
            end_pfn = range->end_pfn;
    }
    if (end_pfn != buddy->end_pfn)
        return "the end of the frames is wrong";
    return frame_count == buddy->frame_count ? NULL : "the count of frames is wrong";
}

/* True if the tree, which was checked before, has none of these frames. */
static bool is_beside_tree(const struct buddy_range *range, uint32_t first, uint32_t end)
{
    return search_longest(&range->tree, range->origin + first, range->origin + end) == 0;
}

/* ---- lists ----------------------------------------------------------------------------------- */

/*
 * True if the run lies between two live runs or ends of the range, and is not in the tree. Between
 * an end and the next begin no run ends: that was checked before.
 */
static bool is_alone(const struct buddy_range *range, uint32_t first, uint32_t end)
{
    return first < end && end <= range->end && range_ends_at(range, first) &&
           range_next_begin(range, first) == end && is_beside_tree(range, first, end);
}

static const char *check_node(const struct run_index *index, unsigned shelf, uint32_t length,
                              uint32_t link, uint32_t node)
{
    const struct index_node *at = index_at(index, node);
    if (!index_has_node(index, node) || at->back != link || at->unused != 0)
        return "a list's links are wrong";
    if (at->length != length || at->range >= index->range_limit || !index->ranges[at->range] ||
        index->ranges[at->range]->number != at->range)
        return "a listed run is in the wrong list";
    const struct buddy_range *range = index->ranges[at->range];
    if (!is_alone(range, at->first, at->first + length))
        return "a listed run is not what it is said to be";
    unsigned band = range_band(range, at->first);
    if (range_shelf(range, at->first) != shelf || at->first + length > range->borders[band + 1])
        return "a listed run is in the wrong band";
    return NULL;
}

/* A list ends: each node names the one link that leads to it. */
static const char *check_list(const struct run_index *index, unsigned shelf, uint32_t length,
                              uint32_t *node_count)
{
    uint32_t link = index->shelves[shelf].lists + length;
    uint32_t count = 0;
    for (uint32_t node = index->links[link]; node != 0; node = index->links[link]) {
        const char *broken = check_node(index, shelf, length, link, node);
        if (broken)
            return broken;
        count++;
        link = node;
    }
    *node_count += count;
    bool is_filled = index->shelves[shelf].filled[length / INDEX_WORD] >> length % INDEX_WORD & 1;
    return is_filled == (count != 0) ? NULL : "a list is filled that is empty";
}

static const char *check_shelf(const struct run_index *index, unsigned shelf, uint32_t *node_count,
                               pfn_t *free_count)
{
    const struct index_shelf *at = &index->shelves[shelf];
    if (index->links[at->lists] != 0)
        return "a list's links are wrong";
    for (uint32_t length = 0; length < index->lengths; length++) {
        uint32_t before = *node_count;
        const char *broken = check_list(index, shelf, length, node_count);
        if (broken)
            return broken;
        *free_count += (pfn_t)(*node_count - before) * length;
    }
    for (uint32_t length = index->lengths; length <= INDEX_LENGTH_MAX; length++)
        if (at->filled[length / INDEX_WORD] >> length % INDEX_WORD & 1)
            return "a list is filled that is empty";
    for (uint32_t word = 0; word < INDEX_WORDS; word++)
        if ((at->filled_words >> word & 1) != (at->filled[word] != 0))
            return "a word of lists is filled that is empty";
    return NULL;
}

/* Each used node is in the chain of the 64 frames in which its run begins; nothing else is. */
static const char *check_chains(const struct buddy *buddy, uint32_t node_count)
{
    const struct run_index *index = &buddy->index;
    for (const struct buddy_range *range = buddy->highest; range; range = range->lower) {
        for (uint32_t i = 0; i < range->end / WORD_BITS + 2; i++) {
            if (range->records[i].unused != 0)
                return "a record is damaged";
            for (uint32_t node = range->records[i].listed; node != 0;) {
                const struct index_node *at = index_at(index, node);
                if (!index_has_node(index, node) || at->range != range->number || at->length == 0 ||
                    at->first / WORD_BITS != i || node_count == 0)
                    return "a chain of listed runs is wrong";
                node_count--;
                node = at->beside;
            }
        }
    }
    return node_count == 0 ? NULL : "a chain of listed runs is wrong";
}

static const char *check_unused(const struct run_index *index, uint32_t node_count)
{
    for (uint32_t node = index->links[0]; node != 0; node = index->links[node]) {
        const struct index_node *at = index_at(index, node);
        if (!index_has_node(index, node))
            return "a list's links are wrong";
        if (at->first != 0 || at->length != 0 || at->range != 0 || at->beside != 0 ||
            at->back != 0 || at->unused != 0)
            return "an unused node is not empty";
        if (++node_count > index->node_count)
            return "there are more nodes than there can be";
    }
    return node_count == index->node_count ? NULL : "a node is lost";
}

static const char *check_index(const struct buddy *buddy, pfn_t *free_count)
{
    const struct run_index *index = &buddy->index;
    uint32_t node_count = 0;
    const char *broken = NULL;
    if (index->lengths == 0)
        return NULL;
    for (unsigned shelf = 0; shelf < SHELF_COUNT && !broken; shelf++)
        broken = check_shelf(index, shelf, &node_count, free_count);
    if (!broken)
        broken = check_chains(buddy, node_count);
    if (!broken && !index_check_ranges(index, buddy->highest))
        broken = "the table of ranges by address is wrong";
    return broken ? broken : check_unused(index, node_count);
}

/* ---- what is set aside, and live runs -------------------------------------------------------- */

static const char *check_aside(const struct buddy *buddy, unsigned which, pfn_t *free_count)
{
    const struct buddy_run *run = &buddy->aside[which];
    if (run->first == run->end)
        return !run->range ? NULL : "nothing is set aside wrongly";
    const struct buddy_range *range = buddy->highest;
    while (range && range != run->range)
        range = range->lower;
    if (!range || run->first > run->end || run->first < range->first || run->end > range->end)
        return "a run set aside is not there";
    if (which < BAND_COUNT &&
        (range_band(range, run->first) != which || run->end > range->borders[which + 1]))
        return "a run set aside is in the wrong band";
    if (!range_begins_at(range, run->first) || !range_ends_at(range, run->end))
        return "a run set aside is not what it is said to be";
    *free_count += run->end - run->first;
    return NULL;
}

static bool is_aside(const struct buddy *buddy, const struct buddy_range *range, uint32_t first,
                     uint32_t *end)
{
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        if (buddy->aside[i].range == range && buddy->aside[i].first == first) {
            *end = buddy->aside[i].end;
            return true;
        }
    }
    return false;
}

static bool is_last(const struct buddy *buddy, const struct buddy_range *range, uint32_t first)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return last->range == range && last->first == first;
}

static bool is_marked(const struct buddy_range *range, uint32_t first)
{
    uint32_t record;
    return marks_find_below(&range->longs, first / WORD_BITS, &record) &&
           record == first / WORD_BITS;
}

/* The next frame, from `frame` on, at which a run begins or ends; at most the range's end. */
MM_COLD static uint32_t next_border(const struct buddy_range *range, uint32_t frame)
{
    while (frame < range->end) {
        const struct range_part *record = range_record(range, frame);
        uint64_t borders = (record->begins | record->ends) >> frame % WORD_BITS;
        if (borders)
            return bits_smaller(frame + bits_lowest(borders), range->end);
        frame = (frame | (WORD_BITS - 1)) + 1;
    }
    return range->end;
}

static const char *check_ends(const struct buddy_range *range)
{
    const struct range_part *last = range_record(range, range->end);
    uint64_t behind = (last->begins | last->ends) >> range->end % WORD_BITS >> 1;
    if (behind != 0 || last[1].begins != 0 || last[1].ends != 0 ||
        next_border(range, 0) != range->first)
        return "a run begins or ends outside, or none at an end";
    return range_ends_at(range, range->first) && range_begins_at(range, range->end)
               ? NULL
               : "a range has no beginning or no end";
}

/* What the live runs of a range add up to. */
struct live {
    uint32_t frame_count;
    uint32_t long_count;
};

/*
 * Checks a live run from one border to the next. Of the runs that are set aside, only the run freed
 * last is counted.
 */
static const char *check_live_run(const struct buddy *buddy, const struct buddy_range *range,
                                  uint32_t first, uint32_t end, struct live *live)
{
    uint32_t aside_end = 0;
    if (!range_ends_at(range, end))
        return "a run begins inside another";
    if (!is_beside_tree(range, first, end))
        return "a live run is in the tree";
    bool aside = is_aside(buddy, range, first, &aside_end);
    if (aside && end != aside_end)
        return "a run set aside is not what it is said to be";
    if (!aside && range_length(range, first) != end - first)
        return "a live run's length is wrong";
    if (aside && !is_last(buddy, range, first))
        return NULL;
    live->frame_count += end - first;
    if (end - first <= RANGE_LONG)
        return NULL;
    live->long_count++;
    return is_marked(range, first) ? NULL : "a long run is not marked";
}

/* From border to border: each run ends before the next one begins. */
static const char *check_live_runs(const struct buddy *buddy, const struct buddy_range *range,
                                   struct live *live)
{
    const char *broken = NULL;
    uint32_t end = range->first;
    while (!broken && end < range->end) {
        uint32_t first = end;
        if (!range_begins_at(range, first)) {
            first = next_border(range, end + 1);
            if (range_ends_at(range, first))
                return "a run ends that did not begin";
            if (first == range->end)
                return NULL;
        }
        end = next_border(range, first + 1);
        broken = check_live_run(buddy, range, first, end, live);
    }
    return broken;
}

static const char *check_live(const struct buddy *buddy, const struct buddy_range *range,
                              pfn_t *live_count)
{
    struct live live = {0, 0};
    const char *broken = check_ends(range);
    if (!broken)
        broken = check_live_runs(buddy, range, &live);
    if (broken)
        return broken;
    *live_count += block_frames(buddy, range);
    if (marks_check(&range->longs) != live.long_count)
        return "the marks of long runs are wrong";
    return live.frame_count == range->live_count ? NULL : "a range's count of live frames is wrong";
}

/* The block taken last is freed without a look at its bits. */
static const char *check_taken(const struct buddy *buddy)
{
    const struct buddy_taken *taken = &buddy->taken;
    if (!taken->range)
        return NULL;
    const struct buddy_range *range = buddy->highest;
    while (range && range != taken->range)
        range = range->lower;
    if (!range || taken->first < range->first_pfn || taken->first >= range->end_pfn)
        return "the block taken last is in no range";
    uint32_t frame = (uint32_t)(taken->first - range->origin);
    if (!block_begins_at(buddy, range, frame) || range_length(range, frame) != taken->length)
        return "the block taken last is not what it is said to be";
    return NULL;
}

MM_COLD const char *buddy_check(const struct buddy *buddy)
{
    pfn_t free_count = 0;
    pfn_t live_count = 0;
    const char *broken = check_ranges(buddy, &free_count);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT && !broken; i++)
        broken = check_aside(buddy, i, &free_count);
    for (const struct buddy_range *range = buddy->highest; range && !broken; range = range->lower)
        broken = check_live(buddy, range, &live_count);
    if (!broken)
        broken = ranges_check(buddy->highest, buddy->root);
    if (!broken)
        broken = check_taken(buddy);
    if (!broken)
        broken = check_index(buddy, &free_count);
    if (!broken && free_count != buddy->free_count)
        broken = "the count of free frames is wrong";
    if (!broken && free_count + live_count != buddy->frame_count)
        broken = "frames are lost";
    return broken;
}
