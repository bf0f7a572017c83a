/* bits.h against slow readings of the same sentences, for every word and every frame. */

#include "any.h"
#include "mm/bits.h"
#include "mm/request.h"

static bool has(uint64_t word, unsigned bit)
{
    return word >> bit & 1;
}

/* The lowest and the highest bit are set, and no bit beyond them is. */
void prove_lowest_and_highest(void)
{
    uint64_t word = any64();
    unsigned bit = any_below(WORD_BITS);
    assume(word != 0);
    unsigned low = bits_lowest(word);
    unsigned high = bits_highest(word);
    claim(low < WORD_BITS && has(word, low) && high < WORD_BITS && has(word, high));
    claim(!has(word, bit) || (low <= bit && bit <= high));
    claim(bits_zeros_at_top(word) == WORD_BITS - 1 - high && bits_zeros_at_top(0) == WORD_BITS);
    uint32_t half = (uint32_t)word;
    assume(half != 0);
    claim(bits_lowest32(half) == low);
    REACHED();
}

/* A frame's bit is the one of its place in its word, on both kinds of processors. */
void prove_bit_of_a_frame(void)
{
    uint32_t frame = any32();
    uint64_t word = any64();
    claim(bits_of(frame) == (uint64_t)1 << frame % WORD_BITS);
    claim(bits_has(word, frame) == has(word, frame % WORD_BITS));
    REACHED();
}

/* Just the frames of [first, end) that are in the word of `first` have their bit set. */
void prove_bits_from(void)
{
    uint32_t first = any32();
    uint32_t end = any32();
    uint32_t frame = any32();
    assume(first <= end - 1 && frame / WORD_BITS == first / WORD_BITS);
    claim(bits_has(bits_from(first, end), frame) == (frame >= first && frame <= end - 1));
    REACHED();
}

/* As many bits are counted as are set. */
void prove_count(void)
{
    uint64_t word = any64();
    uint32_t count = 0;
    for (unsigned bit = 0; bit < WORD_BITS; bit++)
        count += has(word, bit);
    claim(bits_count(word) == count);
    REACHED();
}

/* Comparisons, choices and powers of two are what their names say. */
void prove_arithmetic(void)
{
    uint32_t a = any32();
    uint32_t b = any32();
    uint64_t word = any64();
    uint64_t other = any64();
    unsigned bit = any_below(WORD_BITS);
    bool is_first = any_bool();
    claim(bits_larger(a, b) == (a > b ? a : b) && bits_smaller(a, b) == (a < b ? a : b));
    claim(bits_choose(is_first, a, b) == (is_first ? a : b));
    claim(bits_are_same(word, other) == (word == other));
    claim(is_power_of_two((uint64_t)1 << bit));
    assume(word != 0 && is_power_of_two(word));
    claim(word == (uint64_t)1 << bits_lowest(word));
    REACHED();
}

static bool is_wrong_power(uint64_t value)
{
    return value != 0 && (value & (value - 1)) != 0;
}

/* A request is let through just if it breaks no rule, and else the first broken rule is named. */
void prove_request(void)
{
    uint64_t size = any64(), align = any64(), boundary = any64(), lowest = any64(), limit = any64();
    enum mm_status status = request_check(size, align, boundary, lowest, limit);
    bool fits = lowest < limit && size <= limit - lowest;
    if (size == 0)
        claim(status == MM_ZERO_SIZE);
    else if (is_wrong_power(align))
        claim(status == MM_BAD_ALIGNMENT);
    else if (is_wrong_power(boundary))
        claim(status == MM_BAD_BOUNDARY);
    else if (boundary != 0 && boundary < size)
        claim(status == MM_BOUNDARY_TOO_SMALL);
    else
        claim(status == (fits ? MM_OK : MM_BAD_LIMIT));
    REACHED();
}
