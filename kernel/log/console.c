/* Sends each character to every end, and keeps the first ones for an end that comes later. */

#include "console.h"

#include <stdarg.h>

#include "drivers/pc/serial.h"
#include "kernel/lib/format.h"

#define BOOT_LOG_MAX 8192

static console_screen_t *screen_put;
static char boot_log[BOOT_LOG_MAX];
static size_t boot_log_length;

void console_set_screen(console_screen_t *screen)
{
    screen_put = screen;
}

static void put_on_serial(char character)
{
    if (character == '\n')
        serial_write('\r');
    serial_write((uint8_t)character);
}

bool console_start_serial(void)
{
    if (serial_init())
        console_replay(put_on_serial);
    return serial_is_present();
}

void console_replay(console_screen_t *screen)
{
    for (size_t i = 0; i < boot_log_length; i++)
        screen(boot_log[i]);
}

void console_put(char character)
{
    if (boot_log_length < BOOT_LOG_MAX)
        boot_log[boot_log_length++] = character;
    put_on_serial(character);
    if (screen_put)
        screen_put(character);
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
    while (screen_put && *text)
        screen_put(*text++);
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
