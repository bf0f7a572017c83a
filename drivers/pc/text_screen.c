/*
 * Cells are kept in RAM too, so that scrolling never reads the screen, which is slow on real
 * cards.
 */

#include "text_screen.h"

#include "ports.h"
#include "text_screen_regs.h"

#define CELL_COUNT (TEXT_SCREEN_ROWS * TEXT_SCREEN_COLUMNS)
#define ERROR_PREFIX "error:"

static uint16_t cells[CELL_COUNT];
static int column;
static int row;
static int top;
static uint16_t attribute = TEXT_SCREEN_ATTRIBUTE;
static bool monochrome;

static bool bios_says_monochrome(void)
{
    volatile uintptr_t address = BIOS_EQUIPMENT; /* GCC takes constants in page 0 for mistakes */
    uint8_t equipment = *(const volatile uint8_t *)address;
    return (equipment & BIOS_EQUIPMENT_VIDEO) == BIOS_EQUIPMENT_MONOCHROME;
}

bool text_screen_is_monochrome(void)
{
    return monochrome;
}

static volatile uint16_t *screen(void)
{
    return (volatile uint16_t *)(monochrome ? TEXT_SCREEN_CELLS_MONO : TEXT_SCREEN_CELLS);
}

static void write_cell(int index, uint16_t cell)
{
    cells[index] = cell;
    screen()[index] = cell;
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
    uint16_t cell = (uint16_t)(TEXT_SCREEN_ATTRIBUTE | pattern);
    screen()[0] = cell;
    write_crtc(CRTC_CURSOR_LOW, pattern);
    return port_read8((monochrome ? CRTC_INDEX_MONO : CRTC_INDEX) + 1) == pattern &&
           screen()[0] == cell;
}

bool text_screen_init(void)
{
    uint8_t misc = port_read8(TEXT_SCREEN_MISC_READ);
    monochrome = misc == 0xFF ? bios_says_monochrome() : !(misc & TEXT_SCREEN_MISC_COLOUR);
    uint16_t before = screen()[0];
    bool is_there = keeps(0x55) && keeps(0xAA);
    screen()[0] = before;
    return is_there;
}

static void place_cursor(void)
{
    int index = row * TEXT_SCREEN_COLUMNS + column;
    write_crtc(CRTC_CURSOR_HIGH, (uint8_t)(index >> 8));
    write_crtc(CRTC_CURSOR_LOW, (uint8_t)index);
}

void text_screen_clear(int first_row)
{
    for (int i = 0; i < CELL_COUNT; i++)
        write_cell(i, TEXT_SCREEN_ATTRIBUTE | ' ');
    top = row = first_row;
    column = 0;
    attribute = TEXT_SCREEN_ATTRIBUTE;
    place_cursor();
}

static void copy_row(int to, int from)
{
    for (int i = 0; i < TEXT_SCREEN_COLUMNS; i++)
        write_cell(to * TEXT_SCREEN_COLUMNS + i, cells[from * TEXT_SCREEN_COLUMNS + i]);
}

/* In the order in which no row is overwritten before it was copied. */
void text_screen_move(int first_row)
{
    int room = TEXT_SCREEN_ROWS - first_row;
    int line_count = row - top + 1 < room ? row - top + 1 : room;
    int from = row + 1 - line_count;
    for (int i = 0; i < line_count; i++) {
        int line = first_row > from ? line_count - 1 - i : i;
        copy_row(first_row + line, from + line);
    }
    top = first_row;
    row = first_row + line_count - 1;
    for (int i = (row + 1) * TEXT_SCREEN_COLUMNS; i < CELL_COUNT; i++)
        write_cell(i, TEXT_SCREEN_ATTRIBUTE | ' ');
    place_cursor();
}

void text_screen_use_all_rows(void)
{
    top = 0;
}

void text_screen_show(int shown_row, const uint16_t shown[TEXT_SCREEN_COLUMNS])
{
    for (int i = 0; i < TEXT_SCREEN_COLUMNS; i++)
        if (cells[shown_row * TEXT_SCREEN_COLUMNS + i] != shown[i])
            write_cell(shown_row * TEXT_SCREEN_COLUMNS + i, shown[i]);
}

static void scroll(void)
{
    for (int i = top * TEXT_SCREEN_COLUMNS; i < CELL_COUNT - TEXT_SCREEN_COLUMNS; i++)
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
    attribute = monochrome ? TEXT_SCREEN_ERROR_ATTRIBUTE_MONO : TEXT_SCREEN_ERROR_ATTRIBUTE;
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
