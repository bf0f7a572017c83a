/*
 * Sends bytes to the keyboard controller and reads its answers. Waits are counted in the timer's
 * time, since a port read takes next to none on some machines.
 */

#include "keyboard_port.h"

#include "ports.h"
#include "timer.h"

#define WAIT_MICROSECONDS 100000u
#define STEP_MICROSECONDS 10u

/* True once the status has the bits, within 100 ms: five times what a keyboard may take. */
static bool wait_for_status(uint8_t mask, uint8_t bits)
{
    for (unsigned waited = 0; waited < WAIT_MICROSECONDS; waited += STEP_MICROSECONDS) {
        if ((port_read8(KEYBOARD_STATUS) & mask) == bits)
            return true;
        timer_wait(STEP_MICROSECONDS);
    }
    return false;
}

bool keyboard_port_write(uint16_t port, uint8_t value)
{
    if (!wait_for_status(KEYBOARD_STATUS_INPUT_FULL, 0))
        return false;
    port_write8(port, value);
    return true;
}

bool keyboard_port_read(uint8_t *byte)
{
    if (!wait_for_status(KEYBOARD_STATUS_OUTPUT_FULL, KEYBOARD_STATUS_OUTPUT_FULL))
        return false;
    *byte = port_read8(KEYBOARD_DATA);
    return true;
}
