#ifndef KERNEL_PAGING_H
#define KERNEL_PAGING_H

/*
 * Virtual memory, the same for both kinds of page tables: PAE where the processor has it, else
 * classic.
 *
 *   0x00000000  one page, never mapped
 *   0x00001000  first MiB as it is: BIOS data, text screen
 *   0x00100000  the kernel's image, as it is: text read-only, the rest not executable
 *       ...     the tables of the memory manager, as they are, wherever they lie below 1 GiB
 *   0x40000000  the pool's window: blocks and devices, each between guard pages
 *       ...     nothing
 *
 * No other RAM is mapped: a block has one mapping, with one cache type, or none.
 */

#include "kernel/cpu/cpu.h"
#include "mm/pool.h"

#define PAGING_WINDOW_BASE 0x40000000u
#define PAGING_WINDOW_LIMIT 0xFFC00000u

enum paging_rights {
    PAGING_READ = 0,
    PAGING_WRITE = 1,
    PAGING_EXECUTE = 2,
    PAGING_UNCACHED = 4,
    PAGING_WRITE_COMBINED = 8, /* uncached where pages cannot be */
    PAGING_USER = 16, /* for 16-bit code of the BIOS as well */
};

/* Bytes of page tables that cover the addresses [base, end), and at most two tables more. */
size_t paging_table_bytes(const struct cpu_features *features, uintptr_t base, uintptr_t end);

/* Where frames must lie to be mapped: classic page tables, 4 GiB; PAE, what the processor takes. */
phys_t paging_reach(void);

/*
 * Starts to build. Page tables are carved from `tables` (multiple of 4096, identity-mapped by the
 * caller before paging is enabled), and none is ever given back.
 */
void paging_init(const struct cpu_features *features, void *tables, size_t tables_bytes);

/* Makes page tables for [base, end), so that paging_map works there. Asserts that there is room. */
void paging_cover(uintptr_t base, uintptr_t end);

/* Maps [base, end) to the same physical addresses. Makes page tables as needed. */
void paging_map_identity(uintptr_t base, uintptr_t end, unsigned rights);

/* Maps one page of a covered range. False, changing nothing, if the frame is out of reach. */
bool paging_map(uintptr_t virtual_address, phys_t physical, unsigned rights);

/* Gives a mapped page of a covered range other rights. */
void paging_protect(uintptr_t virtual_address, unsigned rights);

/* Unmaps one page of a covered range. */
void paging_unmap(uintptr_t virtual_address);

/* The physical address behind a virtual one. False if nothing is mapped there. */
bool paging_translate(uintptr_t virtual_address, phys_t *physical);

/* Turns paging on. What runs must be mapped. */
void paging_enable(void);

/* "pae nx", "pae" or "classic". */
const char *paging_mode_name(void);

/* The pages of a pool's window, in these tables. */
extern const struct pool_pages paging_pool_pages;

/*
 * A look at any physical address, through one page of the kernel's own that is moved over memory.
 * Takes nothing from the pool, so it works when that is used up. Not for interrupt handlers.
 */

/* Copies out of physical memory. False if it is beyond paging_reach. `context` is unused. */
bool physical_read(void *context, phys_t physical, void *to, size_t size_bytes);

/* Copies into memory, or uncached into a device's. False as above; `from` stays as it is. */
bool physical_write(phys_t physical, void *from, size_t size_bytes, bool is_memory);

/*
 * Where `size_bytes` of a device's registers can be accessed, uncached, until the next call of
 * these functions. NULL if they are beyond what page tables reach, or on two pages.
 */
volatile void *physical_map(phys_t physical, size_t size_bytes);

#endif
