/*
 * Tests what host tests cannot see: the real map, real page tables, real interrupts. Each test
 * names a rule, and returns NULL or the sentence that tells how the rule was broken. The
 * allocator's own rules are the model's to judge (stress.h), on this machine's memory.
 */

#include "stress.h"

#include "drivers/pc/timer.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/trap.h"

#define OWNER "selftest"
#define STRESS_OPERATIONS 4000

extern unsigned char text_start[], rodata_start[], boot_stack_guard[];

/* A rule that returns this could not be tested. */
static const char memory_is_full[] = "memory is full";

/* Why a block of that size was refused: memory is full, or the rule is broken as said. */
static const char *refused(uint64_t size_bytes, const char *broken)
{
    uint64_t largest_bytes = mm_largest_run(memory_manager(), 0, paging_reach());
    return largest_bytes < size_bytes ? memory_is_full : broken;
}

static const char *free_frames_are_regions_of_the_map(void)
{
    size_t cursor = 0;
    struct frame_range range;
    pfn_t frame_count = 0;
    while (memmap_next_free(memory_map(), &cursor, &range))
        frame_count += range.end - range.first;
    return frame_count == memory_manager()->buddy.frame_count ? NULL : "map and manager disagree";
}

/* ---- the pool ------------------------------------------------------------------------------- */

static void write_byte(void *address)
{
    *(volatile unsigned char *)address = 0;
}

static bool faults(void *address)
{
    struct trap_fault fault = {0};
    return !trap_guard(write_byte, address, trap_is_page_fault, &fault) &&
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
