#ifndef LABS_BUDDY_LAB_H
#define LABS_BUDDY_LAB_H

/* Lab 3: a binary buddy. A block of order n has 2^n frames and begins at a multiple of 2^n. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAMES_MAX 262144u
#define LAB_ORDER_COUNT 19 /* orders 0 to 18: the largest block has LAB_FRAMES_MAX frames */
#define LAB_NONE UINT32_MAX /* instead of a frame: refused */

/* What lab_init wants for tables: at most 8 bytes for each frame, and 1 KiB. */
size_t lab_table_bytes(uint32_t frame_count);

/*
 * Starts anew with the frames 0 to frame_count - 1, all of them free: 1 to LAB_FRAMES_MAX, a power
 * of two or not. `tables` is lab_table_bytes(frame_count) bytes that hold anything, 8-byte aligned,
 * and belongs to you from now on. The frames themselves are out of reach.
 */
void lab_init(void *tables, uint32_t frame_count);

/*
 * Takes a block of the order, which may be any number, out of a smallest free buddy that is large
 * enough. Returns its first frame, or LAB_NONE if there is no such buddy.
 */
uint32_t lab_alloc(unsigned order);

/* Gives back the block that begins at `first`. False, and nothing changes, if none does. */
bool lab_free(uint32_t first);

/*
 * How many free buddies of the order there are, 0 to LAB_ORDER_COUNT - 1. Two that are each other's
 * buddies never are free both: then they are one, of the next order.
 */
uint32_t lab_count(unsigned order);

#endif
