#ifndef KERNEL_TOUR_H
#define KERNEL_TOUR_H

/*
 * The guided tour: each step is a few sentences, then commands that are typed and run before the
 * reader's eyes. What they take is given back, whenever the reader ends it.
 *
 * What the tour tells and types is a table, tour_script.c, so that it can be read and changed
 * without knowing how it is played. In texts and commands, {NAME} stands for a value of this
 * machine (tour_values.h).
 */

#include <stddef.h>

#define TOUR_COMMANDS_MAX 5

/* What a step needs besides memory. Without it, `otherwise` is told, and nothing is typed. */
enum tour_need { TOUR_NEEDS_NOTHING, TOUR_NEEDS_BACK_BUFFER, TOUR_NEEDS_OTHER_MODE };

/*
 * A step begins and ends with the same memory: blocks that it leaves are freed behind it, and what
 * else it changes, its ending sets back. So steps can be played in any order, and ended midway.
 */
struct tour_step {
    const char *title; /* at most 24 characters */
    const char *text; /* two to four sentences, at most 300 characters */
    const char *seen; /* one about the whole picture, where that is on the screen; NULL: none */
    const char *commands[TOUR_COMMANDS_MAX]; /* a line each; left out if a value is missing */
    const char *ending; /* a line that follows even if the reader ends it midway; NULL: none */
    unsigned slowness; /* how many times as long as usual alloc and free are told; 0: once */
    enum tour_need need;
    const char *otherwise;
};

extern const struct tour_step tour_script[];
extern const size_t tour_script_length;

enum tour_pace {
    TOUR_BY_KEY, /* waits for a key; in a script at boot, as TOUR_ALONE */
    TOUR_ALONE, /* goes on at reading pace; a key stops it, and from then on it waits for keys */
    TOUR_QUICK, /* waits for nothing */
};

/*
 * Plays from that step on, 1 to tour_script_length. Ends with a line
 * `tour end ...`, or with an error if there is too little memory.
 */
void tour_play(size_t first_step, enum tour_pace pace);

#endif
