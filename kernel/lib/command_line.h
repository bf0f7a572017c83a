#ifndef KERNEL_COMMAND_LINE_H
#define KERNEL_COMMAND_LINE_H

/*
 * Words of a command line, as boot loaders write them. Blanks, which are spaces and tabs, end a
 * word. Between two " they do not. Before \, ' and " a backslash takes their meaning away; before
 * any other character it is one itself. So GRUB passes on arguments with blanks or such characters
 * (grub-core/lib/cmdline.c, grub_create_loader_cmdline):
 *
 *   "run=at \"0x1000\"" trace      two words: run=at "0x1000"  and  trace
 *
 * Pure: knows no option.
 */

#include <stdbool.h>

struct command_line_word {
    char *text; /* ends in a NUL */
    bool is_quoted; /* begins with a quote */
    bool is_closed; /* false: a quote is open at the line's end, and the text is as it was */
};

/*
 * Takes the next word off the line at *line, in place: quotes and backslashes go, the text moves
 * up. *line moves behind it. False at the end of the line.
 */
bool command_line_take_word(char **line, struct command_line_word *word);

/* The same for all that is left, blanks at its end included. */
bool command_line_take_rest(char **line, struct command_line_word *word);

#endif
