#ifndef TESTS_BENCH_THREADS_H
#define TESTS_BENCH_THREADS_H

/*
 * Two threads take and give single frames of 4 GiB: of a textbook buddy behind one spin lock, and
 * of ours through fronts (mm/front.h) behind such a lock. Prints a line of the second table for
 * each load, or SKIPPED where the machine has no two cores for them.
 *
 *   pairs    each thread frees what it has just taken
 *   bulk     each takes many frames, then frees them in the same order
 *   random   the same, in a random order
 */
void threads_print_targets(void);

#endif
