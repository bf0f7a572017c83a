/* Takes bad memory out of use, and lists it: the map's regions and the blocks become one list. */

#include "badram.h"

#include "kernel/lib/e820.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "memory.h"

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

/* The end, in the list, of the ranges that are of the same pair as the first; of the first only. */
static size_t find_item_end(const struct options *options, size_t first)
{
    const char *pair = options->bad_memory_pairs[first];
    size_t end = first + 1;
    while (pair && end < options->bad_memory_count && options->bad_memory_pairs[end] == pair)
        end++;
    return end;
}

static void describe_item(const struct memmap *map, const struct options *options, size_t first,
                          size_t end)
{
    const struct phys_range *ranges = options->bad_memory;
    number_t base = ranges[first].base;
    if (options->bad_memory_pairs[first])
        console_print("badram pair=%s ranges=%zu base=0x%llx end=0x%llx\n",
                      options->bad_memory_pairs[first], end - first, base,
                      (number_t)ranges[end - 1].end);
    while (first < end && !has_ram(map, &ranges[first]))
        first++;
    if (first == end)
        console_error("badram=0x%llx: the memory map has no RAM there", base);
}

void badram_add(struct memmap *map, const struct options *options)
{
    const struct phys_range *range = options->bad_memory;
    for (size_t first = 0, end; first < options->bad_memory_count; first = end) {
        end = find_item_end(options, first);
        describe_item(map, options, first, end);
    }
    for (size_t i = 0; i < options->bad_memory_count; i++, range++)
        memmap_add_entry(map, range->base, range->end - range->base, E820_BAD);
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
    console_print("%s0x%llx", before, (number_t)item->base);
    if (item->end - item->base > FRAME_BYTES)
        console_print("-0x%llx", (number_t)item->end);
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
