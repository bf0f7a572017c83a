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

#include "memtest_patterns.h"
#include "mm/mm.h"

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
