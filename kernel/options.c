/* One word, one option; what stands behind run= belongs to it to the end of the line. */

#include "options.h"

#include "string.h"

static void note(struct options *options, const char *word, const char *text)
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
    size_t length = 0;
    while (value[length] && value[length] != '.' && value[length] != '=')
        length++;
    if (length == 0 || value[length] != '.' || options->parameter_count == OPTIONS_PARAMETERS_MAX)
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

/* One item of badram=. What is wrong with one costs that one alone. */
static void read_bad_memory_item(struct options *options, const char *item)
{
    struct phys_range range;
    enum parse_status status = parse_range(item, &range.base, &range.end);
    if (status == PARSE_OK && range.base >= PHYS_LIMIT)
        status = PARSE_TOO_LARGE;
    if (status == PARSE_TOO_LARGE)
        note(options, item, "no memory has that address");
    else if (status == PARSE_EMPTY)
        note(options, item, "the range has no byte");
    else if (status != PARSE_OK)
        note(options, item, "badram= takes ADDR, ADDR-ADDR and ADDR+SIZE, with commas between");
    else if (options->bad_memory_count == OPTIONS_BAD_MEMORY_MAX)
        note(options, item, "badram= takes no more than 128 addresses and ranges");
    else
        options->bad_memory[options->bad_memory_count++] = range;
}

static bool read_bad_memory(struct options *options, char *value)
{
    for (char *next = value; next; value = next) {
        while (*next && *next != ',')
            next++;
        next = *next ? next : NULL;
        if (next)
            *next++ = '\0';
        read_bad_memory_item(options, value);
    }
    return true;
}

static bool read_pae(struct options *options, char *value)
{
    bool is_off = strcmp(value, "off") == 0;
    options->no_pae |= is_off;
    return is_off;
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
};

/* True if the word is one of those with a value, be it right or wrong. */
static bool read_valued(struct options *options, char *word)
{
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        if (!value_of(word, valued[i].prefix))
            continue;
        char *value = word + strlen(valued[i].prefix);
        if (!valued[i].read(options, value))
            note(options, word, valued[i].problem);
        return true;
    }
    return false;
}

static bool is_file_name(const char *word)
{
    for (; *word; word++)
        if (*word == '/' || *word == '.')
            return true;
    return false;
}

static void read_word(struct options *options, char *word, bool is_first)
{
    if (read_valued(options, word))
        return;
    if (strcmp(word, "trace") == 0)
        options->trace = true;
    else if (strcmp(word, "selftest") == 0)
        options->selftest = true;
    else if (!is_first || !is_file_name(word))
        note(options, word, "there is no such boot option");
}

/* The next word, cut off; NULL at the end. run= takes the rest of the line and is never cut. */
static char *take_word(char **cursor)
{
    char *word = *cursor;
    while (*word == ' ' || *word == '\t')
        word++;
    if (!*word)
        return NULL;
    char *end = word;
    if (strncmp(word, "run=", 4) == 0)
        end += strlen(word);
    while (*end && *end != ' ' && *end != '\t')
        end++;
    *cursor = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

void options_read(struct options *options, char *command_line)
{
    *options = (struct options){0};
    bool is_first = true;
    char *cursor = command_line;
    for (char *word; (word = take_word(&cursor)); is_first = false) {
        if (value_of(word, "run="))
            options->run = word + 4;
        else
            read_word(options, word, is_first);
    }
}
