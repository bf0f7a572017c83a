#ifndef MM_FRAME_SET_H
#define MM_FRAME_SET_H

/*
 * A set of single frames for a front (front.h): a bit for each frame, 64 neighbouring frames in a
 * word. The number of a frame says at which place of the table its word must be. So a frame is
 * found at once, and neighbouring frames stay together. Two words with the same place cannot both
 * be in the set.
 *
 *   place    0      1      2      3    ...
 *   first   4096   64     128           -      the word's first frame
 *   held    ...1   1111   .1..   ....   0
 */

#include "bits.h"
#include "types.h"

MM_BEGIN_DECLS

#ifndef FRAME_SET_PLACES
#define FRAME_SET_PLACES 1024u
#endif

struct frame_word {
    pfn_t first; /* a multiple of WORD_BITS */
    uint64_t held; /* 0: the place is not used */
};

struct frame_set {
    uint32_t count; /* of frames */
    uint32_t current; /* the next frame is taken from this place, if it is used */
    uint64_t filled[FRAME_SET_PLACES / WORD_BITS]; /* a bit for each place that is used */
    struct frame_word words[FRAME_SET_PLACES];
};

/* Starts empty. */
void frame_set_init(struct frame_set *set);

/*
 * The first used place from `place` on; if there is none, the first used place from 0 on. The set
 * must not be empty.
 */
uint32_t frame_set_next_place(const struct frame_set *set, uint32_t place);

/* Takes all frames of a used place out of the set, and returns their word. */
struct frame_word frame_set_empty_place(struct frame_set *set, uint32_t place);

/* The place of a frame's word. */
static inline uint32_t frame_set_place(pfn_t pfn)
{
    return (uint32_t)(pfn / WORD_BITS) % FRAME_SET_PLACES;
}

/* False if another word has the place of this frame's word. */
static inline bool frame_set_has_room(const struct frame_set *set, pfn_t pfn)
{
    uint32_t place = frame_set_place(pfn);
    return set->words[place].held == 0 ||
           set->words[place].first == (pfn & ~(pfn_t)(WORD_BITS - 1));
}

static inline bool frame_set_has(const struct frame_set *set, pfn_t pfn)
{
    uint64_t held = set->words[frame_set_place(pfn)].held;
    return frame_set_has_room(set, pfn) && bits_has(held, (uint32_t)pfn);
}

/* Adds a frame that the set does not have, and has room for. The next one is taken near it. */
static inline void frame_set_add(struct frame_set *set, pfn_t pfn)
{
    uint32_t place = frame_set_place(pfn);
    MM_ASSERT_COSTLY(frame_set_has_room(set, pfn) && !frame_set_has(set, pfn));
    set->words[place].first = pfn & ~(pfn_t)(WORD_BITS - 1);
    set->words[place].held |= bits_of((uint32_t)pfn);
    set->filled[place / WORD_BITS] |= bits_of(place);
    set->current = place;
    set->count++;
}

/* Takes a frame out of a set that is not empty, and returns it. */
static inline pfn_t frame_set_take(struct frame_set *set)
{
    MM_ASSERT_COSTLY(set->count > 0);
    uint32_t place = set->current;
    if (set->words[place].held == 0)
        place = frame_set_next_place(set, place);
    uint64_t held = set->words[place].held;
    uint64_t left = held & (held - 1);
    set->words[place].held = left;
    if (left == 0)
        set->filled[place / WORD_BITS] ^= bits_of(place);
    set->current = place;
    set->count--;
    return set->words[place].first + bits_lowest(held);
}

/* NULL if the set's words, places and count agree, else what is wrong. */
const char *frame_set_check(const struct frame_set *set);

MM_END_DECLS

#endif
