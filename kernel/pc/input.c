/* Takes bytes from the serial line and the keyboard, and sleeps while there are none. */

#include "input.h"

#include "drivers/pc/byte_queue.h"
#include "drivers/pc/keyboard.h"
#include "drivers/pc/serial.h"
#include "drivers/pc/timer.h"
#include "interrupts.h"
#include "kernel/cpu/cpu.h"
#include "kernel/lib/line.h"

#define CTRL_C 3
_Static_assert(LINE_LOST == BYTE_QUEUE_LOST, "what the queues say, a line understands");

static bool has_peeked; /* a byte was taken to see if there is one */
static uint8_t peeked;
static bool is_local;
static const char *typed = ""; /* what is left of the text of a click */

bool input_read(uint8_t *byte)
{
    if (has_peeked) {
        has_peeked = false;
        *byte = peeked;
        return true;
    }
    if (*typed) {
        *byte = (uint8_t)*typed++;
        is_local = true;
        return true;
    }
    bool is_remote = serial_read(byte);
    if (!is_remote && !keyboard_read(byte))
        return false;
    is_local = !is_remote;
    return true;
}

bool input_is_waiting(void)
{
    if (!has_peeked)
        has_peeked = input_read(&peeked);
    return has_peeked;
}

void input_type(const char *text)
{
    if (!*typed)
        typed = text;
}

bool input_is_local(void)
{
    return is_local;
}

/* Interrupts are off between looking and sleeping, so that a byte cannot slip in unseen. */
void input_pause(uint32_t ticks, void (*idle)(void))
{
    uint32_t start = timer_ticks();
    for (;;) {
        cpu_disable_interrupts();
        if (input_is_waiting() || timer_ticks() - start >= ticks)
            break;
        interrupts_rest();
        if (idle)
            idle();
    }
    cpu_enable_interrupts();
}

uint8_t input_wait(void (*idle)(void))
{
    uint8_t byte;
    while (!input_read(&byte))
        input_pause(UINT32_MAX, idle);
    return byte;
}

/* The byte that was peeked at is older than all that waits. A Ctrl-C behind it interrupts, too. */
bool input_take_interrupt(void)
{
    bool is_first = has_peeked && peeked == CTRL_C;
    bool interrupted = serial_take_through(CTRL_C);
    interrupted |= keyboard_take_through(CTRL_C);
    interrupted |= is_first;
    has_peeked = has_peeked && !interrupted;
    return interrupted;
}

#define SEQUENCE_TICKS 10 /* within which the rest of an escape sequence follows */

/* True if a byte was there in time, and was taken. */
static bool read_soon(uint8_t *byte, void (*idle)(void))
{
    input_pause(SEQUENCE_TICKS, idle);
    return input_read(byte);
}

uint8_t input_read_sequence(void (*idle)(void))
{
    uint8_t byte;
    if (!read_soon(&byte, idle))
        return INPUT_ESCAPE;
    if (byte != '[' && byte != 'O')
        return byte == INPUT_ESCAPE ? INPUT_ESCAPE : 0;
    do {
        if (!read_soon(&byte, idle))
            return 0;
    } while (byte < '@' || byte > '~');
    return byte;
}
