#ifndef KERNEL_STAGE_MARKS_H
#define KERNEL_STAGE_MARKS_H

/* The marks of a step, and what both marks and sentences follow from. */

#include "stage_steps.h"

/* Takes the marks of another step away, and sets those of the index-th. */
void stage_mark_step(struct stage_steps *steps, struct stage *stage, size_t index);

/* Frames of the longest free run inside the marked window that a node had before. */
pfn_t stage_longest_inside(const struct stage *stage, unsigned node);

/* True if no frame of the node is inside the marked window. */
bool stage_is_outside(const struct stage *stage, unsigned node);

/* True for a lower half, if the upper half is in the window and has no run that is long enough. */
bool stage_has_poor_sibling(const struct stage_steps *steps, const struct stage *stage,
                            unsigned node);

/* The free buddies as they are after so many splits or merges. False: there are not so many. */
bool stage_play_splits(struct stage_steps *steps, size_t stage_count,
                       struct view_split_stage *stage);

#endif
