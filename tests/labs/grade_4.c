/* Lab 4: the rules of requests under a limit. */

#include "frames.h"

const unsigned lab_number = 4;
const uint64_t frames_steps_max = UINT64_MAX;

void frames_check_queries(const struct judge *judge, unsigned checks)
{
    (void)judge, (void)checks;
}

static const struct allocator_request plain = {1, 1, 0, UINT32_MAX, 0};

/* Makes a request that names more than its count; the arena is [first, first + frame_count). */
typedef void constrain_t(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                         uint64_t *random);

static void with_nothing(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                         uint64_t *random)
{
    (void)request, (void)first, (void)frame_count, (void)random;
}

/* A limit anywhere near the arena; the lowest frame too. */
static void with_limit(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                       uint64_t *random)
{
    if (frames_random(random, 4))
        request->limit = first + frames_random(random, frame_count + 4);
    if (frames_random(random, 3) == 0)
        request->lowest = first + frames_random(random, frame_count + 4);
}

static void with_align(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                       uint64_t *random)
{
    (void)first, (void)frame_count;
    request->align = (uint32_t)1 << frames_random(random, 7);
}

static void with_boundary(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                          uint64_t *random)
{
    (void)first, (void)frame_count;
    request->boundary = (uint32_t)1 << frames_random(random, 6);
}

static void with_all(struct allocator_request *request, uint32_t first, uint32_t frame_count,
                     uint64_t *random)
{
    with_limit(request, first, frame_count, random);
    with_align(request, first, frame_count, random);
    if (frames_random(random, 2))
        with_boundary(request, first, frame_count, random);
}

/* A load of such requests; what was taken goes back now and then. */
static void make_load(struct lab_case *made, uint32_t first, uint32_t frame_count, size_t steps,
                      constrain_t *constrain, uint64_t *random)
{
    frames_arena(made, first, frame_count);
    for (size_t i = 0; i < steps; i++) {
        struct allocator_request request = plain;
        if (frames_random(random, 5) < 2) {
            frames_give(made, 1 + frames_random(random, (uint32_t)made->item_count + 1));
            continue;
        }
        request.count = 1 + frames_random(random, 1 + frame_count / 4);
        constrain(&request, first, frame_count, random);
        frames_take(made, &request);
    }
}

/* Arenas that begin low, high, at odd frames, in the middle of a word. */
static uint32_t choose_first(uint64_t *random)
{
    static const uint32_t firsts[] = {0, 1, 16, 37, 256, 4096 - 9, 4096, 1048576 - 21};
    return firsts[frames_random(random, sizeof firsts / sizeof *firsts)];
}

static bool make_cases(struct lab_case *made, size_t index, constrain_t *constrain,
                       uint64_t *random)
{
    make_load(made, choose_first(random), 1 + (uint32_t)index / 3, 4 + index / 6, constrain,
              random);
    return index < 400;
}

static bool make_plain(struct lab_case *made, size_t index, uint64_t *random)
{
    return make_cases(made, index, with_nothing, random);
}

static bool make_limits(struct lab_case *made, size_t index, uint64_t *random)
{
    return make_cases(made, index, with_limit, random);
}

static bool make_aligned(struct lab_case *made, size_t index, uint64_t *random)
{
    return make_cases(made, index, with_align, random);
}

static bool make_bounded(struct lab_case *made, size_t index, uint64_t *random)
{
    return make_cases(made, index, with_boundary, random);
}

static bool make_all(struct lab_case *made, size_t index, uint64_t *random)
{
    return make_cases(made, index, with_all, random);
}

/* The last frames that have a number, and numbers that overflow when they are added. */
static bool make_edges(struct lab_case *made, size_t index, uint64_t *random)
{
    static const uint32_t large[] = {UINT32_MAX, UINT32_MAX - 1, (uint32_t)1 << 31, 100};
    uint32_t frame_count = 1 + (uint32_t)index / 2;
    uint32_t first = index % 2 ? UINT32_MAX - frame_count : 0;
    frames_arena(made, first, frame_count);
    for (size_t i = 0; i < 6; i++) {
        struct allocator_request request = plain;
        request.count = frames_random(random, 2) ? 1 : large[frames_random(random, 4)];
        if (frames_random(random, 3) == 0)
            request.lowest = large[frames_random(random, 4)];
        if (frames_random(random, 3) == 0)
            request.limit = frames_random(random, 2) ? 0 : large[frames_random(random, 4)];
        if (frames_random(random, 3) == 0)
            request.align = (uint32_t)1 << 31 >> frames_random(random, 3);
        if (frames_random(random, 3) == 0)
            request.boundary = (uint32_t)1 << 31 >> frames_random(random, 3);
        frames_take(made, &request);
    }
    return index < 200;
}

const struct lab_rule lab_rules[] = {
    {"plain", 1, "frames in a row, at the highest place that is free", make_plain, 0},
    {"limit", 2, "below the limit, which is exclusive, and from the lowest frame on", make_limits,
     0},
    {"align", 1, "at multiples of the alignment, wherever the arena begins", make_aligned, 0},
    {"boundary", 2, "across no multiple of the boundary", make_bounded, 0},
    {"all", 1, "all of these together, and refused only where there is no place", make_all, 0},
    {"edges", 1, "with numbers up to the largest there are", make_edges, 0},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
