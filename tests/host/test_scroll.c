/* The console's rows: where lines are cut, where the cursor is, and what another width changes. */

#include "kernel/screen/scroll.h"

#include "kernel/lib/line.h"
#include "test.h"

#include <string.h>

#define SIZE 4096u
#define COLUMNS 20
#define ROOM 5

static char memory[SIZE];
static struct scrollback kept;
static struct scroll rows;

static int start_empty(void **state)
{
    (void)state;
    kept = (struct scrollback){.text = memory, .size_bytes = SIZE};
    scroll_set_size(&rows, COLUMNS, ROOM);
    return 0;
}

static void put_character(char character)
{
    scrollback_put(&kept, character);
}

static void put(const char *text)
{
    while (*text)
        put_character(*text++);
    scroll_lay_out(&rows, &kept);
}

/* Without the blanks at its end. Returns whether it is an error's. */
static bool read_row(int row, char text[SCROLL_COLUMNS_MAX + 1])
{
    uint8_t codes[SCROLL_COLUMNS_MAX];
    bool is_error = scroll_read(&rows, &kept, row, codes);
    size_t length = (size_t)rows.columns;
    memcpy(text, codes, length);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
    return is_error;
}

static void expect_row(int row, const char *expected)
{
    char text[SCROLL_COLUMNS_MAX + 1];
    read_row(row, text);
    assert_string_equal(text, expected);
}

static void expect_cursor(int row, int column)
{
    assert_int_equal(rows.cursor_row, row);
    assert_int_equal(rows.cursor_column, column);
}

static void nothing_is_one_row(void **state)
{
    (void)state;
    put("");
    assert_int_equal(rows.count, 1);
    expect_row(0, "");
    expect_cursor(0, 0);
}

static void empty_lines_are_rows(void **state)
{
    (void)state;
    put("one\n\ntwo\n");
    assert_int_equal(rows.count, 4);
    expect_row(0, "one");
    expect_row(1, "");
    expect_row(2, "two");
    expect_row(3, "");
    expect_row(4, "");
    expect_cursor(3, 0);
}

/*   |block id=6 bytes=4096|        "frames=1" would need three columns more
 *   |frames=1             |                                                   */
static void line_is_cut_behind_a_word(void **state)
{
    (void)state;
    put("block id=6 bytes=409 frames=1\nx");
    expect_row(0, "block id=6 bytes=409");
    expect_row(1, "frames=1");
    expect_row(2, "x");
}

static void line_as_wide_as_the_screen_is_one_row(void **state)
{
    (void)state;
    put("12345 7890 234567 90\nx");
    expect_row(0, "12345 7890 234567 90");
    expect_row(1, "x");
    expect_cursor(1, 1);
}

/* The cursor waits in the last column; what is typed next stands in the next row. */
static void full_row_is_not_left_before_it_must_be(void **state)
{
    (void)state;
    put("12345678901234567890");
    assert_int_equal(rows.count, 1);
    expect_cursor(0, COLUMNS - 1);
    put("x");
    expect_row(0, "12345678901234567890");
    expect_row(1, "x");
    expect_cursor(1, 1);
}

static void word_longer_than_a_row_is_cut_at_the_edge(void **state)
{
    (void)state;
    put("at 0x123456789abcdef0123456789");
    expect_row(0, "at");
    expect_row(1, "0x123456789abcdef012");
    expect_row(2, "3456789");
}

static void blanks_at_the_cut_are_not_shown(void **state)
{
    (void)state;
    put("12345678901234567      next");
    expect_row(0, "12345678901234567");
    expect_row(1, "next");
}

static void blanks_at_the_start_are_shown(void **state)
{
    (void)state;
    put("  indented by two, twice\n    four");
    expect_row(0, "  indented by two,");
    expect_row(1, "twice");
    expect_row(2, "    four");
}

/* The columns of a table are blanks between words: they stay where the row is wide enough. */
static void blanks_between_columns_are_kept(void **state)
{
    (void)state;
    put("map      the map");
    expect_row(0, "map      the map");
}

static void blanks_at_the_end_need_no_row(void **state)
{
    (void)state;
    put("12345678901234567890      \n          12345678901     \nx");
    expect_row(0, "12345678901234567890");
    expect_row(1, "          1234567890");
    expect_row(2, "1");
    expect_row(3, "x");
}

static void only_the_last_rows_are_shown(void **state)
{
    (void)state;
    put("1\n2\n3\n4\n5\nseven words that are too many\n6");
    assert_int_equal(rows.count, ROOM);
    expect_row(0, "4");
    expect_row(1, "5");
    expect_row(2, "seven words that are");
    expect_row(3, "too many");
    expect_row(4, "6");
}

static void line_longer_than_the_screen_shows_its_end(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        put("123456789 123456789 ");
    put("end");
    assert_int_equal(rows.count, ROOM);
    expect_row(0, "123456789 123456789");
    expect_row(3, "123456789 123456789");
    expect_row(4, "end");
    expect_cursor(4, 3);
}

static void every_row_of_an_error_is_one(void **state)
{
    char text[SCROLL_COLUMNS_MAX + 1];
    (void)state;
    put("error: no room that is large enough\nok error: no\n");
    assert_true(read_row(0, text));
    assert_true(read_row(1, text));
    assert_string_equal(text, "is large enough");
    assert_false(read_row(2, text));
    assert_false(read_row(3, text));
    assert_false(read_row(4, text));
}

/*   |12345678901234567890|      the x and the 0 are erased: the cursor is back in the first row
 *   |x                   |  */
static void backspace_goes_back_over_a_cut_word(void **state)
{
    (void)state;
    put("12345678901234567890x\b \b\b \b");
    expect_row(0, "1234567890123456789");
    expect_row(1, "");
    expect_cursor(0, 19);
}

/* A word that grows too long for its row moves to the next one, and comes back when it shrinks. */
static void word_moves_as_it_grows_and_shrinks(void **state)
{
    (void)state;
    put("ashlar> alloc 1M as sou");
    expect_row(0, "ashlar> alloc 1M as");
    expect_row(1, "sou");
    expect_cursor(1, 3);
    put("\b \b\b \b\b");
    expect_cursor(1, 0);
    put(" \b");
    expect_row(0, "ashlar> alloc 1M as");
    expect_row(1, "");
    expect_cursor(0, 19);
}

/* Blanks that are typed at the edge are not seen; the cursor waits there. */
static void cursor_waits_at_the_edge_for_a_word(void **state)
{
    (void)state;
    put("1234567890123456789      ");
    expect_cursor(0, 19);
    put("x");
    expect_row(1, "x");
    expect_cursor(1, 1);
}

static void cursor_goes_up_into_the_row_it_is_moved_to(void **state)
{
    (void)state;
    put("one two three four five six seven");
    expect_cursor(1, 14);
    put("\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b");
    expect_cursor(0, 18);
    put("\b\b\b");
    expect_cursor(0, 15);
}

/* All that line.c does to a line that is longer than a row ends with the same text and cursor. */
static void input_line_is_edited_over_rows(void **state)
{
    static struct line line;
    (void)state;
    put("> ");
    line_init(&line, put_character);
    line_begin(&line);
    for (const char *key = "alloc 3M below 16M align 64K\x01X\x05Y\x02\x02\x02\bZ"; *key; key++)
        line_put(&line, (uint8_t)*key);
    put("");
    assert_string_equal(line.text, "Xalloc 3M below 16M align Z4KY");
    expect_row(0, "> Xalloc 3M below");
    expect_row(1, "16M align Z4KY");
    expect_cursor(1, 11);
    line_put(&line, 'U' - 'A' + 1);
    put("");
    expect_row(0, "> 4KY");
    expect_row(1, "");
    expect_cursor(0, 2);
    line_put(&line, '\r');
    put("x");
    expect_row(1, "x");
}

static void same_lines_give_the_same_rows_again(void **state)
{
    static const int widths[] = {80, 128, 40, 80};
    char first[SCROLL_ROWS_MAX][SCROLL_COLUMNS_MAX + 1];
    char again[SCROLL_COLUMNS_MAX + 1];
    (void)state;
    for (int i = 0; i < 30; i++)
        put("block id=6 physical=0xd00000 end=0x1000000 bytes=3145728 frames=768 "
            "virtual=0x532bf000 owner=sound\n\nerror: no\n");
    put("ashlar> help al\b\b");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        scroll_set_size(&rows, widths[i], 25);
        scroll_lay_out(&rows, &kept);
        for (int row = 0; row < 25 && i == 0; row++)
            read_row(row, first[row]);
        expect_cursor(24, 13);
    }
    for (int row = 0; row < 25; row++) {
        read_row(row, again);
        assert_string_equal(again, first[row]);
    }
    expect_row(23, "error: no");
    expect_row(21, "virtual=0x532bf000 owner=sound");
    scroll_set_size(&rows, 128, 25);
    scroll_lay_out(&rows, &kept);
    expect_row(21, "block id=6 physical=0xd00000 end=0x1000000 bytes=3145728 frames=768 "
                   "virtual=0x532bf000 owner=sound");
}

static void narrowest_screen_has_one_cell(void **state)
{
    (void)state;
    scroll_set_size(&rows, 0, -3);
    put("ab c\nde");
    assert_int_equal(rows.columns, 1);
    assert_int_equal(rows.count, 1);
    expect_row(0, "e");
    expect_cursor(0, 0);
}

/* A line with more rows than the screen has room for, and the cursor at its start. */
static void cursor_may_be_above_the_screen(void **state)
{
    (void)state;
    scroll_set_size(&rows, 10, 2);
    put("123456789 123456789 123456789 123456789\r");
    assert_true(rows.cursor_row < 0);
    expect_row(1, "123456789");
}

static void what_is_beyond_the_maxima_is_not_used(void **state)
{
    (void)state;
    scroll_set_size(&rows, 10000, 10000);
    for (int i = 0; i < 3 * SCROLL_ROWS_MAX; i++)
        put("line\n");
    assert_int_equal(rows.columns, SCROLL_COLUMNS_MAX);
    assert_int_equal(rows.count, SCROLL_ROWS_MAX);
    expect_row(0, "line");
    expect_row(SCROLL_ROWS_MAX - 2, "line");
    expect_row(SCROLL_ROWS_MAX - 1, "");
}

static void ring_that_lost_lines_shows_the_rest(void **state)
{
    (void)state;
    kept = (struct scrollback){.text = memory, .size_bytes = 32};
    put("one\ntwo\nthree\nfour\nfive\nsix words in it");
    expect_row(0, "three");
    expect_row(2, "five");
    expect_row(3, "six words in it");
    expect_row(4, "");
}

/* ---- looking back --------------------------------------------------------------------------- */

static void put_lines(int count)
{
    for (int i = 1; i <= count; i++) {
        put_character((char)('a' + i / 10));
        put_character((char)('0' + i % 10));
        put_character('\n');
    }
    put(">");
}

static void turn(int row_count)
{
    scroll_turn(&rows, row_count);
    scroll_lay_out(&rows, &kept);
}

static void expect_look_back(const char *first, const char *last, const char *place)
{
    expect_row(0, first);
    expect_row(ROOM - 2, last);
    expect_row(ROOM - 1, place);
    assert_true(rows.cursor_row < 0);
}

static void expect_end(void)
{
    expect_row(0, "b0");
    expect_row(ROOM - 1, ">");
    expect_cursor(ROOM - 1, 1);
}

/* Each page goes on where the one before it began, both ways; the ends are not left. */
static void pages_go_on_where_others_began(void **state)
{
    (void)state;
    put_lines(13);
    expect_end();
    turn(scroll_page(&rows));
    expect_look_back("a6", "a9", "-- 5 more below: Shi");
    turn(scroll_page(&rows));
    expect_look_back("a2", "a5", "-- 9 more below: Shi");
    turn(scroll_page(&rows));
    expect_look_back("a1", "a4", "-- 10 more below: Sh");
    turn(scroll_page(&rows));
    expect_look_back("a1", "a4", "-- 10 more below: Sh");
    turn(-scroll_page(&rows));
    expect_look_back("a5", "a8", "-- 6 more below: Shi");
    turn(-scroll_page(&rows));
    turn(-scroll_page(&rows));
    expect_end();
    turn(-scroll_page(&rows));
    expect_end();
}

static void single_rows_are_turned(void **state)
{
    (void)state;
    put_lines(13);
    turn(1);
    expect_look_back("a9", "b2", "-- 2 more below: Shi");
    turn(1);
    expect_look_back("a8", "b1", "-- 3 more below: Shi");
    turn(-1);
    expect_look_back("a9", "b2", "-- 2 more below: Shi");
    turn(-1);
    expect_end();
}

/* The place is counted in rows of the width, not in lines. */
static void wrapped_lines_are_turned_row_by_row(void **state)
{
    (void)state;
    put("one two three four five six seven eight nine ten eleven twelve\nlast");
    scroll_set_size(&rows, 10, 4);
    scroll_lay_out(&rows, &kept);
    expect_row(0, "eight nine");
    turn(scroll_page(&rows));
    expect_row(0, "three four");
    expect_row(2, "seven");
    expect_row(3, "-- 4 more");
    scroll_set_size(&rows, 60, 4);
    scroll_lay_out(&rows, &kept);
    expect_row(2, "last");
}

static void screen_with_room_for_all_looks_back_at_nothing(void **state)
{
    (void)state;
    put_lines(2);
    turn(scroll_page(&rows));
    expect_row(0, "a1");
    expect_row(2, ">");
    assert_int_equal(rows.back, 0);
}

static void cleared_lines_are_seen_by_looking_back(void **state)
{
    (void)state;
    put_lines(6);
    put("\n");
    scrollback_clear(&kept);
    put("> ");
    expect_row(0, ">");
    expect_row(1, "");
    turn(scroll_page(&rows));
    expect_look_back("a4", ">", "-- 1 more below: Shi");
    turn(-scroll_page(&rows));
    expect_row(0, ">");
    expect_row(1, "");
    expect_cursor(0, 2);
}

static void screen_of_one_row_is_not_turned(void **state)
{
    (void)state;
    scroll_set_size(&rows, COLUMNS, 1);
    put_lines(3);
    turn(scroll_page(&rows));
    turn(5);
    turn(-5);
    expect_row(0, ">");
}

static const struct row *row_at(int row)
{
    return &rows.rows[(rows.first + row) % rows.room];
}

static bool is_blank(uint32_t position)
{
    return scrollback_at(&kept, position) == ' ';
}

/*
 * Between two rows there are only blanks, or the line's end, or a word is cut: because it is longer
 * than a row, or because the row begins with blanks and has no other word.
 */
static void expect_right_cut(const struct row *row, uint32_t next)
{
    uint32_t end = row->start + row->length;
    assert_true(row->length <= rows.columns);
    if (end == next) {
        assert_int_equal(row->length, rows.columns);
        for (uint32_t i = row->start + 1; i < end; i++)
            assert_true(is_blank(i - 1) || !is_blank(i));
        return;
    }
    for (; end < next; end++)
        assert_true(is_blank(end) || scrollback_at(&kept, end) == '\n');
    assert_false(row->length > 0 && is_blank(next) && scrollback_at(&kept, next - 1) != '\n');
}

static void any_text_is_shown_whole(void **state)
{
    static const char alphabet[] = "abc   \n";
    uint32_t random = 1;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        kept = (struct scrollback){.text = memory, .size_bytes = SIZE};
        for (int i = 0; i < 60; i++) {
            random = random * 1664525u + 1013904223u;
            put_character(alphabet[(random >> 24) % (sizeof alphabet - 1)]);
        }
        scroll_set_size(&rows, 1 + round % 12, SCROLL_ROWS_MAX);
        scroll_lay_out(&rows, &kept);
        assert_int_equal(row_at(0)->start, kept.first);
        for (int row = 0; row + 1 < rows.count; row++)
            expect_right_cut(row_at(row), row_at(row + 1)->start);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pages_go_on_where_others_began, start_empty),
        cmocka_unit_test_setup(single_rows_are_turned, start_empty),
        cmocka_unit_test_setup(wrapped_lines_are_turned_row_by_row, start_empty),
        cmocka_unit_test_setup(screen_with_room_for_all_looks_back_at_nothing, start_empty),
        cmocka_unit_test_setup(cleared_lines_are_seen_by_looking_back, start_empty),
        cmocka_unit_test_setup(screen_of_one_row_is_not_turned, start_empty),
        cmocka_unit_test_setup(nothing_is_one_row, start_empty),
        cmocka_unit_test_setup(empty_lines_are_rows, start_empty),
        cmocka_unit_test_setup(line_is_cut_behind_a_word, start_empty),
        cmocka_unit_test_setup(line_as_wide_as_the_screen_is_one_row, start_empty),
        cmocka_unit_test_setup(full_row_is_not_left_before_it_must_be, start_empty),
        cmocka_unit_test_setup(word_longer_than_a_row_is_cut_at_the_edge, start_empty),
        cmocka_unit_test_setup(blanks_at_the_cut_are_not_shown, start_empty),
        cmocka_unit_test_setup(blanks_at_the_start_are_shown, start_empty),
        cmocka_unit_test_setup(blanks_between_columns_are_kept, start_empty),
        cmocka_unit_test_setup(blanks_at_the_end_need_no_row, start_empty),
        cmocka_unit_test_setup(only_the_last_rows_are_shown, start_empty),
        cmocka_unit_test_setup(line_longer_than_the_screen_shows_its_end, start_empty),
        cmocka_unit_test_setup(every_row_of_an_error_is_one, start_empty),
        cmocka_unit_test_setup(backspace_goes_back_over_a_cut_word, start_empty),
        cmocka_unit_test_setup(word_moves_as_it_grows_and_shrinks, start_empty),
        cmocka_unit_test_setup(cursor_waits_at_the_edge_for_a_word, start_empty),
        cmocka_unit_test_setup(cursor_goes_up_into_the_row_it_is_moved_to, start_empty),
        cmocka_unit_test_setup(input_line_is_edited_over_rows, start_empty),
        cmocka_unit_test_setup(same_lines_give_the_same_rows_again, start_empty),
        cmocka_unit_test_setup(narrowest_screen_has_one_cell, start_empty),
        cmocka_unit_test_setup(cursor_may_be_above_the_screen, start_empty),
        cmocka_unit_test_setup(what_is_beyond_the_maxima_is_not_used, start_empty),
        cmocka_unit_test_setup(any_text_is_shown_whole, start_empty),
        cmocka_unit_test_setup(ring_that_lost_lines_shows_the_rest, start_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
