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
    int dy; /* downwards, as rows of pixels go */
    int wheel; /* towards the user */
    int clicks; /* how often the left button was pressed */
    bool is_held; /* the left button, now */
};

/*
 * Opens the port, and sends what starts a mouse; whether there is one shows when it answers, and
 * nobody waits for that. keyboard_init found a controller before. False if it has no such port.
 */
bool mouse_init(void);

/* Takes a byte that came from the mouse; in an interrupt. */
void mouse_take_byte(uint8_t byte);

/* How it was moved and clicked since the last call. False if not at all. */
bool mouse_read(struct mouse_motion *motion);

/* ---- the protocol (mouse_protocol.c) --------------------------------------------------------- */

/*
 * What a PS/2 mouse says, and what has to be said to it until it reports movements (IBM PS/2
 * technical reference, mouse; Microsoft IntelliMouse for the wheel). Bytes come in, one at a time,
 * at whatever pace; nothing is ever waited for. Knows no ports.
 *
 *    byte 0   y overflow, x overflow, y sign, x sign, 1, middle, right, left
 *    byte 1   x       byte 2   y, upwards       byte 3   wheel, towards the user (if there is one)
 */

struct mouse_protocol {
    uint8_t step; /* of the bytes that set it up */
    uint8_t tries;
    bool wants_id; /* the next byte is the answer to "who are you" */
    bool is_ready;
    bool has_wheel;
    bool is_pressed; /* the left button */
    uint8_t count; /* bytes of a packet so far */
    uint8_t packet[4];
    uint32_t last_ticks; /* when the last byte came */
};

struct mouse_answer {
    bool has_byte; /* to be sent to the mouse */
    uint8_t byte;
    bool has_motion;
    struct mouse_motion motion;
};

/* A gap in a packet of so many ticks means that the rest of it was lost. */
#define MOUSE_GAP_TICKS 20

/* Begins anew. Returns the first byte to send. */
uint8_t mouse_protocol_start(struct mouse_protocol *protocol);

/* Takes a byte from the mouse. `ticks` is a clock of 10 ms a tick, which may wrap. */
void mouse_protocol_take(struct mouse_protocol *protocol, uint8_t byte, uint32_t ticks,
                         struct mouse_answer *answer);

#endif
