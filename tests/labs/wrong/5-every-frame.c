/* Wrong: right in every answer, but each of them is found by looking at all frames. */

#include "lab.h"

static unsigned char *states; /* a byte each */
static uint32_t frame_total;

enum { FREE, STARTS, CONTINUES };

size_t lab_table_bytes(uint32_t frame_count)
{
    return frame_count;
}

void lab_init(void *tables, uint32_t frame_count)
{
    states = tables;
    frame_total = frame_count;
    for (uint32_t frame = 0; frame < frame_count; frame++)
        states[frame] = FREE;
}

uint32_t lab_alloc(uint32_t count)
{
    uint32_t run = 0;
    for (uint32_t frame = 0; frame < frame_total; frame++) {
        run = states[frame] == FREE ? run + 1 : 0;
        if (run == 0 || run < count || count == 0)
            continue;
        uint32_t first = frame + 1 - count;
        for (uint32_t i = 0; i < count; i++)
            states[first + i] = i == 0 ? STARTS : CONTINUES;
        return first;
    }
    return LAB_NONE;
}

bool lab_free(uint32_t first)
{
    if (first >= frame_total || states[first] != STARTS)
        return false;
    states[first] = FREE;
    while (++first < frame_total && states[first] == CONTINUES)
        states[first] = FREE;
    return true;
}

uint32_t lab_largest(void)
{
    uint32_t largest = 0;
    uint32_t run = 0;
    for (uint32_t frame = 0; frame < frame_total; frame++) {
        run = states[frame] == FREE ? run + 1 : 0;
        largest = run > largest ? run : largest;
    }
    return largest;
}
