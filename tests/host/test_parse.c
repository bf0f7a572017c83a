/* What people type: numbers, ranges, modes, words. */

#include "kernel/lib/parse.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

/* ---- numbers -------------------------------------------------------------------------------- */

static void expect_number(const char *text, uint64_t expected)
{
    uint64_t value = ~expected;
    assert_int_equal(parse_number(text, &value), PARSE_OK);
    assert_int_equal(value, expected);
}

static void expect_no_number(const char *text, enum parse_status status)
{
    uint64_t value = 77;
    assert_int_equal(parse_number(text, &value), status);
    assert_int_equal(value, 77);
}

static void numbers_are_decimal_or_behind_0x(void **state)
{
    (void)state;
    expect_number("0", 0);
    expect_number("4096", 4096);
    expect_number("007", 7);
    expect_number("0x0", 0);
    expect_number("0xfeBC0a9", 0xFEBC0A9);
    expect_number("0Xff", 0xFF);
    expect_number("0x1B", 0x1B);
}

static void suffixes_are_powers_of_1024(void **state)
{
    (void)state;
    expect_number("3K", 3 << 10);
    expect_number("3k", 3 << 10);
    expect_number("3M", 3 << 20);
    expect_number("3m", 3 << 20);
    expect_number("3G", (uint64_t)3 << 30);
    expect_number("3g", (uint64_t)3 << 30);
    expect_number("3T", (uint64_t)3 << 40);
    expect_number("3t", (uint64_t)3 << 40);
    expect_number("0x10K", 0x10 << 10);
    expect_number("0xFFG", (uint64_t)0xFF << 30);
    expect_number("0T", 0);
}

static void frames_are_4096_bytes_behind_decimal_numbers(void **state)
{
    (void)state;
    expect_number("0f", 0);
    expect_number("3f", 3 * 4096);
    expect_number("16F", 16 * 4096);
    expect_number("4503599627370495f", UINT64_MAX << 12);
    expect_number("0x3f", 0x3F);
    expect_number("0XF", 0xF);
    expect_no_number("f", PARSE_NOT_A_NUMBER);
    expect_no_number("3ff", PARSE_NOT_A_NUMBER);
    expect_no_number("3Kf", PARSE_NOT_A_NUMBER);
    expect_no_number("3fK", PARSE_NOT_A_NUMBER);
    expect_no_number("af", PARSE_NOT_A_NUMBER);
    expect_no_number("0xf f", PARSE_NOT_A_NUMBER);
    expect_no_number("4503599627370496f", PARSE_TOO_LARGE);
    assert_true(parse_counts_frames("3f") && parse_counts_frames("12F"));
    assert_false(parse_counts_frames("0x3f") || parse_counts_frames("0XF"));
    assert_false(parse_counts_frames("3") || parse_counts_frames("3K") || parse_counts_frames(""));
}

static void units_have_an_optional_b_or_ib(void **state)
{
    (void)state;
    static const char *const units[] = {"M", "m", "MB", "mb", "Mb", "MiB", "mib", "MIB", "MiB"};
    static const char *const no_units[] = {"B",   "iB",  "Mi", "MBB", "BM", "MiBB",
                                           "iMB", "KMB", "PB", "fB",  "fiB"};
    char text[16];
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        snprintf(text, sizeof text, "3%s", units[i]);
        expect_number(text, 3 << 20);
    }
    for (size_t i = 0; i < sizeof no_units / sizeof *no_units; i++) {
        snprintf(text, sizeof text, "3%s", no_units[i]);
        expect_no_number(text, PARSE_NOT_A_NUMBER);
    }
    expect_number("3KB", 3 << 10);
    expect_number("3GiB", (uint64_t)3 << 30);
    expect_number("3TB", (uint64_t)3 << 40);
    expect_number("0x1BKB", 0x1B << 10);
    expect_number("0x1MB", 1 << 20);
    expect_no_number("16777216TB", PARSE_TOO_LARGE);
    expect_no_number("MB", PARSE_NOT_A_NUMBER);
    expect_no_number("0xMB", PARSE_NOT_A_NUMBER);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      "0x",    "0xK", "K",     "1KK", "1K2",   "-1",
        "+1",    " 1",    "1 ",  "1.5",   "0xG", "x10",   "1e3",
        "12a",   "1B",    "1KM", "0x0x1", "1P",  "1,000", "99999999999999999999z",
        "1\xCB", "1\x0B",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_no_number(texts[i], PARSE_NOT_A_NUMBER);
}

static void numbers_reach_2_64_less_1(void **state)
{
    (void)state;
    expect_number("18446744073709551615", UINT64_MAX);
    expect_number("0xFFFFFFFFFFFFFFFF", UINT64_MAX);
    expect_number("00000000000000000000000000000000001", 1);
    expect_number("16777215T", (uint64_t)0xFFFFFF << 40);
    expect_number("18014398509481983K", UINT64_MAX << 10);
}

static void numbers_beyond_2_64_are_too_large(void **state)
{
    (void)state;
    expect_no_number("18446744073709551616", PARSE_TOO_LARGE);
    expect_no_number("99999999999999999999", PARSE_TOO_LARGE);
    expect_no_number("99999999999999999999999999999999999999999K", PARSE_TOO_LARGE);
    expect_no_number("0x10000000000000000", PARSE_TOO_LARGE);
    expect_no_number("16777216T", PARSE_TOO_LARGE);
    expect_no_number("18014398509481984K", PARSE_TOO_LARGE);
    expect_no_number("0x400000000G", PARSE_TOO_LARGE);
}

static void each_status_has_a_text(void **state)
{
    (void)state;
    assert_string_equal(parse_status_text(PARSE_NOT_A_NUMBER), "is not a number");
    assert_string_equal(parse_status_text(PARSE_TOO_LARGE), "is too large a number");
    assert_string_equal(parse_status_text(PARSE_EMPTY), "is a range without a byte");
}

/* ---- ranges --------------------------------------------------------------------------------- */

static void expect_range(const char *text, uint64_t expected_base, uint64_t expected_end)
{
    uint64_t base = 7;
    uint64_t end = 8;
    assert_int_equal(parse_range(text, &base, &end), PARSE_OK);
    assert_int_equal(base, expected_base);
    assert_int_equal(end, expected_end);
}

static void expect_no_range(const char *text, enum parse_status status)
{
    uint64_t base = 7;
    uint64_t end = 8;
    assert_int_equal(parse_range(text, &base, &end), status);
    assert_true(base == 7 && end == 8);
}

static void ranges_have_an_end_or_a_size(void **state)
{
    (void)state;
    expect_range("0x1234000", 0x1234000, 0x1234001);
    expect_range("0", 0, 1);
    expect_range("0x2000000-0x2003000", 0x2000000, 0x2003000);
    expect_range("15M-16M", 15 << 20, 16 << 20);
    expect_range("1+1", 1, 2);
    expect_range("4G+12K", (uint64_t)4 << 30, ((uint64_t)4 << 30) + (12 << 10));
    expect_range("0-18446744073709551615", 0, UINT64_MAX);
    expect_range("0xFFFFFFFFFFFFFFFE", UINT64_MAX - 1, UINT64_MAX);
}

static void what_is_no_range_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",      "-",    "+",    "1-",   "-1",   "1+",
                                        "1-2-3", "1+2-", "1--2", "1 -2", "1-2 ", "x-2",
                                        "1-y",   "1K2-", "1..2", "1-+2", "0x-1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_no_range(texts[i], PARSE_NOT_A_NUMBER);
    expect_no_range("5-5", PARSE_EMPTY);
    expect_no_range("5-4", PARSE_EMPTY);
    expect_no_range("5+0", PARSE_EMPTY);
    expect_no_range("18446744073709551615", PARSE_TOO_LARGE);
    expect_no_range("18446744073709551616-5", PARSE_TOO_LARGE);
    expect_no_range("5-18446744073709551616", PARSE_TOO_LARGE);
    expect_no_range("5+18446744073709551615", PARSE_TOO_LARGE);
}

/* ---- modes and words ------------------------------------------------------------------------ */

static void modes_have_two_or_three_dimensions(void **state)
{
    (void)state;
    struct parse_mode mode;
    assert_true(parse_mode("1024x768", &mode));
    assert_int_equal(mode.width, 1024);
    assert_int_equal(mode.height, 768);
    assert_int_equal(mode.bits, 32);
    assert_true(parse_mode("640x480x16", &mode));
    assert_int_equal(mode.width, 640);
    assert_int_equal(mode.height, 480);
    assert_int_equal(mode.bits, 16);
    assert_true(parse_mode("65535x1x1", &mode));
    assert_int_equal(mode.width, 65535);
}

static void wrong_modes_change_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "1024",
        "1024x",
        "x768",
        "1024x768x",
        "1024x768x32x",
        "0x768",
        "1024x0",
        "1024x768x0",
        "65536x768",
        "1024X768",
        "1024x768 ",
        "-1x768",
        " 1024x768",
        "1024x768x32K",
        "1024xx768x8",
        "axb",
        "1024*768",
        "99999999999999999999x1",
        "1x18446744073709551617",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct parse_mode mode = {1, 2, 3};
        assert_false(parse_mode(texts[i], &mode));
        assert_true(mode.width == 1 && mode.height == 2 && mode.bits == 3);
    }
}

static void words_stand_between_blanks(void **state)
{
    (void)state;
    char line[] = "  alloc\t 3M  below\t16M ";
    char *words[8];
    assert_int_equal(parse_words(line, words, 8), 4);
    assert_string_equal(words[0], "alloc");
    assert_string_equal(words[1], "3M");
    assert_string_equal(words[2], "below");
    assert_string_equal(words[3], "16M");
}

static void blank_lines_have_no_words(void **state)
{
    (void)state;
    char *words[1] = {NULL};
    char empty[] = "";
    char blank[] = " \t ";
    assert_int_equal(parse_words(empty, words, 1), 0);
    assert_int_equal(parse_words(blank, words, 1), 0);
    assert_null(words[0]);
}

static void words_without_a_place_are_counted(void **state)
{
    (void)state;
    char line[] = "a b c d e";
    char *words[3] = {NULL, NULL, line};
    assert_int_equal(parse_words(line, words, 2), 5);
    assert_string_equal(words[0], "a");
    assert_string_equal(words[1], "b");
    assert_ptr_equal(words[2], line);
}

/* Of the line, the words that are left, each with a bar behind it. */
static void expect_joined(const char *line, const char *expected)
{
    char text[128];
    char joined[128] = "";
    char *words[16];
    snprintf(text, sizeof text, "%s", line);
    size_t count = parse_join_units(words, parse_words(text, words, 16));
    for (size_t i = 0; i < count; i++) {
        strcat(joined, words[i]);
        strcat(joined, "|");
    }
    assert_string_equal(joined, expected);
}

static void units_are_joined_to_their_numbers(void **state)
{
    (void)state;
    expect_joined("alloc 3 MB", "alloc|3MB|");
    expect_joined("alloc 3  m below 16\tMiB as x", "alloc|3m|below|16MiB|as|x|");
    expect_joined("at 0x10 K 2", "at|0x10K|2|");
    expect_joined("alloc 3M M", "alloc|3M|M|");
    expect_joined("alloc 3 M M", "alloc|3M|M|");
    expect_joined("alloc 3 X", "alloc|3|X|");
    expect_joined("alloc 3 B", "alloc|3|B|");
    expect_joined("alloc 3 f as x", "alloc|3f|as|x|");
    expect_joined("help M", "help|M|");
    expect_joined("M 3", "M|3|");
    expect_joined("alloc MB 3", "alloc|MB|3|");
    expect_joined("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_or_behind_0x),
        cmocka_unit_test(suffixes_are_powers_of_1024),
        cmocka_unit_test(frames_are_4096_bytes_behind_decimal_numbers),
        cmocka_unit_test(units_have_an_optional_b_or_ib),
        cmocka_unit_test(units_are_joined_to_their_numbers),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(numbers_reach_2_64_less_1),
        cmocka_unit_test(numbers_beyond_2_64_are_too_large),
        cmocka_unit_test(each_status_has_a_text),
        cmocka_unit_test(ranges_have_an_end_or_a_size),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(modes_have_two_or_three_dimensions),
        cmocka_unit_test(wrong_modes_change_nothing),
        cmocka_unit_test(words_stand_between_blanks),
        cmocka_unit_test(blank_lines_have_no_words),
        cmocka_unit_test(words_without_a_place_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
