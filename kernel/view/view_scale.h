#ifndef KERNEL_VIEW_SCALE_H
#define KERNEL_VIEW_SCALE_H

/*
 * A line of moments in the last line of a note: what happened at each, and which one is shown.
 *
 *     oldest |  '' ' . '.#  ' |[]' '.    | now
 *
 *   ' a block was allocated   . a block was freed   # many blocks came and went   [] shown
 */

#include "view_note.h"

#define VIEW_SCALE_MAX 256

enum view_scale_look {
    VIEW_SCALE_NOTHING,
    VIEW_SCALE_FREED,
    VIEW_SCALE_ALLOCATED,
    VIEW_SCALE_MANY,
    VIEW_SCALE_SHOWN,
};

/* A cell stands for one moment, or for several of them. */
struct view_scale {
    size_t count; /* of the cells that are used, at least 1 */
    uint8_t looks[VIEW_SCALE_MAX]; /* enum view_scale_look */
};

/* Makes an empty scale of so many moments, at least 1. */
void view_scale_begin(struct view_scale *scale, size_t moment_count);

/* Enters the index-th of so many moments. If moments share a cell, the larger look wins. */
void view_scale_enter(struct view_scale *scale, size_t index, size_t moment_count,
                      enum view_scale_look look);

/* The first moment of a cell, of so many moments: what view_scale_enter took as `index`. */
size_t view_scale_moment(const struct view_scale *scale, size_t cell, size_t moment_count);

/* Draws it in the note's last line. */
void view_scale_draw(const struct view_scale *scale, const struct view_note_place *place,
                     struct canvas *canvas);

/* True if the pixel is in the line that is drawn. */
bool view_scale_holds(const struct view_scale *scale, const struct view_note_place *place, int x,
                      int y);

/* The cell at that column of pixels; left of the line the first, right of it the last. */
size_t view_scale_cell_at(const struct view_scale *scale, const struct view_note_place *place,
                          int x);

/* The same line on a text screen: a row of characters. */
void view_scale_draw_chars(const struct view_scale *scale, view_char_t cells[VIEW_CHARS_COLUMNS]);

#endif
