/*
 * Removes a range. All of it is free, so its tables are no longer needed, except for the index,
 * which may be in them.
 */

#include "inside.h"

static struct buddy_range **find_link(struct buddy *buddy, struct frame_range frames)
{
    struct buddy_range **link = &buddy->highest;
    while (*link && (*link)->first_pfn > frames.first)
        link = &(*link)->lower;
    return *link && (*link)->first_pfn == frames.first && (*link)->end_pfn == frames.end ? link
                                                                                         : NULL;
}

static pfn_t length_of(const struct buddy_range *range)
{
    return range->end_pfn - range->first_pfn;
}

/* Moves the index, which is empty, to the largest of the ranges that are left. */
static void move_index(struct buddy *buddy)
{
    const struct buddy_range *largest = buddy->highest;
    for (const struct buddy_range *range = largest; range; range = range->lower)
        if (length_of(range) > length_of(largest))
            largest = range;
    index_init(&buddy->index);
    buddy->index_frames = largest ? length_of(largest) : 0;
    if (largest)
        index_create(&buddy->index, largest->index_memory, buddy->index_frames, 0);
}

static void forget_aside(struct buddy *buddy, const struct buddy_range *range)
{
    static const struct buddy_run none = {NULL, 0, 0};
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        if (buddy->aside[i].range == range)
            buddy->aside[i] = none;
}

/* Builds the tree of ranges anew. A range that is the only one has no sums (stretch.h). */
static void build_tree(struct buddy *buddy)
{
    struct buddy_range *only = buddy->highest;
    if (only && !only->lower) {
        struct frame_range frames = {only->first_pfn, only->end_pfn};
        stretch_init(&only->stretch, frames, only->stretch.own);
    }
    buddy->root = ranges_build(buddy->highest);
}

enum mm_status buddy_remove_range(struct buddy *buddy, struct frame_range frames, void **tables)
{
    struct buddy_range **link = find_link(buddy, frames);
    if (!link)
        return MM_NOT_MANAGED;
    struct buddy_range *range = *link;
    if (block_frames(buddy, range) > 0)
        return MM_IN_USE;
    buddy_empty_index(buddy);
    forget_aside(buddy, range);
    if (range->number != RANGE_NOT_LISTED)
        buddy->index.ranges[range->number] = NULL;
    *link = range->lower;
    if ((void *)buddy->index.origins == range->index_memory)
        move_index(buddy);
    index_number_ranges(&buddy->index, buddy->highest);
    build_tree(buddy);
    buddy->hit = NULL;
    buddy->end_pfn = buddy->highest ? buddy->highest->end_pfn : 0;
    buddy->top_band = buddy->highest ? range_band(buddy->highest, buddy->highest->end - 1) : 0;
    buddy->frame_count -= length_of(range);
    buddy->free_count -= length_of(range);
    *tables = range;
    return MM_OK;
}
