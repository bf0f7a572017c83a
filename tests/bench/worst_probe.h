#ifndef TESTS_BENCH_WORST_PROBE_H
#define TESTS_BENCH_WORST_PROBE_H

/* Calls of all kinds in a state that is built. */

#include "worst_world.h"

/*
 * So many random calls, of which each sort is as probable as another; then for each sort of alloc,
 * the largest that is granted and the smallest that is refused.
 */
void probe_state(struct world *world, size_t call_count);

#endif
