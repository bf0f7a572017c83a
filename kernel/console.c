/* Text fans out, bytes come together. Knows neither what is written nor who reads. */

#include "console.h"

#include <stdarg.h>

#include "cpu.h"
#include "drivers/byte_queue.h"
#include "drivers/keyboard.h"
#include "drivers/serial.h"
#include "drivers/timer.h"
#include "format.h"
#include "interrupts.h"
#include "line.h"

#define CTRL_C 3
_Static_assert(LINE_LOST == BYTE_QUEUE_LOST, "what the queues say, a line understands");

#define BOOT_LOG_MAX 8192

static console_screen_t *screen_put;
static char boot_log[BOOT_LOG_MAX];
static size_t boot_log_length;
static bool has_peeked; /* a byte was taken to see if there is one */
static uint8_t peeked;
static bool is_local;

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

bool console_read(uint8_t *byte)
{
    if (has_peeked) {
        has_peeked = false;
        *byte = peeked;
        return true;
    }
    bool is_remote = serial_read(byte);
    if (!is_remote && !keyboard_read(byte))
        return false;
    is_local = !is_remote;
    return true;
}

bool console_is_waiting(void)
{
    if (!has_peeked)
        has_peeked = console_read(&peeked);
    return has_peeked;
}

bool console_is_local(void)
{
    return is_local;
}

/* Interrupts are off between looking and sleeping, so that a byte cannot slip in unseen. */
uint8_t console_wait(void (*idle)(void))
{
    uint8_t byte;
    for (;;) {
        cpu_disable_interrupts();
        if (console_read(&byte))
            break;
        interrupts_rest();
        if (idle)
            idle();
    }
    cpu_enable_interrupts();
    return byte;
}

void console_pause(uint32_t ticks)
{
    uint32_t start = timer_ticks();
    for (;;) {
        cpu_disable_interrupts();
        if (console_is_waiting() || timer_ticks() - start >= ticks)
            break;
        interrupts_rest();
    }
    cpu_enable_interrupts();
}

/*
 * The byte that was peeked at is older than all that waits. A Ctrl-C behind it interrupts, too.
 */
bool console_take_interrupt(void)
{
    bool is_first = has_peeked && peeked == CTRL_C;
    bool interrupted = serial_take_through(CTRL_C);
    interrupted |= keyboard_take_through(CTRL_C);
    interrupted |= is_first;
    has_peeked = has_peeked && !interrupted;
    return interrupted;
}
