#ifndef KERNEL_TERMINAL_H
#define KERNEL_TERMINAL_H

/*
 * Lines of text in a rectangle of the canvas. Characters go into a grid of cells, at any rate;
 * terminal_draw brings the screen up to date, whenever somebody wants to see it. It knows neither
 * the shell nor the keyboard.
 */

#include "drivers/video/canvas/canvas.h"

#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_COLUMNS_MAX 240
#define TERMINAL_ROWS_MAX 64

struct terminal_cell {
    uint8_t code; /* as in font.h */
    uint8_t ink; /* an enum terminal_ink */
};

/*
 *        0              columns  COLUMNS_MAX
 *      0 +------------------+ - - - +
 *        | text             |       :   beyond columns and rows: kept, not shown
 *    row | text_            |       :   _ the cursor; no cell below it was ever written
 *        +------------------+ - - - +
 */
struct terminal {
    struct canvas *canvas;
    const struct font *font;
    struct canvas_rect area;
    int columns;
    int rows;
    int column; /* == columns: the next character wraps first */
    int row;
    uint8_t ink;
    bool cursor_shown;
    bool stale; /* the screen holds nothing of ours */
    bool wrapped[TERMINAL_ROWS_MAX]; /* the row goes on in the next one */
    struct terminal_cell cells[TERMINAL_ROWS_MAX][TERMINAL_COLUMNS_MAX];
    struct terminal_cell drawn[TERMINAL_ROWS_MAX][TERMINAL_COLUMNS_MAX];
};

/*
 * Starts empty, cursor shown, in `area` of the canvas, which must stay alive, as must the font. The
 * area has room for at least one character. Nothing is drawn yet.
 */
void terminal_init(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                   struct canvas_rect area);

/*
 * Moves to another place, another canvas, another font or another size. The last lines that fit stay; longer ones
 * are shown cut, not wrapped anew. Nothing is drawn until terminal_draw, which then draws all.
 */
void terminal_move(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                   struct canvas_rect area);

/*
 * Puts one character: printable ASCII; \n to the start of the next line, \r to the start of this
 * one, \b one to the left without erasing (also back over a wrap), \t to the next multiple of 8.
 * Any other shows the placeholder. A line that begins with "error:" turns to the colour of errors.
 */
void terminal_put(struct terminal *terminal, char character);
void terminal_write(struct terminal *terminal, const char *text);

void terminal_show_cursor(struct terminal *terminal, bool shown);

/* Draws the cells that differ from what the screen shows. */
void terminal_draw(struct terminal *terminal);

#endif
