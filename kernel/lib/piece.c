/* Reads words and numbers of a text where it lies. Every function looks at [at, end) only. */

#include "piece.h"

#include "string.h"

struct piece piece_of(const char *text)
{
    return (struct piece){text, text + strlen(text)};
}

size_t piece_length(struct piece piece)
{
    return (size_t)(piece.end - piece.at);
}

static bool is_blank(char character)
{
    return parse_is_blank(character) || character == '\r';
}

struct piece piece_trim(struct piece piece)
{
    while (piece.at < piece.end && is_blank(*piece.at))
        piece.at++;
    while (piece.at < piece.end && is_blank(piece.end[-1]))
        piece.end--;
    return piece;
}

bool piece_equals(struct piece piece, const char *text)
{
    for (; piece.at < piece.end && *text; piece.at++, text++)
        if (parse_lower(*piece.at) != parse_lower(*text))
            return false;
    return piece.at == piece.end && !*text;
}

bool piece_take(struct piece *rest, const char *text)
{
    size_t length = strlen(text);
    if (piece_length(*rest) < length || memcmp(rest->at, text, length) != 0)
        return false;
    rest->at += length;
    return true;
}

struct piece piece_take_word(struct piece *rest)
{
    *rest = piece_trim(*rest);
    struct piece word = {rest->at, rest->at};
    while (word.end < rest->end && !is_blank(*word.end))
        word.end++;
    rest->at = word.end;
    return word;
}

static bool continues_word(char character)
{
    return (character >= '0' && character <= '9') || character == '-' ||
           (parse_lower(character) >= 'a' && parse_lower(character) <= 'z');
}

bool piece_find(struct piece piece, const char *text, struct piece *behind)
{
    const char *start = piece.at;
    for (; piece.at < piece.end; piece.at++) {
        *behind = piece;
        if (piece_take(behind, text) && (piece.at == start || !continues_word(piece.at[-1])))
            return true;
    }
    return false;
}

bool piece_take_hexadecimal(struct piece *rest)
{
    return piece_take(rest, "0x") || piece_take(rest, "0X");
}

enum parse_status piece_take_digits(struct piece *rest, unsigned radix, uint64_t *value)
{
    const char *start = rest->at;
    enum parse_status status = PARSE_OK;
    *value = 0;
    for (; rest->at < rest->end && parse_digit(*rest->at) < radix; rest->at++) {
        unsigned digit = parse_digit(*rest->at);
        if (*value > (UINT64_MAX - digit) / radix)
            status = PARSE_TOO_LARGE;
        *value = *value * radix + digit;
    }
    return rest->at > start ? status : PARSE_NOT_A_NUMBER;
}

enum parse_status piece_read_number(struct piece digits, unsigned radix, uint64_t *value)
{
    if (piece_take_hexadecimal(&digits))
        radix = 16;
    enum parse_status status = piece_take_digits(&digits, radix, value);
    return piece_length(digits) == 0 ? status : PARSE_NOT_A_NUMBER;
}
