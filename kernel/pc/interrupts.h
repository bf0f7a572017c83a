#ifndef KERNEL_INTERRUPTS_H
#define KERNEL_INTERRUPTS_H

/* The kernel's interrupt lines; and what stands in for them where none ever comes. */

#include "kernel/cpu/cpu.h"

/*
 * Has the processor's local controller, which stands between it and the two 8259s, pass on their
 * interrupts where firmware left it in a state in which it swallows them all; elsewhere changes
 * nothing. Call it with paging off, since its registers lie at a physical address, and with the
 * interrupt table filled.
 */
void apic_pass_interrupts(const struct cpu_features *features);

/* Sets up timer, serial line and keyboard, lets interrupts through, and says what does not work. */
void interrupts_start(void);

/*
 * Sleeps until an interrupt, interrupts on; where they do not come (no interrupt controller, none
 * that is connected, no timer), waits a millisecond and asks the devices. Interrupts are on then.
 */
void interrupts_rest(void);

#endif
