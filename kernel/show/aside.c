/* Writes to where no note is shown. */

#include "aside.h"

#include "kernel/lib/format.h"
#include "kernel/lib/wrap.h"
#include "kernel/log/console.h"
#include "kernel/screen/display.h"

#define SERIAL_COLUMNS 76

void aside_write(const char *text)
{
    if (display_shows_notes())
        console_write_remote(text);
    else
        console_write(text);
}

void aside_write_wrapped(const char *text)
{
    char line[SERIAL_COLUMNS + 2];
    size_t columns = display_console_columns() - 1;
    size_t length;
    const char *start;
    if (columns > SERIAL_COLUMNS || display_shows_notes())
        columns = SERIAL_COLUMNS;
    while ((start = wrap_next(&text, columns, &length))) {
        format_text(line, sizeof line, "%.*s\n", (int)length, start);
        aside_write(line);
    }
}

void aside_write_text(const char *title, const char *text)
{
    aside_write("\n");
    aside_write(title);
    aside_write("\n");
    aside_write_wrapped(text);
}
