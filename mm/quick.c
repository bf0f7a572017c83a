/* What is seldom needed of the kept runs: an empty start, and the longest. Knows no spans. */

#include "quick.h"

#define KEPT_WORDS (QUICK_LONGER / WORD_BITS + 1)

void quick_init(struct quick *quick)
{
    quick->longer_length = 0;
    for (unsigned i = 0; i < KEPT_WORDS; i++)
        quick->kept[i] = 0;
    for (unsigned index = 0; index <= QUICK_LONGER; index++)
        quick->counts[index] = 0;
}

/* The greatest length of which a run is kept; 0 if there is none. */
static pfn_t greatest_length(const struct quick *quick)
{
    if (quick->counts[QUICK_LONGER] != 0)
        return quick->longer_length;
    for (unsigned i = KEPT_WORDS; i-- > 0;)
        if (quick->kept[i])
            return i * WORD_BITS + bits_highest(quick->kept[i]);
    return 0;
}

bool quick_take_longer(struct quick *quick, pfn_t *length, pfn_t *first)
{
    pfn_t greatest = greatest_length(quick);
    if (greatest <= *length || !quick_take(quick, greatest, UINT64_MAX, first))
        return false;
    *length = greatest;
    return true;
}
