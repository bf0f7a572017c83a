/* The shell's text: where characters go, what scrolls away, and how little is drawn. */

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
    terminal_init(&terminal, &canvas, &font_normal, area_of(COLUMNS, ROWS));
    return 0;
}

static void expect_row(int row, const char *text)
{
    char shown[TERMINAL_COLUMNS_MAX + 1] = "";
    size_t length = (size_t)terminal.columns;

    for (size_t i = 0; i < length; i++)
        shown[i] = (char)terminal.cells[row][i].code;
    while (length > 0 && shown[length - 1] == ' ')
        shown[--length] = '\0';
    assert_string_equal(shown, text);
}

static void expect_cursor(int row, int column)
{
    assert_int_equal(terminal.row, row);
    assert_int_equal(terminal.column, column);
}

/* Draws, and returns the number of pixels in all rectangles marked for it. */
static int draw_and_measure(void)
{
    struct canvas_rect rects[CANVAS_DIRTY_MAX];
    int area = 0;

    terminal_draw(&terminal);
    for (size_t i = canvas_take_dirty(&canvas, rects, CANVAS_DIRTY_MAX); i > 0; i--)
        area += (rects[i - 1].right - rects[i - 1].left) * (rects[i - 1].bottom - rects[i - 1].top);
    return area;
}

static bool row_has_color(int row, color_t color)
{
    for (int y = 0; y < font_normal.height_pixels; y++)
        for (int x = 0; x < COLUMNS * font_normal.width_pixels; x++)
            if (pixels[(TOP + row * font_normal.height_pixels + y) * WIDTH + LEFT + x] == color)
                return true;
    return false;
}

static void newline_begins_the_next_line(void **state)
{
    (void)state;
    terminal_write(&terminal, "one\ntwo");
    expect_row(0, "one");
    expect_row(1, "two");
    expect_cursor(1, 3);
}

static void return_overwrites_the_line(void **state)
{
    (void)state;
    terminal_write(&terminal, "12345\rab");
    expect_row(0, "ab345");
    expect_cursor(0, 2);
}

static void long_line_wraps(void **state)
{
    (void)state;
    terminal_write(&terminal, "12345678901234567890xyz");
    expect_row(0, "12345678901234567890");
    expect_row(1, "xyz");
}

/* A line as long as the terminal is wide, and its newline, leave no empty line between. */
static void full_line_does_not_wrap_before_it_must(void **state)
{
    (void)state;
    terminal_write(&terminal, "12345678901234567890\nnext");
    expect_row(1, "next");
}

static void text_below_the_last_line_scrolls(void **state)
{
    (void)state;
    terminal_write(&terminal, "1\n2\n3\n4\n5\n6\n7");
    expect_row(0, "3");
    expect_row(4, "7");
    expect_cursor(4, 1);
}

static void wrapping_in_the_last_line_scrolls(void **state)
{
    (void)state;
    terminal_write(&terminal, "1\n2\n3\n4\n12345678901234567890x");
    expect_row(3, "12345678901234567890");
    expect_row(4, "x");
}

static void backspace_moves_without_erasing(void **state)
{
    (void)state;
    terminal_write(&terminal, "abc\b");
    expect_row(0, "abc");
    expect_cursor(0, 2);
    terminal_write(&terminal, " \b");
    expect_row(0, "ab");
    expect_cursor(0, 2);
}

static void backspace_goes_back_over_a_wrap(void **state)
{
    (void)state;
    terminal_write(&terminal, "12345678901234567890x\b \b\b \b");
    expect_row(0, "1234567890123456789");
    expect_row(1, "");
    expect_cursor(0, 19);
}

static void backspace_stops_at_a_newline(void **state)
{
    (void)state;
    terminal_write(&terminal, "a\n\b\b");
    expect_cursor(1, 0);
    terminal_write(&terminal, "b");
    expect_row(0, "a");
    expect_row(1, "b");
}

static void tab_goes_to_the_next_eighth_column(void **state)
{
    (void)state;
    terminal_write(&terminal, "a\tb\tc");
    expect_row(0, "a       b       c");
    terminal_write(&terminal, "\td");
    expect_row(0, "a       b       c");
    expect_row(1, "d");
}

static void other_codes_show_the_placeholder(void **state)
{
    (void)state;
    terminal_write(&terminal, "\x1B\x7F\x80\xFF");
    for (int i = 0; i < 4; i++)
        assert_int_equal(terminal.cells[0][i].code, FONT_PLACEHOLDER);
}

static void only_lines_that_begin_with_error_are_red(void **state)
{
    const color_t red = 0xFF8A7A;

    (void)state;
    terminal_write(&terminal, "error: no room that is large enough\nok error: no\nerro:\n");
    terminal_draw(&terminal);
    assert_true(row_has_color(0, red));
    assert_true(row_has_color(1, red));
    assert_false(row_has_color(2, red));
    assert_false(row_has_color(3, red));
}

static void cursor_shows_where_the_next_character_goes(void **state)
{
    const color_t accent = 0xE3B778;

    (void)state;
    terminal_write(&terminal, "ab\nc");
    terminal_draw(&terminal);
    assert_false(row_has_color(0, accent));
    assert_true(row_has_color(1, accent));
    terminal_show_cursor(&terminal, false);
    terminal_draw(&terminal);
    assert_false(row_has_color(1, accent));
}

static void drawing_again_marks_nothing(void **state)
{
    (void)state;
    terminal_write(&terminal, "some text\nand more");
    assert_true(draw_and_measure() > 0);
    assert_int_equal(draw_and_measure(), 0);
}

/* The character itself, and the cursor, which moved. */
static void one_character_marks_two_cells(void **state)
{
    (void)state;
    terminal_write(&terminal, "ashlar> ");
    draw_and_measure();
    terminal_put(&terminal, 'm');
    assert_int_equal(draw_and_measure(), 2 * font_normal.width_pixels * font_normal.height_pixels);
}

static void nothing_is_drawn_outside_the_area(void **state)
{
    struct canvas_rect area = area_of(COLUMNS, ROWS);

    (void)state;
    for (int i = 0; i < 1000; i++)
        terminal_put(&terminal, (char)(i * 7));
    terminal_draw(&terminal);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            assert_int_equal(pixels[y * WIDTH + x] == BLANK,
                             y < area.top || y >= area.bottom || x < area.left || x >= area.right);
}

/*   1 |       3 |
 *   2 |  ->   4_|     the last two of four lines
 *   3 |
 *   4_|             */
static void smaller_terminal_keeps_the_last_lines(void **state)
{
    (void)state;
    terminal_write(&terminal, "1\n2\n3\n4");
    terminal_move(&terminal, &canvas, &font_normal, area_of(10, 2));
    expect_row(0, "3");
    expect_row(1, "4");
    expect_cursor(1, 1);
}

static void larger_terminal_keeps_all_lines(void **state)
{
    (void)state;
    terminal_write(&terminal, "12345678901234567890\n2");
    terminal_move(&terminal, &canvas, &font_normal, area_of(10, 2));
    expect_row(0, "1234567890");
    terminal_move(&terminal, &canvas, &font_normal, area_of(30, 8));
    expect_row(0, "12345678901234567890");
    expect_row(1, "2");
    terminal_write(&terminal, "\n3");
    expect_row(2, "3");
}

/* Drawn step by step or at once, after moving there: the same pixels. */
static void moved_terminal_is_drawn_completely(void **state)
{
    (void)state;
    for (const char *text = "one\ntwo\nthree\nerror: four\n5\n6"; *text != '\0'; text++) {
        terminal_put(&terminal, *text);
        terminal_draw(&terminal);
    }
    memcpy(before, pixels, sizeof before);
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i] = BLANK;
    terminal_move(&terminal, &canvas, &font_normal, area_of(COLUMNS, ROWS));
    terminal_draw(&terminal);
    assert_memory_equal(before, pixels, sizeof before);
}

static void smaller_font_gives_more_cells(void **state)
{
    struct canvas_rect area =
        canvas_rect_at(LEFT, TOP, 20 * font_small.width_pixels, 5 * font_small.height_pixels);

    (void)state;
    terminal_move(&terminal, &canvas, &font_small, area);
    assert_int_equal(terminal.columns, 20);
    assert_int_equal(terminal.rows, 5);
    terminal_write(&terminal, "1\n2\n3\n4\n12345678901234567890");
    terminal_draw(&terminal);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (x < area.left || x >= area.right || y < area.top || y >= area.bottom)
                assert_int_equal(pixels[y * WIDTH + x], BLANK);
}

static void area_beyond_the_maximum_is_not_used(void **state)
{
    (void)state;
    terminal_move(&terminal, &canvas, &font_normal, canvas_rect_at(0, 0, 10000, 10000));
    assert_int_equal(terminal.columns, TERMINAL_COLUMNS_MAX);
    assert_int_equal(terminal.rows, TERMINAL_ROWS_MAX);
    for (int i = 0; i < 3 * TERMINAL_ROWS_MAX; i++)
        terminal_write(&terminal, "line\n");
    expect_row(TERMINAL_ROWS_MAX - 2, "line");
    expect_row(TERMINAL_ROWS_MAX - 1, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(newline_begins_the_next_line, start_empty),
        cmocka_unit_test_setup(return_overwrites_the_line, start_empty),
        cmocka_unit_test_setup(long_line_wraps, start_empty),
        cmocka_unit_test_setup(full_line_does_not_wrap_before_it_must, start_empty),
        cmocka_unit_test_setup(text_below_the_last_line_scrolls, start_empty),
        cmocka_unit_test_setup(wrapping_in_the_last_line_scrolls, start_empty),
        cmocka_unit_test_setup(backspace_moves_without_erasing, start_empty),
        cmocka_unit_test_setup(backspace_goes_back_over_a_wrap, start_empty),
        cmocka_unit_test_setup(backspace_stops_at_a_newline, start_empty),
        cmocka_unit_test_setup(tab_goes_to_the_next_eighth_column, start_empty),
        cmocka_unit_test_setup(other_codes_show_the_placeholder, start_empty),
        cmocka_unit_test_setup(only_lines_that_begin_with_error_are_red, start_empty),
        cmocka_unit_test_setup(cursor_shows_where_the_next_character_goes, start_empty),
        cmocka_unit_test_setup(drawing_again_marks_nothing, start_empty),
        cmocka_unit_test_setup(one_character_marks_two_cells, start_empty),
        cmocka_unit_test_setup(nothing_is_drawn_outside_the_area, start_empty),
        cmocka_unit_test_setup(smaller_terminal_keeps_the_last_lines, start_empty),
        cmocka_unit_test_setup(larger_terminal_keeps_all_lines, start_empty),
        cmocka_unit_test_setup(moved_terminal_is_drawn_completely, start_empty),
        cmocka_unit_test_setup(smaller_font_gives_more_cells, start_empty),
        cmocka_unit_test_setup(area_beyond_the_maximum_is_not_used, start_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
