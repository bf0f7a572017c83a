/* As kernel/log/console.c, without its ends: the same texts, cut at the same length. */

#include "fake_console.h"

#include "kernel/lib/format.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)1 << 20)
#define CTRL_C 3

char fake_console_text[TEXT_MAX + 1];
size_t fake_console_length;

static const uint8_t *next_key;
static const uint8_t *keys_end;
static void (*at_keys_end)(void);

void fake_console_clear(void)
{
    fake_console_text[fake_console_length = 0] = '\0';
}

void fake_console_type(const uint8_t *keys, size_t count, void (*at_end)(void))
{
    next_key = keys;
    keys_end = count ? keys + count : keys;
    at_keys_end = at_end;
}

void console_put(char character)
{
    if (fake_console_length == TEXT_MAX)
        return;
    fake_console_text[fake_console_length++] = character;
    fake_console_text[fake_console_length] = '\0';
}

void console_write(const char *text)
{
    while (*text)
        console_put(*text++);
}

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
    va_list arguments;
    console_write("error: ");
    va_start(arguments, format);
    print_list(format, arguments, " ...");
    va_end(arguments);
    console_put('\n');
}

bool input_read(uint8_t *byte)
{
    bool is_there = next_key < keys_end;
    if (is_there)
        *byte = *next_key++;
    return is_there;
}

uint8_t input_wait(void (*idle)(void))
{
    uint8_t byte;
    if (idle)
        idle();
    if (input_read(&byte))
        return byte;
    at_keys_end();
    abort();
}

bool input_take_interrupt(void)
{
    const uint8_t *key = next_key;
    while (key < keys_end && *key != CTRL_C)
        key++;
    bool is_interrupted = key < keys_end;
    if (is_interrupted)
        next_key = key + 1;
    return is_interrupted;
}
