#ifndef KERNEL_BADRAM_H
#define KERNEL_BADRAM_H

/*
 * Memory that does not keep what is written: out of use from the start by the boot option badram=,
 * or since a test found it. The first is part of the memory map, the second are blocks of the
 * manager's, which nobody frees.
 */

#include "kernel/lib/options.h"
#include "mm/memmap.h"
#include "mm/mm.h"

/*
 * Adds the option's memory to the firmware's map, as bad, before it is rounded. Writes a line for
 * each pair, of what it selects, and for each number where that map has no RAM.
 */
void badram_add(struct memmap *map, const struct options *options);

/* Takes the free frames [base, end) out of use for good. Fails as mm_reserve, changing nothing. */
enum mm_status badram_take(phys_t base, phys_t end);

/*
 * The next piece at or above *cursor (0 at the start) that badram_take took, in ascending order;
 * *cursor moves behind it. False if there is none below `limit`.
 */
bool badram_next_taken(phys_t *cursor, phys_t limit, struct phys_range *piece);

/* Writes the boot option that keeps all of it out of use: a line, if there is anything. */
void badram_print_option(void);

#endif
