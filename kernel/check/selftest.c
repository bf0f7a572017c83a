/*
 * What host tests cannot see: the real map, real page tables, real interrupts. Each test names a
 * rule, and returns NULL or the sentence that tells how the rule was broken.
 */

#include "selftest.h"

#include "drivers/pc/timer.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/trap.h"
#include "stress.h"

#define OWNER "selftest"
#define STRESS_OPERATIONS 4000

extern unsigned char text_start[], rodata_start[], boot_stack_guard[];

MM_NOINLINE static enum mm_status take(uint64_t size_bytes, uint64_t align_bytes, phys_t limit,
                                       struct mm_block *block)
{
    struct mm_request request = {
        .size_bytes = size_bytes, .align_bytes = align_bytes, .limit = limit, .owner = OWNER};
    return mm_alloc(memory_manager(), &request, block);
}

/* A rule that returns this could not be tested. */
static const char memory_is_full[] = "memory is full";

/* Why a block of that size was refused: memory is full, or the rule is broken as said. */
static const char *refused(uint64_t size_bytes, const char *broken)
{
    uint64_t largest_bytes = mm_largest_run(memory_manager(), 0, paging_reach());
    return largest_bytes < size_bytes ? memory_is_full : broken;
}

/* If the next block makes the ledger grow, it is not one whose frames are counted. */
static void let_ledger_grow(void)
{
    struct mm_block block;
    if (take(FRAME_BYTES, 0, MM_NO_LIMIT, &block) == MM_OK)
        mm_free(memory_manager(), block.base);
}

static const char *free_frames_are_regions_of_the_map(void)
{
    size_t cursor = 0;
    struct frame_range range;
    pfn_t frame_count = 0;
    while (memmap_next_free(memory_map(), &cursor, &range))
        frame_count += range.end - range.first;
    struct mm_totals totals;
    mm_get_totals(memory_manager(), &totals);
    return frame_count == totals.frame_count ? NULL : "map and manager disagree";
}

static const char *block_takes_exactly_its_frames(void)
{
    struct mm_totals before;
    struct mm_totals held;
    struct mm_block block;
    mm_get_totals(memory_manager(), &before);
    if (take(5 * FRAME_BYTES + 1, 0, MM_NO_LIMIT, &block) != MM_OK)
        return refused(6 * FRAME_BYTES, "no room for 6 frames");
    mm_get_totals(memory_manager(), &held);
    mm_free(memory_manager(), block.base);
    return before.free_count - held.free_count == 6 ? NULL : "5 frames and a byte did not cost 6";
}

static const char *block_ends_at_its_limit(void)
{
    struct mm_block block;
    struct mm_block again;
    if (take(2 * FRAME_BYTES, 0, MM_NO_LIMIT, &block) != MM_OK)
        return refused(2 * FRAME_BYTES, "no room for 2 frames");
    phys_t base = block.base;
    mm_free(memory_manager(), base);
    if (take(2 * FRAME_BYTES, 0, base + 2 * FRAME_BYTES, &again) != MM_OK || again.base != base)
        return "a block may not end at its limit";
    mm_free(memory_manager(), again.base);
    enum mm_status status = take(2 * FRAME_BYTES, 0, base + 2 * FRAME_BYTES - 1, &again);
    if (status == MM_OK)
        mm_free(memory_manager(), again.base);
    return status != MM_OK || again.base < base ? NULL : "a block ends above its limit";
}

static const char *block_is_aligned(void)
{
    struct mm_block block;
    for (uint64_t align_bytes = 1; align_bytes <= 256 * KIB; align_bytes *= 2) {
        if (take(3 * FRAME_BYTES, align_bytes, MM_NO_LIMIT, &block) != MM_OK)
            return refused(3 * FRAME_BYTES + align_bytes, "no aligned place for 3 frames");
        mm_free(memory_manager(), block.base);
        if (block.base & (align_bytes - 1))
            return "a block is not aligned";
    }
    return NULL;
}

static const char *largest_run_can_be_had(void)
{
    struct mm_totals totals;
    struct mm_block block;
    mm_get_totals(memory_manager(), &totals);
    if (totals.largest_run == 0)
        return memory_is_full;
    if (take((totals.largest_run + 1) << FRAME_SHIFT, 0, MM_NO_LIMIT, &block) != MM_NO_ROOM)
        return "more than the largest run was given out";
    if (take(totals.largest_run << FRAME_SHIFT, 0, MM_NO_LIMIT, &block) != MM_OK)
        return "the largest run was refused";
    return mm_free(memory_manager(), block.base) == MM_OK ? NULL : "it could not be freed";
}

static const char *wrong_frees_are_refused(void)
{
    struct mm_block block;
    if (take(2 * FRAME_BYTES, 0, MM_NO_LIMIT, &block) != MM_OK)
        return refused(2 * FRAME_BYTES, "no room for 2 frames");
    bool inside = mm_free(memory_manager(), block.base + FRAME_BYTES) == MM_INSIDE_BLOCK;
    mm_free(memory_manager(), block.base);
    bool twice = mm_free(memory_manager(), block.base) == MM_ALREADY_FREE;
    bool foreign = mm_free(memory_manager(), (phys_t)(uintptr_t)text_start) == MM_NOT_MANAGED;
    return inside && twice && foreign ? NULL : "a wrong free was not named";
}

/* ---- the pool ------------------------------------------------------------------------------- */

static void write_byte(void *address)
{
    *(volatile unsigned char *)address = 0;
}

static bool is_page_fault(const struct trap_fault *fault)
{
    return fault->vector == TRAP_PAGE_FAULT;
}

static bool faults(void *address)
{
    struct trap_fault fault = {0};
    return !trap_guard(write_byte, address, is_page_fault, &fault) &&
           fault.address == (uintptr_t)address;
}

static const char *check_pool_block(unsigned char *address, const struct mm_block *block)
{
    for (size_t i = 0; i < 3 * FRAME_BYTES; i += 4)
        *(volatile uint32_t *)(void *)(address + i) = (uint32_t)i;
    for (size_t i = 0; i < 3 * FRAME_BYTES; i += 4)
        if (*(volatile uint32_t *)(void *)(address + i) != i)
            return "a block does not keep what is written";
    phys_t physical;
    for (size_t i = 0; i < 3 * FRAME_BYTES; i += FRAME_BYTES)
        if (!paging_translate((uintptr_t)address + i, &physical) || physical != block->base + i)
            return "a block is not contiguous behind its mapping";
    if (!faults(address - 1) || !faults(address + 3 * FRAME_BYTES))
        return "a guard page is mapped";
    return NULL;
}

static const char *pool_block_is_mapped_between_guards(void)
{
    struct mm_request request = {
        .size_bytes = 3 * FRAME_BYTES, .limit = paging_reach(), .owner = OWNER};
    struct mm_block block;
    void *address;
    if (pool_alloc(memory_pool(), &request, MM_CACHED, &block, &address) != MM_OK)
        return refused(3 * FRAME_BYTES, "no room for 3 frames");
    const char *broken = check_pool_block(address, &block);
    if (pool_free(memory_pool(), address) != MM_OK)
        return "a block could not be freed";
    if (!broken && !faults(address))
        broken = "a freed block is still mapped";
    return broken;
}

/* A block's mapping is its only one, so that its guard pages and its cache type mean something. */
static const char *free_memory_is_not_mapped(void)
{
    size_t cursor = 0;
    struct frame_range range;
    phys_t unused;
    while (memmap_next_free(memory_map(), &cursor, &range)) {
        phys_t last = (range.end - 1) << FRAME_SHIFT;
        phys_t first = range.first << FRAME_SHIFT;
        if (first < PAGING_WINDOW_BASE && paging_translate((uintptr_t)first, &unused))
            return "the first frame of a free range is mapped";
        if (last < PAGING_WINDOW_BASE && paging_translate((uintptr_t)last, &unused))
            return "the last frame of a free range is mapped";
    }
    return NULL;
}

static const char *kernel_is_protected(void)
{
    if (!faults(NULL))
        return "page 0 is mapped";
    if (!faults(text_start) || !faults(rodata_start))
        return "the kernel's code can be written";
    return faults(boot_stack_guard) ? NULL : "there is no guard below the stack";
}

/* ---- time and load -------------------------------------------------------------------------- */

static const char *timer_ticks_along(void)
{
    uint32_t start = timer_ticks();
    timer_wait(50000);
    return timer_ticks() != start ? NULL : "no interrupt came in 50 ms";
}

static const char *random_requests_are_answered_right(void)
{
    struct stress_result result;
    if (!stress_start(memory_map(), memory_manager(), true, &result))
        return refused(stress_model_bytes(memory_map()), "no memory for the model");
    stress_run(STRESS_OPERATIONS, &result);
    stress_finish(&result);
    return result.broken;
}

static const char *every_invariant_holds(void)
{
    const char *broken = mm_check(memory_manager());
    return broken ? broken : mm_check(&memory_pool()->window);
}

#define RULE(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct {
    const char *name;
    const char *(*test)(void);
} rules[] = {
    RULE(free_frames_are_regions_of_the_map),
    RULE(block_takes_exactly_its_frames),
    RULE(block_ends_at_its_limit),
    RULE(block_is_aligned),
    RULE(largest_run_can_be_had),
    RULE(wrong_frees_are_refused),
    RULE(pool_block_is_mapped_between_guards),
    RULE(free_memory_is_not_mapped),
    RULE(kernel_is_protected),
    RULE(timer_ticks_along),
    RULE(random_requests_are_answered_right),
    RULE(every_invariant_holds),
};

#define RULE_COUNT (sizeof rules / sizeof *rules)

static void report(size_t failed, size_t not_run)
{
    size_t passed = RULE_COUNT - failed - not_run;
    if (not_run > 0) {
        console_error("memory is full: %zu tests need free memory and were not run", not_run);
        console_print("%zu passed, %zu failed, %zu not run\n", passed, failed, not_run);
    } else {
        console_print("%zu passed, %zu failed\n", passed, failed);
    }
    if (failed > 0)
        console_error("the self-test failed");
}

bool selftest_run(void)
{
    size_t failed = 0;
    size_t not_run = 0;
    let_ledger_grow();
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const char *broken = rules[i].test();
        if (broken == memory_is_full) {
            not_run++;
        } else if (broken) {
            failed++;
            console_print("test name=%s failed: %s\n", rules[i].name, broken);
        } else {
            console_print("test name=%s ok\n", rules[i].name);
        }
    }
    report(failed, not_run);
    return failed == 0 && not_run == 0;
}
