/* The system's clocks, in nanoseconds. */

#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "clocks.h"

#include <stdlib.h>
#include <time.h>

#define OVERHEAD_SAMPLES 1001

static double read_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

double clocks_cpu_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

double clocks_wall_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

double clocks_median(double *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, compare);
    return samples[count / 2];
}

double clocks_wall_overhead_ns(void)
{
    static double samples[OVERHEAD_SAMPLES];
    for (int i = 0; i < OVERHEAD_SAMPLES; i++) {
        double start = clocks_wall_ns();
        samples[i] = clocks_wall_ns() - start;
    }
    return clocks_median(samples, OVERHEAD_SAMPLES);
}
