/* Breaks text into rows. A row takes words as long as the next one fits. */

#include "wrap.h"

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

const char *wrap_next(const char **text, size_t columns, size_t *length)
{
    const char *line = skip_blanks(*text);
    size_t known = 0; /* one character beyond the line is enough to see where it ends */
    while (known <= columns && line[known])
        known++;
    *length = wrap_row(line, known, columns);
    *text = skip_blanks(line + *length);
    while (*length > 0 && line[*length - 1] == ' ')
        --*length;
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
