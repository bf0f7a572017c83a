/*
 * The workloads on each allocator, in one run, then what was aimed at and whether it holds. Rounds
 * go from one allocator to the next, so that a machine that changes its speed changes it for all;
 * the median of them counts.
 *
 *     bench [ROUNDS]
 *
 * Read the times as ratios: they move from machine to machine. Whether targets hold makes no
 * difference to the exit status; a wrong answer of an allocator ends the program.
 */

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bursts.h"
#include "clocks.h"
#include "latency.h"
#include "ledger.h"
#include "mm/mm.h"
#include "ranges.h"
#include "refusals.h"
#include "targets.h"
#include "threads.h"
#include "workloads.h"
#include "worst.h"

#define ROUNDS_MAX 15
#define BYTES_FRAMES_MAX ((uint64_t)BUDDY_MAX_FRAMES) /* on a 32-bit host less: bytes are size_t */

enum { NULL_ALLOCATOR, TEXTBOOK, FIRST_FIT, ASHLAR, ALLOCATOR_COUNT };

static const struct allocator *const allocators[ALLOCATOR_COUNT] = {
    &allocator_null, &allocator_textbook, &allocator_first_fit, &allocator_ashlar};

static int rounds;
static struct outcome samples[WORKLOAD_COUNT][ALLOCATOR_COUNT][ROUNDS_MAX];
static struct outcome outcomes[WORKLOAD_COUNT][ALLOCATOR_COUNT]; /* medians */

/* ---- the first table ------------------------------------------------------------------------- */

/* Minutes in a churn, for it searches from the first frame on. */
static bool is_too_slow(int allocator, enum workload workload)
{
    return allocator == FIRST_FIT && workload >= W2 && workload <= W5B;
}

static int compare_ns(const void *left, const void *right)
{
    double a = ((const struct outcome *)left)->ns;
    double b = ((const struct outcome *)right)->ns;
    return (a > b) - (a < b);
}

static struct outcome median_outcome(const struct outcome *of_rounds)
{
    struct outcome sorted[ROUNDS_MAX];
    memcpy(sorted, of_rounds, sizeof sorted);
    qsort(sorted, (size_t)rounds, sizeof *sorted, compare_ns);
    return sorted[rounds / 2];
}

static void run_rounds(enum workload workload)
{
    for (int round = 0; round < rounds; round++)
        for (int a = 0; a < ALLOCATOR_COUNT; a++)
            if (!is_too_slow(a, workload))
                samples[workload][a][round] = workload_run(allocators[a], workload);
    for (int a = 0; a < ALLOCATOR_COUNT; a++)
        outcomes[workload][a] = median_outcome(samples[workload][a]);
}

/* The same load once more, every answer checked; first, so that it also warms up. */
static void run_checked(enum workload workload)
{
    for (int a = TEXTBOOK; a < ALLOCATOR_COUNT; a++)
        if (!is_too_slow(a, workload) && workload < START_64M)
            workload_run(allocator_checked(allocators[a]), workload);
}

static void print_cell(int allocator, enum workload workload)
{
    const struct outcome *outcome = &outcomes[workload][allocator];
    bool with_limits = workload == W5 || workload == W5B;
    char text[64];
    if (is_too_slow(allocator, workload))
        snprintf(text, sizeof text, "-");
    else if (workload == W3)
        snprintf(text, sizeof text, "%.0f, failing %.0f", outcome->ns, outcome->failing_ns);
    else
        snprintf(text, sizeof text, "%.0f (%llu, %.0f%%)", outcome->ns,
                 (unsigned long long)(with_limits ? outcome->refused_limited : outcome->refused),
                 outcome->waste_percent);
    printf(" %26s", text);
}

/*
 * Large tables on fresh pages every time, so that none finds its memory warmer than another does. A
 * start alone comes again in the same memory, which is mapped as a kernel's is: else the system's
 * page faults are what is measured.
 */
static void choose_memory(int workload)
{
    mallopt(M_MMAP_MAX, workload < START_64M ? INT_MAX : 0);
}

static void print_table(void)
{
    printf("%-10s", "ns");
    for (int a = 0; a < ALLOCATOR_COUNT; a++)
        printf(" %26s", allocators[a]->name);
    printf("\n");
    for (int workload = 0; workload < WORKLOAD_COUNT; workload++) {
        choose_memory(workload);
        run_checked(workload);
        run_rounds(workload);
        printf("%-10s", workload_name(workload));
        for (int a = 0; a < ALLOCATOR_COUNT; a++)
            print_cell(a, workload);
        printf("\n");
        fflush(stdout);
    }
}

/* ---- the second table ------------------------------------------------------------------------ */

/*
 * How many times the textbook's time ours is, within each round, since a machine that is shared has
 * better and worse moments; the harness is in both, and in the note in neither.
 */
static void print_ratio(enum workload workload, double limit)
{
    const struct outcome *of = outcomes[workload];
    double harness_ns = of[NULL_ALLOCATOR].ns;
    double ratios[ROUNDS_MAX];
    char name[40];
    char note[80];
    for (int round = 0; round < rounds; round++)
        ratios[round] = samples[workload][ASHLAR][round].ns / samples[workload][TEXTBOOK][round].ns;
    double median = clocks_median(ratios, (size_t)rounds);
    snprintf(name, sizeof name, "%s, of the textbook's", workload_name(workload));
    snprintf(note, sizeof note, "%.2f to %.2f; medians without the harness %.2f", ratios[0],
             ratios[rounds - 1], (of[ASHLAR].ns - harness_ns) / (of[TEXTBOOK].ns - harness_ns));
    targets_print(name, limit, median, "", note);
}

static void print_workload_targets(void)
{
    const struct outcome *high = &outcomes[W2H][ASHLAR];
    print_ratio(W1_4K, 0.3);
    print_ratio(W1_8K, 0.3);
    print_ratio(W1_64K, 0.3);
    print_ratio(W1_1M, 0.5);
    print_ratio(W1_4M, 1);
    print_ratio(W2, 1.4);
    targets_print("W2 refused", 0, (double)outcomes[W2][ASHLAR].refused, "", "");
    targets_print("W2 waste", 0, outcomes[W2][ASHLAR].waste_percent, "%", "");
    print_ratio(W2H, 1.3);
    targets_print("W2h refused", 0, (double)high->refused, "", "");
    print_ratio(W3, 0.3);
    print_ratio(W5B, 1.4);
    targets_print("W5b refused with a limit", 0, (double)outcomes[W5B][ASHLAR].refused_limited, "",
                  "");
    targets_print("W5 refused with a limit", 50000, (double)outcomes[W5][ASHLAR].refused_limited,
                  "", "");
    targets_print("start 64 MiB", 20, outcomes[START_64M][ASHLAR].ns / 1e3, "us", "");
    targets_print("start 64 GiB", 2, outcomes[START_64G][ASHLAR].ns / 1e6, "ms", "");
}

/* Tables and the manager itself. Nothing of mm/ is static. */
static double bytes_a_frame(uint64_t frame_count)
{
    size_t bytes = allocator_ashlar.table_bytes(frame_count) + sizeof(struct mm);
    return (double)bytes / (double)frame_count;
}

static void print_bytes(const char *name, uint64_t frame_count)
{
    targets_print(name, 1, bytes_a_frame(frame_count), "", "");
}

/* Sizes that are powers of two, just beyond them, and between. */
static void print_most_bytes(void)
{
    uint64_t largest = BYTES_FRAMES_MAX >> (sizeof(size_t) < 8 ? 5 : 0);
    double most = 0;
    uint64_t most_frames = 0;
    char note[60];
    for (uint64_t size = 64 * MIB_FRAMES; size <= largest; size *= 2)
        for (uint64_t sixteenth = 0; sixteenth < 16; sixteenth++)
            for (uint64_t more = 0; more < 2; more++) {
                uint64_t frame_count = size + size / 16 * sixteenth + more;
                if (frame_count > largest || bytes_a_frame(frame_count) <= most)
                    continue;
                most = bytes_a_frame(frame_count);
                most_frames = frame_count;
            }
    snprintf(note, sizeof note, "the most, with %llu frames", (unsigned long long)most_frames);
    targets_print("bytes a frame, 64 MiB and more", 1, most, "", note);
}

/* Each held against a bitmap, so that a refusal is right; for larger machines see worst.h. */
static void print_refusals(const char *size, uint64_t frame_count, double limit_us)
{
    static const char *const names[REFUSAL_KINDS] = {"plain", "aligned or bounded"};
    struct refusals kinds[REFUSAL_KINDS];
    refusals_measure(frame_count, limit_us * 1e3, kinds);
    for (int kind = 0; kind < REFUSAL_KINDS; kind++) {
        char name[60];
        char note[sizeof kinds[kind].worst + 60];
        snprintf(name, sizeof name, "refusal %s %s", size, names[kind]);
        int length = snprintf(note, sizeof note, "worst of %zu: %s", kinds[kind].measured,
                              kinds[kind].worst);
        if (kinds[kind].left_out)
            snprintf(note + length, sizeof note - (size_t)length, "; %zu left out",
                     kinds[kind].left_out);
        targets_print(name, limit_us, kinds[kind].worst_ns / 1e3, "us", note);
    }
}

static void print_latency(int allocator)
{
    struct latency latency = latency_measure(allocators[allocator]);
    char name[60];
    char note[100];
    snprintf(name, sizeof name, "W2h 99.9 %%, %s", allocators[allocator]->name);
    snprintf(note, sizeof note,
             "median %.0f, most %.0f ns; a reading of the clock, %.0f ns, in each",
             latency.median_ns, latency.most_ns, clocks_wall_overhead_ns());
    targets_print_figure(name, latency.per_mille_ns, "ns", note);
}

static void print_targets(void)
{
    targets_print_head();
    print_workload_targets();
    print_bytes("bytes a frame, 64 MiB", 64 * MIB_FRAMES);
    print_bytes("bytes a frame, 1 GiB", GIB_FRAMES);
    print_bytes("bytes a frame, 64 GiB", 64 * GIB_FRAMES);
    print_most_bytes();
    print_refusals("1 GiB", GIB_FRAMES, 10);
    print_latency(ASHLAR);
    print_latency(TEXTBOOK);
    bursts_print_targets();
    ranges_print_targets(rounds);
    ledger_print_targets();
    worst_print_targets();
    threads_print_targets();
}

int main(int argument_count, char **arguments)
{
    rounds = argument_count > 1 ? atoi(arguments[1]) : 5;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench [ROUNDS], 1 to %d\n", ROUNDS_MAX);
        return 2;
    }
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    workloads_init();
    print_table();
    print_targets();
    return 0;
}
