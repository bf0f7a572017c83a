/* The steps' text. What they do is in worst_build.c. */

#include "worst_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "worst_build.h"

/* The search chooses no number above the greatest. A step goes no further than there is. */
struct step_kind {
    const char *name;
    void (*run)(struct world *world, const uint64_t *numbers);
    uint64_t greatest[STEP_NUMBERS_MAX]; /* 0: it has no such number */
};

static const struct step_kind kinds[] = {
    {"pages", build_pages, {0}},
    {"every", build_every, {4096, 4096}},
    {"scatter", build_scatter, {4096}},
    {"half", build_half, {0}},
    {"rising", build_rising, {8192}},
    {"above", build_above, {4096}},
    {"take", build_take, {100000, 4096}},
    {"aligned", build_aligned, {20000, 4096, 4096}},
    {"churn", build_churn, {100, 4096}},
    {"drop", build_drop, {100000}},
    {"drop-every", build_drop_every, {64}},
    {"drop-random", build_drop_random, {100}},
    {"lately", build_lately, {4096, 4096}},
    {"open", build_open, {65536}},
    {"turn", build_turn, {262144, 100}},
    {"looks", build_looks, {2000, 1024}},
    {"bases", build_bases, {8192}},
    {"ids", build_ids, {4096, 1024}},
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static unsigned number_count(const struct step_kind *kind)
{
    unsigned count = 0;
    while (count < STEP_NUMBERS_MAX && kind->greatest[count] > 0)
        count++;
    return count;
}

/* ---- text ------------------------------------------------------------------------------------ */

static const struct step_kind *find_kind(const char *name, size_t length)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
            return &kinds[i];
    return NULL;
}

/* Reads a step; *text moves behind it. */
static bool parse_step(const char **text, struct step *step)
{
    const char *at = *text + strspn(*text, " ");
    size_t length = strcspn(at, " ,");
    *step = (struct step){.kind = find_kind(at, length)};
    if (!step->kind)
        return false;
    at += length;
    for (unsigned i = 0; i < number_count(step->kind); i++) {
        char *end;
        step->numbers[i] = strtoull(at, &end, 10);
        if (end == at || step->numbers[i] == 0)
            return false;
        at = end;
    }
    *text = at + strspn(at, " ");
    return **text == ',' || **text == '\0';
}

bool steps_parse(const char *text, struct steps *steps)
{
    steps->count = 0;
    for (;;) {
        if (steps->count == STEPS_MAX || !parse_step(&text, &steps->steps[steps->count]))
            return false;
        steps->count++;
        if (*text == '\0')
            return true;
        text++;
    }
}

void steps_print(const struct steps *steps, char *text, size_t size_bytes)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t s = 0; s < steps->count && length < size_bytes; s++) {
        const struct step *step = &steps->steps[s];
        length += (size_t)snprintf(text + length, size_bytes - length, "%s%s", s ? ", " : "",
                                   step->kind->name);
        for (unsigned i = 0; i < number_count(step->kind) && length < size_bytes; i++)
            length += (size_t)snprintf(text + length, size_bytes - length, " %llu",
                                       (unsigned long long)step->numbers[i]);
    }
}

void steps_run(const struct steps *steps, struct world *world)
{
    for (size_t i = 0; i < steps->count; i++)
        steps->steps[i].kind->run(world, steps->steps[i].numbers);
}

/* ---- for the search -------------------------------------------------------------------------- */

/* From 1 to the greatest; small numbers are as probable as large ones. */
static uint64_t choose_number(uint64_t greatest, uint64_t *random)
{
    unsigned bits = 1;
    while (bits < 63 && (uint64_t)1 << bits <= greatest)
        bits++;
    uint64_t number = random_next(random) >> (63 - random_next(random) % bits);
    return 1 + number % greatest;
}

void step_choose(struct step *step, uint64_t *random)
{
    *step = (struct step){.kind = &kinds[random_next(random) % KIND_COUNT]};
    for (unsigned i = 0; i < number_count(step->kind); i++)
        step->numbers[i] = choose_number(step->kind->greatest[i], random);
}

void step_change(struct step *step, uint64_t *random)
{
    unsigned count = number_count(step->kind);
    if (count == 0)
        return;
    unsigned chosen = (unsigned)(random_next(random) % count);
    uint64_t greatest = step->kind->greatest[chosen];
    uint64_t number = step->numbers[chosen];
    switch (random_next(random) % 5) {
    case 0:
        number++;
        break;
    case 1:
        number--;
        break;
    case 2:
        number *= 2;
        break;
    case 3:
        number /= 2;
        break;
    default:
        number = choose_number(greatest, random);
    }
    step->numbers[chosen] = number < 1 ? 1 : number > greatest ? greatest : number;
}
