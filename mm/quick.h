#ifndef MM_QUICK_H
#define MM_QUICK_H

/*
 * Runs that were freed a moment ago, kept by their length, so that the next request for that many
 * frames need not search nor change the tree. It only stores: what a run may be used for is decided
 * in buddy.c.
 *
 *   length      1             2                17         65    ...  256    longer
 *   counts      3             0                2          1          0      0
 *   places   | 9 4 7 . . . . . | . . . . . . . . | ... | 6 8 . | ... | 5 | ... | . |   | . |
 *
 * Short lengths have several places, for they are asked for most; beyond QUICK_MIDDLE_MAX each
 * length has one, and all beyond QUICK_LENGTH_MAX have one together. The functions that every
 * allocation and every free goes through are inline.
 */

#include "bits.h"
#include "types.h"

#define QUICK_SHORT_MAX 16
#define QUICK_SHORT_PLACES 8
#define QUICK_MIDDLE_MAX 64
#define QUICK_MIDDLE_PLACES 3
#define QUICK_LENGTH_MAX 256

/* Where the places of the middle lengths and of the long ones begin. */
#define QUICK_MIDDLE_START (QUICK_SHORT_MAX * QUICK_SHORT_PLACES)
#define QUICK_LONG_START                                                                           \
    (QUICK_MIDDLE_START + (QUICK_MIDDLE_MAX - QUICK_SHORT_MAX) * QUICK_MIDDLE_PLACES)
#define QUICK_PLACES (QUICK_LONG_START + QUICK_LENGTH_MAX - QUICK_MIDDLE_MAX + 1)

/* Lengths are numbered as they are; all beyond QUICK_LENGTH_MAX are the last. */
#define QUICK_LONGER (QUICK_LENGTH_MAX + 1)

struct quick {
    pfn_t longer_length; /* of the one run beyond QUICK_LENGTH_MAX */
    word_t kept[QUICK_LONGER / WORD_BITS + 1]; /* bit set: a run of that length is kept */
    uint8_t counts[QUICK_LONGER + 1]; /* runs kept of each length */
    pfn_t places[QUICK_PLACES]; /* their first frames */
};

void quick_init(struct quick *quick);

static inline unsigned quick_index(pfn_t length)
{
    return length <= QUICK_LENGTH_MAX ? (unsigned)length : QUICK_LONGER;
}

static inline unsigned quick_place_count(unsigned index)
{
    if (index <= QUICK_SHORT_MAX)
        return QUICK_SHORT_PLACES;
    return index <= QUICK_MIDDLE_MAX ? QUICK_MIDDLE_PLACES : 1;
}

static inline pfn_t *quick_places(struct quick *quick, unsigned index)
{
    if (index <= QUICK_SHORT_MAX)
        return &quick->places[(index - 1) * QUICK_SHORT_PLACES];
    if (index <= QUICK_MIDDLE_MAX)
        return &quick->places[QUICK_MIDDLE_START +
                              (index - QUICK_SHORT_MAX - 1) * QUICK_MIDDLE_PLACES];
    return &quick->places[QUICK_LONG_START + index - QUICK_MIDDLE_MAX - 1];
}

/* True if the run of `length` frames (at least 1) that begins at `first` is kept. */
static inline bool quick_holds(struct quick *quick, pfn_t first, pfn_t length)
{
    unsigned index = quick_index(length);
    const pfn_t *places = quick_places(quick, index);
    for (unsigned i = quick->counts[index]; i-- > 0;)
        if (places[i] == first)
            return true;
    return false;
}

/* True if there is a place for a run of `length` frames. */
static inline bool quick_has_place(const struct quick *quick, pfn_t length)
{
    unsigned index = quick_index(length);
    return quick->counts[index] < quick_place_count(index);
}

/* Keeps a run. There must be a place for it. */
static inline void quick_put(struct quick *quick, pfn_t first, pfn_t length)
{
    unsigned index = quick_index(length);
    quick_places(quick, index)[quick->counts[index]++] = first;
    quick->kept[index / WORD_BITS] |= (word_t)1 << index % WORD_BITS;
    if (index == QUICK_LONGER)
        quick->longer_length = length;
}

/* Takes the run of `length` frames that was put last, if it ends at or below `limit`. */
static inline bool quick_take(struct quick *quick, pfn_t length, pfn_t limit, pfn_t *first)
{
    unsigned index = quick_index(length);
    if (quick->counts[index] == 0 || (index == QUICK_LONGER && quick->longer_length != length))
        return false;
    pfn_t found = quick_places(quick, index)[quick->counts[index] - 1];
    if (found + length > limit)
        return false;
    if (--quick->counts[index] == 0)
        quick->kept[index / WORD_BITS] &= ~((word_t)1 << index % WORD_BITS);
    *first = found;
    return true;
}

/* Takes a run of the greatest length kept, if that is greater than *length, which receives it. */
bool quick_take_longer(struct quick *quick, pfn_t *length, pfn_t *first);

#endif
