/* Writes characters to the text screen. Cells are kept in RAM, because real cards read slowly. */

#include "text_cells.h"

#include "ports.h"

/* The VGA's text screen (IBM VGA technical reference): cells in memory, cursor in the CRTC. */

#define TEXT_CELLS_COLOUR 0xB8000u
#define TEXT_CELLS_MONOCHROME 0xB0000u
#define TEXT_CELLS_BLANK 0x0720 /* light grey on black */

/* VGA's miscellaneous output register; an adapter without one reads as all ones. */
#define TEXT_CELLS_MISC_READ 0x3CC
#define TEXT_CELLS_MISC_COLOUR 0x01

/* The BIOS's list of equipment; bits 4 and 5 tell of the first video mode. */
#define BIOS_EQUIPMENT 0x410u
#define BIOS_EQUIPMENT_VIDEO 0x30
#define BIOS_EQUIPMENT_MONOCHROME 0x30

#define CRTC_INDEX 0x3D4 /* the data port follows */
#define CRTC_INDEX_MONO 0x3B4
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F

static uint16_t shown[TEXT_CELLS_ROWS][TEXT_CELLS_COLUMNS];
static bool monochrome;

static bool bios_says_monochrome(void)
{
    volatile uintptr_t address = BIOS_EQUIPMENT; /* GCC takes constants in page 0 for mistakes */
    uint8_t equipment = *(const volatile uint8_t *)address;
    return (equipment & BIOS_EQUIPMENT_VIDEO) == BIOS_EQUIPMENT_MONOCHROME;
}

bool text_cells_is_monochrome(void)
{
    return monochrome;
}

static volatile uint16_t *screen(void)
{
    return (volatile uint16_t *)(monochrome ? TEXT_CELLS_MONOCHROME : TEXT_CELLS_COLOUR);
}

static void write_cell(int row, int column, uint16_t cell)
{
    shown[row][column] = cell;
    screen()[row * TEXT_CELLS_COLUMNS + column] = cell;
}

static void write_crtc(uint8_t index, uint8_t value)
{
    uint16_t port = monochrome ? CRTC_INDEX_MONO : CRTC_INDEX;
    port_write8(port, index);
    port_write8(port + 1, value);
}

/*
 * Cells and cursor keep what is written to them. Without an adapter neither does; RAM in its place
 * has no cursor; an adapter that shows graphics, as by UEFI, has no cells there.
 */
static bool keeps(uint8_t pattern)
{
    uint16_t cell = (uint16_t)((TEXT_CELLS_BLANK & 0xFF00) | pattern);
    screen()[0] = cell;
    write_crtc(CRTC_CURSOR_LOW, pattern);
    return port_read8((monochrome ? CRTC_INDEX_MONO : CRTC_INDEX) + 1) == pattern &&
           screen()[0] == cell;
}

bool text_cells_init(void)
{
    uint8_t misc = port_read8(TEXT_CELLS_MISC_READ);
    monochrome = misc == 0xFF ? bios_says_monochrome() : !(misc & TEXT_CELLS_MISC_COLOUR);
    uint16_t before = screen()[0];
    bool is_there = keeps(0x55) && keeps(0xAA);
    screen()[0] = before;
    return is_there;
}

void text_cells_clear(void)
{
    for (int row = 0; row < TEXT_CELLS_ROWS; row++)
        for (int column = 0; column < TEXT_CELLS_COLUMNS; column++)
            write_cell(row, column, TEXT_CELLS_BLANK);
}

void text_cells_show(int row, const uint16_t cells[TEXT_CELLS_COLUMNS])
{
    for (int column = 0; column < TEXT_CELLS_COLUMNS; column++)
        if (shown[row][column] != cells[column])
            write_cell(row, column, cells[column]);
}

void text_cells_place_cursor(int row, int column)
{
    int index = row * TEXT_CELLS_COLUMNS + column;
    write_crtc(CRTC_CURSOR_HIGH, (uint8_t)(index >> 8));
    write_crtc(CRTC_CURSOR_LOW, (uint8_t)index);
}
