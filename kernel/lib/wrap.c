/* Breaks text into rows. A row takes words as long as the next one fits. */

#include "wrap.h"

#include <stdbool.h>

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

size_t wrap_row(const char *text, size_t length, size_t columns)
{
    if (length <= columns)
        return length;
    for (size_t end = columns; end > 0; end--)
        if (text[end] == ' ' && text[end - 1] != ' ')
            return end;
    return columns;
}

static size_t without_blanks(const char *line, size_t length)
{
    while (length > 0 && line[length - 1] == ' ')
        length--;
    return length;
}

/* True if the rest of a text is a word that has room for another one before it. */
static bool is_lone_word(const char *text, size_t columns)
{
    size_t length = 0;
    while (text[length] && text[length] != ' ' && length < columns)
        length++;
    return length > 0 && length < columns && !*skip_blanks(text + length);
}

/* Moves the line's last word to what follows, if the line keeps two, and both then fit. */
static void give_last_word(const char *line, size_t *length, const char **text, size_t columns)
{
    size_t begin = *length;
    while (begin > 0 && line[begin - 1] != ' ')
        begin--;
    size_t rest = without_blanks(line, begin);
    bool has_two = false;
    for (size_t i = 0; i < rest; i++)
        has_two = has_two || line[i] == ' ';
    size_t moved = 0;
    while (line[begin + moved] && moved <= columns)
        moved++;
    if (!has_two || moved > columns)
        return;
    *length = rest;
    *text = line + begin;
}

const char *wrap_next(const char **text, size_t columns, size_t *length)
{
    const char *line = skip_blanks(*text);
    size_t known = 0; /* one character beyond the line is enough to see where it ends */
    while (known <= columns && line[known])
        known++;
    *length = without_blanks(line, wrap_row(line, known, columns));
    *text = skip_blanks(line + *length);
    if (is_lone_word(*text, columns))
        give_last_word(line, length, text, columns);
    return *line ? line : NULL;
}

size_t wrap_count(const char *text, size_t columns)
{
    size_t count = 0;
    size_t length;
    while (wrap_next(&text, columns, &length))
        count++;
    return count;
}
