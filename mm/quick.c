/* What is seldom needed of the kept runs: the long ones, and the longest. Knows no spans. */

#include "quick.h"

void quick_init(struct quick *quick)
{
    quick->longest = 0;
    quick->longer_length = 0;
    for (uint32_t length = 0; length <= QUICK_LENGTH_MAX; length++)
        quick->slots[length].count = 0;
}

bool quick_put_longer(struct quick *quick, uint32_t first, uint32_t length)
{
    if (quick->longer_length != 0)
        return false;
    quick->longer_first = first;
    quick->longer_length = length;
    return true;
}

bool quick_take_longer(struct quick *quick, uint32_t length, uint32_t limit, uint32_t *first)
{
    if (quick->longer_length != length || quick->longer_first + length > limit)
        return false;
    quick->longer_length = 0;
    *first = quick->longer_first;
    return true;
}

bool quick_take_longest(struct quick *quick, uint32_t length, struct quick_run *run)
{
    while (quick->longest > 0 && quick->slots[quick->longest].count == 0)
        quick->longest--;
    run->length = quick->longer_length != 0 ? quick->longer_length : quick->longest;
    if (run->length <= length)
        return false;
    return quick_take(quick, run->length, UINT32_MAX, &run->first);
}
