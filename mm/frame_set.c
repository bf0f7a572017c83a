/* Empties, walks and checks a set of single frames, a word at a time. */

#include "frame_set.h"

void frame_set_init(struct frame_set *set)
{
    static const struct frame_word none = {0, 0};
    set->count = 0;
    set->current = 0;
    for (uint32_t i = 0; i < FRAME_SET_PLACES / WORD_BITS; i++)
        set->filled[i] = 0;
    for (uint32_t i = 0; i < FRAME_SET_PLACES; i++)
        set->words[i] = none;
}

uint32_t frame_set_next_place(const struct frame_set *set, uint32_t place)
{
    MM_ASSERT_COSTLY(set->count > 0 && place < FRAME_SET_PLACES);
    uint32_t i = place / WORD_BITS;
    uint64_t filled = set->filled[i] & WORD_ONES << place % WORD_BITS;
    while (!filled) {
        i = (i + 1) % (FRAME_SET_PLACES / WORD_BITS);
        filled = set->filled[i];
    }
    return i * WORD_BITS + bits_lowest(filled);
}

struct frame_word frame_set_empty_place(struct frame_set *set, uint32_t place)
{
    struct frame_word word = set->words[place];
    MM_ASSERT_COSTLY(word.held != 0 && bits_has(set->filled[place / WORD_BITS], place));
    set->words[place].held = 0;
    set->filled[place / WORD_BITS] &= ~bits_of(place);
    set->count -= bits_count(word.held);
    return word;
}

const char *frame_set_check(const struct frame_set *set)
{
    uint32_t count = 0;
    for (uint32_t place = 0; place < FRAME_SET_PLACES; place++) {
        const struct frame_word *word = &set->words[place];
        if (bits_has(set->filled[place / WORD_BITS], place) != (word->held != 0))
            return "a front's place is said to be used that is not";
        if (word->held != 0 &&
            (word->first % WORD_BITS != 0 || frame_set_place(word->first) != place))
            return "a front's frames are in the wrong place";
        count += bits_count(word->held);
    }
    return count == set->count ? NULL : "a front's count of frames is wrong";
}
