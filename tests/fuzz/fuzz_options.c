/*
 * The kernel's command line: an input is one. Each word is an option, a problem or the kernel's
 * file name, what is kept of it lies in the line, and what stands behind run= is left as it was, if
 * there is no quote and no backslash. Its words, numbers and modes are tried as well; and its lines
 * are arguments, which are read back from what GRUB would make of them.
 */

#include "fuzz.h"
#include "kernel/lib/command_line.h"
#include "kernel/lib/options.h"

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

/* A list of badram= may be a problem itself, in addition to its items. */
static const char *check_problems(const struct options *options, size_t word_count, bool is_plain)
{
    if (is_plain && options->problem_count > 2 * word_count)
        return "there are more problems than words";
    for (size_t i = 0; i < options->problem_count && i < OPTIONS_PROBLEMS_MAX; i++) {
        const struct options_problem *problem = &options->problems[i];
        if (!problem->text || !problem->text[0])
            return "a problem has no text";
        if (!is_in_line(problem->word) || (is_plain && strpbrk(problem->word, " \t")))
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
    for (size_t i = 0; i < options->bad_memory_count; i++)
        if (options->bad_memory_pairs[i] && (!is_in_line(options->bad_memory_pairs[i]) ||
                                             !strchr(options->bad_memory_pairs[i], ',')))
            return "a pair is not of the line";
    if (options->run && !is_in_line(options->run))
        return "the commands to run are not of the line";
    if (options->file_name && !is_in_line(options->file_name))
        return "the file name is not of the line";
    return NULL;
}

static const char *try_options(char *text, const char *untouched)
{
    static struct options options;
    size_t run_offset;
    size_t word_count = count_words(untouched, &run_offset);
    options_read(&options, text);
    bool is_plain = !strpbrk(untouched, "\"\\");
    if (is_plain && !options.run != !run_offset)
        return "run= is not found where it stands";
    if (is_plain && run_offset && options.run != text + run_offset)
        return "the commands to run begin elsewhere";
    if (is_plain && run_offset && strcmp(options.run, untouched + run_offset) != 0)
        return "the commands to run were changed";
    const char *broken = check_problems(&options, word_count, is_plain);
    return broken ? broken : check_values(&options);
}

/* ---- GRUB's quotes --------------------------------------------------------------------------- */

/* As grub_create_loader_cmdline (grub-core/lib/cmdline.c) writes an argument. Returns its end. */
static char *quote(char *to, const char *argument, size_t length)
{
    bool has_blank = memchr(argument, ' ', length);
    if (has_blank)
        *to++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (strchr("\\'\"", argument[i]))
            *to++ = '\\';
        *to++ = argument[i];
    }
    if (has_blank)
        *to++ = '"';
    *to++ = ' ';
    return to;
}

/* Calls `visit` with each argument: a line of the text that is not empty and has no tab. */
static const char *each_argument(const char *text, const char *(*visit)(const char *, size_t))
{
    const char *broken = NULL;
    while (*text && !broken) {
        size_t length = strcspn(text, "\n");
        if (length > 0 && !memchr(text, '\t', length))
            broken = visit(text, length);
        text += length + (text[length] == '\n');
    }
    return broken;
}

static char *quoted_at;

static const char *write_argument(const char *argument, size_t length)
{
    quoted_at = quote(quoted_at, argument, length);
    return NULL;
}

static const char *read_argument(const char *argument, size_t length)
{
    struct command_line_word word;
    if (!command_line_take_word(&quoted_at, &word))
        return "an argument is lost";
    if (!word.is_closed || strlen(word.text) != length || memcmp(word.text, argument, length) != 0)
        return "an argument is read as another";
    return NULL;
}

static const char *try_arguments(const char *text)
{
    char *line = malloc(4 * strlen(text) + 4);
    struct command_line_word word;
    quoted_at = line;
    each_argument(text, write_argument);
    *quoted_at = '\0';
    quoted_at = line;
    const char *broken = each_argument(text, read_argument);
    if (!broken && command_line_take_word(&quoted_at, &word))
        broken = "there is an argument too many";
    free(line);
    return broken;
}

/* ---- words ----------------------------------------------------------------------------------- */

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
    if (!broken)
        broken = try_arguments(untouched);
    free(text);
    free(untouched);
    return broken;
}
