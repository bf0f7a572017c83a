/* Blocks of n and of n - 1 frames in turn, one at a time or one behind the other. */

#include "bursts.h"

#include <stdio.h>
#include <stdlib.h>

#include "allocator.h"
#include "clocks.h"
#include "targets.h"

#define ARENA_FRAMES (64 * GIB_FRAMES)
#define LONGEST (4 * 1024 * 1024) /* two of them, and a half more each, are there at once */
#define PAIRS 4000
#define ROUNDS 3
#define NO_LIMIT UINT64_MAX

static const struct allocator *const allocator = &allocator_ashlar;

static uint64_t take(uint64_t frame_count)
{
    uint64_t first;
    if (!allocator->alloc(frame_count, NO_LIMIT, &first)) {
        fprintf(stderr, "bench: a block in turn was refused\n");
        abort();
    }
    return first;
}

static void one_at_a_time(uint64_t frame_count)
{
    allocator->free(take(frame_count), frame_count);
    allocator->free(take(frame_count - 1), frame_count - 1);
}

/* The next one is there before the last one goes. */
static void overlapping(uint64_t frame_count)
{
    uint64_t long_one = take(frame_count);
    uint64_t short_one = take(frame_count - 1);
    allocator->free(long_one, frame_count);
    long_one = take(frame_count);
    allocator->free(short_one, frame_count - 1);
    allocator->free(long_one, frame_count);
}

/* Nanoseconds a pair of allocate and free, the least of some rounds. */
static double time_turns(void (*turn)(uint64_t frame_count), unsigned pairs, uint64_t frame_count)
{
    double least = 0;
    allocator->open(ARENA_FRAMES);
    for (int round = 0; round < ROUNDS; round++) {
        double start = clocks_cpu_ns();
        for (unsigned done = 0; done < PAIRS; done += pairs)
            turn(frame_count);
        double ns = (clocks_cpu_ns() - start) / PAIRS;
        if (round == 0 || ns < least)
            least = ns;
    }
    allocator->close();
    return least;
}

static void print_turns(const char *name, void (*turn)(uint64_t frame_count), unsigned pairs)
{
    double worst = 0;
    uint64_t worst_count = 0;
    char note[60];
    for (uint64_t n = 2; n <= LONGEST; n *= 2)
        for (uint64_t count = n; count <= n + n / 2; count += n / 2) {
            double ns = time_turns(turn, pairs, count);
            if (ns <= worst)
                continue;
            worst = ns;
            worst_count = count;
        }
    snprintf(note, sizeof note, "a pair, the slowest with n = %llu",
             (unsigned long long)worst_count);
    targets_print(name, 1, worst / 1e3, "us", note);
}

void bursts_print_targets(void)
{
    print_turns("n and n - 1 frames in turn", one_at_a_time, 2);
    print_turns("the same, overlapping", overlapping, 3);
}
