/*
 * What people and boot loaders type: an input is a command line for the options, keys for the
 * shell's line, words, numbers and modes, and a monitor's EDID, all of the same bytes.
 */

#include "drivers/video/edid.h"
#include "fuzz.h"
#include "kernel/line.h"
#include "kernel/options.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 8

const char fuzz_name[] = "text";
uint64_t fuzz_step_count;

static void ignore(char character)
{
    (void)character;
}

static const char *candidate(void *context, size_t index)
{
    static const char *const words[] = {"alloc", "all", "blocks", "b"};
    (void)context;
    return index < sizeof words / sizeof words[0] ? words[index] : NULL;
}

static const char *try_line(const uint8_t *data, size_t size_bytes)
{
    static struct line line;
    line_init(&line, ignore);
    line_begin(&line);
    for (size_t i = 0; i < size_bytes; i++) {
        enum line_event event = line_put(&line, data[i]);
        if (event == LINE_COMPLETE)
            line_complete(&line, candidate, NULL);
        if (line.length > LINE_MAX || line.cursor > line.length || line.text[line.length])
            return "the line's cursor or its end is not where it can be";
        for (size_t j = 0; j < line.length; j++)
            if (line.text[j] < ' ' || line.text[j] > '~')
                return "the line holds what cannot be printed";
        if (event == LINE_DONE || event == LINE_GIVEN_UP)
            line_begin(&line);
    }
    return NULL;
}

static const char *try_options(char *text)
{
    static struct options options;
    const char *end = text + strlen(text);
    options_read(&options, text);
    if (options.parameter_count > OPTIONS_PARAMETERS_MAX)
        return "there are more parameters than there is room for";
    if (options.bad_memory_count > OPTIONS_BAD_MEMORY_MAX)
        return "there is more bad memory than there is room for";
    for (size_t i = 0; i < options.bad_memory_count; i++)
        if (options.bad_memory[i].base >= options.bad_memory[i].end)
            return "a range of bad memory has no byte";
    if (options.run && (options.run < text || options.run > end))
        return "the commands to run lie outside of the line";
    for (size_t i = 0; i < options.problem_count && i < OPTIONS_PROBLEMS_MAX; i++)
        if (!options.problems[i].text || options.problems[i].word < text ||
            options.problems[i].word > end)
            return "a problem is not of the line";
    return NULL;
}

static const char *try_words(char *text)
{
    char *words[WORDS_MAX];
    uint64_t number = 7;
    struct parse_mode mode;
    size_t count = parse_words(text, words, WORDS_MAX);
    for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
        if (parse_number(words[i], &number) != PARSE_OK && number != 7)
            return "a number that is none was stored";
        number = 7;
        if (parse_mode(words[i], &mode) && (mode.width == 0 || mode.height == 0 || mode.bits == 0))
            return "a mode has no size";
    }
    return NULL;
}

static const char *try_edid(const uint8_t *data, size_t size_bytes)
{
    struct edid edid;
    uint8_t bytes[EDID_BYTES] = {0, 255, 255, 255, 255, 255, 255, 0};
    uint8_t sum = 0;
    if (size_bytes > EDID_BYTES - 9)
        size_bytes = EDID_BYTES - 9;
    memcpy(bytes + 8, data, size_bytes);
    for (size_t i = 0; i < EDID_BYTES - 1; i++)
        sum = (uint8_t)(sum + bytes[i]);
    bytes[EDID_BYTES - 1] = (uint8_t)-sum;
    if (!edid_read(&edid, bytes))
        return "a block whose sum is right is refused";
    return memchr(edid.name, '\0', sizeof edid.name) ? NULL : "a monitor's name has no end";
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    char *text = malloc(size_bytes + 1);
    const char *broken = text ? NULL : "no memory";
    fuzz_step_count++;
    if (!broken)
        broken = try_line(data, size_bytes);
    if (!broken)
        broken = try_edid(data, size_bytes);
    for (int i = 0; i < 2 && !broken; i++) {
        memcpy(text, data, size_bytes);
        text[size_bytes] = '\0';
        broken = i == 0 ? try_options(text) : try_words(text);
    }
    free(text);
    return broken;
}
