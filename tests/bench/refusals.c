/* Every kind of request in every state; see arena.h for what fits. */

#include "refusals.h"

#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "clocks.h"

#define SAMPLES 5
#define LONG_NS 1e6 /* two samples of this length do: what interrupts a process comes by chance */
#define HOPELESS 100

static const struct arena_state states[] = {
    {ARENA_PERIODIC, 2, 0},      {ARENA_PERIODIC, 2, 1},    {ARENA_PERIODIC, 3, 0},
    {ARENA_PERIODIC, 5, 0},      {ARENA_PERIODIC, 16, 0},   {ARENA_PERIODIC, 17, 0},
    {ARENA_PERIODIC, 31, 0},     {ARENA_PERIODIC, 63, 0},   {ARENA_PERIODIC, 64, 0},
    {ARENA_PERIODIC, 64, 32},    {ARENA_PERIODIC, 65, 0},   {ARENA_PERIODIC, 200, 0},
    {ARENA_PERIODIC, 257, 0},    {ARENA_PERIODIC, 1000, 0}, {ARENA_PERIODIC, 1024, 0},
    {ARENA_PERIODIC, 1024, 512}, {ARENA_SCATTERED, 16, 0},  {ARENA_SCATTERED, 64, 0},
    {ARENA_SCATTERED, 1024, 0},  {ARENA_HALF, 0, 0},        {ARENA_ODD, 0, 0},
    {ARENA_RISING, 255, 0},      {ARENA_RISING, 4096, 0},   {ARENA_CHURN, 0, 0},
};

static const pfn_t alignments[] = {1, 2, 16, 64, 1024, 65536};
static const pfn_t boundaries[] = {0, 16, 64, 1024};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Whether a state's free frames were freed just now, so that some are kept for the next request. */
enum { LONG_AGO, JUST_NOW, AGES };

struct measurement {
    struct arena arena;
    const struct arena_state *state;
    pfn_t longest; /* free run of the state */
    double limit_ns;
    struct refusals *kinds;
    bool hopeless[REFUSAL_KINDS]; /* in this state */
};

/* ---- naming ---------------------------------------------------------------------------------- */

static int print_state(char *text, size_t size_bytes, const struct arena_state *state)
{
    unsigned long long period = state->period;
    unsigned long long phase = state->phase;
    switch (state->pattern) {
    case ARENA_PERIODIC:
        return snprintf(text, size_bytes, "frame %llu of each %llu used", phase, period);
    case ARENA_SCATTERED:
        return snprintf(text, size_bytes, "a random frame of each %llu used", period);
    case ARENA_HALF:
        return snprintf(text, size_bytes, "a random half used");
    case ARENA_ODD:
        return snprintf(text, size_bytes, "all even frames used and a random half of the odd");
    case ARENA_RISING:
        return snprintf(text, size_bytes, "free runs of 1 to %llu", period);
    case ARENA_CHURN:
        break;
    }
    return snprintf(text, size_bytes, "random blocks, 85 %% used");
}

static int print_bound(char *text, size_t size_bytes, const char *name, pfn_t bound)
{
    return bound ? snprintf(text, size_bytes, " %s %llu", name, (unsigned long long)bound) : 0;
}

static void name_worst(struct refusals *kind, const struct measurement *measurement, int age,
                       const struct buddy_request *request)
{
    char *text = kind->worst;
    char *end = text + sizeof kind->worst;
    text += print_state(text, (size_t)(end - text), measurement->state);
    text += snprintf(text, (size_t)(end - text), "%s: %llu frames",
                     age == JUST_NOW ? ", some freed just now" : "",
                     (unsigned long long)request->frame_count);
    text += print_bound(text, (size_t)(end - text), "aligned to",
                        request->align_frames > 1 ? request->align_frames : 0);
    text += print_bound(text, (size_t)(end - text), "within", request->boundary_frames);
    text += print_bound(text, (size_t)(end - text), "above", request->lowest);
    if (request->limit < measurement->arena.frame_count)
        print_bound(text, (size_t)(end - text), "below", request->limit);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static enum refusal_kind kind_of(const struct buddy_request *request)
{
    bool is_plain =
        request->align_frames == 1 && request->boundary_frames == 0 && request->lowest == 0;
    return is_plain ? REFUSAL_PLAIN : REFUSAL_BOUNDED;
}

static void expect(bool right, const char *sentence)
{
    if (right)
        return;
    fprintf(stderr, "bench: %s\n", sentence);
    abort();
}

static double time_refusal(struct arena *arena, const struct buddy_request *request)
{
    pfn_t first;
    double start = clocks_wall_ns();
    enum mm_status status = buddy_alloc(&arena->buddy, request, &first);
    double end = clocks_wall_ns();
    expect(status == MM_NO_ROOM, "a request was served that nothing free satisfies");
    return end - start;
}

static double median_refusal(struct measurement *measurement, const struct buddy_request *request,
                             int age)
{
    double samples[SAMPLES];
    size_t count = 0;
    if (age == LONG_AGO)
        time_refusal(&measurement->arena, request); /* nothing is kept after it */
    while (count < SAMPLES) {
        if (age == JUST_NOW)
            arena_free_lately(&measurement->arena, measurement->longest);
        samples[count++] = time_refusal(&measurement->arena, request);
        if (count == 2 && samples[0] > LONG_NS && samples[1] > LONG_NS)
            break;
    }
    return clocks_median(samples, count);
}

static void measure_ages(struct measurement *measurement, const struct buddy_request *request)
{
    struct refusals *kind = &measurement->kinds[kind_of(request)];
    for (int age = 0; age < AGES; age++) {
        double ns = median_refusal(measurement, request, age);
        kind->measured++;
        if (ns > kind->worst_ns) {
            kind->worst_ns = ns;
            name_worst(kind, measurement, age, request);
        }
        if (ns > HOPELESS * measurement->limit_ns)
            measurement->hopeless[kind_of(request)] = true;
    }
}

/* What fits must be had, and one frame more refused: that is timed. */
static void measure_request(struct measurement *measurement, struct buddy_request request)
{
    if (measurement->hopeless[kind_of(&request)]) {
        measurement->kinds[kind_of(&request)].left_out += AGES;
        return;
    }
    struct buddy *buddy = &measurement->arena.buddy;
    pfn_t fit = arena_largest_fit(&measurement->arena, &request);
    pfn_t first;
    request.frame_count = fit;
    if (fit > 0) {
        expect(buddy_alloc(buddy, &request, &first) == MM_OK, "a request was refused that fits");
        buddy_free(buddy, first, NULL);
    }
    request.frame_count = fit + 1;
    bool is_valid =
        request.frame_count <= request.limit - request.lowest &&
        (request.boundary_frames == 0 || request.frame_count <= request.boundary_frames);
    if (is_valid)
        measure_ages(measurement, &request);
}

/* Limits and lowest frames that are no round numbers, so that they cut free runs and blocks. */
static void measure_bounds(struct measurement *measurement, pfn_t align_frames,
                           pfn_t boundary_frames)
{
    pfn_t frame_count = measurement->arena.frame_count;
    pfn_t low = 16 * MIB >> FRAME_SHIFT;
    pfn_t middle = frame_count / 2 - 5;
    pfn_t quarter = frame_count / 4 + 3;
    struct {
        pfn_t lowest;
        pfn_t limit;
    } bounds[] = {
        {0, frame_count}, {0, middle}, {0, low}, {quarter, frame_count}, {quarter, middle}};
    for (size_t i = 0; i < COUNT_OF(bounds); i++)
        measure_request(measurement, (struct buddy_request){.align_frames = align_frames,
                                                            .lowest = bounds[i].lowest,
                                                            .limit = bounds[i].limit,
                                                            .boundary_frames = boundary_frames});
}

static void measure_state(struct measurement *measurement, pfn_t frame_count)
{
    struct buddy_request any = {.align_frames = 1, .limit = frame_count};
    arena_open(&measurement->arena, frame_count, measurement->state);
    measurement->longest = arena_largest_fit(&measurement->arena, &any);
    for (int kind = 0; kind < REFUSAL_KINDS; kind++)
        measurement->hopeless[kind] = false;
    for (size_t a = 0; a < COUNT_OF(alignments); a++)
        for (size_t b = 0; b < COUNT_OF(boundaries); b++)
            measure_bounds(measurement, alignments[a], boundaries[b]);
    arena_close(&measurement->arena);
}

void refusals_measure(pfn_t frame_count, double limit_ns, struct refusals *kinds)
{
    static struct measurement measurement;
    measurement.limit_ns = limit_ns;
    measurement.kinds = kinds;
    for (int kind = 0; kind < REFUSAL_KINDS; kind++)
        kinds[kind] = (struct refusals){0};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        measurement.state = &states[i];
        measure_state(&measurement, frame_count);
    }
}
