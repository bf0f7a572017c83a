#ifndef TESTS_HOST_ARENA_FRONTS_H
#define TESTS_HOST_ARENA_FRONTS_H

/*
 * Several fronts before an arena's buddy. For the model, as for the buddy, what a front holds is
 * allocated: after each call, what came into a front must have been free, and what left it is free.
 * Each function returns NULL, or what is wrong.
 *
 * A block that a front holds is nobody else's to free: ask arena_fronts_hold before.
 */

#include "arena.h"
#include "mm/front.h"

#define ARENA_FRONTS 3

struct arena_fronts {
    struct arena *arena;
    struct fronts fronts;
    struct front front[ARENA_FRONTS];
    bool is_asked[ARENA_FRONTS]; /* for what it holds, and has not answered yet */
    bool is_open;
    bool is_locked;
    unsigned lock_count; /* how often the lock was taken */
};

/* Starts without fronts. */
void arena_fronts_init(struct arena_fronts *all, struct arena *arena);

/* Opens all fronts, or closes them if they are open: then all that they held is free. */
const char *arena_fronts_open(struct arena_fronts *all);
const char *arena_fronts_close(struct arena_fronts *all);

/* Closes one front and opens it again. */
const char *arena_front_reopen(struct arena_fronts *all, size_t which);

/* True if a front holds the block that begins at the frame. */
bool arena_fronts_hold(const struct arena_fronts *all, pfn_t first);

/* A plain request goes to front_alloc, any other one to front_alloc_request. */
const char *arena_front_alloc(struct arena_fronts *all, size_t which,
                              const struct buddy_request *request, enum mm_status *status,
                              pfn_t *first);

/* A block that no front holds, by its right length. */
const char *arena_front_free(struct arena_fronts *all, size_t which, struct frame_range block);

/*
 * What is no block: a short one must be named when the front is drained, a long one at once. A
 * short one is freed after `right`, a short block that no front holds, or the same once more; that
 * is free then. Does nothing if what should be wrong is a block.
 */
const char *arena_front_free_wrong(struct arena_fronts *all, size_t which, struct frame_range right,
                                   struct frame_range wrong);

const char *arena_front_drain(struct arena_fronts *all, size_t which);
const char *arena_front_answer(struct arena_fronts *all, size_t which);

/* Whether fronts and buddy agree, and the fronts have answered that were seen to answer. */
const char *arena_fronts_check(struct arena_fronts *all);

#endif
