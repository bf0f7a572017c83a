/* Splitting blocks, and counting free buddies, in a range of two words. */

#include "any.h"
#include "mm/bands.c"
#include "mm/free.c"
#include "mm/marks.c"
#include "mm/split.c"

#define WORDS 2
#define FRAMES (WORDS * WORD_BITS)

static struct buddy buddy;
static struct buddy_range range;
static struct range_part records[WORDS + 2];
static uint64_t marks_words[2];

static uint64_t own_bit(uint32_t frame)
{
    return (uint64_t)1 << frame % WORD_BITS;
}

static bool begins(uint32_t frame)
{
    return (records[frame / WORD_BITS].begins & own_bit(frame)) != 0;
}

static bool ends(uint32_t frame)
{
    return (records[frame / WORD_BITS].ends & own_bit(frame)) != 0;
}

void range_mark_live(struct buddy_range *of, uint32_t first, uint32_t length)
{
    claim(of == &range);
    if (length > RANGE_LONG)
        marks_add(&range.longs, first / WORD_BITS);
}

void range_mark_free(struct buddy_range *of, uint32_t first, uint32_t length)
{
    claim(of == &range);
    if (length > RANGE_LONG)
        marks_remove(&range.longs, first / WORD_BITS);
}

enum mm_status block_refusal(const struct buddy *of, pfn_t first)
{
    (void)of, (void)first;
    return any_bool() ? MM_INSIDE_BLOCK : MM_ALREADY_FREE;
}

bool tree_has(const struct tree *tree, uint32_t frame)
{
    (void)tree, (void)frame;
    return any_bool();
}

struct block_of {
    uint32_t first;
    uint32_t end;
};

static bool is_bare(uint32_t first, uint32_t end)
{
    bool bare = true;
    for (uint32_t i = 0; i <= WORDS; i++) {
        uint64_t inside = 0;
        if (end > i * WORD_BITS && first < (i + 1) * WORD_BITS) {
            inside = WORD_ONES;
            if (first > i * WORD_BITS)
                inside &= WORD_ONES << first % WORD_BITS;
            if (end < (i + 1) * WORD_BITS)
                inside &= ~(WORD_ONES << end % WORD_BITS);
            if (first / WORD_BITS == i)
                inside &= ~own_bit(first);
        }
        bare = bare && ((records[i].begins | records[i].ends) & inside) == 0;
    }
    return bare;
}

static bool is_live(uint32_t first, uint32_t end)
{
    return first < end && begins(first) && ends(end) && is_bare(first, end) &&
           range_length(&range, first) == end - first;
}

/* Any records, and one block [first, end) in them; nothing is set aside. */
static struct block_of make_block(void)
{
    for (unsigned i = 0; i <= WORDS; i++) {
        records[i].begins = any64();
        records[i].ends = any64();
        records[i].length = any32();
    }
    struct block_of block = {(uint32_t)any_below(FRAMES), (uint32_t)any_below(FRAMES) + 1};
    range.records = records;
    range.first = (uint32_t)any_below(WORD_BITS);
    range.end = (uint32_t)any_below(FRAMES) + 1;
    range.origin = any_below((pfn_t)1 << 32) * WORD_BITS;
    range.first_pfn = range.origin + range.first;
    range.end_pfn = range.origin + range.end;
    range.borders[1] = range.borders[2] = UINT32_MAX;
    range.longs.words = marks_words;
    range.longs.limit = WORDS + 2;
    range.live_count = any32();
    assume(range.first <= block.first && block.end <= range.end);
    assume(range.live_count >= block.end - block.first);
    assume(range.live_count <= range.end - range.first);
    assume(block.first < block.end && begins(block.first) && ends(block.end));
    assume(is_bare(block.first, block.end));
    assume(block.end - block.first <= WORD_BITS ||
           records[block.first / WORD_BITS].length == block.end - block.first);
    marks_words[0] = block.end - block.first > RANGE_LONG ? own_bit(block.first / WORD_BITS) : 0;
    marks_words[1] = marks_words[0] != 0;
    buddy.hit = &range;
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
    claim(marks_words[0] == 0);
    if (is_inside)
        claim(range_length(&range, other) == 1);
    REACHED();
}

/* Blocks of two frames or more follow each other, and the last one has what is left. */
void prove_split_evenly(void)
{
    struct block_of block = make_block();
    uint32_t length = (uint32_t)any_below(FRAMES) + 2;
    uint32_t other = (uint32_t)any_below(FRAMES);
    uint32_t live = range.live_count;
    assume(block.end - block.first <= 4 * length);
    claim(buddy_split_evenly(&buddy, range.origin + block.first, length) == MM_OK);
    assume(other >= block.first && other < block.end && (other - block.first) % length == 0);
    claim(is_live(other, bits_smaller(other + length, block.end)));
    claim(range.live_count == live);
    REACHED();
}

/* A run that is set aside has just its frames. */
void prove_aside(void)
{
    struct piece piece;
    uint32_t frame = any32();
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        buddy.aside[i].range = any_bool() ? &range : NULL;
        buddy.aside[i].first = any32();
        buddy.aside[i].end = any32();
    }
    bool found = find_aside(&buddy, &range, frame, &piece);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        if (buddy.aside[i].range == &range && frame >= buddy.aside[i].first &&
            frame < buddy.aside[i].end)
            claim(found);
    claim(!found || (piece.first <= frame && frame < piece.end));
    REACHED();
}

/* The free buddies of a run have together as many frames as the run, and none could be larger. */
void prove_count_run(void)
{
    pfn_t counts[BUDDY_ORDER_COUNT] = {0};
    pfn_t first = any_below(33);
    pfn_t end = any_below(33);
    pfn_t total = 0;
    assume(first <= end);
    count_run(first, end, counts);
    for (unsigned order = 0; order < 6; order++)
        total += counts[order] << order;
    claim(total == end - first);
    claim(first % 2 != 0 || end % 2 != 0 || counts[0] == 0);
    REACHED();
}

/* The bits of the frames that are in no live run, in one word. */
void prove_free_bits(void)
{
    struct range_part record = {.begins = any64(), .ends = any64()};
    bool was_free = any_bool();
    unsigned place = (unsigned)any_below(WORD_BITS);
    bool is_free = was_free;
    uint64_t bits = free_bits(&record, &is_free);
    uint64_t changes = record.begins ^ record.ends;
    bool below = place > 0 ? bits >> (place - 1) & 1 : was_free;
    claim((bits >> place & 1) == (below ^ (changes >> place & 1)));
    claim(is_free == (bits >> 63 != 0));
    REACHED();
}

/* Of the frames that are set aside, only those below the border count. */
void prove_count_below(void)
{
    uint32_t border = (uint32_t)any_below(2) * WORD_BITS;
    uint32_t other = 0;
    range.records = records;
    range.end = FRAMES;
    for (unsigned i = 0; i <= WORDS; i++)
        records[i].begins = records[i].ends = 0;
    records[0].ends = 1; /* nothing is free but what is set aside: one live run from 0 on */
    records[0].begins = 1;
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        buddy.aside[i].range = any_bool() ? &range : NULL;
        buddy.aside[i].first = (uint32_t)any_below(FRAMES);
        buddy.aside[i].end = (uint32_t)any_below(FRAMES);
        assume(buddy.aside[i].first <= buddy.aside[i].end);
        if (buddy.aside[i].range && buddy.aside[i].first < border)
            other += bits_smaller(buddy.aside[i].end, border) - buddy.aside[i].first;
    }
    claim(count_below(&buddy, &range, border) == other);
    REACHED();
}
