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

static bool read_video(struct options *options, const char *value)
{
    if (strcmp(value, "text") == 0)
        options->video = OPTIONS_VIDEO_TEXT;
    else if (strcmp(value, "off") == 0)
        options->video = OPTIONS_VIDEO_OFF;
    else if (parse_mode(value, &options->mode))
        options->video = OPTIONS_VIDEO_MODE;
    else
        return false;
    return true;
}

static bool is_file_name(const char *word)
{
    for (; *word; word++)
        if (*word == '/' || *word == '.')
            return true;
    return false;
}

static void read_word(struct options *options, const char *word, bool is_first)
{
    const char *value;
    if ((value = value_of(word, "video="))) {
        if (!read_video(options, value))
            note(options, word, "video= takes WIDTHxHEIGHTxBITS, text or off");
    } else if ((value = value_of(word, "console="))) {
        if (strcmp(value, "serial") == 0)
            options->serial_only = true;
        else
            note(options, word, "console= takes serial");
    } else if (strcmp(word, "trace") == 0) {
        options->trace = true;
    } else if (strcmp(word, "selftest") == 0) {
        options->selftest = true;
    } else if (!is_first || !is_file_name(word)) {
        note(options, word, "there is no such boot option");
    }
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
