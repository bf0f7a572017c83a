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

/* The stack pointer before the trap, which pushed five words above the general registers. */
static inline uint32_t trap_frame_esp(const struct trap_frame *frame)
{
    return frame->esp_before_pusha + 5 * (uint32_t)sizeof(uint32_t);
}

/* Fills the interrupt table and moves the lines behind the exceptions. Interrupts stay off. */
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
 * Who runs 16-bit code in virtual-8086 mode: `take_exception` gets its exceptions, `take_time` is
 * called after each interrupt that came while it ran. Either may end the call and not return.
 */
void trap_set_v86(void (*take_exception)(struct trap_frame *frame), void (*take_time)(void));

#define TRAP_NMI 2
#define TRAP_PROTECTION 13
#define TRAP_PAGE_FAULT 14
#define TRAP_MACHINE_CHECK 18

/*
 * The vector of line 15, where nothing is done unless the 8259s have the line in service: a place
 * for a local APIC's spurious interrupts, whose vectors end in 15.
 */
#define TRAP_SPURIOUS_VECTOR 0x2Fu

struct trap_fault {
    uint32_t vector;
    uint32_t error_code;
    uint32_t eip;
    uint32_t frame; /* EBP */
    uintptr_t address; /* of a page fault: what was touched */
    uint32_t stack_top; /* behind a call: where it comes from; 0 if the stack cannot be read */
};

/*
 * Calls the routine. If an exception comes that `accepts` says yes to, the routine is left there
 * for good: false, with what happened in *fault. Guards nest; the innermost one is asked, and what
 * that does not accept stops the system. A stack that cannot be pushed to is an exception like
 * others. What the machine itself reports (NMI, machine check) nobody is asked about.
 */
bool trap_guard(void (*routine)(void *), void *context,
                bool (*accepts)(const struct trap_fault *fault), struct trap_fault *fault);

/* For `accepts`: page faults only. */
bool trap_is_page_fault(const struct trap_fault *fault);

/* Nothing is accepted any more. */
void trap_forget_guards(void);

/* The word on top of a stack, or 0 if it cannot be read. */
uint32_t trap_stack_top(uint32_t esp);

/* "page fault" and so on, for vectors 0 to 31. */
const char *trap_name(uint32_t vector);

#endif
