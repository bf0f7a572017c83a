#ifndef KERNEL_VIEW_CHARS_H
#define KERNEL_VIEW_CHARS_H

/*
 * The picture of memory where there are no pixels: 80 columns of characters, for the upper part of
 * a text screen. Reads snapshots through the public functions of mm/, and draws into cells of its
 * own; it knows no screen.
 *
 *    Ashlar   125.8M: free 122.8M, used 3M, largest 122M, blocks 5
 *    0x0           LKKT................................................................
 *    0x1000000     ..............................................................SSSSBb
 *   ~0x100000000   ........................                                              ~ a gap
 *    B bochs 3M   S shell 1M   T tables 976K   K kernel 600K   L low 64K   2 more
 *   -- one character = 256K -- . free -- A used -- a in part ---------------------------
 *
 * A letter stands for the owner of most of what is used in its cell, a small one where some of the
 * cell is free. What was taken at boot is grey, blocks are coloured.
 */

#include "view_caption.h"
#include "view_grid.h"
#include "view_marks.h"

#define VIEW_CHARS_COLUMNS 80
#define VIEW_CHARS_ROWS 12

/* A character of code page 437 and, in the upper byte, its colours on a VGA's text screen. */
typedef uint16_t view_char_t;

#define VIEW_CHARS_SAID_MAX (2 * VIEW_CHARS_COLUMNS)

#define VIEW_CHARS_NORMAL 0x0700
#define VIEW_CHARS_TITLE 0x7000 /* black on grey */

/* Writes a text into cells, in these colours, or its first characters. Returns the cell behind. */
view_char_t *view_chars_write(view_char_t *cells, view_char_t colours, const char *text,
                              size_t length_max);

struct view_chars {
    const char *simulated; /* as in struct view; the caller's to set */
    const char *past; /* as in struct view; the caller's to set */
    const struct view_marks *marks; /* the caller's to set; NULL: none */
    char said[VIEW_CHARS_SAID_MAX]; /* in the lowest rows; "": nothing */
    struct view_caption caption; /* over the picture, beside the character that is its anchor */
    struct view_owners owners;
    struct view_grid grid;
    view_char_t cells[VIEW_CHARS_ROWS][VIEW_CHARS_COLUMNS];
};

void view_chars_init(struct view_chars *view);

/* Draws the picture into view->cells, without marks. The map must be rounded. */
void view_chars_draw(struct view_chars *view, const struct memmap *map, struct mm *mm);

/*
 * A row of the picture as it was drawn last, with the marks over it: what is outside of the window
 * is dim, what the search looked at bright, what was refused or is a crime on red, and the place on
 * yellow. What is said takes the lowest row, or the two lowest.
 */
void view_chars_mark_row(const struct view_chars *view, int row,
                         view_char_t cells[VIEW_CHARS_COLUMNS]);

/* The same character for a monochrome screen: normal, bright (blocks) or reverse (the title). */
view_char_t view_char_in_monochrome(view_char_t cell);

#endif
