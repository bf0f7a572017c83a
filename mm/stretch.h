#ifndef MM_STRETCH_H
#define MM_STRETCH_H

/*
 * A range and all ranges below it in the tree of ranges (ranges.h) are neighbours in memory.
 * Together they are a stretch. This file has what a range knows of its stretch.
 *
 * A stretch has the same numbers as a block (reach.h). Each is the largest of all its ranges. So
 * one look says whether one of a thousand ranges can serve a request. The order of a stretch is so
 * large that none of its frames, except frame 0, is a multiple of 2^order: then larger boundaries
 * and alignments make no difference. There is one exception: no order is made larger than
 * STRETCH_ORDER_MAX for this. So for the few ranges that hold a multiple of 2^STRETCH_ORDER_MAX,
 * and for larger ones, the numbers may say more than there is, but never less.
 *
 * A range that is the only one stores no numbers: all are 0.
 */

#include "place.h"

MM_BEGIN_DECLS

struct buddy_range;

#define STRETCH_ORDER_MAX 20

/* The two sides of a range in the tree. */
#define STRETCH_LOWER 0
#define STRETCH_HIGHER 1

/* A range's place in the tree of ranges, and what it knows of itself and of all ranges below. */
struct stretch {
    struct buddy_range *halves[2];
    struct buddy_range *above;
    struct frame_range span;
    reach_t *own; /* numbers of the range itself */
    reach_t *all; /* numbers of the stretch; the same memory if nothing is below */
    uint32_t height; /* larger than all heights below; 0 if there is only one range */
    uint8_t order; /* at least as large as all orders below */
    bool has_live; /* some frames are in blocks; always false for the root */
    bool is_new; /* this range is new, or what is below changed: sum up anew */
};

/* How many bytes the numbers of a range and those of its stretch need, a multiple of 8. */
size_t stretch_bytes(struct frame_range frames);

/* Starts with only one range. `memory` has stretch_bytes(frames) bytes, and is 8-byte aligned. */
void stretch_init(struct stretch *stretch, struct frame_range frames, void *memory);

/*
 * For building the tree. stretch_set_half sets the range below on one side; NULL if there is none.
 * When both sides are set, stretch_build says where the numbers are, and sums them up if what is
 * below changed.
 */
void stretch_set_half(struct buddy_range *range, unsigned side, struct buddy_range *below);
void stretch_build(struct buddy_range *range);

/*
 * stretch_tell_free sums up anew, in this range and in those above it, after these rows of the
 * largest blocks of the range's tree changed (reach.h). If frames became free, all of these rows
 * were raised. stretch_tell_live does the same if the range's first block came, or its last one
 * went.
 */
void stretch_tell_free(struct buddy_range *range, uint32_t rows, bool is_free);
void stretch_tell_live(struct buddy_range *range);

/*
 * False only if no tree has a place, wherever the window is: the range's own tree, or, for
 * stretch_may_have, any tree of the stretch.
 */
bool stretch_may_have_own(const struct stretch *stretch, const struct place_wish *wish);
bool stretch_may_have(const struct stretch *stretch, const struct place_wish *wish);

/* The length of the longest run in the trees of a range's stretch. */
uint32_t stretch_longest(const struct buddy_range *range);

/*
 * False if something is wrong: in the range's place in the tree of ranges, or in its sums. The sums
 * are checked when the places of all ranges are right. Both functions look only at the ranges just
 * below.
 */
bool stretch_check_place(const struct buddy_range *range);
bool stretch_check_sums(const struct buddy_range *range);

MM_END_DECLS

#endif
