#ifndef KERNEL_VIEW_POINTER_H
#define KERNEL_VIEW_POINTER_H

/*
 * The mouse's arrow on a canvas with pixels: what lies under it is kept, and put back before
 * anything else is drawn. A canvas without pixels cannot be read; there only the marked cell shows
 * where the pointer is.
 */

#include "drivers/video/canvas/canvas.h"

#define VIEW_POINTER_WIDTH 11
#define VIEW_POINTER_HEIGHT 16

struct view_pointer {
    bool is_wanted; /* it was moved, ever */
    bool is_drawn;
    int x; /* of its tip */
    int y;
    struct canvas_rect covered; /* while it is drawn */
    color_t under[VIEW_POINTER_HEIGHT][VIEW_POINTER_WIDTH];
};

/* In the middle of the area, not shown until it is moved. The canvas was drawn anew. */
void view_pointer_init(struct view_pointer *pointer, struct canvas_rect area);

/* Moves it while it is not drawn; it stays in the area. */
void view_pointer_move(struct view_pointer *pointer, struct canvas_rect area, int dx, int dy);

/* Draws it where it is wanted, or puts back what is under it. Twice is as good as once. */
void view_pointer_show(struct view_pointer *pointer, struct canvas *canvas);
void view_pointer_hide(struct view_pointer *pointer, struct canvas *canvas);

#endif
