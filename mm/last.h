#ifndef MM_LAST_H
#define MM_LAST_H

/*
 * The shortest ways through the buddy, for the calls that are made most: a request for the very
 * length that was freed last, and a free of the block that was taken last, which nobody needs to
 * find or to measure. Only buddy.c and mm.c include this.
 */

#include "inside.h"

MM_BEGIN_DECLS

/* ---- taking ---------------------------------------------------------------------------------- */

/* Makes frames that are counted as live a block, and returns the first one. */
static inline pfn_t last_hand_out(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                  uint32_t length)
{
    struct buddy_taken taken = {range, range->origin + first, length};
    MM_ASSERT_COSTLY(range_has_run(range, first, first + length) && length <= buddy->free_count);
    buddy->free_count -= length;
    buddy->taken = taken;
    return taken.first;
}

/* Takes the run freed last, for its whole length. */
static inline pfn_t last_take(struct buddy *buddy)
{
    struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    struct buddy_range *range = last->range;
    uint32_t first = last->first;
    uint32_t length = last->end - first;
    last->range = NULL;
    last->end = first;
    return last_hand_out(buddy, range, first, length);
}

/* True if that is right for a request for any frames. It is for at least one. */
static inline bool last_is_wanted(const struct buddy *buddy, uint32_t frame_count)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return last->end - last->first == frame_count &&
           last->first >= last->range->borders[buddy->top_band];
}

/*
 * For any frames, at least one, if the run freed last is not what is wanted: in this band, the
 * highest there is or one that the limit is the end of, or below.
 */
enum mm_status buddy_alloc_other(struct buddy *buddy, unsigned top_band, uint32_t frame_count,
                                 pfn_t *first);

/* True if it lies in the window, and in the highest band that the window reaches into. */
bool buddy_last_is_within(const struct buddy *buddy, pfn_t lowest, pfn_t limit);

/* True if it is right for a request for frames of the window. */
static inline bool last_is_wanted_within(const struct buddy *buddy, uint32_t frame_count,
                                         pfn_t lowest, pfn_t limit)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return last->end - last->first == frame_count && buddy_last_is_within(buddy, lowest, limit);
}

/* ---- freeing --------------------------------------------------------------------------------- */

/* A block becomes the run freed last, and the one before goes where it belongs. */
void buddy_replace_last(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                        uint32_t length);

/* A block becomes the run freed last. Its range counts it as live until it is put away. */
static inline void last_set_aside(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                  uint32_t length)
{
    struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    MM_ASSERT_COSTLY(block_begins_at(buddy, range, first) && range_length(range, first) == length);
    buddy->free_count += length;
    if (last->range) {
        buddy_replace_last(buddy, range, first, length);
        return;
    }
    last->range = range;
    last->first = first;
    last->end = first + length;
}

/* The range of the block that was taken last, if that begins at `first`; else NULL. */
static inline struct buddy_range *last_taken_range(const struct buddy *buddy, pfn_t first)
{
    return bits_are_same(buddy->taken.first, first) ? buddy->taken.range : NULL;
}

/* Frees the block that was taken last, if it is the one that begins at `first`; else false. */
static inline bool last_free(struct buddy *buddy, pfn_t first)
{
    struct buddy_range *range = last_taken_range(buddy, first);
    if (!range)
        return false;
    buddy_forget_taken(buddy);
    last_set_aside(buddy, range, (uint32_t)(first - range->origin), buddy->taken.length);
    return true;
}

/* Frees a block of which somebody else knows the length. */
static inline void last_free_known(struct buddy *buddy, pfn_t first, uint32_t length)
{
    struct buddy_range *range = block_range(buddy, first);
    MM_ASSERT_COSTLY(range);
    buddy->hit = range;
    buddy_forget_taken(buddy);
    last_set_aside(buddy, range, (uint32_t)(first - range->origin), length);
}

MM_END_DECLS

#endif
