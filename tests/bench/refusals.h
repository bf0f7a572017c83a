#ifndef TESTS_BENCH_REFUSALS_H
#define TESTS_BENCH_REFUSALS_H

/*
 * How long our buddy takes to say no, at worst: in each of the states of arena.h, just freed or
 * not, for many kinds of requests, each with the least count of frames that cannot be had, which
 * leaves the most runs to look at.
 */

#include "mm/types.h"

enum refusal_kind {
    REFUSAL_PLAIN, /* with a limit or without */
    REFUSAL_BOUNDED, /* aligned, bounded by a boundary or a lowest frame, with a limit or without */
    REFUSAL_KINDS
};

struct refusals {
    size_t measured; /* pairs of state and request */
    size_t left_out; /* of a kind and state that took a hundred times the limit once already */
    double worst_ns;
    char worst[160]; /* the state and the request */
};

/*
 * Fills REFUSAL_KINDS of them, for an arena of so many frames. Ends the program if a request is
 * refused that fits, or served where nothing fits.
 */
void refusals_measure(pfn_t frame_count, double limit_ns, struct refusals *kinds);

#endif
