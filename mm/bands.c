/*
 * Counts how many frames are free in each band. If a range lies in one band, its own count is used.
 * If it lies in several, the frames below each border are looked at, 64 at a time.
 */

#include "inside.h"

/*
 * The bits of those of 64 frames that are in no live run. *is_free says this of the frame before
 * them, and afterwards of the last of them.
 */
static uint64_t free_bits(const struct range_part *record, bool *is_free)
{
    uint64_t changes = record->begins ^ record->ends;
    for (unsigned shift = 1; shift < WORD_BITS; shift *= 2)
        changes ^= changes << shift;
    uint64_t bits = *is_free ? ~changes : changes;
    *is_free = bits >> (WORD_BITS - 1) != 0;
    return bits;
}

MM_STATIC_ASSERT((16 * MIB >> FRAME_SHIFT) % WORD_BITS == 0, "bands begin where a word does");

/* The free frames of the range below `border`, a frame inside it at which a band begins. */
static pfn_t count_below(const struct buddy *buddy, const struct buddy_range *range,
                         uint32_t border)
{
    pfn_t count = 0;
    bool is_free = false;
    for (uint32_t frame = 0; frame < border; frame += WORD_BITS)
        count += bits_count(free_bits(range_record(range, frame), &is_free));
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        if (run->range == range && run->first < border)
            count += bits_smaller(run->end, border) - run->first;
    }
    return count;
}

void buddy_count_bands(const struct buddy *buddy, pfn_t *counts)
{
    for (unsigned band = 0; band < BAND_COUNT; band++)
        counts[band] = 0;
    for (const struct buddy_range *range = buddy->highest; range; range = range->lower) {
        pfn_t below = 0;
        unsigned last = range_band(range, range->end - 1);
        for (unsigned band = range_band(range, range->first); band < last; band++) {
            pfn_t up_to = count_below(buddy, range, range->borders[band + 1]);
            counts[band] = up_to - below;
            below = up_to;
        }
        counts[last] += range->end - range->first - block_frames(buddy, range) - below;
    }
}
