/*
 * Random requests against the real allocator. Each block is held against what was asked for, and
 * each refusal against what is free, so that a wrong answer is found when it is given.
 */

#include "stress.h"

#include "memory.h"
#include "random.h"

#define SLOTS_MAX 1024
#define FRAMES_PER_SLOT 32
#define OWNER "stress"

static phys_t slots[SLOTS_MAX]; /* 0: empty */
static uint32_t slot_count; /* fewer in a small machine */
static uint64_t state;

void stress_start(void)
{
    state = RANDOM_SEED;
    pfn_t fitting = memory_manager()->buddy.frame_count / FRAMES_PER_SLOT;
    slot_count = fitting < 1 ? 1 : fitting < SLOTS_MAX ? (uint32_t)fitting : SLOTS_MAX;
    for (size_t i = 0; i < slot_count; i++)
        slots[i] = 0;
}

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

static void judge(struct stress_result *result, const char *broken)
{
    if (!broken)
        return;
    result->failed++;
    if (!result->broken)
        result->broken = broken;
}

static const char *check_block(const struct mm_request *request, const struct mm_block *block)
{
    phys_t last = block->base + request->size_bytes - 1;
    if (last >= request->limit || block->base < request->lowest)
        return "a block lies outside of its limits";
    if (request->align_bytes && (block->base & (request->align_bytes - 1)))
        return "a block is not aligned";
    if (request->boundary_bytes && ((block->base ^ last) & ~(request->boundary_bytes - 1)))
        return "a block crosses its boundary";
    return NULL;
}

/*
 * How long a free run must be so that the request fits in it wherever it lies: an aligned start is
 * at most align - 1 bytes away; a multiple of the boundary may cut the run, and then one part of the
 * two is long enough by itself.
 */
static uint64_t surely_fitting_bytes(const struct mm_request *request)
{
    uint64_t bytes = request->size_bytes + request->align_bytes;
    return request->boundary_bytes ? 2 * bytes : bytes;
}

static const char *check_refusal(const struct mm_request *request)
{
    uint64_t largest = mm_largest_run(memory_manager(), request->lowest, request->limit);
    return largest >= surely_fitting_bytes(request) ? "a request was refused that fits" : NULL;
}

static void fill_slot(size_t slot, struct stress_result *result)
{
    struct mm_request request = random_request();
    struct mm_block block;
    if (mm_alloc(memory_manager(), &request, &block) != MM_OK) {
        judge(result, check_refusal(&request));
        return;
    }
    slots[slot] = block.base;
    judge(result, check_block(&request, &block));
}

static void empty_slot(size_t slot, struct stress_result *result)
{
    if (mm_free(memory_manager(), slots[slot]) != MM_OK)
        judge(result, "a block could not be freed");
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
    judge(result, mm_check(memory_manager()));
}
