/*
 * Measures how long things take, in instructions or in nanoseconds. QEMU's -icount makes the
 * guest's nanosecond the time of one instruction, and the time stamp counter of a TCG guest counts
 * nanoseconds: so a loop of known length takes exactly as many counts as instructions. No real
 * machine is exact to the count, twice.
 */

#include "clock.h"

#include "drivers/pc/timer.h"

#define CALIBRATION_MICROSECONDS 20000u
#define LOOP_ROUNDS 10000u
#define LOOP_INSTRUCTIONS 2u /* of cpu_spin's loop, a round */

static bool has_tsc;
static bool counts_instructions;
static uint64_t counts_per_second;

static uint64_t time_loop(uint32_t rounds)
{
    uint64_t start = cpu_read_tsc();
    cpu_spin(rounds);
    return cpu_read_tsc() - start;
}

static bool loop_is_exact(void)
{
    uint64_t once = time_loop(LOOP_ROUNDS);
    uint64_t twice = time_loop(2 * LOOP_ROUNDS);
    uint64_t thrice = time_loop(3 * LOOP_ROUNDS);
    return twice - once == LOOP_ROUNDS * LOOP_INSTRUCTIONS && thrice - twice == twice - once;
}

void clock_calibrate(const struct cpu_features *features)
{
    uint32_t flags = cpu_read_flags();
    cpu_disable_interrupts();
    has_tsc = features->tsc;
    if (has_tsc) {
        counts_instructions = loop_is_exact();
        uint64_t start = cpu_read_tsc();
        timer_wait(CALIBRATION_MICROSECONDS);
        counts_per_second = (cpu_read_tsc() - start) * (1000000u / CALIBRATION_MICROSECONDS);
    }
    if (counts_per_second == 0) {
        has_tsc = false;
        counts_per_second = TIMER_TICKS_PER_SECOND;
    } else if (!timer_is_counting()) {
        timer_use_counter(cpu_read_tsc, counts_per_second);
    }
    cpu_write_flags(flags);
}

bool clock_counts_instructions(void)
{
    return counts_instructions;
}

const char *clock_unit(void)
{
    return counts_instructions ? "instructions" : "ns";
}

uint64_t clock_read(void)
{
    return has_tsc ? cpu_read_tsc() : timer_ticks();
}

uint64_t clock_counter(uint64_t *per_second)
{
    *per_second = counts_per_second;
    return clock_read();
}

uint64_t clock_units_between(uint64_t start, uint64_t end)
{
    uint64_t counts = end - start;
    if (counts_instructions)
        return counts;
    uint64_t seconds = counts / counts_per_second;
    uint64_t rest = counts % counts_per_second;
    return seconds * 1000000000u + rest * 1000000000u / counts_per_second;
}
