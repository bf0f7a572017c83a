#ifndef KERNEL_TRAVEL_H
#define KERNEL_TRAVEL_H

/*
 * Goes back and forth in what happened to the machine that is open (kernel/past). While the screen
 * shows a moment of the past, a note tells what happened there, with a line of all moments and the
 * keys that move along it. The serial line gets the same as text. Memory itself stays as it is.
 */

#include "kernel/lib/line.h"

/*
 * Shows the moment that is so many events, at least 1, before or after the one that is shown; at
 * most the oldest that is kept, or now. A line says so if there is nowhere to go.
 */
void travel_back(uint64_t count);
void travel_forward(uint64_t count);

/* Shows memory as it is now, and says so, if a moment of the past is shown. */
void travel_return(void);

/* True while a moment of the past is shown. */
bool travel_is_on(void);

/* Moves along the line of moments. False if the key does not, or if memory is shown as it is. */
bool travel_take_key(enum line_key key);

#endif
