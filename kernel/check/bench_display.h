#ifndef KERNEL_BENCH_DISPLAY_H
#define KERNEL_BENCH_DISPLAY_H

/*
 * Measures how long a whole screen takes to be presented, in each depth of the adapter: `copy` from
 * the back buffer, `flip` between two pages, and `direct` for a fill without a back buffer. Prints a
 * line for each, with the pixels that were written to video memory:
 *
 *   bench name=present-copy-32 instructions=N pixels=307200 instructions-per-1000-pixels=N
 *   bench name=present-copy-32 ns=N pixels=307200 bytes-per-second=N
 *
 * The mode of before is set again. Does nothing without graphics.
 */
void bench_display_run(void);

#endif
