/* One word, one option. Words are command_line.h's affair, and what badram= holds options_badram.h's. */

#include "options.h"

#include "command_line.h"
#include "options_badram.h"
#include "piece.h"
#include "string.h"

void options_note(struct options *options, const char *word, const char *text)
{
    if (options->problem_count < OPTIONS_PROBLEMS_MAX)
        options->problems[options->problem_count] = (struct options_problem){word, text};
    options->problem_count++;
}

/* What stands behind the prefix, or NULL if the word does not begin with it. */
static const char *value_of(const char *word, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(word, prefix, length) == 0 ? word + length : NULL;
}

/* The choice of that name, or -1. */
static int find_choice(const char *const *choices, const char *value)
{
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], value) == 0)
            return i;
    return -1;
}

/* May be given twice: an adapter, and a mode for it. */
static bool read_video(struct options *options, char *value)
{
    if (strcmp(value, "text") == 0) {
        options->video = OPTIONS_VIDEO_TEXT;
    } else if (strcmp(value, "off") == 0) {
        options->video = OPTIONS_VIDEO_OFF;
    } else if (*value && (*value < '0' || *value > '9')) {
        options->adapter = value; /* which there are is found out later */
    } else {
        struct parse_mode mode;
        if (!parse_mode(value, &mode))
            return false;
        options->has_mode = true;
        options->mode = mode;
    }
    return true;
}

static bool read_back_buffer(struct options *options, char *value)
{
    static const char *const kinds[] = {"contiguous", "common", "none", NULL};
    int kind = find_choice(kinds, value);
    if (kind >= 0)
        options->back_buffer = (enum options_back_buffer)kind;
    return kind >= 0;
}

static bool read_present(struct options *options, char *value)
{
    static const char *const ways[] = {"copy", "flip", NULL};
    int way = find_choice(ways, value);
    if (way >= 0)
        options->flip = way == 1;
    return way >= 0;
}

static bool read_parameter(struct options *options, char *value)
{
    size_t driver = 0;
    while (value[driver] && value[driver] != '.' && value[driver] != '=')
        driver++;
    size_t key = driver;
    while (value[key] && value[key] != '=')
        key++;
    if (driver == 0 || value[driver] != '.' || !value[key] ||
        options->parameter_count == OPTIONS_PARAMETERS_MAX)
        return false;
    options->parameters[options->parameter_count++] = value;
    return true;
}

static bool read_console(struct options *options, char *value)
{
    bool is_serial = strcmp(value, "serial") == 0;
    options->serial_only |= is_serial;
    return is_serial;
}

static bool read_write_combining(struct options *options, char *value)
{
    bool is_off = strcmp(value, "off") == 0;
    options->no_write_combining |= is_off;
    return is_off;
}

static bool read_acpi(struct options *options, char *value)
{
    bool is_off = strcmp(value, "off") == 0;
    options->no_acpi |= is_off;
    return is_off;
}

static bool read_bad_memory(struct options *options, char *value)
{
    options_read_badram(options, value);
    return true;
}

static bool read_pae(struct options *options, char *value)
{
    bool is_off = strcmp(value, "off") == 0;
    options->no_pae |= is_off;
    return is_off;
}

static bool read_run(struct options *options, char *value)
{
    bool is_first = !options->run;
    if (is_first)
        options->run = value;
    return is_first;
}

static const struct {
    const char *prefix;
    bool (*read)(struct options *options, char *value);
    const char *problem;
} valued[] = {
    {"video=", read_video,
     "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
    {"backbuffer=", read_back_buffer, "backbuffer= takes contiguous, common or none"},
    {"present=", read_present, "present= takes copy or flip"},
    {"wc=", read_write_combining, "wc= takes off"},
    {"acpi=", read_acpi, "acpi= takes off"},
    {"pae=", read_pae, "pae= takes off"},
    {"console=", read_console, "console= takes serial"},
    {"badram=", read_bad_memory, NULL}, /* notes its problems itself */
    {"param=", read_parameter, "param= takes DRIVER.KEY=VALUE, at most 16 times"},
    {"run=", read_run, "run= was given before; that one counts"},
};

/* True if the word is one of those with a value, be it right or wrong. */
static bool read_valued(struct options *options, char *word)
{
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        if (!value_of(word, valued[i].prefix))
            continue;
        char *value = word + strlen(valued[i].prefix);
        if (!valued[i].read(options, value))
            options_note(options, word, valued[i].problem);
        return true;
    }
    return false;
}

static void read_word(struct options *options, char *word)
{
    if (read_valued(options, word))
        return;
    if (strcmp(word, "trace") == 0)
        options->trace = true;
    else if (strcmp(word, "selftest") == 0)
        options->selftest = true;
    else
        options_note(options, word, "there is no such boot option");
}

/* ---- the kernel's file name ---------------------------------------------------------------------- */

static bool begins(struct piece word, const char *text)
{
    return piece_take(&word, text);
}

/* A quote may stand before it. */
static bool is_option(struct piece word)
{
    piece_take(&word, "\"");
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++)
        if (begins(word, valued[i].prefix))
            return true;
    return piece_equals(word, "trace") || piece_equals(word, "selftest");
}

static bool is_known(const char *text)
{
    return is_option((struct piece){text, text + strlen(text)});
}

static bool has(struct piece word, char sign)
{
    while (word.at < word.end && *word.at != sign)
        word.at++;
    return word.at < word.end;
}

static bool is_path(struct piece word)
{
    return has(word, '/') || (has(word, '.') && !has(word, '='));
}

static void set_file_name(struct options *options, const char *name)
{
    options->file_name = name;
    options->file_name_is_bare = !is_path((struct piece){name, name + strlen(name)});
}

/*
 * Takes the kernel's name off the line, where it begins with one and not with a quote. QEMU puts it
 * there without quotes: of /my dir/ashlar.elf, the last word is a path, too.
 */
static void take_file_name(struct options *options, char **line)
{
    struct piece rest = {*line, *line + strlen(*line)};
    struct piece word = piece_take_word(&rest);
    const char *name = word.at;
    bool is_mistyped = has(word, '=') && !is_path(word);
    if (piece_length(word) == 0 || *name == '"' || is_option(word) || is_mistyped)
        return;
    const char *end = word.end;
    while (piece_length(word = piece_take_word(&rest)) > 0 && *word.at != '"' && !is_option(word))
        if (is_path(word) && !has(word, '='))
            end = word.end;
    options->file_name_is_joined = has((struct piece){name, end}, ' ');
    *line += end - *line;
    if (**line)
        *(*line)++ = '\0';
    set_file_name(options, name);
}

/* ---- the line ------------------------------------------------------------------------------------ */

/* run= takes the rest, unless a quote says where it ends. */
static bool take_option(char **line, struct command_line_word *word)
{
    struct piece rest = piece_trim((struct piece){*line, *line + strlen(*line)});
    bool is_rest = piece_take(&rest, "run=") && !begins(rest, "\"");
    return is_rest ? command_line_take_rest(line, word) : command_line_take_word(line, word);
}

void options_read(struct options *options, char *command_line)
{
    *options = (struct options){0};
    struct command_line_word word;
    bool is_first = true;
    take_file_name(options, &command_line);
    for (; take_option(&command_line, &word); is_first = false) {
        if (!word.is_closed)
            options_note(options, word.text, "its quote \" is not closed; it is left out");
        else if (is_first && !options->file_name && word.is_quoted && !is_known(word.text))
            set_file_name(options, word.text);
        else
            read_word(options, word.text);
    }
}
