#ifndef KERNEL_WRAP_H
#define KERNEL_WRAP_H

/* Sentences in lines of so many characters. Knows no screen. */

#include <stddef.h>

/*
 * The next line of the text: returns where it begins, puts its length, at most `columns` (at least
 * 1), into *length, and moves *text to where the one after it begins. Lines end at blanks, which
 * belong to none; a word longer than a line is cut. The last line has two words at least, where
 * they fit and the one before keeps two. NULL: there are no more.
 */
const char *wrap_next(const char **text, size_t columns, size_t *length);

/*
 * The characters in the first row, `columns` (at least 1) wide, of a text of so many characters:
 * all of them if they fit; else up to the end of the last word that fits, or a whole row if no word
 * ends in it. Blanks at the start are kept. More than columns + 1 characters need not be known.
 */
size_t wrap_row(const char *text, size_t length, size_t columns);

/* How many lines wrap_next makes of a text. */
size_t wrap_count(const char *text, size_t columns);

#endif
