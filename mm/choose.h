#ifndef MM_CHOOSE_H
#define MM_CHOOSE_H

/* Chooses the free run that serves a request, by the rule in buddy.h. Changes nothing. */

#include "buddy.h"
#include "search.h"

MM_BEGIN_DECLS

/* Who has the place. */
enum choice_source {
    CHOICE_LAST, /* the run freed last, all of it */
    CHOICE_LISTED, /* a listed run */
    CHOICE_CUT, /* the end of the band's run that is set aside */
    CHOICE_LAST_END, /* an end of the run freed last, with those that are cut beside it */
    CHOICE_ASIDE, /* a run set aside, together with its free neighbours: it is put back first */
    CHOICE_TREE, /* a run of a tree; what is set aside is put back first */
};

struct choice {
    enum choice_source source;
    unsigned band; /* BAND_COUNT: the place may lie in two */
    struct buddy_range *range;
    uint32_t node; /* CHOICE_LISTED: in the index */
    struct search_result at;
};

/* False if the buddy has no place for the wish, whose limit is at most the last range's end. */
bool choose_place(const struct buddy *buddy, const struct place_wish *wish, struct choice *found);

/*
 * What buddy_alloc would do now, step by step: it returns the status, and *found tells the place if
 * that is MM_OK. A request that breaks a rule is refused without a search, and no step is seen.
 */
enum mm_status find_request_watched(const struct buddy *buddy, const struct buddy_request *request,
                                    struct choice *found, struct search_observer *observer);

/* What is wrong with the request, or MM_OK; then *wish is what is to be found. */
enum mm_status find_wish(const struct buddy *buddy, const struct buddy_request *request,
                         struct place_wish *wish);

MM_END_DECLS

#endif
