#ifndef MM_LAST_H
#define MM_LAST_H

/*
 * The quickest calls of the buddy, for the most frequent cases: a request for just the length of
 * the run freed last, and a free of the block taken last, whose range and length are known. Only
 * buddy.c and mm.c include this.
 */

#include "inside.h"

MM_BEGIN_DECLS

/* ---- taking ---------------------------------------------------------------------------------- */

/* Makes a live run, which is counted already, the block taken last. Returns its first frame. */
static inline pfn_t last_hand_out(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                                  uint32_t length)
{
    struct buddy_taken taken = {range, range->origin + first, length};
    MM_ASSERT_COSTLY(range_has_run(range, first, first + length) && length <= buddy->free_count);
    buddy->free_count -= length;
    buddy->taken = taken;
    return taken.first;
}

/* Takes the whole run freed last, and returns its first frame. */
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

/* True if a request for any `frame_count` frames, at least 1, gets the run freed last. */
static inline bool last_is_wanted(const struct buddy *buddy, uint32_t frame_count)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return last->end - last->first == frame_count &&
           last->first >= last->range->borders[buddy->top_band];
}

/*
 * Takes any `frame_count` frames, at least 1, if the run freed last is not the right place; *first
 * receives the first one. MM_NO_ROOM if there is none. Bands above `top_band` are not used:
 * `top_band` is the buddy's, or the band at whose end the request's limit is.
 */
enum mm_status buddy_alloc_other(struct buddy *buddy, unsigned top_band, uint32_t frame_count,
                                 pfn_t *first);

/* True if the run freed last lies in the window, in the highest band that the window reaches. */
bool buddy_last_is_within(const struct buddy *buddy, pfn_t lowest, pfn_t limit);

/* True if a request for `frame_count` frames of the window gets the run freed last. */
static inline bool last_is_wanted_within(const struct buddy *buddy, uint32_t frame_count,
                                         pfn_t lowest, pfn_t limit)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return last->end - last->first == frame_count && buddy_last_is_within(buddy, lowest, limit);
}

/* ---- freeing --------------------------------------------------------------------------------- */

/* Makes a block the run freed last, and puts the one before away (buddy.h). */
void buddy_replace_last(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                        uint32_t length);

/* Makes a block the run freed last. Its range counts it as live until it is put away. */
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

/* The range of the block taken last, if this block begins at `first`; else NULL. */
static inline struct buddy_range *last_taken_range(const struct buddy *buddy, pfn_t first)
{
    return bits_are_same(buddy->taken.first, first) ? buddy->taken.range : NULL;
}

/* Frees the block taken last, if it begins at `first`; else returns false, and nothing changes. */
static inline bool last_free(struct buddy *buddy, pfn_t first)
{
    struct buddy_range *range = last_taken_range(buddy, first);
    if (!range)
        return false;
    buddy_forget_taken(buddy);
    last_set_aside(buddy, range, (uint32_t)(first - range->origin), buddy->taken.length);
    return true;
}

/* Frees the block that begins at `first`. The caller knows its length. */
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
