/*
 * The kernel's command line: an input is one. Each word is an option or a problem, what is kept of it
 * lies in the line, and what stands behind run= is left as it was. Its words, numbers and modes are
 * tried as well.
 */

#include "fuzz.h"
#include "kernel/options.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 8

const char fuzz_name[] = "options";
uint64_t fuzz_step_count;

static const char *line_start;
static const char *line_end; /* its NUL */

static bool is_in_line(const char *text)
{
    return text >= line_start && text <= line_end;
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

/*
 * Of the untouched line: how many words there are up to run=, those that commas part counted one by
 * one, and where what is to run begins.
 */
static size_t count_words(const char *line, size_t *run_offset)
{
    size_t count = 0;
    *run_offset = 0;
    for (const char *cursor = line; *cursor;) {
        while (is_blank(*cursor))
            cursor++;
        if (strncmp(cursor, "run=", 4) == 0) {
            *run_offset = (size_t)(cursor + 4 - line);
            break;
        }
        count += *cursor != '\0';
        for (; *cursor && !is_blank(*cursor); cursor++)
            count += *cursor == ',';
    }
    return count;
}

static const char *check_problems(const struct options *options, size_t word_count)
{
    if (options->problem_count > word_count)
        return "there are more problems than words";
    for (size_t i = 0; i < options->problem_count && i < OPTIONS_PROBLEMS_MAX; i++) {
        const struct options_problem *problem = &options->problems[i];
        if (!problem->text || !problem->text[0])
            return "a problem has no text";
        if (!is_in_line(problem->word) || strpbrk(problem->word, " \t"))
            return "a problem is not a word of the line";
    }
    return NULL;
}

static const char *check_values(const struct options *options)
{
    if (options->adapter && (!is_in_line(options->adapter) || !options->adapter[0]))
        return "the adapter is not of the line";
    if (options->has_mode && (!options->mode.width || !options->mode.height || !options->mode.bits))
        return "a mode has no size";
    if (options->parameter_count > OPTIONS_PARAMETERS_MAX)
        return "there are more parameters than there is room for";
    for (size_t i = 0; i < options->parameter_count; i++)
        if (!is_in_line(options->parameters[i]) || !strchr(options->parameters[i], '.'))
            return "a parameter is not of the line, or nobody's";
    if (options->bad_memory_count > OPTIONS_BAD_MEMORY_MAX)
        return "there is more bad memory than there is room for";
    for (size_t i = 0; i < options->bad_memory_count; i++)
        if (options->bad_memory[i].base >= options->bad_memory[i].end)
            return "a range of bad memory has no byte";
    return NULL;
}

static const char *try_options(char *text, const char *untouched)
{
    static struct options options;
    size_t run_offset;
    size_t word_count = count_words(untouched, &run_offset);
    options_read(&options, text);
    if (!options.run != !run_offset)
        return "run= is not found where it stands";
    if (run_offset && options.run != text + run_offset)
        return "the commands to run begin elsewhere";
    if (run_offset && strcmp(options.run, untouched + run_offset) != 0)
        return "the commands to run were changed";
    const char *broken = check_problems(&options, word_count);
    return broken ? broken : check_values(&options);
}

static const char *try_number(const char *word)
{
    uint64_t number = 7;
    enum parse_status status = parse_number(word, &number);
    if (status != PARSE_OK)
        return number == 7 ? NULL : "a number that is none was stored";
    /* Where the C library reads the same digits, it reads the same number. */
    char *end;
    bool is_hexadecimal = word[0] == '0' && (word[1] | 0x20) == 'x';
    if (strtoull(word, &end, is_hexadecimal ? 16 : 10) != number && *end == '\0')
        return "a number is another one";
    return NULL;
}

static const char *try_words(char *text)
{
    char *words[WORDS_MAX];
    size_t right_count = 0;
    struct parse_mode mode;
    for (const char *rest = text; *rest; rest++)
        right_count += !is_blank(*rest) && (rest == text || is_blank(rest[-1]));
    size_t count = parse_words(text, words, WORDS_MAX);
    if (count != right_count)
        return "words are miscounted";
    for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
        if (!is_in_line(words[i]) || !words[i][0] || strpbrk(words[i], " \t"))
            return "a word is none";
        const char *broken = try_number(words[i]);
        if (broken)
            return broken;
        if (parse_mode(words[i], &mode) && (mode.width == 0 || mode.height == 0 || mode.bits == 0))
            return "a mode has no size";
    }
    return NULL;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    char *untouched = calloc(1, size_bytes + 1);
    char *text = calloc(1, size_bytes + 1);
    const char *broken = untouched && text ? NULL : "no memory";
    fuzz_step_count++;
    for (int i = 0; i < 2 && !broken; i++) {
        memcpy(untouched, data, size_bytes);
        memcpy(text, data, size_bytes);
        line_start = text;
        line_end = text + strlen(text);
        broken = i == 0 ? try_options(text, untouched) : try_words(text);
    }
    free(text);
    free(untouched);
    return broken;
}
