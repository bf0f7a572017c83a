/*
 * Each state is made by requests that leave one place alone, so that it is the same whatever the
 * buddy prefers; the churn is what such an arena comes to by itself.
 */

#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#define CHURN_PERCENT 85
#define SHORT_MAX 255 /* frames of a block of the churn */
#define CHURN_STEPS_PER_BLOCK 4
#define LATELY_RUNS 256

static void fail(const char *sentence)
{
    fprintf(stderr, "bench: %s\n", sentence);
    abort();
}

/* ---- the bitmap ------------------------------------------------------------------------------ */

static void mark(struct arena *arena, pfn_t first, pfn_t count, bool used)
{
    for (pfn_t frame = first; frame < first + count; frame++) {
        uint64_t bit = (uint64_t)1 << frame % 64;
        if (!(arena->used[frame / 64] & bit) != used)
            fail("two blocks overlap");
        arena->used[frame / 64] ^= bit;
    }
}

/* The first frame at or above `frame`, below `end`, that is used or not; `end` if there is none. */
static pfn_t next_frame(const struct arena *arena, pfn_t frame, pfn_t end, bool used)
{
    while (frame < end) {
        uint64_t word = used ? arena->used[frame / 64] : ~arena->used[frame / 64];
        word >>= frame % 64;
        if (word) {
            frame += (unsigned)__builtin_ctzll(word);
            return frame < end ? frame : end;
        }
        frame += 64 - frame % 64;
    }
    return end;
}

static pfn_t smaller_of(pfn_t a, pfn_t b)
{
    return a < b ? a : b;
}

/*
 * A boundary cuts a run into parts. Of those behind the first cut none is longer than the first of
 * them; and if the alignment is larger than the boundary, none is longer than that before the cut.
 */
static pfn_t fit_in_run(const struct buddy_request *request, pfn_t first, pfn_t end)
{
    pfn_t start = (first + request->align_frames - 1) & ~(request->align_frames - 1);
    if (start >= end)
        return 0;
    if (request->boundary_frames == 0)
        return end - start;
    pfn_t cut = (start | (request->boundary_frames - 1)) + 1;
    if (cut >= end)
        return end - start;
    pfn_t behind = smaller_of(end - cut, request->boundary_frames);
    return behind > cut - start ? behind : cut - start;
}

pfn_t arena_largest_fit(const struct arena *arena, const struct buddy_request *request)
{
    pfn_t limit = smaller_of(request->limit, arena->frame_count);
    pfn_t largest = 0;
    pfn_t end = request->lowest;
    for (;;) {
        pfn_t first = next_frame(arena, end, limit, false);
        if (first >= limit)
            return largest;
        end = next_frame(arena, first, limit, true);
        pfn_t fit = fit_in_run(request, first, end);
        if (fit > largest)
            largest = fit;
    }
}

/* ---- states ---------------------------------------------------------------------------------- */

static void use_frame(struct arena *arena, pfn_t frame)
{
    struct buddy_request request = {
        .frame_count = 1, .align_frames = 1, .lowest = frame, .limit = frame + 1};
    pfn_t first;
    if (buddy_alloc(&arena->buddy, &request, &first) != MM_OK || first != frame)
        fail("a frame that is free was not given");
    mark(arena, frame, 1, true);
}

static bool toss(struct arena *arena)
{
    return random_next(&arena->random) >> 63;
}

static void use_periodic(struct arena *arena, pfn_t period, pfn_t phase)
{
    for (pfn_t frame = phase; frame < arena->frame_count; frame += period)
        use_frame(arena, frame);
}

static void use_scattered(struct arena *arena, pfn_t period)
{
    for (pfn_t frame = 0; frame + period <= arena->frame_count; frame += period)
        use_frame(arena, frame + random_next(&arena->random) % period);
}

static void use_half(struct arena *arena)
{
    for (pfn_t frame = 0; frame < arena->frame_count; frame++)
        if (toss(arena))
            use_frame(arena, frame);
}

static void use_odd(struct arena *arena)
{
    use_periodic(arena, 2, 0);
    for (pfn_t frame = 1; frame < arena->frame_count; frame += 2)
        if (toss(arena))
            use_frame(arena, frame);
}

static void use_rising(struct arena *arena, pfn_t longest)
{
    pfn_t length = 0;
    for (pfn_t frame = 0; frame < arena->frame_count; frame += length + 1) {
        use_frame(arena, frame);
        length = length % longest + 1;
    }
}

/* Allocates a block of a random length into the slot. False if there is no room. */
static bool fill_slot(struct arena *arena, struct frame_range *slot)
{
    struct buddy_request request = {.frame_count = 1 + random_next(&arena->random) % SHORT_MAX,
                                    .align_frames = 1,
                                    .limit = arena->frame_count};
    if (buddy_alloc(&arena->buddy, &request, &slot->first) != MM_OK)
        return false;
    slot->end = slot->first + request.frame_count;
    mark(arena, slot->first, request.frame_count, true);
    return true;
}

static void empty_slot(struct arena *arena, struct frame_range *slot)
{
    if (buddy_free(&arena->buddy, slot->first, NULL) != MM_OK)
        fail("a block could not be freed");
    mark(arena, slot->first, slot->end - slot->first, false);
}

/* Fills up to the mark, then frees and allocates blocks in turn. */
static void use_by_churn(struct arena *arena)
{
    size_t slot_count = 0;
    pfn_t free_target = arena->frame_count * (100 - CHURN_PERCENT) / 100;
    struct frame_range *slots = malloc(arena->frame_count / 16 * sizeof *slots);
    while (slots && arena->buddy.free_count > free_target && fill_slot(arena, &slots[slot_count]))
        slot_count++;
    if (slot_count == 0)
        fail("no memory, or no room for the churn");
    for (size_t step = 0; step < slot_count * CHURN_STEPS_PER_BLOCK; step++) {
        size_t chosen = random_next(&arena->random) % slot_count;
        empty_slot(arena, &slots[chosen]);
        if (!fill_slot(arena, &slots[chosen]))
            slots[chosen] = slots[--slot_count];
    }
    free(slots);
}

void arena_open(struct arena *arena, pfn_t frame_count, const struct arena_state *state)
{
    struct frame_range range = {0, frame_count};
    arena->frame_count = frame_count;
    arena->random = RANDOM_SEED;
    arena->tables = calloc(1, buddy_table_bytes(range));
    arena->used = calloc(frame_count / 64, sizeof *arena->used);
    buddy_init(&arena->buddy);
    if (!arena->tables || !arena->used ||
        buddy_add_range(&arena->buddy, range, arena->tables) != MM_OK)
        fail("no memory for the tables");
    switch (state->pattern) {
    case ARENA_PERIODIC:
        use_periodic(arena, state->period, state->phase);
        break;
    case ARENA_SCATTERED:
        use_scattered(arena, state->period);
        break;
    case ARENA_HALF:
        use_half(arena);
        break;
    case ARENA_ODD:
        use_odd(arena);
        break;
    case ARENA_RISING:
        use_rising(arena, state->period);
        break;
    case ARENA_CHURN:
        use_by_churn(arena);
        break;
    }
}

void arena_close(struct arena *arena)
{
    free(arena->tables);
    free(arena->used);
}

/* ---- frees ----------------------------------------------------------------------------------- */

static void free_lately_below(struct arena *arena, pfn_t longest, pfn_t limit)
{
    pfn_t firsts[LATELY_RUNS];
    size_t count = 0;
    for (size_t i = 0; i < LATELY_RUNS; i++) {
        pfn_t most = i % 2 == 0 ? longest : smaller_of(longest, SHORT_MAX);
        struct buddy_request request = {.frame_count = 1 + random_next(&arena->random) % most,
                                        .align_frames = 1,
                                        .limit = limit};
        count += buddy_alloc(&arena->buddy, &request, &firsts[count]) == MM_OK;
    }
    while (count > 0)
        if (buddy_free(&arena->buddy, firsts[--count], NULL) != MM_OK)
            fail("a block could not be freed");
}

void arena_free_lately(struct arena *arena, pfn_t longest)
{
    if (longest == 0)
        return;
    free_lately_below(arena, longest, 16 * MIB >> FRAME_SHIFT);
    free_lately_below(arena, longest, 4 * GIB >> FRAME_SHIFT);
    free_lately_below(arena, longest, arena->frame_count);
}
