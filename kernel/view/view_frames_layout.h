#ifndef KERNEL_VIEW_FRAMES_LAYOUT_H
#define KERNEL_VIEW_FRAMES_LAYOUT_H

/*
 * Where the cells of the map of frames lie, and how many frames each shows. For view_frames.c alone.
 *
 *   area.left          view_frames_left                area.right
 *      | RAM  one cell = 64K                               |
 *      |                                                   |   VIEW_PART_GAP
 *      | 0x100000      +--+--+--+--+--+--+--+--+           | < view_part_top
 *      |               |  |  |  |  |  |  |  |  |           |
 */

#include "view_frames.h"

#define VIEW_FRAMES_DIGITS 13 /* of an address: 2^52 in hexadecimal */

void view_frames_lay_out(struct view_frames *frames, const struct memmap *map);

/* True if gaps are high enough to say how much is left out. */
bool view_frames_labels_gaps(const struct view_frames *frames);

#endif
