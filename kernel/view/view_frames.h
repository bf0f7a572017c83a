#ifndef KERNEL_VIEW_FRAMES_H
#define KERNEL_VIEW_FRAMES_H

/*
 * RAM as masonry: a grid of cells, each of the same power of two of page frames, in which blocks
 * are stones. A joint as dark as the ground runs between two blocks; inside of a block the joints
 * have the block's colour. Rows without RAM are left out, with a gap in their place.
 *
 *              +--+--+--+--+--+--+--+--+
 *   0x0        |//|//|aaaaa|bb|..|.....|     hatched: taken at boot; . free
 *   0x800000   |...........|cccccccccc.|     the block goes on in the next row
 *              +  -  -  -  -  -  -  -  +     a gap: no RAM here
 *   0x100000000|.......................|
 *              +--+--+--+--+--+--+--+--+
 */

#include "view_grid.h"
#include "view_marks.h"
#include "view_part.h"

/* ---- cells (view_colour.c) ------------------------------------------------------------------- */

#define VIEW_CELL_SHADES 4
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
    uint8_t shade; /* of what is free there, by its size: 0 to VIEW_CELL_SHADES - 1 */
    uint8_t level; /* used part of its RAM, in sixteenths, 16 only if all of it */
    uint8_t flags;
    uint8_t mark; /* low nibble an enum view_mark_look, high nibble the edges of its outline */
};

bool view_cell_equals(const struct view_cell *a, const struct view_cell *b);

/* The joints to the left and above belong to the cell, so that one cell can be drawn by itself. */
void view_cell_draw(const struct view_cell *cell, struct canvas *canvas, struct canvas_rect rect);

/* Only the stone, in all of the rectangle; where a part is free, the used part is at the bottom. */
void view_cell_draw_stone(const struct view_cell *cell, struct canvas *canvas,
                          struct canvas_rect rect);

/* The tint of free memory at a shade of 0 to VIEW_CELL_SHADES - 1. */
color_t view_free_colour(unsigned shade);

/* ---- the map of them ------------------------------------------------------------------------- */

#define VIEW_COLUMN_COUNT 128
#define VIEW_FRAMES_DIGITS 13 /* of an address: 2^52 in hexadecimal */
#define VIEW_CELL_COUNT (VIEW_COLUMN_COUNT * VIEW_ROW_COUNT)

struct view_frames {
    struct view_part part;
    unsigned column_bits; /* log2 of the columns; a small part of RAM has fewer, of larger cells */
    int left; /* where the rows of cells begin, in pixels */
    int cell_width;

    const struct view_marks *marks; /* drawn over the cells */
    void (*take_free)(void *free_context, struct frame_range run); /* view_taker's; may be NULL */
    void *free_context;

    struct frame_range ram; /* from the lowest frame of RAM to the highest */
    unsigned whole_order; /* of cells, when all of RAM is shown */
    bool is_zoomed; /* to a part of it, step by step: then cells have this order, if they can */
    unsigned least_order;
    pfn_t anchor; /* the frame that was zoomed around; its row is the last to be left out */

    /* The layout, made anew for each snapshot out of the map alone. */
    struct view_grid grid;
    int rows_height; /* of all of them, without the gaps */
    int gap_height;
    bool labels_gaps; /* they are high enough to say how much is left out */
    int row_tops[VIEW_ROW_COUNT]; /* pixels; some rows are a pixel higher than others */
    int row_ends[VIEW_ROW_COUNT];

    unsigned flags_seen;
    uint32_t drawn_layout; /* fingerprints of what the screen shows, 0: nothing */
    uint32_t drawn_heading;
    struct view_cell cells[VIEW_CELL_COUNT];
    struct view_cell drawn[VIEW_CELL_COUNT];
};

/*
 * Nothing is drawn yet, the area's ground is blank, and all of *frames is zero. The area's right
 * edge moves to where the columns end, as many as there is room for. The marks are referred to.
 */
void view_frames_init(struct view_frames *frames, const struct view_part *part,
                      const struct view_marks *marks);

/*
 * Draws what differs from the screen, and adds up in `owners` who holds how much. `order_count`:
 * free blocks of that order and above have the strongest tint.
 */
void view_frames_draw(struct view_frames *frames, const struct memmap *map, struct mm *mm,
                      unsigned order_count, struct view_owners *owners);

/* Draws the marks as they are now over the cells as they were. */
void view_frames_draw_marks(struct view_frames *frames);

/* Shows this part of RAM from the next drawing on; if it is empty, all of it. */
void view_frames_show(struct view_frames *frames, struct frame_range range);

/*
 * Shows half or twice as much of RAM from the next drawing on, with the frame about where it is
 * now. False if nothing changes: a cell is a frame already, or all is shown.
 */
bool view_frames_zoom(struct view_frames *frames, pfn_t pfn, bool closer);

/* How far it is from a pixel's row to the middle of the next row, or of the one before. */
int view_frames_row_step(const struct view_frames *frames, int y, int rows);

/* The frames of the cell at a pixel. False if there is none. */
bool view_frames_at(const struct view_frames *frames, int x, int y, struct frame_range *range);

/* The pixels of the cell that shows a frame; empty if none does. For tests, and for pointing at. */
struct canvas_rect view_frames_find(const struct view_frames *frames, pfn_t pfn);

/*
 * Where the cells lie, and how many frames each shows: for view_frames.c.
 *
 *   area.left          left                            area.right
 *      | RAM  one cell = 64K                               |
 *      |                                                   |   VIEW_PART_GAP
 *      | 0x100000      +--+--+--+--+--+--+--+--+           | < view_part_top
 *      |               |  |  |  |  |  |  |  |  |           |
 */
void view_frames_lay_out(struct view_frames *frames, const struct memmap *map);

#endif
