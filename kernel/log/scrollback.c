/*
 * Keeps the console's last lines in a ring. Differences of positions are right even after they ran
 * over, because sizes are powers of two.
 */

#include "scrollback.h"

#define TAB_COLUMNS 8

static char *place_of(const struct scrollback *scrollback, uint32_t position)
{
    return &scrollback->text[position & (scrollback->size_bytes - 1)];
}

void scrollback_move(struct scrollback *scrollback, char *memory, uint32_t size_bytes)
{
    struct scrollback old = *scrollback;
    scrollback->text = memory;
    scrollback->size_bytes = size_bytes;
    for (uint32_t position = old.first; position != old.end; position++)
        *place_of(scrollback, position) = *place_of(&old, position);
}

/* The oldest line; of a line that is the only one, its first character. */
static void drop_oldest(struct scrollback *scrollback)
{
    if (scrollback->first == scrollback->line) {
        scrollback->first = ++scrollback->line;
        return;
    }
    scrollback->first = scrollback_line_end(scrollback, scrollback->first) + 1;
}

static void append(struct scrollback *scrollback, char character)
{
    if (scrollback->end - scrollback->first == scrollback->size_bytes)
        drop_oldest(scrollback);
    *place_of(scrollback, scrollback->end++) = character;
}

static void put_visible(struct scrollback *scrollback, char character)
{
    if (scrollback->cursor == scrollback->end)
        append(scrollback, character);
    else
        *place_of(scrollback, scrollback->cursor) = character;
    scrollback->cursor++;
}

void scrollback_put(struct scrollback *scrollback, char character)
{
    switch (character) {
    case '\n':
        append(scrollback, '\n');
        scrollback->line = scrollback->cursor = scrollback->end;
        break;
    case '\r':
        scrollback->cursor = scrollback->line;
        break;
    case '\b':
        scrollback->cursor -= scrollback->cursor != scrollback->line;
        break;
    case '\t':
        do
            put_visible(scrollback, ' ');
        while ((scrollback->cursor - scrollback->line) % TAB_COLUMNS != 0);
        break;
    default:
        put_visible(scrollback,
                    character >= ' ' && character <= '~' ? character : SCROLLBACK_OTHER);
    }
}

void scrollback_clear(struct scrollback *scrollback)
{
    scrollback->top = scrollback->line;
}

char scrollback_at(const struct scrollback *scrollback, uint32_t position)
{
    return *place_of(scrollback, position);
}

uint32_t scrollback_line_above(const struct scrollback *scrollback, uint32_t count)
{
    uint32_t line = scrollback->line;
    for (; count > 0 && line != scrollback->first; count--)
        do
            line--;
        while (line != scrollback->first && scrollback_at(scrollback, line - 1) != '\n');
    return line;
}

uint32_t scrollback_shown_line_above(const struct scrollback *scrollback, uint32_t count)
{
    uint32_t line = scrollback_line_above(scrollback, count);
    bool is_kept = scrollback->top - scrollback->first <= scrollback->line - scrollback->first;
    return is_kept && scrollback->top - line <= scrollback->line - line ? scrollback->top : line;
}

uint32_t scrollback_line_end(const struct scrollback *scrollback, uint32_t position)
{
    while (position != scrollback->end && scrollback_at(scrollback, position) != '\n')
        position++;
    return position;
}

bool scrollback_is_error(const struct scrollback *scrollback, uint32_t line)
{
    for (const char *next = "error:"; *next; next++, line++)
        if (line == scrollback->end || scrollback_at(scrollback, line) != *next)
            return false;
    return true;
}
