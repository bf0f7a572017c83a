#ifndef KERNEL_VIEW_PART_H
#define KERNEL_VIEW_PART_H

/*
 * What the parts of the picture have in common: a place, a heading in a larger font with a note
 * beside it, and lines below it that are as high as a label and a little.
 *
 *   | Heading             note |
 *   |                          |   VIEW_PART_GAP
 *   | # line 0                 |   #: a swatch
 *   | # line 1                 |
 */

#include "drivers/video/canvas/canvas.h"

#define VIEW_PART_GAP 6 /* between heading and lines, and between columns */

struct view_part {
    struct canvas *canvas; /* which must stay alive */
    struct canvas_rect area;
    const struct font *heading;
    const struct font *label;
    bool is_titled; /* the heading is drawn */
};

/* Where the lines begin. */
int view_part_top(const struct view_part *part);

/* The line of that number, from 0. */
struct canvas_rect view_part_line(const struct view_part *part, unsigned index);

/* How many lines there is room for. */
unsigned view_part_line_count(const struct view_part *part);

/* Where a label beside the heading has its upper edge. */
int view_part_label_top(const struct view_part *part);

/* Where what stands beside this heading may begin: `gap` pixels behind it. */
int view_part_behind(const struct view_part *part, const char *heading, int gap);

/* A sample's height, and its usual width. */
int view_part_swatch_pixels(const struct view_part *part);

/* The place of a sample beside a label whose upper edge is at `top`. */
struct canvas_rect view_part_swatch(const struct view_part *part, int left, int top,
                                    int width_pixels);

/*
 * Clears the line if the fingerprint of what it is going to show (view_format.h) is not *drawn, and
 * remembers it there; 0 stands for a blank line. False if it is on the screen already.
 */
bool view_part_begin_line(const struct view_part *part, unsigned index, uint32_t *drawn,
                          uint32_t fingerprint, struct canvas_rect *line);

/* The first of the texts, which end with NULL, that is at most so many pixels wide; else "". */
const char *view_part_choose(const struct view_part *part, const char *const *texts,
                             int width_pixels);

/* Draws the heading unless it is drawn, and at the right edge the note that there is room for. */
void view_part_draw_heading(struct view_part *part, const char *heading, const char *const *notes);

/* The width of a text in the label's font. */
int view_part_width(const struct view_part *part, const char *text);

/* Draws a text in the label's font, from `left` on, or so that it ends before `right`. */
void view_part_write(const struct view_part *part, int left, int top, const char *text,
                     color_t colour);
void view_part_write_right(const struct view_part *part, int right, int top, const char *text,
                           color_t colour);

#endif
