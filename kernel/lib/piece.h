#ifndef KERNEL_PIECE_H
#define KERNEL_PIECE_H

/*
 * Some characters of a text that is not changed: [at, end), which need not end in a NUL. Blanks are
 * spaces, tabs and carriage returns.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct piece {
    const char *at;
    const char *end;
};

size_t piece_length(struct piece piece);

/* Without the blanks on either side. */
struct piece piece_trim(struct piece piece);

/* True if the piece is that text. Letters of either case are the same. */
bool piece_equals(struct piece piece, const char *text);

/* Takes off what begins the rest. False, and nothing is taken, if something else does. */
bool piece_take(struct piece *rest, const char *text);

/* Takes the first word off the rest. Empty if there is none. */
struct piece piece_take_word(struct piece *rest);

/*
 * What stands behind the first place where the text is and no letter, digit or dash before it. False
 * if there is none.
 */
bool piece_find(struct piece piece, const char *text, struct piece *behind);

enum piece_number { PIECE_NUMBER, PIECE_NO_NUMBER, PIECE_TOO_LARGE };

/*
 * Reads all of the piece as a number, hexadecimal behind 0x or 0X, in that radix (10 or 16) without
 * it. *value is meaningful on PIECE_NUMBER only. PIECE_TOO_LARGE: it does not fit into 64 bits, or is
 * decimal and more than 2^63.
 */
enum piece_number piece_read_number(struct piece digits, unsigned radix, uint64_t *value);

#endif
