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

/*
 * Calls `crime`, which is expected to touch memory that faults. Returns true, and the address in
 * *address, if it did: the rest of it was not executed then. False if nothing happened.
 */
bool trap_expect_page_fault(void (*crime)(void *), void *context, uintptr_t *address);

/* "page fault" and so on, for vectors 0 to 31. */
const char *trap_name(uint32_t vector);

#endif
