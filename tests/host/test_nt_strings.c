/*
 * What binaries import of NT's kernel and what keeps nothing in mind: counted strings, C's library,
 * 64-bit arithmetic, memory. Texts of 16 bits are widened here, because the host's L"" has 32.
 */

#include "drivers/videoport/port/crt.h"
#include "fake_host.h"

/* A text of 16 bits; two at a time. */
static const WCHAR *wide(const char *text)
{
    static WCHAR texts[4][300];
    static unsigned next;
    WCHAR *at = texts[next++ % 4];
    size_t i = 0;
    for (; text[i]; i++)
        at[i] = (unsigned char)text[i];
    at[i] = 0;
    return at;
}

static void expect_wide(const WCHAR *text, const char *expected)
{
    assert_int_equal(crt_wcslen(text), strlen(expected));
    assert_memory_equal(text, wide(expected), 2 * strlen(expected));
}

/* ---- counted strings ------------------------------------------------------------------------- */

static void strings_are_counted_in_bytes(void **state)
{
    (void)state;
    UNICODE_STRING unicode;
    ANSI_STRING ansi;
    RtlInitUnicodeString(&unicode, wide("Mode"));
    assert_int_equal(unicode.Length, 8);
    assert_int_equal(unicode.MaximumLength, 10);
    RtlInitAnsiString(&ansi, "Mode");
    assert_int_equal(ansi.Length, 4);
    assert_int_equal(ansi.MaximumLength, 5);
    RtlInitUnicodeString(&unicode, NULL);
    RtlInitAnsiString(&ansi, NULL);
    assert_true(unicode.Length == 0 && unicode.MaximumLength == 0 && !unicode.Buffer);
    assert_true(ansi.Length == 0 && ansi.MaximumLength == 0 && !ansi.Buffer);
}

static void string_that_is_too_long_is_cut_to_what_can_be_counted(void **state)
{
    (void)state;
    size_t size = 70000;
    WCHAR *text = malloc(size * sizeof *text);
    char *narrow = malloc(size);
    UNICODE_STRING unicode;
    ANSI_STRING ansi;
    for (size_t i = 0; i < size; i++) {
        text[i] = i < size - 1 ? 'x' : 0;
        narrow[i] = i < size - 1 ? 'x' : '\0';
    }
    RtlInitUnicodeString(&unicode, text);
    assert_int_equal(unicode.Length, 0xFFFC);
    assert_int_equal(unicode.MaximumLength, 0xFFFE);
    RtlInitAnsiString(&ansi, narrow);
    assert_int_equal(ansi.Length, 0xFFFE);
    assert_int_equal(ansi.MaximumLength, 0xFFFF);
    free(text);
    free(narrow);
}

static void strings_are_compared_by_either_case(void **state)
{
    (void)state;
    static const struct {
        const char *left, *right;
        int same_case, any_case; /* below 0, 0, above */
    } rows[] = {
        {"", "", 0, 0},           {"a", "a", 0, 0},  {"A", "a", -1, 0},         {"ab", "a", 1, 1},
        {"a", "ab", -1, -1},      {"b", "ab", 1, 1}, {"\\DEV", "\\dev", -1, 0}, {"[", "{", -1, -1},
        {"\xC4", "\xE4", -1, -1}, {"Z", "a", -1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        UNICODE_STRING left, right;
        RtlInitUnicodeString(&left, wide(rows[i].left));
        RtlInitUnicodeString(&right, wide(rows[i].right));
        LONG same = RtlCompareUnicodeString(&left, &right, FALSE);
        LONG any = RtlCompareUnicodeString(&left, &right, TRUE);
        assert_int_equal((same > 0) - (same < 0), rows[i].same_case);
        assert_int_equal((any > 0) - (any < 0), rows[i].any_case);
        assert_int_equal(RtlEqualUnicodeString(&left, &right, FALSE), rows[i].same_case == 0);
        assert_int_equal(RtlEqualUnicodeString(&left, &right, TRUE), rows[i].any_case == 0);
    }
}

static void append_takes_all_or_nothing(void **state)
{
    (void)state;
    WCHAR room[8] = {'?', '?', '?', '?', '?', '?', '?', '?'};
    UNICODE_STRING string = {0, 14, room}, more;
    assert_int_equal(RtlAppendUnicodeToString(&string, wide("abc")), STATUS_SUCCESS);
    assert_int_equal(string.Length, 6);
    expect_wide(room, "abc");
    RtlInitUnicodeString(&more, wide("defg"));
    assert_int_equal(RtlAppendUnicodeStringToString(&string, &more), STATUS_SUCCESS);
    assert_int_equal(string.Length, 14); /* full: no zero */
    assert_int_equal(room[6], 'g');
    assert_int_equal(room[7], '?');
    assert_int_equal(RtlAppendUnicodeToString(&string, wide("h")), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(RtlAppendUnicodeStringToString(&string, &more), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(RtlAppendUnicodeToString(&string, NULL), STATUS_SUCCESS);
    assert_int_equal(string.Length, 14);
    assert_int_equal(room[7], '?');
}

static void copy_is_cut_to_its_room(void **state)
{
    (void)state;
    WCHAR room[4] = {'?', '?', '?', '?'};
    UNICODE_STRING string = {4, 6, room}, source;
    RtlInitUnicodeString(&source, wide("ab"));
    RtlCopyUnicodeString(&string, &source);
    assert_int_equal(string.Length, 4);
    expect_wide(room, "ab");
    RtlInitUnicodeString(&source, wide("wxyz"));
    RtlCopyUnicodeString(&string, &source);
    assert_int_equal(string.Length, 6);
    assert_int_equal(room[2], 'y');
    assert_int_equal(room[3], '?');
    RtlCopyUnicodeString(&string, NULL);
    assert_int_equal(string.Length, 0);
}

static void strings_change_their_width(void **state)
{
    (void)state;
    WCHAR room[5] = {0, 0, 0, 0, '?'};
    char narrow[4] = "???";
    UNICODE_STRING unicode = {0, 8, room};
    ANSI_STRING ansi, back = {0, 4, narrow};
    RtlInitAnsiString(&ansi, "a\xE4z");
    assert_int_equal(RtlAnsiStringToUnicodeString(&unicode, &ansi, FALSE), STATUS_SUCCESS);
    assert_int_equal(unicode.Length, 6);
    expect_wide(room, "a\xE4z");
    room[1] = 0x20AC; /* no 8 bits hold it */
    assert_int_equal(RtlUnicodeStringToAnsiString(&back, &unicode, FALSE), STATUS_SUCCESS);
    assert_int_equal(back.Length, 3);
    assert_string_equal(narrow, "a?z");
    back.MaximumLength = 3; /* the zero does not fit */
    narrow[0] = '!';
    assert_int_equal(RtlUnicodeStringToAnsiString(&back, &unicode, FALSE), STATUS_BUFFER_OVERFLOW);
    assert_string_equal(narrow, "!?z");
    unicode.MaximumLength = 7;
    assert_int_equal(RtlAnsiStringToUnicodeString(&unicode, &ansi, FALSE), STATUS_BUFFER_OVERFLOW);
    assert_int_equal(room[4], '?');
    ansi.Length = 0x8000;
    assert_int_equal(RtlAnsiStringToUnicodeString(&unicode, &ansi, TRUE),
                     STATUS_INVALID_PARAMETER_2);
}

static void new_strings_are_pool(void **state)
{
    (void)state;
    UNICODE_STRING unicode = {0};
    ANSI_STRING ansi;
    RtlInitAnsiString(&ansi, "text");
    assert_int_equal(RtlAnsiStringToUnicodeString(&unicode, &ansi, TRUE), STATUS_SUCCESS);
    assert_int_equal(unicode.Length, 8);
    assert_int_equal(unicode.MaximumLength, 10);
    expect_wide(unicode.Buffer, "text");
    assert_int_equal(count_blocks("kernel"), 1);
    assert_int_equal(RtlUnicodeStringToAnsiString(&ansi, &unicode, TRUE), STATUS_SUCCESS);
    assert_string_equal(ansi.Buffer, "text");
    assert_int_equal(count_blocks("kernel"), 2);
    RtlFreeAnsiString(&ansi);
    RtlFreeUnicodeString(&unicode);
    assert_int_equal(count_blocks("kernel"), 0);
    assert_true(!unicode.Buffer && !ansi.Buffer);
    size_t lines = host.log_count;
    RtlFreeUnicodeString(&unicode); /* nothing */
    assert_int_equal(host.log_count, lines);
    host.at_passive_level = false;
    assert_int_equal(RtlAnsiStringToUnicodeString(&unicode, &ansi, TRUE), STATUS_NO_MEMORY);
}

/* ---- C's library ----------------------------------------------------------------------------- */

static void texts_are_searched_and_compared(void **state)
{
    (void)state;
    const char *text = "a text of texts";
    assert_ptr_equal(crt_strchr(text, 't'), text + 2);
    assert_ptr_equal(crt_strchr(text, 0), text + strlen(text));
    assert_null(crt_strchr(text, 'z'));
    assert_ptr_equal(crt_strstr(text, "texts"), text + 10);
    assert_ptr_equal(crt_strstr(text, ""), text);
    assert_null(crt_strstr(text, "textz"));
    assert_null(crt_strstr("", "t"));
    assert_int_equal(crt__stricmp("VESA", "vesa"), 0);
    assert_true(crt__stricmp("VESA", "vesb") < 0 && crt__stricmp("b", "A") > 0);
    assert_int_equal(crt__strnicmp("VESA", "vesb", 3), 0);
    assert_int_equal(crt__strnicmp("ab", "AB", 9), 0);
    assert_true(crt__strnicmp("VESA", "vesb", 4) < 0 && crt__strnicmp("\xE4", "a", 1) > 0);
    assert_true(crt_tolower('Z') == 'z' && crt_toupper('z') == 'Z' && crt_toupper('{') == '{');
    assert_true(crt__stricmp("", "a") < 0 && crt__stricmp("a", "") > 0);
    assert_int_equal(crt_wcscmp(wide("a"), wide("a")), 0);
    assert_true(crt_wcscmp(wide("a"), wide("B")) > 0 && crt_wcscmp(wide("a"), wide("ab")) < 0);
    assert_int_equal(crt__wcsicmp(wide("Mode"), wide("mODE")), 0);
    assert_true(crt__wcsicmp(wide("Mode"), wide("modf")) < 0);
}

static void texts_are_copied_and_joined(void **state)
{
    (void)state;
    char to[8] = "???????";
    WCHAR wider[8];
    assert_ptr_equal(crt_strcpy(to, "ab"), to);
    assert_ptr_equal(crt_strcat(to, "cd"), to);
    assert_memory_equal(to, "abcd\0??", 8);
    assert_ptr_equal(crt_strncpy(to, "xy", 4), to);
    assert_memory_equal(to, "xy\0\0\0??", 8);
    crt_strncpy(to, "1234567", 3);
    assert_memory_equal(to, "123\0\0??", 8);
    crt_wcscpy(wider, wide("ab"));
    crt_wcscat(wider, wide("cd"));
    expect_wide(wider, "abcd");
    crt_wcsncpy(wider, wide("x"), 3);
    assert_int_equal(wider[0], 'x');
    assert_true(wider[1] == 0 && wider[2] == 0 && wider[3] == 'd');
}

static int list(char *to, size_t count, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = crt__vsnprintf(to, count, format, arguments);
    va_end(arguments);
    return length;
}

static void texts_are_printed(void **state)
{
    (void)state;
    char text[40];
    assert_int_equal(crt_sprintf(text, "%s=%04x", "port", 0x3c0), 9);
    assert_string_equal(text, "port=03c0");
    assert_int_equal(crt__snprintf(text, 6, "%u", 12345), 5);
    assert_string_equal(text, "12345");
    assert_int_equal(crt__snprintf(text, 5, "%u", 12345), -1);
    assert_string_equal(text, "1234");
    assert_int_equal(list(text, sizeof text, "%d%%", -3), 3);
    assert_string_equal(text, "-3%");
    assert_int_equal(list(text, 0, "x"), -1);
    assert_int_equal(crt_sprintf(text, "%ws|%S|%ls", wide("w"), wide("S"), wide("l")), 5);
    assert_string_equal(text, "w|S|l");
}

static void wide_texts_are_printed(void **state)
{
    (void)state;
    WCHAR text[300];
    assert_int_equal(crt_swprintf(text, wide("%s %S %ls %hs %d%%"), wide("wide"), "narrow",
                                  wide("long"), "short", 7),
                     25);
    expect_wide(text, "wide narrow long short 7%");
    assert_int_equal(crt_swprintf(text, wide("Device%u"), 3), 7);
    assert_int_equal(crt__snwprintf(text, 5, wide("%s"), wide("abcd")), 4);
    expect_wide(text, "abcd");
    assert_int_equal(crt__snwprintf(text, 4, wide("%s"), wide("abcd")), -1);
    expect_wide(text, "abc");
    assert_int_equal(crt__snwprintf(text, 0, wide("a")), -1);
    assert_int_equal(crt_swprintf(text, wide("%255s"), wide("x")), 255);
    assert_int_equal(crt_swprintf(text, wide("%256s"), wide("x")), -1);
    assert_int_equal(crt_wcslen(text), 255);
}

static void format_that_is_too_long_prints_nothing(void **state)
{
    (void)state;
    WCHAR format[400], text[400] = {'?', 0};
    for (size_t i = 0; i < 399; i++)
        format[i] = 'x';
    format[399] = 0;
    assert_int_equal(crt_swprintf(text, format), -1);
    expect_wide(text, "?");
}

/* ---- 64 bits, memory ------------------------------------------------------------------------- */

static void numbers_of_64_bits(void **state)
{
    (void)state;
    assert_true(crt__allmul(-3000000000, 5) == -15000000000);
    assert_true(crt__alldiv(-15000000001, 5) == -3000000000);
    assert_true(crt__allrem(-15000000001, 5) == -1);
    assert_true(crt__aulldiv(UINT64_MAX, 3) == UINT64_MAX / 3);
    assert_true(crt__aullrem(UINT64_MAX, 10) == 5);
    assert_true(crt__allshl(-1, 40) == -(1LL << 40));
    assert_true(crt__allshr(-(1LL << 40), 39) == -2);
    assert_true(crt__aullshr(UINT64_MAX, 63) == 1);
    assert_true(crt__allshl(1, 64) == 0 && crt__aullshr(UINT64_MAX, 64) == 0);
    assert_true(crt__allshr(-5, 64) == -1 && crt__allshr(5, 200) == 0);
}

static void memory_is_moved_and_compared(void **state)
{
    (void)state;
    char bytes[] = "0123456789";
    RtlMoveMemory(bytes + 1, bytes, 8);
    assert_string_equal(bytes, "0012345679");
    RtlCopyMemory(bytes, "abc", 3);
    RtlFillMemory(bytes + 3, 2, 'f');
    RtlZeroMemory(bytes + 9, 1);
    assert_string_equal(bytes, "abcff4567");
    assert_int_equal(RtlCompareMemory("abcd", "abce", 4), 3);
    assert_int_equal(RtlCompareMemory("abcd", "abcd", 4), 4);
    memcpy(bytes, "12345678", 9);
    VideoPortZeroDeviceMemory(bytes + 2, 2);
    assert_memory_equal(bytes, "12\0\0005678", 8);
}

static UCHAR rom[] = {0x55, 0xAA, 'S', 'S', '3', ' ', 'V'};

static BOOLEAN scan(ULONG length, const char *text)
{
    return VideoPortScanRom(NULL, rom, length, (PUCHAR)(uintptr_t)text);
}

static void rom_is_searched_to_its_end(void **state)
{
    (void)state;
    assert_true(scan(sizeof rom, "S3"));
    assert_true(scan(sizeof rom, "S3 V"));
    assert_false(scan(sizeof rom - 1, "S3 V"));
    assert_false(scan(sizeof rom, "S3 VG"));
    assert_false(scan(0, "S"));
}

static void interlocked_functions_return_as_documented(void **state)
{
    (void)state;
    LONG value = 5;
    assert_int_equal(InterlockedIncrement(&value), 6);
    assert_int_equal(InterlockedDecrement(&value), 5);
    assert_int_equal(InterlockedExchange(&value, 9), 5);
    assert_int_equal(InterlockedExchangeAdd(&value, -4), 9);
    assert_int_equal(InterlockedCompareExchange(&value, 7, 4), 5);
    assert_int_equal(InterlockedCompareExchange(&value, 7, 5), 5);
    assert_int_equal(VideoPortInterlockedIncrement(&value), 8);
    assert_int_equal(VideoPortInterlockedDecrement(&value), 7);
    assert_int_equal(VideoPortInterlockedExchange(&value, 1), 7);
    assert_int_equal(value, 1);
}

int main(void)
{
#define WITH_HOST(test) cmocka_unit_test_setup(test, open_host)
    const struct CMUnitTest tests[] = {
        WITH_HOST(strings_are_counted_in_bytes),
        WITH_HOST(string_that_is_too_long_is_cut_to_what_can_be_counted),
        WITH_HOST(strings_are_compared_by_either_case),
        WITH_HOST(append_takes_all_or_nothing),
        WITH_HOST(copy_is_cut_to_its_room),
        WITH_HOST(strings_change_their_width),
        WITH_HOST(new_strings_are_pool),
        WITH_HOST(texts_are_searched_and_compared),
        WITH_HOST(texts_are_copied_and_joined),
        WITH_HOST(texts_are_printed),
        WITH_HOST(wide_texts_are_printed),
        WITH_HOST(format_that_is_too_long_prints_nothing),
        WITH_HOST(numbers_of_64_bits),
        WITH_HOST(memory_is_moved_and_compared),
        WITH_HOST(rom_is_searched_to_its_end),
        WITH_HOST(interlocked_functions_return_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
