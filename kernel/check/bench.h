#ifndef KERNEL_BENCH_H
#define KERNEL_BENCH_H

#include <stdint.h>

/*
 * Measures the allocator and prints a line for each figure:
 *
 *   frames-...  buddy_alloc and buddy_free, once each: only frames, as Linux's alloc_pages
 *   pair-...    mm_alloc and mm_free: with owner and record
 *   frames-churn, loop-churn
 *               one operation among 4096 slots that are filled and emptied at random with 2^0 to
 *               2^8 frames; and what choosing the slot and the size costs in it
 *   pair-churn  two operations of the same churn, on average a pair, with mm_alloc and mm_free
 *   burst-...   of 4000 single frames out and back: buddy_alloc and buddy_free, once each
 *   churn       one operation of stress
 *
 * In nanoseconds, or in instructions where the clock counts them (clock.h); then interrupts are off
 * while it measures. Nothing is subtracted.
 */
void bench_run(void);

/*
 * Measures how long a whole screen takes to be presented, in each depth of the adapter: `copy` from
 * the back buffer, `flip` between two pages, and `direct` for a fill without a back buffer. Prints
 * a line for each, with the pixels that were written to video memory:
 *
 *   bench name=present-copy-32 instructions=N pixels=307200 instructions-per-1000-pixels=N
 *   bench name=present-copy-32 ns=N pixels=307200 bytes-per-second=N
 *
 * The mode of before is set again. Does nothing without graphics.
 */
void bench_display_run(void);

/*
 * Around what is measured: where instructions are counted, interrupts are off in between, for they
 * would be counted too. bench_stop returns the units that passed.
 */
uint64_t bench_start(uint32_t *flags);
uint64_t bench_stop(uint64_t start, uint32_t flags);

#endif
