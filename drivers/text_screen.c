/*
 * Cells are kept in RAM too, so that scrolling never reads the screen, which is slow on real
 * cards.
 */

#include "text_screen.h"

#include <stdbool.h>
#include <stdint.h>

#include "ports.h"
#include "text_screen_regs.h"

#define CELL_COUNT (TEXT_SCREEN_ROWS * TEXT_SCREEN_COLUMNS)
#define ERROR_PREFIX "error:"

static uint16_t cells[CELL_COUNT];
static int column;
static int row;
static uint16_t attribute = TEXT_SCREEN_ATTRIBUTE;

static void write_cell(int index, uint16_t cell)
{
    cells[index] = cell;
    ((volatile uint16_t *)TEXT_SCREEN_CELLS)[index] = cell;
}

static void write_crtc(uint8_t index, uint8_t value)
{
    port_write8(CRTC_INDEX, index);
    port_write8(CRTC_DATA, value);
}

static void place_cursor(void)
{
    int index = row * TEXT_SCREEN_COLUMNS + column;
    write_crtc(CRTC_CURSOR_HIGH, (uint8_t)(index >> 8));
    write_crtc(CRTC_CURSOR_LOW, (uint8_t)index);
}

void text_screen_clear(void)
{
    for (int i = 0; i < CELL_COUNT; i++)
        write_cell(i, TEXT_SCREEN_ATTRIBUTE | ' ');
    column = row = 0;
    place_cursor();
}

static void scroll(void)
{
    for (int i = 0; i < CELL_COUNT - TEXT_SCREEN_COLUMNS; i++)
        if (cells[i] != cells[i + TEXT_SCREEN_COLUMNS])
            write_cell(i, cells[i + TEXT_SCREEN_COLUMNS]);
    for (int i = CELL_COUNT - TEXT_SCREEN_COLUMNS; i < CELL_COUNT; i++)
        write_cell(i, TEXT_SCREEN_ATTRIBUTE | ' ');
    row--;
}

static void start_line(void)
{
    column = 0;
    if (++row == TEXT_SCREEN_ROWS)
        scroll();
}

/*
 * Once a line turns out to begin with "error:", it has the colour of errors from its start to its
 * end.
 */
static void recognise_error(void)
{
    static const char prefix[] = ERROR_PREFIX;
    uint16_t *start = &cells[row * TEXT_SCREEN_COLUMNS];
    if (column != (int)sizeof prefix - 1)
        return;
    for (int i = 0; i < column; i++)
        if ((start[i] & 0xFF) != prefix[i])
            return;
    attribute = TEXT_SCREEN_ERROR_ATTRIBUTE;
    for (int i = 0; i < column; i++)
        write_cell(row * TEXT_SCREEN_COLUMNS + i, (uint16_t)(attribute | (uint8_t)prefix[i]));
}

static void put_printable(char character)
{
    if (column == TEXT_SCREEN_COLUMNS)
        start_line();
    write_cell(row * TEXT_SCREEN_COLUMNS + column, (uint16_t)(attribute | (uint8_t)character));
    column++;
    recognise_error();
}

void text_screen_put(char character)
{
    switch (character) {
    case '\n':
        start_line();
        attribute = TEXT_SCREEN_ATTRIBUTE;
        break;
    case '\r':
        column = 0;
        break;
    case '\b':
        column -= column > 0;
        break;
    case '\t':
        do
            put_printable(' ');
        while (column % 8);
        break;
    default:
        put_printable(character);
        break;
    }
    place_cursor();
}
