/* Wrong: where the highest place of a run crosses the boundary, the run is given up. */

#include "lab.h"

#define lab_find find_all
#include "docs/labs/solutions/4.c"
#undef lab_find

uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request)
{
    struct lab_request unbounded = *request;
    unbounded.boundary = 0;
    for (;;) {
        uint32_t place = find_all(arena, &unbounded);
        if (place == LAB_NONE || !crosses(request, place))
            return place;
        while (place > arena->first && !is_used(arena, place - 1))
            place--;
        unbounded.limit = place;
    }
}
