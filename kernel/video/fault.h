#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H

/* Faults that the kernel survives: what lies where they happened, and whose code it was. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_TEXT_MAX 120

/*
 * What is at an address that faulted, as a phrase in `text`, which is returned: the guard page of
 * whose block, and how far from the block's start, or that nothing is mapped there, or not for
 * that.
 */
const char *fault_describe_address(char text[FAULT_TEXT_MAX], uintptr_t address);

/*
 * Calls a driver's routine. False if an exception came out of a driver's code, or out of a place
 * that is no code of the kernel's, which it jumped to: the routine was left there, and a line on
 * the log says under the driver's name what happened.
 */
bool fault_guard_driver(void (*routine)(void *), void *context, const char *driver);

/* For a panic (panic.h): a line that names the driver whose routine is running, if one is. */
void fault_tell_cause(void);

#endif
