#ifndef KEYBOARD_H
#define KEYBOARD_H

/*
 * The PS/2 keyboard, as the bytes that a serial terminal would send: characters, control
 * characters, and escape sequences for the keys that move the cursor (ECMA-48: ESC [ A is up, and
 * so on). US layout; the extra key of other keyboards, left of Z, is \ and |. The keypad moves the
 * cursor until Num Lock is pressed, and its light goes on.
 */

#include <stdbool.h>
#include <stdint.h>

#define KEYBOARD_LINE 1

/*
 * Sets the controller up, silences the mouse until mouse_init and starts the keyboard. False if
 * there is no controller, or one that takes no commands. At most half a second passes. Waits by the
 * timer, which was started before.
 */
bool keyboard_init(void);

/* True if there is a controller. */
bool keyboard_is_present(void);

/* To be called at each interrupt of KEYBOARD_LINE or MOUSE_LINE: one byte, whoever sent it. */
void keyboard_interrupt(void);

/* Takes the oldest byte typed. False if there is none. */
bool keyboard_read(uint8_t *byte);

/* Takes all that was typed up to and with this byte. False, and takes none, if it was not typed. */
bool keyboard_take_through(uint8_t byte);

/* Pulses the processor's reset line. Returns if nothing happens. */
void keyboard_reset_cpu(void);

#endif
