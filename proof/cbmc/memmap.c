/* The firmware's map, from any table that is in order on. */

#include "any.h"
#include "mm/memmap.c"

static struct memmap map;

/* Ascending, without overlaps, without empty regions, and no two neighbours that are alike. */
static bool is_in_order(void)
{
    bool right = map.count <= MEMMAP_CAPACITY;
    for (size_t i = 0; i < MEMMAP_CAPACITY; i++) {
        const struct region *at = &map.regions[i];
        if (i >= map.count)
            continue;
        right = right && at->base < at->end && at->end <= PHYS_LIMIT && at->kind <= REGION_BAD;
        if (i > 0)
            right = right && at[-1].end <= at->base;
    }
    return right;
}

static void make_map(size_t count_max)
{
    map.count = any_below(count_max + 1);
    map.dropped_bytes = 0;
    for (size_t i = 0; i < MEMMAP_CAPACITY; i++) {
        map.regions[i].base = any64();
        map.regions[i].end = any64();
        map.regions[i].kind = (enum region_kind)any_below(REGION_BAD + 1);
        map.regions[i].owner = any_bool() ? "owner" : NULL;
    }
    assume(is_in_order());
}

/* The kind of the region that holds an address; -1 if it lies in a hole. */
static int kind_at(phys_t address)
{
    int kind = -1;
    for (size_t i = 0; i < MEMMAP_CAPACITY; i++)
        if (i < map.count && map.regions[i].base <= address && address < map.regions[i].end)
            kind = (int)map.regions[i].kind;
    return kind;
}

static int stronger(int a, int b)
{
    return a > b ? a : b;
}

/* The first region that ends above the address. */
void prove_find_region(void)
{
    make_map(MEMMAP_CAPACITY);
    phys_t address = any64();
    size_t other = any_below(MEMMAP_CAPACITY);
    size_t found = find_region(&map, address);
    claim(found <= map.count && (found == map.count || map.regions[found].end > address));
    claim(other >= found || map.regions[other].end <= address);
    REACHED();
}

/* Where the table has room, an entry changes nothing but what it covers. */
void prove_add_exactly(void)
{
    make_map(1);
    phys_t base = any64();
    uint64_t length = any64();
    uint32_t type = any32();
    phys_t address = any_below(PHYS_LIMIT);
    int before = kind_at(address);
    bool is_inside = address >= base && address - base < length;
    memmap_add_entry(&map, base, length, type);
    claim(kind_at(address) == (is_inside ? stronger(before, (int)kind_of_type(type)) : before));
    REACHED();
}

/* Addresses are rounded to the nearest frame's border below and above. */
void prove_rounding(void)
{
    phys_t address = any_below(PHYS_LIMIT + 1);
    phys_t down = round_down(address);
    phys_t up = round_up(address);
    claim(down % FRAME_BYTES == 0 && down <= address && address - down < FRAME_BYTES);
    claim(up % FRAME_BYTES == 0 && up >= address && up - address < FRAME_BYTES);
    REACHED();
}

/* The place at the top lies in one free region and below the limit, and none higher does. */
void prove_find_top(void)
{
    make_map(MEMMAP_CAPACITY);
    uint64_t size = any64();
    phys_t limit = any64();
    phys_t other = any_below(PHYS_LIMIT);
    size_t where = any_below(MEMMAP_CAPACITY);
    for (size_t i = 0; i < MEMMAP_CAPACITY; i++)
        assume((map.regions[i].base | map.regions[i].end) % FRAME_BYTES == 0);
    assume(size > 0);
    phys_t top = memmap_find_top(&map, size, limit);
    bool is_there = false;
    for (size_t i = 0; i < MEMMAP_CAPACITY; i++)
        is_there = is_there || (i < map.count && region_is_free(&map.regions[i]) &&
                                map.regions[i].base <= top && size <= map.regions[i].end - top);
    claim(top == 0 || (is_there && top % FRAME_BYTES == 0 && top <= limit && size <= limit - top));
    const struct region *at = &map.regions[where];
    if (where < map.count && region_is_free(at) && at->base <= other && other < at->end &&
        size <= at->end - other && other % FRAME_BYTES == 0 && other <= limit &&
        round_up(size) <= round_down(limit) - other && size <= PHYS_LIMIT)
        claim(top >= other);
    REACHED();
}
