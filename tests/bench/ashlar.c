/*
 * Ours, as somebody uses it who wants frames alone; and one that does nothing, to see what the
 * harness costs.
 */

#include "allocator.h"

#include <stdlib.h>

#include "mm/buddy.h"

static struct buddy buddy;
static void *tables;

static void ashlar_open(uint64_t frame_count)
{
    struct frame_range range = {0, frame_count};
    tables = malloc(buddy_table_bytes(range));
    buddy_init(&buddy);
    if (!tables || buddy_add_range(&buddy, range, tables) != MM_OK)
        abort();
}

static void ashlar_close(void)
{
    free(tables);
}

static bool ashlar_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    struct buddy_request request = {.frame_count = frame_count, .align_frames = 1, .limit = limit};
    return buddy_alloc(&buddy, &request, first) == MM_OK;
}

static void ashlar_free(uint64_t first, uint64_t frame_count)
{
    (void)frame_count;
    if (buddy_free(&buddy, first, NULL) != MM_OK)
        abort();
}

static uint64_t no_waste(uint64_t frame_count)
{
    (void)frame_count;
    return 0;
}

static size_t ashlar_table_bytes(uint64_t frame_count)
{
    struct frame_range range = {0, frame_count};
    return buddy_table_bytes(range);
}

const struct allocator allocator_ashlar = {
    "ashlar", ashlar_open, ashlar_close, ashlar_alloc, ashlar_free, no_waste, ashlar_table_bytes,
};

static void null_open(uint64_t frame_count)
{
    (void)frame_count;
}

static void null_close(void)
{
}

static bool null_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    (void)frame_count, (void)limit;
    *first = 0;
    return true;
}

static void null_free(uint64_t first, uint64_t frame_count)
{
    (void)first, (void)frame_count;
}

static size_t null_table_bytes(uint64_t frame_count)
{
    (void)frame_count;
    return 0;
}

const struct allocator allocator_null = {
    "nothing", null_open, null_close, null_alloc, null_free, no_waste, null_table_bytes,
};
