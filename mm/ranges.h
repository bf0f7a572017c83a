#ifndef MM_RANGES_H
#define MM_RANGES_H

/*
 * All ranges as a search tree, so that a thousand ranges are searched as quickly as a few. It is
 * built anew when a range is added or removed. stretch.h says what a range knows of the ranges
 * below it.
 *
 * A range of a larger order (stretch.h) is higher in the tree. The ranges of each order are counted
 * from the lowest address on: 1, 2, 3 and so on. The more often a range's count can be halved, the
 * higher it is among the ranges of its order. So the ranges of one order between two neighbours of
 * larger orders are a balanced tree.
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

/*
 * Builds the tree over a list of ranges, which is linked from the highest down. Returns its root;
 * NULL if there are no ranges.
 */
struct buddy_range *ranges_build(struct buddy_range *highest);

/* The lowest range that ends above `pfn`; NULL if there is none. */
struct buddy_range *ranges_find_above(struct buddy_range *root, pfn_t pfn);

/*
 * A walk over the ranges in order, from the highest down (`side` is STRETCH_HIGHER) or from the
 * lowest up (STRETCH_LOWER). Stretches for which `test` is false are left out. NULL at the end.
 */
typedef bool ranges_test(const struct buddy_range *range, void *context);
struct buddy_range *ranges_first(struct buddy_range *root, unsigned side, ranges_test *test,
                                 void *context);
struct buddy_range *ranges_next(struct buddy_range *range, unsigned side, ranges_test *test,
                                void *context);

/* NULL if the tree is right, else what is wrong. */
const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root);

MM_END_DECLS

#endif
