/* Builds the tree of ranges, and walks over it. Its nodes are in the ranges' own tables. */

#include "ranges.h"

/* ---- building -------------------------------------------------------------------------------- */

/* The height of a range: by its order, then by how often its number can be halved. */
static uint32_t height_of(unsigned order, uint32_t number)
{
    return order * 32 + (uint32_t)__builtin_ctz(number);
}

/* Numbers the ranges of each order from the lowest address on, and sets their heights. */
static void set_heights(struct buddy_range *highest)
{
    uint32_t numbers[ORDER_MAX + 1] = {0};
    for (struct buddy_range *range = highest; range; range = range->lower)
        numbers[range->stretch.order]++;
    for (struct buddy_range *range = highest; range; range = range->lower) {
        struct stretch *stretch = &range->stretch;
        stretch->is_new = stretch->height == 0;
        stretch->height = height_of(stretch->order, numbers[stretch->order]--);
        if (stretch->is_new)
            stretch_tell_free(range, REACH_ROWS, false);
    }
}

/*
 * Goes up from the lowest range so far, over the ranges that are not as high as the next one. All
 * that is below them is known now. The last of them, *below, will stand below the next one.
 */
static struct buddy_range *close(struct buddy_range *lowest, uint32_t height,
                                 struct buddy_range **below)
{
    struct buddy_range *range = lowest;
    *below = NULL;
    while (range && range->stretch.height < height) {
        range->stretch.span.first = lowest->first_pfn;
        stretch_set_half(range, STRETCH_LOWER, *below);
        stretch_build(range);
        *below = range;
        range = range->stretch.above;
    }
    return range;
}

/*
 * From the highest address down. Each range comes below the last range that is higher in the tree,
 * and above those that are not.
 */
MM_COLD struct buddy_range *ranges_build(struct buddy_range *highest)
{
    struct buddy_range *lowest = NULL;
    struct buddy_range *below;
    if (!highest || !highest->lower)
        return highest;
    set_heights(highest);
    for (struct buddy_range *range = highest; range; range = range->lower) {
        struct buddy_range *above = close(lowest, range->stretch.height, &below);
        range->stretch.above = above;
        range->stretch.span.end = below ? below->stretch.span.end : range->end_pfn;
        stretch_set_half(range, STRETCH_HIGHER, below);
        lowest = range;
    }
    close(lowest, UINT32_MAX, &below);
    MM_ASSERT_COSTLY(below);
    below->stretch.has_live = false;
    return below;
}

/* ---- looking --------------------------------------------------------------------------------- */

struct buddy_range *ranges_find_above(struct buddy_range *root, pfn_t pfn)
{
    struct buddy_range *found = NULL;
    while (root) {
        bool is_above = root->end_pfn > pfn;
        found = is_above ? root : found;
        root = root->stretch.halves[is_above ? STRETCH_LOWER : STRETCH_HIGHER];
    }
    return found;
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

static const char *check_places(const struct buddy_range *highest, const struct buddy_range *root)
{
    uint32_t numbers[ORDER_MAX + 1] = {0};
    bool has_several = highest && highest->lower;
    count_orders(highest, numbers);
    for (const struct buddy_range *range = highest; range; range = range->lower) {
        const struct stretch *stretch = &range->stretch;
        if (!is_linked(range, root))
            return "a range is lost in the tree of ranges";
        if (!stretch_check_place(range) ||
            stretch->height !=
                (has_several ? height_of(stretch->order, numbers[stretch->order]--) : 0))
            return "a range's place among the others is wrong";
    }
    return !highest == !root ? NULL : "a range is lost in the tree of ranges";
}

MM_COLD const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root)
{
    const char *broken = check_places(highest, root);
    for (const struct buddy_range *range = highest; range && !broken; range = range->lower)
        if (!stretch_check_sums(range))
            broken = "what is known of several ranges is wrong";
    return broken;
}
