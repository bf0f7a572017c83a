#ifndef LABS_GUARD_H
#define LABS_GUARD_H

/* Calls of the student's code in the kernel: a crash there ends the call, not the system. */

#include <stdbool.h>

#include "kernel/pc/trap.h"

struct lab_crash {
    const char *function; /* as the student knows it; NULL: there was none */
    struct trap_fault fault;
};

/* Calls the routine. False if an exception came; *crash tells. */
bool lab_try(void (*routine)(void *context), void *context, const char *function,
             struct lab_crash *crash);

/* Writes an error line. */
void lab_tell(const struct lab_crash *crash);

/* Both. */
bool lab_guard(void (*routine)(void *context), void *context, const char *function);

#endif
