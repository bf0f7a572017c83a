/* The serial line that kernel/log/console.c writes to is an array. */

#include "fake_console.h"

#include "drivers/pc/serial.h"

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

bool serial_init(void)
{
    return true;
}

bool serial_is_present(void)
{
    return true;
}

void serial_write(uint8_t byte)
{
    if (byte == '\r' || fake_console_length == TEXT_MAX)
        return;
    fake_console_text[fake_console_length++] = (char)byte;
    fake_console_text[fake_console_length] = '\0';
}

bool input_read(uint8_t *byte)
{
    bool is_there = next_key < keys_end;
    if (is_there)
        *byte = *next_key++;
    return is_there;
}

bool input_is_waiting(void)
{
    return next_key < keys_end;
}

/* No time passes: what was not typed until now does not come. */
void input_pause(uint32_t ticks, void (*idle)(void))
{
    (void)ticks, (void)idle;
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
