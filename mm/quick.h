#ifndef MM_QUICK_H
#define MM_QUICK_H

/*
 * Runs that were freed a moment ago, kept by their length, so that the next request for that many
 * frames need not search nor change the tree. It only stores: what a run may be used for is decided
 * in buddy.c.
 *
 *   length   1         2         3         ...   256         longer
 *   count    3         0         1               1
 *   firsts   | 9 4 7 | | . . . | | 5 . . | ...   | 6 . . |   one of any length
 *
 * Frames are numbered in 32 bits, for a 32-bit processor's sake: what lies above QUICK_FRAME_MAX is
 * not kept. The functions that every allocation and every free goes through are inline.
 */

#include "types.h"

MM_BEGIN_DECLS

#define QUICK_LENGTH_MAX 256
#define QUICK_PLACES 3 /* for each length */
#define QUICK_FRAME_MAX 0x7FFFFFFFu /* kept runs begin below 8 TiB: no sum overflows */

struct quick_slot {
    uint32_t count;
    uint32_t firsts[QUICK_PLACES];
};

struct quick {
    uint32_t longest; /* no slot beyond has a run */
    uint32_t longer_first; /* the one run beyond QUICK_LENGTH_MAX */
    uint32_t longer_length; /* 0: none is kept */
    struct quick_slot slots[QUICK_LENGTH_MAX + 1]; /* by length; slot 0 stays empty */
};

struct quick_run {
    uint32_t first;
    uint32_t length;
};

void quick_init(struct quick *quick);

/* quick_put and quick_take for runs beyond QUICK_LENGTH_MAX. */
bool quick_put_longer(struct quick *quick, uint32_t first, uint32_t length);
bool quick_take_longer(struct quick *quick, uint32_t length, uint32_t limit, uint32_t *first);

/* True if the run of `length` frames (at least 1) that begins at `first` is kept. */
static inline bool quick_holds(const struct quick *quick, uint32_t first, uint32_t length)
{
    if (length > QUICK_LENGTH_MAX)
        return quick->longer_length == length && quick->longer_first == first;
    const struct quick_slot *slot = &quick->slots[length];
    for (uint32_t i = 0; i < QUICK_PLACES; i++)
        if (i < slot->count && slot->firsts[i] == first)
            return true;
    return false;
}

/* Keeps a run that is not kept. False if there is no place for it. */
static inline bool quick_put(struct quick *quick, uint32_t first, uint32_t length)
{
    if (length > QUICK_LENGTH_MAX)
        return quick_put_longer(quick, first, length);
    struct quick_slot *slot = &quick->slots[length];
    uint32_t count = slot->count;
    if (count >= QUICK_PLACES)
        return false;
    slot->firsts[count] = first;
    slot->count = count + 1;
    if (length > quick->longest)
        quick->longest = length;
    return true;
}

/* Takes the run of `length` frames that was put last, if it ends at or below `limit`. */
static inline bool quick_take(struct quick *quick, uint32_t length, uint32_t limit, uint32_t *first)
{
    if (length > QUICK_LENGTH_MAX)
        return quick_take_longer(quick, length, limit, first);
    struct quick_slot *slot = &quick->slots[length];
    uint32_t count = slot->count;
    if (count == 0)
        return false;
    uint32_t found = slot->firsts[count - 1];
    if (found + length > limit)
        return false;
    slot->count = count - 1;
    *first = found;
    return true;
}

/* Takes a run of the greatest length kept. False if that is not greater than `length`. */
bool quick_take_longest(struct quick *quick, uint32_t length, struct quick_run *run);

MM_END_DECLS

#endif
