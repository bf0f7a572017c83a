#ifndef MM_CHOOSE_H
#define MM_CHOOSE_H

/* Chooses the free run that serves a request, by the rule in buddy.h. Changes nothing. */

#include "buddy.h"
#include "search.h"

MM_BEGIN_DECLS

/* Where the place is. */
enum choice_source {
    CHOICE_LAST, /* the run freed last, all of it */
    CHOICE_LISTED, /* a listed run */
    CHOICE_CUT, /* the end of the band's cutting run */
    CHOICE_LAST_END, /* an end of the run freed last, with the cutting runs that touch it */
    CHOICE_ASIDE, /* a run set aside, with its free neighbours: it is put back first */
    CHOICE_TREE, /* a run of a tree; all runs that are set aside are put back first */
};

struct choice {
    enum choice_source source;
    unsigned band; /* BAND_COUNT: the place may lie across a border */
    struct buddy_range *range;
    uint32_t node; /* with CHOICE_LISTED: the run's node in the index */
    struct search_result at;
};

/*
 * Finds the place for a wish, whose limit is at most the end of the highest range. False if there
 * is none.
 */
bool choose_place(const struct buddy *buddy, const struct place_wish *wish, struct choice *found);

/*
 * Does what buddy_alloc would do now, but changes nothing, and shows the observer each step.
 * Returns buddy_alloc's status; if it is MM_OK, *found is the place. A request that breaks a rule
 * is refused without a search, and the observer sees no step.
 */
enum mm_status find_request_watched(const struct buddy *buddy, const struct buddy_request *request,
                                    struct choice *found, struct search_observer *observer);

/*
 * Makes a wish of a request. Returns what is wrong with the request, MM_NO_ROOM if too few frames
 * are free in all, or MM_OK.
 */
enum mm_status find_wish(const struct buddy *buddy, const struct buddy_request *request,
                         struct place_wish *wish);

MM_END_DECLS

#endif
