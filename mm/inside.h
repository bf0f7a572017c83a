#ifndef MM_INSIDE_H
#define MM_INSIDE_H

/* What the buddy's own files share. Apart from them, only mm.c uses it, through last.h. */

#include "buddy.h"
#include "ranges.h"

MM_BEGIN_DECLS

/* ---- blocks ---------------------------------------------------------------------------------- */

/* The lowest range that ends above `pfn`; NULL if none does. */
struct buddy_range *block_range_above(const struct buddy *buddy, pfn_t pfn);

/* The range that holds `pfn`; NULL if none does. */
static inline struct buddy_range *block_range(const struct buddy *buddy, pfn_t pfn)
{
    struct buddy_range *range = buddy->hit;
    if (range && pfn - range->first_pfn < range->end - range->first)
        return range;
    range = block_range_above(buddy, pfn);
    return range && pfn >= range->first_pfn ? range : NULL;
}

/* True if a run that is set aside begins at the frame. */
static inline bool is_set_aside(const struct buddy *buddy, const struct buddy_range *range,
                                uint32_t frame)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    const struct buddy_run *cut_run = &buddy->aside[range_band(range, frame)];
    return (last->first == frame && last->range == range) ||
           (cut_run->first == frame && cut_run->range == range);
}

/* Frames of the range that are in blocks. */
static inline uint32_t block_frames(const struct buddy *buddy, const struct buddy_range *range)
{
    const struct buddy_run *last = &buddy->aside[BUDDY_ASIDE_LAST];
    return range->live_count - (last->range == range ? last->end - last->first : 0);
}

/* True if a block begins at the frame. */
static inline bool block_begins_at(const struct buddy *buddy, const struct buddy_range *range,
                                   uint32_t frame)
{
    return range_begins_at(range, frame) && !is_set_aside(buddy, range, frame);
}

/* Forgets the block taken last: a block is freed or split, and it may be this one. */
static inline void buddy_forget_taken(struct buddy *buddy)
{
    buddy->taken.range = NULL;
}

/* Why no block begins at a managed frame: MM_INSIDE_BLOCK or MM_ALREADY_FREE. */
enum mm_status block_refusal(const struct buddy *buddy, pfn_t first);

/* Makes frames a block. They must be in no list, in no tree, and not live. */
static inline void block_enter(struct buddy_range *range, uint32_t first, uint32_t length)
{
    MM_ASSERT_COSTLY(length > 0);
    range_enter(range, first, length);
    range_count_live(range, first, length);
}

/*
 * Puts a run away (buddy.h). The tables mark its frames as live, but it is neither a block nor set
 * aside.
 */
void buddy_put_away(struct buddy *buddy, struct buddy_range *range, uint32_t first, uint32_t end);

/* ---- the index ------------------------------------------------------------------------------- */

/* Moves all listed runs into the trees. */
void buddy_empty_index(struct buddy *buddy);

MM_END_DECLS

#endif
