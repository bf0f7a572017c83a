#ifndef TESTS_BENCH_BURSTS_H
#define TESTS_BENCH_BURSTS_H

/* Loads that come in bursts: see bursts.c. What single frames cost is counted in the guest. */

void bursts_print_targets(void);

#endif
