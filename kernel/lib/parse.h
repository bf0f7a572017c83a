#ifndef KERNEL_PARSE_H
#define KERNEL_PARSE_H

/* Text that people type, as values: numbers, words, modes. Knows no command. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "string.h"

/* A space or a tab. */
bool parse_is_blank(char character);

/* The small form of a capital letter; any other character is as it is. */
char parse_lower(char character);

/* The value of a digit, which may be hexadecimal; 99 if it is none. */
unsigned parse_digit(char character);

enum parse_status { PARSE_OK, PARSE_NOT_A_NUMBER, PARSE_TOO_LARGE, PARSE_EMPTY };

/*
 * Reads all of `text` as a number: decimal, or hexadecimal behind 0x, with an optional unit: K, M,
 * G or T, each alone or with B or iB behind it (of either case; powers of 1024). A decimal number
 * may also end in f: it counts frames of 4096 bytes, and *value is their bytes. *value changes on
 * PARSE_OK only.
 */
enum parse_status parse_number(const char *text, uint64_t *value);

/* True if such a number ends in f. */
bool parse_counts_frames(const char *text);

/*
 * Reads all of `text` as the range [*base, *end) of bytes: ADDR (that byte alone), ADDR-ADDR (the
 * second exclusive) or ADDR+SIZE, of numbers as above. PARSE_EMPTY if the range has no byte. Both
 * change only on PARSE_OK.
 */
enum parse_status parse_range(const char *text, uint64_t *base, uint64_t *end);

/* "is not a number" and so on, to stand behind the text itself. */
const char *parse_status_text(enum parse_status status);

struct parse_mode {
    uint32_t width;
    uint32_t height;
    uint32_t bits;
};

/* Reads WIDTHxHEIGHT or WIDTHxHEIGHTxBITS (32 if left out). False if it is anything else. */
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
