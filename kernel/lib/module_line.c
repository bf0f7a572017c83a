/* Reads the command line of a boot module. The line is copied: taking words off it changes it. */

#include "module_line.h"

#include "command_line.h"
#include "name.h"
#include "string.h"

static const struct {
    const char *suffix;
    enum module_kind kind;
} endings[] = {{".map", MODULE_MAP}, {".e820", MODULE_MAP}, {".sys", MODULE_DRIVER}};

static char *find_file(char *path)
{
    char *file = path;
    for (; *path; path++)
        if (*path == '/')
            file = path + 1;
    return file;
}

/* Takes an ending that says what the file is, in any case, off its name. A name is more than
   that. */
static enum module_kind take_ending(char *file)
{
    size_t length = strlen(file);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t suffix_length = strlen(endings[i].suffix);
        if (length <= suffix_length ||
            !name_is_same(file + length - suffix_length, endings[i].suffix))
            continue;
        file[length - suffix_length] = '\0';
        return endings[i].kind;
    }
    return MODULE_OTHER;
}

void module_line_read(struct module_line *line, const char *command_line)
{
    struct command_line_word path;
    memcpy(line->text, command_line, strlen(command_line) + 1);
    line->rest = line->text;
    if (!command_line_take_word(&line->rest, &path))
        path.text = line->text + strlen(line->text);
    char *file = find_file(path.text);
    line->kind = take_ending(file);
    line->name = file;
}
