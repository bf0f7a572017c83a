/* Wrong: multiples of the alignment are counted from the arena's first frame, not from frame 0. */

#include "lab.h"

#define lab_find find_aligned
#include "docs/labs/solutions/4.c"
#undef lab_find

uint32_t lab_find(const struct lab_arena *arena, const struct lab_request *request)
{
    struct lab_request any = *request;
    any.align = 1;
    for (;;) {
        uint32_t place = find_aligned(arena, &any);
        if (place == LAB_NONE || (place - arena->first) % request->align == 0)
            return place;
        any.limit = place + request->count - 1;
    }
}
