#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

/*
 * One console with several ends: COM1, and whatever shows text on the screen. Everything written
 * goes to all of them. What is typed comes in by input.h.
 */

#include "kernel/lib/format.h"
#include "scrollback.h"

/* Called after each character; NULL, as at the start: nobody shows the text. */
extern void (*console_tell_screen)(char character);

/*
 * What was written until now: the last 8 KiB, or what the block has room for that it was moved to
 * (scrollback_move), which is never freed.
 */
extern struct scrollback console_text;

/*
 * Starts COM1, and sends what was written until now there. False if there is no such port: then the
 * console is the screen's and the keyboard's alone.
 */
bool console_start_serial(void);

void console_put(char character);
void console_write(const char *text);

/* Writes only to the serial line: what the screen shows in another place. */
void console_write_remote(const char *text);

/* Writes only to the screen. */
void console_write_local(const char *text);

/* Empties the screen and the terminal on the serial line. What was written is kept all the same. */
void console_clear(void);

/* Formats (see format.h) and writes; what is longer than 511 characters ends in " ...\n". */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Formats and writes "error: ", the text, and a line end. */
void console_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- the boot option trace ------------------------------------------------------------------- */

/*
 * A line before each thing that some machine may hang at, so that a photo of the screen tells which
 * it was: "trace step=7 keyboard controller". Without the option, steps cost nothing.
 */
extern bool trace_is_on;

/* What comes next, formatted as by console_print, in at most 63 characters. */
void trace_step(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
