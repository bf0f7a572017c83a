/* Wrong: first + count is compared, and is 0 or little where the numbers are large. */

#include "lab.h"

#define lab_find find_rightly
#include "docs/labs/solutions/4.c"
#undef lab_find

uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request)
{
    for (uint32_t place = arena->end; place-- > arena->first;) {
        uint32_t end = place + request->count;
        if (place < request->lowest || end > request->limit || end > arena->end ||
            place % request->align || crosses(request, place))
            continue;
        uint32_t free_count = 0;
        while (free_count < request->count && !is_used(arena, place + free_count))
            free_count++;
        if (free_count == request->count)
            return place;
    }
    return LAB_NONE;
}
