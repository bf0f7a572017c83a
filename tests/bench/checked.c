/*
 * Stands between a workload and an allocator, and holds every answer against a byte for each frame.
 * A refusal is no wrong answer here: the textbook has reasons of its own for that.
 */

#include "allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct allocator *inner;
static uint8_t *taken; /* 1: in a block that somebody has */
static uint64_t managed_count;

static void checked_open(uint64_t frame_count)
{
    managed_count = frame_count;
    taken = calloc(frame_count, 1);
    inner->open(frame_count);
}

static void checked_close(void)
{
    inner->close();
    free(taken);
}

static bool checked_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    uint64_t end = limit < managed_count ? limit : managed_count;
    if (!inner->alloc(frame_count, limit, first))
        return false;
    if (*first > end || end - *first < frame_count || memchr(taken + *first, 1, frame_count)) {
        fprintf(stderr, "bench: %s gave %llu frames at %llu, below %llu\n", inner->name,
                (unsigned long long)frame_count, (unsigned long long)*first,
                (unsigned long long)end);
        abort();
    }
    memset(taken + *first, 1, frame_count);
    return true;
}

static void checked_free(uint64_t first, uint64_t frame_count)
{
    memset(taken + first, 0, frame_count);
    inner->free(first, frame_count);
}

const struct allocator *allocator_checked(const struct allocator *allocator)
{
    static struct allocator checked;
    inner = allocator;
    checked = *allocator;
    checked.open = checked_open;
    checked.close = checked_close;
    checked.alloc = checked_alloc;
    checked.free = checked_free;
    return &checked;
}
