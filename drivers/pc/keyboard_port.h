#ifndef KEYBOARD_PORT_H
#define KEYBOARD_PORT_H

/* The controller of keyboard and mouse, a byte at a time. Nothing is waited for without end. */

#include <stdbool.h>
#include <stdint.h>

/* The 8042 keyboard controller (IBM PS/2 technical reference, keyboard and auxiliary device). */

#define KEYBOARD_DATA 0x60
#define KEYBOARD_STATUS 0x64 /* read */
#define KEYBOARD_COMMAND 0x64 /* written */

#define KEYBOARD_STATUS_OUTPUT_FULL 0x01 /* a byte can be read */
#define KEYBOARD_STATUS_INPUT_FULL 0x02 /* a byte written was not taken yet */
#define KEYBOARD_STATUS_FROM_MOUSE 0x20

#define KEYBOARD_COMMAND_READ_MODE 0x20 /* what is read and written follows at the data port */
#define KEYBOARD_COMMAND_WRITE_MODE 0x60
#define KEYBOARD_COMMAND_DISABLE_MOUSE 0xA7
#define KEYBOARD_COMMAND_ENABLE_MOUSE 0xA8
#define KEYBOARD_COMMAND_DISABLE 0xAD
#define KEYBOARD_COMMAND_ENABLE 0xAE
#define KEYBOARD_COMMAND_TO_MOUSE 0xD4 /* the next byte at the data port goes there */
#define KEYBOARD_COMMAND_RESET_CPU 0xFE

#define KEYBOARD_MODE_INTERRUPT 0x01
#define KEYBOARD_MODE_MOUSE_INTERRUPT 0x02
#define KEYBOARD_MODE_DISABLED 0x10
#define KEYBOARD_MODE_MOUSE_DISABLED 0x20
#define KEYBOARD_MODE_TRANSLATE 0x40 /* scan codes of set 2 to those of set 1 */

#define KEYBOARD_ENABLE_SCANNING 0xF4 /* to the keyboard itself, at the data port */
#define KEYBOARD_SET_LIGHTS 0xED /* the next byte says which are lit */
#define KEYBOARD_LIGHT_NUM_LOCK 0x02
#define KEYBOARD_LIGHT_CAPS_LOCK 0x04
#define KEYBOARD_ACKNOWLEDGE 0xFA /* and its answers */
#define KEYBOARD_RESEND 0xFE

#define KEYBOARD_NO_DEVICE 0xFF /* what an absent controller reads as */

/* Writes a byte, once the controller takes one. False if it takes none within 100 ms. */
bool keyboard_port_write(uint16_t port, uint8_t value);

/* Reads a byte from keyboard or mouse. False if none comes within 100 ms. */
bool keyboard_port_read(uint8_t *byte);

#endif
