#ifndef MM_QUICK_H
#define MM_QUICK_H

/*
 * Runs that were freed a moment ago, kept by their length, so that the next request for that many
 * frames need not search nor change the tree. It only stores: what a run may be used for is
 * decided in buddy.c.
 */

#include "types.h"

#define QUICK_LENGTH_MAX 256
#define QUICK_RUNS_MAX 128 /* at a time: what it costs to give all back bounds every operation */
#define QUICK_PLACES 352

struct quick {
    uint32_t run_count; /* of all lengths */
    pfn_t long_first; /* the one run longer than QUICK_LENGTH_MAX */
    pfn_t long_length; /* its frames; 0: none is kept */
    uint8_t counts[QUICK_LENGTH_MAX + 1]; /* runs kept of each length */
    pfn_t places[QUICK_PLACES]; /* their first frames, a few places for each length */
};

void quick_init(struct quick *quick);

/* Keeps a run of `length` frames (at least 1). False if there is no place for it. */
bool quick_put(struct quick *quick, pfn_t first, pfn_t length);

/* Takes the run of `length` frames that was put last, if it ends at or below `limit`. */
bool quick_take(struct quick *quick, pfn_t length, pfn_t limit, pfn_t *first);

/* Takes any run; *length receives its length. False if there is none. */
bool quick_take_any(struct quick *quick, pfn_t *first, pfn_t *length);

#endif
