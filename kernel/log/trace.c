/*
 * Writes the lines of the boot option `trace`. It knows no step: the code that is about to touch
 * something says so.
 */

#include "trace.h"

#include "console.h"

static bool wanted;
static unsigned step_count;

void trace_start(void)
{
    wanted = true;
}

void trace_step(const char *format, ...)
{
    char text[64];
    va_list arguments;
    if (!wanted)
        return;
    va_start(arguments, format);
    format_list(text, sizeof text, format, arguments);
    va_end(arguments);
    console_print("trace step=%u %s\n", ++step_count, text);
}
