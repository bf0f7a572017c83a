#ifndef TESTS_HOST_FAKE_KEYBOARD_CONTROLLER_H
#define TESTS_HOST_FAKE_KEYBOARD_CONTROLLER_H

/*
 * The controller of keyboard and mouse at its ports, as it is and as it is found, for a test that
 * includes a driver's source behind this header. Time passes with waits and port accesses.
 */

#include "test.h"

#include "fake_ports.h"

#include <stdbool.h>

#include "drivers/pc/keyboard_port.h"
#include "drivers/pc/timer.h"

#define NEVER UINT64_MAX

static uint64_t now; /* microseconds */

static struct controller {
    bool is_absent; /* nobody drives the bus */
    bool is_silent; /* takes commands, answers none */
    bool has_no_keyboard;
    bool has_mouse; /* then no byte may reach the keyboard */
    bool has_one_port; /* an AT's: the bits of the second are as they were written */
    bool never_takes; /* the input buffer stays full */
    bool never_empty; /* the output buffer does */
    bool mouse_talks; /* a byte is there whenever it may send */
    unsigned resends; /* so many bytes the keyboard wants again */
    uint64_t delay; /* microseconds, for each command and each answer */
    uint8_t mode;
    uint8_t command; /* that waits for its byte; 0: none */
    uint64_t taken_at; /* the input buffer is full until then */
    uint64_t answer_at;
    uint8_t answer;
    bool keyboard_scans;
    bool has_no_lights; /* and wants each byte about them again */
    bool loses_answers; /* about lights */
    bool lights_follow; /* the next byte says which are lit */
    uint8_t lights;
    uint8_t to_mouse[16];
    size_t to_mouse_count;
} controller;

static void answer(uint8_t byte)
{
    controller.answer = byte;
    controller.answer_at = controller.is_silent ? NEVER : now + controller.delay;
}

static bool mouse_byte_waits(void)
{
    return controller.mouse_talks && !(controller.mode & KEYBOARD_MODE_MOUSE_DISABLED) &&
           controller.answer_at == NEVER;
}

static uint8_t status(void)
{
    uint8_t bits = 0;
    if (controller.never_takes || now < controller.taken_at)
        bits |= KEYBOARD_STATUS_INPUT_FULL;
    if (controller.never_empty || controller.answer_at <= now)
        bits |= KEYBOARD_STATUS_OUTPUT_FULL;
    if (mouse_byte_waits())
        bits |= KEYBOARD_STATUS_OUTPUT_FULL | KEYBOARD_STATUS_FROM_MOUSE;
    return bits;
}

static uint32_t fake_read(uint16_t port, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    now++;
    if (controller.is_absent)
        return 0xFF;
    if (port == KEYBOARD_STATUS)
        return status();
    assert_int_equal(port, KEYBOARD_DATA);
    if (mouse_byte_waits())
        return 0x08;
    controller.answer_at = NEVER;
    return controller.answer;
}

static void take_command(uint8_t command)
{
    controller.command = 0;
    switch (command) {
    case KEYBOARD_COMMAND_READ_MODE:
        answer(controller.mode);
        break;
    case KEYBOARD_COMMAND_WRITE_MODE:
        controller.command = command;
        break;
    case KEYBOARD_COMMAND_TO_MOUSE:
        assert_true(controller.has_mouse);
        controller.command = command;
        break;
    case KEYBOARD_COMMAND_DISABLE_MOUSE:
        if (!controller.has_one_port)
            controller.mode |= KEYBOARD_MODE_MOUSE_DISABLED;
        break;
    case KEYBOARD_COMMAND_ENABLE_MOUSE:
        assert_true(controller.has_mouse);
        if (!controller.has_one_port)
            controller.mode &= (uint8_t)~KEYBOARD_MODE_MOUSE_DISABLED;
        break;
    case KEYBOARD_COMMAND_DISABLE:
        controller.mode |= KEYBOARD_MODE_DISABLED;
        break;
    case KEYBOARD_COMMAND_ENABLE:
        controller.mode &= (uint8_t)~KEYBOARD_MODE_DISABLED;
        break;
    default:
        fail_msg("command 0x%02x", command);
    }
}

/* As a keyboard does, it takes a command where it waits for a value (bit 7 is the difference). */
static void take_keyboards_byte(uint8_t byte)
{
    if (controller.lights_follow && !(byte & 0x80)) {
        controller.lights = byte;
        controller.lights_follow = false;
    } else if (byte == KEYBOARD_SET_LIGHTS) {
        controller.lights_follow = !controller.has_no_lights;
    } else {
        assert_int_equal(byte, KEYBOARD_ENABLE_SCANNING);
        controller.keyboard_scans = true;
    }
    bool is_about_lights = byte != KEYBOARD_ENABLE_SCANNING;
    if (!is_about_lights || !controller.loses_answers)
        answer(is_about_lights && controller.has_no_lights ? KEYBOARD_RESEND
                                                           : KEYBOARD_ACKNOWLEDGE);
}

static void take_byte(uint8_t byte)
{
    if (controller.command == KEYBOARD_COMMAND_WRITE_MODE) {
        controller.mode = byte;
    } else if (controller.has_mouse) {
        assert_int_equal(controller.command, KEYBOARD_COMMAND_TO_MOUSE);
        assert_true(controller.to_mouse_count < sizeof controller.to_mouse);
        controller.to_mouse[controller.to_mouse_count++] = byte;
    } else if (!controller.has_no_keyboard && controller.resends > 0) {
        controller.resends--;
        answer(KEYBOARD_RESEND);
    } else if (!controller.has_no_keyboard) {
        take_keyboards_byte(byte);
    }
    controller.command = 0;
}

static void fake_write(uint16_t port, uint32_t value, unsigned size_bytes)
{
    assert_int_equal(size_bytes, 1);
    now++;
    if (controller.is_absent)
        return;
    assert_false(status() & KEYBOARD_STATUS_INPUT_FULL);
    controller.taken_at = now + controller.delay;
    if (port == KEYBOARD_COMMAND)
        take_command((uint8_t)value);
    else
        take_byte((uint8_t)value);
}

void timer_wait(uint32_t microseconds)
{
    now += microseconds;
}

#endif
