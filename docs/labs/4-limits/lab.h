#ifndef LABS_LIMITS_LAB_H
#define LABS_LIMITS_LAB_H

/* Lab 4: where a request may lie. Frames have the machine's numbers: physical address / 4096. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_NONE UINT32_MAX /* returned in place of a frame: the request is refused */
#define LAB_NO_LIMIT UINT32_MAX

/* The frames [first, end). If frame first + i is taken, bit i % 32 of used[i / 32] is 1. */
struct lab_arena {
    uint32_t first;
    uint32_t end;
    const uint32_t *used;
};

struct lab_request {
    uint32_t count; /* frames in a row, at least 1 */
    uint32_t align; /* power of two: the block's first frame is a multiple of it */
    uint32_t lowest; /* the block begins at this frame or above it */
    uint32_t limit; /* exclusive: the block's last frame lies below this one */
    uint32_t boundary; /* power of two: no multiple of it lies inside the block. 0: no condition */
};

/*
 * Finds the highest place in free frames that satisfies the request. Returns its first frame, or
 * LAB_NONE if there is no such place. Changes nothing: the caller takes the frames.
 */
uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request);

#endif
