/*
 * A state is what lies in memory: buddy, tables and model. It is saved before each step and put
 * back after it, since a free is no way back (a freed run is set aside). States that were seen are
 * known by a hash of 64 bits; that two of some millions share one is not to be expected, and would
 * hide one state, never invent a failure.
 */

#include "explore.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_LIMIT ((pfn_t)1 << 40)
#define FRAMES_MAX 32
#define DEPTH_MAX 16
#define REQUESTS_MAX 32768
#define SEEN_BITS 23
#define SEEN_COUNT ((size_t)1 << SEEN_BITS)

struct seen {
    uint64_t hash; /* 0: empty */
    unsigned depth_left;
};

static struct arena arena;
static uint64_t *snapshots[DEPTH_MAX + 1];
static size_t snapshot_words;
static struct buddy_request requests[REQUESTS_MAX];
static size_t request_count;
static struct seen *seen;
static size_t seen_count;
static uint64_t search_number; /* one search knows nothing of what another has seen */
static time_t end_time;
static struct explore_result *result;

/* ---- shapes --------------------------------------------------------------------------------- */

pfn_t explore_place(size_t index)
{
    static const pfn_t places[EXPLORE_PLACE_COUNT] = {
        0x1000 - 7, /* across 16 MiB */
        0x100000 - 9, /* across 4 GiB */
        0x8000 - 5, /* across 128 MiB, and a word's edge */
        0x123, /* low, odd */
        0, /* the very first frames */
        0x1000, /* from 16 MiB on */
        ((pfn_t)27 << 28) + 1, /* 27 TiB */
        (PHYS_LIMIT >> FRAME_SHIFT) - FRAMES_MAX, /* up to the very last */
    };
    return places[index];
}

bool explore_next_shape(pfn_t base, unsigned frame_count, unsigned range_max, uint32_t *managed,
                        struct explore_shape *shape)
{
    uint64_t end = (uint64_t)1 << frame_count;
    for (uint64_t next = (uint64_t)*managed + 1; next < end; next++) {
        uint64_t starts = next & ~(next << 1);
        if (__builtin_popcountll(starts) > (int)range_max)
            continue;
        shape->range_count = 0;
        for (unsigned first = 0; first < frame_count; first++) {
            unsigned last = first;
            if (!(starts >> first & 1))
                continue;
            while (next >> (last + 1) & 1)
                last++;
            shape->ranges[shape->range_count++] =
                (struct frame_range){base + first, base + last + 1};
        }
        *managed = (uint32_t)next;
        return true;
    }
    return false;
}

static pfn_t shape_frames(const struct explore_shape *shape)
{
    pfn_t frame_count = 0;
    for (size_t i = 0; i < shape->range_count; i++)
        frame_count += shape->ranges[i].end - shape->ranges[i].first;
    return frame_count;
}

static void open_shape(const struct explore_shape *shape, unsigned depth)
{
    arena_open(&arena);
    for (size_t i = 0; i < shape->range_count; i++) {
        enum mm_status status;
        const char *broken = arena_add(&arena, shape->ranges[i], &status);
        if (broken || status != MM_OK)
            result->broken = broken ? broken : "a range was refused";
    }
    snapshot_words = (arena_snapshot_bytes(&arena) + 7) / 8;
    for (size_t i = 0; i <= depth; i++) {
        snapshots[i] = malloc(snapshot_words * 8);
        assert(snapshots[i]);
        snapshots[i][snapshot_words - 1] = 0; /* what fills the last word up */
    }
}

static void close_shape(void)
{
    for (size_t i = 0; i <= DEPTH_MAX; i++) {
        free(snapshots[i]);
        snapshots[i] = NULL;
    }
    arena_close(&arena);
}

/* ---- requests ------------------------------------------------------------------------------- */

static void add_request(pfn_t count, pfn_t align, pfn_t lowest, pfn_t limit, pfn_t boundary)
{
    assert(request_count < REQUESTS_MAX);
    requests[request_count++] = (struct buddy_request){count, align, lowest, limit, boundary};
}

static pfn_t power_from(pfn_t count)
{
    pfn_t power = 1;
    while (power < count)
        power *= 2;
    return power;
}

/* One of each kind for a size: what differs in kind, not in number. */
static void add_kinds(const struct explore_shape *shape, pfn_t count)
{
    const struct frame_range *low = &shape->ranges[0];
    const struct frame_range *high = &shape->ranges[shape->range_count - 1];
    pfn_t middle = low->first + (low->end - low->first) / 2;
    pfn_t boundary = power_from(count);
    add_request(count, 1, 0, NO_LIMIT, 0);
    add_request(count, 2, 0, NO_LIMIT, 0);
    add_request(count, 8, 0, NO_LIMIT, 0);
    add_request(count, 1, 0, NO_LIMIT, boundary);
    add_request(count, 1, 0, high->end - 1, 0);
    add_request(count, 1, 0, middle, 0);
    add_request(count, 1, low->first + 1, NO_LIMIT, 0);
    add_request(count, 1, middle, high->end, 0);
    add_request(count, 2, 0, high->end - 2, 2 * boundary);
    add_request(count, 4, low->first + 1, middle + count + 3, 4 * boundary);
}

static void make_kinds(const struct explore_shape *shape)
{
    static const pfn_t sizes[] = {1, 2, 3, 5, 8, 16};
    pfn_t frame_count = shape_frames(shape);
    request_count = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i] < frame_count)
            add_kinds(shape, sizes[i]);
    add_request(frame_count, 1, 0, NO_LIMIT, 0);
}

/* The bounds: none, each alone, and both together. */
static void add_bounds(const struct explore_shape *shape, pfn_t count, pfn_t align, pfn_t boundary)
{
    pfn_t first = shape->ranges[0].first;
    pfn_t end = shape->ranges[shape->range_count - 1].end;
    add_request(count, align, 0, NO_LIMIT, boundary);
    for (pfn_t bound = first + 1; bound < end; bound++) {
        add_request(count, align, 0, bound, boundary);
        add_request(count, align, bound, NO_LIMIT, boundary);
        add_request(count, align, bound, bound + count + 2, boundary);
    }
}

static void make_all(const struct explore_shape *shape)
{
    request_count = 0;
    for (pfn_t count = 1; count <= shape_frames(shape); count++) {
        for (pfn_t align = 1; align <= 16; align *= 2) {
            add_bounds(shape, count, align, 0);
            add_bounds(shape, count, align, power_from(count));
            add_bounds(shape, count, align, 2 * power_from(count));
        }
    }
}

/* ---- states --------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* Four at a time, so that one multiplication need not wait for another. */
static uint64_t hash_of(const uint64_t *words)
{
    uint64_t lanes[4] = {search_number, 1, 2, 3};
    size_t i = 0;
    for (; i + 4 <= snapshot_words; i += 4)
        for (size_t lane = 0; lane < 4; lane++)
            lanes[lane] = mix(lanes[lane], words[i + lane]);
    for (; i < snapshot_words; i++)
        lanes[0] = mix(lanes[0], words[i]);
    uint64_t hash = mix(mix(mix(lanes[0], lanes[1]), lanes[2]), lanes[3]);
    return hash ? hash : 1;
}

static void forget_seen(void)
{
    if (!seen)
        seen = malloc(SEEN_COUNT * sizeof *seen);
    assert(seen);
    memset(seen, 0, SEEN_COUNT * sizeof *seen);
    seen_count = 0;
}

/*
 * True if the state was looked into with as many steps left or more. A full table forgets: then
 * states are looked into again, which costs time alone.
 */
static bool was_seen(uint64_t hash, unsigned depth_left)
{
    if (!seen || seen_count > SEEN_COUNT / 2)
        forget_seen();
    size_t slot = hash >> (64 - SEEN_BITS);
    while (seen[slot].hash != 0 && seen[slot].hash != hash)
        slot = (slot + 1) % SEEN_COUNT;
    if (seen[slot].hash == hash && seen[slot].depth_left >= depth_left)
        return true;
    if (seen[slot].hash == 0) {
        seen_count++;
        result->states++;
    }
    seen[slot] = (struct seen){hash, depth_left};
    return false;
}

/* True if the search is over. */
static bool judge(const char *broken)
{
    result->transitions++;
    if (broken)
        result->broken = broken;
    if (end_time && result->transitions % 4096 == 0 && time(NULL) >= end_time)
        result->is_cut = true;
    return result->broken || result->is_cut;
}

/* Every frame that is no start, freed, and the frames beside the ranges: all must be refused. */
static const char *misuse(const struct explore_shape *shape)
{
    for (size_t i = 0; i < shape->range_count; i++) {
        for (pfn_t pfn = shape->ranges[i].first; pfn <= shape->ranges[i].end; pfn++) {
            struct frame_range run;
            enum mm_status status;
            pfn_t frame_count;
            if (model_find_run(&arena.model, pfn, &run) && run.first == pfn)
                continue;
            const char *broken = arena_free(&arena, pfn, &status, &frame_count);
            if (broken)
                return broken;
        }
    }
    return NULL;
}

/* From each frame: the runs that hold it, and a block of one of the lengths. */
static const char *look_at_range(const struct frame_range *range)
{
    const char *broken = NULL;
    for (pfn_t pfn = range->first; pfn <= range->end && !broken; pfn++) {
        broken = arena_find(&arena, pfn);
        if (!broken && pfn % 2 == 0)
            broken = arena_look(&arena, pfn, pfn + ((pfn_t)1 << (pfn / 2) % 6));
    }
    return broken;
}

/* When an answer was wrong, the steps that led to it: the last one first. */
static void tell_request(const struct buddy_request *request)
{
    if (result->broken)
        fprintf(stderr,
                "  after: alloc count=%llu align=%llu lowest=0x%llx limit=0x%llx boundary=%llu\n",
                (unsigned long long)request->frame_count, (unsigned long long)request->align_frames,
                (unsigned long long)request->lowest, (unsigned long long)request->limit,
                (unsigned long long)request->boundary_frames);
}

static void tell(const char *step, pfn_t pfn)
{
    if (result->broken)
        fprintf(stderr, "  after: %s 0x%llx\n", step, (unsigned long long)pfn);
}

static void tell_shape(const struct explore_shape *shape)
{
    for (size_t i = 0; result->broken && i < shape->range_count; i++)
        fprintf(stderr, "  in: [0x%llx, 0x%llx)\n", (unsigned long long)shape->ranges[i].first,
                (unsigned long long)shape->ranges[i].end);
}

/* ---- sequences ------------------------------------------------------------------------------ */

static void look_into(const struct explore_shape *shape, unsigned depth_left);

/* After a step: whether its answer was wrong, and what can follow it; then back before the step. */
static void follow(const struct explore_shape *shape, const char *broken, unsigned depth_left)
{
    if (!judge(broken))
        look_into(shape, depth_left - 1);
    arena_restore(&arena, snapshots[depth_left]);
}

static bool is_over(void)
{
    return result->broken || result->is_cut;
}

static void follow_requests(const struct explore_shape *shape, unsigned depth_left)
{
    for (size_t i = 0; i < request_count && !is_over(); i++) {
        enum mm_status status;
        pfn_t first;
        const char *broken = arena_alloc(&arena, &requests[i], &status, &first);
        follow(shape, broken, depth_left);
        tell_request(&requests[i]);
    }
}

static void follow_frees(const struct explore_shape *shape, unsigned depth_left)
{
    struct frame_range run = {0, 0};
    while (!is_over() && model_next_run(&arena.model, run.end, &run)) {
        enum mm_status status;
        pfn_t frame_count;
        const char *broken = arena_free(&arena, run.first, &status, &frame_count);
        follow(shape, broken, depth_left);
        tell("free", run.first);
    }
}

/* Looks and refusals change nothing, which the arena sees to: the state stays this one. */
static void look(const struct explore_shape *shape)
{
    const char *broken = misuse(shape);
    for (size_t i = 0; !broken && i < shape->range_count; i++)
        broken = look_at_range(&shape->ranges[i]);
    judge(broken ? broken : arena_compare(&arena));
    tell("looking at all runs, from", shape->ranges[0].first);
}

static void look_into(const struct explore_shape *shape, unsigned depth_left)
{
    arena_save(&arena, snapshots[depth_left]);
    if (was_seen(hash_of(snapshots[depth_left]), depth_left))
        return;
    look(shape);
    if (depth_left == 0)
        return;
    follow_requests(shape, depth_left);
    follow_frees(shape, depth_left);
}

void explore_sequences(const struct explore_shape *shape, unsigned depth, time_t deadline,
                       struct explore_result *sum)
{
    assert(depth <= DEPTH_MAX);
    result = sum;
    end_time = deadline;
    search_number++;
    make_kinds(shape);
    open_shape(shape, depth);
    if (!is_over())
        look_into(shape, depth);
    tell_shape(shape);
    close_shape();
}

/* ---- patterns ------------------------------------------------------------------------------- */

static void try_requests(void)
{
    result->states++;
    arena_save(&arena, snapshots[0]);
    for (size_t i = 0; i < request_count && !is_over(); i++) {
        enum mm_status status;
        pfn_t first;
        const char *broken = arena_alloc(&arena, &requests[i], &status, &first);
        if (!judge(broken) && status == MM_OK)
            arena_restore(&arena, snapshots[0]);
        tell_request(&requests[i]);
    }
}

/* The frames from `pfn` on, each free or used. A used one is a block by itself. */
static void try_patterns(const struct explore_shape *shape, size_t range, pfn_t pfn)
{
    while (range < shape->range_count && pfn == shape->ranges[range].end)
        if (++range < shape->range_count)
            pfn = shape->ranges[range].first;
    if (range == shape->range_count) {
        try_requests();
        return;
    }
    try_patterns(shape, range, pfn + 1);
    struct buddy_request single = {1, 1, pfn, pfn + 1, 0};
    enum mm_status status;
    pfn_t first;
    if (is_over() || judge(arena_alloc(&arena, &single, &status, &first)))
        return;
    try_patterns(shape, range, pfn + 1);
    tell("taking", pfn);
    if (!is_over())
        judge(arena_free(&arena, first, &status, &first));
    judge(arena_compare(&arena));
}

void explore_patterns(const struct explore_shape *shape, time_t deadline,
                      struct explore_result *sum)
{
    result = sum;
    end_time = deadline;
    make_all(shape);
    open_shape(shape, 0);
    if (!is_over())
        try_patterns(shape, 0, shape->ranges[0].first);
    tell_shape(shape);
    close_shape();
}
