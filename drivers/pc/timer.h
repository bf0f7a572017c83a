#ifndef TIMER_H
#define TIMER_H

/*
 * Time, from the 8254: ticks of 10 ms, and short waits. A PC without one, or with one that does not
 * count, still has waits that end and time that goes forward: a port read takes about a
 * microsecond there, and that is what is counted.
 */

#include <stdbool.h>
#include <stdint.h>

#define TIMER_LINE 0
#define TIMER_TICKS_PER_SECOND 100u

/* Starts the ticking: interrupts at TIMER_LINE, once it is enabled. False if it does not count. */
bool timer_init(void);

/* True while the counter counts. */
bool timer_is_counting(void);

/* To be called at each interrupt of TIMER_LINE. */
void timer_interrupt(void);

/*
 * Waits for an interrupt of TIMER_LINE, at most 300 ms; interrupts are on. False if none came: from
 * then until one does, ticks pass only while somebody waits or asks for them.
 */
bool timer_find_ticks(void);

/* True if the last answer to that was true, or an interrupt came since. */
bool timer_ticks_come(void);

/* Ticks since timer_init. Stands still while interrupts are off, where ticks come. */
uint32_t timer_ticks(void);

/* From now on, ticks are counted there; the count so far is put there too. */
void timer_count_at(volatile uint32_t *place);

/* For a timer that does not count: ticks pass as `read` counts from now on. It never goes back. */
void timer_use_counter(uint64_t (*read)(void), uint64_t counts_per_second);

/* Waits at least that long, busily; needs no interrupts. Ends in any case. */
void timer_wait(uint32_t microseconds);

#endif
