#ifndef TIMER_REGS_H
#define TIMER_REGS_H

/* The 8254 interval timer (Intel 8254 data sheet, 231164). */

#define TIMER_CHANNEL0 0x40
#define TIMER_COMMAND 0x43

#define TIMER_HZ 1193182u
#define TIMER_COMMAND_RATE 0x34 /* channel 0, both bytes, mode 2: a pulse every N ticks */
#define TIMER_COMMAND_LATCH 0x00 /* hold channel 0's count for reading */

#endif
