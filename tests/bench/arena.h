#ifndef TESTS_BENCH_ARENA_H
#define TESTS_BENCH_ARENA_H

/*
 * A buddy of ours in a state that is meant to be hard for it, and a bitmap beside it that says what
 * a request can have.
 */

#include "mm/buddy.h"

enum arena_pattern {
    ARENA_PERIODIC, /* one used frame in each `period`, `phase` after its multiples */
    ARENA_SCATTERED, /* one used frame in each `period`, at a random place */
    ARENA_HALF, /* each frame used or free, by chance */
    ARENA_ODD, /* the even frames used, and of the odd ones a half, by chance */
    ARENA_RISING, /* free runs of 1, 2, 3 ... frames, again from 1 on after `period` */
    ARENA_CHURN, /* blocks of 1 to 255 frames, allocated and freed at random, 85 % full */
};

struct arena_state {
    enum arena_pattern pattern;
    pfn_t period;
    pfn_t phase;
};

struct arena {
    struct buddy buddy;
    void *tables;
    pfn_t frame_count;
    uint64_t *used; /* a bit for each frame */
    uint64_t random;
};

/* Frames 0 to frame_count - 1, a multiple of 64, brought into the state. */
void arena_open(struct arena *arena, pfn_t frame_count, const struct arena_state *state);
void arena_close(struct arena *arena);

/*
 * The most frames that a request of this alignment, boundary, lowest and limit can have; its own
 * count of frames does not matter. Looks at the bitmap alone.
 */
pfn_t arena_largest_fit(const struct arena *arena, const struct buddy_request *request);

/*
 * Allocates runs of up to `longest` frames in all bands, half of them short, and frees them: what
 * is free is the same afterwards, but it was freed just now.
 */
void arena_free_lately(struct arena *arena, pfn_t longest);

#endif
