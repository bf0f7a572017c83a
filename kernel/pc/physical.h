#ifndef KERNEL_PHYSICAL_H
#define KERNEL_PHYSICAL_H

/*
 * A look at any physical address, through one page of the kernel's own that is moved over memory.
 * Takes nothing from the pool, so it works when all of that is used up. Not for interrupt handlers.
 */

#include <stdbool.h>

#include "mm/types.h"

/*
 * Copies out of physical memory. False if it is beyond what page tables reach. `context` is unused.
 */
bool physical_read(void *context, phys_t physical, void *to, size_t size_bytes);

/*
 * Where `size_bytes` of a device's registers can be accessed, uncached, until the next call of
 * these functions. NULL if they are beyond what page tables reach, or on two pages.
 */
volatile void *physical_map(phys_t physical, size_t size_bytes);

#endif
