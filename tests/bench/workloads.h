#ifndef TESTS_BENCH_WORKLOADS_H
#define TESTS_BENCH_WORKLOADS_H

/*
 * The loads that allocators are held against one another with. Random numbers begin anew each time,
 * so that all get the same requests, in the same order.
 *
 *   W1     pairs of allocate and free in an empty arena of 1 GiB; `lim`: below 16 MiB
 *   W2     random allocating and freeing, 1 to 255 frames, 60 % full at most; W2h: 85 %
 *   W3     all filled with single frames, a random half of them freed; then a million pairs
 *   W5     W2 with a limit on each fifth request; W5b: more blocks, and those with a limit small
 *   start  tables for an arena of that size, on memory never touched before where they are large
 */

#include "allocator.h"

enum workload {
    W1_4K,
    W1_8K,
    W1_64K,
    W1_1M,
    W1_4M,
    W1_LOW,
    W2,
    W2H,
    W3,
    W5,
    W5B,
    START_64M,
    START_64G,
    WORKLOAD_COUNT
};

struct outcome {
    double ns; /* per operation: a pair in W1 and W3, a step in the others */
    double failing_ns; /* of a request for 2 MiB that cannot be had, W3 alone */
    uint64_t refused; /* requests */
    uint64_t refused_limited; /* of them, those with a limit */
    uint64_t operations; /* that `ns` is the mean of */
    double waste_percent; /* frames taken beyond those asked for, at the end */
};

/* Computes the tables of random sizes; once, before the first workload. */
void workloads_init(void);

const char *workload_name(enum workload workload);
struct outcome workload_run(const struct allocator *allocator, enum workload workload);

#endif
