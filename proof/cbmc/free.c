/* Runs that are set aside, and counting free frames, in a range of two words. */

#include "records.h"
#include "mm/bands.c"
#include "mm/free.c"

static struct buddy buddy;
static struct buddy_range range;

bool tree_has(const struct tree *tree, uint32_t frame)
{
    (void)tree, (void)frame;
    return any_bool();
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
    for (unsigned i = 0; i <= RECORDS; i++)
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
