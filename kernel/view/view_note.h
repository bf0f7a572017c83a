#ifndef KERNEL_VIEW_NOTE_H
#define KERNEL_VIEW_NOTE_H

/*
 * A note between the picture and the console: a title, the keys that may be pressed, and a few
 * sentences. It takes the console's upper part, so that it hides nothing of the picture, and keeps
 * its height from one note to the next, so that nothing moves.
 *
 *   | 0x0      ##.......      4K  .   #  |   the picture
 *   +------------------------------------+
 *   || 4/17 A split         Enter: next  |   the note
 *   || Wanted is 1M. No free buddy ...   |
 *   +------------------------------------+
 *   | ashlar> alloc 1M                   |   the console
 */

#include "drivers/video/canvas/canvas.h"
#include "view_chars.h"

struct view_note_choice {
    const char *label;
    const char *typed; /* what a click on it stands for, as if it were typed */
};

struct view_note {
    const char *title;
    const char *keys;
    const char *text; /* wrapped to fit; what is beyond the place's lines is not shown */
    const struct view_note_choice *choices; /* in rows below the text */
    size_t choice_count;
};

/* The lines that the choices need. */
size_t view_note_choice_lines(const struct view_note_choice *choices, size_t count, size_t columns);

/* The lines that the longest text needs, of those that are going to be shown. */
typedef size_t view_note_measure_t(size_t columns);

struct view_note_place {
    bool is_large; /* the caller's to set: letters to be read from afar */
    struct canvas_rect area;
    const struct font *title_font;
    const struct font *text_font;
    struct canvas_rect console; /* what is left of it */
    const struct font *console_font;
};

/*
 * Divides the console's area on a canvas of that size, at least 640 by 480. The console keeps three
 * lines at least; texts that need more room than that leaves are cut.
 */
void view_note_place(struct view_note_place *place, const struct canvas *canvas,
                     struct canvas_rect console, view_note_measure_t *measure);

void view_note_draw(const struct view_note_place *place, struct canvas *canvas,
                    const struct view_note *note);

/* The choice that is drawn at a pixel; NULL: none is. */
const struct view_note_choice *view_note_choice_at(const struct view_note_place *place,
                                                   const struct view_note *note, int x, int y);

/* On a text screen: rows of characters, of which the first holds the title. */
#define VIEW_NOTE_ROWS_MAX 8

size_t view_note_rows(view_note_measure_t *measure);

void view_note_draw_chars(view_char_t cells[][VIEW_CHARS_COLUMNS], size_t row_count,
                          const struct view_note *note);

#endif
