#ifndef KERNEL_SCREEN_H
#define KERNEL_SCREEN_H

/*
 * A screen: what the console and the memory view need of one, whether it shows characters
 * (text_screen.c) or pixels (graphic_screen.c). display.h says which one is shown.
 */

#include "kernel/lib/line.h"
#include "kernel/stage/stage.h"
#include "kernel/view/view_grid.h"
#include "kernel/view/view_marks.h"
#include "kernel/view/view_note.h"
#include "kernel/view/view_scale.h"
#include "scroll.h"

/* The note between picture and console. It outlives a change of the screen. */
struct screen_notes {
    view_note_measure_t *measure; /* NULL: the console has all of its area */
    const struct view_note *note; /* NULL: none is shown */
    const struct view_scale *scale; /* in the note's last line; NULL: it has none */
    size_t pointed; /* the cell of the scale that the mouse chose last */
    bool changed; /* it has to be drawn */
};

/* What all screens know of themselves, and whoever shows them may read. */
struct screen {
    const struct screen_operations *operations;
    struct screen_notes *notes;
    size_t columns; /* of the console */
    struct scroll *rows; /* of the console */
    struct view_grid *grid; /* of the memory view; NULL: no view is on the screen */
    struct view_marks *marks; /* over it; NULL: it has none that can be changed */
    bool has_room_for_notes;
    bool wants_large; /* letters, from the next lay_out on; kept from mode to mode */
    bool has_room_for_stage; /* a small machine's picture takes the view's place */
    bool is_held; /* the view stays as it is, with a box over it */
    bool is_stale; /* the view has to be drawn, whatever became of memory */
    const char *past; /* which moment of the past the view shows; NULL: now */
    bool text_changed; /* the console's text has to be drawn */
    uint64_t drawn_last_id; /* of the memory that was drawn */
    size_t drawn_live_count;
};

struct screen_operations {
    /* Shows the console, and the view above it if there is room, anew in the mode that is set. */
    void (*lay_out)(struct screen *screen);

    /* Divides the console's area again: notes were opened or closed. */
    void (*divide)(struct screen *screen);

    /* Gives the console all of the screen: a panic may need it. */
    void (*give_all)(struct screen *screen);

    /* A line of the console ended: shows it now. NULL: the screen cannot do so at little cost. */
    void (*end_line)(struct screen *screen);

    /* Brings the screen up to date with the console and, unless the view is held, with memory. */
    void (*refresh)(struct screen *screen);

    /* Puts a box over view and marks, as display_hold says; takes all away. Draws nothing. */
    void (*put_caption)(struct screen *screen, struct frame_range at, const char *title,
                        const char *text);
    void (*drop_caption)(struct screen *screen);

    /* Shows a part of RAM in the view's map; an empty one: all. Draws nothing. */
    void (*zoom)(struct screen *screen, struct frame_range range);

    /* Forgets what was known of a machine's memory. Called also while the screen is not shown. */
    void (*forget_machine)(struct screen *screen);

    /* Draws the small machine's picture, if it is on the screen, with its marks. */
    void (*draw_stage)(struct screen *screen);

    /* The rest is called only where there are marks. */

    /* Leads eyes to a part of the view, from the next drawing on. NULL: it has no such parts. */
    void (*light)(struct screen *screen, enum view_panel panel);

    /* Lets the info line say something from the next drawing on. */
    void (*say)(struct screen *screen, const char *text);

    /* Shows the marks and the info line over the memory that was drawn last. */
    void (*draw_marks)(struct screen *screen);

    /* Takes marks and info line away at the next refresh. */
    void (*clear_marks)(struct screen *screen);

    /* NULL: there is nothing to be moved by keys. */
    void (*take_key)(struct screen *screen, enum line_key key);
};

/* True if there is a screen of characters; it is then empty. Paging is off. */
bool text_screen_find(void);

/*
 * The one screen of characters: the memory view in its upper rows, notes, and the console below.
 * Until its first lay_out, the console has all of it.
 */
struct screen *text_screen(struct screen_notes *notes);

/* The one screen of pixels: the memory view, notes and the console below, a pointer over them. */
struct screen *graphic_screen(struct screen_notes *notes);

/* The marks over the view of whichever screen is shown: there is one of them at a time. */
struct view_marks *screen_marks(void);

/* The small machine whose picture is on the screen; NULL: none is, it is the view's. */
struct stage *screen_stage(const struct screen *screen);

/* True if the view is stale, or memory changed while it is not held. All counts as drawn then. */
bool screen_memory_changed(struct screen *screen);

/* Lets the view follow memory again, if it is held. Draws nothing. */
void screen_end_hold(struct screen *screen);

#endif
