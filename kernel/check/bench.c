/*
 * Measures how long the allocator takes, at two levels: only frames, and blocks with owner and
 * record. What is measured leaves nothing behind: frames that no record knows of are free again
 * when the command ends, and nobody looks before.
 */

#include "bench.h"

#include "kernel/lib/random.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/clock.h"
#include "kernel/pc/paging.h"
#include "stress.h"

#define OWNER "bench"
#define PAIR_ROUNDS 1000
#define NANOSECONDS_MIN 100000000u /* long enough for a clock of 10 ms, as a 486 has */

/* Interrupts would be counted among the instructions. */
uint64_t bench_start(uint32_t *flags)
{
    *flags = cpu_read_flags();
    if (clock_counts_instructions())
        cpu_disable_interrupts();
    return clock_read();
}

uint64_t bench_stop(uint64_t start, uint32_t flags)
{
    uint64_t units = clock_units_between(start, clock_read());
    cpu_write_flags(flags);
    return units;
}

/* True if a measurement needs no more rounds: instructions are exact, times want to last. */
static bool is_enough(uint64_t units)
{
    return clock_counts_instructions() || units >= NANOSECONDS_MIN;
}

static void print_figure(const char *name, const char *variant, const char *limit, uint64_t units)
{
    console_print("bench name=%s%s%s %s=%llu\n", name, variant, limit, clock_unit(),
                  (number_t)units);
}

/*
 * ---- pairs -------------------------------------------------------------------------------------
 *
 * Around the two calls the loops spend four instructions of their own.
 */

struct pair {
    uint64_t size_bytes;
    phys_t limit;
};

static enum mm_status run_frames(const struct pair *pair, unsigned rounds)
{
    struct buddy *buddy = &memory_manager()->buddy;
    struct buddy_request request = {.frame_count = pair->size_bytes >> FRAME_SHIFT,
                                    .align_frames = 1,
                                    .limit = pair->limit >> FRAME_SHIFT};
    pfn_t first;
    for (; rounds > 0; rounds--) {
        enum mm_status status = buddy_alloc(buddy, &request, &first);
        if (status != MM_OK)
            return status;
        buddy_free(buddy, first, NULL);
    }
    return MM_OK;
}

static enum mm_status run_blocks(const struct pair *pair, unsigned rounds)
{
    struct mm_request request = {
        .size_bytes = pair->size_bytes, .limit = pair->limit, .owner = OWNER};
    struct mm_block block;
    for (; rounds > 0; rounds--) {
        enum mm_status status = mm_alloc(memory_manager(), &request, &block);
        if (status != MM_OK)
            return status;
        mm_free(memory_manager(), block.base);
    }
    return MM_OK;
}

static const struct level {
    const char *name;
    enum mm_status (*run)(const struct pair *pair, unsigned rounds);
} levels[] = {{"frames", run_frames}, {"pair", run_blocks}};

static const struct {
    const char *name;
    uint64_t size_bytes;
} sizes[] = {{"-4K", 4 * KIB}, {"-8K", 8 * KIB}, {"-64K", 64 * KIB},
             {"-1M", MIB},     {"-4M", 4 * MIB}, {"-3M", 3 * MIB}};

static const struct {
    const char *name;
    phys_t limit;
} limits[] = {{"", MM_NO_LIMIT}, {"-below-16M", 16 * MIB}};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/*
 * Units of a pair of allocate and free, or the reason why there is none. The first pair, which may
 * have to split a block of the tree, does not count.
 */
static enum mm_status time_pairs(const struct level *level, const struct pair *pair,
                                 uint64_t *units)
{
    level->run(pair, 1);
    for (unsigned rounds = PAIR_ROUNDS;; rounds *= 4) {
        uint32_t flags;
        uint64_t start = bench_start(&flags);
        enum mm_status status = level->run(pair, rounds);
        uint64_t total = bench_stop(start, flags);
        *units = total / rounds;
        if (status != MM_OK || is_enough(total))
            return status;
    }
}

static void bench_pairs(const struct level *level)
{
    for (size_t limit = 0; limit < COUNT_OF(limits); limit++)
        for (size_t size = 0; size < COUNT_OF(sizes); size++) {
            struct pair pair = {sizes[size].size_bytes, limits[limit].limit};
            uint64_t units;
            enum mm_status status = time_pairs(level, &pair, &units);
            if (status == MM_OK)
                print_figure(level->name, sizes[size].name, limits[limit].name, units);
            else
                console_error("bench %s%s%s: %s", level->name, sizes[size].name, limits[limit].name,
                              mm_status_text(status));
        }
}

/* ---- churn ----------------------------------------------------------------------------------- */

#define SLOT_COUNT 4096
#define NO_FRAME UINT64_MAX /* an empty slot */
#define ORDERS 9
#define WARM_UP_OPERATIONS 20000
#define CHURN_OPERATIONS 20000

struct churn {
    pfn_t *slots; /* SLOT_COUNT first frames */
    uint64_t random;
};

/* A slot and a count of frames out of one random number. */
static pfn_t *choose(struct churn *churn, pfn_t *frame_count)
{
    uint32_t number = random_next(&churn->random);
    *frame_count = (pfn_t)1 << (number & 0xFFFF) % ORDERS;
    return &churn->slots[(number >> 16) % SLOT_COUNT];
}

/* A slot stays empty when there is no room. */
static void churn_frames(struct churn *churn, unsigned operations)
{
    struct buddy *buddy = &memory_manager()->buddy;
    struct buddy_request request = {.align_frames = 1, .limit = MM_NO_LIMIT >> FRAME_SHIFT};
    for (; operations > 0; operations--) {
        pfn_t *slot = choose(churn, &request.frame_count);
        if (*slot != NO_FRAME) {
            buddy_free(buddy, *slot, NULL);
            *slot = NO_FRAME;
        } else if (buddy_alloc(buddy, &request, slot) != MM_OK) {
            *slot = NO_FRAME;
        }
    }
}

/* The same with blocks. A slot has the first frame. */
static void churn_blocks(struct churn *churn, unsigned operations)
{
    struct mm *mm = memory_manager();
    struct mm_request request = {.limit = MM_NO_LIMIT, .owner = OWNER};
    struct mm_block block;
    pfn_t frame_count;
    for (; operations > 0; operations--) {
        pfn_t *slot = choose(churn, &frame_count);
        request.size_bytes = frame_count << FRAME_SHIFT;
        if (*slot != NO_FRAME) {
            mm_free(mm, *slot << FRAME_SHIFT);
            *slot = NO_FRAME;
        } else if (mm_alloc(mm, &request, &block) == MM_OK) {
            *slot = block.base >> FRAME_SHIFT;
        }
    }
}

static void give_frames(pfn_t first)
{
    buddy_free(&memory_manager()->buddy, first, NULL);
}

static void give_block(pfn_t first)
{
    mm_free(memory_manager(), first << FRAME_SHIFT);
}

/* Units of all operations, begun when memory is as full as it stays. */
static uint64_t time_churn(struct churn *churn, void (*run)(struct churn *churn, unsigned),
                           void (*give)(pfn_t first))
{
    uint32_t flags;
    for (size_t i = 0; i < SLOT_COUNT; i++)
        churn->slots[i] = NO_FRAME;
    run(churn, WARM_UP_OPERATIONS);
    uint64_t start = bench_start(&flags);
    run(churn, CHURN_OPERATIONS);
    uint64_t units = bench_stop(start, flags);
    for (size_t i = 0; i < SLOT_COUNT; i++)
        if (churn->slots[i] != NO_FRAME)
            give(churn->slots[i]);
    return units;
}

/* What the choices alone cost. */
static uint64_t time_choices(struct churn *churn)
{
    uint32_t flags;
    pfn_t frame_count;
    pfn_t *volatile slot;
    uint64_t start = bench_start(&flags);
    for (unsigned operations = CHURN_OPERATIONS; operations > 0; operations--)
        slot = choose(churn, &frame_count);
    (void)slot;
    return bench_stop(start, flags) / CHURN_OPERATIONS;
}

/* ---- bursts ---------------------------------------------------------------------------------- */

#define BURST_COUNT 4000
#define BURST_ROUNDS 4

/* Single frames out, then all of them back, in the same order or the last one first. */
static void run_burst(pfn_t *slots, struct buddy *buddy, bool last_first)
{
    struct buddy_request request = {
        .frame_count = 1, .align_frames = 1, .limit = MM_NO_LIMIT >> FRAME_SHIFT};
    for (size_t i = 0; i < BURST_COUNT; i++)
        if (buddy_alloc(buddy, &request, &slots[i]) != MM_OK)
            slots[i] = NO_FRAME;
    for (size_t i = 0; i < BURST_COUNT; i++)
        buddy_free(buddy, slots[last_first ? BURST_COUNT - 1 - i : i], NULL);
}

/* Of a pair. */
static uint64_t time_burst(pfn_t *slots, struct buddy *buddy, bool last_first)
{
    uint32_t flags;
    run_burst(slots, buddy, last_first);
    uint64_t start = bench_start(&flags);
    for (int round = 0; round < BURST_ROUNDS; round++)
        run_burst(slots, buddy, last_first);
    return bench_stop(start, flags) / (BURST_ROUNDS * BURST_COUNT);
}

/* What needs memory for many frames' numbers. */
static void bench_many(void)
{
    struct mm_request request = {
        .size_bytes = SLOT_COUNT * sizeof(pfn_t), .limit = paging_reach(), .owner = OWNER};
    struct churn churn = {.random = RANDOM_SEED};
    struct buddy *buddy = &memory_manager()->buddy;
    void *slots;
    enum mm_status status = pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &slots);
    if (status != MM_OK) {
        console_error("bench frames-churn: %s", mm_status_text(status));
        return;
    }
    churn.slots = slots;
    print_figure("frames-churn", "", "",
                 time_churn(&churn, churn_frames, give_frames) / CHURN_OPERATIONS);
    print_figure("loop-churn", "", "", time_choices(&churn));
    print_figure("pair-churn", "", "",
                 2 * time_churn(&churn, churn_blocks, give_block) / CHURN_OPERATIONS);
    print_figure("burst", "-4K", "", time_burst(churn.slots, buddy, false));
    print_figure("burst", "-4K", "-last-first", time_burst(churn.slots, buddy, true));
    pool_free(memory_pool(), slots);
}

static void bench_churn(void)
{
    struct stress_result result;
    uint32_t flags;
    stress_start(memory_map(), memory_manager(), false, &result);
    uint64_t start = bench_start(&flags);
    stress_run(CHURN_OPERATIONS, &result);
    uint64_t units = bench_stop(start, flags) / CHURN_OPERATIONS;
    stress_finish(&result);
    if (result.broken)
        console_error("the churn went wrong: %s", result.broken);
    else
        print_figure("churn", "", "", units);
}

void bench_run(void)
{
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        bench_pairs(&levels[i]);
    bench_many();
    bench_churn();
}
