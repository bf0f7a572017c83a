/* A line takes words as long as the next one fits. */

#include "wrap.h"

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

const char *wrap_next(const char **text, size_t columns, size_t *length)
{
    const char *line = skip_blanks(*text);
    size_t end = 0; /* of the last word that fits */
    size_t i = 0;
    for (; i < columns && line[i]; i++)
        if (line[i] != ' ' && (line[i + 1] == ' ' || line[i + 1] == '\0'))
            end = i + 1;
    *length = end > 0 ? end : i;
    *text = skip_blanks(line + *length);
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
