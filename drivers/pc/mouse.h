#ifndef MOUSE_H
#define MOUSE_H

/*
 * The PS/2 mouse at the keyboard controller's second port. Its bytes come through the same port as
 * the keyboard's, which tells them apart (see keyboard.c).
 */

#include <stdbool.h>
#include <stdint.h>

#define MOUSE_LINE 12

struct mouse_motion {
    int dx;
    int dy; /* downwards */
    int wheel; /* towards the user */
};

/*
 * Opens the port, and sends what starts a mouse; whether there is one shows when it answers, and
 * nobody waits for that. To be called after keyboard_init, which found a controller. False if it has
 * no such port.
 */
bool mouse_init(void);

/* Takes a byte that came from the mouse; in an interrupt. */
void mouse_take_byte(uint8_t byte);

/* How it was moved since the last call. False if not at all. */
bool mouse_read(struct mouse_motion *motion);

#endif
