#ifndef LABS_BUDDY_LAB_H
#define LABS_BUDDY_LAB_H

/* Lab 3: a binary buddy. A block of order n has 2^n frames and begins at a multiple of 2^n. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_ORDER_COUNT 19 /* orders 0 to 18: the largest block has LAB_FRAMES_MAX frames */
#define LAB_NONE UINT32_MAX /* returned in place of a frame: the request is refused */

/* Returns how many bytes of tables lab_init needs: at most 8 for each frame, and 1 KiB. */
size_t lab_table_bytes(uint32_t frame_count);

/*
 * Starts anew with the frames 0 to frame_count - 1, all of them free. frame_count is 1 to
 * LAB_FRAMES_MAX, and need not be a power of two. `tables` has lab_table_bytes(frame_count) bytes,
 * 8-byte aligned, which may contain anything. They belong to you from now on. You cannot write to
 * the frames themselves.
 */
void lab_init(void *tables, uint32_t frame_count);

/*
 * Takes a block of this order (which may be any number) out of a free block of the smallest order
 * that is large enough. Returns its first frame, or LAB_NONE if there is no such block.
 */
uint32_t lab_alloc(unsigned order);

/* Frees the block that begins at `first`. False, and nothing changes, if none begins there. */
bool lab_free(uint32_t first);

/*
 * Returns how many free blocks of this order there are. The order is 0 to LAB_ORDER_COUNT - 1. Two
 * buddies are never both free: then they are one block of the next order.
 */
uint32_t lab_count(unsigned order);

#endif
