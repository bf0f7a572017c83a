/*
 * Text from values, held against the C library's where that promises the same, and against
 * written-out text where it does not.
 */

#include "kernel/lib/format.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/*
 * The format is handed on as a variable on purpose: compilers know better than to let constants
 * through that this must survive (a null string, a number too wide for its length).
 */
#define EXPECT_SAME(constant_format, ...)                                                          \
    do {                                                                                           \
        const char *volatile format = constant_format;                                             \
        char expected[256];                                                                        \
        char made[256];                                                                            \
        int length = snprintf(expected, sizeof expected, format, __VA_ARGS__);                     \
        assert_int_equal(format_text(made, sizeof made, format, __VA_ARGS__), (size_t)length);     \
        assert_string_equal(made, expected);                                                       \
    } while (0)

static void plain_text_is_copied(void **state)
{
    (void)state;
    char text[32];
    assert_int_equal(format_text(text, sizeof text, "no conversion"), 13);
    assert_string_equal(text, "no conversion");
    EXPECT_SAME("100%% of %d%%", 7);
    EXPECT_SAME("%s", "");
}

static void signed_numbers_reach_their_ends(void **state)
{
    (void)state;
    EXPECT_SAME("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    EXPECT_SAME("%i %ld %ld", -42, LONG_MAX, LONG_MIN);
    EXPECT_SAME("%lld %lld", LLONG_MAX, LLONG_MIN);
    EXPECT_SAME("%jd %zd", (intmax_t)INT64_MIN, (ptrdiff_t)PTRDIFF_MIN);
}

static void unsigned_numbers_reach_their_ends(void **state)
{
    (void)state;
    EXPECT_SAME("%u %u", 0u, UINT_MAX);
    EXPECT_SAME("%lu %llu", ULONG_MAX, ULLONG_MAX);
    EXPECT_SAME("%zu %ju", SIZE_MAX, (uintmax_t)UINT64_MAX);
}

static void hexadecimal_has_either_case(void **state)
{
    (void)state;
    EXPECT_SAME("%x %X %x", 0xDEADBEEFu, 0xDEADBEEFu, 0u);
    EXPECT_SAME("%llx %llX", 0xFEDCBA9876543210ull, ULLONG_MAX);
    EXPECT_SAME("%lx %zx %jx", ULONG_MAX, SIZE_MAX, (uintmax_t)UINT64_MAX);
}

/* What follows a number of the wrong width would be read from the wrong place. */
static void each_length_takes_its_own_argument(void **state)
{
    (void)state;
    EXPECT_SAME("%d %lld %d %ld %d", 1, 2ll, 3, 4l, 5);
    EXPECT_SAME("%zu %u %ju %u %lu %u", (size_t)1, 2u, (uintmax_t)3, 4u, 5ul, 6u);
    EXPECT_SAME("%s %llu %s %c %s", "a", 1ull, "b", 'c', "d");
}

static void short_lengths_cut_their_numbers(void **state)
{
    (void)state;
    EXPECT_SAME("%hd %hu %hx", 0x18001, 0x18001u, 0xABCDEu);
    EXPECT_SAME("%hhd %hhu %hhx", 0x1FF, 0x1FFu, 0xABCDEu);
    EXPECT_SAME("%hhd %hd", -1, -1);
}

static void widths_pad_either_side(void **state)
{
    (void)state;
    EXPECT_SAME("[%5d][%-5d][%05d]", 42, 42, 42);
    EXPECT_SAME("[%5d][%-5d][%05d]", -42, -42, -42);
    EXPECT_SAME("[%3d][%-3d][%03d]", 12345, 12345, -12345);
    EXPECT_SAME("[%20llx][%-20llx][%020llx]", ULLONG_MAX, ULLONG_MAX, ULLONG_MAX);
    EXPECT_SAME("[%5c][%-5c]", 'x', 'x');
    EXPECT_SAME("[%5s][%-5s][%2s]", "abc", "abc", "abc");
    EXPECT_SAME("[%100u]", 7u);
    EXPECT_SAME("[%05s]", "abc");
}

static void left_wins_over_zeros(void **state)
{
    (void)state;
    EXPECT_SAME("[%-05d][%0-5d]", -42, 42);
}

/* Variables, because the compiler warns of flags and precisions that change nothing. */
static void numbers_have_prefixes_and_precisions(void **state)
{
    (void)state;
    unsigned zero = 0;
    EXPECT_SAME("[%#x][%#X][%#lx][%#x]", 0x1Fu, 0x1Fu, 0xFDul, zero);
    EXPECT_SAME("[%#10x][%-#10x][%#010x]", 0x1Fu, 0x1Fu, 0x1Fu);
    EXPECT_SAME("[%+d][% d][%+d][%+5d][%+05d]", 1, 2, -3, 4, 5);
    EXPECT_SAME("[%.8lx][%.4X][%.2d][%.3d]", 0xABCul, 0x12345u, 7, -7);
    EXPECT_SAME("[%8.4x][%-8.4x][%#8.4x][%.*d]", 0xABu, 0xABu, 0xABu, 5, 42);
    EXPECT_SAME("[%.0u][%.1u]", zero, zero);
}

static void widths_may_be_arguments(void **state)
{
    (void)state;
    EXPECT_SAME("[%*d][%-*d][%0*d]", 6, 42, 6, 42, 6, 42);
    EXPECT_SAME("[%*s][%*s]", 0, "abc", 2, "abc");
}

static void negative_width_argument_pads_on_the_right(void **state)
{
    (void)state;
    EXPECT_SAME("[%*d][%*s]", -6, 42, -4, "a");
}

static void precision_cuts_strings(void **state)
{
    (void)state;
    EXPECT_SAME("[%.0s][%.2s][%.3s][%.9s][%.s]", "abc", "abc", "abc", "abc", "abc");
    EXPECT_SAME("[%6.2s][%-6.2s][%.*s][%*.*s]", "abc", "abc", 1, "abc", 5, 2, "abc");
}

static void negative_precision_argument_is_none(void **state)
{
    (void)state;
    EXPECT_SAME("[%.*s]", -1, "abc");
}

/* Three characters on the heap, no NUL behind them: the precision is all that ends them. */
static void precision_ends_text_that_has_no_end(void **state)
{
    (void)state;
    char *unterminated = malloc(3);
    memcpy(unterminated, "abc", 3);
    char text[16];
    assert_int_equal(format_text(text, sizeof text, "%.3s", unterminated), 3);
    free(unterminated);
    assert_string_equal(text, "abc");
}

static void null_string_is_named(void **state)
{
    (void)state;
    const char *volatile none = NULL;
    char text[32];
    assert_int_equal(format_text(text, sizeof text, "[%s][%8s]", none, none), 18);
    assert_string_equal(text, "[(null)][  (null)]");
}

static void pointers_are_hexadecimal_behind_0x(void **state)
{
    (void)state;
    char text[40];
    format_text(text, sizeof text, "%p", (void *)(uintptr_t)0xC0100ABC);
    assert_string_equal(text, "0xc0100abc");
    format_text(text, sizeof text, "%8p|%-6p|", (void *)(uintptr_t)0x1A, (void *)(uintptr_t)0x2B);
    assert_string_equal(text, "    0x1a|0x2b  |");
    format_text(text, sizeof text, "%p", (void *)UINTPTR_MAX);
    assert_string_equal(text, sizeof(void *) == 8 ? "0xffffffffffffffff" : "0xffffffff");
}

static void lone_percent_at_the_end_is_dropped(void **state)
{
    (void)state;
    const char *const formats[] = {"ab%", "ab%-", "ab%05", "ab%ll", "ab%."};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const char *volatile format = formats[i];
        char text[8];
        assert_int_equal(format_text(text, sizeof text, format, 0), 2);
        assert_string_equal(text, "ab");
    }
}

/*
 *   text            a b c _ - 4 2 \0
 *   8 bytes         a b c _ - 4 2 \0
 *   5 bytes         a b c _ \0         the length that comes back is always 7
 *   0 bytes                            not a byte is written
 */
static void text_is_cut_at_the_buffers_end(void **state)
{
    (void)state;
    for (size_t buffer_bytes = 0; buffer_bytes < 12; buffer_bytes++) {
        char *buffer = malloc(buffer_bytes);
        assert_int_equal(format_text(buffer, buffer_bytes, "%s%4d", "abc", -42), 7);
        size_t kept = buffer_bytes < 8 ? buffer_bytes - 1 : 7;
        if (buffer_bytes > 0) {
            assert_int_equal(strlen(buffer), kept);
            assert_memory_equal(buffer, "abc -42", kept);
        }
        free(buffer);
    }
    assert_int_equal(format_text(NULL, 0, "%9s", "abc"), 9);
}

/* ---- amounts -------------------------------------------------------------------------------- */

static void expect_amount(uint64_t bytes, const char *expected)
{
    char text[FORMAT_BYTES_MAX];
    assert_ptr_equal(format_bytes(text, bytes), text);
    assert_string_equal(text, expected);
}

/* More characters than a size counts are as many as it counts, and none lies outside. */
static void widths_of_many_gib_are_counted(void **state)
{
    (void)state;
    const char *volatile format = "%2147483647d%2147483647u%-9sx";
    uint64_t length = 2 * (uint64_t)2147483647 + 10;
    char text[4];
    assert_int_equal(format_text(text, sizeof text, format, 1, 2, "end"),
                     length < SIZE_MAX ? length : SIZE_MAX);
    assert_string_equal(text, "   ");
}

static void amounts_change_units_at_powers_of_1024(void **state)
{
    (void)state;
    expect_amount(0, "0 bytes");
    expect_amount(12, "12 bytes");
    expect_amount(1023, "1023 bytes");
    expect_amount(1024, "1 KiB");
    expect_amount(((uint64_t)1 << 20) - 1, "1023.9 KiB");
    expect_amount((uint64_t)1 << 20, "1 MiB");
    expect_amount(((uint64_t)1 << 30) - 1, "1023.9 MiB");
    expect_amount((uint64_t)1 << 30, "1 GiB");
    expect_amount(((uint64_t)1 << 40) - 1, "1023.9 GiB");
    expect_amount((uint64_t)1 << 40, "1 TiB");
    expect_amount(((uint64_t)1 << 50) - 1, "1023.9 TiB");
    expect_amount((uint64_t)1 << 50, "1 PiB");
    expect_amount(((uint64_t)1 << 60) - 1, "1023.9 PiB");
    expect_amount((uint64_t)1 << 60, "1 EiB");
    expect_amount(UINT64_MAX, "15.9 EiB");
}

/* A tenth of 1024 is 102.4: 102 more are none yet, 103 more are one. */
static void amounts_are_rounded_down_to_a_tenth(void **state)
{
    (void)state;
    expect_amount(640 << 10, "640 KiB");
    expect_amount((127 << 20) + (512 << 10), "127.5 MiB");
    expect_amount(1024 + 102, "1 KiB");
    expect_amount(1024 + 103, "1.1 KiB");
    expect_amount(1024 + 204, "1.1 KiB");
    expect_amount(1024 + 205, "1.2 KiB");
    expect_amount(2047, "1.9 KiB");
}

/* As NT's drivers write, whose wide characters have 16 bits on any host. */
static void texts_of_drivers_are_understood(void **state)
{
    (void)state;
    static const uint16_t wide[] = {'w', 'i', 'd', 'e', 0x20AC, 0};
    const struct {
        uint16_t size_bytes, room_bytes;
        const void *text;
    } unicode = {6, 8, wide}, ansi = {3, 8, "narrow"}, empty = {4, 4, NULL};
    const struct {
        const char *format, *made;
        const void *argument;
    } rows[] = {
        {"%ws", "wide?", wide},       {"%ls", "wide?", wide},          {"%S", "wide?", wide},
        {"[%7S]", "[  wide?]", wide}, {"%.2ws", "wi", wide},           {"%hs", "narrow", "narrow"},
        {"%ws", "(null)", NULL},      {"%wZ", "wid", &unicode},        {"%Z", "nar", &ansi},
        {"%.1wZ", "w", &unicode},     {"[%5wZ]", "[  wid]", &unicode}, {"[%wZ]", "[]", &empty},
        {"[%Z]", "[]", NULL},
    };
    char text[40];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *volatile format = rows[i].format;
        format_text(text, sizeof text, format, rows[i].argument);
        assert_string_equal(text, rows[i].made);
    }
    const char *volatile format = "%I64x %I64d %lu %ld";
    format_text(text, sizeof text, format, 0x123456789AULL, -5LL, 7ul, -8L);
    assert_string_equal(text, "123456789a -5 7 -8");
}

static void long_text_is_named_by_its_beginning(void **state)
{
    (void)state;
    char text[FORMAT_SHORT_MAX];
    assert_string_equal(format_short(text, ""), "");
    assert_string_equal(format_short(text, "12345678901234567890123456789012345"),
                        "12345678901234567890123456789012345");
    assert_string_equal(format_short(text, "123456789012345678901234567890123456"),
                        "12345678901234567890123456789012...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_text_is_named_by_its_beginning),
        cmocka_unit_test(plain_text_is_copied),
        cmocka_unit_test(signed_numbers_reach_their_ends),
        cmocka_unit_test(unsigned_numbers_reach_their_ends),
        cmocka_unit_test(hexadecimal_has_either_case),
        cmocka_unit_test(each_length_takes_its_own_argument),
        cmocka_unit_test(short_lengths_cut_their_numbers),
        cmocka_unit_test(widths_pad_either_side),
        cmocka_unit_test(left_wins_over_zeros),
        cmocka_unit_test(numbers_have_prefixes_and_precisions),
        cmocka_unit_test(widths_may_be_arguments),
        cmocka_unit_test(negative_width_argument_pads_on_the_right),
        cmocka_unit_test(precision_cuts_strings),
        cmocka_unit_test(negative_precision_argument_is_none),
        cmocka_unit_test(precision_ends_text_that_has_no_end),
        cmocka_unit_test(null_string_is_named),
        cmocka_unit_test(pointers_are_hexadecimal_behind_0x),
        cmocka_unit_test(lone_percent_at_the_end_is_dropped),
        cmocka_unit_test(text_is_cut_at_the_buffers_end),
        cmocka_unit_test(widths_of_many_gib_are_counted),
        cmocka_unit_test(amounts_change_units_at_powers_of_1024),
        cmocka_unit_test(amounts_are_rounded_down_to_a_tenth),
        cmocka_unit_test(texts_of_drivers_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
