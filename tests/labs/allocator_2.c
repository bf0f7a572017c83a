/* Lab 2, the bitmap. */

#include "allocator.h"

#include "docs/labs/2-bitmap/lab.h"

static size_t table_bytes(uint32_t frame_count)
{
    return LAB_WORDS(frame_count) * sizeof(uint32_t);
}

static void start(void *tables, uint32_t first, uint32_t frame_count)
{
    (void)first;
    lab_init(tables, frame_count);
}

static uint32_t take(const struct allocator_request *request)
{
    return lab_alloc(request->count);
}

const struct allocator allocator = {
    .table_bytes = table_bytes,
    .start = start,
    .take = take,
    .give = lab_free,
};
