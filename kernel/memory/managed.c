/* Makes a memory manager from a firmware map, by walks over the map's free regions. */

#include "managed.h"

#include "mm/port.h"

#define LOW_END (16 * MIB) /* what the devices of an ISA bus reach */
#define RECORDS_BYTES_MAX (256 * (size_t)KIB)

void managed_reserve(struct memmap *map, struct phys_range kernel, phys_t bios_area)
{
    memmap_reserve(map, kernel.base, kernel.end, "kernel");
    memmap_reserve(map, 0, MANAGED_FIRST_BYTE, "low");
    memmap_reserve(map, bios_area, MIB, "bios");
}

const struct region *managed_find_region(const struct memmap *map, phys_t address)
{
    for (size_t i = 0; i < map->count; i++)
        if (address >= map->regions[i].base && address < map->regions[i].end)
            return &map->regions[i];
    return NULL;
}

/* A free region may be longer than a buddy takes: then it comes in pieces. */
bool managed_next_range(struct managed_walk *walk, struct frame_range *range)
{
    struct frame_range *rest = &walk->rest;
    if (rest->first == rest->end && !memmap_next_free(walk->map, &walk->cursor, rest))
        return false;
    *range = *rest;
    if (range->end - range->first > BUDDY_MAX_FRAMES)
        range->end = range->first + BUDDY_MAX_FRAMES;
    rest->first = range->end;
    return true;
}

/* A record for some 50 KiB of RAM. */
static size_t choose_records_bytes(pfn_t frame_count)
{
    size_t bytes = MM_FIRST_RECORDS_BYTES;
    while (bytes < RECORDS_BYTES_MAX && bytes < frame_count << (FRAME_SHIFT - 10))
        bytes *= 2;
    return bytes;
}

void managed_measure(const struct memmap *map, struct managed_sizes *sizes)
{
    struct managed_walk walk = {.map = map};
    struct frame_range range;
    *sizes = (struct managed_sizes){0};
    while (managed_next_range(&walk, &range)) {
        sizes->tables_bytes += buddy_table_bytes(range);
        sizes->frame_count += range.end - range.first;
    }
    sizes->records_bytes = choose_records_bytes(sizes->frame_count);
}

/* Where tables at the bottom of a region would begin; 0 if they would not leave the rest whole. */
static phys_t bottom_of(const struct region *region, phys_t limit)
{
    if (!region_is_free(region))
        return 0;
    if (region->base >= LOW_END)
        return region->base;
    return region->end > limit ? LOW_END : 0;
}

phys_t managed_find_place(const struct memmap *map, uint64_t size_bytes, phys_t limit)
{
    for (size_t i = 0; i < map->count; i++) {
        phys_t base = bottom_of(&map->regions[i], limit);
        phys_t end = map->regions[i].end < limit ? map->regions[i].end : limit;
        if (base != 0 && base < end && end - base >= size_bytes)
            return base;
    }
    return memmap_find_top(map, size_bytes, limit);
}

void managed_add(struct mm *mm, const struct memmap *map, void *tables)
{
    struct managed_walk walk = {.map = map};
    struct frame_range range;
    for (unsigned char *next = tables; managed_next_range(&walk, &range);
         next += buddy_table_bytes(range)) {
        enum mm_status status = mm_add_range(mm, range, next);
        MM_ASSERT(status == MM_OK);
    }
}
