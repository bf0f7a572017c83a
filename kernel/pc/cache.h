#ifndef KERNEL_CACHE_H
#define KERNEL_CACHE_H

/*
 * How writes to a frame buffer get combined: by an entry of the page attribute table, else by a
 * memory type range register, else not at all.
 */

#include "kernel/cpu/cpu.h"
#include "mm/types.h"

/* Finds out, and loads the page attribute table. Paging is off, or its entries know nothing of it
   yet. `wanted` is false if the user wants no write-combining. */
void cache_init(const struct cpu_features *features, bool wanted);

/* "pat", "mtrr" or "none". */
const char *cache_write_combining_name(void);

/* True if a page is write-combining when its entry says so (PAGING_WRITE_COMBINED). */
bool cache_pages_combine(void);

/* Makes a range of device memory write-combining by a register, for pages that are mapped as cached
   then. False if that cannot be had. Ended by cache_release_range. */
bool cache_combine_range(phys_t base, uint64_t size_bytes);

/* Undoes cache_combine_range, if there was one at that base. */
void cache_release_range(phys_t base);

#endif
