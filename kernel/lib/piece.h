#ifndef KERNEL_PIECE_H
#define KERNEL_PIECE_H

/* Characters [at, end) of a text that is not changed. Blanks: spaces, tabs, carriage returns. */

#include "parse.h"

struct piece {
    const char *at;
    const char *end;
};

/* All of a text. */
struct piece piece_of(const char *text);

size_t piece_length(struct piece piece);

/* Without the blanks on either side. */
struct piece piece_trim(struct piece piece);

/* True if the piece is that text. Letters of either case are the same. */
bool piece_equals(struct piece piece, const char *text);

/* Takes off what begins the rest. False, and nothing is taken, if something else does. */
bool piece_take(struct piece *rest, const char *text);

/* Takes the first word off the rest. Empty if there is none. */
struct piece piece_take_word(struct piece *rest);

/* What stands behind the first such text that no letter, digit or dash precedes. False: none. */
bool piece_find(struct piece piece, const char *text, struct piece *behind);

/* Takes off 0x or 0X. False if neither begins the rest. */
bool piece_take_hexadecimal(struct piece *rest);

/*
 * Takes the digits of that radix (10 or 16) that the rest begins with. *value is meaningful on
 * PARSE_OK only. PARSE_NOT_A_NUMBER: there are none. PARSE_TOO_LARGE: it has more than 64 bits.
 */
enum parse_status piece_take_digits(struct piece *rest, unsigned radix, uint64_t *value);

/* The same for all of the piece, which is hexadecimal behind 0x or 0X, in that radix without it. */
enum parse_status piece_read_number(struct piece digits, unsigned radix, uint64_t *value);

#endif
