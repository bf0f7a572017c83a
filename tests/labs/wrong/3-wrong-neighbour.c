/* Wrong: the buddy is always looked for behind the block, where only every second one has it. */

#include "lab.h"

#define lab_free free_rightly
#include "docs/labs/solutions/3.c"
#undef lab_free

bool lab_free(uint32_t first)
{
    if (first >= frame_total || records[first].state != TAKEN)
        return false;
    unsigned order = records[first].order;
    records[first].state = INSIDE;
    for (; order + 1 < LAB_ORDER_COUNT; order++) {
        uint32_t next = first + ((uint32_t)1 << order);
        if (next >= frame_total || records[next].state != FREE || records[next].order != order)
            break;
        remove(next);
    }
    insert(first, order);
    return true;
}
