#ifndef MM_RANGES_H
#define MM_RANGES_H

/*
 * All ranges as a search tree, so that a thousand are searched as quickly as a few. It is built
 * anew with each range that is added; what a range knows of those below it is in stretch.h.
 *
 * The higher a range's order (stretch.h), the higher it is in the tree. Ranges of one order,
 * between two neighbours of larger orders, are a balanced tree: of a number of ranges of that
 * order, counted from the lowest, those stand highest whose count can be halved most often.
 *
 *                         4 (order 11)
 *           2 (order 10)                      8
 *       1              3                6
 *                                    5     7
 *
 * So a path from the root has at most log2(n) + 1 ranges of each order that n ranges have.
 */

#include "range.h"

MM_BEGIN_DECLS

/* The tree over a list of ranges, from the highest down: its root, NULL if there are none. */
struct buddy_range *ranges_build(struct buddy_range *highest);

/* The lowest range that ends above `pfn`; NULL if none does. */
struct buddy_range *ranges_find_above(struct buddy_range *root, pfn_t pfn);

/*
 * A walk over the ranges in order, from the highest down (`side` is STRETCH_HIGHER) or from the
 * lowest up (STRETCH_LOWER). Stretches that fail the test are left out. NULL is the end.
 */
typedef bool ranges_test(const struct buddy_range *range, void *context);
struct buddy_range *ranges_first(struct buddy_range *root, unsigned side, ranges_test *test,
                                 void *context);
struct buddy_range *ranges_next(struct buddy_range *range, unsigned side, ranges_test *test,
                                void *context);

/* NULL if the tree is right, else what is not. */
const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root);

MM_END_DECLS

#endif
