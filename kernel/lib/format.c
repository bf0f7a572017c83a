/*
 * The part of printf that a kernel needs. One structure collects the text and counts what did not
 * fit; each conversion fills in a field and hands it over. Knows no console.
 */

#include "format.h"

#include <stdbool.h>

#include "string.h"

struct output {
    char *buffer;
    size_t room; /* for characters, without the NUL */
    size_t length; /* of the whole text, fitting or not; at most SIZE_MAX */
};

struct field {
    bool left;
    bool zeros;
    bool alternate; /* '#' */
    char plus; /* before what is not negative: '+', ' ' or none */
    size_t width;
    size_t precision;
    unsigned long_count; /* how many times 'l' */
    unsigned short_count; /* how many times 'h' */
    unsigned character_bytes; /* of a text: 1, or 2 */
};

/* A counted string of NT (UNICODE_STRING, ANSI_STRING). */
struct counted {
    uint16_t size_bytes;
    uint16_t room_bytes;
    const char *text;
};

#define NO_PRECISION ((size_t)-1)

static void count(struct output *output, size_t more)
{
    size_t most = SIZE_MAX - output->length;
    output->length += more < most ? more : most;
}

static void put(struct output *output, char character)
{
    if (output->length < output->room)
        output->buffer[output->length] = character;
    count(output, 1);
}

static void put_times(struct output *output, char character, size_t times)
{
    for (; times > 0 && output->length < output->room; times--)
        put(output, character);
    count(output, times);
}

/* A character of a text; one of 16 bits that 8 do not hold is a '?'. */
static char character_at(const char *text, size_t index, unsigned character_bytes)
{
    const char *character = text + index * character_bytes;
    return character_bytes == 2 && character[1] ? '?' : character[0];
}

/* A prefix, zeros, then the text; padded to the field's width. */
static void put_field(struct output *output, const struct field *field, const char *prefix,
                      size_t zeros, const char *text, size_t length, unsigned character_bytes)
{
    size_t total = strlen(prefix) + zeros + length;
    size_t padding = field->width > total ? field->width - total : 0;
    if (field->zeros && !field->left) {
        zeros += padding;
        padding = 0;
    }
    if (!field->left)
        put_times(output, ' ', padding);
    while (*prefix)
        put(output, *prefix++);
    put_times(output, '0', zeros);
    for (size_t i = 0; i < length; i++)
        put(output, character_at(text, i, character_bytes));
    if (field->left)
        put_times(output, ' ', padding);
}

/* By the conversion's letter: d and i are signed, p is an address. */
static const char *prefix_of(const struct field *field, uint64_t value, char letter)
{
    bool is_signed = letter == 'd' || letter == 'i';
    if (is_signed && value >> 63)
        return "-";
    if (is_signed && field->plus)
        return field->plus == '+' ? "+" : " ";
    if (letter == 'p')
        return "0x";
    if (field->alternate && value != 0)
        return letter == 'x' ? "0x" : letter == 'X' ? "0X" : "";
    return "";
}

/* A precision is the fewest digits, and turns the flag '0' off (C11, 7.21.6.1). */
static void put_number(struct output *output, const struct field *field, uint64_t value,
                       unsigned base, char letter)
{
    const char *digits = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    const char *prefix = prefix_of(field, value, letter);
    bool is_precise = field->precision != NO_PRECISION;
    struct field padded = *field;
    char text[20];
    size_t length = 0;
    padded.zeros = field->zeros && !is_precise;
    if (*prefix == '-')
        value = 0 - value;
    for (; value != 0 || (length == 0 && !is_precise); value /= base)
        text[sizeof text - ++length] = digits[value % base];
    size_t zeros = is_precise && field->precision > length ? field->precision - length : 0;
    put_field(output, &padded, prefix, zeros, text + sizeof text - length, length, 1);
}

static void put_string(struct output *output, const struct field *field, const char *text)
{
    struct field plain = *field;
    plain.zeros = false;
    if (!text) {
        text = "(null)";
        plain.character_bytes = 1;
    }
    size_t length = 0;
    while (length < field->precision && character_at(text, length, plain.character_bytes))
        length++;
    put_field(output, &plain, "", 0, text, length, plain.character_bytes);
}

/* As much of it as there is. */
static void put_counted(struct output *output, struct field *field, const struct counted *string)
{
    bool is_there = string && string->text;
    size_t length = is_there ? string->size_bytes / field->character_bytes : 0;
    if (length < field->precision)
        field->precision = length;
    put_string(output, field, is_there ? string->text : "");
}

/* Digits, or '*' and an argument, which alone may be negative. */
static const char *read_size(const char *format, size_t *size, bool *negative, va_list *arguments)
{
    *negative = false;
    if (*format == '*') {
        int value = va_arg(*arguments, int);
        *negative = value < 0;
        *size = value < 0 ? 0 - (unsigned)value : (unsigned)value;
        return format + 1;
    }
    *size = 0;
    while (*format >= '0' && *format <= '9')
        *size = *size * 10 + (size_t)(*format++ - '0');
    return format;
}

static const char *read_flags(const char *format, struct field *field)
{
    for (;; format++) {
        switch (*format) {
        case '-':
            field->left = true;
            break;
        case '0':
            field->zeros = true;
            break;
        case '#':
            field->alternate = true;
            break;
        case '+':
            field->plus = '+';
            break;
        case ' ':
            if (field->plus == 0)
                field->plus = ' ';
            break;
        default:
            return format;
        }
    }
}

/*
 * Everything between '%' and the conversion's letter, which the result points to. A negative width
 * means the flag '-', a negative precision none (C11, 7.21.6.1).
 */
static const char *read_field(const char *format, struct field *field, va_list *arguments)
{
    *field = (struct field){.precision = NO_PRECISION, .character_bytes = 1};
    format = read_flags(format, field);
    bool negative;
    format = read_size(format, &field->width, &negative, arguments);
    field->left |= negative;
    if (*format == '.') {
        format = read_size(format + 1, &field->precision, &negative, arguments);
        if (negative)
            field->precision = NO_PRECISION;
    }
    for (;; format++) {
        switch (*format) {
        case 'w':
        case 'l':
            field->character_bytes = 2;
            field->long_count++;
            break;
        case 'h':
            field->short_count++;
            break;
        case 'z':
            field->long_count = sizeof(size_t) / sizeof(unsigned);
            break;
        case 'I': /* "I64": Microsoft's name for ll */
            if (format[1] != '6' || format[2] != '4')
                return format;
            format += 2;
            /* fallthrough */
        case 'j':
            field->long_count = 2;
            break;
        default:
            return format;
        }
    }
}

/* The next argument, of 64 bits: a signed one is extended by its sign. */
static uint64_t next_number(const struct field *field, bool is_signed, va_list *arguments)
{
    if (field->long_count >= 2)
        return va_arg(*arguments, unsigned long long);
    if (field->long_count && is_signed)
        return (uint64_t)va_arg(*arguments, long);
    if (field->long_count)
        return va_arg(*arguments, unsigned long);
    unsigned value = va_arg(*arguments, unsigned);
    unsigned unused_bits = field->short_count > 1 ? 24 : field->short_count ? 16 : 0;
    value <<= unused_bits;
    return is_signed ? (uint64_t)(int64_t)((int)value >> unused_bits) : value >> unused_bits;
}

static void put_conversion(struct output *output, char letter, struct field *field,
                           va_list *arguments)
{
    char character;
    switch (letter) {
    case 'c':
        character = (char)va_arg(*arguments, int);
        put_field(output, field, "", 0, &character, 1, 1);
        break;
    case 'S':
        field->character_bytes = 2;
        /* fallthrough */
    case 's':
        put_string(output, field, va_arg(*arguments, const char *));
        break;
    case 'Z':
        put_counted(output, field, va_arg(*arguments, const struct counted *));
        break;
    case 'd':
    case 'i':
    case 'u':
        put_number(output, field, next_number(field, letter != 'u', arguments), 10, letter);
        break;
    case 'x':
    case 'X':
        put_number(output, field, next_number(field, false, arguments), 16, letter);
        break;
    case 'p':
        put_number(output, field, (uintptr_t)va_arg(*arguments, void *), 16, letter);
        break;
    default:
        put(output, letter);
        break;
    }
}

size_t format_list(char *buffer, size_t buffer_bytes, const char *format, va_list arguments)
{
    struct output output = {buffer, buffer_bytes > 0 ? buffer_bytes - 1 : 0, 0};
    va_list list; /* a parameter of this type may be an array, whose address is another type's */
    va_copy(list, arguments);
    for (; *format; format++) {
        if (*format != '%') {
            put(&output, *format);
            continue;
        }
        struct field field;
        format = read_field(format + 1, &field, &list);
        if (!*format)
            break;
        put_conversion(&output, *format, &field, &list);
    }
    va_end(list);
    if (buffer_bytes > 0)
        buffer[output.length < output.room ? output.length : output.room] = '\0';
    return output.length;
}

size_t format_text(char *buffer, size_t buffer_bytes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t length = format_list(buffer, buffer_bytes, format, arguments);
    va_end(arguments);
    return length;
}

const char *format_amount(char *text, size_t text_bytes, uint64_t amount, const char *const *units)
{
    unsigned shift = 0;
    for (; amount >> shift >= 1024 && units[1]; units++)
        shift += 10;
    unsigned whole = (unsigned)(amount >> shift);
    unsigned tenths = shift ? ((unsigned)(amount >> (shift - 10)) & 1023) * 10 / 1024 : 0;
    if (tenths)
        format_text(text, text_bytes, "%u.%u%s", whole, tenths, *units);
    else
        format_text(text, text_bytes, "%u%s", whole, *units);
    return text;
}

const char *format_bytes(char text[FORMAT_BYTES_MAX], uint64_t bytes)
{
    static const char *const units[] = {" bytes", " KiB", " MiB", " GiB",
                                        " TiB",   " PiB", " EiB", NULL};
    return format_amount(text, FORMAT_BYTES_MAX, bytes, units);
}

const char *format_short(char text[FORMAT_SHORT_MAX], const char *whole)
{
    if (format_text(text, FORMAT_SHORT_MAX, "%s", whole) >= FORMAT_SHORT_MAX)
        memcpy(text + FORMAT_SHORT_MAX - sizeof "...", "...", sizeof "...");
    return text;
}
