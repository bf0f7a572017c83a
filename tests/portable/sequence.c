/*
 * The same random requests on every machine: each answer is held against a bitmap searched by brute
 * force, and all answers go into one hash. Machines that print the same hash, whatever the width of
 * their pointers and the order of their bytes, behave the same. Compiles as C and as C++, and may
 * be linked to mm/ compiled as either.
 */

#include <stdio.h>
#include <stdlib.h>

#include "kernel/lib/random.h"
#include "mm/memmap.h"
#include "mm/mm.h"
#include "mm/port.h"

#define STEP_COUNT 40000
#define BLOCK_MAX 96
#define OWNER "sequence"

/* A piece of each band, with ends that are multiples of nothing. */
#define BAND_1 (16 * MIB >> FRAME_SHIFT)
#define BAND_2 (4 * GIB >> FRAME_SHIFT)
static const struct frame_range ranges[] = {{0x23, 0xE5},
                                            {BAND_1 - 13, BAND_1 + 513},
                                            {BAND_2 - 101, BAND_2 - 1},
                                            {BAND_2 + 1, BAND_2 + 1026}};
#define RANGE_COUNT (sizeof ranges / sizeof *ranges)
#define RANGE_FRAMES_MAX 0x402

static struct mm mm;
static bool is_taken[RANGE_COUNT][RANGE_FRAMES_MAX];
static struct mm_block blocks[BLOCK_MAX]; /* size_bytes 0: none */
static uint64_t random_state = RANDOM_SEED;
static uint64_t hash = 0xCBF29CE484222325u;

/* FNV-1a over the bytes of a value, from the lowest on, wherever the machine keeps them. */
static void note(uint64_t value)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        hash = (hash ^ (value >> shift & 0xFF)) * 0x100000001B3u;
}

static void fail(const char *what)
{
    printf("failed: %s\n", what);
    exit(1);
}

static void expect(bool holds, const char *what)
{
    if (!holds)
        fail(what);
}

static uint32_t below(uint32_t end)
{
    return random_next(&random_state) % end;
}

/* ---- the host ------------------------------------------------------------------------------- */

static void *get_memory(void *context, size_t size_bytes)
{
    (void)context;
    return malloc(size_bytes);
}

static const struct mm_source source = {get_memory, NULL};

MM_NORETURN void mm_port_assert_failed(const char *expression, const char *file, int line)
{
    printf("failed: %s, %s line %d\n", expression, file, line);
    exit(1);
}

/* ---- the bitmap ----------------------------------------------------------------------------- */

static pfn_t frames_of(uint64_t size_bytes)
{
    return (size_bytes + FRAME_BYTES - 1) >> FRAME_SHIFT;
}

/* The place of a frame in the bitmap; NULL if it is not managed. */
static bool *bit_of(pfn_t pfn)
{
    for (size_t i = 0; i < RANGE_COUNT; i++)
        if (pfn >= ranges[i].first && pfn < ranges[i].end)
            return &is_taken[i][pfn - ranges[i].first];
    return NULL;
}

static void mark(const struct mm_block *block, bool taken)
{
    pfn_t first = block->base >> FRAME_SHIFT;
    for (pfn_t pfn = first; pfn < first + frames_of(block->size_bytes); pfn++)
        *bit_of(pfn) = taken;
}

static bool fits_at(const struct mm_request *request, size_t range, pfn_t first)
{
    phys_t base = first << FRAME_SHIFT;
    phys_t last = base + request->size_bytes - 1;
    if (first < ranges[range].first || base < request->lowest || last >= request->limit)
        return false;
    if (first + frames_of(request->size_bytes) > ranges[range].end)
        return false;
    if (request->align_bytes && (base & (request->align_bytes - 1)))
        return false;
    if (request->boundary_bytes && ((base ^ last) & ~(request->boundary_bytes - 1)))
        return false;
    for (pfn_t pfn = first; pfn < first + frames_of(request->size_bytes); pfn++)
        if (*bit_of(pfn))
            return false;
    return true;
}

static bool fits_anywhere(const struct mm_request *request)
{
    for (size_t i = 0; i < RANGE_COUNT; i++)
        for (pfn_t first = ranges[i].first; first < ranges[i].end; first++)
            if (fits_at(request, i, first))
                return true;
    return false;
}

static bool fits_in_its_range(const struct mm_request *request, phys_t base)
{
    for (size_t i = 0; i < RANGE_COUNT; i++)
        if (fits_at(request, i, base >> FRAME_SHIFT))
            return true;
    return false;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static phys_t random_address(void)
{
    struct frame_range range = ranges[below(RANGE_COUNT)];
    pfn_t pfn = range.first + below((uint32_t)(range.end - range.first) + 2) - 1;
    return (pfn << FRAME_SHIFT) + below((uint32_t)FRAME_BYTES);
}

static void random_request(struct mm_request *request)
{
    request->size_bytes = 1 + below(1u << (4 + below(FRAME_SHIFT + 8)));
    request->align_bytes = below(3) ? 0 : (uint64_t)1 << below(FRAME_SHIFT + 12);
    request->lowest = below(4) ? 0 : random_address();
    request->limit = below(3) ? MM_NO_LIMIT : random_address();
    request->boundary_bytes = below(3) ? 0 : (uint64_t)1 << (FRAME_SHIFT + below(12));
    request->owner = OWNER;
}

static void step_alloc(struct mm_block *slot)
{
    struct mm_request request;
    random_request(&request);
    struct mm_block block;
    enum mm_status status = mm_alloc(&mm, &request, &block);
    note(status);
    if (status == MM_NO_ROOM) {
        expect(!fits_anywhere(&request), "a request was refused that fits");
        note(mm_largest_run(&mm, request.lowest, request.limit));
    }
    if (status != MM_OK)
        return;
    expect(fits_in_its_range(&request, block.base), "a block is not as requested");
    mark(&block, true);
    *slot = block;
    note(block.base);
    note(block.id);
}

static void step_reserve(struct mm_block *slot)
{
    phys_t base = random_address();
    struct mm_block block;
    enum mm_status status =
        mm_reserve(&mm, base, base + 1 + below(4 * (uint32_t)FRAME_BYTES), OWNER, &block);
    note(status);
    if (status != MM_OK)
        return;
    struct mm_request exact = {block.size_bytes, 0, 0, MM_NO_LIMIT, 0, OWNER};
    expect(fits_in_its_range(&exact, block.base), "a reservation takes frames that are not free");
    mark(&block, true);
    *slot = block;
    note(block.base);
}

static void step_free(struct mm_block *slot)
{
    expect(mm_free(&mm, slot->base) == MM_OK, "a block cannot be freed");
    mark(slot, false);
    slot->size_bytes = 0;
}

/* An address that may be anything but a block's first byte. */
static void step_misuse(void)
{
    phys_t address = random_address() | 1;
    struct mm_block found;
    bool is_held = mm_find_address(&mm, address, &found);
    const bool *bit = bit_of(address >> FRAME_SHIFT);
    expect(is_held == (bit && *bit), "the bitmap disagrees about an address");
    enum mm_status status = mm_free(&mm, address);
    expect(status != MM_OK, "an address inside of a block was freed");
    note(status);
}

static void step(void)
{
    struct mm_block *slot = &blocks[below(BLOCK_MAX)];
    uint32_t choice = below(8);
    if (choice == 0)
        step_misuse();
    else if (slot->size_bytes)
        step_free(slot);
    else if (choice == 1)
        step_reserve(slot);
    else
        step_alloc(slot);
}

/* ---- what it all adds up to ----------------------------------------------------------------- */

static void note_state(void)
{
    const char *broken = mm_check(&mm);
    if (broken)
        fail(broken);
    pfn_t counts[BUDDY_ORDER_COUNT];
    buddy_count_orders(&mm.buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        note(counts[order]);
    struct mm_totals totals;
    mm_get_totals(&mm, &totals);
    note(totals.free_count);
    note(totals.largest_run);
    note(totals.block_count);
}

/* A map as no firmware makes it: any kinds, overlaps, holes, entries beyond the end. */
static void note_memory_map(void)
{
    static struct memmap map;
    memmap_init(&map);
    for (int i = 0; i < 200; i++) {
        phys_t base = (phys_t)below(1u << 20) << below(34);
        uint64_t length_bytes = (uint64_t)below(1u << 16) << below(24);
        note(memmap_add_entry(&map, base, length_bytes, below(7)));
    }
    memmap_round(&map);
    memmap_reserve(&map, 0x12345, 0x543210, OWNER);
    for (size_t i = 0; i < map.count; i++) {
        note(map.regions[i].base);
        note(map.regions[i].end);
        note(map.regions[i].kind);
        note(map.regions[i].owner ? 1 : 0);
    }
    note(memmap_find_top(&map, 3 * FRAME_BYTES + 1, PHYS_LIMIT));
}

int main(void)
{
    mm_init(&mm, source, malloc(MM_FIRST_RECORDS_BYTES), MM_FIRST_RECORDS_BYTES);
    for (size_t i = 0; i < RANGE_COUNT; i++) {
        void *tables = malloc(buddy_table_bytes(ranges[i]));
        expect(mm_add_range(&mm, ranges[i], tables) == MM_OK, "a range was refused");
    }
    for (int i = 0; i < STEP_COUNT; i++) {
        step();
        if (i % 500 == 0)
            note_state();
    }
    note_state();
    note_memory_map();
    printf("steps=%d frame=%lu hash=0x%08lx%08lx\n", STEP_COUNT, (unsigned long)FRAME_BYTES,
           (unsigned long)(hash >> 32), (unsigned long)(hash & 0xFFFFFFFF));
    return 0;
}
