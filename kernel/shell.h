#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

/*
 * The shell: a prompt, a line, a command. Each command writes lines of a noun and key=value
 * fields; each failure is one line that begins with "error: ".
 */

#include <stdbool.h>
#include <stddef.h>

#include "mm/mm.h"

#define SHELL_OWNER "shell" /* of blocks for which nobody else was named */

struct shell_command {
    const char *name;
    const char *usage; /* arguments, as help shows them */
    const char *summary; /* a line */
    const char *detail; /* what else `help NAME` says; NULL: nothing */
    size_t words_min; /* with the command itself */
    size_t words_max;
    void (*run)(size_t word_count, char **words);
};

/* Runs one line: commands separated by semicolons. The line is cut up in place. */
void shell_run(char *line);

/* Reads and runs lines for ever. */
_Noreturn void shell_loop(void);

/* For who waits inside of a command: what happens between two, drivers' timers and the screen. */
void shell_idle(void);

/*
 * Types a line behind the prompt, as if somebody did, and runs it, as shell_run does; `pace` is
 * called after each character.
 */
void shell_type(char *line, void (*pace)(void));

/* Writes a block as `block id=... ...`. */
void shell_print_block(const struct mm_block *block);

/*
 * True while the real machine is open. Else writes an error: `command` needs memory that is there.
 */
bool shell_require_real(const char *command);

/* Reads a number, or writes an error that names `what` and the text. */
bool shell_read_number(const char *what, const char *text, uint64_t *value);

/* The commands, by the files that hold them; each table ends with a NULL name. */
extern const struct shell_command memory_commands[];
extern const struct shell_command view_commands[];
extern const struct shell_command machine_commands[];
extern const struct shell_command system_commands[];
extern const struct shell_command load_commands[];
extern const struct shell_command driver_commands[];

/* Only in a kernel that a lab was linked to (docs/labs); else NULL. */
extern const struct shell_command lab_commands[] __attribute__((weak));

#endif
