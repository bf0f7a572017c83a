/* Wrong: a buddy as in lab 3, which rounds every request up. */

#define lab_alloc alloc_order
#include "docs/labs/solutions/3.c"
#undef lab_alloc

#include "docs/labs/5-exact/lab.h"

uint32_t lab_alloc(uint32_t count)
{
    unsigned order = 0;
    while (order < LAB_ORDER_COUNT && (uint32_t)1 << order < count)
        order++;
    return count == 0 ? LAB_NONE : alloc_order(order);
}

uint32_t lab_largest(void)
{
    unsigned order = LAB_ORDER_COUNT;
    while (order > 0 && counts[order - 1] == 0)
        order--;
    return order == 0 ? 0 : (uint32_t)1 << (order - 1);
}
