#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

/* The machine's memory: the one map, the one manager and the one pool of this kernel. */

#include "boot/boot_info.h"
#include "kernel/cpu/cpu.h"
#include "kernel/lib/options.h"
#include "managed.h"
#include "mm/memmap.h"
#include "mm/pool.h"

#define MEMORY_SHELL "shell" /* owns blocks for which nobody else was named */

/* Who holds memory that is bad: by the option badram=, and found so since. */
#define MEMORY_BAD_AT_BOOT "badram"
#define MEMORY_BAD "bad"

/*
 * Makes sense of the firmware's map and of badram=, takes reservations out of it, brings the rest
 * under management, and turns paging on, with PAE only where the processor has it and pae=off was
 * not said. Panics if there is no room for its tables; logs what it left out.
 */
void memory_init(const struct boot_info *info, const struct options *options,
                 const struct cpu_features *features);

struct memmap *memory_map(void);
struct mm *memory_manager(void);
struct pool *memory_pool(void);

/* Blocks of the pool for a manager's records. `owner` holds them; the text is not copied. */
struct mm_source memory_source(char *owner);

/* Which other owner holds memory in [base, end) by the map; NULL: none. */
const char *memory_find_holder(phys_t base, phys_t end, const char *besides);

/* Lets 16-bit code at the BIOS's parts of the first MiB, frame 0 included, or no longer. */
void memory_open_bios(bool is_open);

/* Copies out of the BIOS's parts of the first MiB. False if any of it is something else's. */
bool memory_read_bios(phys_t physical, void *to, size_t size_bytes);

/* Where this kernel lies, from its first byte to the end of its stack. */
struct phys_range memory_image(void);

/*
 * Names of owners that belong to the system: the shell neither uses them nor frees their blocks.
 * The name is not copied. Asserts that there is room for it.
 */
void memory_claim_owner(const char *name);
bool memory_owner_is_claimed(const char *name);

#endif
