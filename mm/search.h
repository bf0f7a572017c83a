#ifndef MM_SEARCH_H
#define MM_SEARCH_H

/*
 * The search for the highest place in the tree of one range; choose.h says when. Somebody may watch
 * it: an observer sees each step. A request that needs no search never comes here, so it costs the
 * quick ones nothing.
 */

#include "place.h"
#include "tree.h"

MM_BEGIN_DECLS

/* What is looked at: by search.c from SEARCH_FULL to SEARCH_RUN, by choose.c from SEARCH_BAND
   on. */
enum search_event {
    SEARCH_FULL, /* a block of the tree that is all free */
    SEARCH_OVER, /* a block that holds no place: the search steps over it */
    SEARCH_ENTER, /* a block that the search goes down into */
    SEARCH_RUN, /* a free run of the tree that has no place */
    SEARCH_BAND, /* the part of the window that is searched now */
    SEARCH_LAST, /* the run freed last, which will not do */
    SEARCH_LISTED, /* a listed run that has no place */
    SEARCH_LISTS, /* no list from the least length on has a place */
    SEARCH_CUT, /* the run that blocks are cut off has no place at its end */
    SEARCH_LAST_END, /* the same with the runs that are cut beside it: no place at its ends */
    SEARCH_ASIDE, /* a run set aside, with its free neighbours, has no place */
    SEARCH_TREE, /* the tree of a range is searched now */
};

struct search_step {
    enum search_event event;
    unsigned order; /* of a block */
    struct frame_range frames; /* that it is about */
    pfn_t head; /* of a block: the free frames at its start, in its tree */
    pfn_t longest; /* of a block, and of a tree: in the longest free run */
    pfn_t tail; /* of a block: at its end */
};

/* `see` is called for each step, in order; it must not change what is searched. */
struct search_observer {
    void (*see)(struct search_observer *observer, const struct search_step *step);
};

/* A step that is about frames only. */
void search_tell(struct search_observer *observer, enum search_event event, pfn_t first, pfn_t end);

/* A place, and the free run that it is in, up to its end in the window. */
struct search_result {
    pfn_t place;
    pfn_t run_first;
    pfn_t run_end;
};

/* False if the tree has no place for the wish. */
bool search_tree(const struct tree *tree, const struct place_wish *wish,
                 struct search_result *result);

/* The same, with an observer. */
bool search_tree_watched(const struct tree *tree, const struct place_wish *wish,
                         struct search_result *result, struct search_observer *observer);

/* The longest free run in [lowest, limit); 0 if there is none. */
uint32_t search_longest(const struct tree *tree, pfn_t lowest, pfn_t limit);

MM_END_DECLS

#endif
