/* The table of states. A row is added for each one that was found to be slow. */

#define _DEFAULT_SOURCE /* sysconf(_SC_PHYS_PAGES) */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "targets.h"
#include "worst.h"

#define PROBES 6000
#define HUGE_HOST_BYTES (8 * GIB - GIB / 2) /* 8 GiB, without what firmware and system keep */
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct machine machines[] = {
    {"1 GiB", GIB >> FRAME_SHIFT, 1, 10, false},
    {"1 GiB in 1000 ranges", GIB >> FRAME_SHIFT, 1000, 10, false},
    {"64 GiB", 64 * GIB >> FRAME_SHIFT, 1, 20, false},
    {"12 TiB in 2 ranges", 12288 * GIB >> FRAME_SHIFT, 2, 20, true},
};

static const struct {
    const char *name;
    const char *steps;
} states[] = {
    {"the ledger grows", "take 8400000 1"},
    {"its memory comes by the page", "pages, take 200000 1, drop-random 10"},
    {"random of 16", "scatter 16, lately 90 64"},
    {"random of 16, one place", "scatter 16, lately 90 64, open 16"},
    {"frames 4k + 1", "every 4 1, lately 90 3"},
    {"a random half", "half, lately 90 2"},
    {"bases far apart", "every 4096 4096, every 1024 512"},
    {"highest band full", "above 4096, churn 60 255, lately 123 8"},
    {"all above 16 MiB full", "above 16, churn 60 64, lately 123 8"},
    {"three freed at the top", "churn 85 255, lately 3 255"},
    {"looks between", "churn 60 255, looks 5000 255"},
    {"many freed above the limit", "take 8400000 1, drop-random 10"},
    {"n and n - 1 in turn", "turn 2000000 30, turn 200000 30, turn 1025 30, turn 64 30"},
    {"out and back", "take 4000 1, drop 4000, lately 4000 1"},
    {"random blocks, 85 %", "churn 85 255, lately 256 255"},
    {"filled with single frames", "churn 85 255, take 4000 1, lately 256 1"},
    {"runs of 1 to 255", "rising 255, lately 256 255"},
    {"runs of 1 to 4096", "rising 4096, lately 256 4096"},
    {"long blocks", "take 10 100000, drop-every 2, lately 64 50000"},
    {"bases that are alike", "bases 4096"},
    {"ids that are alike", "ids 2048 256"},
};

const struct machine *worst_machine(size_t number)
{
    return &machines[number];
}

size_t worst_machine_count(void)
{
    return COUNT_OF(machines);
}

const struct machine *worst_find_machine(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(machines); i++)
        if (strcmp(machines[i].name, name) == 0)
            return &machines[i];
    return NULL;
}

const char *worst_state(size_t number)
{
    return states[number].steps;
}

size_t worst_state_count(void)
{
    return COUNT_OF(states);
}

/* ---- printing -------------------------------------------------------------------------------- */

struct slowest {
    double ns;
    size_t count; /* calls, in all states */
    const char *state;
};

static void print_state(const struct machine *machine, size_t state, const struct steps *steps,
                        const struct worst_call *calls)
{
    enum worst_kind kind = worst_slowest(calls);
    char name[80];
    char note[RECORD_TEXT_BYTES + 60];
    double us = calls[kind].ns / 1e3;
    snprintf(name, sizeof name, "%s", states[state].name);
    snprintf(note, sizeof note, "%s", worst_kind_name(kind));
    if (us > machine->limit_us)
        snprintf(note, sizeof note, "%s: %s", worst_kind_name(kind),
                 worst_tell(machine, steps, PROBES, calls[kind].number));
    targets_print(name, machine->limit_us, us, "us", note);
}

static void note_slowest(struct slowest *slowest, const struct worst_call *calls, const char *state)
{
    for (int kind = 0; kind < WORST_KIND_COUNT; kind++) {
        slowest[kind].count += calls[kind].count;
        if (calls[kind].ns > slowest[kind].ns) {
            slowest[kind].ns = calls[kind].ns;
            slowest[kind].state = state;
        }
    }
}

static void print_kinds(const struct machine *machine, const struct slowest *slowest)
{
    printf("\n%s, the slowest call of each kind in these states\n", machine->name);
    for (int kind = 0; kind < WORST_KIND_COUNT; kind++) {
        char note[80];
        if (slowest[kind].count == 0)
            continue;
        snprintf(note, sizeof note, "of %zu: %s", slowest[kind].count, slowest[kind].state);
        targets_print(worst_kind_name((enum worst_kind)kind), machine->limit_us,
                      slowest[kind].ns / 1e3, "us", note);
    }
}

static void print_machine(const struct machine *machine)
{
    struct slowest slowest[WORST_KIND_COUNT] = {{0}};
    printf("\n%s, the slowest call in each state\n", machine->name);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct steps steps;
        struct worst_call calls[WORST_KIND_COUNT];
        if (!steps_parse(states[i].steps, &steps)) {
            fprintf(stderr, "bench: no steps: %s\n", states[i].steps);
            abort();
        }
        worst_measure(machine, &steps, PROBES, calls);
        print_state(machine, i, &steps, calls);
        note_slowest(slowest, calls, states[i].name);
    }
    print_kinds(machine, slowest);
}

/* The tables for 12 TiB are 3 GiB. */
static bool has_memory(void)
{
    if (sizeof(size_t) < 8)
        return false;
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) >=
           (double)HUGE_HOST_BYTES;
}

void worst_print_targets(void)
{
    for (size_t i = 0; i < COUNT_OF(machines); i++)
        if (machines[i].is_huge && !has_memory())
            printf("\n%s: skipped, this host has under 8 GiB\n", machines[i].name);
        else
            print_machine(&machines[i]);
    world_free_memory();
}
