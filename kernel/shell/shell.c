/* Finds the command, checks how many words it got, and runs it. Knows no command but `help`. */

#include "shell.h"

#include "drivers/videoport/port/videoport.h"
#include "kernel/lib/line.h"
#include "kernel/lib/parse.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/pc/input.h"
#include "kernel/screen/display.h"

#define PROMPT "ashlar> "
#define WORDS_MAX 24

static struct line line;
static void (*before_command)(void);

static void run_help(size_t word_count, char **words);

static const struct shell_command shell_commands[] = {
    {"help", "[COMMAND]", "lists the commands, or explains one", NULL, 1, 2, .run = run_help},
    {0},
};

static const struct shell_command *const no_tables[] = {NULL};
static const struct shell_command *const *tables = no_tables;

void shell_init(const struct shell_command *const *commands, void (*before)(void))
{
    tables = commands;
    before_command = before;
}

/* The index-th command of all; NULL behind the last. */
static const struct shell_command *command_at(size_t index)
{
    const struct shell_command *command = shell_commands;
    for (const struct shell_command *const *next = tables; command; command = *next++)
        for (; command->name; command++)
            if (index-- == 0)
                return command;
    return NULL;
}

static const struct shell_command *find_command(const char *name)
{
    const struct shell_command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        if (strcmp(command->name, name) == 0)
            return command;
    console_error("there is no command \"%s\"; help lists them", name);
    return NULL;
}

static void list_commands(void)
{
    const struct shell_command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        console_print("%-8s %s\n", command->name, command->summary);
    console_write(
        "Numbers may end in K, M, G or T, and begin with 0x. help COMMAND explains one.\n");
}

static void run_help(size_t word_count, char **words)
{
    if (word_count == 1) {
        list_commands();
        return;
    }
    const struct shell_command *command = find_command(words[1]);
    if (!command)
        return;
    console_print("%s %s\n  %s\n", command->name, command->usage, command->summary);
    if (command->detail)
        console_print("%s", command->detail);
}

static void run_words(size_t word_count, char **words)
{
    const struct shell_command *command = find_command(words[0]);
    if (!command)
        return;
    if (word_count < command->words_min)
        console_error("%s wants more: %s %s", command->name, command->name, command->usage);
    else if (word_count > command->words_max || word_count > WORDS_MAX)
        console_error("%s does not take \"%s\": %s %s", command->name,
                      words[command->words_max < WORDS_MAX ? command->words_max : WORDS_MAX - 1],
                      command->name, command->usage);
    else if (command->words_max == 1)
        command->act();
    else
        command->run(word_count, words);
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
        if (before_command)
            before_command();
        if (count > 0)
            run_words(count, words);
        shell_idle();
        text = next;
    }
}

void shell_type(char *text, void (*pace)(void))
{
    console_write(PROMPT);
    for (const char *character = text; *character; character++) {
        console_put(*character);
        pace();
    }
    console_put('\n');
    shell_run(text);
}

/* ---- input ---------------------------------------------------------------------------------- */

static const char *command_name(size_t index)
{
    const struct shell_command *command = command_at(index);
    return command ? command->name : NULL;
}

static const char *argument_word(size_t index)
{
    static const char *const words[] = {"above", "align", "as", "below", "within"};
    return index < sizeof words / sizeof *words ? words[index] : NULL;
}

/* Commands complete where a command stands, and behind help; elsewhere what alloc takes does. */
static bool at_command(void)
{
    size_t start = line_word_start(&line);
    while (start > 0 && line.text[start - 1] == ' ')
        start--;
    if (start == 0 || line.text[start - 1] == ';')
        return true;
    if (start < 4 || strncmp(line.text + start - 4, "help", 4) != 0)
        return false;
    return start == 4 || line.text[start - 5] == ' ' || line.text[start - 5] == ';';
}

static void list_candidates(const char *(*candidate)(size_t index))
{
    size_t start = line_word_start(&line);
    const char *text;
    console_put('\n');
    for (size_t i = 0; (text = candidate(i)); i++)
        if (strncmp(text, line.text + start, line.cursor - start) == 0)
            console_print("%s ", text);
    console_write("\n" PROMPT);
    line_show_again(&line);
}

static void complete(void)
{
    const char *(*candidate)(size_t) = at_command() ? command_name : argument_word;
    size_t length = line.length;
    size_t count = line_complete(&line, candidate);
    if (count > 1 && line.length == length)
        list_candidates(candidate);
}

/* A part of a command may be another command: what is not whole is not run. */
static bool refuse_part(void)
{
    if (line.has_lost)
        console_error("bytes of this line were lost on the way here, nothing of it is run: \"%s\"",
                      line.text);
    else if (line.is_overfull)
        console_error("a line has at most %d characters, nothing of this one is run: \"%s\"",
                      LINE_MAX, line.text);
    return line.has_lost || line.is_overfull;
}

_Noreturn void shell_loop(void)
{
    line_init(&line, console_put);
    for (;;) {
        display_refresh(); /* who sees the prompt may count on the picture */
        console_write(PROMPT);
        line_begin(&line);
        display_refresh();
        enum line_event event;
        do {
            uint8_t byte = input_wait(shell_idle);
            display_release();
            event = line_put(&line, byte);
            if (event == LINE_COMPLETE)
                complete();
            else if (event == LINE_OTHER_KEY)
                display_take_key(line.other_key);
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

bool shell_read_number(const char *what, const char *text, uint64_t *value)
{
    enum parse_status status = parse_number(text, value);
    if (status != PARSE_OK)
        console_error("%s \"%s\" %s", what, text, parse_status_text(status));
    return status == PARSE_OK;
}
