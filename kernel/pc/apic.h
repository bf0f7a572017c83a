#ifndef KERNEL_APIC_H
#define KERNEL_APIC_H

/* The processor's local interrupt controller, which stands between it and the two 8259s. */

#include "kernel/cpu/cpu.h"

/*
 * Has it pass on the interrupts of the 8259s where firmware left it in a state in which it swallows
 * them all; elsewhere changes nothing. Call it with paging off, since its registers lie at a
 * physical address, and with the interrupt table filled.
 */
void apic_pass_interrupts(const struct cpu_features *features);

#endif
