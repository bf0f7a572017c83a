/*
 * The workloads, on each allocator in turn, in one run; the median of several. CPU time of the
 * thread.
 *
 *     bench [ROUNDS]
 *
 * Read the figures as ratios: they move from machine to machine.
 */

#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "allocator.h"

#define GIB_FRAMES ((uint64_t)1 << 18)
#define MIB_FRAMES ((uint64_t)256)
#define NO_LIMIT UINT64_MAX
#define STEPS 5000000
#define SLOTS_MAX 12288
#define ROUNDS_MAX 15

static uint64_t state;
static uint16_t size_any[65536]; /* 1 to 255 frames */
static uint16_t size_small[65536]; /* 1 to 15 frames */

static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

static void seed(void)
{
    state = 0x9E3779B97F4A7C15u;
}

static void make_sizes(void)
{
    for (int i = 0; i < 65536; i++) {
        size_any[i] = (uint16_t)floor(pow(2, 8 * (i + 0.5) / 65536));
        size_small[i] = (uint16_t)floor(pow(2, 4 * (i + 0.5) / 65536));
    }
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

struct outcome {
    double ns; /* per operation */
    double failing_ns; /* of one failing request, W3 alone */
    uint64_t refused; /* requests */
    uint64_t limited; /* of them, those with a limit */
    double waste_percent; /* frames taken beyond those asked for, at the end */
};

/*
 * ---- W1: pairs in an empty arena --------------------------------------------------------------
 */

static struct outcome run_pairs(const struct allocator *allocator, uint64_t count, uint64_t limit)
{
    const int pairs = 300000;
    allocator->open(GIB_FRAMES);
    struct outcome outcome = {0};
    double start = now_ns();
    for (int i = 0; i < pairs; i++) {
        uint64_t first;
        if (allocator->alloc(count, limit, &first))
            allocator->free(first, count);
        else
            outcome.refused++;
    }
    outcome.ns = (now_ns() - start) / pairs;
    allocator->close();
    return outcome;
}

/*
 * ---- W2, W5: churn
 * ------------------------------------------------------------------------------
 */

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

static struct outcome run_churn(const struct allocator *allocator, const struct churn *churn)
{
    struct outcome outcome = {0};
    uint64_t live = 0;
    uint64_t most = GIB_FRAMES * churn->percent / 100;
    memset(slots, 0, sizeof slots);
    seed();
    allocator->open(GIB_FRAMES);
    double start = now_ns();
    for (int step = 0; step < STEPS; step++) {
        uint64_t number = next_random();
        uint64_t slot = (number >> 40) * churn->slots >> 24;
        if (slots[slot].count) {
            allocator->free(slots[slot].first, slots[slot].count);
            live -= slots[slot].count;
            slots[slot].count = 0;
            continue;
        }
        bool limited = churn->with_limits && (number >> 16 & 0xFF) < 51;
        uint64_t limit = !limited ? NO_LIMIT : (number >> 16 & 1 ? 16 : 64) * MIB_FRAMES;
        uint64_t count = (limited && churn->small_limited ? size_small : size_any)[number & 0xFFFF];
        if (live + count > most)
            continue;
        if (allocator->alloc(count, limit, &slots[slot].first)) {
            slots[slot].count = count;
            live += count;
        } else {
            outcome.refused++;
            outcome.limited += limited;
        }
    }
    outcome.ns = (now_ns() - start) / STEPS;
    uint64_t waste = 0;
    for (unsigned i = 0; i < churn->slots; i++)
        if (slots[i].count)
            waste += allocator->waste(slots[i].count);
    outcome.waste_percent = 100.0 * (double)waste / (double)live;
    allocator->close();
    return outcome;
}

/*
 * ---- W3: fragmented
 * ----------------------------------------------------------------------------
 */

static struct outcome run_fragmented(const struct allocator *allocator)
{
    const int pairs = 1000000;
    const int failing = 1000;
    static uint64_t frames[GIB_FRAMES];
    struct outcome outcome = {0};
    uint64_t live = 0;
    uint64_t first;
    seed();
    allocator->open(GIB_FRAMES);
    while (live < GIB_FRAMES && allocator->alloc(1, NO_LIMIT, &frames[live]))
        live++;
    for (uint64_t i = live - 1; i > 0; i--) {
        uint64_t j = next_random() % (i + 1);
        uint64_t frame = frames[i];
        frames[i] = frames[j];
        frames[j] = frame;
    }
    for (uint64_t half = live / 2; live > half;)
        allocator->free(frames[--live], 1);
    double start = now_ns();
    for (int i = 0; i < failing; i++)
        outcome.refused += !allocator->alloc(2 * MIB_FRAMES, NO_LIMIT, &first);
    outcome.failing_ns = (now_ns() - start) / failing;
    start = now_ns();
    for (int i = 0; i < pairs; i++) {
        uint64_t chosen = (next_random() >> 40) * live >> 24;
        allocator->free(frames[chosen], 1);
        allocator->alloc(1, NO_LIMIT, &frames[chosen]);
    }
    outcome.ns = (now_ns() - start) / pairs;
    allocator->close();
    return outcome;
}

/*
 * ---- W4: start
 * ----------------------------------------------------------------------------------
 */

static struct outcome run_start(const struct allocator *allocator, uint64_t frame_count)
{
    struct outcome outcome = {0};
    double start = now_ns();
    allocator->open(frame_count);
    outcome.ns = now_ns() - start;
    allocator->close();
    return outcome;
}

/*
 * ---- the table
 * ----------------------------------------------------------------------------------
 */

enum {
    PAIR_4K,
    PAIR_8K,
    PAIR_64K,
    PAIR_1M,
    PAIR_4M,
    PAIR_LOW,
    W2,
    W2H,
    W3,
    W5,
    W5B,
    START_64M,
    START_64G,
    WORKLOADS
};

static const char *const names[WORKLOADS] = {"W1 4K",     "W1 8K",     "W1 64K",   "W1 1M", "W1 4M",
                                             "W1 lim 4K", "W2",        "W2h",      "W3",    "W5",
                                             "W5b",       "start 64M", "start 64G"};

static struct outcome run_workload(const struct allocator *allocator, int workload)
{
    static const uint64_t pair_frames[] = {1, 2, 16, 256, 1024};
    static const struct churn churns[] = {
        [W2] = {4096, 60, false, false},
        [W2H] = {12288, 85, false, false},
        [W5] = {4096, 60, true, false},
        [W5B] = {12288, 60, true, true},
    };
    switch (workload) {
    case PAIR_LOW:
        return run_pairs(allocator, 1, 16 * MIB_FRAMES);
    case W3:
        return run_fragmented(allocator);
    case START_64M:
        return run_start(allocator, 64 * MIB_FRAMES);
    case START_64G:
        return run_start(allocator, 64 * GIB_FRAMES);
    default:
        if (workload < PAIR_LOW)
            return run_pairs(allocator, pair_frames[workload], NO_LIMIT);
        return run_churn(allocator, &churns[workload]);
    }
}

static int compare_ns(const void *left, const void *right)
{
    double a = ((const struct outcome *)left)->ns;
    double b = ((const struct outcome *)right)->ns;
    return (a > b) - (a < b);
}

static struct outcome run_median(const struct allocator *allocator, int workload, int rounds)
{
    struct outcome outcomes[ROUNDS_MAX];
    for (int i = 0; i < rounds; i++)
        outcomes[i] = run_workload(allocator, workload);
    qsort(outcomes, (size_t)rounds, sizeof outcomes[0], compare_ns);
    return outcomes[rounds / 2];
}

static bool is_too_slow(const struct allocator *allocator, int workload)
{
    return allocator == &allocator_first_fit && workload >= W2 && workload <= W5B;
}

int main(int argument_count, char **arguments)
{
    static const struct allocator *const allocators[] = {&allocator_null, &allocator_textbook,
                                                         &allocator_first_fit, &allocator_ashlar};
    int rounds = argument_count > 1 ? atoi(arguments[1]) : 3;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench [ROUNDS], 1 to %d\n", ROUNDS_MAX);
        return 2;
    }
    make_sizes();
    mallopt(M_MMAP_THRESHOLD, 1 << 20); /* large tables on fresh memory every time, as at a start */
    printf("%-10s", "ns");
    for (size_t a = 0; a < 4; a++)
        printf(" %26s", allocators[a]->name);
    printf("\n");
    for (int workload = 0; workload < WORKLOADS; workload++) {
        printf("%-10s", names[workload]);
        for (size_t a = 0; a < 4; a++) {
            if (is_too_slow(allocators[a], workload)) {
                printf(" %26s", "-");
                continue;
            }
            struct outcome outcome = run_median(allocators[a], workload, rounds);
            char text[64];
            snprintf(text, sizeof text, "%.0f (%llu, %.0f%%)", outcome.ns,
                     (unsigned long long)(workload == W5 || workload == W5B ? outcome.limited
                                                                            : outcome.refused),
                     outcome.waste_percent);
            if (workload == W3)
                snprintf(text, sizeof text, "%.0f, failing %.0f", outcome.ns, outcome.failing_ns);
            printf(" %26s", text);
            fflush(stdout);
        }
        printf("\n");
    }
    double plain_ns;
    double aligned_ns = ashlar_worst_refusal_ns(now_ns, &plain_ns);
    printf("worst refusal: aligned %.0f ns, plain %.0f ns\n", aligned_ns, plain_ns);
    return 0;
}
