#ifndef KERNEL_STAGE_LAYOUT_H
#define KERNEL_STAGE_LAYOUT_H

/* Where the parts of a small machine's picture lie, in pixels. */

#include "stage.h"

#define STAGE_PAD 6
#define STAGE_TEXT_LINES 2
#define STAGE_BRACKET_PIXELS 8 /* its strokes; its words begin below them */

struct stage_layout {
    const struct font *title_font;
    const struct font *bold; /* for letters of owners */
    const struct font *font;
    const struct font *small; /* where the other one is too wide */
    struct canvas_rect title;
    struct canvas_rect labels; /* the column at the left */
    int left; /* of the tree */
    int right;
    int top;
    int row_height; /* from one row's top to the next one's */
    int box_height;
    int cell_height;
    int cells_top;
    int numbers_top;
    struct canvas_rect window;
    struct canvas_rect figures; /* of the textbook: two lines */
    int book_top;
    int book_height;
    struct canvas_rect text;
    int thick; /* of outlines */
};

/* The layout follows the picture's size, the number of frames, and what is shown of them. */
struct stage_layout stage_lay_out(const struct stage *stage, struct canvas_rect picture);

/* The left edge of a frame. */
int stage_left_of(const struct stage_layout *layout, const struct stage *stage, pfn_t frame);

/* Between two boxes or cells, where there is room for it. */
int stage_gap_of(const struct stage_layout *layout, const struct stage *stage);

/* A node's box; a frame's cell, and its cell in the textbook's row. */
struct canvas_rect stage_box_of(const struct stage_layout *layout, const struct stage *stage,
                                unsigned node);
struct canvas_rect stage_cell_of(const struct stage_layout *layout, const struct stage *stage,
                                 unsigned frame);
struct canvas_rect stage_book_cell_of(const struct stage_layout *layout, const struct stage *stage,
                                      unsigned frame);

#endif
