#ifndef TESTS_BENCH_RANGES_H
#define TESTS_BENCH_RANGES_H

/* What it costs that memory lies in many ranges: the churn W2, and a walk over all blocks. */

/* Medians of so many rounds count, at least 1. */
void ranges_print_targets(int rounds);

#endif
