#ifndef TESTS_HOST_EXPLORE_H
#define TESTS_HOST_EXPLORE_H

/*
 * Everything that can happen to a buddy of a few frames, within a stated depth. Each answer is held
 * against the model, and a state is never looked into twice.
 */

#include "arena.h"

#include <time.h>

#define EXPLORE_RANGES_MAX 4

/* Ascending ranges of at most 32 frames together, but anywhere. */
struct explore_shape {
    struct frame_range ranges[EXPLORE_RANGES_MAX];
    size_t range_count;
};

struct explore_result {
    uint64_t states; /* that were looked into */
    uint64_t transitions; /* requests, frees and looks that were judged */
    const char *broken; /* the first wrong answer; NULL: none */
    bool is_cut; /* ended by time */
};

/* Where frame 0 of a shape is put: across 16 MiB, 4 GiB, a word's edge, at odd places ... */
#define EXPLORE_PLACE_COUNT 8
pfn_t explore_place(size_t index);

/*
 * The next shape of the `frame_count` frames from `base` on in which bit i of *managed says that
 * frame base + i is there: those of at most `range_max` ranges, each by itself. *managed is 0 at
 * the start; false after the last.
 */
bool explore_next_shape(pfn_t base, unsigned frame_count, unsigned range_max, uint32_t *managed,
                        struct explore_shape *shape);

/*
 * All sequences of at most `depth` requests and frees from the empty shape, with requests of every
 * kind, and looks at each state. Adds to *result. Ends early at the time `deadline`, if that is not
 * 0.
 */
void explore_sequences(const struct explore_shape *shape, unsigned depth, time_t deadline,
                       struct explore_result *result);

/*
 * All patterns of used and free frames in the shape, and in each of them each request of every
 * size, alignment, boundary, limit and lowest frame.
 */
void explore_patterns(const struct explore_shape *shape, time_t deadline,
                      struct explore_result *result);

#endif
