#ifndef LABS_LIMITS_LAB_H
#define LABS_LIMITS_LAB_H

/* Lab 4: where a request may lie. Frames have the machine's numbers: physical address / 4096. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_NONE UINT32_MAX /* instead of a frame: refused */
#define LAB_NO_LIMIT UINT32_MAX

/* The frames [first, end) and which of them are taken: bit i % 32 of used[i / 32] is frame first + i's. */
struct lab_arena {
    uint32_t first;
    uint32_t end;
    const uint32_t *used;
};

struct lab_request {
    uint32_t count; /* frames in a row, at least 1 */
    uint32_t align; /* the block begins at a multiple of this frame number: a power of two */
    uint32_t lowest; /* it begins at or above this frame */
    uint32_t limit; /* exclusive: its last frame lies below this one */
    uint32_t boundary; /* power of two: no multiple of it lies inside the block. 0: anywhere */
};

/*
 * The highest place in free frames that satisfies the request: its first frame, or LAB_NONE if there
 * is none. Changes nothing; whoever asks takes the frames.
 */
uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request);

#endif
