/* Sentences in lines. */

#include "kernel/lib/wrap.h"

#include "test.h"

#include <string.h>

static const char long_text[] =
    "At power-on only the firmware knows what memory there is.  The boot "
    "loader asked it (E820), and  incomprehensibilities   follow. ";

static void expect_line(const char **text, size_t columns, const char *expected)
{
    size_t length;
    const char *line = wrap_next(text, columns, &length);
    assert_non_null(line);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(line, expected, length);
}

static void expect_end(const char *text, size_t columns)
{
    size_t length;
    assert_null(wrap_next(&text, columns, &length));
}

static void lines_end_at_blanks(void **state)
{
    (void)state;
    const char *text = "one two three";
    expect_line(&text, 8, "one two");
    expect_line(&text, 8, "three");
    expect_end(text, 8);
}

/* "one two" has 7 characters: a line of 7 holds it, though a blank follows. */
static void line_may_be_full(void **state)
{
    (void)state;
    const char *text = "one two three";
    expect_line(&text, 7, "one two");
    text = "one two";
    expect_line(&text, 7, "one two");
    expect_end(text, 7);
    text = "one two";
    expect_line(&text, 6, "one");
    expect_line(&text, 6, "two");
}

static void blanks_belong_to_no_line(void **state)
{
    (void)state;
    const char *text = "  one   two  ";
    expect_line(&text, 5, "one");
    expect_line(&text, 5, "two");
    expect_end(text, 5);
    text = "  a   b  ";
    expect_line(&text, 20, "a   b");
    expect_end(text, 20);
}

/* The last line has two words or more, if the line before can give one. */
static void last_line_has_two_words(void **state)
{
    (void)state;
    const char *text = "one two three four";
    expect_line(&text, 13, "one two");
    expect_line(&text, 13, "three four");
    expect_end(text, 13);
    text = "one two three incomprehensible"; /* the two do not fit */
    expect_line(&text, 16, "one two three");
    expect_line(&text, 16, "incomprehensible");
    text = "one two six ";
    expect_line(&text, 7, "one two"); /* the line would not keep two */
    expect_line(&text, 7, "six");
    expect_end(text, 7);
    assert_int_equal(wrap_count("one two three four", 13), 2);
}

static void longer_word_is_cut(void **state)
{
    (void)state;
    const char *text = "a incomprehensible b";
    expect_line(&text, 6, "a");
    expect_line(&text, 6, "incomp");
    expect_line(&text, 6, "rehens");
    expect_line(&text, 6, "ible b");
    expect_end(text, 6);
}

static void no_words_are_no_lines(void **state)
{
    (void)state;
    expect_end("", 10);
    expect_end("   ", 10);
    assert_int_equal(wrap_count("", 10), 0);
    assert_int_equal(wrap_count("  ", 10), 0);
}

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (text += strspn(text, " "); *text; count++) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return count;
}

/* At any width: in their order, each once, none across the edge, no line with room for the next. */
static void all_that_is_no_blank_is_shown_once(void **state)
{
    (void)state;
    for (size_t columns = 1; columns < sizeof long_text + 1; columns++) {
        const char *text = long_text;
        const char *behind = long_text;
        const char *line;
        size_t length;
        size_t count = 0;
        while ((line = wrap_next(&text, columns, &length))) {
            assert_in_range(length, 1, columns);
            assert_true(line[0] != ' ' && line[length - 1] != ' ');
            for (; behind < line; behind++)
                assert_int_equal(*behind, ' ');
            size_t next_word = strcspn(text, " ");
            size_t blanks = (size_t)(text - line) - length;
            assert_true(*text == '\0' || blanks == 0 || length + blanks + next_word > columns ||
                        count_words(text) == 2); /* the last line has two */
            behind = line + length;
            count++;
        }
        assert_int_equal(strspn(behind, " "), strlen(behind));
        assert_int_equal(wrap_count(long_text, columns), count);
    }
}

/* A row of a terminal, unlike a line of a sentence, keeps its blanks. */
static void row_keeps_blanks_at_its_start(void **state)
{
    static const char text[] = "  one two";
    (void)state;
    assert_int_equal(wrap_row(text, 9, 9), 9);
    assert_int_equal(wrap_row(text, 9, 8), 5);
    assert_int_equal(wrap_row(text, 9, 5), 5);
    assert_int_equal(wrap_row(text, 9, 4), 4);
    assert_int_equal(wrap_row(text, 9, 1), 1);
    assert_int_equal(wrap_row(text, 0, 1), 0);
    assert_int_equal(wrap_row("one  ", 5, 4), 3);
    assert_int_equal(wrap_row("one  ", 5, 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_at_blanks),
        cmocka_unit_test(line_may_be_full),
        cmocka_unit_test(blanks_belong_to_no_line),
        cmocka_unit_test(last_line_has_two_words),
        cmocka_unit_test(longer_word_is_cut),
        cmocka_unit_test(no_words_are_no_lines),
        cmocka_unit_test(all_that_is_no_blank_is_shown_once),
        cmocka_unit_test(row_keeps_blanks_at_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
