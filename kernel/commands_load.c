/* The commands that put the allocator to work: stress for its answers, bench for its speed. */

#include "bench.h"
#include "bench_display.h"
#include "console.h"
#include "display.h"
#include "drivers/timer.h"
#include "drivers/videoport/videoport.h"
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
    videoport_poll();
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

static void run_bench(size_t word_count, char **words)
{
    (void)word_count, (void)words;
    bench_run();
    bench_display_run();
}

const struct shell_command load_commands[] = {
    {"stress", "[SECONDS]", "allocates and frees at random, and checks each answer",
     "  A model that searches by brute force runs beside the allocator and judges it.\n"
     "  failed counts wrong answers; to refuse what nothing free can satisfy is right.\n"
     "  Ctrl-C ends it early.\n",
     1, 2, run_stress},
    {"bench", "", "measures the allocator and the display",
     "  frames: so many frames allocated and freed, over and over; pair: a block, with its record\n"
     "  frames-churn: 1 to 256 frames allocated or freed at random, loop-churn: the choice alone\n"
     "  churn: an operation of stress\n"
     "  In nanoseconds, or in instructions under QEMU's -icount shift=0.\n",
     1, 1, run_bench},
    {0},
};
