#ifndef KEYBOARD_REGS_H
#define KEYBOARD_REGS_H

/* The 8042 keyboard controller (IBM PS/2 technical reference, keyboard and auxiliary device). */

#define KEYBOARD_DATA 0x60
#define KEYBOARD_STATUS 0x64 /* read */
#define KEYBOARD_COMMAND 0x64 /* written */

#define KEYBOARD_STATUS_OUTPUT_FULL 0x01 /* a byte can be read */
#define KEYBOARD_STATUS_INPUT_FULL 0x02 /* a byte written was not taken yet */
#define KEYBOARD_STATUS_FROM_MOUSE 0x20

#define KEYBOARD_COMMAND_RESET_CPU 0xFE
#define KEYBOARD_ENABLE_SCANNING 0xF4 /* to the keyboard itself, at the data port */

#define KEYBOARD_NO_DEVICE 0xFF /* what an absent controller reads as */

#endif
