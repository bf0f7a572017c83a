#ifndef KERNEL_MACHINE_PAST_H
#define KERNEL_MACHINE_PAST_H

/*
 * The past of the machine that is open: of the real one from its start on, and of a simulated one
 * as long as it is open. Each lies in a block of its own. What is set aside (machine.h) keeps its.
 */

#include "past.h"

#define PAST_OWNER "past" /* of these blocks */

/* Begins the past of the machine that has just been opened. False if memory is too small for it. */
bool machine_past_open(void);

#define MACHINE_PAST_TEXT_MAX 128

/* Why the machine that is open has no past, if machine_past_open was called for it. */
const char *machine_past_tell_why(char text[MACHINE_PAST_TEXT_MAX]);

/* Ends the past of the simulated machine that was open, guest or not, and frees its block. */
void machine_past_close(void);

/* Of the machine that is open. NULL: there is none. */
struct past *machine_past(void);

#endif
