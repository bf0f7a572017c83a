#ifndef KERNEL_COMMANDS_H
#define KERNEL_COMMANDS_H

/* What can be typed: a table for each file of commands, ended by one without a name (shell.h). */

#include "kernel/shell/shell.h"

extern const struct shell_command memory_commands[];
extern const struct shell_command view_commands[];
extern const struct shell_command tour_commands[];
extern const struct shell_command quiz_commands[];
extern const struct shell_command past_commands[];
extern const struct shell_command load_commands[];
extern const struct shell_command display_commands[];
extern const struct shell_command system_commands[];

/* Only in a kernel that a lab was linked to (docs/labs); else NULL. */
extern const struct shell_command lab_commands[] __attribute__((weak));

/*
 * Reads an address as shell_read_number does. On a machine that is drawn frame by frame, Nf is the
 * address of its frame N; else, as everywhere, so many frames from 0 on.
 */
bool commands_read_address(const char *what, const char *text, uint64_t *address);

/* True for commands that look at the moment of the past that is shown; others return to now. */
bool commands_keep_past(const char *name);

/* What may stand behind a size or an address: below, above and so on. */
suggest_words_t request_word;

/* Gives all of them to the shell. */
void commands_init(void);

#endif
