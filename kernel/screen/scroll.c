/* All rows are made, from the first line on that can still be seen. A ring keeps the last rows. */

#include "scroll.h"

#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"

static int limit(int cells, int max)
{
    if (cells < 1)
        return 1;
    return cells < max ? cells : max;
}

void scroll_set_size(struct scroll *rows, int columns, int room)
{
    rows->columns = limit(columns, SCROLL_COLUMNS_MAX);
    rows->room = limit(room, SCROLL_ROWS_MAX);
    rows->count = 0;
}

/* Where the row stands in the ring. */
static int place_of(const struct scroll *rows, int row)
{
    int place = rows->first + row;
    return place < rows->room ? place : place - rows->room;
}

/* The uppermost row goes when there is no room for another one. */
static void add_row(struct scroll *rows, struct row row)
{
    if (rows->count == rows->room) {
        rows->first = place_of(rows, 1);
        rows->count--;
        rows->cursor_row--;
    }
    rows->rows[place_of(rows, rows->count++)] = row;
}

static uint8_t measure_row(const struct scroll *rows, const struct scrollback *text, uint32_t start,
                           uint32_t end)
{
    char known[SCROLL_COLUMNS_MAX + 1];
    size_t length = 0;
    while (length <= (size_t)rows->columns && start + length != end) {
        known[length] = scrollback_at(text, start + (uint32_t)length);
        length++;
    }
    return (uint8_t)wrap_row(known, length, (size_t)rows->columns);
}

/* The cursor is in this row, which was just added, or in the blanks behind it. */
static void set_cursor(struct scroll *rows, uint32_t offset)
{
    uint32_t last = (uint32_t)rows->columns - 1;
    rows->cursor_row = rows->count - 1;
    rows->cursor_column = (int)(offset < last ? offset : last);
}

static void add_line(struct scroll *rows, const struct scrollback *text, uint32_t line,
                     uint32_t end)
{
    bool is_error = scrollback_is_error(text, line);
    uint32_t start = line;
    do {
        struct row row = {start, measure_row(rows, text, start, end), is_error};
        uint32_t next = start + row.length;
        while (next != end && scrollback_at(text, next) == ' ')
            next++;
        add_row(rows, row);
        if (line == text->line && text->cursor - line >= start - line)
            set_cursor(rows, text->cursor - start);
        start = next;
    } while (start != end);
}

void scroll_lay_out(struct scroll *rows, const struct scrollback *text)
{
    rows->count = rows->first = 0;
    uint32_t line = scrollback_line_above(text, (uint32_t)rows->room - 1);
    while (line != text->line) {
        uint32_t end = scrollback_line_end(text, line);
        add_line(rows, text, line, end);
        line = end + 1;
    }
    add_line(rows, text, line, text->end);
}

bool scroll_read(const struct scroll *rows, const struct scrollback *text, int row,
                 uint8_t codes[SCROLL_COLUMNS_MAX])
{
    memset(codes, ' ', (size_t)rows->columns);
    if (row >= rows->count)
        return false;
    const struct row *read = &rows->rows[place_of(rows, row)];
    for (uint32_t i = 0; i < read->length; i++)
        codes[i] = (uint8_t)scrollback_at(text, read->start + i);
    return read->is_error;
}
