#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

#include <stdbool.h>

/*
 * Tests the kernel where it runs: allocator, pool, paging, timer, on this machine's memory.
 * Writes a line for each rule and `N passed, N failed` at the end. True if all passed. Nothing
 * stays allocated.
 */
bool selftest_run(void);

#endif
