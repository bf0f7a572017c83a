/*
 * A firmware's map and reservations in it, of any sense. What comes out ascends without overlap,
 * usable memory is whole frames, and what a reservation covers is nobody else's.
 */

#include "fuzz.h"
#include "mm/memmap.h"

#include <stdlib.h>

#define RESERVED_MAX 16

const char fuzz_name[] = "memmap";
uint64_t fuzz_step_count;

static struct memmap map;

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

static const char *check(void)
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
        if (region_is_free(region) && ((region->base | region->end) & (FRAME_BYTES - 1)))
            return "usable memory is not whole frames";
        end = region->end;
    }
    return NULL;
}

static const char *check_reserved(phys_t base, phys_t end)
{
    for (size_t i = 0; i < map.count; i++)
        if (region_is_free(&map.regions[i]) && map.regions[i].base < end &&
            base < map.regions[i].end)
            return "reserved memory is free";
    return NULL;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    struct fuzz_input input = {data, data + size_bytes};
    struct {
        phys_t base, end;
    } reserved[RESERVED_MAX];
    const char *broken = NULL;
    size_t count = fuzz_byte(&input) % RESERVED_MAX;
    fuzz_step_count++;
    for (size_t i = 0; i < count; i++) {
        reserved[i].base = read_address(&input) % PHYS_LIMIT;
        reserved[i].end = reserved[i].base + (uint64_t)fuzz_word(&input) * 16;
    }
    memmap_init(&map);
    while (input.next < input.end) {
        uint64_t base = read_address(&input);
        uint64_t length_bytes = read_address(&input);
        memmap_add_entry(&map, base, length_bytes, fuzz_byte(&input) % 8);
    }
    memmap_round(&map);
    broken = check();
    for (size_t i = 0; i < count && !broken; i++) {
        if (reserved[i].base >= reserved[i].end || reserved[i].end > PHYS_LIMIT)
            continue;
        memmap_reserve(&map, reserved[i].base, reserved[i].end, "fuzz");
        broken = check();
        if (!broken)
            broken = check_reserved(reserved[i].base, reserved[i].end);
    }
    return broken;
}
