/* One channel counts down over and over; its interrupts count ticks, its counter measures waits. */

#include "timer.h"

#include "ports.h"
#include "timer_regs.h"

#define COUNTS_PER_TICK (TIMER_HZ / TIMER_TICKS_PER_SECOND)

static volatile uint32_t tick_count;

void timer_init(void)
{
    port_write8(TIMER_COMMAND, TIMER_COMMAND_RATE);
    port_write8(TIMER_CHANNEL0, COUNTS_PER_TICK & 0xFF);
    port_write8(TIMER_CHANNEL0, COUNTS_PER_TICK >> 8);
}

void timer_interrupt(void)
{
    tick_count++;
}

uint32_t timer_ticks(void)
{
    return tick_count;
}

static uint32_t read_count(void)
{
    port_write8(TIMER_COMMAND, TIMER_COMMAND_LATCH);
    uint32_t low = port_read8(TIMER_CHANNEL0);
    return low | (uint32_t)port_read8(TIMER_CHANNEL0) << 8;
}

/* The counter runs down from COUNTS_PER_TICK to 1 and starts again. */
void timer_wait(uint32_t microseconds)
{
    uint32_t counts_left = (uint32_t)((uint64_t)microseconds * TIMER_HZ / 1000000u) + 1;
    uint32_t before = read_count();
    while (counts_left > 0) {
        uint32_t now = read_count();
        uint32_t passed = before >= now ? before - now : before + COUNTS_PER_TICK - now;
        counts_left = passed < counts_left ? counts_left - passed : 0;
        before = now;
    }
}
