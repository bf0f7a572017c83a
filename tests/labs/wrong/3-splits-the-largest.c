/* Wrong: the search for a buddy to split begins at the largest. */

#include "lab.h"

#define lab_alloc alloc_smallest
#include "docs/labs/solutions/3.c"
#undef lab_alloc

uint32_t lab_alloc(unsigned order)
{
    for (unsigned from = LAB_ORDER_COUNT; from-- > order;) {
        if (heads[from] == NIL)
            continue;
        uint32_t first = heads[from];
        remove(first);
        while (from > order) {
            from--;
            insert(first + ((uint32_t)1 << from), from);
        }
        records[first].order = order & 0xFF;
        records[first].state = TAKEN;
        return first;
    }
    return LAB_NONE;
}
