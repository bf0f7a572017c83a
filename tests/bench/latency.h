#ifndef TESTS_BENCH_LATENCY_H
#define TESTS_BENCH_LATENCY_H

/* How long single operations take, in W2h. */

#include "allocator.h"

struct latency {
    double median_ns;
    double per_mille_ns; /* the 99.9th percentile */
    double most_ns;
};

/*
 * Runs W2h some times more, with the wall clock read before and after each operation, which is in
 * the figures. An operation's time is the least of these runs, for an interrupt or another process
 * does not hit the same operation each time, and what the allocator does is the same each time.
 */
struct latency latency_measure(const struct allocator *allocator);

#endif
