#ifndef KERNEL_STAGE_STEPS_H
#define KERNEL_STAGE_STEPS_H

/*
 * An alloc or a free on a small machine, taken apart into steps: the window, the search, the way
 * through the tree to the place, the splits, the bits that change, and the counts that follow from
 * them, level by level, until nothing changes. Each step can be shown by itself, in any order. It
 * compares memory before and after; the allocator was asked, and is not imitated.
 */

#include "kernel/view/step_line.h"
#include "kernel/view/view_splits.h"
#include "stage.h"

#define STAGE_STEPS_MAX 192

enum stage_step_kind {
    STAGE_STEP_SEARCH, /* a step of the search; `at` says which */
    STAGE_STEP_WAY, /* a node on the way to the place */
    STAGE_STEP_SPLIT, /* the at-th split */
    STAGE_STEP_BITS,
    STAGE_STEP_PIECES, /* the buddies that freed frames fall into */
    STAGE_STEP_MERGE, /* the at-th merge */
    STAGE_STEP_COUNTS, /* the counts of order `at` */
    STAGE_STEP_SAME, /* they are as before: the update stops */
};

struct stage_step {
    uint8_t kind;
    uint8_t at;
    uint16_t node;
};

struct stage_steps {
    const struct explain *explain; /* of an alloc; NULL: a free */
    unsigned wanted; /* frames that the request asks for; 0: a free */
    unsigned spare_bytes; /* of the last frame: the block has them, but did not ask for them */
    struct frame_range block; /* its frames by number; empty: it was refused */
    struct frame_range run; /* the free run that it was in, or is in now */
    size_t count;
    struct stage_step steps[STAGE_STEPS_MAX];
    struct view_splits *splits; /* the caller's, for one step at a time */
};

/*
 * The steps of an alloc that was explained before it was made. stage->before is from before, and
 * stage->now from after it. An empty block: it was refused, or only explained. The caller has set
 * steps->splits and steps->spare_bytes.
 */
void stage_steps_alloc(struct stage_steps *steps, const struct stage *stage,
                       const struct explain *explain, struct frame_range block);

/* The steps of a free, likewise. */
void stage_steps_free(struct stage_steps *steps, const struct stage *stage,
                      struct frame_range block);

/* Marks the index-th step on the stage, and tells it. */
void stage_steps_show(struct stage_steps *steps, struct stage *stage, size_t index,
                      struct step_line *line);

/* Marks how it ended: memory as it is now, the block, and the window. There are steps. */
void stage_steps_end(struct stage_steps *steps, struct stage *stage);

#endif
