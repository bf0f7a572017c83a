/*
 * A range is removed: the list of ranges, the range hit last, the runs set aside and the index do
 * not lead to it any more. The functions of other files are stubs.
 */

#include "any.h"
#include "mm/remove.c"

#define RANGES 3u

static struct buddy buddy;
static struct buddy_range high, middle, low;
static struct buddy_range *numbered[RANGES + 1];
static unsigned count;
static bool is_index_empty;

void buddy_empty_index(struct buddy *of)
{
    claim(of == &buddy);
    is_index_empty = true;
}

void index_init(struct run_index *index)
{
    claim(index == &buddy.index && is_index_empty);
    index->origins = NULL;
}

void index_create(struct run_index *index, void *memory, pfn_t frame_count, uint32_t range_count)
{
    (void)frame_count, (void)range_count;
    claim(index == &buddy.index && is_index_empty);
    index->origins = (pfn_t *)memory;
}

void index_number_ranges(struct run_index *index, struct buddy_range *highest)
{
    claim(index == &buddy.index && highest == buddy.highest && is_index_empty);
}

void stretch_init(struct stretch *stretch, struct frame_range frames, void *memory)
{
    (void)memory;
    claim(stretch == &buddy.highest->stretch && frames.first == buddy.highest->first_pfn);
}

struct buddy_range *ranges_build(struct buddy_range *highest)
{
    return highest;
}

static struct buddy_range *range_of(unsigned i)
{
    return i == 0 ? &high : i == 1 ? &middle : &low;
}

static struct buddy_range *any_range(void)
{
    return any_bool() ? range_of((unsigned)any_below(RANGES)) : NULL;
}

/* A range that ends at or below `limit`. If it is not the last of `count`, it has a lower one. */
static void make_range(struct buddy_range *range, unsigned i, pfn_t limit)
{
    range->first_pfn = any64();
    range->end_pfn = any64();
    assume(range->first_pfn < range->end_pfn && range->end_pfn <= limit);
    range->end = (uint32_t)(range->end_pfn - range->first_pfn);
    range->lower = i + 1 < count ? range_of(i + 1) : NULL;
    range->number = any_bool() ? RANGE_NOT_LISTED : (uint16_t)i;
    range->index_memory = range;
    range->live_count = any32();
    numbered[i] = range;
}

static void make_buddy(void)
{
    count = (unsigned)any_below(RANGES + 1);
    make_range(&high, 0, PHYS_LIMIT >> FRAME_SHIFT);
    make_range(&middle, 1, high.first_pfn);
    make_range(&low, 2, middle.first_pfn);
    buddy.highest = count > 0 ? &high : NULL;
    buddy.index.ranges = numbered;
    buddy.index.origins = (pfn_t *)(void *)any_range();
    buddy.hit = any_range();
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        buddy.aside[i].range = any_range();
    buddy.aside[BUDDY_ASIDE_LAST].end = any32();
    buddy.frame_count = any64();
    buddy.free_count = any64();
}

/* The range is in no list, and neither a hit nor a run that is set aside leads to it. */
void prove_remove(void)
{
    make_buddy();
    struct frame_range frames = {any64(), any64()};
    pfn_t frame_count = buddy.frame_count;
    pfn_t free_count = buddy.free_count;
    unsigned which = (unsigned)any_below(RANGES);
    const struct buddy_range *one = range_of(which);
    bool is_there = which < count;
    bool is_it = is_there && one->first_pfn == frames.first && one->end_pfn == frames.end;
    bool is_free = is_it && block_frames(&buddy, one) == 0;
    void *tables = NULL;
    enum mm_status status = buddy_remove_range(&buddy, frames, &tables);
    bool is_gone = status == MM_OK && tables == one;
    bool is_listed = false;
    for (const struct buddy_range *range = buddy.highest; range; range = range->lower)
        is_listed |= range == one;
    claim(is_listed == (is_there && !is_gone));
    claim(!is_it || status == (is_free ? MM_OK : MM_IN_USE));
    claim(is_gone == is_free);
    if (is_gone) {
        pfn_t length = frames.end - frames.first;
        claim(buddy.hit != one && buddy.root != one && buddy.index.origins != one->index_memory);
        claim(one->number == RANGE_NOT_LISTED || !numbered[one->number]);
        for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
            claim(buddy.aside[i].range != one);
        claim(buddy.frame_count == frame_count - length && buddy.free_count == free_count - length);
        claim(buddy.end_pfn == (buddy.highest ? buddy.highest->end_pfn : 0));
    } else if (status != MM_OK) {
        claim(buddy.frame_count == frame_count && buddy.free_count == free_count);
    }
    REACHED();
}
