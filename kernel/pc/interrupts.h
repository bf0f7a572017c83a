#ifndef KERNEL_INTERRUPTS_H
#define KERNEL_INTERRUPTS_H

/* The kernel's interrupt lines; and what stands in for them where none ever comes. */

/* Sets up timer, serial line and keyboard, lets interrupts through, and says what does not work. */
void interrupts_start(void);

/*
 * Sleeps until an interrupt, interrupts on; where they do not come (no interrupt controller, none
 * that is connected, no timer), waits a millisecond and asks the devices. Interrupts are on after it.
 */
void interrupts_rest(void);

#endif
