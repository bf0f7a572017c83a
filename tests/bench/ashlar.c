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

static struct frame_range cut_range(uint64_t frame_count, uint64_t range_count, uint64_t number)
{
    return (struct frame_range){frame_count * number / range_count,
                                frame_count * (number + 1) / range_count};
}

static void open_ranges(uint64_t frame_count, uint32_t range_count)
{
    size_t index_bytes = buddy_index_bytes(frame_count, range_count);
    size_t bytes = index_bytes;
    for (uint32_t i = 0; i < range_count; i++)
        bytes += buddy_table_bytes(cut_range(frame_count, range_count, i));
    char *memory = tables = malloc(bytes);
    if (!memory)
        abort();
    buddy_init(&buddy);
    buddy_add_index(&buddy, frame_count, range_count, memory);
    memory += index_bytes;
    for (uint32_t i = 0; i < range_count; i++) {
        struct frame_range range = cut_range(frame_count, range_count, i);
        if (buddy_add_range(&buddy, range, memory) != MM_OK)
            abort();
        memory += buddy_table_bytes(range);
    }
}

static void open_200(uint64_t frame_count)
{
    open_ranges(frame_count, 200);
}

static void open_1000(uint64_t frame_count)
{
    open_ranges(frame_count, 1000);
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

const struct allocator allocator_ashlar_200 = {
    "200 ranges", open_200, ashlar_close, ashlar_alloc, ashlar_free, no_waste, ashlar_table_bytes,
};

const struct allocator allocator_ashlar_1000 = {
    "1000 ranges", open_1000, ashlar_close, ashlar_alloc, ashlar_free, no_waste, ashlar_table_bytes,
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
