#ifndef KEYBOARD_PORT_H
#define KEYBOARD_PORT_H

/* The controller of keyboard and mouse, a byte at a time. Nothing is waited for without end. */

#include <stdbool.h>
#include <stdint.h>

/* Writes a byte, once the controller takes one. False if it takes none within 100 ms. */
bool keyboard_port_write(uint16_t port, uint8_t value);

/* Reads a byte from keyboard or mouse. False if none comes within 100 ms. */
bool keyboard_port_read(uint8_t *byte);

#endif
