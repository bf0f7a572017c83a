#ifndef KERNEL_PARSE_H
#define KERNEL_PARSE_H

/* Text that people type, as values: numbers, words, modes. Knows no command. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "string.h"

/* A space or a tab. */
//@ assigns \nothing; ensures \result <==> character == ' ' || character == '\t';
bool parse_is_blank(char character);

/* The small form of a capital letter; any other character is as it is. */
//@ assigns \nothing; ensures \result == ('A' <= character <= 'Z' ? character + 32 : character);
char parse_lower(char character);

/* The value of a digit, which may be hexadecimal; 99 if it is none. */
/*@ logic integer digit_of(integer c) = '0' <= c <= '9' ? c - '0'
        : 'a' <= c <= 'f' ? c - 'a' + 10 : 'A' <= c <= 'F' ? c - 'A' + 10 : 99; */
//@ assigns \nothing; ensures \result == digit_of(character);
unsigned parse_digit(char character);

enum parse_status { PARSE_OK, PARSE_NOT_A_NUMBER, PARSE_TOO_LARGE, PARSE_EMPTY };

/*
 * Reads all of `text` as a number: decimal, or hexadecimal behind 0x, with an optional unit: K, M,
 * G or T, each alone or with B or iB behind it (of either case; powers of 1024). A decimal number
 * may also end in f: it counts frames of 4096 bytes, and *value is their bytes. *value changes on
 * PARSE_OK only.
 */
/*@ requires is_text(text) && \valid(value);
    assigns *value;
    ensures \result <= PARSE_TOO_LARGE;
    ensures \result != PARSE_OK ==> *value == \old(*value); */
enum parse_status parse_number(const char *text, uint64_t *value);

/* True if such a number ends in f. */
//@ requires is_text(text); assigns \nothing;
bool parse_counts_frames(const char *text);

/*
 * Reads all of `text` as the range [*base, *end) of bytes: ADDR (that byte alone), ADDR-ADDR (the
 * second exclusive) or ADDR+SIZE, of numbers as above. PARSE_EMPTY if the range has no byte. Both
 * change only on PARSE_OK.
 */
/*@ requires is_text(text) && \valid(base) && \valid(end);
    requires \separated(base, end);
    assigns *base, *end;
    ensures \result == PARSE_OK ==> *base < *end;
    ensures \result != PARSE_OK ==> *base == \old(*base) && *end == \old(*end); */
enum parse_status parse_range(const char *text, uint64_t *base, uint64_t *end);

/* "is not a number" and so on, to stand behind the text itself. */
//@ requires status <= PARSE_EMPTY; assigns \nothing; ensures \result != \null;
const char *parse_status_text(enum parse_status status);

struct parse_mode {
    uint32_t width;
    uint32_t height;
    uint32_t bits;
};

/* Reads WIDTHxHEIGHT or WIDTHxHEIGHTxBITS (32 if left out). False if it is anything else. */
/*@ requires is_text(text) && \valid(mode);
    assigns *mode;
    ensures \result ==> 0 < mode->width <= UINT16_MAX && 0 < mode->height <= UINT16_MAX &&
            0 < mode->bits <= UINT16_MAX;
    ensures !\result ==> *mode == \old(*mode); */
bool parse_mode(const char *text, struct parse_mode *mode);

/*
 * Cuts the line into words at blanks, in place. Returns how many there are; words beyond
 * `words_max` are counted but not stored.
 */
size_t parse_words(char *line, char **words, size_t words_max);

/*
 * Joins each unit that is a word of its own to the number before it: "3", "MB" become "3MB". The
 * words are those of one line, as parse_words stores them. Returns how many are left.
 */
size_t parse_join_units(char **words, size_t word_count);

#endif
