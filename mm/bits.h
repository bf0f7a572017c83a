#ifndef MM_BITS_H
#define MM_BITS_H

/*
 * Words of bits, as wide as the machine's registers: 32 bits in a 32-bit kernel, 64 in a 64-bit
 * one. Positions count from the least significant bit, 0.
 */

#include "types.h"

typedef unsigned long word_t;

#if __SIZEOF_LONG__ == 8
#define WORD_ORDER 6
#else
#define WORD_ORDER 5
#endif
#define WORD_BITS (1u << WORD_ORDER)
#define WORD_ONES (~(word_t)0)

/* The lowest and the highest bit that is set. The word must not be 0. */
static inline unsigned bits_lowest(word_t word)
{
    return (unsigned)__builtin_ctzl(word);
}

static inline unsigned bits_highest(word_t word)
{
    return (WORD_BITS - 1) ^ (unsigned)__builtin_clzl(word);
}

/*
 * How many zeros stand at the bottom of the word, and at its top: 0 to WORD_BITS. Without a branch:
 * the words of a busy allocator are noise to a branch predictor.
 */
static inline unsigned bits_zeros_at_bottom(word_t word)
{
    return bits_lowest(word | (word_t)1 << (WORD_BITS - 1)) + (word == 0);
}

static inline unsigned bits_zeros_at_top(word_t word)
{
    return WORD_BITS - 1 - bits_highest(word | 1) + (word == 0);
}

/* One step of bits_longest_zeros: a run of *length zeros that one of 2^k follows is longer. */
static inline word_t bits_extend(word_t found, word_t runs, unsigned k, unsigned *length)
{
    word_t longer = found & runs >> *length;
    unsigned extends = longer != 0;
    *length += extends << k;
    return longer | (found & ((word_t)extends - 1));
}

/*
 * Length of the longest run of zeros. Bit i of runsN is set where N zeros begin at bit i; the
 * length is put together from its binary digits, the largest first. No branch but the first.
 */
static inline unsigned bits_longest_zeros(word_t word)
{
    word_t runs1 = ~word;
    word_t runs2 = runs1 & runs1 >> 1;
    word_t runs4 = runs2 & runs2 >> 2;
    word_t runs8 = runs4 & runs4 >> 4;
    word_t runs16 = runs8 & runs8 >> 8;
    unsigned length = 0;
    if (word == 0)
        return WORD_BITS;
    word_t found = WORD_ONES;
#if WORD_ORDER > 5
    found = bits_extend(found, runs16 & runs16 >> 16, 5, &length);
#endif
    found = bits_extend(found, runs16, 4, &length);
    found = bits_extend(found, runs8, 3, &length);
    found = bits_extend(found, runs4, 2, &length);
    found = bits_extend(found, runs2, 1, &length);
    bits_extend(found, runs1, 0, &length);
    return length;
}

/* Where `count` zeros (1 to WORD_BITS) in a row begin. */
static inline word_t bits_runs_of_zeros(word_t word, unsigned count)
{
    word_t runs = ~word;
    for (unsigned length = 1; length < count;) {
        unsigned more = length < count - length ? length : count - length;
        runs &= runs >> more;
        length += more;
    }
    return runs;
}

/* `count` ones (1 to WORD_BITS) from bit `first` on; first + count is at most WORD_BITS. */
static inline word_t bits_mask(unsigned first, unsigned count)
{
    return WORD_ONES >> (WORD_BITS - count) << first;
}

static inline uint32_t larger_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The value must not be 0. */
static inline bool is_power_of_two(uint64_t value)
{
    return (value & (value - 1)) == 0;
}

#endif
