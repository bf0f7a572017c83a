/*
 * One table, which is ascending and without overlaps after every step. To add a region, the table
 * is first cut at both ends of the region; then each piece between gets its winner. This file knows
 * no boot loaders: its caller has read the entries.
 */

#include "memmap.h"

static phys_t round_down(phys_t address)
{
    return address - address % FRAME_BYTES;
}

static phys_t round_up(phys_t address)
{
    return round_down(address + FRAME_BYTES - 1);
}

void memmap_init(struct memmap *map)
{
    map->count = 0;
    map->dropped_bytes = 0;
}

/* The first region that ends above the address; count if there is none. */
static size_t find_region(const struct memmap *map, phys_t address)
{
    size_t index = 0;
    while (index < map->count && map->regions[index].end <= address)
        index++;
    return index;
}

static void remove_region(struct memmap *map, size_t index)
{
    map->count--;
    for (size_t i = index; i < map->count; i++)
        map->regions[i] = map->regions[i + 1];
}

static void insert_region(struct memmap *map, size_t index, struct region region)
{
    for (size_t i = map->count; i > index; i--)
        map->regions[i] = map->regions[i - 1];
    map->regions[index] = region;
    map->count++;
}

/* Gives up the smallest usable region that nobody holds. False if there is none. */
static bool drop_smallest_free(struct memmap *map)
{
    size_t smallest = map->count;
    phys_t smallest_bytes = UINT64_MAX;
    for (size_t i = 0; i < map->count; i++) {
        struct region region = map->regions[i];
        phys_t bytes = region.end - region.base;
        if (region_is_free(&region) && bytes < smallest_bytes) {
            smallest = i;
            smallest_bytes = bytes;
        }
    }
    if (smallest == map->count)
        return false;
    map->dropped_bytes += smallest_bytes;
    remove_region(map, smallest);
    return true;
}

/*
 * When no usable memory is left to drop: joins the two nearest neighbours. The gap between them
 * becomes a part of the joined region.
 */
static void join_nearest(struct memmap *map)
{
    size_t nearest = 0;
    for (size_t i = 0; i + 1 < map->count; i++)
        if (map->regions[i + 1].base - map->regions[i].end <
            map->regions[nearest + 1].base - map->regions[nearest].end)
            nearest = i;
    struct region right = map->regions[nearest + 1];
    map->regions[nearest].end = right.end;
    if (right.kind > map->regions[nearest].kind)
        map->regions[nearest].kind = right.kind;
    remove_region(map, nearest + 1);
}

/* Each step of the additions below adds at most two regions. */
static void make_room(struct memmap *map)
{
    while (map->count + 2 > MEMMAP_CAPACITY)
        if (!drop_smallest_free(map))
            join_nearest(map);
}

static void split_at(struct memmap *map, phys_t address)
{
    make_room(map);
    size_t index = find_region(map, address);
    if (index == map->count || map->regions[index].base >= address)
        return;
    struct region upper = map->regions[index];
    upper.base = address;
    map->regions[index].end = address;
    insert_region(map, index + 1, upper);
}

static void merge_neighbours(struct memmap *map)
{
    size_t kept = 0;
    for (size_t i = 1; i < map->count; i++) {
        struct region last = map->regions[kept];
        struct region next = map->regions[i];
        if (last.end == next.base && last.kind == next.kind && last.owner == next.owner)
            map->regions[kept].end = next.end;
        else
            map->regions[++kept] = next;
    }
    if (map->count > 0)
        map->count = kept + 1;
}

/* Decides which of two regions gets a piece that both claim. */
typedef void resolve_t(struct region *present, const struct region *added);

static void higher_kind_wins(struct region *present, const struct region *added)
{
    if (added->kind > present->kind)
        present->kind = added->kind;
}

static void first_owner_wins(struct region *present, const struct region *added)
{
    if (!present->owner)
        present->owner = added->owner;
}

/*
 *   table    |--- usable ---|      |- acpi -|
 *   added            |------ reserved ------------|
 *   result   |usable |---------- reserved --------|
 *
 * Goes through the pieces of [base, end). If a piece lies in a region, `resolve` says who gets it.
 * If it lies in a hole, it is added as it is.
 */
static void add_region(struct memmap *map, struct region added, resolve_t *resolve)
{
    split_at(map, added.base);
    split_at(map, added.end);
    for (phys_t cursor = added.base; cursor < added.end;) {
        make_room(map);
        size_t index = find_region(map, cursor);
        struct region piece = added;
        piece.base = cursor;
        if (index < map->count && map->regions[index].base <= cursor) {
            resolve(&map->regions[index], &added);
            cursor = map->regions[index].end;
            continue;
        }
        if (index < map->count && map->regions[index].base < added.end)
            piece.end = map->regions[index].base;
        insert_region(map, index, piece);
        cursor = piece.end;
    }
    merge_neighbours(map);
}

static enum region_kind kind_of_type(uint32_t type)
{
    switch (type) {
    case 1:
        return REGION_USABLE;
    case 3:
        return REGION_ACPI;
    case 4:
        return REGION_NVS;
    case 5:
        return REGION_BAD;
    default:
        return REGION_RESERVED;
    }
}

bool memmap_add_entry(struct memmap *map, phys_t base, uint64_t length_bytes, uint32_t type)
{
    if (length_bytes == 0)
        return false;
    bool wraps = length_bytes - 1 > UINT64_MAX - base;
    if (base < PHYS_LIMIT) {
        struct region added = {base, PHYS_LIMIT, kind_of_type(type), NULL};
        if (length_bytes < PHYS_LIMIT - base)
            added.end = base + length_bytes;
        add_region(map, added, higher_kind_wins);
    }
    return !wraps;
}

/* Grows to whole frames. Usable memory shrinks to them, so nothing may be left of it. */
static struct region round_region(struct region region)
{
    bool grows = region.kind != REGION_USABLE;
    region.base = grows ? round_down(region.base) : round_up(region.base);
    region.end = grows ? round_up(region.end) : round_down(region.end);
    return region;
}

/* Two regions share a frame. It goes to the stronger kind; nothing may be left of the other one. */
static void share_frame(struct region *last, struct region *next)
{
    if (next->kind > last->kind)
        last->end = next->base;
    else
        next->base = last->end;
}

void memmap_round(struct memmap *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++) {
        struct region next = round_region(map->regions[i]);
        if (kept > 0 && next.base < map->regions[kept - 1].end) {
            share_frame(&map->regions[kept - 1], &next);
            if (map->regions[kept - 1].base == map->regions[kept - 1].end)
                kept--;
        }
        if (next.base < next.end)
            map->regions[kept++] = next;
    }
    map->count = kept;
    merge_neighbours(map);
}

void memmap_reserve(struct memmap *map, phys_t base, phys_t end, const char *owner)
{
    if (end > PHYS_LIMIT)
        end = PHYS_LIMIT;
    if (base >= end)
        return;
    struct region added = {round_down(base), round_up(end), REGION_RESERVED, owner};
    add_region(map, added, first_owner_wins);
}

bool region_is_free(const struct region *region)
{
    return region->kind == REGION_USABLE && !region->owner;
}

bool memmap_next_free(const struct memmap *map, size_t *cursor, struct frame_range *range)
{
    while (*cursor < map->count) {
        struct region region = map->regions[(*cursor)++];
        if (region_is_free(&region)) {
            range->first = region.base >> FRAME_SHIFT;
            range->end = region.end >> FRAME_SHIFT;
            return true;
        }
    }
    return false;
}

phys_t memmap_find_top(const struct memmap *map, phys_t size_bytes, phys_t limit)
{
    if (size_bytes > PHYS_LIMIT) /* rounding up could make it 0 */
        return 0;
    size_bytes = round_up(size_bytes);
    limit = round_down(limit);
    for (size_t i = map->count; i-- > 0;) {
        struct region region = map->regions[i];
        phys_t end = region.end < limit ? region.end : limit;
        if (region_is_free(&region) && end > region.base && end - region.base >= size_bytes)
            return end - size_bytes;
    }
    return 0;
}

const char *region_kind_name(enum region_kind kind)
{
    switch (kind) {
    case REGION_USABLE:
        return "usable";
    case REGION_ACPI:
        return "acpi";
    case REGION_NVS:
        return "nvs";
    case REGION_RESERVED:
        return "reserved";
    case REGION_BAD:
        return "bad";
    }
    return "unknown";
}
