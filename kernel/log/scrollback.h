#ifndef KERNEL_SCROLLBACK_H
#define KERNEL_SCROLLBACK_H

/*
 * Keeps the console's last lines as they were written, in a ring in one block of memory. Whoever
 * shows them wraps them to a width. When the ring is full, the oldest line goes. It knows neither
 * a screen nor an allocator.
 *
 *       first               line        cursor   end
 *         v                  v            v       v
 *     ... the oldest line \n ashlar> alloc 3M belw          positions count all characters ever
 *                            the open line                  kept, and run over after 2^32
 */

#include <stdbool.h>
#include <stdint.h>

#define SCROLLBACK_OTHER 0x7F /* stands for a character that is no printable ASCII */

/* Starts with only its memory, which must stay alive: {.text = memory, .size_bytes = its size}. */
struct scrollback {
    char *text; /* the character at a position is text[position % size_bytes] */
    uint32_t size_bytes; /* a power of two */
    uint32_t first; /* the oldest character: a line begins there */
    uint32_t line; /* where the last line begins; only that one still changes */
    uint32_t end; /* behind the newest character */
    uint32_t cursor; /* where the next character goes: in [line, end] */
    uint32_t top; /* lines above this one were cleared; no line that is kept: none were */
};

/*
 * Takes all that is kept to another block of memory, which is a power of two bytes large and not
 * smaller than the old one. The old one is free then.
 */
void scrollback_move(struct scrollback *scrollback, char *memory, uint32_t size_bytes);

/*
 * Takes one character: printable ASCII goes to the cursor, over what stands there; \n ends the line
 * behind its last character; \r goes to the start of the line; \b goes one to the left without
 * erasing, and stays in the line; \t fills with blanks up to the next multiple of 8. Any other is
 * kept as SCROLLBACK_OTHER. A last line that fills the ring loses its beginning.
 */
void scrollback_put(struct scrollback *scrollback, char character);

/* Clears all lines above the last one: they are kept, but shown only to who looks back. */
void scrollback_clear(struct scrollback *scrollback);

/* The character at a position in [first, end). */
char scrollback_at(const struct scrollback *scrollback, uint32_t position);

/* Where the line begins that is `count` lines above the last one, or the oldest line. */
uint32_t scrollback_line_above(const struct scrollback *scrollback, uint32_t count);

/* The same, but not above the lines that were cleared. */
uint32_t scrollback_shown_line_above(const struct scrollback *scrollback, uint32_t count);

/* Where the line ends that `position` is in: at its \n, or at the end of all. */
uint32_t scrollback_line_end(const struct scrollback *scrollback, uint32_t position);

/* True if the line that begins there begins with "error:". */
bool scrollback_is_error(const struct scrollback *scrollback, uint32_t line);

#endif
