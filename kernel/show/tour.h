#ifndef KERNEL_TOUR_H
#define KERNEL_TOUR_H

/*
 * The guided tour: each step of tour_script.h is a few sentences, then commands that are typed and
 * run before the reader's eyes. What they take is given back, whenever the reader ends it.
 */

#include <stddef.h>

enum tour_pace {
    TOUR_BY_KEY, /* waits for a key; in a script at boot, as TOUR_ALONE */
    TOUR_ALONE, /* goes on at reading pace; a key stops it, and from then on it waits for keys */
    TOUR_QUICK, /* waits for nothing */
};

/*
 * Plays from that step on, 1 to tour_script_length (tour_script.h). Ends with a line
 * `tour end ...`, or with an error if there is too little memory.
 */
void tour_play(size_t first_step, enum tour_pace pace);

#endif
