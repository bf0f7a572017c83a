#ifndef MM_QUICK_H
#define MM_QUICK_H

/*
 * Runs that were freed a moment ago, kept by their length, so that the next request for that many
 * frames need not search nor change the tree. It only stores: what a run may be used for is decided
 * in buddy.c.
 */

#include "bits.h"
#include "types.h"

#define QUICK_LENGTH_MAX 256
#define QUICK_RUNS_MAX 128 /* at a time: what it costs to give all back bounds every operation */
#define QUICK_PLACES 464
#define QUICK_KEPT_WORDS (QUICK_LENGTH_MAX / WORD_BITS + 1)

struct quick {
    uint32_t run_count; /* of all lengths */
    pfn_t long_first; /* the one run longer than QUICK_LENGTH_MAX */
    pfn_t long_length; /* its frames; 0: none is kept */
    word_t kept[QUICK_KEPT_WORDS]; /* bit set: a run of that length is kept */
    uint8_t counts[QUICK_LENGTH_MAX + 1]; /* runs kept of each length */
    pfn_t places[QUICK_PLACES]; /* their first frames, a few places for each length */
};

void quick_init(struct quick *quick);

/* True if there is a place for a run of `length` frames (at least 1), but for QUICK_RUNS_MAX. */
bool quick_has_place(const struct quick *quick, pfn_t length);

/* Keeps a run. There must be a place for it, and fewer than QUICK_RUNS_MAX runs. */
void quick_put(struct quick *quick, pfn_t first, pfn_t length);

/* Takes the run of `length` frames that was put last, if it ends at or below `limit`. */
bool quick_take(struct quick *quick, pfn_t length, pfn_t limit, pfn_t *first);

/* Takes a run of the greatest length kept, if that is greater than *length, which receives it. */
bool quick_take_longer(struct quick *quick, pfn_t *length, pfn_t *first);

#endif
