#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

/*
 * One console with several ends: COM1, and whatever shows text on the screen. Everything written
 * goes to all of them, and what is typed on any of them comes in as one stream of a terminal's
 * bytes.
 */

#include <stdbool.h>
#include <stdint.h>

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

/* Takes the oldest byte typed; LINE_LOST (line.h) where some were lost. False if there is none. */
bool console_read(uint8_t *byte);

/* True if a byte was typed that nobody took yet. */
bool console_is_waiting(void);

/* True if the byte taken last came from the machine's own keyboard: somebody sits at the screen. */
bool console_is_local(void);

/* Waits for a byte, asleep in between; calls `idle` (may be NULL) after each interrupt. */
uint8_t console_wait(void (*idle)(void));

/* Sleeps for that many ticks of the timer, or until a byte is waiting. */
void console_pause(uint32_t ticks);

/*
 * True if a Ctrl-C was typed: it is taken, with all that was typed before it. What else was typed
 * stays to be read.
 */
bool console_take_interrupt(void);

#endif
