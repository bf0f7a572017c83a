#ifndef KERNEL_PIECE_H
#define KERNEL_PIECE_H

/* Characters [at, end) of a text that is not changed. Blanks: spaces, tabs, carriage returns. */

#include "parse.h"

struct piece {
    const char *at;
    const char *end;
};

/*@ predicate is_piece(struct piece p) = 0 <= p.end - p.at < 0x7FFFFFFF &&
        \base_addr(p.at) == \base_addr(p.end) && \valid_read(p.at + (0 .. p.end - p.at - 1));
    logic integer number_of{L}(char *at, integer n, integer radix) =
        n <= 0 ? 0 : number_of(at, n - 1, radix) * radix + digit_of(at[n - 1]); */

/* All of a text. */
//@ requires is_text(text); assigns \nothing; ensures is_piece(\result);
struct piece piece_of(const char *text);

//@ requires is_piece(piece); assigns \nothing; ensures \result == piece.end - piece.at;
size_t piece_length(struct piece piece);

/* Without the blanks on either side. */
struct piece piece_trim(struct piece piece);

/* True if the piece is that text. Letters of either case are the same. */
bool piece_equals(struct piece piece, const char *text);

/*@ requires \valid(rest) && is_piece(*rest);
    requires is_text(text);
    requires \separated(rest, rest->at + (0 .. rest->end - rest->at - 1));
    requires \separated(rest, text + (0 .. 0x7FFFFFFF));
    assigns rest->at;
    ensures is_piece(*rest) && rest->at >= \old(rest->at);
    ensures !\result ==> rest->at == \old(rest->at); */
/* Takes off what begins the rest. False, and nothing is taken, if something else does. */
bool piece_take(struct piece *rest, const char *text);

/* Takes the first word off the rest. Empty if there is none. */
struct piece piece_take_word(struct piece *rest);

/* What stands behind the first such text that no letter, digit or dash precedes. False: none. */
bool piece_find(struct piece piece, const char *text, struct piece *behind);

/* Takes off 0x or 0X. False if neither begins the rest. */
/*@ requires \valid(rest) && is_piece(*rest);
    requires \separated(rest, rest->at + (0 .. rest->end - rest->at - 1));
    assigns rest->at;
    ensures is_piece(*rest) && rest->at >= \old(rest->at); */
bool piece_take_hexadecimal(struct piece *rest);

/*
 * Takes the digits of that radix (10 or 16) that the rest begins with. *value is meaningful on
 * PARSE_OK only. PARSE_NOT_A_NUMBER: there are none. PARSE_TOO_LARGE: it has more than 64 bits.
 */
/*@ requires \valid(rest) && is_piece(*rest) && \valid(value) && (radix == 10 || radix == 16);
    requires \separated(rest, value, rest->at + (0 .. rest->end - rest->at - 1));
    assigns rest->at, *value;
    ensures is_piece(*rest) && rest->at >= \old(rest->at) && \result <= PARSE_TOO_LARGE;
    ensures \result == PARSE_OK ==>
        *value == number_of(\old(rest->at), rest->at - \old(rest->at), radix);
    ensures \result == PARSE_TOO_LARGE ==>
        number_of(\old(rest->at), rest->at - \old(rest->at), radix) > UINT64_MAX; */
enum parse_status piece_take_digits(struct piece *rest, unsigned radix, uint64_t *value);

/* The same for all of the piece, which is hexadecimal behind 0x or 0X, in that radix without it. */
/*@ requires is_piece(digits) && \valid(value) && (radix == 10 || radix == 16);
    requires \separated(value, digits.at + (0 .. digits.end - digits.at - 1));
    assigns *value;
    ensures \result <= PARSE_TOO_LARGE; */
enum parse_status piece_read_number(struct piece digits, unsigned radix, uint64_t *value);

#endif
