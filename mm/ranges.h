#ifndef MM_RANGES_H
#define MM_RANGES_H

/*
 * All ranges as a search tree, so that a thousand are searched as quickly as a few. It is built anew
 * with each range that is added; what it sums up is kept by range.c.
 */

#include "range.h"

MM_BEGIN_DECLS

/* The tree over a list of ranges, from the highest down: its root, NULL if there are none. */
struct buddy_range *ranges_build(struct buddy_range *highest);

/* The range that holds `pfn`; NULL if none does. */
struct buddy_range *ranges_find(struct buddy_range *root, pfn_t pfn);

/* NULL if the tree is right, else what is not. */
const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root);

MM_END_DECLS

#endif
