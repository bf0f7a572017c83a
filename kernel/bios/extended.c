/*
 * What 16-bit code asks of memory above 1 MiB, and whether it may have it. Knows the tables, and
 * touches no memory.
 */

#include "extended.h"

#include "kernel/lib/string.h"
#include "kernel/memory/managed.h"

#define SOURCE_OFFSET 0x10
#define TARGET_OFFSET 0x18

/* Of the byte with a descriptor's access rights (Intel SDM vol. 3A, 3.4.5). */
#define RIGHTS_KIND 0x9C /* present, no system's, code, expanding down */
#define RIGHTS_DATA 0x90
#define RIGHTS_WRITABLE 0x02

#define GRANULAR 0x80 /* the limit counts 4 KiB */
#define SIZE_MAX_KIB (15 * 1024)

static phys_t base_of(const uint8_t *descriptor)
{
    return (phys_t)(descriptor[2] | (uint32_t)descriptor[3] << 8 | (uint32_t)descriptor[4] << 16 |
                    (uint32_t)descriptor[7] << 24);
}

/* The last byte's offset. */
static uint32_t limit_of(const uint8_t *descriptor)
{
    uint32_t limit = descriptor[0] | (uint32_t)descriptor[1] << 8 | (descriptor[6] & 0xFu) << 16;
    return descriptor[6] & GRANULAR ? limit << 12 | 0xFFF : limit;
}

static bool holds(const uint8_t *descriptor, uint32_t size_bytes)
{
    return (descriptor[5] & RIGHTS_KIND) == RIGHTS_DATA && limit_of(descriptor) >= size_bytes - 1 &&
           base_of(descriptor) + size_bytes <= (phys_t)1 << 32;
}

bool extended_read_table(const uint8_t table[EXTENDED_TABLE_BYTES], uint16_t word_count,
                         struct extended_move *move)
{
    const uint8_t *source = table + SOURCE_OFFSET;
    const uint8_t *target = table + TARGET_OFFSET;
    uint32_t size_bytes = 2u * word_count;
    *move = (struct extended_move){base_of(source), base_of(target), size_bytes};
    if (size_bytes == 0)
        return true;
    return word_count <= EXTENDED_WORDS_MAX && holds(source, size_bytes) &&
           holds(target, size_bytes) && target[5] & RIGHTS_WRITABLE;
}

bool extended_is_memory(const struct memmap *map, phys_t address)
{
    const struct region *region = managed_find_region(map, address);
    if (!region || region->kind != REGION_USABLE)
        return false;
    return !region->owner || (strcmp(region->owner, MEMORY_FRAMEBUFFER) != 0 &&
                              strcmp(region->owner, MEMORY_ISA_HOLE) != 0);
}

const char *extended_find_holder(const struct memmap *map, const struct mm *mm, phys_t address,
                                 const char *caller, struct mm_block *block)
{
    block->id = 0;
    if (!extended_is_memory(map, address))
        return NULL;
    const char *owner = managed_find_region(map, address)->owner;
    if (owner || !mm_find_address(mm, address, block))
        return owner;
    return strcmp(block->owner, caller) == 0 ? NULL : block->owner;
}

uint16_t extended_size_kib(const struct memmap *map)
{
    phys_t end = MIB;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->base <= end && region->end > end && extended_is_memory(map, region->base))
            end = region->end;
    }
    phys_t size_kib = (end - MIB) / KIB;
    return (uint16_t)(size_kib < SIZE_MAX_KIB ? size_kib : SIZE_MAX_KIB);
}
