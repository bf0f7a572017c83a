#ifndef KERNEL_SCROLL_H
#define KERNEL_SCROLL_H

/*
 * Which rows of the console's text are on the screen: the last ones, wrapped at words to a width.
 * They are made anew from the lines each time. So the text moves up when the screen is full, and
 * the same lines give the same rows after any change of width. Knows no screen.
 *
 *     lines                          rows of 14 columns
 *     ashlar> free 99                ashlar> free
 *     error: there is no block 99    99                        a row ends behind a word; the blanks
 *     ashlar> _                      error: there                there are not shown
 *                                    is no block 99
 *                                    ashlar> _
 *
 * Whoever looks back sees earlier rows, and in the last row of the screen how many are below.
 */

#include "kernel/log/scrollback.h"

#include <stddef.h>

#define SCROLL_COLUMNS_MAX 240
#define SCROLL_ROWS_MAX 64

struct row {
    uint32_t start; /* a position in the scrollback */
    uint8_t length; /* at most the columns */
    bool is_error; /* of a line that begins with "error:" */
};

struct scroll {
    int columns;
    int room; /* for so many rows */
    int count; /* of those that there are; at least 1 */
    int back; /* rows that are below what is shown; 0: none, the last ones are shown */
    int cursor_row; /* negative: it is not shown */
    int cursor_column; /* in the last column where a row is full */
    int first; /* where in the ring `rows` the uppermost one stands */
    int made; /* rows, in the layout that is being made */
    int wanted; /* so many of them: the ones behind are below what is shown */
    struct row rows[SCROLL_ROWS_MAX];
};

/* Sets how many columns and rows there are, 1 to the maxima. The last rows are shown then. */
void scroll_set_size(struct scroll *rows, int columns, int room);

/*
 * Looks back by so many rows, or, if the number is negative, forward again. It counts from the next
 * scroll_lay_out on, which goes no further than to the oldest line.
 */
void scroll_turn(struct scroll *rows, int row_count);

/* The rows of a page, for scroll_turn. */
int scroll_page(const struct scroll *rows);

/* Finds the rows that are to be shown. They hold until the text or the size changes. */
void scroll_lay_out(struct scroll *rows, const struct scrollback *text);

/*
 * Writes the codes of a row of the screen, as many as it has columns: blanks behind its text, and
 * below the last row. True if it is an error's.
 */
bool scroll_read(const struct scroll *rows, const struct scrollback *text, int row,
                 uint8_t codes[SCROLL_COLUMNS_MAX]);

#endif
