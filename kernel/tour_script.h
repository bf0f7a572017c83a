#ifndef KERNEL_TOUR_SCRIPT_H
#define KERNEL_TOUR_SCRIPT_H

/*
 * What the tour tells and types: a table, so that it can be read and changed without knowing how it
 * is played. In texts and commands, {NAME} stands for a value of this machine (tour_words.h).
 */

#include <stddef.h>

#define TOUR_COMMANDS_MAX 5

/* What a step needs besides memory. Without it, `otherwise` is told, and nothing is typed. */
enum tour_need { TOUR_NEEDS_NOTHING, TOUR_NEEDS_BACK_BUFFER, TOUR_NEEDS_OTHER_MODE };

/*
 * A step begins and ends with the same memory: blocks that it leaves are freed behind it, and the
 * mode is set back. So steps can be played in any order, and ended in the middle.
 */
struct tour_step {
    const char *title; /* at most 24 characters */
    const char *text; /* two to four sentences, at most 300 characters */
    const char
        *seen; /* a sentence about the whole picture, told where it is on the screen; or NULL */
    const char
        *commands[TOUR_COMMANDS_MAX]; /* a line each; one whose value is missing is left out */
    enum tour_need need;
    const char *otherwise;
    const char *wants; /* a command of the shell without which there is no such step; NULL: none */
};

extern const struct tour_step tour_script[];
extern const size_t tour_script_length;

#endif
