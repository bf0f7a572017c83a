#ifndef MM_BITS_H
#define MM_BITS_H

/*
 * Small functions on words of 64 bits: the lowest and the highest bit, counts, masks, comparisons.
 * Positions count from the least significant bit, 0.
 */

#include "port.h"
#include "types.h"

#define WORD_BITS 64u
#define WORD_ORDER 6
#define WORD_ONES UINT64_MAX

/* The lowest and the highest bit that is set. The word must not be 0. */
static inline unsigned bits_lowest(uint64_t word)
{
    MM_ASSERT_COSTLY(word != 0);
    return (unsigned)__builtin_ctzll(word);
}

static inline unsigned bits_lowest32(uint32_t word)
{
    MM_ASSERT_COSTLY(word != 0);
    return (unsigned)__builtin_ctz(word);
}

static inline unsigned bits_highest(uint64_t word)
{
    MM_ASSERT_COSTLY(word != 0);
    return (WORD_BITS - 1) ^ (unsigned)__builtin_clzll(word);
}

/* How many zero bits the word has above its highest one: 0 to WORD_BITS. */
static inline unsigned bits_zeros_at_top(uint64_t word)
{
    return word ? (unsigned)__builtin_clzll(word) : WORD_BITS;
}

/*
 * The bit of a frame in its word. On 32-bit processors, it is cheaper to make the bit in one half
 * of the word.
 */
static inline uint64_t bits_of(uint32_t frame)
{
    uint32_t half = 1u << frame % 32;
    if (sizeof(void *) > 4)
        return (uint64_t)1 << (frame % WORD_BITS);
    return frame & 32 ? (uint64_t)half << 32 : half;
}

/* True if the frame's bit is set in its word. */
static inline bool bits_has(uint64_t word, uint32_t frame)
{
    uint32_t half = frame & 32 ? (uint32_t)(word >> 32) : (uint32_t)word;
    return sizeof(void *) > 4 ? word >> frame % WORD_BITS & 1 : half >> frame % 32 & 1;
}

/* How many bits are set. Sums in ever larger fields (Warren, Hacker's Delight, 5-1). */
static inline uint32_t bits_count(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (uint32_t)(word * 0x0101010101010101u >> 56);
}

/* The bits of those frames of [first, end) that are in the word of `first`. */
static inline uint64_t bits_from(uint32_t first, uint32_t end)
{
    MM_ASSERT_COSTLY(first <= end - 1);
    uint64_t ones = WORD_ONES << first % WORD_BITS;
    if (first / WORD_BITS == (end - 1) / WORD_BITS)
        ones &= WORD_ONES >> (WORD_BITS - 1 - (end - 1) % WORD_BITS);
    return ones;
}

static inline uint32_t bits_larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline uint32_t bits_smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/*
 * `first` or `second`. On 64-bit processors, where a wrongly predicted branch costs most, there is
 * no branch. For choices that a processor cannot predict.
 */
static inline uint32_t bits_choose(bool is_first, uint32_t first, uint32_t second)
{
    uint32_t mask = 0 - (uint32_t)is_first;
    if (sizeof(void *) > 4)
        return second ^ ((first ^ second) & mask);
    return is_first ? first : second;
}

/* On 32-bit processors, a comparison of the halves takes fewer instructions. */
static inline bool bits_are_same(uint64_t a, uint64_t b)
{
    if (sizeof(void *) > 4)
        return a == b;
    return (uint32_t)a == (uint32_t)b && (uint32_t)(a >> 32) == (uint32_t)(b >> 32);
}

/* The value must not be 0. */
static inline bool is_power_of_two(uint64_t value)
{
    MM_ASSERT_COSTLY(value != 0);
    return (value & (value - 1)) == 0;
}

#endif
