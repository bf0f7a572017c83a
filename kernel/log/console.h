#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

/*
 * One console with several ends: COM1, and whatever shows text on the screen. Everything written
 * goes to all of them. What is typed comes in by input.h.
 */

#include <stdbool.h>

#include "kernel/lib/format.h"

/* Where text appears on the screen: a put-character function, as in terminal.h. */
typedef void console_screen_t(char character);

/* Sends text to `screen` from now on; NULL: to the serial line alone. */
void console_set_screen(console_screen_t *screen);

/*
 * Starts COM1, and sends what was written until now there. False if there is no such port: then the
 * console is the screen's and the keyboard's alone.
 */
bool console_start_serial(void);

/* Sends what was written since the start to `screen` once more: the first 8 KiB of it. */
void console_replay(console_screen_t *screen);

void console_put(char character);
void console_write(const char *text);

/* Writes to the serial line alone, and not into the log: what the screen shows in another place. */
void console_write_remote(const char *text);

/* Writes only to the screen, if there is one. */
void console_write_local(const char *text);

/* Formats (see format.h) and writes, 511 characters at most: a longer
 * one ends in " ..." and a line end. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Formats and writes "error: ", the text, and a line end. */
void console_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
