#ifndef KERNEL_ROWS_H
#define KERNEL_ROWS_H

/*
 * The last rows of the console's text, wrapped at words to a width. They are made anew from the
 * lines each time, so that the same lines give the same rows after any change of width. Knows no
 * screen.
 *
 *     lines                          rows of 14 columns
 *     ashlar> free 99                ashlar> free
 *     error: there is no block 99    99                        a row ends behind a word; the blanks
 *     ashlar> _                      error: there                there are not shown
 *                                    is no block 99
 *                                    ashlar> _
 */

#include "kernel/log/scrollback.h"

#include <stddef.h>

#define ROWS_COLUMNS_MAX 240
#define ROWS_MAX 64

struct row {
    uint32_t start; /* a position in the scrollback */
    uint8_t length; /* at most the columns */
    bool is_error; /* of a line that begins with "error:" */
};

struct rows {
    int columns;
    int room; /* for so many rows */
    int count; /* of those that there are; at least 1 */
    int cursor_row; /* negative: it is above what is shown */
    int cursor_column; /* in the last column where a row is full */
    int first; /* where in the ring `rows` the uppermost one stands */
    struct row rows[ROWS_MAX];
};

/* Sets how many columns and rows there are: at least 1, and at most the maxima. */
void rows_set_size(struct rows *rows, int columns, int room);

/* Finds the last rows that fit. They hold until the text or the size changes. */
void rows_lay_out(struct rows *rows, const struct scrollback *text);

/*
 * Writes the codes of a row of the screen, as many as it has columns: blanks behind its text, and
 * below the last row. True if it is an error's.
 */
bool rows_read(const struct rows *rows, const struct scrollback *text, int row,
               uint8_t codes[ROWS_COLUMNS_MAX]);

#endif
