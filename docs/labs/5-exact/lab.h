#ifndef LABS_EXACT_LAB_H
#define LABS_EXACT_LAB_H

/* Lab 5: an allocator that is exact, complete and fast. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_NONE UINT32_MAX /* returned in place of a frame: the request is refused */

/* No call but lab_init may take more steps. A step is an executed basic block of your file. */
#define LAB_STEPS_MAX 5000

/* Returns how many bytes of tables lab_init needs: at most 8 for each frame, and 16 KiB. */
size_t lab_table_bytes(uint32_t frame_count);

/*
 * Starts anew with the frames 0 to frame_count - 1, all of them free. frame_count is 1 to
 * LAB_FRAMES_MAX. `tables` has lab_table_bytes(frame_count) bytes, 8-byte aligned, which may
 * contain anything. They belong to you from now on.
 */
void lab_init(void *tables, uint32_t frame_count);

/*
 * Takes `count` free frames in a row, anywhere. Returns the first of them. Returns LAB_NONE if
 * count is 0, and otherwise only if there are not so many free frames in a row.
 */
uint32_t lab_alloc(uint32_t count);

/* Frees the block that begins at `first`. False, and nothing changes, if none begins there. */
bool lab_free(uint32_t first);

/* Returns the length of the longest free run. */
uint32_t lab_largest(void);

#endif
