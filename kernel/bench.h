#ifndef KERNEL_BENCH_H
#define KERNEL_BENCH_H

/*
 * Measures the allocator and prints a line for each figure:
 *
 *   frames-...  buddy_alloc and buddy_free, once each: frames alone, as Linux's alloc_pages
 *   pair-...    mm_alloc and mm_free: with owner and record
 *   frames-churn, loop-churn
 *               one operation among 4096 slots that are filled and emptied at random with 2^0 to
 *               2^8 frames; and what choosing the slot and the size costs in it
 *   churn       one operation of stress
 *
 * In nanoseconds, or in instructions where the clock counts them (clock.h); then interrupts are off
 * while it measures. Nothing is subtracted.
 */
void bench_run(void);

#endif
