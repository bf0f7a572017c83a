/* Every digit is checked against what still fits before it is taken. */

#include "parse.h"

bool parse_is_blank(char character)
{
    return character == ' ' || character == '\t';
}

unsigned parse_digit(char character)
{
    if (character >= '0' && character <= '9')
        return (unsigned)(character - '0');
    char lower = (char)(character | 0x20);
    return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a' + 10) : 99;
}

/* The power of two that a suffix stands for; 0: no suffix. */
static unsigned suffix_shift(char character)
{
    switch (character | 0x20) {
    case 'k':
        return 10;
    case 'm':
        return 20;
    case 'g':
        return 30;
    case 't':
        return 40;
    default:
        return 0;
    }
}

/* Reads digits up to the first character that is none. False if the number does not fit. */
static bool read_digits(const char **text, unsigned base, uint64_t *value)
{
    *value = 0;
    for (; parse_digit(**text) < base; (*text)++) {
        unsigned digit = parse_digit(**text);
        if (*value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    }
    return true;
}

/* Reads a number up to what cannot belong to it, which must be `end`; *text moves there. */
static enum parse_status read_number(const char **text, char end, uint64_t *value)
{
    bool is_hexadecimal = (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x';
    const char *cursor = is_hexadecimal ? *text + 2 : *text;
    const char *digits = cursor;
    uint64_t number;
    bool fits = read_digits(&cursor, is_hexadecimal ? 16 : 10, &number);
    while (parse_digit(*cursor) < (is_hexadecimal ? 16u : 10u))
        cursor++;
    if (cursor == digits)
        return PARSE_NOT_A_NUMBER;
    unsigned shift = suffix_shift(*cursor);
    cursor += shift ? 1 : 0;
    if (*cursor != end)
        return PARSE_NOT_A_NUMBER;
    if (!fits || number > UINT64_MAX >> shift)
        return PARSE_TOO_LARGE;
    *value = number << shift;
    *text = cursor;
    return PARSE_OK;
}

enum parse_status parse_number(const char *text, uint64_t *value)
{
    return read_number(&text, '\0', value);
}

/* The first '-' or '+'; the text's end if there is none. */
static char find_separator(const char *text)
{
    while (*text && *text != '-' && *text != '+')
        text++;
    return *text;
}

enum parse_status parse_range(const char *text, uint64_t *base, uint64_t *end)
{
    char separator = find_separator(text);
    uint64_t first;
    uint64_t second = 1; /* of a single address: the byte there */
    enum parse_status status = read_number(&text, separator, &first);
    if (status == PARSE_OK && separator)
        status = parse_number(text + 1, &second);
    if (status != PARSE_OK)
        return status;
    uint64_t size = separator == '-' ? second - first : second;
    if (size == 0 || (separator == '-' && second < first))
        return PARSE_EMPTY;
    if (size > UINT64_MAX - first)
        return PARSE_TOO_LARGE;
    *base = first;
    *end = first + size;
    return PARSE_OK;
}

const char *parse_status_text(enum parse_status status)
{
    switch (status) {
    case PARSE_OK:
        return "is a number";
    case PARSE_NOT_A_NUMBER:
        return "is not a number";
    case PARSE_TOO_LARGE:
        return "is too large a number";
    case PARSE_EMPTY:
        return "is a range without a byte";
    }
    return "is unknown";
}

static bool read_dimension(const char **text, uint32_t *value)
{
    const char *start = *text;
    uint64_t number;
    if (!read_digits(text, 10, &number) || *text == start || number == 0 || number > UINT16_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

bool parse_mode(const char *text, struct parse_mode *mode)
{
    struct parse_mode read = {0, 0, 32};
    if (!read_dimension(&text, &read.width) || *text++ != 'x' ||
        !read_dimension(&text, &read.height))
        return false;
    if (*text == 'x') {
        text++;
        if (!read_dimension(&text, &read.bits))
            return false;
    }
    if (*text != '\0')
        return false;
    *mode = read;
    return true;
}

size_t parse_words(char *line, char **words, size_t words_max)
{
    size_t count = 0;
    while (*line) {
        while (parse_is_blank(*line))
            *line++ = '\0';
        if (!*line)
            break;
        if (count < words_max)
            words[count] = line;
        count++;
        while (*line && !parse_is_blank(*line))
            line++;
    }
    return count;
}
