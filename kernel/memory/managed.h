#ifndef KERNEL_MANAGED_H
#define KERNEL_MANAGED_H

/*
 * Makes a memory manager from a rounded map, the same way for this machine and for one that is
 * simulated: who holds memory before there is an allocator, what is left, and the tables that it
 * takes. Knows neither boot loaders nor page tables.
 */

#include "mm/memmap.h"
#include "mm/mm.h"

/* The first 64 KiB are nobody's: interrupt vectors, BIOS data, and what a boot loader left. */
#define MANAGED_FIRST_BYTE (64 * KIB)

/* Owners of what is a device's, whatever the firmware says. */
#define MEMORY_FRAMEBUFFER "framebuffer" /* the boot loader's */
#define MEMORY_ISA_HOLE "isa-hole" /* from 15 to 16 MiB, where cards may be */

/* Takes out what every PC has in use: the kernel, the first 64 KiB, all from bios_area to 1 MiB. */
void managed_reserve(struct memmap *map, struct phys_range kernel, phys_t bios_area);

/* The region that holds the byte at that address; NULL if it lies in a hole. */
const struct region *managed_find_region(const struct memmap *map, phys_t address);

/*
 * What comes under management, a range that one buddy takes (BUDDY_MAX_FRAMES) a call, in ascending
 * order. A walk starts as {.map = map}.
 */
struct managed_walk {
    const struct memmap *map;
    size_t cursor;
    struct frame_range rest;
};

bool managed_next_range(struct managed_walk *walk, struct frame_range *range);

struct managed_sizes {
    pfn_t frame_count;
    uint64_t tables_bytes; /* of the buddy, a multiple of 8; in a machine of many TiB more than a
                              pointer holds */
    size_t records_bytes; /* of the ledger, a multiple of 8: common loads never make it grow */
};

void managed_measure(const struct memmap *map, struct managed_sizes *sizes);

/*
 * The place for the tables, size_bytes (at least 1, whole frames) that end at or below `limit`, in
 * free memory; 0 if there is none. They lie at an end of a range, so that they split no long run:
 * at the start of the lowest one that begins at or above 16 MiB, else at the highest place. Only a
 * range that reaches from below 16 MiB to beyond the limit is cut, at 16 MiB: devices need what is
 * below, and the longest blocks what is above.
 */
phys_t managed_find_place(const struct memmap *map, uint64_t size_bytes, phys_t limit);

/*
 * Brings all of it under management. `tables` is as many bytes as managed_measure says of this map,
 * 8-byte aligned, outside of what the map has free, and stays with the manager for good.
 */
void managed_add(struct mm *mm, const struct memmap *map, void *tables);

#endif
