/*
 * Splitting blocks, in a range of two words. Which records have a block of more than RANGE_LONG
 * frames is a word here; marks.c has proofs of its own.
 */

#include "records.h"
#include "mm/split.c"

static struct buddy buddy;
static struct buddy_range range;
static uint64_t long_records;

void marks_remove(struct marks *marks, uint32_t record)
{
    claim(marks == &range.longs && (long_records & own_bit(record)) != 0);
    long_records ^= own_bit(record);
}

void range_mark_live(struct buddy_range *of, uint32_t first, uint32_t length)
{
    claim(of == &range);
    if (length > RANGE_LONG)
        long_records |= own_bit(first / WORD_BITS);
}

void range_mark_free(struct buddy_range *of, uint32_t first, uint32_t length)
{
    claim(of == &range);
    if (length > RANGE_LONG)
        marks_remove(&range.longs, first / WORD_BITS);
}

struct buddy_range *block_range_above(const struct buddy *of, pfn_t pfn)
{
    (void)of;
    return pfn < range.end_pfn ? &range : NULL;
}

enum mm_status block_refusal(const struct buddy *of, pfn_t first)
{
    (void)of, (void)first;
    return any_bool() ? MM_INSIDE_BLOCK : MM_ALREADY_FREE;
}

struct block_of {
    uint32_t first;
    uint32_t end;
};

/* Any records, and one block [first, end) in them; nothing is set aside. */
static struct block_of make_block(void)
{
    make_records();
    struct block_of block = {(uint32_t)any_below(FRAMES), (uint32_t)any_below(FRAMES) + 1};
    range.records = records;
    range.first = (uint32_t)any_below(WORD_BITS);
    range.end = (uint32_t)any_below(FRAMES) + 1;
    range.origin = any_below((pfn_t)1 << 32) * WORD_BITS;
    range.first_pfn = range.origin + range.first;
    range.end_pfn = range.origin + range.end;
    range.borders[1] = range.borders[2] = UINT32_MAX;
    range.live_count = any32();
    assume(range.first <= block.first && block.end <= range.end);
    assume(range.live_count >= block.end - block.first);
    assume(range.live_count <= range.end - range.first);
    assume(is_live(block.first, block.end));
    long_records = block.end - block.first > RANGE_LONG ? own_bit(block.first / WORD_BITS) : 0;
    buddy.hit = any_bool() ? &range : NULL;
    return block;
}

/* Two blocks lie where one was; a place that is not inside the block is refused. */
void prove_split(void)
{
    struct block_of block = make_block();
    pfn_t at = any64();
    uint32_t other = (uint32_t)any_below(FRAMES);
    uint32_t live = range.live_count;
    bool begin = begins(other);
    bool end = ends(other);
    uint32_t frame = (uint32_t)(at - range.origin);
    enum mm_status status = buddy_split(&buddy, range.origin + block.first, at);
    bool is_inside = at > range.origin + block.first && at < range.origin + block.end;
    claim(status == (is_inside ? MM_OK : MM_OUTSIDE_BLOCK));
    if (is_inside)
        claim(is_live(block.first, frame) && is_live(frame, block.end));
    claim(begins(other) == (begin || (is_inside && other == frame)));
    claim(ends(other) == (end || (is_inside && other == frame)));
    claim(range.live_count == live);
    REACHED();
}

/* Each frame of the block is a block, and nothing else changes. */
void prove_split_frames(void)
{
    struct block_of block = make_block();
    uint32_t other = (uint32_t)any_below(FRAMES + 1);
    bool begin = begins(other);
    bool end = ends(other);
    bool is_inside = other >= block.first && other < block.end;
    claim(buddy_split_evenly(&buddy, range.origin + block.first, 1) == MM_OK);
    claim(begins(other) == (begin || is_inside));
    claim(ends(other) == (end || (other > block.first && other <= block.end)));
    claim(long_records == 0);
    if (is_inside)
        claim(range_length(&range, other) == 1);
    REACHED();
}

/* Blocks of two frames or more follow each other, and the last one has what is left. */
void prove_split_evenly(void)
{
    struct block_of block = make_block();
    uint32_t length = (uint32_t)any_below(FRAMES) + 2;
    uint32_t live = range.live_count;
    assume(block.end - block.first > length && block.end - block.first <= 3 * length);
    struct block whole = {&range, block.first, block.end};
    split_evenly(&whole, length);
    for (uint32_t first = block.first; first < block.end; first += length)
        claim(is_live(first, bits_smaller(first + length, block.end)));
    claim(range.live_count == live);
    REACHED();
}
