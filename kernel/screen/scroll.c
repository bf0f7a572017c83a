/* All rows are made, from the first line on that can still be seen. A ring keeps the last rows. */

#include "scroll.h"

#include "kernel/lib/format.h"
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
    rows->count = rows->back = 0;
}

/* Where the row stands in the ring. */
static int place_of(const struct scroll *rows, int row)
{
    int place = rows->first + row;
    return place < rows->room ? place : place - rows->room;
}

/* Who looks back sees in the last row where that is. */
static int text_room(const struct scroll *rows)
{
    return rows->back > 0 ? rows->room - 1 : rows->room;
}

/* The uppermost row goes when there is no room for another one. False: the row is not shown. */
static bool add_row(struct scroll *rows, struct row row)
{
    if (rows->made++ >= rows->wanted)
        return false;
    if (rows->count == text_room(rows)) {
        rows->first = place_of(rows, 1);
        rows->count--;
        rows->cursor_row--;
    }
    rows->rows[place_of(rows, rows->count++)] = row;
    return true;
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
        if (add_row(rows, row) && line == text->line && text->cursor - line >= start - line)
            set_cursor(rows, text->cursor - start);
        start = next;
    } while (start != end);
}

static void add_lines(struct scroll *rows, const struct scrollback *text, uint32_t line, int wanted)
{
    rows->count = rows->first = rows->made = 0;
    rows->cursor_row = -1;
    rows->wanted = wanted;
    while (line != text->line) {
        uint32_t end = scrollback_line_end(text, line);
        add_line(rows, text, line, end);
        line = end + 1;
    }
    add_line(rows, text, line, text->end);
}

void scroll_turn(struct scroll *rows, int row_count)
{
    if (rows->room < 2)
        return;
    if (rows->back > 0)
        rows->back = rows->back + row_count > 1 ? rows->back + row_count : 0;
    else if (row_count > 0)
        rows->back = row_count < rows->count ? row_count + 1 : rows->count;
}

int scroll_page(const struct scroll *rows)
{
    return rows->room - 1;
}

/* Looking back, the rows are counted first: only so it is known which of them is the last one. */
void scroll_lay_out(struct scroll *rows, const struct scrollback *text)
{
    uint32_t line = scrollback_shown_line_above(text, (uint32_t)rows->room - 1);
    if (rows->back > 0) {
        line = scrollback_line_above(text, (uint32_t)(rows->back + rows->room));
        add_lines(rows, text, line, INT32_MAX);
        int most = rows->made - text_room(rows);
        rows->back = rows->back < most ? rows->back : most > 0 ? most : 0;
    }
    add_lines(rows, text, line, rows->back > 0 ? rows->made - rows->back : INT32_MAX);
}

/* Rows of the text are counted, because that is what the keys move by. */
static void read_place(const struct scroll *rows, uint8_t codes[SCROLL_COLUMNS_MAX])
{
    char told[64];
    format_text(told, sizeof told, "-- %d more below: Shift with Page Down ", rows->back);
    memset(codes, '-', (size_t)rows->columns);
    for (int i = 0; i < rows->columns && told[i]; i++)
        codes[i] = (uint8_t)told[i];
}

bool scroll_read(const struct scroll *rows, const struct scrollback *text, int row,
                 uint8_t codes[SCROLL_COLUMNS_MAX])
{
    if (rows->back > 0 && row == rows->room - 1) {
        read_place(rows, codes);
        return false;
    }
    memset(codes, ' ', (size_t)rows->columns);
    if (row >= rows->count)
        return false;
    const struct row *read = &rows->rows[place_of(rows, row)];
    for (uint32_t i = 0; i < read->length; i++)
        codes[i] = (uint8_t)scrollback_at(text, read->start + i);
    return read->is_error;
}
