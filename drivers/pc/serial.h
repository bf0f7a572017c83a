#ifndef SERIAL_H
#define SERIAL_H

/*
 * COM1 at 115200 8N1: bytes out at once, bytes in through an interrupt and a buffer. When the
 * buffer fills up, the sender is asked to wait (RTS), and the rest stays in the port.
 */

#include <stdbool.h>
#include <stdint.h>

#define SERIAL_LINE 4

/*
 * Looks for the port and sets it up. False if there is none; the rest then does nothing. Waits by
 * the timer, which was started before.
 */
bool serial_init(void);

/* True if the port was found. */
bool serial_is_present(void);

/* Sends a byte as soon as the port takes it; gives it up if that is not to be expected any more. */
void serial_write(uint8_t byte);

/* To be called at each interrupt of SERIAL_LINE. */
void serial_interrupt(void);

/*
 * Takes the oldest byte received. False if there is none. BYTE_QUEUE_LOST (drivers/pc/byte_queue.h)
 * comes in the place of bytes that the port lost or damaged; it may come more than once for a gap,
 * and near it, but in no line that is whole before and behind the bytes in doubt.
 */
bool serial_read(uint8_t *byte);

/* Takes all that was received up to and with this byte. False, and takes none, without one. */
bool serial_take_through(uint8_t byte);

#endif
