/* What people type, and what the boot loader passes on: numbers, modes, words, boot options. */

#include "kernel/parse.h"

#include <stdio.h>
#include <string.h>

#include "kernel/options.h"
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

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      "0x",    "0xK", "K",     "1KK", "1K2",   "-1",
        "+1",    " 1",    "1 ",  "1.5",   "0xG", "x10",   "1e3",
        "12a",   "1B",    "1KB", "0x0x1", "1P",  "1,000", "99999999999999999999z",
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

/* ---- boot options --------------------------------------------------------------------------- */

static struct options options;

static void read_options(const char *command_line)
{
    static char line[4096];
    assert_true(strlen(command_line) < sizeof line);
    strcpy(line, command_line);
    memset(&options, 0xA5, sizeof options);
    options_read(&options, line);
}

static void expect_defaults_but_problems(void)
{
    assert_int_equal(options.video, OPTIONS_VIDEO_GRAPHICS);
    assert_false(options.has_mode);
    assert_null(options.adapter);
    assert_false(options.flip);
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_CONTIGUOUS);
    assert_false(options.no_write_combining);
    assert_false(options.no_pae);
    assert_false(options.serial_only);
    assert_false(options.trace);
    assert_false(options.selftest);
    assert_null(options.run);
}

static void nothing_said_leaves_the_defaults(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "   \t ", "build/ashlar.elf", "/boot/ashlar",
                                        "a.elf  "};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        read_options(lines[i]);
        expect_defaults_but_problems();
        assert_int_equal(options.problem_count, 0);
    }
}

static void every_option_is_read(void **state)
{
    (void)state;
    read_options("ashlar.elf video=800x600x16 console=serial trace\tselftest run=map;exit 3");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.width, 800);
    assert_int_equal(options.mode.height, 600);
    assert_int_equal(options.mode.bits, 16);
    assert_true(options.serial_only);
    assert_true(options.trace);
    assert_true(options.selftest);
    assert_string_equal(options.run, "map;exit 3");
    assert_int_equal(options.problem_count, 0);
}

static void video_is_a_mode_text_or_off(void **state)
{
    (void)state;
    read_options("video=text");
    assert_int_equal(options.video, OPTIONS_VIDEO_TEXT);
    read_options("video=off");
    assert_int_equal(options.video, OPTIONS_VIDEO_OFF);
    read_options("video=640x480");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.bits, 32);
    read_options("video=640x480x8 video=text");
    assert_int_equal(options.video, OPTIONS_VIDEO_TEXT);
}

static void drivers_have_parameters(void **state)
{
    (void)state;
    read_options("param=kit.Crime=5 param=bochs.Name=a.b");
    assert_int_equal(options.problem_count, 0);
    assert_int_equal(options.parameter_count, 2);
    assert_string_equal(options.parameters[0], "kit.Crime=5");
    assert_string_equal(options.parameters[1], "bochs.Name=a.b");
    static const char *const wrong[] = {"param=", "param=kit", "param=.a=1", "param=kit=1.2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        read_options(wrong[i]);
        assert_int_equal(options.problem_count, 1);
        assert_int_equal(options.parameter_count, 0);
    }
}

/* The seventeenth is one too many. */
static void parameters_are_counted(void **state)
{
    (void)state;
    char line[17 * 12 + 1] = "";
    for (size_t i = 0; i < 17; i++)
        strcat(line, "param=a.b=1 ");
    read_options(line);
    assert_int_equal(options.parameter_count, OPTIONS_PARAMETERS_MAX);
    assert_int_equal(options.problem_count, 1);
}

static void expect_bad_memory(size_t index, phys_t base, phys_t end)
{
    assert_true(index < options.bad_memory_count);
    assert_int_equal(options.bad_memory[index].base, base);
    assert_int_equal(options.bad_memory[index].end, end);
}

static void bad_memory_is_a_list(void **state)
{
    (void)state;
    read_options("badram=0x1234000,32M-0x2003000 trace badram=5G+8K");
    assert_int_equal(options.problem_count, 0);
    assert_int_equal(options.bad_memory_count, 3);
    expect_bad_memory(0, 0x1234000, 0x1234001);
    expect_bad_memory(1, 0x2000000, 0x2003000);
    expect_bad_memory(2, 5 * GIB, 5 * GIB + 8 * KIB);
    assert_true(options.trace);
}

/* A wrong item is named, and costs that item alone. */
static void wrong_items_of_bad_memory_are_named(void **state)
{
    (void)state;
    static const struct options_problem expected[] = {
        {"0x12zz", "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between"},
        {"5-3", "the range has no byte"},
        {"", "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between"},
        {"4096T", "no memory has that address"},
        {"99999999999999999999", "no memory has that address"},
    };
    read_options("badram=0x12zz,0x1000,5-3,,4096T,99999999999999999999,0x2000 trace");
    assert_int_equal(options.bad_memory_count, 2);
    expect_bad_memory(0, 0x1000, 0x1001);
    expect_bad_memory(1, 0x2000, 0x2001);
    assert_int_equal(options.problem_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_string_equal(options.problems[i].word, expected[i].word);
        assert_string_equal(options.problems[i].text, expected[i].text);
    }
    assert_true(options.trace);
}

/* The one beyond the last that has room. */
static void bad_memory_is_counted(void **state)
{
    (void)state;
    char line[OPTIONS_BAD_MEMORY_MAX * 10 + 32] = "badram=";
    for (unsigned i = 0; i < OPTIONS_BAD_MEMORY_MAX; i++)
        sprintf(line + strlen(line), "0x%x000,", i + 0x10);
    strcat(line, "0x77000");
    read_options(line);
    assert_int_equal(options.bad_memory_count, OPTIONS_BAD_MEMORY_MAX);
    assert_int_equal(options.problem_count, 1);
    assert_string_equal(options.problems[0].word, "0x77000");
}

static void video_names_an_adapter_and_a_mode(void **state)
{
    (void)state;
    read_options("video=vga video=320x200x8 backbuffer=common present=flip");
    assert_int_equal(options.problem_count, 0);
    assert_string_equal(options.adapter, "vga");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.bits, 8);
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_COMMON);
    assert_true(options.flip);
    assert_false(options.no_write_combining);
    assert_false(options.no_acpi);
    assert_false(options.no_pae);
    read_options("video=boot backbuffer=none wc=off acpi=off pae=off");
    assert_true(options.no_write_combining);
    assert_true(options.no_acpi);
    assert_true(options.no_pae);
    assert_string_equal(options.adapter, "boot");
    assert_int_equal(options.back_buffer, OPTIONS_BACK_BUFFER_NONE);
    assert_false(options.flip);
}

/*  trace run=alloc 3M  below 16M; trace  |   all behind run= is one option, blanks and all */
static void run_takes_the_rest_of_the_line(void **state)
{
    (void)state;
    read_options("trace run=alloc 3M  below 16M; console=serial run=x ");
    assert_string_equal(options.run, "alloc 3M  below 16M; console=serial run=x ");
    assert_true(options.trace);
    assert_false(options.serial_only);
    read_options("run=");
    assert_string_equal(options.run, "");
    read_options("prerun=map");
    assert_null(options.run);
}

static void file_name_counts_in_the_first_place_only(void **state)
{
    (void)state;
    read_options("/boot/ashlar.elf trace /boot/ashlar.elf");
    assert_true(options.trace);
    assert_int_equal(options.problem_count, 1);
    assert_string_equal(options.problems[0].word, "/boot/ashlar.elf");
    assert_string_equal(options.problems[0].text, "there is no such boot option");
    read_options("ashlar");
    assert_int_equal(options.problem_count, 1);
    read_options("trace ashlar.elf");
    assert_int_equal(options.problem_count, 1);
}

static void wrong_words_are_noted_and_change_nothing(void **state)
{
    (void)state;
    static const struct options_problem cases[] = {
        {"video=", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=1024", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=640", "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"video=640x480x",
         "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
        {"backbuffer=", "backbuffer= takes contiguous, common or none"},
        {"present=flips", "present= takes copy or flip"},
        {"wc=on", "wc= takes off"},
        {"acpi=on", "acpi= takes off"},
        {"pae=", "pae= takes off"},
        {"pae=on", "pae= takes off"},
        {"console=", "console= takes serial"},
        {"console=serial0", "console= takes serial"},
        {"traces", "there is no such boot option"},
        {"trace=1", "there is no such boot option"},
        {"Selftest", "there is no such boot option"},
        {"video", "there is no such boot option"},
        {"run", "there is no such boot option"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_options(cases[i].word);
        expect_defaults_but_problems();
        assert_int_equal(options.problem_count, 1);
        assert_string_equal(options.problems[0].word, cases[i].word);
        assert_string_equal(options.problems[0].text, cases[i].text);
    }
}

static void wrong_word_does_not_undo_a_right_one(void **state)
{
    (void)state;
    read_options("video=640x480x8 console=serial video=9 console=vga");
    assert_true(options.has_mode);
    assert_int_equal(options.mode.width, 640);
    assert_true(options.serial_only);
    assert_int_equal(options.problem_count, 2);
}

static void problems_without_a_place_are_counted(void **state)
{
    (void)state;
    read_options("a b c d e f g h i j trace");
    assert_int_equal(options.problem_count, 10);
    assert_string_equal(options.problems[0].word, "a");
    assert_string_equal(options.problems[OPTIONS_PROBLEMS_MAX - 1].word, "h");
    assert_true(options.trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_or_behind_0x),
        cmocka_unit_test(suffixes_are_powers_of_1024),
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
        cmocka_unit_test(nothing_said_leaves_the_defaults),
        cmocka_unit_test(every_option_is_read),
        cmocka_unit_test(video_is_a_mode_text_or_off),
        cmocka_unit_test(video_names_an_adapter_and_a_mode),
        cmocka_unit_test(run_takes_the_rest_of_the_line),
        cmocka_unit_test(file_name_counts_in_the_first_place_only),
        cmocka_unit_test(wrong_words_are_noted_and_change_nothing),
        cmocka_unit_test(wrong_word_does_not_undo_a_right_one),
        cmocka_unit_test(problems_without_a_place_are_counted),
        cmocka_unit_test(drivers_have_parameters),
        cmocka_unit_test(parameters_are_counted),
        cmocka_unit_test(bad_memory_is_a_list),
        cmocka_unit_test(wrong_items_of_bad_memory_are_named),
        cmocka_unit_test(bad_memory_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
