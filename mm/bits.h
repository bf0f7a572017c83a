#ifndef MM_BITS_H
#define MM_BITS_H

/* Bits of 64-bit words. Positions count from the least significant bit, 0. */

#include "types.h"

#define BITS_ALL UINT64_MAX

/* The lowest and the highest bit that is set. The word must not be 0. */
static inline unsigned bits_lowest(uint64_t word)
{
    return (unsigned)__builtin_ctzll(word);
}

static inline unsigned bits_highest(uint64_t word)
{
    return 63u - (unsigned)__builtin_clzll(word);
}

/* How many zeros stand at the bottom of the word, and at its top: 0 to 64. */
static inline unsigned bits_zeros_at_bottom(uint64_t word)
{
    return word ? bits_lowest(word) : 64;
}

static inline unsigned bits_zeros_at_top(uint64_t word)
{
    return word ? 63 - bits_highest(word) : 64;
}

/*
 * One step of bits_longest_zeros: a run of *length zeros that one of 2^k follows is as much
 * longer.
 */
static inline uint64_t bits_extend(uint64_t found, uint64_t runs, unsigned k, unsigned *length)
{
    uint64_t longer = found & runs >> *length;
    unsigned extends = longer != 0;
    *length += extends << k;
    return longer | (found & (uint64_t)(extends - 1ull));
}

/*
 * Length of the longest run of zeros. Bit i of runsN is set where N zeros begin at bit i; the
 * length is put together from its binary digits, the largest first. No branches: the words of a
 * busy allocator are noise to a branch predictor.
 */
static inline unsigned bits_longest_zeros(uint64_t word)
{
    uint64_t runs1 = ~word;
    uint64_t runs2 = runs1 & runs1 >> 1;
    uint64_t runs4 = runs2 & runs2 >> 2;
    uint64_t runs8 = runs4 & runs4 >> 4;
    uint64_t runs16 = runs8 & runs8 >> 8;
    uint64_t runs32 = runs16 & runs16 >> 16;
    unsigned length = 0;
    if (word == 0)
        return 64;
    uint64_t found = bits_extend(BITS_ALL, runs32, 5, &length);
    found = bits_extend(found, runs16, 4, &length);
    found = bits_extend(found, runs8, 3, &length);
    found = bits_extend(found, runs4, 2, &length);
    found = bits_extend(found, runs2, 1, &length);
    bits_extend(found, runs1, 0, &length);
    return length;
}

/* `count` ones (1 to 64) from bit `first` on; first + count is at most 64. */
static inline uint64_t bits_mask(unsigned first, unsigned count)
{
    return BITS_ALL >> (64 - count) << first;
}

static inline uint32_t larger_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

#endif
