/*
 * Tests free memory. Free runs are cut into blocks, few enough for the ledger however large the
 * machine is, and blocks into windows, which are mapped one at a time. A window is cached, since
 * words that pass by the caches take some fifty times longer, and the caches are emptied after each
 * sweep, so that what is read comes from memory. Ascending addresses, so that the picture of memory
 * shows how far it came.
 */

#include "memtest.h"

#include "kernel/cpu/cpu.h"
#include "kernel/lib/random.h"
#include "kernel/lib/string.h"
#include "kernel/memory/badram.h"
#include "kernel/memory/managed.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"

#define OWNER "memtest"
#define WINDOW_BYTES (4 * MIB)
#define BLOCK_COUNT 256 /* at the most, as long as free memory is in one piece */

struct run {
    struct memtest_result *result;
    memtest_watch_t *watch;
    void *context;
    enum memtest_verdict verdict;
    phys_t limit; /* exclusive, and within reach */
    uint64_t total_bytes;
    uint64_t block_bytes; /* power of two */
    uint64_t seed;
    phys_t cursor; /* all free memory below it had its turn */
    phys_t complete_end; /* of the last window that all tests went through */
    uint64_t tested_bytes; /* in this pass */
    phys_t window_base; /* the one at work */
    uint64_t window_bytes;
    uint32_t window_sweeps;
};

static struct run run;

/* ---- what is free --------------------------------------------------------------------------- */

static phys_t lower_of(phys_t left, phys_t right)
{
    return left < right ? left : right;
}

/* The first free frames of the range at or above `first`. False if there are none. */
static bool find_free(pfn_t first, pfn_t end, struct frame_range *free)
{
    struct buddy *buddy = &memory_manager()->buddy;
    struct frame_range used;
    while (first < end && buddy_find_run(buddy, first, &used))
        first = used.end;
    if (first >= end || !buddy_find_free(buddy, first, free))
        return false;
    *free = (struct frame_range){first, lower_of(free->end, end)};
    return true;
}

/* The first free run that has frames in [base, limit), cut to it. False if there is none. */
static bool next_free(phys_t base, phys_t limit, struct phys_range *free)
{
    struct managed_walk walk = {.map = memory_map()};
    struct frame_range range;
    struct frame_range found;
    pfn_t first = (base + FRAME_BYTES - 1) >> FRAME_SHIFT;
    while (managed_next_range(&walk, &range)) {
        range.first = range.first > first ? range.first : first;
        range.end = lower_of(range.end, limit >> FRAME_SHIFT);
        if (range.first < range.end && find_free(range.first, range.end, &found)) {
            *free = (struct phys_range){found.first << FRAME_SHIFT, found.end << FRAME_SHIFT};
            return true;
        }
    }
    return false;
}

static uint64_t count_free(phys_t base, phys_t limit)
{
    struct phys_range free;
    uint64_t bytes = 0;
    for (; next_free(base, limit, &free); base = free.end)
        bytes += free.end - free.base;
    return bytes;
}

/* ---- what is bad ---------------------------------------------------------------------------- */

/* The first place that ends at or above the frame; bad_count if there is none. */
static size_t find_place(const struct memtest_result *result, phys_t frame)
{
    size_t index = 0;
    while (index < result->bad_count && result->bad[index].end < frame)
        index++;
    return index;
}

static void join_next(struct memtest_result *result, size_t index)
{
    struct memtest_bad *place = &result->bad[index];
    if (index + 1 == result->bad_count || place[1].base != place->end)
        return;
    place->end = place[1].end;
    place->error_count += place[1].error_count;
    place->bits |= place[1].bits;
    result->bad_count--;
    memmove(place + 1, place + 2, (result->bad_count - index - 1) * sizeof *place);
}

/* The place that the frame belongs to, a new one if it touches none. NULL if there is no room. */
static struct memtest_bad *enter_frame(struct memtest_result *result, phys_t frame)
{
    size_t index = find_place(result, frame);
    struct memtest_bad *place = &result->bad[index];
    if (index < result->bad_count && place->base <= frame + FRAME_BYTES) {
        place->base = lower_of(place->base, frame);
        if (place->end == frame) {
            place->end = frame + FRAME_BYTES;
            join_next(result, index);
        }
        return place;
    }
    if (result->bad_count == MEMTEST_BAD_MAX)
        return NULL;
    memmove(place + 1, place, (result->bad_count - index) * sizeof *place);
    result->bad_count++;
    *place = (struct memtest_bad){.base = frame, .end = frame + FRAME_BYTES};
    return place;
}

static void note_fault(void *context, const struct memtest_fault *fault)
{
    (void)context;
    phys_t physical = run.window_base + (phys_t)fault->word * sizeof(uint32_t);
    struct memtest_bad *place = enter_frame(run.result, physical & ~(FRAME_BYTES - 1));
    if (!place) {
        run.result->has_more_bad = true;
        run.verdict = MEMTEST_STOP;
        return;
    }
    if (place->error_count++ == 0) {
        place->physical = physical;
        place->first = *fault;
    }
    place->bits |= fault->expected ^ fault->found;
}

/* The bad frames of a block that was just freed. */
static void take_bad(const struct mm_block *block)
{
    phys_t block_end = block->base + block->size_bytes;
    for (size_t i = 0; i < run.result->bad_count; i++) {
        struct memtest_bad *place = &run.result->bad[i];
        phys_t base = place->base > block->base ? place->base : block->base;
        phys_t end = lower_of(place->end, block_end);
        enum mm_status status = base < end ? badram_take(base, end) : MM_OK;
        if (status != MM_OK)
            place->status = status;
    }
}

/* ---- windows -------------------------------------------------------------------------------- */

static bool settle_window(void *context)
{
    (void)context;
    cpu_flush_caches();
    run.window_sweeps++;
    uint64_t done = run.tested_bytes * MEMTEST_SWEEP_COUNT + run.window_bytes * run.window_sweeps;
    enum memtest_verdict verdict =
        run.watch(run.context, done, run.total_bytes * MEMTEST_SWEEP_COUNT);
    if (run.verdict < verdict)
        run.verdict = verdict;
    return run.verdict == MEMTEST_GO_ON;
}

/* The next one, from `base` on. False if there is no room to map it. */
static bool open_window(struct memtest_window *window, phys_t base, phys_t block_end)
{
    uint64_t size_bytes = lower_of(block_end, (base | (WINDOW_BYTES - 1)) + 1) - base;
    void *words;
    enum mm_status status = pool_map(memory_pool(), base, size_bytes, MM_CACHED, OWNER, &words);
    if (status != MM_OK) {
        run.result->status = status;
        return false;
    }
    run.window_base = base;
    run.window_bytes = size_bytes;
    run.window_sweeps = 0;
    *window = (struct memtest_window){.words = words,
                                      .word_count = (size_t)(size_bytes / sizeof(uint32_t)),
                                      .first_word = base / sizeof(uint32_t),
                                      .settle = settle_window,
                                      .found = note_fault};
    return true;
}

static void close_window(const struct memtest_window *window)
{
    enum mm_status status = pool_unmap(memory_pool(), (const void *)window->words);
    ASSERT(status == MM_OK);
}

/* ---- a pass --------------------------------------------------------------------------------- */

/* A window that cannot be mapped ends the pass: the next ones cannot either. */
static void test_block(const struct mm_block *block)
{
    phys_t block_end = block->base + block->size_bytes;
    struct memtest_window window;
    for (phys_t base = block->base; base < block_end; base = run.complete_end) {
        if (!open_window(&window, base, block_end)) {
            run.verdict = MEMTEST_TIME_IS_UP;
            return;
        }
        random_next(&run.seed);
        window.seed = run.seed;
        bool is_complete = memtest_write_and_verify(&window);
        close_window(&window);
        if (!is_complete)
            return;
        run.complete_end = base + run.window_bytes;
        run.tested_bytes += run.window_bytes;
    }
}

/*
 * Takes free memory and tests it, as long as the ledger can record it: what growing might need
 * stays free. True if more is left, and something was done.
 */
static bool test_free(void)
{
    struct phys_range free;
    struct mm_block block;
    bool is_first = true;
    while (run.verdict == MEMTEST_GO_ON && next_free(run.cursor, run.limit, &free)) {
        if (!is_first && ledger_free_count(&memory_manager()->ledger) <= LEDGER_RESERVE)
            return true;
        phys_t end = lower_of(free.end, (free.base | (run.block_bytes - 1)) + 1);
        run.cursor = end;
        enum mm_status status = mm_reserve(memory_manager(), free.base, end, OWNER, &block);
        if (status == MM_OK)
            test_block(&block);
        else
            run.result->status = status;
        is_first = false;
    }
    return false;
}

static void verify_block(const struct mm_block *block)
{
    phys_t block_end = lower_of(block->base + block->size_bytes, run.complete_end);
    struct memtest_window window;
    for (phys_t base = block->base; base < block_end; base += run.window_bytes) {
        if (!open_window(&window, base, block_end))
            return;
        memtest_verify_again(&window);
        close_window(&window);
    }
}

static void release_blocks(void)
{
    phys_t cursor = 0;
    struct mm_block block;
    while (mm_next_block(memory_manager(), &cursor, &block)) {
        if (strcmp(block.owner, OWNER) != 0)
            continue;
        if (run.verdict != MEMTEST_STOP)
            verify_block(&block);
        enum mm_status status = mm_free(memory_manager(), block.base);
        ASSERT(status == MM_OK);
        take_bad(&block);
    }
}

static void run_pass(void)
{
    run.cursor = 0;
    run.tested_bytes = 0;
    bool has_more;
    do {
        run.complete_end = 0;
        has_more = test_free();
        release_blocks();
    } while (has_more && run.verdict == MEMTEST_GO_ON);
    if (run.tested_bytes > run.result->tested_bytes)
        run.result->tested_bytes = run.tested_bytes;
    if (run.verdict == MEMTEST_GO_ON && run.tested_bytes == 0)
        run.verdict = MEMTEST_TIME_IS_UP; /* nor would another pass test anything */
    if (run.verdict == MEMTEST_GO_ON)
        run.result->pass_count++;
}

/* Blocks of a window or more, so that there are not too many of them. */
static uint64_t choose_block_bytes(uint64_t total_bytes)
{
    uint64_t bytes = WINDOW_BYTES;
    while (bytes < total_bytes / BLOCK_COUNT)
        bytes *= 2;
    return bytes;
}

bool memtest_run(phys_t limit, bool repeats, memtest_watch_t *watch, void *context,
                 struct memtest_result *result)
{
    memset(result, 0, sizeof *result);
    run = (struct run){.result = result, .watch = watch, .context = context, .seed = RANDOM_SEED};
    run.limit = lower_of(limit, paging_reach());
    run.total_bytes = count_free(0, run.limit);
    run.block_bytes = choose_block_bytes(run.total_bytes);
    result->untested_bytes = count_free(run.limit, limit);
    if (run.total_bytes == 0)
        return false;
    do
        run_pass();
    while (repeats && run.verdict == MEMTEST_GO_ON);
    result->untested_bytes += run.total_bytes - result->tested_bytes;
    return true;
}
