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

#include "mm/memmap.h"
#include "mm/mm.h"
#include "view_frames.h"
#include "view_owners.h"

struct view_small {
    struct canvas *canvas;
    struct canvas_rect title;
    struct canvas_rect legend;
    struct canvas_rect terminal;
    struct view_frames *frames;
    const char *simulated; /* as in struct view */
    uint32_t drawn_title; /* fingerprints, 0: nothing is drawn */
    uint32_t drawn_legend;
    bool blank;
};

/* Lays out for the canvas's size. The canvas and `frames` must stay alive. Draws nothing. */
void view_small_init(struct view_small *small, struct canvas *canvas, struct view_frames *frames);

/* Brings the picture up to date. `order_count` is view_frames_draw's. */
void view_small_draw(struct view_small *small, const struct memmap *map, struct mm *mm,
                     unsigned order_count, struct view_owners *owners);

#endif
