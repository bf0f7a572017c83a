#ifndef TESTS_BENCH_CLOCKS_H
#define TESTS_BENCH_CLOCKS_H

/*
 * The thread's own time, for long loops: it leaves out what the machine does for others, and a
 * reading is a system call. And the time that passes, for a single operation: a reading takes some
 * 20 ns.
 */

#include <stddef.h>

double clocks_cpu_ns(void);
double clocks_wall_ns(void);

/* What two readings of the wall clock have between them if nothing else is. */
double clocks_wall_overhead_ns(void);

/* The median; puts the samples in order. */
double clocks_median(double *samples, size_t count);

#endif
