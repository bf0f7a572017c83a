/*
 * Lab 4: looks at the free runs from the highest one down, and at the places in each run from the
 * highest one down. It compares differences, in 64 bits, so that no sum overflows. The kernel's
 * mm/place.c gives the same answers without looking at every place.
 */

#include "docs/labs/4-limits/lab.h"

static bool is_used(const struct lab_arena *arena, uint32_t frame)
{
    uint32_t index = frame - arena->first;
    return arena->used[index / 32] >> index % 32 & 1;
}

/* The last frame differs from the first in a bit of the boundary or above it. */
static bool crosses(const struct lab_request *request, uint32_t first)
{
    uint32_t last = first + (request->count - 1);
    return request->boundary != 0 && ((first ^ last) & ~(request->boundary - 1)) != 0;
}

/* The highest place in the free frames [first, end). */
static uint32_t find_in_run(const struct lab_request *request, uint32_t first, uint32_t end)
{
    if (request->count == 0 || end - first < request->count)
        return LAB_NONE;
    uint32_t place = (end - request->count) & ~(request->align - 1);
    while (place >= first) {
        if (!crosses(request, place))
            return place;
        if (place - first < request->align)
            break;
        place -= request->align;
    }
    return LAB_NONE;
}

uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request)
{
    uint32_t lowest = request->lowest > arena->first ? request->lowest : arena->first;
    uint32_t end = request->limit < arena->end ? request->limit : arena->end;
    if (request->boundary != 0 && request->boundary < request->count)
        return LAB_NONE;
    while (end > lowest) {
        if (is_used(arena, end - 1)) {
            end--;
            continue;
        }
        uint32_t first = end;
        while (first > lowest && !is_used(arena, first - 1))
            first--;
        uint32_t place = find_in_run(request, first, end);
        if (place != LAB_NONE)
            return place;
        end = first;
    }
    return LAB_NONE;
}
