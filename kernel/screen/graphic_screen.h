#ifndef KERNEL_GRAPHIC_SCREEN_H
#define KERNEL_GRAPHIC_SCREEN_H

/*
 * The screen of pixels: the memory view on a canvas, notes and the console below, and a pointer
 * over them. Laid out anew for each mode of the adapter.
 */

#include "kernel/view/view.h"
#include "kernel/view/view_pointer.h"
#include "screen.h"
#include "terminal.h"

struct graphic_screen {
    struct screen screen;
    struct canvas canvas;
    struct terminal terminal;
    struct view view;
    struct view_note_place note_place;
    bool marks_changed;
    struct view_pointer pointer;
    bool pointer_moved;
    bool has_anchor;
    pfn_t anchor; /* the frame that stays where it is while the view zooms */
};

/* There is one of these. */
struct screen *graphic_screen(struct screen_notes *notes);

/* ---- for graphic_pointer.c ----------------------------------------------------------------- */

/* Draws what differs, and all of the view if memory does. */
void graphic_screen_draw(struct graphic_screen *graphic, bool memory_differs);

void graphic_screen_say(struct graphic_screen *graphic, const char *text);

/* Does what the mouse says. Only where there are marks. */
void graphic_pointer_follow_mouse(struct graphic_screen *graphic);

/* A key that moves the pointer, or zooms around it. Only where there are marks. */
void graphic_pointer_take_key(struct graphic_screen *graphic, enum line_key key);

/* Marks what the pointer is over, and lets the info line tell of it. */
void graphic_pointer_point(struct graphic_screen *graphic);

#endif
