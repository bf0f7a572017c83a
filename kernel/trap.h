#ifndef KERNEL_TRAP_H
#define KERNEL_TRAP_H

/* Exceptions and interrupts: every vector has a gate, every exception a report. */

#include <stdbool.h>
#include <stdint.h>

/* What the stubs in boot/entry.asm leave on the stack, lowest address first. */
struct trap_frame {
    uint32_t edi, esi, ebp, esp_before_pusha, ebx, edx, ecx, eax;
    uint32_t vector;
    uint32_t error_code;
    uint32_t eip;
    uint32_t cs;
    uint32_t eflags;
};
_Static_assert(sizeof(struct trap_frame) == 52, "boot/entry.asm pushes this");

/*
 * Fills the interrupt table and moves the interrupt lines behind the exceptions. Interrupts stay
 * off.
 */
void trap_init(void);

/* Calls `handler` at each interrupt of the line (0 to 15) from now on. */
void trap_set_interrupt(unsigned line, void (*handler)(void));

/*
 * The same for a line that is not the kernel's own, until it is released; the handler learns which
 * line it is. False if there is no such line, or the kernel has a handler there.
 */
bool trap_lend_interrupt(unsigned line, void (*handler)(unsigned line));
void trap_release_interrupt(unsigned line);

/* True while an interrupt is being handled. */
bool trap_in_interrupt(void);

#define TRAP_PAGE_FAULT 14

/*
 * The vector of line 15, where nothing is done unless the 8259s have the line in service: a place for
 * a local APIC's spurious interrupts, whose vectors end in 15.
 */
#define TRAP_SPURIOUS_VECTOR 0x2Fu

struct trap_fault {
    uint32_t vector;
    uint32_t error_code;
    uint32_t eip;
    uintptr_t address; /* of a page fault: what was touched */
};

/*
 * Calls the routine. If an exception comes that `accepts` says yes to, the routine is left there for
 * good: false, with what happened in *fault. Guards nest; the innermost one is asked, and what that
 * does not accept stops the system.
 */
bool trap_guard(void (*routine)(void *), void *context,
                bool (*accepts)(const struct trap_fault *fault), struct trap_fault *fault);

/* "page fault" and so on, for vectors 0 to 31. */
const char *trap_name(uint32_t vector);

#endif
