/* Builds, probes, rebuilds. */

#include "worst.h"

#include <stdio.h>
#include <stdlib.h>

#include "worst_probe.h"

#define CHECKED_FRAMES ((pfn_t)1 << 20) /* a check walks over all that there is */

static struct world world;

static void build_and_probe(const struct machine *machine, const struct steps *steps,
                            size_t probe_count)
{
    record_rewind();
    world_open(&world, machine);
    steps_run(steps, &world);
    probe_state(&world, probe_count);
}

static void check(void)
{
    const char *broken = NULL;
    if (world.machine->frame_count <= CHECKED_FRAMES)
        broken = mm_check(&world.mm);
    if (!broken)
        return;
    fprintf(stderr, "bench: %s\n", broken);
    abort();
}

enum worst_kind worst_slowest(const struct worst_call *calls)
{
    int slowest = 0;
    for (int kind = 1; kind < WORST_KIND_COUNT; kind++)
        if (calls[kind].ns > calls[slowest].ns)
            slowest = kind;
    return (enum worst_kind)slowest;
}

/* Mostly the call that is the slowest so far stays it, and need not be made again to be told. */
static void watch_slowest(struct worst_call *calls)
{
    record_worst(calls);
    record_watch(calls[worst_slowest(calls)].number);
}

void worst_measure(const struct machine *machine, const struct steps *steps, size_t probe_count,
                   struct worst_call *calls)
{
    record_clear();
    for (int i = 0; i < WORST_REBUILDS; i++) {
        if (i == WORST_REBUILDS - 1)
            watch_slowest(calls);
        build_and_probe(machine, steps, probe_count);
    }
    check();
    record_worst(calls);
}

const char *worst_tell(const struct machine *machine, const struct steps *steps, size_t probe_count,
                       size_t number)
{
    if (!record_was_watched(number)) {
        record_watch(number);
        build_and_probe(machine, steps, probe_count);
    }
    return record_text();
}
