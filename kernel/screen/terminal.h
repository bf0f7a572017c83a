#ifndef KERNEL_TERMINAL_H
#define KERNEL_TERMINAL_H

/*
 * The console's last rows in a rectangle of the canvas, with a cursor. The text is kept elsewhere
 * (scrollback.h) and wrapped elsewhere (scroll.h); terminal_draw brings the screen up to date with
 * it. It knows neither the shell nor the keyboard.
 */

#include "drivers/video/canvas/canvas.h"
#include "scroll.h"

struct terminal {
    struct canvas *canvas;
    const struct font *font;
    struct canvas_rect area;
    struct scroll rows;
    bool is_stale; /* the screen holds nothing of ours */
    int drawn_row; /* of the cursor */
    int drawn_column;
    uint8_t drawn[SCROLL_ROWS_MAX][SCROLL_COLUMNS_MAX]; /* codes, and a bit for errors' colour */
};

/*
 * Shows the text in `area` of the canvas from the next terminal_draw on, which then draws all of
 * it. Canvas and font must stay alive. The area has room for at least one character.
 */
void terminal_place(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                    struct canvas_rect area);

/* Draws the cells that have changed. A line that begins with "error:" has the colour of errors. */
void terminal_draw(struct terminal *terminal, const struct scrollback *text);

#endif
