/* Lab 3, the buddy. */

#include "allocator.h"

#include "docs/labs/3-buddy/lab.h"

static void start(void *tables, uint32_t first, uint32_t frame_count)
{
    (void)first;
    lab_init(tables, frame_count);
}

/* Counts are powers of two here, or UINT32_MAX: more than any order. */
static uint32_t take(const struct allocator_request *request)
{
    unsigned order = 0;
    while (order < 32 && (uint64_t)1 << order < request->count)
        order++;
    return lab_alloc(order);
}

static bool give(uint32_t first, uint32_t count)
{
    (void)count;
    return lab_free(first);
}

const struct allocator allocator = {
    .table_bytes = lab_table_bytes,
    .start = start,
    .take = take,
    .give = give,
};
