#ifndef TESTS_BENCH_RANDOM_H
#define TESTS_BENCH_RANDOM_H

/*
 * xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016), all
 * 64 bits of it.
 */

#include <stdint.h>

#define RANDOM_SEED 0x9E3779B97F4A7C15u

static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1Du;
}

#endif
