/* Reads the boot options, a word each. command_line.h cuts words, options_badram.c has badram=. */

#include "options.h"

#include "command_line.h"
#include "piece.h"
#include "string.h"

void options_note(struct options *options, const char *word, const char *text)
{
    if (options->problem_count < OPTIONS_PROBLEMS_MAX)
        options->problems[options->problem_count] = (struct options_problem){word, text};
    options->problem_count++;
}

/* May be given twice: an adapter, and a mode for it. */
static bool read_video(struct options *options, char *value)
{
    if (*value && (*value < '0' || *value > '9')) {
        options->adapter = value; /* which there are is found out later */
        return true;
    }
    bool is_mode = parse_mode(value, &options->mode);
    options->has_mode |= is_mode;
    return is_mode;
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

static bool read_run(struct options *options, char *value)
{
    bool is_first = !options->run;
    if (is_first)
        options->run = value;
    return is_first;
}

/* Words that set one thing. */
static const struct {
    const char *word;
    size_t offset; /* of a byte in struct options */
    uint8_t value;
} switches[] = {
    {"video=text", offsetof(struct options, video), OPTIONS_VIDEO_TEXT},
    {"video=off", offsetof(struct options, video), OPTIONS_VIDEO_OFF},
    {"backbuffer=contiguous", offsetof(struct options, back_buffer),
     OPTIONS_BACK_BUFFER_CONTIGUOUS},
    {"backbuffer=common", offsetof(struct options, back_buffer), OPTIONS_BACK_BUFFER_COMMON},
    {"backbuffer=none", offsetof(struct options, back_buffer), OPTIONS_BACK_BUFFER_NONE},
    {"present=copy", offsetof(struct options, flip), false},
    {"present=flip", offsetof(struct options, flip), true},
    {"wc=off", offsetof(struct options, use_write_combining), false},
    {"acpi=off", offsetof(struct options, use_acpi), false},
    {"pae=off", offsetof(struct options, use_pae), false},
    {"console=serial", offsetof(struct options, serial_only), true},
    {"trace", offsetof(struct options, trace), true},
    {"selftest", offsetof(struct options, selftest), true},
};

static bool read_switch(struct options *options, const char *word)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(word, switches[i].word) == 0) {
            *((uint8_t *)options + switches[i].offset) = switches[i].value;
            return true;
        }
    return false;
}

static const struct {
    const char *prefix;
    bool (*read)(struct options *options, char *value); /* NULL: the right ones are switches */
    const char *problem;
} valued[] = {
    {"video=", read_video,
     "video= takes WIDTHxHEIGHTxBITS, bochs, boot, vga, a driver, text or off"},
    {"backbuffer=", NULL, "backbuffer= takes contiguous, common or none"},
    {"present=", NULL, "present= takes copy or flip"},
    {"wc=", NULL, "wc= takes off"},
    {"acpi=", NULL, "acpi= takes off"},
    {"pae=", NULL, "pae= takes off"},
    {"console=", NULL, "console= takes serial"},
    {"badram=", options_read_badram, NULL},
    {"param=", read_parameter, "param= takes DRIVER.KEY=VALUE, at most 16 times"},
    {"run=", read_run, "run= was given before; that one counts"},
};

/* True if the word is one of those with a value, be it right or wrong. */
static bool read_valued(struct options *options, char *word)
{
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        size_t length = strlen(valued[i].prefix);
        if (strncmp(word, valued[i].prefix, length) != 0)
            continue;
        if (!valued[i].read || !valued[i].read(options, word + length))
            options_note(options, word, valued[i].problem);
        return true;
    }
    return false;
}

/* ---- the kernel's file name ------------------------------------------------------------------ */

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
    options->file_name_is_bare = !is_path(piece_of(name));
}

/*
 * Takes the kernel's name off the line, where it begins with one and not with a quote. QEMU puts it
 * there without quotes: of /my dir/ashlar.elf, the last word is a path, too.
 */
static void take_file_name(struct options *options, char **line)
{
    struct piece rest = piece_of(*line);
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

/* ---- the line -------------------------------------------------------------------------------- */

/* run= takes the rest, unless a quote says where it ends. */
static bool take_option(char **line, struct command_line_word *word)
{
    struct piece rest = piece_trim(piece_of(*line));
    bool is_rest = piece_take(&rest, "run=") && !begins(rest, "\"");
    return is_rest ? command_line_take_rest(line, word) : command_line_take_word(line, word);
}

void options_read(struct options *options, char *command_line)
{
    *options = (struct options){.use_write_combining = true, .use_acpi = true, .use_pae = true};
    struct command_line_word word;
    bool is_first = true;
    take_file_name(options, &command_line);
    for (; take_option(&command_line, &word); is_first = false)
        if (!word.is_closed)
            options_note(options, word.text, "its quote \" is not closed; it is left out");
        else if (is_first && !options->file_name && word.is_quoted &&
                 !is_option(piece_of(word.text)))
            set_file_name(options, word.text);
        else if (!read_switch(options, word.text) && !read_valued(options, word.text))
            options_note(options, word.text, "there is no such boot option");
}
