/*
 * What is to be seen is made anew each time, and compared with what the screen shows. So scrolling
 * by a hundred lines costs one redraw, and a row that equals its predecessor costs none.
 */

#include "terminal.h"

#include "kernel/lib/string.h"
#include "kernel/view/view_format.h"

#define ERROR 0x80 /* in a cell, beside its code */
#define UNKNOWN 0 /* in a cell: it has to be drawn */

void terminal_place(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                    struct canvas_rect area)
{
    terminal->canvas = canvas;
    terminal->font = font;
    terminal->area = area;
    scroll_set_size(&terminal->rows, (area.right - area.left) / font->width_pixels,
                    (area.bottom - area.top) / font->height_pixels);
    terminal->is_stale = true;
}

static struct canvas_rect cells_rect(const struct terminal *terminal, int row, int first, int end)
{
    int width = terminal->font->width_pixels;
    int height = terminal->font->height_pixels;
    return canvas_rect_at(terminal->area.left + first * width, terminal->area.top + row * height,
                          (end - first) * width, height);
}

static void draw_cell(struct terminal *terminal, int row, int column, uint8_t cell)
{
    struct canvas_rect rect = cells_rect(terminal, row, column, column + 1);
    color_t colour = cell & ERROR ? THEME_ERROR : THEME_TEXT;
    color_t background = THEME_GROUND;
    if (row == terminal->drawn_row && column == terminal->drawn_column) {
        colour = THEME_TEXT_DARK;
        background = THEME_ACCENT;
    }
    terminal->drawn[row][column] = cell;
    canvas_draw_cell(terminal->canvas, terminal->font, rect.left, rect.top, cell & ~ERROR, colour,
                     background);
}

/* Marks first to last changed cell at once: a mark for each would cost more than the drawing. */
static void draw_row(struct terminal *terminal, int row, const uint8_t cells[])
{
    const uint8_t *drawn = terminal->drawn[row];
    int first = 0;
    int end = terminal->rows.columns;
    while (first < end && cells[first] == drawn[first])
        first++;
    while (end > first && cells[end - 1] == drawn[end - 1])
        end--;
    canvas_mark_dirty(terminal->canvas, cells_rect(terminal, row, first, end));
    for (int column = first; column < end; column++)
        if (cells[column] != drawn[column])
            draw_cell(terminal, row, column, cells[column]);
}

/* After this the screen shows blanks, and the cells say so. */
static void clear_screen(struct terminal *terminal)
{
    canvas_fill(terminal->canvas, terminal->area, THEME_GROUND);
    memset(terminal->drawn, ' ', sizeof terminal->drawn);
    terminal->drawn_row = -1;
    terminal->is_stale = false;
}

/* Both cells are drawn with their rows. */
static void move_cursor(struct terminal *terminal, int row, int column)
{
    if (row == terminal->drawn_row && column == terminal->drawn_column)
        return;
    if (terminal->drawn_row >= 0)
        terminal->drawn[terminal->drawn_row][terminal->drawn_column] = UNKNOWN;
    if (row >= 0)
        terminal->drawn[row][column] = UNKNOWN;
    terminal->drawn_row = row;
    terminal->drawn_column = column;
}

void terminal_draw(struct terminal *terminal, const struct scrollback *text)
{
    struct scroll *rows = &terminal->rows;
    uint8_t cells[SCROLL_COLUMNS_MAX];
    if (terminal->is_stale)
        clear_screen(terminal);
    scroll_lay_out(rows, text);
    move_cursor(terminal, rows->cursor_row, rows->cursor_column);
    for (int row = 0; row < rows->room; row++) {
        bool is_error = scroll_read(rows, text, row, cells);
        for (int i = 0; i < rows->columns && is_error; i++)
            cells[i] |= ERROR;
        draw_row(terminal, row, cells);
    }
}
