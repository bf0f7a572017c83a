#ifndef MM_SEARCH_H
#define MM_SEARCH_H

/* The search for the highest place in a tree. */

#include "place.h"
#include "tree.h"

MM_BEGIN_DECLS

/* A place, and the free run that it is in, up to its end in the window. */
struct search_result {
    pfn_t place;
    pfn_t run_first;
    pfn_t run_end;
};

/* False if the tree has no place for the wish. */
bool search_tree(const struct tree *tree, const struct place_wish *wish,
                 struct search_result *result);

/* The longest free run in [lowest, limit); 0 if there is none. */
uint32_t search_longest(const struct tree *tree, pfn_t lowest, pfn_t limit);

MM_END_DECLS

#endif
