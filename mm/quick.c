/*
 * Short runs have several places, for they are asked for most; longer ones one for each length, and
 * all beyond QUICK_LENGTH_MAX one together.
 */

#include "quick.h"

#define SHORT_MAX 16
#define SHORT_PLACES 4
#define MIDDLE_MAX 64
#define MIDDLE_PLACES 2

#define MIDDLE_START (SHORT_MAX * SHORT_PLACES)
#define LONG_START (MIDDLE_START + (MIDDLE_MAX - SHORT_MAX) * MIDDLE_PLACES)
_Static_assert(LONG_START + QUICK_LENGTH_MAX - MIDDLE_MAX == QUICK_PLACES, "a place for each");

void quick_init(struct quick *quick)
{
    quick->run_count = 0;
    quick->long_length = 0;
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

static bool put_long(struct quick *quick, pfn_t first, pfn_t length)
{
    if (quick->long_length != 0)
        return false;
    quick->long_first = first;
    quick->long_length = length;
    quick->run_count++;
    return true;
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

bool quick_put(struct quick *quick, pfn_t first, pfn_t length)
{
    if (quick->run_count == QUICK_RUNS_MAX)
        return false;
    if (length > QUICK_LENGTH_MAX)
        return put_long(quick, first, length);
    uint8_t *count = &quick->counts[length];
    if (*count == place_count((unsigned)length))
        return false;
    places_of(quick, (unsigned)length)[(*count)++] = first;
    quick->run_count++;
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
    quick->counts[length]--;
    quick->run_count--;
    *first = found;
    return true;
}

bool quick_take_any(struct quick *quick, pfn_t *first, pfn_t *length)
{
    if (quick->run_count == 0)
        return false;
    for (*length = 1; *length <= QUICK_LENGTH_MAX; ++*length)
        if (quick_take(quick, *length, UINT64_MAX, first))
            return true;
    *length = quick->long_length;
    return *length > 0 && take_long(quick, *length, UINT64_MAX, first);
}
