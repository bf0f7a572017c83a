/* What the console keeps: lines as they were written; without room for all, the newest. */

#include "kernel/log/scrollback.h"

#include "test.h"

#include <string.h>

#define SIZE 64u

static char memory[2 * SIZE];
static struct scrollback kept;

static int start_empty(void **state)
{
    (void)state;
    memset(memory, '#', sizeof memory);
    kept = (struct scrollback){.text = memory, .size_bytes = SIZE};
    return 0;
}

static void put(const char *text)
{
    while (*text)
        scrollback_put(&kept, *text++);
}

static void expect_text(const char *expected)
{
    char text[2 * SIZE + 1];
    size_t length = 0;
    for (uint32_t position = kept.first; position != kept.end; position++)
        text[length++] = scrollback_at(&kept, position);
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static void expect_line_above(uint32_t count, const char *expected)
{
    uint32_t line = scrollback_line_above(&kept, count);
    assert_int_equal(scrollback_line_end(&kept, line) - line, strlen(expected));
    for (; *expected; expected++)
        assert_int_equal(scrollback_at(&kept, line++), *expected);
}

static void lines_are_kept_as_written(void **state)
{
    (void)state;
    put("one\n\n  two  three \nopen");
    expect_text("one\n\n  two  three \nopen");
    expect_line_above(0, "open");
    expect_line_above(1, "  two  three ");
    expect_line_above(2, "");
    expect_line_above(3, "one");
    expect_line_above(4, "one");
}

static void nothing_is_one_empty_line(void **state)
{
    (void)state;
    expect_line_above(0, "");
    expect_line_above(9, "");
    assert_int_equal(kept.cursor, kept.line);
}

static void backspace_moves_without_erasing(void **state)
{
    (void)state;
    put("abc\b\bX");
    expect_text("aXc");
    assert_int_equal(kept.cursor - kept.line, 2);
}

static void backspace_stops_at_the_start_of_the_line(void **state)
{
    (void)state;
    put("a\n\b\bb\b\b\bc");
    expect_text("a\nc");
}

/* The shell ends a line while the cursor is within it. */
static void newline_keeps_what_is_behind_the_cursor(void **state)
{
    (void)state;
    put("free 12\b\b\b\nnext");
    expect_text("free 12\nnext");
}

static void return_overwrites_the_line(void **state)
{
    (void)state;
    put("one\n12345\rab");
    expect_text("one\nab345");
}

static void tab_fills_up_to_the_next_eighth_column(void **state)
{
    (void)state;
    put("a\tb\n12345678\tc");
    expect_text("a       b\n12345678        c");
}

static void others_are_kept_as_one_code(void **state)
{
    (void)state;
    put("\x1B\x7F\x80\xFF");
    expect_text("\x7F\x7F\x7F\x7F");
}

/* A ring of 64: eight lines of 8. The ninth takes the place of the first. */
static void full_ring_loses_its_oldest_line(void **state)
{
    (void)state;
    for (char line = '1'; line <= '8'; line++)
        put((char[]){line, '-', '-', '-', '-', '-', '-', '\n', '\0'});
    assert_int_equal(kept.end - kept.first, SIZE);
    expect_line_above(8, "1------");
    put("9");
    expect_line_above(7, "2------");
    expect_line_above(8, "2------");
    expect_line_above(0, "9");
    put("------\n");
    expect_line_above(8, "2------");
}

static void one_long_line_keeps_its_end(void **state)
{
    (void)state;
    put("first\n");
    for (int i = 0; i < 200; i++)
        scrollback_put(&kept, (char)('0' + i % 10));
    assert_int_equal(kept.end - kept.first, SIZE);
    assert_int_equal(kept.line, kept.first);
    assert_int_equal(scrollback_at(&kept, kept.end - 1), '9');
    assert_int_equal(scrollback_at(&kept, kept.first), '6');
    put("\b\b\bX\n!");
    expect_line_above(0, "!");
    assert_int_equal(scrollback_at(&kept, kept.end - 5), 'X');
}

static void empty_lines_fill_the_ring_too(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        put("\n");
    assert_int_equal(kept.end - kept.first, SIZE);
    expect_line_above(SIZE, "");
    assert_int_equal(scrollback_line_above(&kept, 2 * SIZE), kept.first);
}

/* Positions are counted up to 2^32, and then from 0 on. */
static void positions_may_run_over(void **state)
{
    (void)state;
    kept.first = kept.line = kept.cursor = kept.end = UINT32_MAX - 5;
    put("one\nerror: two\nthree\bX");
    expect_text("one\nerror: two\nthreX");
    expect_line_above(1, "error: two");
    assert_true(scrollback_is_error(&kept, scrollback_line_above(&kept, 1)));
    for (int i = 0; i < 20; i++)
        put("1234567\n");
    expect_line_above(7, "1234567");
}

static void moving_keeps_all(void **state)
{
    (void)state;
    static char larger[4 * SIZE];
    for (int i = 0; i < 20; i++)
        put("a line\n");
    put("open\b\b");
    struct scrollback before = kept;
    char old[SIZE];
    memcpy(old, memory, sizeof old);
    before.text = old;
    scrollback_move(&kept, larger, sizeof larger);
    memset(memory, '#', sizeof memory);
    assert_int_equal(kept.end - kept.first, before.end - before.first);
    for (uint32_t position = kept.first; position != kept.end; position++)
        assert_int_equal(scrollback_at(&kept, position), scrollback_at(&before, position));
    put("X");
    expect_line_above(0, "opXn");
    while (kept.end - kept.first < sizeof larger - 8)
        put("a line\n");
    assert_int_equal(kept.first, before.first);
}

static void errors_are_told_by_their_start(void **state)
{
    (void)state;
    put("error: x\nok error: y\nerror\nerror:");
    assert_true(scrollback_is_error(&kept, scrollback_line_above(&kept, 0)));
    assert_false(scrollback_is_error(&kept, scrollback_line_above(&kept, 1)));
    assert_false(scrollback_is_error(&kept, scrollback_line_above(&kept, 2)));
    assert_true(scrollback_is_error(&kept, scrollback_line_above(&kept, 3)));
}

static void expect_shown_line_above(uint32_t count, const char *expected)
{
    uint32_t line = scrollback_shown_line_above(&kept, count);
    char text[SIZE + 1] = "";
    for (size_t i = 0; line != scrollback_line_end(&kept, line); i++)
        text[i] = scrollback_at(&kept, line++);
    assert_string_equal(text, expected);
}

static void cleared_lines_are_kept(void **state)
{
    (void)state;
    put("one\ntwo\n");
    expect_shown_line_above(2, "one");
    scrollback_clear(&kept);
    put("three\nfour");
    expect_shown_line_above(0, "four");
    expect_shown_line_above(1, "three");
    expect_shown_line_above(2, "three");
    expect_line_above(3, "one");
    expect_text("one\ntwo\nthree\nfour");
}

/* The line that was the first shown one is gone from the ring: nothing is hidden any more. */
static void clearing_is_over_when_its_lines_are_lost(void **state)
{
    (void)state;
    put("one\n");
    scrollback_clear(&kept);
    for (int i = 0; i < 30; i++)
        put("line\n");
    expect_shown_line_above(3, "line");
    assert_int_equal(scrollback_shown_line_above(&kept, 100), kept.first);
}

static void clearing_works_where_positions_run_over(void **state)
{
    (void)state;
    kept.first = kept.line = kept.end = kept.cursor = kept.top = UINT32_MAX - 5;
    put("one\ntwo\n");
    scrollback_clear(&kept);
    put("three\nfour");
    expect_shown_line_above(1, "three");
    expect_shown_line_above(3, "three");
    expect_line_above(3, "one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lines_are_kept_as_written, start_empty),
        cmocka_unit_test_setup(nothing_is_one_empty_line, start_empty),
        cmocka_unit_test_setup(cleared_lines_are_kept, start_empty),
        cmocka_unit_test_setup(clearing_is_over_when_its_lines_are_lost, start_empty),
        cmocka_unit_test_setup(clearing_works_where_positions_run_over, start_empty),
        cmocka_unit_test_setup(backspace_moves_without_erasing, start_empty),
        cmocka_unit_test_setup(backspace_stops_at_the_start_of_the_line, start_empty),
        cmocka_unit_test_setup(newline_keeps_what_is_behind_the_cursor, start_empty),
        cmocka_unit_test_setup(return_overwrites_the_line, start_empty),
        cmocka_unit_test_setup(tab_fills_up_to_the_next_eighth_column, start_empty),
        cmocka_unit_test_setup(others_are_kept_as_one_code, start_empty),
        cmocka_unit_test_setup(full_ring_loses_its_oldest_line, start_empty),
        cmocka_unit_test_setup(one_long_line_keeps_its_end, start_empty),
        cmocka_unit_test_setup(empty_lines_fill_the_ring_too, start_empty),
        cmocka_unit_test_setup(positions_may_run_over, start_empty),
        cmocka_unit_test_setup(moving_keeps_all, start_empty),
        cmocka_unit_test_setup(errors_are_told_by_their_start, start_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
