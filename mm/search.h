#ifndef MM_SEARCH_H
#define MM_SEARCH_H

/*
 * Searches the tree of one range for the highest place; choose.c calls it. An observer may watch
 * each step. Requests that need no search never come here, so the observer costs them nothing.
 */

#include "place.h"
#include "tree.h"

MM_BEGIN_DECLS

/* What is looked at: in search.c up to SEARCH_RUN, in choose.c from SEARCH_BAND on. */
enum search_event {
    SEARCH_FULL, /* a block of the tree that is all free */
    SEARCH_OVER, /* a block that holds no place: the search steps over it */
    SEARCH_ENTER, /* a block that the search goes down into */
    SEARCH_RUN, /* a free run of the tree that has no place */
    SEARCH_BAND, /* the part of the window that is searched now */
    SEARCH_LAST, /* the run freed last has another length, or no place */
    SEARCH_LISTED, /* a listed run that has no place */
    SEARCH_LISTS, /* no listed run of at least the wanted length has a place */
    SEARCH_CUT, /* the cutting run has no place at its end */
    SEARCH_LAST_END, /* the run freed last, joined with cutting runs: no place at its ends */
    SEARCH_ASIDE, /* a run set aside, with its free neighbours, has no place */
    SEARCH_TREE, /* the tree of a range is searched now */
};

struct search_step {
    enum search_event event;
    unsigned order; /* of a block */
    struct frame_range frames; /* the frames of this block, run, window or range */
    pfn_t head; /* of a block: the free frames at its start, in its tree */
    pfn_t longest; /* of a block, and of a tree: in the longest free run */
    pfn_t tail; /* of a block: at its end */
};

/* `see` is called for each step, in order. It must not change the buddy. */
struct search_observer {
    void (*see)(struct search_observer *observer, const struct search_step *step);
};

/* Tells a step that has no block. */
void search_tell(struct search_observer *observer, enum search_event event, pfn_t first, pfn_t end);

/*
 * A place, and the free run around it. Of a tree's run, only the part inside the window is known.
 */
struct search_result {
    pfn_t place;
    pfn_t run_first;
    pfn_t run_end;
};

/* Finds the highest place in the tree for the wish. False if there is none. */
bool search_tree(const struct tree *tree, const struct place_wish *wish,
                 struct search_result *result);

/* The same, with an observer. */
bool search_tree_watched(const struct tree *tree, const struct place_wish *wish,
                         struct search_result *result, struct search_observer *observer);

/* The length of the longest free run in [lowest, limit); 0 if there is none. */
uint32_t search_longest(const struct tree *tree, pfn_t lowest, pfn_t limit);

MM_END_DECLS

#endif
