/* Two numbers for each call, in the order of calls. */

#include "worst_record.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static float *least_ns;
static uint8_t *kinds;
static size_t capacity;
static size_t known_count; /* calls of the first build, as far as it is */
static size_t next; /* number of the next call */
static bool is_first; /* build */
static size_t watched = SIZE_MAX;
static char text[RECORD_TEXT_BYTES];

const char *worst_kind_name(enum worst_kind kind)
{
    static const char *const names[WORST_KIND_COUNT] = {
        [WORST_PLAIN] = "alloc",
        [WORST_LIMITED] = "alloc limited",
        [WORST_ALIGNED] = "alloc aligned",
        [WORST_BOUNDED] = "alloc bounded",
        [WORST_BOTH] = "alloc aligned and bounded",
        [WORST_PLAIN_REFUSED] = "refusal",
        [WORST_LIMITED_REFUSED] = "refusal limited",
        [WORST_ALIGNED_REFUSED] = "refusal aligned",
        [WORST_BOUNDED_REFUSED] = "refusal bounded",
        [WORST_BOTH_REFUSED] = "refusal aligned and bounded",
        [WORST_FREE] = "free",
        [WORST_FREE_REFUSED] = "free refused",
        [WORST_RESERVE] = "reserve",
        [WORST_RESERVE_REFUSED] = "reserve refused",
        [WORST_FIND_ID] = "find by id",
        [WORST_FIND_BASE] = "find by base",
        [WORST_FIND_ADDRESS] = "find by address",
        [WORST_FIND_FREE] = "find a free run",
        [WORST_SUM_UP] = "sum up a block",
        [WORST_SET_TAG] = "set a tag",
        [WORST_HOLDING] = "an owner's sum",
        [WORST_NEXT_BLOCK] = "next block",
        [WORST_LARGEST_RUN] = "largest run",
        [WORST_TOTALS] = "totals",
    };
    return names[kind];
}

static void fail(const char *sentence)
{
    fprintf(stderr, "bench: %s\n", sentence);
    abort();
}

void record_clear(void)
{
    known_count = 0;
    next = 0;
    is_first = true;
    watched = SIZE_MAX;
}

void record_rewind(void)
{
    is_first = known_count == 0;
    next = 0;
}

static void grow(void)
{
    capacity = capacity ? 2 * capacity : 1 << 20;
    least_ns = realloc(least_ns, capacity * sizeof *least_ns);
    kinds = realloc(kinds, capacity * sizeof *kinds);
    if (!least_ns || !kinds)
        fail("no memory for the times of the calls");
}

void record_call(enum worst_kind kind, double ns)
{
    if (is_first) {
        if (next == capacity)
            grow();
        least_ns[next] = (float)ns;
        kinds[next] = (uint8_t)kind;
        known_count = ++next;
        return;
    }
    if (next >= known_count || kinds[next] != kind)
        fail("a rebuild of a state makes other calls");
    if (ns < least_ns[next])
        least_ns[next] = (float)ns;
    next++;
}

size_t record_count(void)
{
    return next;
}

void record_worst(struct worst_call *calls)
{
    for (int kind = 0; kind < WORST_KIND_COUNT; kind++)
        calls[kind] = (struct worst_call){0};
    for (size_t number = 0; number < known_count; number++) {
        struct worst_call *call = &calls[kinds[number]];
        call->count++;
        if (call->count == 1 || least_ns[number] > call->ns) {
            call->ns = (double)least_ns[number];
            call->number = number;
        }
    }
}

void record_watch(size_t number)
{
    watched = number;
    text[0] = '\0';
}

bool record_is_watched(void)
{
    return next == watched;
}

bool record_was_watched(size_t number)
{
    return number == watched && text[0] != '\0';
}

char *record_text(void)
{
    return text;
}
