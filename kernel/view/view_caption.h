#ifndef KERNEL_VIEW_CAPTION_H
#define KERNEL_VIEW_CAPTION_H

/*
 * A few sentences in a box beside what they are about, with a line to it: where the box goes, how
 * its text breaks into lines, and its picture on a canvas. The layout is the same for pixels and
 * for a screen of characters, where a glyph is 1 by 1. It remembers which frames it is about, and
 * knows nothing else of memory.
 *
 *      ##[]############            the anchor, never covered
 *         |
 *    +----+--------------------+
 *    | double-free             |   title
 *    | The block was free, as  |   text
 *    | its bits in ...         |
 *    +-------------------------+
 */

#include "drivers/video/canvas/canvas.h"
#include "mm/types.h"

#define VIEW_CAPTION_TEXT_MAX 400
#define VIEW_CAPTION_TITLE_MAX 40
#define VIEW_CAPTION_LINE_MAX 16

/* Where a box may lie, and in which measures; all in pixels, or all in characters. */
struct view_caption_space {
    struct canvas_rect area;
    const struct font *font; /* NULL among characters */
    int glyph_width;
    int glyph_height;
    int inset_x; /* from the box's edge to its text */
    int inset_y;
    bool titles_edge; /* the title takes no line: it stands in the box's edge, among characters */
    int gap; /* between anchor and box, for the line; less where there is no room */
};

enum view_caption_side {
    VIEW_CAPTION_ALONE, /* no anchor, or no room beside it: no line */
    VIEW_CAPTION_BELOW,
    VIEW_CAPTION_ABOVE,
    VIEW_CAPTION_RIGHT,
    VIEW_CAPTION_LEFT,
};

struct view_caption {
    bool is_wanted;
    struct frame_range frames; /* that it is about */
    char title[VIEW_CAPTION_TITLE_MAX];
    char text[VIEW_CAPTION_TEXT_MAX];
    struct view_caption_space space; /* in which it was laid out */
    unsigned line_count;
    unsigned
        columns; /* of the longest line, title included: so wide the text has just these lines */
    struct canvas_rect box;
    enum view_caption_side side; /* of the anchor */
    struct canvas_rect leader; /* the line between the two; empty: they touch, or there is none */
};

/*
 * What it says of the frames; the title may be "". Both are copied, and cut at the sizes above. It
 * is wanted until somebody sets is_wanted to false.
 */
void view_caption_set(struct view_caption *caption, struct frame_range frames, const char *title,
                      const char *text);

/*
 * Finds the box a place in the area: below the anchor, else above, right or left of it, as narrow
 * as it may be; if it finds none, or the anchor is empty, at the area's lower edge. False, and the
 * box is empty, if even there it finds no room, or if no caption is wanted.
 */
bool view_caption_lay_out(struct view_caption *caption, const struct view_caption_space *space,
                          struct canvas_rect anchor);

/* The text's width in columns at most, broken into lines. False if that takes too many of them. */
bool view_caption_break(struct view_caption *caption, unsigned columns);

/* Draws box and line as they were laid out, unless the box is empty. */
void view_caption_draw(const struct view_caption *caption, struct canvas *canvas);

/* Of box and line together. */
struct canvas_rect view_caption_bounds(const struct view_caption *caption);

#endif
