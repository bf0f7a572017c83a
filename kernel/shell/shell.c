/* Finds the command, checks how many words it got, and runs it. Knows only its own commands. */

#include "shell.h"

#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/line.h"
#include "kernel/lib/name.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/pc/input.h"
#include "kernel/screen/display.h"

#define ESCAPE_TICKS 10 /* within which the rest of an escape sequence follows */
#define WORDS_MAX 24

static struct line line;
static const struct shell_hooks no_hooks;
static const struct shell_hooks *hooks = &no_hooks;

static void run_help(size_t word_count, char **words);
static const char *help_word(size_t index);

static const struct shell_command shell_commands[] = {
    {"help", "[COMMAND | GROUP]", "lists the commands, or explains one, or a group of them", NULL,
     1, 2, .run = run_help, .arguments = help_word},
    {"clear", "", "empties the screen; Shift with Page Up shows what was there", NULL, 1, 1,
     .act = console_clear},
    {0},
};

static const struct shell_group own_group = {"start", shell_commands};
static const struct shell_group no_group = {0};
static const struct shell_group *groups = &no_group;

void shell_init(const struct shell_group *others, const struct shell_hooks *called)
{
    groups = others;
    hooks = called;
}

/* ---- commands and their groups -------------------------------------------------------------- */

/* The index-th group; NULL behind the last. */
static const struct shell_group *group_at(size_t index)
{
    if (index == 0)
        return &own_group;
    return groups[index - 1].name ? &groups[index - 1] : NULL;
}

/* The index-th command of a group; NULL behind the last. */
static const struct shell_command *command_in(const struct shell_group *group, size_t index)
{
    return group->commands && group->commands[index].name ? &group->commands[index] : NULL;
}

/* The index-th command of all; NULL behind the last. */
static const struct shell_command *command_at(size_t index)
{
    const struct shell_group *group;
    for (size_t i = 0; (group = group_at(i)); i++)
        for (size_t j = 0; command_in(group, j); j++)
            if (index-- == 0)
                return command_in(group, j);
    return NULL;
}

static const char *command_name(size_t index)
{
    const struct shell_command *command = command_at(index);
    return command ? command->name : NULL;
}

/* NULL if there is none. */
static const struct shell_command *find_command(const char *name)
{
    const struct shell_command *command;
    size_t i = 0;
    while ((command = command_at(i)) && !name_is_same(command->name, name))
        i++;
    return command;
}

/* ---- help ----------------------------------------------------------------------------------- */

/* Commands, then groups. */
static const char *help_word(size_t index)
{
    size_t command_count = 0;
    while (command_at(command_count))
        command_count++;
    if (index < command_count)
        return command_name(index);
    const struct shell_group *group = group_at(index - command_count);
    return group ? group->name : NULL;
}

/* So short that all of it is seen in the nine rows that the smallest console has. */
static void list_groups(void)
{
    const struct shell_group *group;
    const char *row = NULL; /* the group whose row it is */
    for (size_t i = 0; (group = group_at(i)); i++) {
        if (command_in(group, 0) && (!row || strcmp(group->name, row) != 0)) {
            console_print("%s%-7s", row ? "\n" : "", group->name);
            row = group->name;
        }
        for (size_t j = 0; command_in(group, j); j++)
            console_print(" %s", command_in(group, j)->name);
    }
    console_write(
        "\nhelp NAME explains a command, or lists a group. Type tour to be shown around.\n"
        "Numbers: 4096, 0x1000, 4K, 3 MB. Earlier lines: Shift with Page Up.\n");
}

/* False if there is no such group. */
static bool list_group(const char *name)
{
    const struct shell_group *group;
    const struct shell_command *command;
    bool is_known = false;
    for (size_t i = 0; (group = group_at(i)); i++)
        for (size_t j = 0; name_is_same(group->name, name) && (command = command_in(group, j));
             j++) {
            console_print("%-8s %s\n", command->name, command->summary);
            is_known = true;
        }
    return is_known;
}

static void explain_command(const struct shell_command *command)
{
    console_print("%s %s\n  %s\n", command->name, command->usage, command->summary);
    if (command->detail)
        console_write(command->detail);
}

static void run_help(size_t word_count, char **words)
{
    const struct shell_command *command = word_count > 1 ? find_command(words[1]) : NULL;
    if (word_count == 1)
        list_groups();
    else if (command)
        explain_command(command);
    else if (!list_group(words[1]))
        shell_refuse_word("there is no command", words[1], help_word, "help lists them");
}

/* ---- running -------------------------------------------------------------------------------- */

static void run_words(size_t word_count, char **words)
{
    const struct shell_command *command = find_command(words[0]);
    char shown[FORMAT_SHORT_MAX];
    if (!command)
        shell_refuse_word("there is no command", words[0], command_name, "help lists them");
    else if (word_count < command->words_min)
        console_error("%s wants more: %s %s", command->name, command->name, command->usage);
    else if (word_count > command->words_max || word_count > WORDS_MAX)
        console_error(
            "%s does not take \"%s\": %s %s", command->name,
            format_short(
                shown, words[command->words_max < WORDS_MAX ? command->words_max : WORDS_MAX - 1]),
            command->name, command->usage);
    else if (command->words_max == 1)
        command->act();
    else
        command->run(word_count, words);
    if (command && hooks->after)
        hooks->after(command->name);
}

/* Control characters can come from the kernel's command line, and errors quote it. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((*text < ' ' || *text > '~') && *text != '\t')
            *text = '?';
}

/* Between two commands, and while nobody types. */
void shell_idle(void)
{
    videoport_poll();
    display_refresh();
}

void shell_run(char *text)
{
    make_printable(text);
    while (text) {
        char *next = text;
        while (*next && *next != ';')
            next++;
        next = *next ? next : NULL;
        if (next)
            *next++ = '\0';
        char *words[WORDS_MAX];
        size_t count = parse_words(text, words, WORDS_MAX);
        if (count <= WORDS_MAX)
            count = parse_join_units(words, count);
        if (hooks->before)
            hooks->before(count > 0 ? words[0] : NULL);
        if (count > 0)
            run_words(count, words);
        shell_idle();
        text = next;
    }
}

void shell_type(char *text, void (*pace)(void))
{
    console_write(SHELL_PROMPT);
    for (const char *character = text; *character; character++) {
        console_put(*character);
        pace();
    }
    console_put('\n');
    shell_run(text);
}

/* ---- input ---------------------------------------------------------------------------------- */

/* What may stand where the cursor is: a command, or what the command before it takes. */
static suggest_words_t *candidates(void)
{
    size_t word = line_word_start(&line);
    size_t first = word;
    while (first > 0 && line.text[first - 1] != ';')
        first--;
    while (first < word && parse_is_blank(line.text[first]))
        first++;
    if (first == word)
        return command_name;
    const struct shell_command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        if (name_begins(line.text + first, command->name) &&
            parse_is_blank(line.text[first + strlen(command->name)]))
            return command->arguments;
    return NULL;
}

static void list_candidates(suggest_words_t *candidate)
{
    size_t start = line_word_start(&line);
    const char *text;
    console_put('\n');
    for (size_t i = 0; (text = candidate(i)); i++)
        if (strncmp(text, line.text + start, line.cursor - start) == 0)
            console_print("%s ", text);
    console_write("\n" SHELL_PROMPT);
    line_show_again(&line);
}

static void complete(void)
{
    suggest_words_t *candidate = candidates();
    size_t length = line.length;
    size_t count = candidate ? line_complete(&line, candidate) : 0;
    if (count > 1 && line.length == length)
        list_candidates(candidate);
}

/* A part of a command may be another command: what is not whole is not run. */
static bool refuse_part(void)
{
    char shown[FORMAT_SHORT_MAX];
    if (line.has_lost)
        console_error("bytes of this line were lost on the way here, nothing of it is run: \"%s\"",
                      format_short(shown, line.text));
    else if (line.is_overfull)
        console_error("a line has at most %d characters, nothing of this one is run: \"%s\"",
                      LINE_MAX, format_short(shown, line.text));
    return line.has_lost || line.is_overfull;
}

static void take_other_key(enum line_key key)
{
    if (!hooks->take_key || !hooks->take_key(key))
        display_take_key(key);
}

/* True if the byte is the key Esc, which a hook took, and not the beginning of a sequence. */
static bool take_escape(uint8_t byte)
{
    if (byte != INPUT_ESCAPE || line.length > 0 || !hooks->take_key)
        return false;
    input_pause(ESCAPE_TICKS, shell_idle);
    return !input_is_waiting() && hooks->take_key(LINE_ESCAPE);
}

_Noreturn void shell_loop(void)
{
    line_init(&line, console_put);
    for (;;) {
        display_refresh(); /* who sees the prompt may count on the picture */
        console_write(SHELL_PROMPT);
        line_begin(&line);
        display_refresh();
        enum line_event event;
        do {
            uint8_t byte = input_wait(shell_idle);
            display_release();
            event = take_escape(byte) ? LINE_EDITING : line_put(&line, byte);
            if (event == LINE_COMPLETE)
                complete();
            else if (event == LINE_OTHER_KEY)
                take_other_key(line.other_key);
        } while (event != LINE_DONE && event != LINE_GIVEN_UP);
        if (event == LINE_DONE && !refuse_part())
            shell_run(line.text);
    }
}

/* ---- what commands share -------------------------------------------------------------------- */

bool shell_require_real(const char *command)
{
    if (machine_simulated())
        console_error("%s needs memory that is there, and machine \"%s\" is simulated; "
                      "machine real goes back",
                      command, machine_simulated());
    return !machine_simulated();
}

void shell_refuse_word(const char *what, const char *word, suggest_words_t *words,
                       const char *otherwise)
{
    char shown[FORMAT_SHORT_MAX];
    const char *near = suggest_word(word, words);
    format_short(shown, word);
    if (near)
        console_error("%s \"%s\"; did you mean \"%s\"?", what, shown, near);
    else
        console_error("%s \"%s\"; %s", what, shown, otherwise);
}

bool shell_read_number(const char *what, const char *text, uint64_t *value)
{
    enum parse_status status = parse_number(text, value);
    char shown[FORMAT_SHORT_MAX];
    if (status != PARSE_OK)
        console_error("%s \"%s\" %s", what, format_short(shown, text), parse_status_text(status));
    return status == PARSE_OK;
}
