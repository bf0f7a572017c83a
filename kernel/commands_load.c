/* The commands that put the allocator to work: stress for its answers, bench for its speed. */

#include "clock.h"
#include "console.h"
#include "display.h"
#include "drivers/timer.h"
#include "memory.h"
#include "shell.h"
#include "stress.h"

/* ---- stress --------------------------------------------------------------------------------- */

#define STRESS_SECONDS 5
#define STRESS_SECONDS_MAX 86400
#define STRESS_BATCH 256
#define BAR_LENGTH 40

/* One character for each fortieth that has passed. */
static void show_progress(uint32_t ticks, uint32_t ticks_total, uint32_t *shown)
{
    uint32_t due = (uint32_t)((uint64_t)ticks * BAR_LENGTH / ticks_total);
    if (due > BAR_LENGTH)
        due = BAR_LENGTH;
    if (*shown == due)
        return;
    for (; *shown < due; (*shown)++)
        console_put('#');
    display_refresh();
}

static void run_stress(size_t word_count, char **words)
{
    uint64_t seconds = STRESS_SECONDS;
    if (word_count == 2 && !shell_read_number("the time", words[1], &seconds))
        return;
    if (seconds == 0 || seconds > STRESS_SECONDS_MAX) {
        console_error("the time \"%s\" is not within 1 and %u seconds", words[1],
                      STRESS_SECONDS_MAX);
        return;
    }
    struct stress_result result;
    uint32_t ticks_total = (uint32_t)seconds * TIMER_TICKS_PER_SECOND;
    uint32_t start = timer_ticks();
    uint32_t shown = 0;
    if (!stress_start(true, &result)) {
        console_error("no free memory for the model that answers are checked against");
        return;
    }
    console_put('[');
    while (timer_ticks() - start < ticks_total && !result.broken && !console_take_interrupt()) {
        stress_run(STRESS_BATCH, &result);
        show_progress(timer_ticks() - start, ticks_total, &shown);
    }
    stress_finish(&result);
    console_write("]\n");
    if (result.broken)
        console_error("%u of %u operations went wrong: %s", result.failed, result.operations,
                      result.broken);
    else
        console_print("stress operations=%u failed=%u ok\n", result.operations, result.failed);
}

/* ---- bench ---------------------------------------------------------------------------------- */

struct bench_case {
    const char *name;
    uint64_t size_bytes;
    phys_t limit;
};

static const struct bench_case bench_cases[] = {
    {"pair-4K", 4 * KIB, MM_NO_LIMIT},          {"pair-8K", 8 * KIB, MM_NO_LIMIT},
    {"pair-64K", 64 * KIB, MM_NO_LIMIT},        {"pair-1M", MIB, MM_NO_LIMIT},
    {"pair-4M", 4 * MIB, MM_NO_LIMIT},          {"pair-3M", 3 * MIB, MM_NO_LIMIT},
    {"pair-4K-below-16M", 4 * KIB, 16 * MIB},   {"pair-8K-below-16M", 8 * KIB, 16 * MIB},
    {"pair-64K-below-16M", 64 * KIB, 16 * MIB}, {"pair-1M-below-16M", MIB, 16 * MIB},
    {"pair-4M-below-16M", 4 * MIB, 16 * MIB},   {"pair-3M-below-16M", 3 * MIB, 16 * MIB},
};

#define BENCH_ROUNDS 1000
#define BENCH_NANOSECONDS 100000000u /* long enough for a clock of 10 ms, as a 486 has */

/* Interrupts would be counted among the instructions. */
static uint64_t start_counting(uint32_t *flags)
{
    *flags = cpu_read_flags();
    if (clock_counts_instructions())
        cpu_disable_interrupts();
    return clock_read();
}

static uint64_t stop_counting(uint64_t start, uint32_t flags)
{
    uint64_t units = clock_units_between(start, clock_read());
    cpu_write_flags(flags);
    return units;
}

/* True if a measurement needs no more rounds: instructions are exact, times want to last. */
static bool is_enough(uint64_t units)
{
    return clock_counts_instructions() || units >= BENCH_NANOSECONDS;
}

static enum mm_status run_pairs(const struct bench_case *bench, unsigned rounds)
{
    struct mm_request request = {
        .size_bytes = bench->size_bytes, .limit = bench->limit, .owner = "bench"};
    struct mm_block block;
    for (; rounds > 0; rounds--) {
        enum mm_status status = mm_alloc(memory_manager(), &request, &block);
        if (status != MM_OK)
            return status;
        mm_free(memory_manager(), block.base);
    }
    return MM_OK;
}

/* Pairs of allocate and free, or the reason why there is none. */
static enum mm_status time_pairs(const struct bench_case *bench, uint64_t *units)
{
    for (unsigned rounds = BENCH_ROUNDS;; rounds *= 4) {
        uint32_t flags;
        uint64_t start = start_counting(&flags);
        enum mm_status status = run_pairs(bench, rounds);
        uint64_t total = stop_counting(start, flags);
        *units = total / rounds;
        if (status != MM_OK || is_enough(total))
            return status;
    }
}

#define CHURN_OPERATIONS 20000

static void bench_churn(void)
{
    struct stress_result result;
    uint32_t flags;
    stress_start(false, &result);
    uint64_t start = start_counting(&flags);
    stress_run(CHURN_OPERATIONS, &result);
    uint64_t units = stop_counting(start, flags) / CHURN_OPERATIONS;
    stress_finish(&result);
    if (result.broken)
        console_error("the churn went wrong: %s", result.broken);
    else
        console_print("bench name=churn %s=%llu\n", clock_unit(), (unsigned long long)units);
}

static void run_bench(size_t word_count, char **words)
{
    (void)word_count, (void)words;
    for (size_t i = 0; i < sizeof bench_cases / sizeof *bench_cases; i++) {
        uint64_t units;
        enum mm_status status = time_pairs(&bench_cases[i], &units);
        if (status == MM_OK)
            console_print("bench name=%s %s=%llu\n", bench_cases[i].name, clock_unit(),
                          (unsigned long long)units);
        else
            console_error("bench %s: %s", bench_cases[i].name, mm_status_text(status));
    }
    bench_churn();
}

const struct shell_command load_commands[] = {
    {"stress", "[SECONDS]", "allocates and frees at random, and checks each answer",
     "  A model that searches by brute force runs beside the allocator and judges it.\n"
     "  failed counts wrong answers; to refuse what nothing free can satisfy is right.\n"
     "  Ctrl-C ends it early.\n",
     1, 2, run_stress},
    {"bench", "", "measures the allocator",
     "  pair: one block allocated and freed, over and over; churn: an operation of stress\n"
     "  In nanoseconds, or in instructions under QEMU's -icount shift=0.\n",
     1, 1, run_bench},
    {0},
};
