/* The same frames and the same requests each time, cut into more and more ranges. */

#include "ranges.h"

#include <stdio.h>
#include <stdlib.h>

#include "clocks.h"
#include "targets.h"
#include "workloads.h"
#include "worst_record.h"
#include "worst_steps.h"

#define ROUNDS_MAX 15
#define WALKS 20

enum { ONE, SOME, MANY, CASES };

static const unsigned range_counts[CASES] = {1, 200, 1000};
static const double limits[CASES] = {1, 1.2, 1.5};

static const struct allocator *const allocators[CASES] = {&allocator_ashlar, &allocator_ashlar_200,
                                                          &allocator_ashlar_1000};

static void print_ratio(const char *what, int which, double ratio, const char *note)
{
    char name[60];
    snprintf(name, sizeof name, "%s, %u ranges, of one's", what, range_counts[which]);
    targets_print(name, limits[which], ratio, "", note);
}

/* ---- the churn ------------------------------------------------------------------------------- */

/* As ratios within each round; see bench.c. */
static void print_churn(int rounds)
{
    double ratios[CASES][ROUNDS_MAX];
    uint64_t refused[CASES];
    for (int which = 0; which < CASES; which++)
        refused[which] = workload_run(allocator_checked(allocators[which]), W2).refused;
    for (int round = 0; round < rounds; round++) {
        double ns[CASES];
        for (int which = 0; which < CASES; which++)
            ns[which] = workload_run(allocators[which], W2).ns;
        for (int which = 0; which < CASES; which++)
            ratios[which][round] = ns[which] / ns[ONE];
    }
    for (int which = SOME; which < CASES; which++) {
        char note[60];
        snprintf(note, sizeof note, "refused %llu, with one range %llu",
                 (unsigned long long)refused[which], (unsigned long long)refused[ONE]);
        print_ratio("W2", which, clocks_median(ratios[which], (size_t)rounds), note);
    }
}

/* ---- the next block -------------------------------------------------------------------------- */

/* Nanoseconds a block. */
static double walk(const struct mm *mm)
{
    size_t count = 0;
    double start = clocks_cpu_ns();
    for (int i = 0; i < WALKS; i++) {
        struct mm_block block;
        for (phys_t cursor = 0; mm_next_block(mm, &cursor, &block);)
            count++;
    }
    return (clocks_cpu_ns() - start) / (double)count;
}

static double least_walk(unsigned range_count)
{
    static struct world world;
    const struct machine machine = {"", GIB_FRAMES, range_count, 0, false};
    struct steps steps;
    if (!steps_parse("churn 60 255", &steps))
        abort();
    record_clear();
    world_open(&world, &machine);
    steps_run(&steps, &world);
    double least = walk(&world.mm);
    for (int i = 0; i < 4; i++) {
        double ns = walk(&world.mm);
        if (ns < least)
            least = ns;
    }
    return least;
}

static void print_walks(void)
{
    double one = least_walk(range_counts[ONE]);
    for (int which = SOME; which < CASES; which++)
        print_ratio("next block", which, least_walk(range_counts[which]) / one, "");
}

void ranges_print_targets(int rounds)
{
    print_churn(rounds);
    print_walks();
}
