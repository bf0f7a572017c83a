#ifndef KERNEL_CLOCK_H
#define KERNEL_CLOCK_H

/* Measures how long things take: in instructions if a machine counts them, else in nanoseconds. */

#include "kernel/cpu/cpu.h"

/*
 * Finds out what there is to measure with: the time stamp counter, held against the timer; under
 * QEMU's `-icount shift=0` it counts instructions. Without such a counter, there are the timer's
 * ticks; and a timer that does not count gets its time from that counter. Takes some 50 ms.
 * Interrupts are off meanwhile.
 */
void clock_calibrate(const struct cpu_features *features);

/* True if clock_read counts instructions. */
bool clock_counts_instructions(void);

/* "instructions" or "ns". */
const char *clock_unit(void);

/* A counter that never goes back, and the units that passed between two readings of it. */
uint64_t clock_read(void);

/* The same, and how often it counts in a second. */
uint64_t clock_counter(uint64_t *per_second);

uint64_t clock_units_between(uint64_t start, uint64_t end);

#endif
