/*
 * Finds the steps in which a block is split off and merged. A buddy is split if an end of the block
 * lies inside of it. So at most two of an order are split, and their addresses follow from the
 * block's. Splits go from the largest order down, merges from the smallest up.
 */

#include "view_splits.h"

#include "mm/bits.h"

static pfn_t frames_of(unsigned order)
{
    return (pfn_t)1 << order;
}

unsigned view_first_order(struct frame_range run)
{
    unsigned longest = bits_highest(run.end - run.first);
    unsigned aligned = run.first ? bits_lowest(run.first) : longest;
    return aligned < longest ? aligned : longest;
}

struct view_buddy view_buddy_around(struct frame_range run, pfn_t pfn)
{
    struct view_buddy buddy = {pfn, 0};
    for (unsigned order = 1; order < BUDDY_ORDER_COUNT; order++) {
        pfn_t first = pfn >> order << order;
        if (first < run.first || run.end - first < frames_of(order))
            break;
        buddy = (struct view_buddy){first, (uint8_t)order};
    }
    return buddy;
}

/* True if an end of the block lies inside of that buddy, and the buddy in the run. */
static bool has_inside(const struct view_splits *splits, pfn_t first, unsigned order, pfn_t end)
{
    return first < end && first >= splits->run.first && first + frames_of(order) <= splits->run.end;
}

/* Where the buddies of that order begin that are to be split; returns how many there are. */
static unsigned find_split(const struct view_splits *splits, unsigned order, pfn_t firsts[2])
{
    pfn_t low = splits->block.first >> order << order;
    pfn_t high = splits->block.end >> order << order;
    unsigned count = 0;
    if (has_inside(splits, low, order, splits->block.first))
        firsts[count++] = low;
    if (has_inside(splits, high, order, splits->block.end) && (count == 0 || high != low))
        firsts[count++] = high;
    return count;
}

static bool is_split(const struct view_splits *splits, pfn_t first, unsigned order)
{
    pfn_t firsts[2];
    unsigned count = order >= splits->level ? find_split(splits, order, firsts) : 0;
    return count > 0 && (firsts[0] == first || firsts[count - 1] == first);
}

static void list_buddies(struct view_splits *splits)
{
    struct frame_range rest = splits->run;
    splits->count = 0;
    while (rest.first < rest.end && splits->count < VIEW_BUDDY_MAX) {
        unsigned order = view_first_order(rest);
        while (is_split(splits, rest.first, order))
            order--;
        splits->buddies[splits->count++] = (struct view_buddy){rest.first, (uint8_t)order};
        rest.first += frames_of(order);
    }
}

/* Lists what there is behind the stage of that order. False if there is no such stage. */
static bool pass_order(struct view_splits *splits, unsigned order, struct view_split_stage *stage)
{
    pfn_t firsts[2] = {0};
    unsigned count = find_split(splits, order, firsts);
    *stage = (struct view_split_stage){order, firsts[0], count};
    list_buddies(splits);
    return count > 0;
}

void view_splits_start(struct view_splits *splits, struct frame_range run, struct frame_range block)
{
    struct view_buddy last = view_buddy_around(run, block.end - 1);
    run.first = view_buddy_around(run, block.first).first;
    run.end = last.first + frames_of(last.order);
    *splits = (struct view_splits){.run = run, .block = block, .level = BUDDY_ORDER_COUNT};
    list_buddies(splits);
}

void view_merges_start(struct view_splits *splits, struct frame_range run, struct frame_range block)
{
    *splits = (struct view_splits){.run = run, .block = block, .merges = true};
    list_buddies(splits);
}

bool view_splits_next(struct view_splits *splits, struct view_split_stage *stage)
{
    unsigned last = splits->merges ? BUDDY_ORDER_COUNT : 0;
    while (splits->level != last)
        if (pass_order(splits, splits->merges ? splits->level++ : --splits->level, stage))
            return true;
    return false;
}

/* ---- marks ----------------------------------------------------------------------------------- */

static void mark(struct view_marks *marks, pfn_t first, unsigned order, enum view_mark_look look)
{
    view_marks_add(marks, order, (struct frame_range){first, first + frames_of(order)}, look);
}

/* What was split, or the halves of what was merged, in the order of the stages. */
static void mark_gone(const struct view_splits *splits, struct view_marks *marks)
{
    for (unsigned i = 1; i < BUDDY_ORDER_COUNT; i++) {
        unsigned order = splits->merges ? i : BUDDY_ORDER_COUNT - i;
        unsigned gone = splits->merges ? order - 1 : order;
        pfn_t firsts[2];
        unsigned count = find_split(splits, order, firsts);
        for (unsigned j = 0; j < count && splits->merges == (order < splits->level); j++)
            for (pfn_t part = 0; part < frames_of(order); part += frames_of(gone))
                mark(marks, firsts[j] + part, gone, VIEW_MARK_HOLLOW);
    }
}

void view_splits_mark(const struct view_splits *splits, struct view_marks *marks)
{
    mark_gone(splits, marks);
    for (size_t i = 0; i < splits->count; i++)
        mark(marks, splits->buddies[i].first, splits->buddies[i].order, VIEW_MARK_PIECE);
}
