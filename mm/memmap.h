#ifndef MM_MEMMAP_H
#define MM_MEMMAP_H

/*
 * The firmware's memory map, put in order. Its entries may come in any order, overlap, repeat, be
 * empty, or run past the end of the address space. The result is one ascending table without
 * overlaps. Where entries overlap, everything that is not usable wins over usable memory.
 */

#include "types.h"

MM_BEGIN_DECLS

/* In ascending order of precedence: where two entries overlap, the later kind wins. */
enum region_kind { REGION_USABLE, REGION_ACPI, REGION_NVS, REGION_RESERVED, REGION_BAD };

struct region {
    phys_t base; /* [base, end), bytes until memmap_round, whole frames after it */
    phys_t end;
    enum region_kind kind; /* what the firmware says it is */
    const char *owner; /* who holds it; NULL: nobody, or, if not usable, the firmware */
};

#ifndef MEMMAP_CAPACITY
#define MEMMAP_CAPACITY 1024
#endif

struct memmap {
    struct region regions[MEMMAP_CAPACITY];
    size_t count;
    phys_t dropped_bytes; /* usable memory that was given up because the table was full */
};

/* Empties the table. Cannot fail. */
void memmap_init(struct memmap *map);

/*
 * Adds one E820 entry: base, length in bytes, and the firmware's type (ACPI specification 6.5,
 * table 15.3: 1 usable, 2 reserved, 3 ACPI reclaimable, 4 ACPI NVS, 5 bad; any other is reserved).
 * What lies at or above 2^52 is cut off. Returns false, for the log, if the entry is empty or runs
 * past 2^64: an empty entry adds nothing, and one that runs past 2^64 ends there.
 */
bool memmap_add_entry(struct memmap *map, phys_t base, uint64_t length_bytes, uint32_t type);

/*
 * Rounds usable regions inward to whole frames and all others outward. Call once, after the last
 * memmap_add_entry and before the first memmap_reserve.
 */
void memmap_round(struct memmap *map);

/*
 * Takes [base, end), rounded outward, out of use for `owner` (a string that lives as long as the
 * map). Regions there keep the firmware's kind, and get the owner unless they have one. Holes there
 * become reserved regions of the owner. If the table is full, usable memory is dropped, never the
 * reservation.
 */
void memmap_reserve(struct memmap *map, phys_t base, phys_t end, const char *owner);

/* True if the region is usable and has no owner. */
bool region_is_free(const struct region *region);

/*
 * The frames that may be handed out. Each call returns the next free region at or above *cursor (an
 * index, 0 at the start) in *range, and moves *cursor behind it. False when there are no more.
 */
bool memmap_next_free(const struct memmap *map, size_t *cursor, struct frame_range *range);

/*
 * The base of the highest place in free memory for size_bytes (rounded up to frames) that ends at
 * or below `limit`. 0 if there is none.
 */
phys_t memmap_find_top(const struct memmap *map, phys_t size_bytes, phys_t limit);

/* "usable", "acpi", "nvs", "reserved" or "bad". */
const char *region_kind_name(enum region_kind kind);

MM_END_DECLS

#endif
