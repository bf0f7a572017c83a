#ifndef TESTS_HOST_FAKE_CONSOLE_H
#define TESTS_HOST_FAKE_CONSOLE_H

/*
 * The ends of the console (kernel/log/console.h) in a program on the host: what is written is kept,
 * with a single line feed where a line ends, and keys come from the caller.
 */

#include "kernel/log/console.h"
#include "kernel/pc/input.h"

#include <stddef.h>

/* What was written since the last fake_console_clear, with a NUL; ends with the room for it. */
extern char fake_console_text[];
extern size_t fake_console_length;

void fake_console_clear(void);

/* The keys to come. input_wait calls *at_end, which must not return, when there are no more. */
void fake_console_type(const uint8_t *keys, size_t count, void (*at_end)(void));

#endif
