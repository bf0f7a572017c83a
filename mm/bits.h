#ifndef MM_BITS_H
#define MM_BITS_H

/* Bits of 32-bit words. Positions count from the least significant bit, 0. */

#include "types.h"

/* The lowest and the highest bit that is set. The word must not be 0. */
static inline unsigned bits_lowest(uint32_t word)
{
    return (unsigned)__builtin_ctz(word);
}

static inline unsigned bits_highest(uint32_t word)
{
    return 31u - (unsigned)__builtin_clz(word);
}

/* How many ones stand at the bottom of the word, and at its top: 0 to 32. */
static inline unsigned bits_ones_at_bottom(uint32_t word)
{
    return word == UINT32_MAX ? 32 : bits_lowest(~word);
}

static inline unsigned bits_ones_at_top(uint32_t word)
{
    return word == UINT32_MAX ? 32 : 31 - bits_highest(~word);
}

/* Length of the longest run of ones: each step shortens every run by one. */
static inline unsigned bits_longest_run(uint32_t word)
{
    unsigned length = 0;
    for (; word; word &= word << 1)
        length++;
    return length;
}

/* `count` ones (0 to 32) from bit `first` on; first + count is at most 32. */
static inline uint32_t bits_mask(unsigned first, unsigned count)
{
    return count == 0 ? 0 : (UINT32_MAX >> (32 - count)) << first;
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
