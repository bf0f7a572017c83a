/* Wrong: the merged buddy does not look for its own buddy in turn. */

#include "lab.h"

#define lab_free free_rightly
#include "docs/labs/solutions/3.c"
#undef lab_free

bool lab_free(uint32_t first)
{
    if (first >= frame_total || records[first].state != TAKEN)
        return false;
    unsigned order = records[first].order;
    uint32_t buddy = first ^ (uint32_t)1 << order;
    records[first].state = INSIDE;
    if (buddy < frame_total && records[buddy].state == FREE && records[buddy].order == order) {
        remove(buddy);
        first &= ~((uint32_t)1 << order);
        order++;
    }
    insert(first, order);
    return true;
}
