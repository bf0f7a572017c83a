/* Measures time with the 8254: one channel's interrupts count ticks, its counter measures waits. */

#include "timer.h"

#include "ports.h"

/* The 8254 interval timer (Intel 8254 data sheet, 231164). */

#define TIMER_CHANNEL0 0x40
#define TIMER_COMMAND 0x43

#define TIMER_HZ 1193182u
#define TIMER_COMMAND_RATE 0x34 /* channel 0, both bytes, mode 2: a pulse every N ticks */
#define TIMER_COMMAND_LATCH 0x00 /* hold channel 0's count for reading */

#define COUNTS_PER_TICK (TIMER_HZ / TIMER_TICKS_PER_SECOND)

/*
 * Reads, of three port accesses each, after which a counter that shows the same must have stopped:
 * some 20 ms, in which it takes 24000 steps.
 */
#define STUCK_READS 8000

#define TICKS_AWAITED 30
#define COUNTS_MAX 0x40000000u /* a quarter of an hour */

static volatile uint32_t own_tick_count;
static volatile uint32_t *tick_count = &own_tick_count;
static volatile bool ticks_come;
static bool counting;
static uint32_t last_count;
static uint32_t same_reads; /* in a row */
static uint64_t (*read_substitute)(void);
static uint64_t substitute_per_count;
static uint64_t last_substitute;
static uint32_t untold; /* counts that make no tick yet, where ticks do not come by themselves */

static uint32_t read_count(void)
{
    port_write8(TIMER_COMMAND, TIMER_COMMAND_LATCH);
    uint32_t low = port_read8(TIMER_CHANNEL0);
    return low | (uint32_t)port_read8(TIMER_CHANNEL0) << 8;
}

/* The counter runs down from COUNTS_PER_TICK to 1 and starts again. */
static uint32_t counts_since_last(void)
{
    uint32_t now = read_count();
    uint32_t passed = last_count >= now ? last_count - now : last_count + COUNTS_PER_TICK - now;
    same_reads = passed == 0 ? same_reads + 1 : 0;
    if (same_reads == STUCK_READS)
        counting = false;
    last_count = now;
    return passed;
}

/* The same without a counter of its own. A port read takes the time of a count, more or less. */
static uint32_t substitute_counts(void)
{
    port_read8(TIMER_CHANNEL0);
    if (!read_substitute)
        return 1;
    uint64_t passed = (read_substitute() - last_substitute) / substitute_per_count;
    last_substitute += passed * substitute_per_count;
    return passed < COUNTS_MAX ? (uint32_t)passed : COUNTS_MAX;
}

/* Counts that passed since it was called last. The counter's own whole ticks go by unseen. */
static uint32_t pass_time(void)
{
    uint32_t passed = counting ? counts_since_last() : substitute_counts();
    if (!ticks_come) {
        untold += passed;
        *tick_count += untold / COUNTS_PER_TICK;
        untold %= COUNTS_PER_TICK;
    }
    return passed;
}

bool timer_init(void)
{
    port_write8(TIMER_COMMAND, TIMER_COMMAND_RATE);
    port_write8(TIMER_CHANNEL0, COUNTS_PER_TICK & 0xFF);
    port_write8(TIMER_CHANNEL0, COUNTS_PER_TICK >> 8);
    counting = true;
    same_reads = 0;
    last_count = read_count();
    while (counting && pass_time() == 0)
        ;
    return counting;
}

bool timer_is_counting(void)
{
    return counting;
}

void timer_interrupt(void)
{
    (*tick_count)++;
    ticks_come = true;
}

bool timer_find_ticks(void)
{
    ticks_come = false;
    for (int i = 0; i < TICKS_AWAITED && !ticks_come; i++)
        timer_wait(1000000u / TIMER_TICKS_PER_SECOND);
    return ticks_come;
}

bool timer_ticks_come(void)
{
    return ticks_come;
}

uint32_t timer_ticks(void)
{
    if (!ticks_come)
        pass_time();
    return *tick_count;
}

void timer_count_at(volatile uint32_t *place)
{
    *place = *tick_count;
    tick_count = place;
}

void timer_use_counter(uint64_t (*read)(void), uint64_t counts_per_second)
{
    substitute_per_count = counts_per_second / TIMER_HZ;
    read_substitute = substitute_per_count > 0 ? read : NULL;
    last_substitute = read();
}

void timer_wait(uint32_t microseconds)
{
    uint64_t counts_left = (uint64_t)microseconds * TIMER_HZ / 1000000u + 1;
    pass_time();
    while (counts_left > 0) {
        uint32_t passed = pass_time();
        counts_left = passed < counts_left ? counts_left - passed : 0;
    }
}
