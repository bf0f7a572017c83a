#ifndef PROOF_RECORDS_H
#define PROOF_RECORDS_H

/*
 * The records of one range of two words, as range.h describes them, and what their bits say. The
 * record behind the last word is there, too.
 */

#include "any.h"
#include "mm/range.h"

#define RECORDS 2
#define FRAMES (RECORDS * WORD_BITS)

static struct range_part records[RECORDS + 2];

static uint64_t own_bit(uint32_t frame)
{
    return (uint64_t)1 << frame % WORD_BITS;
}

static bool begins(uint32_t frame)
{
    return (records[frame / WORD_BITS].begins & own_bit(frame)) != 0;
}

static bool ends(uint32_t frame)
{
    return (records[frame / WORD_BITS].ends & own_bit(frame)) != 0;
}

/* Any bits and lengths. */
static void make_records(void)
{
    for (unsigned i = 0; i <= RECORDS; i++) {
        records[i].begins = any64();
        records[i].ends = any64();
        records[i].length = any32();
    }
}

/* Nothing begins or ends inside [first, end), apart from a begin at `first`. */
static bool is_bare(uint32_t first, uint32_t end)
{
    bool bare = true;
    for (uint32_t i = 0; i <= RECORDS; i++) {
        uint64_t inside = 0;
        if (end > i * WORD_BITS && first < (i + 1) * WORD_BITS) {
            inside = WORD_ONES;
            if (first > i * WORD_BITS)
                inside &= WORD_ONES << first % WORD_BITS;
            if (end < (i + 1) * WORD_BITS)
                inside &= ~(WORD_ONES << end % WORD_BITS);
            if (first / WORD_BITS == i)
                inside &= ~own_bit(first);
        }
        bare = bare && ((records[i].begins | records[i].ends) & inside) == 0;
    }
    return bare;
}

/* [first, end) is a live run, as the records say it. */
static bool is_live(uint32_t first, uint32_t end)
{
    return first < end && begins(first) && ends(end) && is_bare(first, end) &&
           (end - first <= WORD_BITS || records[first / WORD_BITS].length == end - first);
}

#endif
