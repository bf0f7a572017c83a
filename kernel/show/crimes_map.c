/*
 * Shows how a wrong firmware map is put right. The entries are made up, about a block's addresses,
 * so that the picture can show where they lie; what comes out is made by the code that read this
 * machine's own map at boot.
 *
 *   block      |0         |1         |2         |3         |      quarters
 *   usable      ==========================================        both ends inside a frame
 *   reserved              ###########
 *   usable                ======================                  what is reserved, and more
 *   bad                                         #                 one byte
 *   left        =========             ========== =========
 */

#include "crimes.h"

#include "kernel/lib/e820.h"
#include "kernel/lib/format.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"

#define BLOCK_BYTES_MIN (16 * FRAME_BYTES)
#define CUT_BYTES 0x200u /* of the first and of the last frame */

static void lie(struct memmap *map, phys_t base, uint64_t length_bytes, uint32_t type)
{
    bool is_sound = memmap_add_entry(map, base, length_bytes, type);
    console_print("entry base=0x%llx bytes=%llu type=%u%s\n", (number_t)base,
                  (number_t)length_bytes, type, is_sound ? "" : " impossible");
}

static void tell_lies(struct memmap *map, phys_t base, uint64_t block_bytes)
{
    uint64_t quarter = block_bytes / 4;
    memmap_init(map);
    lie(map, base + CUT_BYTES, block_bytes - 2 * CUT_BYTES, E820_USABLE);
    lie(map, base + quarter, quarter, E820_RESERVED);
    lie(map, base + quarter, 2 * quarter, E820_USABLE);
    lie(map, base + 3 * quarter, 1, E820_BAD);
    lie(map, base, 0, E820_USABLE);
    lie(map, ~(phys_t)0 - 0xFFF, 2 * FRAME_BYTES, E820_USABLE); /* runs past 2^64 */
    memmap_round(map);
}

/* Marks what may be used, writes what came out, and counts the frames that are left. */
static pfn_t read_map(const struct memmap *map)
{
    pfn_t left = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        console_print("region base=0x%llx end=0x%llx bytes=%llu kind=%s\n", (number_t)region->base,
                      (number_t)region->end, (number_t)(region->end - region->base),
                      region_kind_name(region->kind));
        crime_mark(region->base, region->end,
                   region->kind == REGION_USABLE ? VIEW_MARK_PLACE : VIEW_MARK_CRIME);
        if (region->kind == REGION_USABLE)
            left += (region->end - region->base) >> FRAME_SHIFT;
    }
    return left;
}

/* No two regions overlap, and none that is usable begins or ends inside a frame. */
static bool is_sound(const struct memmap *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        if (region->base >= region->end || (i > 0 && region->base < map->regions[i - 1].end))
            return false;
        if (region->kind == REGION_USABLE && ((region->base | region->end) & (FRAME_BYTES - 1)))
            return false;
    }
    return true;
}

static void tell(struct crime_scene *scene, pfn_t left)
{
    phys_t base = scene->shown.base;
    phys_t end = scene->shown.end;
    pfn_t all = (end - base) >> FRAME_SHIFT;
    console_print(
        "inject crime=lying-map base=0x%llx end=0x%llx frames=%llu caught: %llu are left, "
        "without overlaps or parts of frames\n",
        (number_t)base, (number_t)end, (number_t)all, (number_t)left);
    format_text(scene->explanation, sizeof scene->explanation,
                "An invented map calls a quarter of this block both usable and reserved, a byte "
                "bad, and ends inside frames. The stronger kind wins, and usable memory shrinks to "
                "whole frames: %llu of %llu.",
                (number_t)left, (number_t)all);
}

bool crimes_commit_lying_map(struct crime_scene *scene)
{
    struct mm_block table;
    struct mm_block block;
    unsigned char *memory;
    uint64_t bytes = crime_block_bytes();
    bytes = bytes > BLOCK_BYTES_MIN ? bytes : BLOCK_BYTES_MIN;
    if (!crime_take_mapped(sizeof(struct memmap), &table, &memory))
        return false;
    struct memmap *map = (struct memmap *)(void *)memory;
    enum mm_status status = crime_take(MM_NO_LIMIT, bytes, 0, &block);
    if (status != MM_OK) {
        console_error("no block to lie about: %s", mm_status_text(status));
        return false;
    }
    scene->shown = (struct phys_range){block.base, block.base + bytes};
    tell_lies(map, block.base, bytes);
    bool is_right = is_sound(map);
    pfn_t left = read_map(map);
    pool_free(memory_pool(), memory);
    if (is_right)
        tell(scene, left);
    else
        console_error("lying-map at 0x%llx went unnoticed", (number_t)block.base);
    return is_right;
}
