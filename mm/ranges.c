/* The shape of the tree of ranges, and walks over it. Its nodes lie in the ranges' own tables. */

#include "ranges.h"

/* ---- building -------------------------------------------------------------------------------- */

/* How high a range must be among those of its order: the first is lowest, and so is each second. */
static uint32_t height_of(unsigned order, uint32_t number)
{
    return order * 32 + (uint32_t)__builtin_ctz(number);
}

/* Numbers the ranges of each order from the lowest on. */
static void set_heights(struct buddy_range *highest)
{
    uint32_t numbers[ORDER_MAX + 1] = {0};
    for (struct buddy_range *range = highest; range; range = range->lower)
        numbers[range->stretch.order]++;
    for (struct buddy_range *range = highest; range; range = range->lower)
        range->stretch.height = height_of(range->stretch.order, numbers[range->stretch.order]--);
}

/* Up from the lowest range so far, over those that are not high enough: nothing more comes below them. */
static struct buddy_range *pass_over(struct buddy_range *lowest, uint32_t height)
{
    struct buddy_range *range = lowest;
    for (; range && range->stretch.height < height; range = range->stretch.above)
        range->stretch.span.first = lowest->first_pfn;
    return range;
}

/* Puts the next lower range into the tree: those that are not as high come below it. */
static void link(struct buddy_range **root, struct buddy_range *lowest, struct buddy_range *range)
{
    struct stretch *stretch = &range->stretch;
    struct buddy_range *above = pass_over(lowest, stretch->height);
    struct buddy_range **place = above ? &above->stretch.halves[STRETCH_LOWER] : root;
    stretch->above = above;
    stretch->halves[STRETCH_LOWER] = NULL;
    stretch->halves[STRETCH_HIGHER] = *place;
    stretch->span.end = *place ? (*place)->stretch.span.end : range->end_pfn;
    if (*place)
        (*place)->stretch.above = range;
    *place = range;
}

/* Lays the numbers out, all 0. */
static void clear(struct stretch *stretch)
{
    size_t bytes = reach_bytes(stretch->order);
    bool has_below = stretch->halves[STRETCH_LOWER] || stretch->halves[STRETCH_HIGHER];
    stretch->all = stretch->own + (has_below ? bytes : 0);
    reach_set_empty(stretch->order, stretch->own);
    reach_set_empty(stretch->order, stretch->own + bytes);
    stretch->has_live = false;
}

struct buddy_range *ranges_build(struct buddy_range *highest)
{
    struct buddy_range *root = NULL;
    struct buddy_range *lowest = NULL;
    if (!highest || !highest->lower)
        return highest;
    set_heights(highest);
    for (struct buddy_range *range = highest; range; range = range->lower) {
        link(&root, lowest, range);
        lowest = range;
    }
    pass_over(lowest, UINT32_MAX);
    for (struct buddy_range *range = highest; range; range = range->lower)
        clear(&range->stretch);
    for (struct buddy_range *range = highest; range; range = range->lower) {
        stretch_tell_free(range);
        stretch_tell_live(range);
    }
    return root;
}

/* ---- looking --------------------------------------------------------------------------------- */

struct buddy_range *ranges_find(struct buddy_range *root, pfn_t pfn)
{
    while (root && (pfn < root->first_pfn || pfn >= root->end_pfn))
        root = root->stretch.halves[pfn < root->first_pfn ? STRETCH_LOWER : STRETCH_HIGHER];
    return root;
}

struct buddy_range *ranges_first(struct buddy_range *root, unsigned side, ranges_test *test,
                                 void *context)
{
    struct buddy_range *first = NULL;
    while (root && test(root, context)) {
        first = root;
        root = root->stretch.halves[side];
    }
    return first;
}

struct buddy_range *ranges_next(struct buddy_range *range, unsigned side, ranges_test *test,
                                void *context)
{
    struct buddy_range *next = ranges_first(range->stretch.halves[!side], side, test, context);
    if (next)
        return next;
    struct buddy_range *above = range->stretch.above;
    while (above && above->stretch.halves[side] != range) {
        range = above;
        above = range->stretch.above;
    }
    return above;
}

/* ---- the check ------------------------------------------------------------------------------- */

static bool is_linked(const struct buddy_range *range, const struct buddy_range *root)
{
    const struct buddy_range *above = range->stretch.above;
    return above ? above->stretch.halves[STRETCH_LOWER] == range ||
                       above->stretch.halves[STRETCH_HIGHER] == range
                 : root == range;
}

static void count_orders(const struct buddy_range *range, uint32_t *numbers)
{
    for (; range; range = range->lower)
        numbers[range->stretch.order % (ORDER_MAX + 1)]++;
}

const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root)
{
    uint32_t numbers[ORDER_MAX + 1] = {0};
    bool has_several = highest && highest->lower;
    count_orders(highest, numbers);
    for (const struct buddy_range *range = highest; range; range = range->lower) {
        uint32_t *number = &numbers[range->stretch.order % (ORDER_MAX + 1)];
        if (!is_linked(range, root))
            return "a range is lost in the tree of ranges";
        if (range->stretch.height != (has_several ? height_of(range->stretch.order, *number) : 0))
            return "a range's place among the others is wrong";
        if (!stretch_check(range))
            return "what is known of several ranges is wrong";
        --*number;
    }
    return !highest == !root ? NULL : "a range is lost in the tree of ranges";
}
