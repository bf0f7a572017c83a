/*
 * The commands that put the machine to work: stress and selftest for its answers, bench for its
 * speed, memtest for what its memory keeps.
 */

#include "commands.h"

#include "drivers/pc/timer.h"
#include "drivers/videoport/port/videoport.h"
#include "kernel/check/bench.h"
#include "kernel/check/memtest.h"
#include "kernel/check/stress.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/badram.h"
#include "kernel/pc/input.h"
#include "kernel/screen/display.h"

#define SECONDS_MAX 86400
#define BAR_LENGTH 40

/* One character for each fortieth that has passed. */
static void show_progress(uint64_t done, uint64_t total, uint32_t *shown)
{
    uint32_t due = (uint32_t)(done * BAR_LENGTH / total);
    if (due > BAR_LENGTH)
        due = BAR_LENGTH;
    if (*shown == due)
        return;
    for (; *shown < due; (*shown)++)
        console_put('#');
    display_refresh();
    videoport_poll();
}

/* Reads a time, or writes an error. */
static bool read_seconds(const char *text, uint64_t *seconds)
{
    if (!shell_read_number("the time", text, seconds))
        return false;
    if (*seconds >= 1 && *seconds <= SECONDS_MAX)
        return true;
    console_error("the time \"%s\" is not within 1 and %u seconds", text, SECONDS_MAX);
    return false;
}

/* ---- stress --------------------------------------------------------------------------------- */

#define STRESS_SECONDS 5
#define STRESS_BATCH 256

/* The model looks at every free frame: in a machine of many GiB few requests take long. */
#define STRESS_BATCH_LARGE 8
#define STRESS_LARGE_FRAMES (16 * GIB >> FRAME_SHIFT)

static void run_stress(size_t word_count, char **words)
{
    uint64_t seconds = STRESS_SECONDS;
    if (word_count == 2 && !read_seconds(words[1], &seconds))
        return;
    struct stress_result result;
    uint32_t ticks_total = (uint32_t)seconds * TIMER_TICKS_PER_SECOND;
    uint32_t start = timer_ticks();
    uint32_t shown = 0;
    bool is_large = machine_manager()->buddy.frame_count > STRESS_LARGE_FRAMES;
    if (!stress_start(machine_map(), machine_manager(), true, &result)) {
        console_error("no free memory for the model that answers are checked against");
        return;
    }
    console_put('[');
    while (timer_ticks() - start < ticks_total && !result.broken && !input_take_interrupt()) {
        stress_run(is_large ? STRESS_BATCH_LARGE : STRESS_BATCH, &result);
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

/* ---- memtest -------------------------------------------------------------------------------- */

struct memtest_request {
    phys_t limit;
    uint64_t seconds; /* 0: one pass, however long it takes */
};

static bool read_memtest(size_t word_count, char **words, struct memtest_request *request)
{
    *request = (struct memtest_request){.limit = MM_NO_LIMIT};
    bool has_limit = word_count > 1 && strcmp(words[1], "below") == 0;
    size_t next = has_limit ? 3 : 1;
    if (word_count < next) {
        console_error("\"%s\" wants a value behind it", words[1]);
        return false;
    }
    if (has_limit && !shell_read_number("below", words[2], &request->limit))
        return false;
    if (word_count > next + 1) {
        console_error("memtest does not know \"%s\"; help memtest tells what it takes",
                      words[next]);
        return false;
    }
    return word_count == next || read_seconds(words[next], &request->seconds);
}

struct memtest_progress {
    uint32_t start;
    uint32_t ticks_total; /* 0: there is no limit */
    bool is_begun;
    uint32_t shown;
};

/* With a limit the bar shows the time, else how much of the pass is through. */
static enum memtest_verdict watch_memtest(void *context, uint64_t done, uint64_t total)
{
    struct memtest_progress *progress = context;
    uint32_t ticks = timer_ticks() - progress->start;
    if (!progress->is_begun)
        console_put('[');
    progress->is_begun = true;
    if (progress->ticks_total)
        show_progress(ticks, progress->ticks_total, &progress->shown);
    else
        show_progress(done, total, &progress->shown);
    if (input_take_interrupt())
        return MEMTEST_STOP;
    bool is_over = progress->ticks_total && ticks >= progress->ticks_total;
    return is_over ? MEMTEST_TIME_IS_UP : MEMTEST_GO_ON;
}

static uint64_t report_bad(const struct memtest_result *result)
{
    uint64_t frame_count = 0;
    for (size_t i = 0; i < result->bad_count; i++) {
        const struct memtest_bad *bad = &result->bad[i];
        uint64_t here = (bad->end - bad->base) >> FRAME_SHIFT;
        frame_count += here;
        console_print("bad physical=0x%llx end=0x%llx frames=%llu errors=%llu bits=0x%08x test=%s "
                      "address=0x%llx expected=0x%08x found=0x%08x\n",
                      (number_t)bad->base, (number_t)bad->end, (number_t)here,
                      (number_t)bad->error_count, bad->bits, bad->first.test,
                      (number_t)bad->physical, bad->first.expected, bad->first.found);
        if (bad->status != MM_OK)
            console_error("the bad memory at 0x%llx could not be taken out of use: %s",
                          (number_t)bad->base, mm_status_text(bad->status));
    }
    if (result->has_more_bad)
        console_error("more than %u places are bad, so the test ended; look for what they have in "
                      "common: a module, its seat, its timing",
                      MEMTEST_BAD_MAX);
    if (frame_count > 0)
        badram_print_option();
    return frame_count;
}

static void refuse_memtest(phys_t limit, uint64_t out_of_reach_bytes)
{
    if (out_of_reach_bytes > 0)
        console_error("the free memory below 0x%llx, %llu bytes, is out of the page tables' reach",
                      (number_t)limit, (number_t)out_of_reach_bytes);
    else
        console_error("there is no free memory below 0x%llx to be tested", (number_t)limit);
}

/* Good is only what was tested. */
static void report_memtest(const struct memtest_result *result)
{
    uint64_t bad_count = report_bad(result);
    bool is_ok = bad_count == 0 && result->tested_bytes > 0;
    console_print("memtest tested=%llu untested=%llu passes=%u bad=%llu%s\n",
                  (number_t)result->tested_bytes, (number_t)result->untested_bytes,
                  result->pass_count, (number_t)bad_count, is_ok ? " ok" : "");
    if (result->tested_bytes == 0)
        console_error("nothing was tested: %s",
                      result->status == MM_OK ? "the end came before the first memory was through"
                                              : mm_status_text(result->status));
}

static void run_memtest(size_t word_count, char **words)
{
    static struct memtest_result result;
    struct memtest_request request;
    if (!shell_require_real(words[0]) || !read_memtest(word_count, words, &request))
        return;
    struct memtest_progress progress = {.start = timer_ticks()};
    progress.ticks_total = (uint32_t)request.seconds * TIMER_TICKS_PER_SECOND;
    if (!memtest_run(request.limit, request.seconds > 0, watch_memtest, &progress, &result)) {
        refuse_memtest(request.limit, result.untested_bytes);
        return;
    }
    if (progress.is_begun)
        console_write("]\n");
    report_memtest(&result);
}

/* ---- self-test ------------------------------------------------------------------------------ */

static void run_selftest(void)
{
    selftest_run();
}

/* ---- bench ---------------------------------------------------------------------------------- */

static void run_bench(void)
{
    bench_run();
    bench_display_run();
}

const struct shell_command load_commands[] = {
    {"stress", "[SECONDS]", "allocates and frees at random, and checks each answer",
     "  A model that searches by brute force runs beside the allocator and judges it.\n"
     "  failed counts wrong answers; to refuse what nothing free can satisfy is right.\n"
     "  Ctrl-C ends it early.\n",
     1, 2, .run = run_stress},
    {"memtest", "[below ADDR] [SECONDS]", "tests free memory, and takes bad frames out of use",
     "  below ADDR   what ends at or below ADDR; all that page tables reach if left out\n"
     "  SECONDS      pass after pass, until that time is over; one pass if left out\n"
     "  bad physical=... end=... frames=N errors=N bits=... test=... address=... expected=... "
     "found=...\n"
     "  address is where the first error was, bits are those that were wrong in any.\n"
     "  Then comes the boot option badram= that keeps these frames out of use from the start.\n"
     "  Ctrl-C ends it early.\n",
     1, 4, .run = run_memtest, .arguments = request_word},
    {"selftest", "", "tests the kernel where it runs",
     "  Allocator, pool, paging, timer, beside the blocks that there are; keeps no memory.\n", 1, 1,
     .act = run_selftest},
    {"bench", "", "measures the allocator and the display",
     "  frames: so many frames allocated and freed, over and over; pair: a block, with its record\n"
     "  frames-churn: 1 to 256 frames allocated or freed at random, loop-churn: only the choice\n"
     "  churn: an operation of stress\n"
     "  In nanoseconds, or in instructions under QEMU's -icount shift=0.\n",
     1, 1, .act = run_bench},
    {0},
};
