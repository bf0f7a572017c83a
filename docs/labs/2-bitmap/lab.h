#ifndef LABS_BITMAP_LAB_H
#define LABS_BITMAP_LAB_H

/* Lab 2: an allocator of frames with a bit for each frame. Frames are numbered from 0. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_NONE UINT32_MAX /* instead of a frame: refused */

/* The words that frame_count bits need. */
#define LAB_WORDS(frame_count) (((frame_count) + 31) / 32)

/*
 * Starts anew with frame_count frames, 1 to LAB_FRAMES_MAX, all of them free. `words` is
 * LAB_WORDS(frame_count) words that hold anything, and belongs to you from now on.
 */
void lab_init(uint32_t *words, uint32_t frame_count);

/* Takes the lowest `count` (1 or more) free frames in a row. Their first, or LAB_NONE: not there. */
uint32_t lab_alloc(uint32_t count);

/*
 * Gives `count` frames back. False, and nothing changes, unless all of them exist and are taken. A
 * count of 0 is refused, too.
 */
bool lab_free(uint32_t first, uint32_t count);

/* How many frames are free. */
uint32_t lab_count_free(void);

#endif
