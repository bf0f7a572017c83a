#ifndef KERNEL_MEMTEST_PATTERNS_H
#define KERNEL_MEMTEST_PATTERNS_H

/*
 * What is written into memory, and in which order it is read back, so that cells which do not keep
 * it show. Knows a window of words and their address; neither who holds them nor who looks on.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A word that was not what it had to be. */
struct memtest_fault {
    size_t word; /* from the window's first */
    const char *test; /* "march", "random" or "address" */
    uint32_t expected;
    uint32_t found;
};

struct memtest_window {
    volatile uint32_t *words;
    size_t word_count; /* at least 1 */
    uint64_t first_word; /* the physical address of words[0], divided by 4 */
    uint64_t seed; /* of what is random; not 0 */

    /*
     * Called after each sweep over the window: what was written must have reached the cells, and
     * what is read next must come from there, when it returns. False ends the test.
     */
    bool (*settle)(void *context);
    void (*found)(void *context, const struct memtest_fault *fault);
    void *context; /* of both */
};

/* How often memtest_write_and_verify calls settle. */
#define MEMTEST_SWEEP_COUNT 41

/*
 * Tests the window, whose contents are lost; calls `found` for each read of a wrong word. At the
 * end each word holds a number made of its address. False, in the middle of it, if settle said so.
 */
bool memtest_write_and_verify(const struct memtest_window *window);

/*
 * Holds the numbers that memtest_write_and_verify left in the window against the addresses once
 * more. After other windows were tested, it finds words that are theirs as well: where an address
 * line is stuck, two addresses lead to one cell.
 */
void memtest_verify_again(const struct memtest_window *window);

#endif
