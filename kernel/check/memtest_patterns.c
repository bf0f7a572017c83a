/*
 * Writes patterns into a window of memory and reads them back. A march is a list of sweeps, each of
 * which goes through all words in one direction, and does with each the same reads and writes.
 * March C- (van de Goor, "Using March Tests to Test SRAMs", IEEE Design & Test of Computers 10(1),
 * 1993) is
 *
 *   up w0;  up r0 w1;  up r1 w0;  down r0 w1;  down r1 w0;  r0
 *
 * and finds, among the cells of different words, all that are stuck, that do not rise or fall, that
 * another one's address leads to, or that change when another one does. With words for bits, 0 is a
 * background and 1 its complement; the backgrounds set each bit of a word against each other one.
 */

#include "memtest.h"

#include "kernel/lib/random.h"

/* The host's tests put cells that misbehave behind these two. */
#ifndef MEMTEST_READ
#define MEMTEST_READ(window, word) ((window)->words[word])
#define MEMTEST_WRITE(window, word, value) ((window)->words[word] = (value))
#endif

#define BACKGROUND_COUNT 6
#define MARCH_SWEEPS 6
#define RANDOM_SWEEPS 3
#define ADDRESS_SWEEPS 2

_Static_assert(MEMTEST_SWEEP_COUNT ==
                   BACKGROUND_COUNT * MARCH_SWEEPS + RANDOM_SWEEPS + ADDRESS_SWEEPS,
               "as many as are counted");

static const uint32_t backgrounds[BACKGROUND_COUNT] = {0x00000000, 0x55555555, 0x33333333,
                                                       0x0F0F0F0F, 0x00FF00FF, 0x0000FFFF};

static inline void verify(const struct memtest_window *window, const char *test, size_t word,
                          uint32_t expected)
{
    uint32_t found = MEMTEST_READ(window, word);
    if (found == expected)
        return;
    struct memtest_fault fault = {word, test, expected, found};
    window->found(window->context, &fault);
}

static bool settle(const struct memtest_window *window)
{
    return window->settle(window->context);
}

/* ---- march ---------------------------------------------------------------------------------- */

enum direction { UP, DOWN };

/* Expects `from` in each word and writes `to`; NULL: reads or writes nothing. */
static inline __attribute__((always_inline)) bool sweep(const struct memtest_window *window,
                                                        enum direction direction,
                                                        const uint32_t *from, const uint32_t *to)
{
    for (size_t i = 0; i < window->word_count; i++) {
        size_t word = direction == UP ? i : window->word_count - 1 - i;
        if (from)
            verify(window, "march", word, *from);
        if (to)
            MEMTEST_WRITE(window, word, *to);
    }
    return settle(window);
}

static bool march(const struct memtest_window *window, uint32_t zero)
{
    uint32_t one = ~zero;
    return sweep(window, UP, NULL, &zero) && sweep(window, UP, &zero, &one) &&
           sweep(window, UP, &one, &zero) && sweep(window, DOWN, &zero, &one) &&
           sweep(window, DOWN, &one, &zero) && sweep(window, UP, &zero, NULL);
}

/* ---- random --------------------------------------------------------------------------------- */

/* Neighbours of all kinds in one word, which backgrounds have not: then the same, inverted. */
static bool test_random(const struct memtest_window *window)
{
    static const char test[] = "random";
    uint64_t state = window->seed;
    for (size_t word = 0; word < window->word_count; word++)
        MEMTEST_WRITE(window, word, random_next(&state));
    if (!settle(window))
        return false;
    state = window->seed;
    for (size_t word = 0; word < window->word_count; word++) {
        uint32_t value = random_next(&state);
        verify(window, test, word, value);
        MEMTEST_WRITE(window, word, ~value);
    }
    if (!settle(window))
        return false;
    state = window->seed;
    for (size_t word = 0; word < window->word_count; word++)
        verify(window, test, word, ~random_next(&state));
    return settle(window);
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* Two words whose addresses differ in one line never have the same number: the factor is odd. */
static uint32_t number_of(const struct memtest_window *window, size_t word)
{
    uint64_t index = window->first_word + word;
    return (uint32_t)index + (uint32_t)(index >> 32) * 0x9E3779B1u;
}

void memtest_verify_again(const struct memtest_window *window)
{
    for (size_t word = 0; word < window->word_count; word++)
        verify(window, "address", word, number_of(window, word));
}

static bool test_addresses(const struct memtest_window *window)
{
    for (size_t word = 0; word < window->word_count; word++)
        MEMTEST_WRITE(window, word, number_of(window, word));
    if (!settle(window))
        return false;
    memtest_verify_again(window);
    return settle(window);
}

bool memtest_write_and_verify(const struct memtest_window *window)
{
    for (size_t i = 0; i < BACKGROUND_COUNT; i++)
        if (!march(window, backgrounds[i]))
            return false;
    return test_random(window) && test_addresses(window);
}
