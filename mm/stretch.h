#ifndef MM_STRETCH_H
#define MM_STRETCH_H

/*
 * What a range knows together with all ranges below it in the tree of ranges (ranges.h). In memory
 * these are neighbours: a stretch.
 *
 * A stretch has the numbers that a block has (reach.h), each the largest of all its ranges. So one
 * look says whether one of a thousand ranges can serve a request. Its order is such that no frame
 * of it, but frame 0, is a multiple of 2^order: larger borders and alignments make no difference
 * there. Only the few ranges that hold a multiple of 2^STRETCH_ORDER_MAX, and those that are
 * larger, have no larger order for that; then the numbers say at most more than there is.
 *
 * A range by itself keeps nothing: all is 0 then.
 */

#include "place.h"

MM_BEGIN_DECLS

struct buddy_range;

#define STRETCH_ORDER_MAX 20

/* The halves of those below. */
#define STRETCH_LOWER 0
#define STRETCH_HIGHER 1

/*
 * A range's place in the tree, and what it knows. What it sums up holds for all below it, and
 * itself.
 */
struct stretch {
    struct buddy_range *halves[2];
    struct buddy_range *above;
    struct frame_range span;
    reach_t *own; /* numbers of the range itself */
    reach_t *all; /* those of the stretch; the same memory where nothing is below */
    uint32_t height; /* larger than that of all below; 0 for a range by itself (ranges.h) */
    uint8_t order; /* at least the order of all below */
    bool has_live; /* some frames are a block's; not kept where nothing is above */
    bool is_new; /* what is below changed in the last stretch_build */
};

/* Bytes of numbers for a range by itself and its stretch, a multiple of 8. */
size_t stretch_bytes(struct frame_range frames);

/* The range is by itself. */
void stretch_init(struct stretch *stretch, struct frame_range frames, void *memory);

/*
 * While the tree is built: sets what is below, NULL if nothing; and then, when both halves are
 * built, lays the numbers out and sums them up, if anything below is another than before.
 */
void stretch_set_half(struct buddy_range *range, unsigned side, struct buddy_range *below);
void stretch_build(struct buddy_range *range);

/*
 * Sums up anew, here and above, what has changed in a range's tree (these rows of its largest
 * blocks, see reach.h; all of them raised if frames became free), or whether it has a block.
 */
void stretch_tell_free(struct buddy_range *range, uint32_t rows, bool is_free);
void stretch_tell_live(struct buddy_range *range);

/*
 * False only if the range, or none of the stretch, has a place in its tree, whatever the window is.
 */
bool stretch_may_have_own(const struct stretch *stretch, const struct place_wish *wish);
bool stretch_may_have(const struct stretch *stretch, const struct place_wish *wish);

/* The longest run in the trees of the stretch of a range. */
uint32_t stretch_longest(const struct buddy_range *range);

/*
 * False if it is wrong: first what is about the place in the tree, and, if that is right for all
 * ranges, what is summed up. Both go by what is just below.
 */
bool stretch_check_place(const struct buddy_range *range);
bool stretch_check_sums(const struct buddy_range *range);

MM_END_DECLS

#endif
