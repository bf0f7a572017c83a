#ifndef KERNEL_VIEW_COLOUR_H
#define KERNEL_VIEW_COLOUR_H

/* The colour of a cell of the map of frames (view_frames.h), and what else it looks like. */

#include "drivers/video/canvas/canvas.h"

#define VIEW_CELL_SHADES 8
#define VIEW_CELL_FULL 16 /* level */
#define VIEW_CELL_LOOK 15 /* the part of a mark that is no edge */

enum cell_flags {
    CELL_RAM = 1,
    CELL_JOINS_LEFT = 2, /* the same piece as the cell to the left */
    CELL_JOINS_ABOVE = 4,
    CELL_PARTIAL = 8, /* the next two only to be seen in the key */
    CELL_AT_BOOT = 16,
    CELL_BARREN = 32,
    CELL_ALIGNED = 64, /* begins at a multiple of the request's alignment */
    CELL_BOUNDARY = 128, /* the same of its boundary */
};

/* Of an outline, in a mark's high nibble; from the left around. */
enum cell_edges {
    EDGE_LEFT = 16,
    EDGE_TOP = 32,
    EDGE_RIGHT = 64,
    EDGE_BOTTOM = 128,
};

/* What one cell shows; two equal ones look the same. */
struct view_cell {
    uint8_t style; /* of the owner that holds most of it */
    uint8_t shade; /* 0 to 7, by the size of what lies there: low nibble owner's, high free */
    uint8_t level; /* used part of its RAM, in sixteenths, 16 only if all of it */
    uint8_t flags;
    uint8_t mark; /* low nibble an enum view_mark_look, high nibble the edges of its outline */
};

bool view_cell_equals(const struct view_cell *a, const struct view_cell *b);

/* The joints to the left and above belong to the cell, so that it can be drawn alone. */
void view_cell_draw(const struct view_cell *cell, struct canvas *canvas, struct canvas_rect rect);

/* Only the stone, in all of the rectangle; where a part is free, the used part is at the bottom. */
void view_cell_draw_stone(const struct view_cell *cell, struct canvas *canvas,
                          struct canvas_rect rect);

/* The tint of free memory at a shade of 0 to 7. */
color_t view_free_colour(unsigned shade);

#endif
