#ifndef KERNEL_VIEW_INSPECT_H
#define KERNEL_VIEW_INSPECT_H

/* What a frame is: whose, in which block or part of a free run, its order and its buddy. */

#include "mm/memmap.h"
#include "mm/mm.h"

enum view_state {
    VIEW_NOTHING, /* no memory is known there */
    VIEW_FIRMWARE, /* not usable, by the firmware's word */
    VIEW_BOOT, /* taken before there was an allocator */
    VIEW_USED,
    VIEW_FREE,
};

struct view_inspection {
    pfn_t pfn;
    enum view_state state;
    const struct region *region; /* unless VIEW_NOTHING */
    struct mm_block block; /* of VIEW_USED */
    struct frame_range range; /* the region's, the block's or the free run's frames */
    enum buddy_holder holder; /* of VIEW_FREE: who has the frame */
    struct frame_range part; /* of VIEW_FREE: what of the run it has */
    unsigned order; /* of the largest aligned power of two in that range around the frame */
    pfn_t node; /* where that begins */
    pfn_t buddy; /* and its other half, with which it would be one of the next order */
};

#define VIEW_INSPECT_MAX 200

/* The map must be rounded. */
void view_inspect(struct view_inspection *inspection, const struct memmap *map, struct mm *mm,
                  pfn_t pfn);

/* A line about the frame, for a cell that shows `cell`: what else lies in it is said as well. */
const char *view_inspect_tell(const struct view_inspection *inspection, struct mm *mm,
                              struct frame_range cell, char text[VIEW_INSPECT_MAX]);

/* A line about the aligned block of that order around it: what is free there; who has the frame. */
const char *view_inspect_tell_block(const struct view_inspection *inspection, const struct mm *mm,
                                    unsigned order, char text[VIEW_INSPECT_MAX]);

#endif
