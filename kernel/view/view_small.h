#ifndef KERNEL_VIEW_SMALL_H
#define KERNEL_VIEW_SMALL_H

/*
 * The picture of memory on a screen of 320 by 200: what is free, the frames, and who holds most, in
 * the smallest type. The rest is left to larger screens.
 *
 *   +------------------------------------+
 *   | Ashlar  122.8M of 125.8M free      |
 *   | 0x0      ##........................|
 *   | # tables 976K  # kernel 600K       |
 *   +------------------------------------+
 *   | ashlar> _                          |   the terminal's: 52 columns by 8 rows
 *   +------------------------------------+
 */

#include "view.h"

/* Lays out a view that is blank and whose canvas is set. Draws nothing. */
void view_small_init(struct view *view);

/* Brings the picture up to date, on its ground. `order_count` is view_frames_draw's. */
void view_small_draw(struct view *view, const struct memmap *map, struct mm *mm,
                     unsigned order_count);

#endif
