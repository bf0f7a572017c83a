#ifndef KERNEL_VIEW_SPLITS_H
#define KERNEL_VIEW_SPLITS_H

/*
 * How a block comes out of the free buddies around it, order by order, and how they grow together
 * again when it is given back. The allocator does it in one go, as a parent follows from its
 * halves; this takes it apart for people to watch. Knows nothing but numbers of frames.
 *
 *   8    [               ]          the block takes the frames marked #
 *   4    [       ][      ]          the largest buddy that it takes a part of is split first
 *   2            [  ][###]
 *   1            [][#]
 */

#include "mm/buddy.h"
#include "view_marks.h"

/* Of three runs side by side, each of which falls into at most 2 * 31 buddies. */
#define VIEW_BUDDY_MAX 192

struct view_buddy {
    pfn_t first;
    uint8_t order;
};

struct view_splits {
    struct frame_range run; /* all that is free, or the buddies that the block takes frames of */
    struct frame_range block;
    bool merges;
    unsigned level; /* buddies of that order and above are split, if they are in the block's way */
    size_t count;
    struct view_buddy buddies[VIEW_BUDDY_MAX]; /* that there are now */
};

/* One stage: so many buddies of an order, the first of which begins at `first`. */
struct view_split_stage {
    unsigned order; /* of the large ones */
    pfn_t first;
    unsigned count;
};

/* The order of the largest buddy that begins where the run does, and that the run has all of. */
unsigned view_first_order(struct frame_range run);

/* The largest buddy around the frame that the run, in which the frame lies, has all of. */
struct view_buddy view_buddy_around(struct frame_range run, pfn_t pfn);

/* The buddies of the free run that the block will take frames of. The block lies in the run. */
void view_splits_start(struct view_splits *splits, struct frame_range run,
                       struct frame_range block);

/* The buddies of the block, and of what is free at both sides of it within the run. */
void view_merges_start(struct view_splits *splits, struct frame_range run,
                       struct frame_range block);

/*
 * Splits the buddies of the largest order that the block takes a part of, or merges the pairs of
 * the smallest order of which both are there. False: there are none.
 */
bool view_splits_next(struct view_splits *splits, struct view_split_stage *stage);

/* Marks what is there, and what was split or merged, in the rows of the tree. */
void view_splits_mark(const struct view_splits *splits, struct view_marks *marks);

#endif
