/*
 * Sets up the PS/2 mouse at the controller, and counts its movements. Only the interrupt handler
 * adds to the counters, so the main program reads differences without a lock.
 */

#include "mouse.h"

#include "keyboard_port.h"
#include "ports.h"
#include "timer.h"

static struct mouse_protocol protocol;
static volatile uint32_t total_x; /* modulo 2^32 */
static volatile uint32_t total_y;
static volatile uint32_t total_wheel;
static volatile uint32_t total_clicks;
static volatile bool is_held;

/* What a key or a mouse sent meanwhile is thrown away. */
static bool read_mode(uint8_t *mode)
{
    if (port_read8(KEYBOARD_STATUS) & KEYBOARD_STATUS_OUTPUT_FULL)
        port_read8(KEYBOARD_DATA);
    return keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_READ_MODE) &&
           keyboard_port_read(mode);
}

static bool send_to_mouse(uint8_t byte)
{
    return keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_TO_MOUSE) &&
           keyboard_port_write(KEYBOARD_DATA, byte);
}

/* A controller with a second port shows in its mode that the port can be shut and opened. */
bool mouse_init(void)
{
    uint8_t shut;
    uint8_t open;
    if (!keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_DISABLE_MOUSE) ||
        !read_mode(&shut) ||
        !keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_ENABLE_MOUSE) || !read_mode(&open))
        return false;
    if (!(shut & KEYBOARD_MODE_MOUSE_DISABLED) || open & KEYBOARD_MODE_MOUSE_DISABLED)
        return false;
    if (!keyboard_port_write(KEYBOARD_COMMAND, KEYBOARD_COMMAND_WRITE_MODE) ||
        !keyboard_port_write(KEYBOARD_DATA, open | KEYBOARD_MODE_MOUSE_INTERRUPT))
        return false;
    return send_to_mouse(mouse_protocol_start(&protocol));
}

void mouse_take_byte(uint8_t byte)
{
    struct mouse_answer answer;
    mouse_protocol_take(&protocol, byte, timer_ticks(), &answer);
    if (answer.has_byte)
        send_to_mouse(answer.byte);
    if (!answer.has_motion)
        return;
    total_x = total_x + (uint32_t)answer.motion.dx;
    total_y = total_y + (uint32_t)answer.motion.dy;
    total_wheel = total_wheel + (uint32_t)answer.motion.wheel;
    total_clicks = total_clicks + (uint32_t)answer.motion.clicks;
    is_held = protocol.is_pressed;
}

static int difference(uint32_t total, uint32_t *seen)
{
    int change = (int)(total - *seen);
    *seen = total;
    return change;
}

bool mouse_read(struct mouse_motion *motion)
{
    static uint32_t seen_x, seen_y, seen_wheel, seen_clicks;
    motion->dx = difference(total_x, &seen_x);
    motion->dy = difference(total_y, &seen_y);
    motion->wheel = difference(total_wheel, &seen_wheel);
    motion->clicks = difference(total_clicks, &seen_clicks);
    motion->is_held = is_held;
    return (motion->dx | motion->dy | motion->wheel | motion->clicks) != 0;
}
