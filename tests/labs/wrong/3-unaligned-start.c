/* Wrong: the arena is cut into the smallest blocks first, so that the others begin anywhere. */

#include "lab.h"

#define lab_init init_aligned
#include "docs/labs/solutions/3.c"
#undef lab_init

void lab_init(void *tables, uint32_t frame_count)
{
    init_aligned(tables, frame_count);
    for (unsigned order = 0; order < LAB_ORDER_COUNT; order++)
        while (heads[order] != NIL)
            remove(heads[order]);
    uint32_t first = 0;
    for (unsigned order = 0; order < LAB_ORDER_COUNT; order++)
        if (frame_count >> order & 1) {
            insert(first, order);
            first += (uint32_t)1 << order;
        }
}
