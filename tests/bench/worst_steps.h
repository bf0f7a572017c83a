#ifndef TESTS_BENCH_WORST_STEPS_H
#define TESTS_BENCH_WORST_STEPS_H

/*
 * A state is written as the steps that build it, as in
 *
 *     scatter 16, lately 90 64
 *
 * each with its numbers, at least 1: frames, or how often. The same text makes the same calls.
 *
 *   pages          memory for records comes by the page from now on
 *   every P F      of each P frames, frame F is used, or the first if F is P
 *   scatter P      of each P frames, a random one is used
 *   half           each frame is used or free, by chance
 *   rising N       free runs of 1, 2, 3 ... N frames, and again
 *   above M        all from M MiB on is used
 *   take N F       N blocks of F frames, as far as there is room
 *   aligned N F A  N blocks of F frames at multiples of A, a power of two
 *   churn P L      random blocks of 1 to L frames, P percent full, then freed and allocated
 *   drop N         the N blocks that came last are freed
 *   drop-every K   each K-th block is freed, from the oldest on
 *   drop-random P  of the blocks, P percent are freed
 *   lately N L     N blocks of 1 to L frames are allocated, then freed
 *   open F         F aligned frames in the middle are made free
 *   turn F N       blocks of F and F - 1 frames are allocated and freed in turn, N times
 *   looks N L      N times a block of 1 to L frames comes or goes, then a look, then a refusal
 *   bases N        N single frames that the ledger finds hard to tell apart
 *   ids N S        of N times S single frames, those stay whose ids the ledger finds hard to tell
 *                  apart
 *
 * Where a pattern would use more frames than PATTERN_FRAMES_MAX, it covers some windows, and what
 * lies between them is used.
 */

#include "worst_world.h"

#define STEPS_MAX 8
#define STEP_NUMBERS_MAX 3

struct step_kind;

struct step {
    const struct step_kind *kind;
    uint64_t numbers[STEP_NUMBERS_MAX];
};

struct steps {
    size_t count;
    struct step steps[STEPS_MAX];
};

/* False if the text is none, or has too many steps. */
bool steps_parse(const char *text, struct steps *steps);
void steps_print(const struct steps *steps, char *text, size_t size_bytes);

void steps_run(const struct steps *steps, struct world *world);

/* A step of a random kind, with random numbers. */
void step_choose(struct step *step, uint64_t *random);

/* Other numbers, most of them near the step's. */
void step_change(struct step *step, uint64_t *random);

#endif
