/* The functions of crt.h, which hold no state: a fault in one is its caller's. */
#include "crt.h"

#include <stdbool.h>

#include "kernel/lib/format.h"

#define WIDE_TEXT_MAX 255 /* characters that are formatted at once */

/* ---- strings --------------------------------------------------------------------------------- */

int crt_tolower(int character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character;
}

int crt_toupper(int character)
{
    return character >= 'a' && character <= 'z' ? character - 'a' + 'A' : character;
}

/* Each for characters of 8 and of 16 bits. */
#define DEFINE_COMPARISON(name, TYPE, UNSIGNED, of)                                                \
    int name(const TYPE *left, const TYPE *right)                                                  \
    {                                                                                              \
        while (*left != 0 && of((UNSIGNED)*left) == of((UNSIGNED)*right)) {                        \
            left++;                                                                                \
            right++;                                                                               \
        }                                                                                          \
        return of((UNSIGNED)*left) - of((UNSIGNED)*right);                                         \
    }

DEFINE_COMPARISON(crt_wcscmp, WCHAR, WCHAR, )
DEFINE_COMPARISON(crt__wcsicmp, WCHAR, WCHAR, crt_tolower)

int crt__strnicmp(const char *left, const char *right, size_t count)
{
    for (; count > 0; count--, left++, right++) {
        int difference = crt_tolower((unsigned char)*left) - crt_tolower((unsigned char)*right);
        if (difference != 0 || *left == '\0')
            return difference;
    }
    return 0;
}

int crt__stricmp(const char *left, const char *right)
{
    return crt__strnicmp(left, right, SIZE_MAX);
}

#define DEFINE_COPIES(TYPE, cpy, cat, ncpy)                                                        \
    TYPE *cpy(TYPE *to, const TYPE *from)                                                          \
    {                                                                                              \
        size_t i = 0;                                                                              \
        while ((to[i] = from[i]) != 0)                                                             \
            i++;                                                                                   \
        return to;                                                                                 \
    }                                                                                              \
    TYPE *cat(TYPE *to, const TYPE *from)                                                          \
    {                                                                                              \
        TYPE *end = to;                                                                            \
        while (*end != 0)                                                                          \
            end++;                                                                                 \
        cpy(end, from);                                                                            \
        return to;                                                                                 \
    }                                                                                              \
    TYPE *ncpy(TYPE *to, const TYPE *from, size_t count)                                           \
    {                                                                                              \
        for (size_t i = 0; i < count; i++) {                                                       \
            to[i] = *from;                                                                         \
            from += *from != 0;                                                                    \
        }                                                                                          \
        return to;                                                                                 \
    }

DEFINE_COPIES(char, crt_strcpy, crt_strcat, crt_strncpy)
DEFINE_COPIES(WCHAR, crt_wcscpy, crt_wcscat, crt_wcsncpy)

size_t crt_wcslen(const WCHAR *text)
{
    size_t length = 0;
    while (text[length] != 0)
        length++;
    return length;
}

char *crt_strchr(const char *text, int character)
{
    while (*text != (char)character) {
        if (*text++ == '\0')
            return NULL;
    }
    return (char *)(uintptr_t)text;
}

char *crt_strstr(const char *text, const char *part)
{
    for (;; text++) {
        size_t i = 0;
        while (part[i] != '\0' && text[i] == part[i])
            i++;
        if (part[i] == '\0')
            return (char *)(uintptr_t)text;
        if (*text == '\0')
            return NULL;
    }
}

/* ---- printing -------------------------------------------------------------------------------- */

int crt__vsnprintf(char *to, size_t count, const char *format, va_list arguments)
{
    size_t length = format_list(to, count, format, arguments);
    return length < count ? (int)length : -1;
}

int crt_vsprintf(char *to, const char *format, va_list arguments)
{
    return crt__vsnprintf(to, SIZE_MAX, format, arguments);
}

#define DEFINE_PRINTING(name, parameters, print)                                                   \
    int name parameters                                                                            \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        int length = print;                                                                        \
        va_end(arguments);                                                                         \
        return length;                                                                             \
    }

DEFINE_PRINTING(crt_sprintf, (char *to, const char *format, ...),
                crt_vsprintf(to, format, arguments))
DEFINE_PRINTING(crt__snprintf, (char *to, size_t count, const char *format, ...),
                crt__vsnprintf(to, count, format, arguments))

/* A wide format as a narrow one: in that, the texts that "%s" and "%S" mean change places. False if
   it is too long. */
static bool narrow_format(char to[WIDE_TEXT_MAX + 1], const WCHAR *format)
{
    size_t length = 0;
    bool is_conversion = false;
    bool has_size = false;
    for (; *format != 0; format++) {
        char c = *format < 0x80 ? (char)*format : '?';
        if (length + 2 > WIDE_TEXT_MAX)
            return false;
        if (is_conversion && c == 's' && !has_size)
            to[length++] = 'l';
        to[length++] = is_conversion && c == 'S' ? 's' : c;
        has_size = is_conversion && (c == 'h' || c == 'l' || c == 'w');
        is_conversion = is_conversion ? crt_strchr("cCsSdiuxXpZ%", c) == NULL : c == '%';
    }
    to[length] = '\0';
    return true;
}

static int print_wide(WCHAR *to, size_t count, const WCHAR *format, va_list arguments)
{
    char narrow[WIDE_TEXT_MAX + 1];
    char text[WIDE_TEXT_MAX + 1];
    size_t i = 0;
    if (count == 0 || !narrow_format(narrow, format))
        return -1;
    int length = crt__vsnprintf(text, count < sizeof text ? count : sizeof text, narrow, arguments);
    while ((to[i] = (UCHAR)text[i]) != 0)
        i++;
    return length;
}

DEFINE_PRINTING(crt_swprintf, (PWSTR to, PCWSTR format, ...),
                print_wide(to, SIZE_MAX, format, arguments))
DEFINE_PRINTING(crt__snwprintf, (PWSTR to, size_t count, PCWSTR format, ...),
                print_wide(to, count, format, arguments))

/* ---- 64 bits --------------------------------------------------------------------------------- */

#define DEFINE_ARITHMETIC(name, TYPE, operator)                                                    \
    TYPE NTAPI name(TYPE left, TYPE right)                                                         \
    {                                                                                              \
        return left operator right;                                                                \
    }

DEFINE_ARITHMETIC(crt__allmul, long long, *)
DEFINE_ARITHMETIC(crt__alldiv, long long, /)
DEFINE_ARITHMETIC(crt__allrem, long long, %)
DEFINE_ARITHMETIC(crt__aulldiv, unsigned long long, /)
DEFINE_ARITHMETIC(crt__aullrem, unsigned long long, %)

CRT_BY_REGISTER long long crt__allshl(long long value, unsigned char count)
{
    return count < 64 ? (long long)((unsigned long long)value << count) : 0;
}

CRT_BY_REGISTER unsigned long long crt__aullshr(unsigned long long value, unsigned char count)
{
    return count < 64 ? value >> count : 0;
}

CRT_BY_REGISTER long long crt__allshr(long long value, unsigned char count)
{
    unsigned long long sign = value < 0 ? UINT64_MAX : 0;
    return (long long)(crt__aullshr((unsigned long long)value ^ sign, count) ^ sign);
}
