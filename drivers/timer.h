#ifndef TIMER_H
#define TIMER_H

/* Time, from the 8254 that every PC has: ticks of 10 ms, and short waits. */

#include <stdint.h>

#define TIMER_LINE 0
#define TIMER_TICKS_PER_SECOND 100u

/* Starts the ticking; interrupts come at TIMER_LINE once it is enabled. */
void timer_init(void);

/* To be called at each interrupt of TIMER_LINE. */
void timer_interrupt(void);

/* Ticks since timer_init. Stands still while interrupts are off. */
uint32_t timer_ticks(void);

/* Waits at least that long, busily; needs no interrupts. */
void timer_wait(uint32_t microseconds);

#endif
