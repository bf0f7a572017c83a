#ifndef TESTS_FUZZ_FAKE_KERNEL_H
#define TESTS_FUZZ_FAKE_KERNEL_H

/*
 * What the shell's commands call besides the memory manager: each writes the line of who did as it
 * was told, or refuses with a reason, as the kernel's own does.
 */

#include "mm/memmap.h"
#include "mm/pool.h"

/* The one manager, pool and map of this kernel; for the target to open. */
extern struct mm fake_mm;
extern struct pool fake_pool;
extern struct memmap fake_map;

/* A command that ends the machine calls it, and it must not return. */
extern void (*fake_kernel_at_end)(void);

/* The names that the shell may not use. */
bool fake_kernel_claims(const char *name);

#endif
