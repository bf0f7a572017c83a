#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

/*
 * The shell: a prompt, a line, a command. Each command writes lines of a noun and key=value
 * fields; each failure is one line that begins with "error: ".
 */

#include "kernel/lib/line.h"
#include "kernel/lib/suggest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shell_command {
    const char *name;
    const char *usage; /* arguments, as help shows them */
    const char *summary; /* a line */
    const char *detail; /* what else `help NAME` says; NULL: nothing */
    size_t words_min; /* with the command itself */
    size_t words_max;
    union {
        void (*run)(size_t word_count, char **words);
        void (*act)(void); /* of a command that is one word: words_max is 1 */
    };
    suggest_words_t *arguments; /* words that Tab completes behind it; NULL: none */
};

/* Commands that help lists together, and with those of a group of the same name before it. */
struct shell_group {
    const char *name; /* not a command's */
    const struct shell_command *commands; /* ended by one without a name; NULL: there are none */
};

#define SHELL_PROMPT "ashlar> "

/* What else happens at a command or a key. Each may be NULL. */
struct shell_hooks {
    void (*before)(const char *command); /* NULL: a line without a command */
    void (*after)(const char *command); /* its name in the table; not for a line without one */
    bool (*take_key)(enum line_key key); /* true: it was taken, and is not the picture's */
};

/*
 * The commands from now on, beside the shell's own: groups in the order in which they are listed,
 * ended by one without a name.
 */
void shell_init(const struct shell_group *groups, const struct shell_hooks *hooks);

/* Runs one line: commands separated by semicolons. The line is cut up in place. */
void shell_run(char *line);

/* Reads and runs lines for ever. */
_Noreturn void shell_loop(void);

/* For who waits inside of a command: what happens between two, drivers' timers and the screen. */
void shell_idle(void);

/* Types a line behind the prompt, and runs it as shell_run; calls `pace` after each character. */
void shell_type(char *line, void (*pace)(void));

/* True while the real machine is open. Else writes an error: `command` needs real memory. */
bool shell_require_real(const char *command);

/*
 * Writes an error: `what`, the word, and the one of `words` that it is most like; if it is like
 * none, `otherwise`.
 */
void shell_refuse_word(const char *what, const char *word, suggest_words_t *words,
                       const char *otherwise);

/* Reads a number, or writes an error that names `what` and the text. */
bool shell_read_number(const char *what, const char *text, uint64_t *value);

#endif
