#ifndef KERNEL_STRESS_H
#define KERNEL_STRESS_H

#include "mm/memmap.h"
#include "mm/mm.h"

struct stress_result {
    uint32_t operations;
    uint32_t failed; /* answers that were wrong; a refusal is right where nothing free fits */
    const char *broken; /* the first of them; NULL: none */
};

/*
 * Allocates and frees blocks of random sizes, alignments and limits, `operations` of them, of
 * `mm`, which manages what `map` has free, keeping what it holds from one call to the next.
 * stress_finish frees all, and checks the manager.
 *
 * With the model, every answer is held against it (model.h). Its memory, stress_model_bytes, two
 * bits for each frame that is managed, is a block of this kernel's until stress_finish;
 * stress_start returns false, and nothing is started, if there is none. Without the model the same
 * load runs unjudged, to measure it. *result is set to nothing at the start.
 */
uint64_t stress_model_bytes(const struct memmap *map);
bool stress_start(const struct memmap *map, struct mm *mm, bool with_model,
                  struct stress_result *result);
void stress_run(size_t operations, struct stress_result *result);
void stress_finish(struct stress_result *result);

/* ---- the self-test (selftest.c) -------------------------------------------------------------- */

/*
 * Tests the kernel where it runs: allocator, pool, paging, timer, on this machine's memory.
 * Writes a line for each rule that was tested, and `N passed, N failed` at the end. Rules that need
 * free memory are left out where there is none, and counted in a line. True if all were tested and
 * passed. Nothing stays allocated.
 */
bool selftest_run(void);

#endif
