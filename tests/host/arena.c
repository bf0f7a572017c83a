/*
 * Tables come from malloc, each by itself, so that a sanitizer sees one byte too far. They are
 * filled with a pattern first: nobody promises zeros.
 */

#include "arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void arena_open(struct arena *arena)
{
    memset(arena, 0xA5, sizeof *arena);
    buddy_init(&arena->buddy);
    model_init(&arena->model);
    arena->range_count = 0;
}

void arena_close(struct arena *arena)
{
    while (arena->range_count > 0) {
        struct arena_tables *tables = &arena->tables[--arena->range_count];
        free(tables->buddy);
        free(tables->model);
    }
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
    struct arena_tables tables = {NULL, 0, NULL, 0};
    if (range.first < range.end && range.end - range.first <= BUDDY_MAX_FRAMES) {
        tables.buddy_bytes = buddy_table_bytes(range);
        tables.buddy = filled(tables.buddy_bytes);
        tables.model_bytes = model_table_bytes(range);
        tables.model = filled(tables.model_bytes);
    }
    return tables;
}

const char *arena_add(struct arena *arena, struct frame_range range, enum mm_status *status)
{
    assert(arena->range_count < ARENA_RANGES_MAX);
    struct arena_tables tables = make_tables(range);
    *status = buddy_add_range(&arena->buddy, range, tables.buddy);
    const char *broken = model_add_range(&arena->model, range, tables.model, *status);
    if (*status == MM_OK) {
        arena->tables[arena->range_count++] = tables;
    } else {
        free(tables.buddy);
        free(tables.model);
    }
    return broken;
}

static const char *count(const struct arena *arena)
{
    return arena->buddy.free_count == arena->model.free_count ? NULL
                                                              : "the count of free frames is wrong";
}

const char *arena_alloc(struct arena *arena, const struct buddy_request *request,
                        enum mm_status *status, pfn_t *first)
{
    *status = buddy_alloc(&arena->buddy, request, first);
    const char *broken =
        model_alloc(&arena->model, request, *status, *status == MM_OK ? *first : 0);
    return broken ? broken : count(arena);
}

const char *arena_free(struct arena *arena, pfn_t first, enum mm_status *status, pfn_t *frame_count)
{
    *frame_count = 0;
    *status = buddy_free(&arena->buddy, first, frame_count);
    const char *broken = model_free(&arena->model, first, *status, *frame_count);
    return broken ? broken : count(arena);
}

const char *arena_look(struct arena *arena, pfn_t lowest, pfn_t limit)
{
    return buddy_largest_run(&arena->buddy, lowest, limit) ==
                   model_largest_run(&arena->model, lowest, limit)
               ? NULL
               : "the largest free run within bounds is not what the buddy says";
}

static bool same_run(bool has_run, const struct frame_range *run, bool has_right,
                     const struct frame_range *right)
{
    return has_run == has_right &&
           (!has_run || (run->first == right->first && run->end == right->end));
}

const char *arena_find(struct arena *arena, pfn_t pfn)
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

const char *arena_compare(struct arena *arena)
{
    const char *broken = model_compare(&arena->model, &arena->buddy);
    return broken ? broken : buddy_check(&arena->buddy);
}

size_t arena_snapshot_bytes(const struct arena *arena)
{
    size_t size_bytes = sizeof arena->buddy + sizeof arena->model;
    for (size_t i = 0; i < arena->range_count; i++)
        size_bytes += arena->tables[i].buddy_bytes + arena->tables[i].model_bytes;
    return size_bytes;
}

static unsigned char *save(unsigned char *to, const void *from, size_t size_bytes)
{
    memcpy(to, from, size_bytes);
    return to + size_bytes;
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
