#ifndef TEXT_CELLS_H
#define TEXT_CELLS_H

/*
 * 80x25 characters in colour or monochrome, as every VGA shows them from the start, and an MDA too.
 * Writing where no screen is does no harm.
 */

#include <stdbool.h>
#include <stdint.h>

#define TEXT_CELLS_COLUMNS 80
#define TEXT_CELLS_ROWS 25

/*
 * Finds out which of the two it is. False if there is none: no adapter, or one that shows graphics.
 * Its first cell stays, its cursor does not. Paging is off: the BIOS's data lies in page 0.
 */
bool text_cells_init(void);

bool text_cells_is_monochrome(void);

/* Empties the screen, whatever it shows. */
void text_cells_clear(void);

/*
 * Shows cells in a row: a character of code page 437 and, in the upper byte, its attribute. Writes
 * only what differs from what was shown there.
 */
void text_cells_show(int row, const uint16_t cells[TEXT_CELLS_COLUMNS]);

/* A row below the last one hides it. */
void text_cells_place_cursor(int row, int column);

#endif
