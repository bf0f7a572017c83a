/* What is right follows from the model's allocated runs and the ranges, by walking over them. */

#include "arena_calls.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *after_call(const struct arena *arena, enum mm_status status,
                              enum mm_status right)
{
    if (status != right)
        return status == MM_OK  ? "a wrong call was not refused"
               : right == MM_OK ? "a right call was refused"
                                : "a wrong call is named wrongly";
    if (arena->buddy.free_count != arena->model.free_count)
        return "the count of free frames is wrong";
    return status == MM_OK || arena_is_as_before(arena) ? NULL : "a refusal changed something";
}

static bool is_managed(const struct arena *arena, pfn_t pfn)
{
    for (size_t i = 0; i < arena->range_count; i++)
        if (pfn >= arena->tables[i].range.first && pfn < arena->tables[i].range.end)
            return true;
    return false;
}

static pfn_t length_of(struct frame_range run)
{
    return run.end - run.first;
}

/* What a call must answer about the block that begins at `first`. */
static enum mm_status judge_block(const struct arena *arena, pfn_t first, struct frame_range *block)
{
    if (model_find_run(&arena->model, first, block))
        return block->first == first ? MM_OK : MM_INSIDE_BLOCK;
    return is_managed(arena, first) ? MM_ALREADY_FREE : MM_NOT_MANAGED;
}

/* ---- parts of blocks ------------------------------------------------------------------------- */

/* The block becomes [first, at) and [at, end), of which an empty one is none. */
static const char *divide(struct arena *arena, struct frame_range block, pfn_t at)
{
    const char *broken = model_free(&arena->model, block.first, MM_OK, length_of(block));
    if (!broken && at > block.first)
        broken = model_enter(&arena->model, (struct frame_range){block.first, at});
    if (!broken && at < block.end)
        broken = model_enter(&arena->model, (struct frame_range){at, block.end});
    return broken;
}

const char *arena_split(struct arena *arena, pfn_t first, pfn_t at, enum mm_status *status)
{
    struct frame_range block;
    arena_watch(arena);
    *status = buddy_split(&arena->buddy, first, at);
    enum mm_status right = judge_block(arena, first, &block);
    if (right == MM_OK && (at <= first || at >= block.end))
        right = MM_OUTSIDE_BLOCK;
    const char *broken = right == MM_OK ? divide(arena, block, at) : NULL;
    return broken ? broken : after_call(arena, *status, right);
}

const char *arena_split_evenly(struct arena *arena, pfn_t first, pfn_t frame_count,
                               enum mm_status *status)
{
    struct frame_range block;
    const char *broken = NULL;
    arena_watch(arena);
    *status = buddy_split_evenly(&arena->buddy, first, frame_count);
    enum mm_status right = judge_block(arena, first, &block);
    if (frame_count == 0)
        right = MM_ZERO_SIZE;
    while (right == MM_OK && !broken && frame_count < length_of(block)) {
        broken = divide(arena, block, block.first + frame_count);
        block.first += frame_count;
    }
    return broken ? broken : after_call(arena, *status, right);
}

static const char *take_part_out(struct arena *arena, struct frame_range block,
                                 struct frame_range part)
{
    const char *broken = divide(arena, block, part.first);
    block.first = part.first;
    if (!broken)
        broken = divide(arena, block, part.end);
    if (!broken)
        broken = model_free(&arena->model, part.first, MM_OK, length_of(part));
    return broken;
}

const char *arena_free_part(struct arena *arena, struct frame_range part, enum mm_status *status)
{
    struct frame_range block;
    arena_watch(arena);
    *status = buddy_free_part(&arena->buddy, part);
    enum mm_status right = judge_block(arena, part.first, &block);
    if (right == MM_INSIDE_BLOCK || right == MM_OK)
        right = part.end > block.end ? MM_OUTSIDE_BLOCK : MM_OK;
    if (part.first >= part.end)
        right = MM_BAD_RANGE;
    const char *broken = right == MM_OK ? take_part_out(arena, block, part) : NULL;
    return broken ? broken : after_call(arena, *status, right);
}

/* ---- many frames ----------------------------------------------------------------------------- */

/* The free runs inside a window, the longest first. */
struct lengths {
    pfn_t *lengths;
    size_t count;
    size_t limit;
};

static void note_length(struct lengths *lengths, struct frame_range run, struct frame_range window)
{
    if (run.first < window.first)
        run.first = window.first;
    if (run.end > window.end)
        run.end = window.end;
    if (run.first >= run.end)
        return;
    if (lengths->count == lengths->limit) {
        lengths->limit = 2 * lengths->limit + 16;
        lengths->lengths = realloc(lengths->lengths, lengths->limit * sizeof *lengths->lengths);
        assert(lengths->lengths);
    }
    lengths->lengths[lengths->count++] = length_of(run);
}

static void note_range(const struct arena *arena, struct frame_range range,
                       struct frame_range window, struct lengths *lengths)
{
    struct frame_range used;
    for (pfn_t next = range.first; next < range.end; next = used.end) {
        if (!model_next_run(&arena->model, next, &used) || used.first > range.end)
            used = (struct frame_range){range.end, range.end};
        note_length(lengths, (struct frame_range){next, used.first}, window);
    }
}

static int compare_lengths(const void *left, const void *right)
{
    pfn_t a = *(const pfn_t *)left;
    pfn_t b = *(const pfn_t *)right;
    return (a < b) - (a > b);
}

static struct lengths free_lengths(const struct arena *arena, struct frame_range window)
{
    struct lengths lengths = {NULL, 0, 0};
    for (size_t i = 0; i < arena->range_count; i++)
        note_range(arena, arena->tables[i].range, window, &lengths);
    if (lengths.count > 0)
        qsort(lengths.lengths, lengths.count, sizeof *lengths.lengths, compare_lengths);
    return lengths;
}

/* The frames of the `count` longest runs. */
static pfn_t sum_of(const struct lengths *lengths, size_t count)
{
    pfn_t sum = 0;
    for (size_t i = 0; i < count && i < lengths->count; i++)
        sum += lengths->lengths[i];
    return sum;
}

static const char *judge_many(const struct arena *arena, pfn_t frame_count,
                              struct frame_range window, const struct buddy_runs *taken,
                              enum mm_status status)
{
    struct buddy_request request = {frame_count, 0, window.first, window.end, 0};
    struct lengths lengths = free_lengths(arena, window);
    pfn_t all = sum_of(&lengths, lengths.count);
    pfn_t at_most = sum_of(&lengths, taken->run_max);
    pfn_t with_one_less = taken->run_count > 0 ? sum_of(&lengths, taken->run_count - 1) : 0;
    free(lengths.lengths);
    if (model_is_wrong_at_all(&request))
        return model_is_wrong(&request, status) ? NULL : "a wrong call is not named";
    if (status == MM_OK)
        return with_one_less < frame_count ? NULL : "the runs are more than they need be";
    if (status == MM_NO_ROOM)
        return all < frame_count ? NULL : "frames were refused that are there";
    if (status == MM_NO_RECORD)
        return at_most < frame_count ? NULL : "runs were refused that have places";
    return "frames were refused for a reason that does not hold";
}

static const char *enter_many(struct arena *arena, pfn_t frame_count, struct frame_range window,
                              const struct buddy_runs *taken)
{
    const char *broken = NULL;
    pfn_t sum = 0;
    for (size_t i = 0; i < taken->run_count && !broken; i++) {
        const struct frame_range *run = &taken->runs[i];
        if (run->first < window.first || run->end > window.end)
            return "a run lies outside its window";
        sum += length_of(*run);
        broken = model_enter(&arena->model, *run);
    }
    return broken || sum == frame_count ? broken : "another number of frames was given";
}

/* Only a refusal that is known before anything is taken leaves each byte as it was. */
const char *arena_alloc_many(struct arena *arena, pfn_t frame_count, struct frame_range window,
                             struct buddy_runs *taken, enum mm_status *status)
{
    arena_watch(arena);
    *status = buddy_alloc_many(&arena->buddy, frame_count, window, taken);
    const char *broken = judge_many(arena, frame_count, window, taken, *status);
    if (!broken && *status == MM_OK)
        broken = enter_many(arena, frame_count, window, taken);
    if (broken)
        return broken;
    if (*status != MM_OK && taken->run_count != 0)
        return "runs are left of what was refused";
    if (*status == MM_NO_RECORD ||
        (*status == MM_NO_ROOM && frame_count <= arena->model.free_count))
        return arena->buddy.free_count == arena->model.free_count
                   ? NULL
                   : "the count of free frames is wrong";
    return after_call(arena, *status, *status);
}

/* A run is judged by what was there before, but one that is named twice is free at the second. */
enum mm_status arena_judge_runs(const struct arena *arena, const struct frame_range *runs,
                                size_t run_count)
{
    enum mm_status status = MM_OK;
    for (size_t i = 0; i < run_count && status == MM_OK; i++) {
        struct frame_range block;
        status = judge_block(arena, runs[i].first, &block);
        if (status == MM_OK && runs[i].end != block.end)
            status = MM_OUTSIDE_BLOCK;
        for (size_t before = 0; before < i && status == MM_OK; before++)
            if (runs[before].first == runs[i].first)
                status = MM_ALREADY_FREE;
    }
    return status;
}

const char *arena_free_many(struct arena *arena, const struct frame_range *runs, size_t run_count,
                            enum mm_status *status)
{
    const char *broken = NULL;
    arena_watch(arena);
    *status = buddy_free_many(&arena->buddy, runs, run_count);
    enum mm_status right = arena_judge_runs(arena, runs, run_count);
    for (size_t i = 0; i < run_count && right == MM_OK && !broken; i++)
        broken = model_free(&arena->model, runs[i].first, MM_OK, length_of(runs[i]));
    return broken ? broken : after_call(arena, *status, right);
}

const char *arena_free_frames(struct arena *arena, pfn_t first, uint64_t frames)
{
    uint64_t right = 0;
    const char *broken = NULL;
    for (unsigned i = 0; i < 64; i++) {
        struct frame_range block;
        if (judge_block(arena, first + i, &block) == MM_OK && block.end == first + i + 1)
            right |= (uint64_t)1 << i;
    }
    right &= frames;
    arena_watch(arena);
    if (buddy_free_frames(&arena->buddy, first, frames) != (frames & ~right))
        return "single frames are freed, or refused, that should not be";
    for (unsigned i = 0; i < 64 && !broken; i++)
        if (right >> i & 1)
            broken = model_free(&arena->model, first + i, MM_OK, 1);
    return broken
               ? broken
               : after_call(arena, right ? MM_OK : MM_NOT_A_BLOCK, right ? MM_OK : MM_NOT_A_BLOCK);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static size_t find_tables(const struct arena *arena, struct frame_range range)
{
    size_t i = 0;
    while (i < arena->range_count &&
           (arena->tables[i].range.first != range.first || arena->tables[i].range.end != range.end))
        i++;
    return i;
}

/* A model of the ranges that are left, with the blocks that were there. */
static const char *build_model(struct arena *arena)
{
    struct model old = arena->model;
    void *old_tables[ARENA_RANGES_MAX];
    const char *broken = NULL;
    model_init(&arena->model);
    for (size_t i = 0; i < arena->range_count; i++) {
        struct arena_tables *tables = &arena->tables[i];
        old_tables[i] = tables->model;
        tables->model = malloc(tables->model_bytes);
        assert(tables->model);
        if (!broken)
            broken = model_add_range(&arena->model, tables->range, tables->model, MM_OK);
    }
    struct frame_range run = {0, 0};
    while (!broken && model_next_run(&old, run.end, &run))
        broken = model_enter(&arena->model, run);
    for (size_t i = 0; i < arena->range_count; i++)
        free(old_tables[i]);
    return broken;
}

static const char *remove_tables(struct arena *arena, size_t index, const void *tables)
{
    struct arena_tables removed = arena->tables[index];
    if (tables != removed.buddy)
        return "a range's tables are not what was given";
    arena->tables[index] = arena->tables[--arena->range_count];
    free(removed.buddy);
    const char *broken = build_model(arena);
    free(removed.model);
    return broken;
}

const char *arena_remove(struct arena *arena, struct frame_range range, enum mm_status *status)
{
    void *tables = NULL;
    struct frame_range run;
    size_t index = find_tables(arena, range);
    arena_watch(arena);
    *status = buddy_remove_range(&arena->buddy, range, &tables);
    enum mm_status right = MM_OK;
    if (index == arena->range_count)
        right = MM_NOT_MANAGED;
    else if (model_next_run(&arena->model, range.first, &run) && run.first < range.end)
        right = MM_IN_USE;
    const char *broken =
        right == MM_OK && *status == MM_OK ? remove_tables(arena, index, tables) : NULL;
    return broken ? broken : after_call(arena, *status, right);
}

const char *arena_count_bands(struct arena *arena)
{
    static const pfn_t borders[] = {0, 16 * MIB >> FRAME_SHIFT, 4 * GIB >> FRAME_SHIFT,
                                    PHYS_LIMIT >> FRAME_SHIFT};
    pfn_t counts[BUDDY_BAND_COUNT];
    arena_watch(arena);
    buddy_count_bands(&arena->buddy, counts);
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++) {
        struct frame_range frames = {borders[band], borders[band + 1]};
        struct lengths lengths = free_lengths(arena, frames);
        pfn_t right = sum_of(&lengths, lengths.count);
        free(lengths.lengths);
        if (counts[band] != right)
            return "a band has another number of free frames than the buddy says";
    }
    return arena_is_as_before(arena) ? NULL : "a look changed something";
}
