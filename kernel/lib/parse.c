/* Reads what people type. Digits are taken by piece.h. */

#include "parse.h"

#include "mm/types.h"
#include "piece.h"
#include "string.h"

bool parse_is_blank(char character)
{
    return character == ' ' || character == '\t';
}

char parse_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

unsigned parse_digit(char character)
{
    if (character >= '0' && character <= '9')
        return (unsigned)(character - '0');
    char lower = parse_lower(character);
    return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a' + 10) : 99;
}

static bool is_hexadecimal(struct piece text)
{
    return piece_take_hexadecimal(&text);
}

static bool ends_in(struct piece text, char lower)
{
    return piece_length(text) > 0 && parse_lower(text.end[-1]) == lower;
}

/* Ends in f, which is no digit of it. */
static bool counts_frames(struct piece text)
{
    return ends_in(text, 'f') && !is_hexadecimal(text);
}

/* The power of two that the text's suffix stands for; 0: it has none. */
static unsigned suffix_shift(struct piece text)
{
    static const char suffixes[] = "kmgt";
    for (unsigned i = 0; piece_length(text) > 0 && suffixes[i]; i++)
        if (parse_lower(text.end[-1]) == suffixes[i])
            return 10 * (i + 1);
    return counts_frames(text) ? FRAME_SHIFT : 0;
}

/* Takes K, KB, KiB and the like, or f, off the end. Returns the power of two; 0: no unit. */
static unsigned take_unit(struct piece *text)
{
    struct piece rest = *text;
    if (ends_in(rest, 'b'))
        rest.end--;
    if (rest.end != text->end && ends_in(rest, 'i'))
        rest.end--;
    unsigned shift = suffix_shift(rest);
    if (shift == 0 || (rest.end != text->end && counts_frames(rest)))
        return 0;
    text->end = rest.end - 1;
    return shift;
}

/* All of the text, with a unit or without. *value changes on PARSE_OK only. */
static enum parse_status read_number(struct piece text, uint64_t *value)
{
    unsigned shift = take_unit(&text);
    uint64_t number;
    enum parse_status status = piece_read_number(text, 10, &number);
    if (status == PARSE_OK && number > UINT64_MAX >> shift)
        status = PARSE_TOO_LARGE;
    if (status == PARSE_OK)
        *value = number << shift;
    return status;
}

enum parse_status parse_number(const char *text, uint64_t *value)
{
    return read_number(piece_of(text), value);
}

bool parse_counts_frames(const char *text)
{
    return counts_frames(piece_of(text));
}

enum parse_status parse_range(const char *text, uint64_t *base, uint64_t *end)
{
    const char *separator = text;
    while (*separator && *separator != '-' && *separator != '+')
        separator++;
    uint64_t first;
    uint64_t second = 1; /* of a single address: the byte there */
    enum parse_status status = read_number((struct piece){text, separator}, &first);
    if (status == PARSE_OK && *separator)
        status = parse_number(separator + 1, &second);
    if (status != PARSE_OK)
        return status;
    uint64_t size = *separator == '-' ? second - first : second;
    if (size == 0 || (*separator == '-' && second < first))
        return PARSE_EMPTY;
    if (size > UINT64_MAX - first)
        return PARSE_TOO_LARGE;
    *base = first;
    *end = first + size;
    return PARSE_OK;
}

const char *parse_status_text(enum parse_status status)
{
    static const char *const texts[] = {[PARSE_OK] = "is a number",
                                        [PARSE_NOT_A_NUMBER] = "is not a number",
                                        [PARSE_TOO_LARGE] = "is too large a number",
                                        [PARSE_EMPTY] = "is a range without a byte"};
    return texts[status];
}

static bool take_dimension(struct piece *rest, uint32_t *value)
{
    uint64_t number;
    if (piece_take_digits(rest, 10, &number) != PARSE_OK || number == 0 || number > UINT16_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

bool parse_mode(const char *text, struct parse_mode *mode)
{
    struct parse_mode read = {.bits = 32};
    struct piece rest = piece_of(text);
    if (!take_dimension(&rest, &read.width) || !piece_take(&rest, "x") ||
        !take_dimension(&rest, &read.height) ||
        (piece_take(&rest, "x") && !take_dimension(&rest, &read.bits)) || piece_length(rest) > 0)
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

static bool is_unit(const char *word)
{
    struct piece text = piece_of(word);
    return take_unit(&text) && piece_length(text) == 0;
}

static bool is_number_without_unit(const char *word)
{
    struct piece text = piece_of(word);
    uint64_t number;
    return !take_unit(&text) && parse_number(word, &number) == PARSE_OK;
}

size_t parse_join_units(char **words, size_t word_count)
{
    size_t count = 0;
    for (size_t i = 0; i < word_count; i++) {
        if (count > 0 && is_unit(words[i]) && is_number_without_unit(words[count - 1]))
            memmove(words[count - 1] + strlen(words[count - 1]), words[i], strlen(words[i]) + 1);
        else
            words[count++] = words[i];
    }
    return count;
}
