#ifndef TESTS_BENCH_WORST_BUILD_H
#define TESTS_BENCH_WORST_BUILD_H

/* What the steps of worst_steps.h do, each with the numbers that are told there. */

#include "worst_world.h"

#define PATTERN_FRAMES_MAX 262144u /* used frames of a pattern: each costs a call or two */

void build_pages(struct world *world, const uint64_t *numbers);
void build_every(struct world *world, const uint64_t *numbers);
void build_scatter(struct world *world, const uint64_t *numbers);
void build_half(struct world *world, const uint64_t *numbers);
void build_rising(struct world *world, const uint64_t *numbers);
void build_above(struct world *world, const uint64_t *numbers);
void build_take(struct world *world, const uint64_t *numbers);
void build_aligned(struct world *world, const uint64_t *numbers);
void build_churn(struct world *world, const uint64_t *numbers);
void build_drop(struct world *world, const uint64_t *numbers);
void build_drop_every(struct world *world, const uint64_t *numbers);
void build_drop_random(struct world *world, const uint64_t *numbers);
void build_lately(struct world *world, const uint64_t *numbers);
void build_open(struct world *world, const uint64_t *numbers);
void build_turn(struct world *world, const uint64_t *numbers);
void build_looks(struct world *world, const uint64_t *numbers);
void build_bases(struct world *world, const uint64_t *numbers);
void build_ids(struct world *world, const uint64_t *numbers);

#endif
