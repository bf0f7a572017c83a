#ifndef LABS_EXACT_LAB_H
#define LABS_EXACT_LAB_H

/* Lab 5: an allocator that gives exactly what is asked for, whenever it is there, at once. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_NONE UINT32_MAX /* instead of a frame: refused */

/* No call but lab_init may take more steps: basic blocks of your file that are gone through. */
#define LAB_STEPS_MAX 5000

/* What lab_init wants for tables: at most 8 bytes for each frame, and 16 KiB. */
size_t lab_table_bytes(uint32_t frame_count);

/*
 * Starts anew with the frames 0 to frame_count - 1, all of them free: 1 to LAB_FRAMES_MAX.
 * `tables` is lab_table_bytes(frame_count) bytes that hold anything, 8-byte aligned, and belongs to
 * you from now on.
 */
void lab_init(void *tables, uint32_t frame_count);

/*
 * Takes `count` free frames in a row, anywhere; returns the first. LAB_NONE if count is 0, and else
 * only if nowhere are so many.
 */
uint32_t lab_alloc(uint32_t count);

/* Gives back the block that begins at `first`. False, and nothing changes, if none does. */
bool lab_free(uint32_t first);

/* The most free frames in a row. */
uint32_t lab_largest(void);

#endif
