#ifndef KERNEL_TRACE_H
#define KERNEL_TRACE_H

#include "kernel/lib/format.h"

/*
 * With the boot option `trace`, a line before each thing that some machine may hang at, so that a
 * photo of the screen tells which it was: "trace step=7 keyboard controller".
 */

/* Numbers and prints the steps from now on; without it they cost nothing. */
void trace_start(void);

/* What comes next, formatted as by console_print, in at most 63 characters. */
void trace_step(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
