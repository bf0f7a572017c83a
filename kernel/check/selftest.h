#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

#include <stdbool.h>

/*
 * Tests the kernel where it runs: allocator, pool, paging, timer, on this machine's memory.
 * Writes a line for each rule that was tested, and `N passed, N failed` at the end. Rules that need
 * free memory are left out where there is none, and counted in a line. True if all were tested and
 * passed. Nothing stays allocated.
 */
bool selftest_run(void);

#endif
