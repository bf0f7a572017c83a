/* Wrong: the tail of a buddy goes back, so that blocks are exact; but two free neighbours that are
 * not buddies are never seen as one run. */

#define lab_alloc alloc_order
#define lab_free free_block
#include "docs/labs/solutions/3.c"
#undef lab_alloc
#undef lab_free

#include "docs/labs/5-exact/lab.h"

static uint32_t lengths[LAB_FRAMES_MAX]; /* of the block that begins there */

/* Block by block, each as large as its place allows. */
static void give_back(uint32_t first, uint32_t end)
{
    while (first < end) {
        unsigned order = 0;
        while (first % ((uint32_t)2 << order) == 0 && end - first >= (uint32_t)2 << order)
            order++;
        records[first].order = order & 0xFF;
        records[first].state = TAKEN;
        free_block(first);
        first += (uint32_t)1 << order;
    }
}

uint32_t lab_alloc(uint32_t count)
{
    unsigned order = 0;
    while (order < LAB_ORDER_COUNT && (uint32_t)1 << order < count)
        order++;
    uint32_t first = count == 0 ? LAB_NONE : alloc_order(order);
    if (first == LAB_NONE)
        return LAB_NONE;
    lengths[first] = count;
    give_back(first + count, first + ((uint32_t)1 << order));
    return first;
}

bool lab_free(uint32_t first)
{
    if (first >= frame_total || records[first].state != TAKEN)
        return false;
    give_back(first, first + lengths[first]);
    return true;
}

uint32_t lab_largest(void)
{
    unsigned order = LAB_ORDER_COUNT;
    while (order > 0 && counts[order - 1] == 0)
        order--;
    return order == 0 ? 0 : (uint32_t)1 << (order - 1);
}
