#ifndef KERNEL_MEMTEST_H
#define KERNEL_MEMTEST_H

/*
 * The test of free memory. Frames are taken from the manager before they are touched, so that what
 * is in use is left alone, and go back to it afterwards, but for those that are bad.
 *
 *   taken  |== tested, held ==|== tested ==|= window at work ......|   free, to come   |
 *
 * What was tested is held until all is, and looked at once more. Meanwhile there may be no free
 * memory for anybody else.
 */

#include "mm/mm.h"

/* ---- patterns (memtest_patterns.c) ----------------------------------------------------------- */

/*
 * What is written into memory, and in which order it is read back, so that cells which do not keep
 * it show. Knows a window of words and their address; neither who holds them nor who looks on.
 */

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

/* ---- the test -------------------------------------------------------------------------------- */

/* Places of bad frames, next to each other, that are told apart. */
#define MEMTEST_BAD_MAX 128

struct memtest_bad {
    phys_t base; /* whole frames */
    phys_t end;
    enum mm_status status; /* MM_OK: out of use from now on; else why that could not be */
    uint64_t error_count; /* words read that were wrong */
    uint32_t bits; /* that were wrong in any of them */
    phys_t physical; /* where the first error was */
    struct memtest_fault first;
};

struct memtest_result {
    uint64_t tested_bytes; /* in the pass that came furthest */
    uint64_t untested_bytes; /* free, but out of the page tables' reach, or time was up */
    enum mm_status status; /* why memory in reach was left out; MM_OK: it was not, or time was up */
    uint32_t pass_count; /* completed */
    size_t bad_count;
    bool has_more_bad; /* there was no room for all, and the test ended */
    struct memtest_bad bad[MEMTEST_BAD_MAX]; /* ascending */
};

enum memtest_verdict {
    MEMTEST_GO_ON,
    MEMTEST_TIME_IS_UP, /* no new memory; what is held is looked at once more */
    MEMTEST_STOP, /* at once */
};

/* Called after each sweep over a window. `done` of `total` are through in this pass. */
typedef enum memtest_verdict memtest_watch_t(void *context, uint64_t done, uint64_t total);

/*
 * Tests the free frames below `limit` in passes: one, or one after another until `watch` ends it.
 * Their contents are lost. Bad ones are a block of MEMORY_BAD's at the end, all others free.
 * *result is set to nothing at the start. False, and nothing was done, if there is nothing in reach
 * to be tested; then untested_bytes is what is out of reach. Also if true, tested_bytes may be 0.
 */
bool memtest_run(phys_t limit, bool repeats, memtest_watch_t *watch, void *context,
                 struct memtest_result *result);

#endif
