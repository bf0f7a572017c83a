#ifndef KERNEL_GRAPHIC_SCREEN_H
#define KERNEL_GRAPHIC_SCREEN_H

/* The screen of pixels, as graphic_screen.c and graphic_inspect.c share it; anew in each mode. */

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
    bool marks_changed; /* or the pointer moved */
    struct view_pointer pointer;
    bool drags_scale; /* the line of moments follows the pointer while the button is held */
    bool has_anchor;
    pfn_t anchor; /* the frame that stays where it is while the view zooms */
};

/* Draws what differs, and all of the view if memory does. */
void graphic_screen_draw(struct graphic_screen *graphic, bool memory_differs);

/* Does what the mouse says. Only where there are marks. */
void graphic_pointer_follow_mouse(struct graphic_screen *graphic);

/* Operations of the screen. */
void graphic_screen_say(struct screen *screen, const char *text);
void graphic_pointer_take_key(struct screen *screen, enum line_key key);
void graphic_pointer_point(struct screen *screen);

#endif
