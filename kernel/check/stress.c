/*
 * Sends random requests to the real allocator and compares its answers with the model's (model.h).
 * The model starts with the blocks that were there before, as somebody else's. After that, only the
 * requests take memory, and the ledger, which may grow during a request.
 */

#include "stress.h"

#include "kernel/lib/random.h"
#include "kernel/lib/string.h"
#include "kernel/memory/managed.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "model.h"

#define SLOTS_MAX 1024
#define FRAMES_PER_SLOT 32
#define OWNER "stress"

static phys_t slots[SLOTS_MAX]; /* 0: empty */
static uint32_t slot_count; /* fewer in a small machine */
static uint64_t state;
static const struct memmap *map;
static struct mm *mm;
static struct model model;
static void *model_memory; /* NULL: no model runs beside */

static void judge(struct stress_result *result, const char *broken)
{
    if (!broken)
        return;
    result->failed++;
    if (!result->broken)
        result->broken = broken;
}

/* ---- the model ------------------------------------------------------------------------------ */

uint64_t stress_model_bytes(const struct memmap *of_map)
{
    struct managed_walk ranges = {.map = of_map};
    struct frame_range range;
    uint64_t size_bytes = 0;
    while (managed_next_range(&ranges, &range))
        size_bytes += model_table_bytes(range);
    return size_bytes;
}

/*
 * Whole frames, overwritten from end to end: QEMU writes slowly (16 times, seen with 4 MiB) where
 * it remembers that code was run, and firmware leaves frames like that behind.
 */
static void *get_memory(uint64_t size_bytes)
{
    size_bytes = (size_bytes + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
    struct mm_request request = {.size_bytes = size_bytes, .limit = paging_reach(), .owner = OWNER};
    void *memory;
    if (pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &memory) != MM_OK)
        return NULL;
    return memset(memory, 0, (size_t)size_bytes);
}

static const char *add_ranges(void)
{
    struct managed_walk ranges = {.map = map};
    struct frame_range range;
    const char *broken = NULL;
    for (unsigned char *tables = model_memory; !broken && managed_next_range(&ranges, &range);
         tables += model_table_bytes(range))
        broken = model_add_range(&model, range, tables, MM_OK);
    return broken;
}

/* Blocks that the model does not know yet: all at the start, then only the ledger's. */
static const char *enter_blocks(const char *owner)
{
    phys_t cursor = 0;
    struct mm_block block;
    struct frame_range known;
    const char *broken = NULL;
    while (!broken && mm_next_block(mm, &cursor, &block)) {
        struct frame_range run = {block.base >> FRAME_SHIFT, cursor >> FRAME_SHIFT};
        if ((!owner || strcmp(block.owner, owner) == 0) &&
            !model_find_run(&model, run.first, &known))
            broken = model_enter(&model, run);
    }
    return broken;
}

static const char *count_frames(void)
{
    if (mm->buddy.free_count != model.free_count) {
        const char *broken = enter_blocks("ledger");
        if (broken)
            return broken;
    }
    return mm->buddy.free_count == model.free_count ? NULL : "the count of free frames is wrong";
}

bool stress_start(const struct memmap *of_map, struct mm *of_mm, bool with_model,
                  struct stress_result *result)
{
    map = of_map;
    mm = of_mm;
    state = RANDOM_SEED;
    pfn_t fitting = mm->buddy.frame_count / FRAMES_PER_SLOT;
    slot_count = fitting < 1 ? 1 : fitting < SLOTS_MAX ? (uint32_t)fitting : SLOTS_MAX;
    for (size_t i = 0; i < slot_count; i++)
        slots[i] = 0;
    *result = (struct stress_result){0};
    model_memory = with_model ? get_memory(stress_model_bytes(map)) : NULL;
    if (!model_memory)
        return !with_model;
    model_init(&model);
    judge(result, add_ranges());
    judge(result, enter_blocks(NULL));
    judge(result, count_frames());
    return true;
}

/* ---- requests ------------------------------------------------------------------------------- */

/* Mostly small, seldom up to 16 MiB; one in four under a limit, one in four aligned. */
static struct mm_request random_request(void)
{
    struct mm_request request = {.limit = MM_NO_LIMIT, .owner = OWNER};
    uint32_t bits = 12 + random_next(&state) % 8 + (random_next(&state) % 16 == 0 ? 4 : 0);
    request.size_bytes = 1 + random_next(&state) % (1u << bits);
    if (random_next(&state) % 4 == 0)
        request.align_bytes = (uint64_t)1 << random_next(&state) % 20;
    if (random_next(&state) % 4 == 0)
        request.limit = 16 * MIB << random_next(&state) % 9;
    if (random_next(&state) % 8 == 0)
        request.boundary_bytes = 16 * MIB;
    return request;
}

static void fill_slot(size_t slot, struct stress_result *result)
{
    struct mm_request request = random_request();
    struct mm_block block;
    enum mm_status status = mm_alloc(mm, &request, &block);
    if (status == MM_OK)
        slots[slot] = block.base;
    if (!model_memory)
        return;
    judge(result, model_mm_alloc(&model, &request, status, &block));
    judge(result, count_frames());
}

static void empty_slot(size_t slot, struct stress_result *result)
{
    enum mm_status status = mm_free(mm, slots[slot]);
    if (model_memory) {
        judge(result, model_mm_free(&model, slots[slot], status));
        judge(result, count_frames());
    } else if (status != MM_OK) {
        judge(result, "a block could not be freed");
    }
    slots[slot] = 0;
}

void stress_run(size_t operations, struct stress_result *result)
{
    for (; operations > 0; operations--) {
        size_t slot = random_next(&state) % slot_count;
        if (slots[slot])
            empty_slot(slot, result);
        else
            fill_slot(slot, result);
        result->operations++;
    }
}

void stress_finish(struct stress_result *result)
{
    for (size_t i = 0; i < slot_count; i++)
        if (slots[i])
            empty_slot(i, result);
    if (model_memory) {
        judge(result, model_mm_compare(&model, mm));
        if (pool_free(memory_pool(), model_memory) != MM_OK)
            judge(result, "the model's memory could not be freed");
        model_memory = NULL;
    }
    judge(result, mm_check(mm));
}
