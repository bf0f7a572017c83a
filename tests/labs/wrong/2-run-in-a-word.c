/* Wrong: a run is looked for in one word after the other, and never across two. */

#include "lab.h"

#define lab_alloc alloc_anywhere
#include "docs/labs/solutions/2.c"
#undef lab_alloc

uint32_t lab_alloc(uint32_t count)
{
    for (uint32_t first = 0; count <= frame_total && first <= frame_total - count; first++) {
        uint32_t run = 0;
        while (run < count && (first + run) / 32 == first / 32 && !is_used(first + run))
            run++;
        if (run == count) {
            flip(first, count);
            free_total -= count;
            return first;
        }
    }
    return LAB_NONE;
}
