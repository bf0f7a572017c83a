#ifndef KERNEL_WRAP_H
#define KERNEL_WRAP_H

/* Sentences in lines of so many characters. Knows no screen. */

#include <stddef.h>

/*
 * The next line of the text: returns where it begins, puts its length, at most `columns` (at least
 * 1), into *length, and moves *text to where the one after it begins. Lines end at blanks, which
 * belong to none; a word longer than a line is cut. NULL: there are no more.
 */
const char *wrap_next(const char **text, size_t columns, size_t *length);

/* How many lines that makes. */
size_t wrap_count(const char *text, size_t columns);

#endif
