#ifndef TESTS_HOST_ARENA_CALLS_H
#define TESTS_HOST_ARENA_CALLS_H

/*
 * The buddy's calls that the kernel does not use, done to a buddy and to the model beside it: see
 * arena.h. The model knows a split block as two blocks that were entered where one was freed.
 */

#include "arena.h"

const char *arena_split(struct arena *arena, pfn_t first, pfn_t at, enum mm_status *status);
const char *arena_split_evenly(struct arena *arena, pfn_t first, pfn_t frame_count,
                               enum mm_status *status);
const char *arena_free_part(struct arena *arena, struct frame_range part, enum mm_status *status);

/* The runs must be as few as possible. */
const char *arena_alloc_many(struct arena *arena, pfn_t frame_count, struct frame_range window,
                             struct buddy_runs *taken, enum mm_status *status);
const char *arena_free_many(struct arena *arena, const struct frame_range *runs, size_t run_count,
                            enum mm_status *status);

/* Those of the 64 frames that are no block by themselves must be named. */
const char *arena_free_frames(struct arena *arena, pfn_t first, uint64_t frames);

/* What a call must answer that frees these runs. */
enum mm_status arena_judge_runs(const struct arena *arena, const struct frame_range *runs,
                                size_t run_count);

/* The range's tables are freed. The model is built anew without it. */
const char *arena_remove(struct arena *arena, struct frame_range range, enum mm_status *status);

/* The free frames of each band. */
const char *arena_count_bands(struct arena *arena);

#endif
