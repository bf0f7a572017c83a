/*
 * What is to be seen (`cells`) and what the screen shows (`drawn`) are two grids of the same shape.
 * All the editing happens in the first; drawing compares. So scrolling by a hundred lines costs one
 * redraw, and a line that equals its predecessor costs none.
 */

#include "terminal.h"

#include "kernel/lib/string.h"
#include "kernel/view/view_theme.h"

enum terminal_ink { INK_NORMAL, INK_ERROR, INK_CURSOR };

#define TAB_COLUMNS 8

static const char error_prefix[] = "error:";

static int limit_cells(int cells, int max)
{
    if (cells < 1)
        return 1;
    return cells < max ? cells : max;
}

static void clear_row(struct terminal *terminal, int row)
{
    for (int i = 0; i < TERMINAL_COLUMNS_MAX; i++)
        terminal->cells[row][i] = (struct terminal_cell){' ', INK_NORMAL};
    terminal->wrapped[row] = false;
}

static void scroll_up(struct terminal *terminal, int count)
{
    int kept = TERMINAL_ROWS_MAX - count;

    memmove(terminal->cells[0], terminal->cells[count], (size_t)kept * sizeof terminal->cells[0]);
    memmove(terminal->wrapped, terminal->wrapped + count, (size_t)kept);
    for (int row = kept; row < TERMINAL_ROWS_MAX; row++)
        clear_row(terminal, row);
    terminal->row -= count;
}

void terminal_init(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                   struct canvas_rect area)
{
    for (int row = 0; row < TERMINAL_ROWS_MAX; row++)
        clear_row(terminal, row);
    terminal->row = 0;
    terminal->column = 0;
    terminal->ink = INK_NORMAL;
    terminal->cursor_shown = true;
    terminal_move(terminal, canvas, font, area);
}

void terminal_move(struct terminal *terminal, struct canvas *canvas, const struct font *font,
                   struct canvas_rect area)
{
    terminal->canvas = canvas;
    terminal->font = font;
    terminal->area = area;
    terminal->columns =
        limit_cells((area.right - area.left) / font->width_pixels, TERMINAL_COLUMNS_MAX);
    terminal->rows = limit_cells((area.bottom - area.top) / font->height_pixels, TERMINAL_ROWS_MAX);
    terminal->stale = true;
    if (terminal->row >= terminal->rows)
        scroll_up(terminal, terminal->row - terminal->rows + 1);
    if (terminal->column > terminal->columns)
        terminal->column = terminal->columns;
    /* The old wraps were at the old width; going back over them would land anywhere. */
    for (int row = 0; row < TERMINAL_ROWS_MAX; row++)
        terminal->wrapped[row] = false;
}

static void begin_row(struct terminal *terminal)
{
    terminal->column = 0;
    terminal->row++;
    if (terminal->row == terminal->rows)
        scroll_up(terminal, 1);
}

static void put_backspace(struct terminal *terminal)
{
    if (terminal->column > 0) {
        terminal->column--;
    } else if (terminal->row > 0 && terminal->wrapped[terminal->row - 1]) {
        terminal->row--;
        terminal->column = terminal->columns - 1;
    }
}

/* The prefix was just completed in this row, which therefore becomes red from its start. */
static void redden_error(struct terminal *terminal)
{
    struct terminal_cell *cells = terminal->cells[terminal->row];
    int length = sizeof error_prefix - 1;

    if (terminal->column != length)
        return;
    for (int i = 0; i < length; i++)
        if (cells[i].code != (uint8_t)error_prefix[i])
            return;
    for (int i = 0; i < length; i++)
        cells[i].ink = INK_ERROR;
    terminal->ink = INK_ERROR;
}

static void put_glyph(struct terminal *terminal, uint8_t code)
{
    if (terminal->column >= terminal->columns) {
        terminal->wrapped[terminal->row] = true;
        begin_row(terminal);
    }
    terminal->cells[terminal->row][terminal->column] = (struct terminal_cell){code, terminal->ink};
    terminal->column++;
    if (code == ':')
        redden_error(terminal);
}

static void put_tab(struct terminal *terminal)
{
    do {
        put_glyph(terminal, ' ');
    } while (terminal->column % TAB_COLUMNS != 0 && terminal->column < terminal->columns);
}

void terminal_put(struct terminal *terminal, char character)
{
    uint8_t code = (uint8_t)character;

    switch (character) {
    case '\n':
        terminal->ink = INK_NORMAL;
        begin_row(terminal);
        break;
    case '\r':
        terminal->ink = INK_NORMAL;
        terminal->column = 0;
        break;
    case '\b':
        put_backspace(terminal);
        break;
    case '\t':
        put_tab(terminal);
        break;
    default:
        put_glyph(terminal, code >= ' ' && code < FONT_PLACEHOLDER ? code : FONT_PLACEHOLDER);
    }
}

void terminal_write(struct terminal *terminal, const char *text)
{
    for (; *text != '\0'; text++)
        terminal_put(terminal, *text);
}

void terminal_show_cursor(struct terminal *terminal, bool shown)
{
    terminal->cursor_shown = shown;
}

/* What the screen should show there: the cell, or the cursor over it. */
static struct terminal_cell wanted_cell(const struct terminal *terminal, int row, int column)
{
    struct terminal_cell cell = terminal->cells[row][column];
    int cursor = terminal->column < terminal->columns ? terminal->column : terminal->columns - 1;

    if (terminal->cursor_shown && row == terminal->row && column == cursor)
        cell.ink = INK_CURSOR;
    return cell;
}

static bool cells_equal(struct terminal_cell a, struct terminal_cell b)
{
    return a.code == b.code && a.ink == b.ink;
}

static void draw_cell(struct terminal *terminal, int row, int column, struct terminal_cell cell)
{
    color_t color = cell.ink == INK_ERROR ? THEME_ERROR : THEME_TEXT;
    color_t background = THEME_GROUND;

    if (cell.ink == INK_CURSOR) {
        color = THEME_TEXT_DARK;
        background = THEME_ACCENT;
    }
    terminal->drawn[row][column] = cell;
    canvas_draw_cell(terminal->canvas, terminal->font,
                     terminal->area.left + column * terminal->font->width_pixels,
                     terminal->area.top + row * terminal->font->height_pixels, cell.code, color,
                     background);
}

/* Marks first to last changed cell at once: a mark for each would cost more than the drawing. */
static void draw_row(struct terminal *terminal, int row)
{
    int first = terminal->columns;
    int end = 0;

    for (int column = 0; column < terminal->columns; column++) {
        if (!cells_equal(wanted_cell(terminal, row, column), terminal->drawn[row][column])) {
            first = first < column ? first : column;
            end = column + 1;
        }
    }
    canvas_mark_dirty(terminal->canvas,
                      canvas_rect_at(terminal->area.left + first * terminal->font->width_pixels,
                                     terminal->area.top + row * terminal->font->height_pixels,
                                     (end - first) * terminal->font->width_pixels,
                                     terminal->font->height_pixels));
    for (int column = first; column < end; column++) {
        struct terminal_cell cell = wanted_cell(terminal, row, column);

        if (!cells_equal(cell, terminal->drawn[row][column]))
            draw_cell(terminal, row, column, cell);
    }
}

/* After this the screen shows blanks, and the grid says so. */
static void clear_screen(struct terminal *terminal)
{
    canvas_fill(terminal->canvas, terminal->area, THEME_GROUND);
    for (int row = 0; row < terminal->rows; row++)
        for (int column = 0; column < terminal->columns; column++)
            terminal->drawn[row][column] = (struct terminal_cell){' ', INK_NORMAL};
    terminal->stale = false;
}

void terminal_draw(struct terminal *terminal)
{
    if (terminal->stale)
        clear_screen(terminal);
    for (int row = 0; row < terminal->rows; row++)
        draw_row(terminal, row);
}
