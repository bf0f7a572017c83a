/*
 * Splits a block into several. A length is stored only for a block of more than 64 frames. So a
 * split writes two bits for each new border, and no frame is moved.
 */

#include "inside.h"

/* A block, in the numbers of its range. */
struct block {
    struct buddy_range *range;
    uint32_t first;
    uint32_t end;
};

static enum mm_status find_block(const struct buddy *buddy, pfn_t first, struct block *block)
{
    struct buddy_range *range = block_range(buddy, first);
    if (!range)
        return MM_NOT_MANAGED;
    uint32_t frame = (uint32_t)(first - range->origin);
    if (!block_begins_at(buddy, range, frame)) {
        enum mm_status refusal = block_refusal(buddy, first);
        MM_ASSERT_COSTLY(refusal != MM_OK);
        return refusal;
    }
    block->range = range;
    block->first = frame;
    block->end = frame + range_length(range, frame);
    return MM_OK;
}

/* Makes each frame a block, 64 frames at a time. */
static void split_frames(const struct block *block)
{
    if (block->end - block->first > RANGE_LONG)
        marks_remove(&block->range->longs, block->first / WORD_BITS);
    for (uint32_t first = block->first; first < block->end;) {
        struct range_part *record = range_record(block->range, first);
        uint64_t bits = bits_from(first, block->end);
        record->begins |= bits;
        record->ends |= bits << 1;
        record[1].ends |= bits >> (WORD_BITS - 1);
        first = (first | (WORD_BITS - 1)) + 1;
    }
}

/* Makes blocks of `length` frames, and one of the frames that are left: at least two blocks. */
static void split_evenly(const struct block *block, uint32_t length)
{
    uint32_t first = block->first;
    MM_ASSERT_COSTLY(length > 0 && length < block->end - first);
    range_count_free(block->range, first, block->end - first);
    for (; block->end - first > length; first += length)
        block_enter(block->range, first, length);
    block_enter(block->range, first, block->end - first);
}

static void split(const struct block *block, uint32_t at)
{
    MM_ASSERT_COSTLY(at > block->first && at < block->end);
    range_count_free(block->range, block->first, block->end - block->first);
    block_enter(block->range, block->first, at - block->first);
    block_enter(block->range, at, block->end - at);
}

enum mm_status buddy_split(struct buddy *buddy, pfn_t first, pfn_t at)
{
    struct block block;
    enum mm_status status = find_block(buddy, first, &block);
    if (status != MM_OK)
        return status;
    if (at <= first || at - first >= block.end - block.first)
        return MM_OUTSIDE_BLOCK;
    buddy_forget_taken(buddy);
    split(&block, (uint32_t)(at - block.range->origin));
    return MM_OK;
}

enum mm_status buddy_split_evenly(struct buddy *buddy, pfn_t first, pfn_t frame_count)
{
    struct block block;
    enum mm_status status = find_block(buddy, first, &block);
    if (frame_count == 0)
        return MM_ZERO_SIZE;
    if (status != MM_OK || frame_count >= block.end - block.first)
        return status;
    buddy_forget_taken(buddy);
    if (frame_count == 1)
        split_frames(&block);
    else
        split_evenly(&block, (uint32_t)frame_count);
    return MM_OK;
}

enum mm_status buddy_free_part(struct buddy *buddy, struct frame_range part)
{
    struct frame_range run;
    if (part.first >= part.end)
        return MM_BAD_RANGE;
    if (!buddy_find_run(buddy, part.first, &run))
        return block_range(buddy, part.first) ? MM_ALREADY_FREE : MM_NOT_MANAGED;
    if (part.end > run.end)
        return MM_OUTSIDE_BLOCK;
    if (part.end < run.end)
        buddy_split(buddy, run.first, part.end);
    if (part.first > run.first)
        buddy_split(buddy, run.first, part.first);
    return buddy_free(buddy, part.first, NULL);
}
