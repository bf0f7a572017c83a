/*
 * Looks for a state in which a single call is slow, by random hill climbing, or measures one state.
 *
 *     bench-worst search SECONDS [SEED]
 *     bench-worst state "MACHINE: STEPS"
 *
 * A climb begins with random steps (worst_steps.h), or with those of a known state. It changes a
 * step at a time, and stays with what has a slower call. Each find is printed as the text that
 * `state` takes, which makes the same calls again. A seed chooses the same changes each time; which
 * of them are kept depends on the times that were measured.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clocks.h"
#include "random.h"
#include "worst.h"

#define PROBES 3000
#define PATIENCE 25 /* changes without success, until another climb begins */
#define TEXT_BYTES 400

struct point {
    const struct machine *machine;
    struct steps steps;
    struct worst_call calls[WORST_KIND_COUNT];
    enum worst_kind slowest;
    double score; /* its time, of what it may take */
};

static uint64_t state;
static double best[WORST_KIND_COUNT]; /* scores that were printed */
static size_t point_count;

/* ---- printing -------------------------------------------------------------------------------- */

static void print_point(const struct point *point)
{
    char text[TEXT_BYTES];
    const struct worst_call *call = &point->calls[point->slowest];
    steps_print(&point->steps, text, sizeof text);
    const char *told = worst_tell(point->machine, &point->steps, PROBES, call->number);
    printf("%6.2f us  %s: %s\n           %s: %s\n", call->ns / 1e3, worst_kind_name(point->slowest),
           told, point->machine->name, text);
    fflush(stdout);
}

static void print_all_kinds(const struct point *point)
{
    for (int kind = 0; kind < WORST_KIND_COUNT; kind++) {
        const struct worst_call *call = &point->calls[kind];
        if (call->count == 0)
            continue;
        printf("%6.2f us  %s, number %zu", call->ns / 1e3, worst_kind_name((enum worst_kind)kind),
               call->number);
        printf(": %s\n", worst_tell(point->machine, &point->steps, PROBES, call->number));
    }
}

/* ---- climbing -------------------------------------------------------------------------------- */

static void measure(struct point *point)
{
    worst_measure(point->machine, &point->steps, PROBES, point->calls);
    point->slowest = worst_slowest(point->calls);
    point->score = point->calls[point->slowest].ns / 1e3 / point->machine->limit_us;
    point_count++;
}

/* A second time, because it may have been slow by chance. */
static void measure_again(struct point *point)
{
    struct point again = *point;
    measure(&again);
    if (again.score < point->score)
        *point = again;
}

static void choose_steps(struct steps *steps)
{
    size_t row = random_next(&state) % (2 * worst_state_count());
    if (row < worst_state_count() && steps_parse(worst_state(row), steps))
        return;
    steps->count = 1 + random_next(&state) % 4;
    for (size_t i = 0; i < steps->count; i++)
        step_choose(&steps->steps[i], &state);
}

/* The small machines more often: a large one takes a second for a state. */
static const struct machine *choose_machine(void)
{
    size_t number = random_next(&state) % 16;
    const struct machine *machine = worst_machine(number == 0 ? 2 : number % 2);
    return machine->is_huge ? worst_machine(0) : machine;
}

static void remove_step(struct steps *steps, size_t place)
{
    steps->count--;
    memmove(&steps->steps[place], &steps->steps[place + 1],
            (steps->count - place) * sizeof *steps->steps);
}

static void insert_step(struct steps *steps, size_t place)
{
    memmove(&steps->steps[place + 1], &steps->steps[place],
            (steps->count - place) * sizeof *steps->steps);
    steps->count++;
    step_choose(&steps->steps[place], &state);
}

static void change(struct steps *steps)
{
    size_t place = random_next(&state) % steps->count;
    uint64_t what = random_next(&state) % 8;
    if (what == 0 && steps->count > 1)
        remove_step(steps, place);
    else if (what <= 2 && steps->count < STEPS_MAX)
        insert_step(steps, random_next(&state) % (steps->count + 1));
    else if (what == 3)
        step_choose(&steps->steps[place], &state);
    else
        step_change(&steps->steps[place], &state);
}

/*
 * Prints it if no call of its kind was slower yet. Other states were measured since: what is told
 * is of the one that was measured last.
 */
static void note(struct point *point)
{
    if (point->score <= best[point->slowest])
        return;
    measure_again(point);
    if (point->score <= best[point->slowest])
        return;
    best[point->slowest] = point->score;
    if (point->score > 1)
        printf("MISSED ");
    else
        printf("       ");
    print_point(point);
}

static void climb(double end_ns)
{
    struct point point = {.machine = choose_machine()};
    choose_steps(&point.steps);
    measure(&point);
    measure_again(&point);
    for (int failures = 0; failures < PATIENCE && clocks_wall_ns() < end_ns; failures++) {
        struct point next = {.machine = point.machine, .steps = point.steps};
        change(&next.steps);
        measure(&next);
        if (next.score <= point.score)
            continue;
        measure_again(&next);
        if (next.score <= point.score)
            continue;
        point = next;
        failures = 0;
    }
    note(&point);
}

static int search(double seconds, uint64_t seed)
{
    double end_ns = clocks_wall_ns() + seconds * 1e9;
    double slowest = 0;
    state = seed;
    printf("seed %llu\n", (unsigned long long)seed);
    while (clocks_wall_ns() < end_ns)
        climb(end_ns);
    for (int kind = 0; kind < WORST_KIND_COUNT; kind++)
        if (best[kind] > slowest)
            slowest = best[kind];
    printf("%zu states; the slowest call took %.2f times what it may\n", point_count, slowest);
    return 0;
}

/* ---- one state ------------------------------------------------------------------------------- */

static int replay(const char *text)
{
    struct point point = {0};
    char name[60];
    const char *colon = strchr(text, ':');
    if (!colon || (size_t)(colon - text) >= sizeof name)
        return 2;
    snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
    point.machine = worst_find_machine(name);
    if (!point.machine || !steps_parse(colon + 1, &point.steps))
        return 2;
    measure(&point);
    print_point(&point);
    print_all_kinds(&point);
    return 0;
}

static int usage(void)
{
    fprintf(stderr, "usage: bench-worst search SECONDS [SEED], or state \"MACHINE: STEPS\"\n"
                    "machines:");
    for (size_t i = 0; i < worst_machine_count(); i++)
        fprintf(stderr, "%s %s", i ? "," : "", worst_machine(i)->name);
    fprintf(stderr, "; steps: see tests/bench/worst_steps.h\n");
    return 2;
}

int main(int argument_count, char **arguments)
{
    int status = 2;
    if (argument_count >= 3 && strcmp(arguments[1], "search") == 0 && atof(arguments[2]) > 0) {
        uint64_t seed =
            argument_count > 3 ? strtoull(arguments[3], NULL, 10) : (uint64_t)time(NULL);
        status = seed ? search(atof(arguments[2]), seed) : 2;
    } else if (argument_count == 3 && strcmp(arguments[1], "state") == 0) {
        status = replay(arguments[2]);
    }
    world_free_memory();
    return status == 2 ? usage() : status;
}
