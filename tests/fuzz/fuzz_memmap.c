/*
 * A firmware's map and reservations in it, of any sense, against a model that adds up intervals.
 * What comes out ascends without overlap; a frame is free if all of it is usable, none of it is
 * anything else as well, and no reservation touches it. While the table has room, that is "if and
 * only if". The table is a small one, so that short inputs fill it.
 */

#define MEMMAP_CAPACITY 64

#include "fuzz.h"
#include "kernel/lib/e820.h"
#include "mm/memmap.c"

#include <stdlib.h>

#define RESERVED_MAX 16
#define ENTRIES_MAX 256

const char fuzz_name[] = "memmap";
uint64_t fuzz_step_count;

static struct memmap map;

/* Intervals, which become ascending and disjoint. */
struct union_of {
    struct phys_range ranges[ENTRIES_MAX + RESERVED_MAX];
    size_t count;
};

static struct union_of usable;
static struct union_of taken; /* anything but usable, in whole frames */
static struct union_of kinds[REGION_BAD + 1]; /* the same by the firmware's word */

/* Near one another, near the ends of the address space, or anywhere. */
static uint64_t read_address(struct fuzz_input *input)
{
    uint64_t value = fuzz_word(input);
    switch (fuzz_byte(input) % 6) {
    case 0:
        return value << 12;
    case 1:
        return value << 8 | fuzz_byte(input);
    case 2:
        return PHYS_LIMIT - (value << 12);
    case 3:
        return 0 - value;
    case 4:
        return value << 40 | fuzz_byte(input);
    default:
        return value << 16;
    }
}

/* ---- the model ------------------------------------------------------------------------------ */

static void add(struct union_of *set, phys_t base, phys_t end)
{
    if (base < end)
        set->ranges[set->count++] = (struct phys_range){base, end};
}

static void add_frames(struct union_of *set, phys_t base, phys_t end)
{
    if (base < end)
        add(set, base & ~(FRAME_BYTES - 1), (end + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1));
}

static int compare_bases(const void *left, const void *right)
{
    const struct phys_range *a = left;
    const struct phys_range *b = right;
    return a->base < b->base ? -1 : a->base > b->base;
}

static void unite(struct union_of *set)
{
    size_t kept = 0;
    qsort(set->ranges, set->count, sizeof *set->ranges, compare_bases);
    for (size_t i = 1; i < set->count; i++) {
        struct phys_range *last = &set->ranges[kept];
        if (set->ranges[i].base > last->end)
            set->ranges[++kept] = set->ranges[i];
        else if (set->ranges[i].end > last->end)
            last->end = set->ranges[i].end;
    }
    set->count = set->count ? kept + 1 : 0;
}

/* Whole usable frames, less those taken. */
static pfn_t count_free(void)
{
    pfn_t count = 0;
    size_t next = 0;
    for (size_t i = 0; i < usable.count; i++) {
        phys_t base = (usable.ranges[i].base + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
        phys_t end = usable.ranges[i].end & ~(FRAME_BYTES - 1);
        while (base < end) {
            while (next < taken.count && taken.ranges[next].end <= base)
                next++;
            phys_t stop =
                next < taken.count && taken.ranges[next].base < end ? taken.ranges[next].base : end;
            if (stop > base)
                count += (stop - base) >> FRAME_SHIFT;
            base = next < taken.count && stop < end ? taken.ranges[next].end : end;
        }
    }
    return count;
}

/* The union's first range that ends above the address; the count if there is none. */
static size_t find(const struct union_of *set, phys_t address)
{
    size_t low = 0;
    for (size_t high = set->count; low < high;) {
        size_t middle = (low + high) / 2;
        if (set->ranges[middle].end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool holds_all(const struct union_of *set, phys_t base, phys_t end)
{
    size_t index = find(set, base);
    return index < set->count && set->ranges[index].base <= base && set->ranges[index].end >= end;
}

static bool holds_any(const struct union_of *set, phys_t base, phys_t end)
{
    size_t index = find(set, base);
    return index < set->count && set->ranges[index].base < end;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static const char *check_order(void)
{
    phys_t end = 0;
    if (map.count > MEMMAP_CAPACITY)
        return "the table has more regions than it can hold";
    for (size_t i = 0; i < map.count; i++) {
        const struct region *region = &map.regions[i];
        if (region->base < end || region->base >= region->end)
            return "regions overlap, or one is empty";
        if (region->end > PHYS_LIMIT)
            return "a region runs past the end of the address space";
        if (((region->base | region->end) & (FRAME_BYTES - 1)) != 0)
            return "a region is not whole frames";
        for (int kind = REGION_BAD; kind > (int)region->kind; kind--)
            if (holds_any(&kinds[kind], region->base, region->end))
                return "a region is of a weaker kind than something in it";
        end = region->end;
    }
    return NULL;
}

static const char *check_free(bool has_room)
{
    struct frame_range range;
    pfn_t free_count = 0;
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);) {
        phys_t base = range.first << FRAME_SHIFT;
        phys_t end = range.end << FRAME_SHIFT;
        if (!holds_all(&usable, base, end))
            return "memory is free that nobody called usable";
        if (holds_any(&taken, base, end))
            return "memory is free that is something else, or reserved";
        free_count += range.end - range.first;
    }
    pfn_t right_count = count_free();
    if (free_count > right_count || (has_room && free_count != right_count))
        return "usable memory is lost";
    return has_room && map.dropped_bytes ? "memory was dropped while there was room" : NULL;
}

static const char *check_top(phys_t size_bytes, phys_t limit)
{
    phys_t base = memmap_find_top(&map, size_bytes, limit);
    phys_t whole_bytes = (size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
    struct frame_range range;
    bool is_found = base == 0;
    for (size_t cursor = 0; memmap_next_free(&map, &cursor, &range);) {
        phys_t end = range.end << FRAME_SHIFT;
        phys_t stop = end < limit ? end : limit & ~(FRAME_BYTES - 1);
        phys_t start = range.first << FRAME_SHIFT;
        bool fits = stop > start && stop - start >= whole_bytes;
        if (fits && stop - whole_bytes > base)
            return "there is a higher place";
        is_found |= fits && base == stop - whole_bytes;
    }
    return is_found ? NULL : "a place is not free, or beyond its limit";
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void add_entry(struct fuzz_input *input)
{
    uint64_t base = read_address(input);
    uint64_t length_bytes = read_address(input);
    uint32_t type = fuzz_byte(input) % 8;
    phys_t end = length_bytes > UINT64_MAX - base ? UINT64_MAX : base + length_bytes;
    memmap_add_entry(&map, base, length_bytes, type);
    if (end > PHYS_LIMIT)
        end = PHYS_LIMIT;
    if (type == E820_USABLE) {
        add(&usable, base, end);
        return;
    }
    static const enum region_kind by_type[8] = {REGION_RESERVED, REGION_USABLE,  REGION_RESERVED,
                                                REGION_ACPI,     REGION_NVS,     REGION_BAD,
                                                REGION_RESERVED, REGION_RESERVED};
    add_frames(&kinds[by_type[type]], base, end);
    add_frames(&taken, base, end);
}

static void start(void)
{
    memmap_init(&map);
    usable.count = taken.count = 0;
    for (size_t i = 0; i <= REGION_BAD; i++)
        kinds[i].count = 0;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    struct fuzz_input input = {data, data + size_bytes};
    struct phys_range reserved[RESERVED_MAX];
    size_t count = fuzz_byte(&input) % RESERVED_MAX;
    size_t entry_count = 0;
    fuzz_step_count++;
    start();
    for (size_t i = 0; i < count; i++) {
        reserved[i].base = read_address(&input);
        reserved[i].end = reserved[i].base + (uint64_t)fuzz_word(&input) * 16;
    }
    phys_t size = read_address(&input) % PHYS_LIMIT + 1;
    phys_t limit = read_address(&input) % (PHYS_LIMIT + 1);
    for (; input.next < input.end && entry_count < ENTRIES_MAX; entry_count++)
        add_entry(&input);
    memmap_round(&map);
    unite(&usable);
    unite(&taken);
    for (size_t i = 0; i <= REGION_BAD; i++)
        unite(&kinds[i]);
    bool has_room = 2 * (entry_count + count) + 4 < MEMMAP_CAPACITY;
    const char *broken = check_order();
    if (!broken)
        broken = check_free(has_room);
    for (size_t i = 0; i < count && !broken; i++) {
        phys_t end = reserved[i].end < PHYS_LIMIT ? reserved[i].end : PHYS_LIMIT;
        memmap_reserve(&map, reserved[i].base, reserved[i].end, "fuzz");
        add_frames(&taken, reserved[i].base, end);
        unite(&taken);
        broken = check_order();
        if (!broken)
            broken = check_free(has_room);
    }
    return broken ? broken : check_top(size, limit);
}
