/*
 * A bitmap, searched from the first frame for a run that is long enough: as small and as slow as
 * can be.
 */

#include "allocator.h"

#include <stdlib.h>

static uint64_t *used; /* a bit for each frame */
static uint64_t used_count;

static bool is_used(uint64_t frame)
{
    return used[frame / 64] >> frame % 64 & 1;
}

static void first_fit_open(uint64_t frame_count)
{
    used_count = frame_count;
    used = calloc((frame_count + 63) / 64, sizeof *used);
}

static void first_fit_close(void)
{
    free(used);
}

static bool first_fit_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    uint64_t run = 0;
    if (limit > used_count)
        limit = used_count;
    for (uint64_t frame = 0; frame < limit; frame++) {
        if (frame % 64 == 0 && used[frame / 64] == UINT64_MAX) {
            run = 0;
            frame += 63;
            continue;
        }
        run = is_used(frame) ? 0 : run + 1;
        if (run == frame_count) {
            *first = frame + 1 - frame_count;
            for (uint64_t i = *first; i <= frame; i++)
                used[i / 64] |= (uint64_t)1 << i % 64;
            return true;
        }
    }
    return false;
}

static void first_fit_free(uint64_t first, uint64_t frame_count)
{
    for (uint64_t i = first; i < first + frame_count; i++)
        used[i / 64] &= ~((uint64_t)1 << i % 64);
}

static uint64_t first_fit_waste(uint64_t frame_count)
{
    (void)frame_count;
    return 0;
}

static size_t first_fit_table_bytes(uint64_t frame_count)
{
    return (frame_count + 63) / 64 * sizeof *used;
}

const struct allocator allocator_first_fit = {
    "first-fit bitmap", first_fit_open,  first_fit_close,       first_fit_alloc,
    first_fit_free,     first_fit_waste, first_fit_table_bytes,
};
