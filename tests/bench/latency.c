/* Stands between W2h and an allocator with a clock, in runs that nothing else times. */

#include "latency.h"

#include <stdlib.h>

#include "clocks.h"
#include "workloads.h"

#define RUNS 3
#define CALLS_MAX 5000000

static const struct allocator *inner;
static float least_ns[CALLS_MAX]; /* of each call, in the order of calls */
static size_t call_count; /* of this run */
static bool first_run;

static void record(double ns)
{
    if (first_run || ns < least_ns[call_count])
        least_ns[call_count] = (float)ns;
    call_count++;
}

static bool timed_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    double start = clocks_wall_ns();
    bool given = inner->alloc(frame_count, limit, first);
    record(clocks_wall_ns() - start);
    return given;
}

static void timed_free(uint64_t first, uint64_t frame_count)
{
    double start = clocks_wall_ns();
    inner->free(first, frame_count);
    record(clocks_wall_ns() - start);
}

static int compare(const void *left, const void *right)
{
    float a = *(const float *)left;
    float b = *(const float *)right;
    return (a > b) - (a < b);
}

struct latency latency_measure(const struct allocator *allocator)
{
    struct allocator timed = *allocator;
    timed.alloc = timed_alloc;
    timed.free = timed_free;
    inner = allocator;
    for (int run = 0; run < RUNS; run++) {
        first_run = run == 0;
        call_count = 0;
        workload_run(&timed, W2H);
    }
    qsort(least_ns, call_count, sizeof *least_ns, compare);
    return (struct latency){.median_ns = (double)least_ns[call_count / 2],
                            .per_mille_ns = (double)least_ns[call_count - 1 - call_count / 1000],
                            .most_ns = (double)least_ns[call_count - 1]};
}
