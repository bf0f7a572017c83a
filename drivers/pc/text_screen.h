#ifndef TEXT_SCREEN_H
#define TEXT_SCREEN_H

/*
 * 80x25 text, in colour or monochrome, as every VGA shows it from the start, and an MDA too. The
 * console writes and scrolls in the rows from `top` on; the rows above show cells that somebody else
 * made. Writing where no screen is does no harm.
 */

#include <stdbool.h>
#include <stdint.h>

#define TEXT_SCREEN_COLUMNS 80
#define TEXT_SCREEN_ROWS 25

/*
 * Finds out which of the two it is. False if there is none: no adapter, or one that shows graphics.
 * Its first cell stays, its cursor does not. Paging is off: the BIOS's data lies in page 0.
 */
bool text_screen_init(void);

bool text_screen_is_monochrome(void);

/* Empties the screen. The console begins in row `top`. */
void text_screen_clear(int top);

/*
 * From now on the console has the rows from `first_row` on; its last lines that fit move there. Who
 * takes rows from it shows something in them.
 */
void text_screen_move(int first_row);

/* From now on the console scrolls the rows above its first one too. */
void text_screen_use_all_rows(void);

/*
 * Puts a character: printable ASCII, \n, \r, \b (back without erasing), \t. Scrolls at the
 * bottom.
 */
void text_screen_put(char character);

/* Shows cells in a row above the console's: a character and, in the upper byte, its attribute. */
void text_screen_show(int row, const uint16_t cells[TEXT_SCREEN_COLUMNS]);

#endif
