/*
 * Tables come from malloc, each by itself, so that a sanitizer sees one byte too far. They are
 * filled with a pattern first: nobody promises zeros.
 */

#include "arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WATCH_BYTES 65536 /* that are compared for each call */

void arena_open(struct arena *arena)
{
    memset(arena, 0xA5, sizeof *arena);
    buddy_init(&arena->buddy);
    model_init(&arena->model);
    arena->range_count = 0;
    arena->before = NULL;
    arena->before_bytes = 0;
    arena->watch_count = 0;
    arena->is_watched = false;
}

void arena_close(struct arena *arena)
{
    while (arena->range_count > 0) {
        struct arena_tables *tables = &arena->tables[--arena->range_count];
        free(tables->buddy);
        free(tables->model);
    }
    free(arena->before);
    arena->before = NULL;
}

static void *filled(size_t size_bytes)
{
    void *memory = malloc(size_bytes);
    assert(memory);
    return memset(memory, 0xA5, size_bytes);
}

/* No tables for a range that must be refused: they would not be looked at, and could be huge. */
static struct arena_tables make_tables(struct frame_range range)
{
    struct arena_tables tables = {range, NULL, 0, NULL, 0};
    if (range.first < range.end && range.end - range.first <= BUDDY_MAX_FRAMES) {
        tables.buddy_bytes = buddy_table_bytes(range);
        tables.buddy = filled(tables.buddy_bytes);
        tables.model_bytes = model_table_bytes(range);
        tables.model = filled(tables.model_bytes);
    }
    return tables;
}

/* ---- what may change nothing ----------------------------------------------------------------- */

static unsigned char *save(unsigned char *to, const void *from, size_t size_bytes)
{
    memcpy(to, from, size_bytes);
    return to + size_bytes;
}

static size_t watched_bytes(const struct arena *arena)
{
    size_t size_bytes = sizeof arena->buddy;
    for (size_t i = 0; i < arena->range_count; i++)
        size_bytes += arena->tables[i].buddy_bytes;
    return size_bytes;
}

/* Saves what the next call may leave as it is; large tables only now and then, to save time. */
void arena_watch(struct arena *arena)
{
    size_t size_bytes = watched_bytes(arena);
    arena->is_watched = ++arena->watch_count * (size_t)WATCH_BYTES >= size_bytes;
    if (!arena->is_watched)
        return;
    arena->watch_count = 0;
    if (size_bytes != arena->before_bytes) {
        free(arena->before);
        arena->before = filled(size_bytes);
        arena->before_bytes = size_bytes;
    }
    unsigned char *next = save(arena->before, &arena->buddy, sizeof arena->buddy);
    for (size_t i = 0; i < arena->range_count; i++)
        next = save(next, arena->tables[i].buddy, arena->tables[i].buddy_bytes);
}

bool arena_is_as_before(const struct arena *arena)
{
    const unsigned char *before = arena->before;
    if (!arena->is_watched)
        return true;
    if (memcmp(before, &arena->buddy, sizeof arena->buddy) != 0)
        return false;
    before += sizeof arena->buddy;
    for (size_t i = 0; i < arena->range_count; i++) {
        if (memcmp(before, arena->tables[i].buddy, arena->tables[i].buddy_bytes) != 0)
            return false;
        before += arena->tables[i].buddy_bytes;
    }
    return true;
}

static const char *refusal(const struct arena *arena, enum mm_status status)
{
    return status == MM_OK || arena_is_as_before(arena) ? NULL : "a refusal changed something";
}

static const char *after_look(const struct arena *arena, const char *broken)
{
    if (broken)
        return broken;
    return arena_is_as_before(arena) ? NULL : "a look changed something";
}

/* ---- changes --------------------------------------------------------------------------------- */

const char *arena_add(struct arena *arena, struct frame_range range, enum mm_status *status)
{
    assert(arena->range_count < ARENA_RANGES_MAX);
    struct arena_tables tables = make_tables(range);
    arena_watch(arena);
    *status = buddy_add_range(&arena->buddy, range, tables.buddy);
    const char *broken = refusal(arena, *status);
    if (!broken)
        broken = model_add_range(&arena->model, range, tables.model, *status);
    if (*status == MM_OK) {
        arena->tables[arena->range_count++] = tables;
    } else {
        free(tables.buddy);
        free(tables.model);
    }
    return broken;
}

static const char *after_change(const struct arena *arena, enum mm_status status,
                                const char *broken)
{
    if (broken)
        return broken;
    if (arena->buddy.free_count != arena->model.free_count)
        return "the count of free frames is wrong";
    return refusal(arena, status);
}

const char *arena_alloc(struct arena *arena, const struct buddy_request *request,
                        enum mm_status *status, pfn_t *first)
{
    arena_watch(arena);
    *status = buddy_alloc(&arena->buddy, request, first);
    const char *broken =
        model_alloc(&arena->model, request, *status, *status == MM_OK ? *first : 0);
    return after_change(arena, *status, broken);
}

const char *arena_free(struct arena *arena, pfn_t first, enum mm_status *status, pfn_t *frame_count)
{
    *frame_count = 0;
    arena_watch(arena);
    *status = buddy_free(&arena->buddy, first, frame_count);
    const char *broken = model_free(&arena->model, first, *status, *frame_count);
    return after_change(arena, *status, broken);
}

/* ---- looks ----------------------------------------------------------------------------------- */

/* All of [first, end) is free. */
static bool is_free(const struct arena *arena, pfn_t first, pfn_t end)
{
    return model_largest_run(&arena->model, first, end) == end - first;
}

/* Both as long as they are said to be, and no longer. */
static const char *look_at_block(const struct arena *arena, pfn_t first, unsigned order)
{
    struct buddy_summary summary = buddy_sum_up(&arena->buddy, first, order);
    pfn_t end = first + ((pfn_t)1 << order);
    if (summary.longest != model_largest_run(&arena->model, first, end))
        return "the longest free run of a block is not what the buddy says";
    if (summary.head > end - first || !is_free(arena, first, first + summary.head) ||
        (summary.head < end - first && is_free(arena, first, first + summary.head + 1)))
        return "the head of a block is not what the buddy says";
    if (summary.tail > end - first || !is_free(arena, end - summary.tail, end) ||
        (summary.tail < end - first && is_free(arena, end - summary.tail - 1, end)))
        return "the tail of a block is not what the buddy says";
    return NULL;
}

const char *arena_look(struct arena *arena, pfn_t lowest, pfn_t limit)
{
    unsigned order = 0;
    arena_watch(arena);
    if (buddy_largest_run(&arena->buddy, lowest, limit) !=
        model_largest_run(&arena->model, lowest, limit))
        return "the largest free run within bounds is not what the buddy says";
    while (order < BUDDY_ORDER_COUNT - 1 && lowest + ((pfn_t)2 << order) <= limit)
        order++;
    return after_look(arena, look_at_block(arena, lowest >> order << order, order));
}

static bool same_run(bool has_run, const struct frame_range *run, bool has_right,
                     const struct frame_range *right)
{
    return has_run == has_right &&
           (!has_run || (run->first == right->first && run->end == right->end));
}

/* The free run that holds a frame is all free and ends where the frames do or are not free. */
static const char *find_free(const struct arena *arena, pfn_t pfn)
{
    struct frame_range run;
    if (!buddy_find_free(&arena->buddy, pfn, &run))
        return is_free(arena, pfn, pfn + 1) ? "a free frame is not found" : NULL;
    if (pfn < run.first || pfn >= run.end || !is_free(arena, run.first, run.end) ||
        is_free(arena, run.first, run.end + 1) ||
        (run.first > 0 && is_free(arena, run.first - 1, run.end)))
        return "the free run that holds a frame is not what the buddy says";
    return NULL;
}

static const char *find_runs(const struct arena *arena, pfn_t pfn)
{
    struct frame_range run;
    struct frame_range right;
    bool has_right = model_find_run(&arena->model, pfn, &right);
    if (!same_run(buddy_find_run(&arena->buddy, pfn, &run), &run, has_right, &right))
        return "the run that holds a frame is not what the buddy says";
    has_right = model_next_run(&arena->model, pfn, &right);
    if (!same_run(buddy_next_run(&arena->buddy, pfn, &run), &run, has_right, &right))
        return "the next run is not what the buddy says";
    return NULL;
}

const char *arena_find(struct arena *arena, pfn_t pfn)
{
    arena_watch(arena);
    const char *broken = find_runs(arena, pfn);
    return after_look(arena, broken ? broken : find_free(arena, pfn));
}

/* The tables first: what is broken could keep a walk from ending. */
const char *arena_compare(struct arena *arena)
{
    arena_watch(arena);
    const char *broken = buddy_check(&arena->buddy);
    return after_look(arena, broken ? broken : model_compare(&arena->model, &arena->buddy));
}

/* ---- saving and restoring -------------------------------------------------------------------- */

size_t arena_snapshot_bytes(const struct arena *arena)
{
    size_t size_bytes = sizeof arena->buddy + sizeof arena->model;
    for (size_t i = 0; i < arena->range_count; i++)
        size_bytes += arena->tables[i].buddy_bytes + arena->tables[i].model_bytes;
    return size_bytes;
}

void arena_save(const struct arena *arena, void *snapshot)
{
    unsigned char *next = save(snapshot, &arena->buddy, sizeof arena->buddy);
    next = save(next, &arena->model, sizeof arena->model);
    for (size_t i = 0; i < arena->range_count; i++) {
        next = save(next, arena->tables[i].buddy, arena->tables[i].buddy_bytes);
        next = save(next, arena->tables[i].model, arena->tables[i].model_bytes);
    }
}

static const unsigned char *restore(void *to, const unsigned char *from, size_t size_bytes)
{
    memcpy(to, from, size_bytes);
    return from + size_bytes;
}

void arena_restore(struct arena *arena, const void *snapshot)
{
    const unsigned char *next = restore(&arena->buddy, snapshot, sizeof arena->buddy);
    next = restore(&arena->model, next, sizeof arena->model);
    for (size_t i = 0; i < arena->range_count; i++) {
        next = restore(arena->tables[i].buddy, next, arena->tables[i].buddy_bytes);
        next = restore(arena->tables[i].model, next, arena->tables[i].model_bytes);
    }
}
