#ifndef KERNEL_VIEW_CHARS_H
#define KERNEL_VIEW_CHARS_H

/*
 * The picture of memory where there are no pixels: 80 columns of characters, for the upper part of
 * a text screen. Reads snapshots through the public functions of mm/, and draws into cells of its
 * own; it knows no screen.
 *
 *    Ashlar   125.8M: free 122.8M, used 3M, largest 122M, blocks 5; cell 256K
 *    0x0          BBCC................................................................
 *    0x800000     ..............................................................EEEEDD
 *    B low 64K   C kernel 600K   D tables 976K   E bochs 3M
 *   -----------------------------------------------------------------------------------
 *
 * A letter stands for the owner of most of what is used in its cell, a small one where some of the
 * cell is free.
 */

#include "mm/memmap.h"
#include "mm/mm.h"
#include "view_owners.h"

#define VIEW_CHARS_COLUMNS 80
#define VIEW_CHARS_ROWS 12
#define VIEW_CHARS_GRID_ROWS 8
#define VIEW_CHARS_GRID_COLUMNS 64

/* A character of code page 437 and, in the upper byte, its colours on a VGA's text screen. */
typedef uint16_t view_char_t;

/* What lies in a cell. The owner is the majority's, by Boyer and Moore's vote. */
struct view_chars_content {
    pfn_t free_count;
    pfn_t used_count;
    pfn_t vote;
    uint8_t owner;
};

struct view_chars_grid {
    unsigned cell_order; /* a cell has 2^cell_order frames */
    unsigned row_count;
    uint64_t rows[VIEW_CHARS_GRID_ROWS]; /* first frame / frames per row */
    struct view_chars_content cells[VIEW_CHARS_GRID_ROWS][VIEW_CHARS_GRID_COLUMNS];
};

struct view_chars {
    struct view_owners owners;
    struct view_chars_grid grid;
    view_char_t cells[VIEW_CHARS_ROWS][VIEW_CHARS_COLUMNS];
};

void view_chars_init(struct view_chars *view);

/* Draws the picture into view->cells. The map must be rounded. */
void view_chars_draw(struct view_chars *view, const struct memmap *map, struct mm *mm);

/* The same character for a monochrome screen: normal, bright or reverse. */
view_char_t view_char_in_monochrome(view_char_t cell);

#endif
