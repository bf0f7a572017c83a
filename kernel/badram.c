/* Two sorted lists, of regions and of blocks, become one. */

#include "badram.h"

#include "console.h"
#include "memory.h"
#include "string.h"

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
