#ifndef KERNEL_VIEW_PART_H
#define KERNEL_VIEW_PART_H

/*
 * What the parts of the picture have in common: a place, a heading in a larger font with a note beside
 * it, and lines below it that are as high as a label and a little.
 *
 *   | Heading             note |
 *   |                          |   VIEW_PART_GAP
 *   | # line 0                 |   #: a swatch
 *   | # line 1                 |
 */

#include "drivers/video/canvas/canvas.h"

#define VIEW_PART_GAP 6 /* between heading and lines, and between columns */
#define VIEW_SWATCH_PIXELS 10

struct view_part {
    struct canvas_rect area;
    const struct font *heading;
    const struct font *label;
};

/* Where the lines begin. */
int view_part_top(const struct view_part *part);

/* The line of that number, from 0. */
struct canvas_rect view_part_line(const struct view_part *part, unsigned index);

/* How many lines there is room for; 0 or less: none. */
int view_part_line_count(const struct view_part *part);

/* Where a label beside the heading has its upper edge. */
int view_part_label_top(const struct view_part *part);

/* Where what stands beside this heading may begin: `gap` pixels behind it. */
int view_part_behind(const struct view_part *part, const char *heading, int gap);

/* The place of a sample beside a label whose upper edge is at `top`. */
struct canvas_rect view_part_swatch(const struct view_part *part, int left, int top,
                                    int width_pixels);

/* Draws the heading, and at the right edge the first of the notes that there is room for. */
void view_part_draw_heading(const struct view_part *part, struct canvas *canvas,
                            const char *heading, const char *const *notes, size_t note_count);

#endif
