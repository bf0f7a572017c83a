#ifndef LABS_GUARD_H
#define LABS_GUARD_H

/* Calls of the student's code in the kernel: a crash there ends the call, not the system. */

#include <stdbool.h>

/*
 * Calls the routine. False if an exception came: a line on the log says which, and under what name
 * the student knows the function.
 */
bool lab_guard(void (*routine)(void *context), void *context, const char *function);

#endif
