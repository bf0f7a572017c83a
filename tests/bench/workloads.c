/* The loads themselves, and how long they take. They know an allocator by its functions alone. */

#include "workloads.h"

#include <math.h>
#include <string.h>

#include "clocks.h"
#include "random.h"

#define NO_LIMIT UINT64_MAX
#define LOW_FRAMES (16 * MIB_FRAMES)
#define STEPS 5000000
#define SLOTS_MAX 12288

static uint64_t state;
static uint16_t size_any[65536]; /* 1 to 255 frames */
static uint16_t size_small[65536]; /* 1 to 15 frames */

void workloads_init(void)
{
    for (int i = 0; i < 65536; i++) {
        size_any[i] = (uint16_t)floor(pow(2, 8 * (i + 0.5) / 65536));
        size_small[i] = (uint16_t)floor(pow(2, 4 * (i + 0.5) / 65536));
    }
}

/* ---- W1: pairs in an empty arena ------------------------------------------------------------- */

static struct outcome run_pairs(const struct allocator *allocator, uint64_t count, uint64_t limit)
{
    struct outcome outcome = {.operations = 300000};
    allocator->open(GIB_FRAMES);
    double start = clocks_cpu_ns();
    for (uint64_t i = 0; i < outcome.operations; i++) {
        uint64_t first;
        if (allocator->alloc(count, limit, &first))
            allocator->free(first, count);
        else
            outcome.refused++;
    }
    outcome.ns = (clocks_cpu_ns() - start) / (double)outcome.operations;
    allocator->close();
    return outcome;
}

/* ---- W2, W5: churn --------------------------------------------------------------------------- */

struct churn {
    unsigned slots;
    unsigned percent; /* of the frames, live at most */
    bool with_limits;
    bool small_limited; /* the limited requests are small */
};

static struct {
    uint64_t first;
    uint64_t count; /* 0: empty */
} slots[SLOTS_MAX];

static double waste_percent(const struct allocator *allocator)
{
    uint64_t live = 0;
    uint64_t waste = 0;
    for (unsigned i = 0; i < SLOTS_MAX; i++)
        if (slots[i].count) {
            live += slots[i].count;
            waste += allocator->waste(slots[i].count);
        }
    return 100.0 * (double)waste / (double)live;
}

/* Of the number: bits 40 to 63 choose the slot, 16 to 23 the limit, 0 to 15 the size. */
static void churn_step(const struct allocator *allocator, const struct churn *churn, uint64_t *live,
                       struct outcome *outcome)
{
    uint64_t number = random_next(&state);
    uint64_t slot = (number >> 40) * churn->slots >> 24;
    if (slots[slot].count) {
        allocator->free(slots[slot].first, slots[slot].count);
        *live -= slots[slot].count;
        slots[slot].count = 0;
        return;
    }
    bool limited = churn->with_limits && (number >> 16 & 0xFF) < 51;
    uint64_t limit = !limited ? NO_LIMIT : (number >> 16 & 1 ? 16 : 64) * MIB_FRAMES;
    uint64_t count = (limited && churn->small_limited ? size_small : size_any)[number & 0xFFFF];
    if (*live + count > GIB_FRAMES * churn->percent / 100)
        return;
    if (allocator->alloc(count, limit, &slots[slot].first)) {
        slots[slot].count = count;
        *live += count;
    } else {
        outcome->refused++;
        outcome->refused_limited += limited;
    }
}

static struct outcome run_churn(const struct allocator *allocator, const struct churn *churn)
{
    struct outcome outcome = {.operations = STEPS};
    uint64_t live = 0;
    memset(slots, 0, sizeof slots);
    allocator->open(GIB_FRAMES);
    double start = clocks_cpu_ns();
    for (int step = 0; step < STEPS; step++)
        churn_step(allocator, churn, &live, &outcome);
    outcome.ns = (clocks_cpu_ns() - start) / STEPS;
    outcome.waste_percent = waste_percent(allocator);
    allocator->close();
    return outcome;
}

/* ---- W3: fragmented -------------------------------------------------------------------------- */

/* Fisher and Yates. */
static void shuffle(uint64_t *frames, uint64_t count)
{
    for (uint64_t i = count - 1; i > 0; i--) {
        uint64_t j = random_next(&state) % (i + 1);
        uint64_t frame = frames[i];
        frames[i] = frames[j];
        frames[j] = frame;
    }
}

/* Fills `frames` with the half that stays, and returns their number. */
static uint64_t take_random_half(const struct allocator *allocator, uint64_t *frames)
{
    uint64_t live = 0;
    while (live < GIB_FRAMES && allocator->alloc(1, NO_LIMIT, &frames[live]))
        live++;
    shuffle(frames, live);
    for (uint64_t half = live / 2; live > half;)
        allocator->free(frames[--live], 1);
    return live;
}

static struct outcome run_fragmented(const struct allocator *allocator)
{
    const int failing = 1000;
    static uint64_t frames[GIB_FRAMES];
    struct outcome outcome = {.operations = 1000000};
    uint64_t first;
    allocator->open(GIB_FRAMES);
    uint64_t live = take_random_half(allocator, frames);
    double start = clocks_cpu_ns();
    for (int i = 0; i < failing; i++)
        outcome.refused += !allocator->alloc(2 * MIB_FRAMES, NO_LIMIT, &first);
    outcome.failing_ns = (clocks_cpu_ns() - start) / failing;
    start = clocks_cpu_ns();
    for (uint64_t i = 0; i < outcome.operations; i++) {
        uint64_t chosen = (random_next(&state) >> 40) * live >> 24;
        allocator->free(frames[chosen], 1);
        allocator->alloc(1, NO_LIMIT, &frames[chosen]);
    }
    outcome.ns = (clocks_cpu_ns() - start) / (double)outcome.operations;
    allocator->close();
    return outcome;
}

/* ---- start ----------------------------------------------------------------------------------- */

static struct outcome run_start(const struct allocator *allocator, uint64_t frame_count)
{
    struct outcome outcome = {.operations = 1};
    double start = clocks_cpu_ns();
    allocator->open(frame_count);
    outcome.ns = clocks_cpu_ns() - start;
    allocator->close();
    return outcome;
}

/* ---- all of them ----------------------------------------------------------------------------- */

const char *workload_name(enum workload workload)
{
    static const char *const names[WORKLOAD_COUNT] = {
        "W1 4K", "W1 8K", "W1 64K", "W1 1M", "W1 4M",     "W1 lim 4K", "W2",
        "W2h",   "W3",    "W5",     "W5b",   "start 64M", "start 64G"};
    return names[workload];
}

struct outcome workload_run(const struct allocator *allocator, enum workload workload)
{
    static const uint64_t pair_frames[] = {1, 2, 16, 256, 1024};
    static const struct churn churns[] = {
        [W2] = {4096, 60, false, false},
        [W2H] = {12288, 85, false, false},
        [W5] = {4096, 60, true, false},
        [W5B] = {12288, 60, true, true},
    };
    state = RANDOM_SEED;
    switch (workload) {
    case W1_LOW:
        return run_pairs(allocator, 1, LOW_FRAMES);
    case W3:
        return run_fragmented(allocator);
    case START_64M:
        return run_start(allocator, 64 * MIB_FRAMES);
    case START_64G:
        return run_start(allocator, 64 * GIB_FRAMES);
    default:
        if (workload < W1_LOW)
            return run_pairs(allocator, pair_frames[workload], NO_LIMIT);
        return run_churn(allocator, &churns[workload]);
    }
}
