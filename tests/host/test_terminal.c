/* The console's rows on a canvas: where they are drawn, in which colour, and how little of it. */

#include "kernel/screen/terminal.h"

#include "test.h"

#include <string.h>

#define COLUMNS 20
#define ROWS 5
#define LEFT 16
#define TOP 32
#define WIDTH 512
#define HEIGHT 400
#define BLANK 0xFF00FF00u /* no colour of ours */

static uint32_t pixels[WIDTH * HEIGHT];
static uint32_t before[WIDTH * HEIGHT];
static struct canvas canvas;
static struct terminal terminal;
static char memory[4096];
static struct scrollback kept;

static struct canvas_rect area_of(int columns, int rows)
{
    return canvas_rect_at(LEFT, TOP, columns * font_normal.width_pixels,
                          rows * font_normal.height_pixels);
}

static int start_empty(void **state)
{
    (void)state;
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i] = BLANK;
    canvas_init(&canvas, pixels, WIDTH, HEIGHT, WIDTH * sizeof(uint32_t));
    kept = (struct scrollback){.text = memory, .size_bytes = sizeof memory};
    terminal_place(&terminal, &canvas, &font_normal, area_of(COLUMNS, ROWS));
    return 0;
}

static void put(const char *text)
{
    while (*text)
        scrollback_put(&kept, *text++);
}

static void draw(void)
{
    terminal_draw(&terminal, &kept);
}

/* Draws, and returns the number of pixels in all rectangles marked for it. */
static int draw_and_measure(void)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    int area = 0;
    draw();
    for (size_t i = canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX); i > 0; i--)
        area += (rects[i - 1].right - rects[i - 1].left) * (rects[i - 1].bottom - rects[i - 1].top);
    return area;
}

static bool row_has_colour(int row, color_t colour)
{
    for (int y = 0; y < font_normal.height_pixels; y++)
        for (int x = 0; x < COLUMNS * font_normal.width_pixels; x++)
            if (pixels[(TOP + row * font_normal.height_pixels + y) * WIDTH + LEFT + x] == colour)
                return true;
    return false;
}

static void only_lines_that_begin_with_error_are_red(void **state)
{
    const color_t red = 0xFF8A7A;
    (void)state;
    put("error: no room that is large enough\nok error: no\nerro:\n");
    draw();
    assert_true(row_has_colour(0, red));
    assert_true(row_has_colour(1, red));
    assert_false(row_has_colour(2, red));
    assert_false(row_has_colour(3, red));
}

static void cursor_shows_where_the_next_character_goes(void **state)
{
    const color_t accent = 0xE3B778;
    (void)state;
    put("ab\nc");
    draw();
    assert_false(row_has_colour(0, accent));
    assert_true(row_has_colour(1, accent));
    put("\b\r\n");
    draw();
    assert_false(row_has_colour(1, accent));
    assert_true(row_has_colour(2, accent));
}

static void drawing_again_marks_nothing(void **state)
{
    (void)state;
    put("some text\nand more");
    assert_true(draw_and_measure() > 0);
    assert_int_equal(draw_and_measure(), 0);
}

/* The character itself, and the cursor, which moved. */
static void one_character_marks_two_cells(void **state)
{
    (void)state;
    put("ashlar> ");
    draw_and_measure();
    scrollback_put(&kept, 'm');
    assert_int_equal(draw_and_measure(), 2 * font_normal.width_pixels * font_normal.height_pixels);
}

static void nothing_is_drawn_outside_the_area(void **state)
{
    struct canvas_rect area = area_of(COLUMNS, ROWS);
    (void)state;
    for (int i = 0; i < 1000; i++)
        scrollback_put(&kept, (char)(i * 7));
    draw();
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixels[y * WIDTH + x] == BLANK,
                             y < area.top || y >= area.bottom || x < area.left || x >= area.right);
}

/* Drawn step by step or at once, after moving there: the same pixels. */
static void moved_terminal_is_drawn_completely(void **state)
{
    (void)state;
    for (const char *text = "one\ntwo\nthree\nerror: four\n5\n6"; *text != '\0'; text++) {
        scrollback_put(&kept, *text);
        draw();
    }
    memcpy(before, pixels, sizeof before);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i] = BLANK;
    terminal_place(&terminal, &canvas, &font_normal, area_of(COLUMNS, ROWS));
    draw();
    assert_memory_equal(before, pixels, sizeof before);
}

static void smaller_font_gives_more_cells(void **state)
{
    struct canvas_rect area =
        canvas_rect_at(LEFT, TOP, 20 * font_small.width_pixels, 5 * font_small.height_pixels);
    (void)state;
    terminal_place(&terminal, &canvas, &font_small, area);
    assert_int_equal(terminal.rows.columns, 20);
    assert_int_equal(terminal.rows.room, 5);
    put("1\n2\n3\n4\n12345678901234567890");
    draw();
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (x < area.left || x >= area.right || y < area.top || y >= area.bottom)
                assert_int_equal(pixels[y * WIDTH + x], BLANK);
}

/* The first cell of a row, in the font that the terminal has. */
static void expect_glyph(int row, uint8_t code)
{
    static uint32_t expected[WIDTH * HEIGHT];
    struct canvas drawn;
    int left = LEFT;
    int top = TOP + row * font_normal.height_pixels;
    canvas_init(&drawn, expected, WIDTH, HEIGHT, WIDTH * sizeof(uint32_t));
    canvas_draw_cell(&drawn, &font_normal, left, top, code, 0xE8E3D9, 0x12161B);
    for (int y = top; y < top + font_normal.height_pixels; y++)
        for (int x = left; x < left + font_normal.width_pixels; x++)
            assert_int_equal(pixels[y * WIDTH + x], expected[y * WIDTH + x]);
}

static void other_codes_show_the_placeholder(void **state)
{
    (void)state;
    put("\x1B\n\x80\nA\n");
    draw();
    expect_glyph(0, FONT_PLACEHOLDER);
    expect_glyph(1, FONT_PLACEHOLDER);
    expect_glyph(2, 'A');
}

/*   |A B C|  ->  |A B|  ->  |A B C|      wrapped anew at each width
 *   |D    |      |C  |      |D    |
 *                |D  |                */
static void moved_terminal_wraps_anew(void **state)
{
    (void)state;
    put("A B C\nD\n");
    terminal_place(&terminal, &canvas, &font_normal, area_of(5, ROWS));
    draw();
    expect_glyph(1, 'D');
    terminal_place(&terminal, &canvas, &font_normal, area_of(3, ROWS));
    draw();
    expect_glyph(1, 'C');
    expect_glyph(2, 'D');
    terminal_place(&terminal, &canvas, &font_normal, area_of(5, ROWS));
    draw();
    expect_glyph(0, 'A');
    expect_glyph(1, 'D');
}

/* The cursor left the cell, and another character came into it: both have to be drawn. */
static void cell_under_the_cursor_is_drawn_again(void **state)
{
    (void)state;
    put("A\b");
    draw();
    put("B\n");
    draw();
    expect_glyph(0, 'B');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_lines_that_begin_with_error_are_red, start_empty),
        cmocka_unit_test_setup(cursor_shows_where_the_next_character_goes, start_empty),
        cmocka_unit_test_setup(drawing_again_marks_nothing, start_empty),
        cmocka_unit_test_setup(one_character_marks_two_cells, start_empty),
        cmocka_unit_test_setup(nothing_is_drawn_outside_the_area, start_empty),
        cmocka_unit_test_setup(moved_terminal_is_drawn_completely, start_empty),
        cmocka_unit_test_setup(smaller_font_gives_more_cells, start_empty),
        cmocka_unit_test_setup(other_codes_show_the_placeholder, start_empty),
        cmocka_unit_test_setup(moved_terminal_wraps_anew, start_empty),
        cmocka_unit_test_setup(cell_under_the_cursor_is_drawn_again, start_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
