#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

/* The end: what went wrong, where and how, on every console, in 24 lines of 80 columns. */

#include "kernel/cpu/cpu.h"
#include "mm/port.h"
#include "trap.h"

/* Reports a sentence and a backtrace, and stops. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports an exception with all registers, and stops. */
_Noreturn void panic_trap(const struct trap_frame *frame);

/* Reports what ran, on the stack that ended at `esp`, when a double fault came, and stops. */
_Noreturn void panic_double_fault(const struct trap_frame *frame, uint32_t esp);

/* What others do for a report, if they are set. They tell things by panic_print_line. */
extern struct panic_hooks {
    void (*prepare_screen)(void); /* shows the screen's console; called once, at the start */
    void (*finish_screen)(void); /* shows what was written; the last thing */
    void (*tell_cause)(void); /* what ran when an exception came */
    void (*tell_state)(void); /* the two lines before the last */
} panic_hooks;

/* Writes a line of a report; what is longer than a row is cut. */
void panic_print_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Assertions: a caller's bug. Always on. One that fails is a panic, as it is for mm/. NT's
   headers have one for drivers. */
#undef ASSERT
#define ASSERT MM_ASSERT

#endif
