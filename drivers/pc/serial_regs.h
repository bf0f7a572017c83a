#ifndef SERIAL_REGS_H
#define SERIAL_REGS_H

/* The 16550 UART (National Semiconductor PC16550D data sheet), at COM1. */

#define SERIAL_COM1 0x3F8

#define SERIAL_DATA 0 /* offsets; 0 and 1 are the divisor while SERIAL_LCR_DIVISOR is set */
#define SERIAL_INTERRUPTS 1
#define SERIAL_FIFO 2
#define SERIAL_LINE_CONTROL 3
#define SERIAL_MODEM_CONTROL 4
#define SERIAL_LINE_STATUS 5
#define SERIAL_SCRATCH 7

#define SERIAL_IER_RECEIVE 0x01
#define SERIAL_IER_ZEROS 0xF0 /* always read as zeros */
#define SERIAL_FCR_ENABLE 0x07 /* on, both FIFOs emptied, interrupt at the first byte */
#define SERIAL_LCR_8N1 0x03
#define SERIAL_LCR_DIVISOR 0x80
#define SERIAL_MCR_READY 0x0B /* DTR, RTS, and OUT2, which lets interrupts through on a PC */
#define SERIAL_MCR_HELD 0x09 /* the same without RTS: the sender shall wait */
#define SERIAL_LSR_RECEIVED 0x01
#define SERIAL_LSR_OVERRUN 0x02 /* it had no room for a byte; reading clears this, and the next */
#define SERIAL_LSR_DAMAGED 0x0C /* parity or framing error of the byte to be read */
#define SERIAL_LSR_BREAK 0x10 /* the byte to be read is none, and not damaged */
#define SERIAL_LSR_CAN_SEND 0x20

#define SERIAL_DIVISOR_115200 1

#endif
