#ifndef LABS_BITMAP_LAB_H
#define LABS_BITMAP_LAB_H

/* Lab 2: an allocator of frames with a bit for each frame. Frames are numbered from 0. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_NONE UINT32_MAX /* returned in place of a frame: the request is refused */

/* How many words frame_count bits need. */
#define LAB_WORDS(frame_count) (((frame_count) + 31) / 32)

/*
 * Starts anew with frame_count frames, 1 to LAB_FRAMES_MAX, all of them free. `words` has
 * LAB_WORDS(frame_count) words, which may contain anything. They belong to you from now on.
 */
void lab_init(uint32_t *words, uint32_t frame_count);

/*
 * Takes `count` (1 or more) free frames in a row, at the lowest place. Returns the first frame, or
 * LAB_NONE if there is no such place.
 */
uint32_t lab_alloc(uint32_t count);

/*
 * Frees `count` frames from `first` on. Returns false, and changes nothing, if one of them does not
 * exist or is not taken, or if count is 0.
 */
bool lab_free(uint32_t first, uint32_t count);

/* Returns how many frames are free. */
uint32_t lab_count_free(void);

#endif
