/*
 * Short runs have several places, for they are asked for most; longer ones one for each length, and
 * all beyond QUICK_LENGTH_MAX one together.
 */

#include "quick.h"

#define SHORT_MAX 16
#define SHORT_PLACES 8
#define MIDDLE_MAX 64
#define MIDDLE_PLACES 3

#define MIDDLE_START (SHORT_MAX * SHORT_PLACES)
#define LONG_START (MIDDLE_START + (MIDDLE_MAX - SHORT_MAX) * MIDDLE_PLACES)
_Static_assert(LONG_START + QUICK_LENGTH_MAX - MIDDLE_MAX == QUICK_PLACES, "a place for each");


void quick_init(struct quick *quick)
{
    quick->run_count = 0;
    quick->long_length = 0;
    for (unsigned i = 0; i < QUICK_KEPT_WORDS; i++)
        quick->kept[i] = 0;
    for (unsigned length = 0; length <= QUICK_LENGTH_MAX; length++)
        quick->counts[length] = 0;
}

static unsigned place_count(unsigned length)
{
    if (length <= SHORT_MAX)
        return SHORT_PLACES;
    return length <= MIDDLE_MAX ? MIDDLE_PLACES : 1;
}

static pfn_t *places_of(struct quick *quick, unsigned length)
{
    if (length <= SHORT_MAX)
        return &quick->places[(length - 1) * SHORT_PLACES];
    if (length <= MIDDLE_MAX)
        return &quick->places[MIDDLE_START + (length - SHORT_MAX - 1) * MIDDLE_PLACES];
    return &quick->places[LONG_START + length - MIDDLE_MAX - 1];
}

bool quick_has_place(const struct quick *quick, pfn_t length)
{
    if (length > QUICK_LENGTH_MAX)
        return quick->long_length == 0;
    return quick->counts[length] < place_count((unsigned)length);
}

void quick_put(struct quick *quick, pfn_t first, pfn_t length)
{
    quick->run_count++;
    if (length > QUICK_LENGTH_MAX) {
        quick->long_first = first;
        quick->long_length = length;
        return;
    }
    places_of(quick, (unsigned)length)[quick->counts[length]++] = first;
    quick->kept[length / WORD_BITS] |= (word_t)1 << length % WORD_BITS;
}

static bool take_long(struct quick *quick, pfn_t length, pfn_t limit, pfn_t *first)
{
    if (quick->long_length != length || quick->long_first + length > limit)
        return false;
    *first = quick->long_first;
    quick->long_length = 0;
    quick->run_count--;
    return true;
}

bool quick_take(struct quick *quick, pfn_t length, pfn_t limit, pfn_t *first)
{
    if (length > QUICK_LENGTH_MAX)
        return take_long(quick, length, limit, first);
    if (quick->counts[length] == 0)
        return false;
    pfn_t found = places_of(quick, (unsigned)length)[quick->counts[length] - 1];
    if (found + length > limit)
        return false;
    if (--quick->counts[length] == 0)
        quick->kept[length / WORD_BITS] &= ~((word_t)1 << length % WORD_BITS);
    quick->run_count--;
    *first = found;
    return true;
}

/* The greatest length of which a run is kept; 0 if there is none. */
static pfn_t greatest_length(const struct quick *quick)
{
    if (quick->long_length != 0)
        return quick->long_length;
    for (unsigned i = QUICK_KEPT_WORDS; i-- > 0;)
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
