/* For the option, two sorted lists, of regions and of blocks, become one. */

#include "badram.h"

#include "console.h"
#include "memory.h"
#include "string.h"

#define TYPE_BAD 5 /* of an entry, as memmap_add_entry has them */

static bool has_ram(const struct memmap *map, const struct phys_range *range)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->kind != REGION_RESERVED && region->base < range->end &&
            range->base < region->end)
            return true;
    }
    return false;
}

/* Tells of the ranges from `first` on that are of one pair, or of one range. Returns the next one. */
static size_t describe_item(const struct memmap *map, const struct options *options, size_t first)
{
    const struct phys_range *ranges = options->bad_memory;
    const char *pair = options->bad_memory_pairs[first];
    phys_t bytes = 0;
    bool is_ram = false;
    size_t next = first;
    do {
        bytes += ranges[next].end - ranges[next].base;
        is_ram |= has_ram(map, &ranges[next]);
        next++;
    } while (pair && next < options->bad_memory_count && options->bad_memory_pairs[next] == pair);
    if (pair)
        console_print("badram pair=%s ranges=%zu bytes=%llu base=0x%llx end=0x%llx\n", pair,
                      next - first, (unsigned long long)bytes,
                      (unsigned long long)ranges[first].base,
                      (unsigned long long)ranges[next - 1].end);
    if (!is_ram)
        console_error("badram=0x%llx: the memory map has no RAM there",
                      (unsigned long long)ranges[first].base);
    return next;
}

void badram_add(struct memmap *map, const struct options *options)
{
    const struct phys_range *range = options->bad_memory;
    for (size_t i = 0; i < options->bad_memory_count;)
        i = describe_item(map, options, i);
    for (size_t i = 0; i < options->bad_memory_count; i++, range++)
        memmap_add_entry(map, range->base, range->end - range->base, TYPE_BAD);
}

enum mm_status badram_take(phys_t base, phys_t end)
{
    struct mm_block block;
    return mm_reserve(memory_manager(), base, end, MEMORY_BAD, &block);
}

bool badram_next_taken(phys_t *cursor, phys_t limit, struct phys_range *piece)
{
    struct mm_block block;
    while (mm_next_block(memory_manager(), cursor, &block) && block.base < limit) {
        if (strcmp(block.owner, MEMORY_BAD) == 0) {
            *piece = (struct phys_range){block.base, *cursor};
            return true;
        }
    }
    return false;
}

/* What the firmware itself calls bad needs no option. */
static bool next_at_boot(phys_t cursor, struct phys_range *piece)
{
    const struct memmap *map = memory_map();
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->base >= cursor && region->kind == REGION_BAD && region->owner) {
            *piece = (struct phys_range){region->base, region->end};
            return true;
        }
    }
    return false;
}

/* Of both lists, the piece that begins first at or above *cursor, which moves behind it. */
static bool next_piece(phys_t *cursor, struct phys_range *piece)
{
    struct phys_range taken;
    phys_t behind = *cursor;
    bool is_at_boot = next_at_boot(*cursor, piece);
    if (badram_next_taken(&behind, PHYS_LIMIT, &taken) && (!is_at_boot || taken.base < piece->base))
        *piece = taken;
    else if (!is_at_boot)
        return false;
    *cursor = piece->end;
    return true;
}

static void print_item(const char *before, const struct phys_range *item)
{
    console_print("%s0x%llx", before, (unsigned long long)item->base);
    if (item->end - item->base > FRAME_BYTES)
        console_print("-0x%llx", (unsigned long long)item->end);
}

/* What touches becomes one item. */
void badram_print_option(void)
{
    phys_t cursor = 0;
    struct phys_range item;
    struct phys_range next;
    const char *before = "badram=";
    for (bool more = next_piece(&cursor, &item); more; item = next) {
        while ((more = next_piece(&cursor, &next)) && next.base == item.end)
            item.end = next.end;
        print_item(before, &item);
        before = ",";
        if (!more)
            console_put('\n');
    }
}
