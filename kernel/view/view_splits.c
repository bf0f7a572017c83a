/*
 * Finds the steps in which a block is split off and merged: a list of buddies, from which some go
 * and to which their halves, or the wholes, come.
 */

#include "view_splits.h"

#include "mm/bits.h"

static pfn_t frames_of(unsigned order)
{
    return (pfn_t)1 << order;
}

static void append(struct view_buddy *list, size_t *count, pfn_t first, unsigned order)
{
    if (*count < VIEW_BUDDY_MAX)
        list[(*count)++] = (struct view_buddy){first, (uint8_t)order};
}

unsigned view_first_order(struct frame_range run)
{
    unsigned longest = bits_highest(run.end - run.first);
    unsigned aligned = run.first ? bits_lowest(run.first) : longest;
    return aligned < longest ? aligned : longest;
}

static void append_run(struct view_splits *splits, pfn_t first, pfn_t end)
{
    while (first < end) {
        unsigned order = view_first_order((struct frame_range){first, end});
        append(splits->buddies, &splits->count, first, order);
        first += frames_of(order);
    }
}

static void start(struct view_splits *splits, struct frame_range block)
{
    splits->block = block;
    splits->count = 0;
    splits->gone_count = 0;
}

/* Takes a buddy off the list, for what it becomes. */
static struct view_buddy take_away(struct view_splits *splits, size_t index)
{
    struct view_buddy buddy = splits->buddies[index];
    append(splits->gone, &splits->gone_count, buddy.first, buddy.order);
    splits->count--;
    for (size_t i = index; i < splits->count; i++)
        splits->buddies[i] = splits->buddies[i + 1];
    return buddy;
}

static void count_in(struct view_split_stage *stage, pfn_t first)
{
    if (stage->count == 0 || first < stage->first)
        stage->first = first;
    stage->count++;
}

/* ---- splits ---------------------------------------------------------------------------------- */

static bool overlaps(const struct view_buddy *buddy, struct frame_range range)
{
    return buddy->first < range.end && range.first < buddy->first + frames_of(buddy->order);
}

static bool is_taken_in_part(const struct view_buddy *buddy, struct frame_range block)
{
    return overlaps(buddy, block) &&
           (buddy->first < block.first || buddy->first + frames_of(buddy->order) > block.end);
}

void view_splits_start(struct view_splits *splits, struct frame_range run, struct frame_range block)
{
    size_t kept = 0;
    start(splits, block);
    append_run(splits, run.first, run.end);
    for (size_t i = 0; i < splits->count; i++)
        if (overlaps(&splits->buddies[i], block))
            splits->buddies[kept++] = splits->buddies[i];
    splits->count = kept;
}

bool view_splits_next(struct view_splits *splits, struct view_split_stage *stage)
{
    *stage = (struct view_split_stage){0};
    for (size_t i = 0; i < splits->count; i++)
        if (is_taken_in_part(&splits->buddies[i], splits->block) &&
            splits->buddies[i].order > stage->order)
            stage->order = splits->buddies[i].order;
    for (size_t i = 0; i < splits->count && stage->order > 0;) {
        if (splits->buddies[i].order != stage->order ||
            !is_taken_in_part(&splits->buddies[i], splits->block)) {
            i++;
            continue;
        }
        struct view_buddy whole = take_away(splits, i);
        unsigned half = whole.order - 1u;
        count_in(stage, whole.first);
        append(splits->buddies, &splits->count, whole.first, half);
        append(splits->buddies, &splits->count, whole.first + frames_of(half), half);
    }
    return stage->count != 0;
}

/* ---- merges ---------------------------------------------------------------------------------- */

void view_merges_start(struct view_splits *splits, struct frame_range run, struct frame_range block)
{
    start(splits, block);
    append_run(splits, run.first, block.first);
    append_run(splits, block.first, block.end);
    append_run(splits, block.end, run.end);
}

/* The index of the buddy's other half; the count if it is not there. */
static size_t find_partner(const struct view_splits *splits, const struct view_buddy *buddy)
{
    size_t i = 0;
    while (i < splits->count &&
           (splits->buddies[i].order != buddy->order ||
            splits->buddies[i].first != (buddy->first ^ frames_of(buddy->order))))
        i++;
    return i;
}

static bool has_partner(const struct view_splits *splits, size_t index)
{
    return find_partner(splits, &splits->buddies[index]) < splits->count;
}

bool view_merges_next(struct view_splits *splits, struct view_split_stage *stage)
{
    unsigned smallest = 64;
    *stage = (struct view_split_stage){0};
    for (size_t i = 0; i < splits->count; i++)
        if (splits->buddies[i].order < smallest && has_partner(splits, i))
            smallest = splits->buddies[i].order;
    if (smallest == 64)
        return false;
    stage->order = smallest + 1;
    for (size_t i = 0; i < splits->count;) {
        if (splits->buddies[i].order != smallest || !has_partner(splits, i)) {
            i++;
            continue;
        }
        struct view_buddy one = take_away(splits, i);
        struct view_buddy other = take_away(splits, find_partner(splits, &one));
        pfn_t first = one.first < other.first ? one.first : other.first;
        count_in(stage, first);
        append(splits->buddies, &splits->count, first, smallest + 1);
        i = 0;
    }
    return stage->count != 0;
}

/* ---- marks ----------------------------------------------------------------------------------- */

static void mark(struct view_marks *marks, const struct view_buddy *buddy, enum view_mark_look look)
{
    struct frame_range range = {buddy->first, buddy->first + frames_of(buddy->order)};
    view_marks_add(marks, buddy->order, range, look);
}

void view_splits_mark(const struct view_splits *splits, struct view_marks *marks)
{
    for (size_t i = 0; i < splits->gone_count; i++)
        mark(marks, &splits->gone[i], VIEW_MARK_HOLLOW);
    for (size_t i = 0; i < splits->count; i++)
        mark(marks, &splits->buddies[i], VIEW_MARK_PIECE);
}
