/* Sends each character of the console to every end, and keeps it for an end that comes later. */

#include "console.h"

#include "drivers/pc/serial.h"

#define FIRST_BYTES 8192 /* from the start, before there is an allocator */

static char first_text[FIRST_BYTES];
struct scrollback console_text = {.text = first_text, .size_bytes = FIRST_BYTES};
void (*console_tell_screen)(char character);

static void put_on_serial(char character)
{
    if (character == '\n')
        serial_write('\r');
    serial_write((uint8_t)character);
}

bool console_start_serial(void)
{
    if (serial_init())
        for (uint32_t position = console_text.first; position != console_text.end; position++)
            put_on_serial(scrollback_at(&console_text, position));
    return serial_is_present();
}

static void put_on_screen(char character)
{
    scrollback_put(&console_text, character);
    if (console_tell_screen)
        console_tell_screen(character);
}

void console_put(char character)
{
    put_on_serial(character);
    put_on_screen(character);
}

void console_write(const char *text)
{
    while (*text)
        console_put(*text++);
}

void console_write_remote(const char *text)
{
    while (*text)
        put_on_serial(*text++);
}

void console_write_local(const char *text)
{
    while (*text)
        put_on_screen(*text++);
}

#define ERASE_DISPLAY "\033[2J\033[H" /* ED and CUP of ECMA-48 */

void console_clear(void)
{
    console_write_remote(ERASE_DISPLAY);
    scrollback_clear(&console_text);
}

/* A text that does not fit is cut, and `cut` says so in the place of its end. */
static void print_list(const char *format, va_list arguments, const char *cut)
{
    char text[512];
    size_t length = format_list(text, sizeof text, format, arguments);
    console_write(text);
    if (length >= sizeof text)
        console_write(cut);
}

void console_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_list(format, arguments, " ...\n");
    va_end(arguments);
}

void console_error(const char *format, ...)
{
    console_write("error: ");
    va_list arguments;
    va_start(arguments, format);
    print_list(format, arguments, " ...");
    va_end(arguments);
    console_put('\n');
}

/* ---- the boot option trace ------------------------------------------------------------------- */

bool trace_is_on;
static unsigned step_count;

void trace_step(const char *format, ...)
{
    char text[64];
    va_list arguments;
    if (!trace_is_on)
        return;
    va_start(arguments, format);
    format_list(text, sizeof text, format, arguments);
    va_end(arguments);
    console_print("trace step=%u %s\n", ++step_count, text);
}
