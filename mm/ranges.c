/* A balanced tree over the sorted ranges. Its nodes lie in the ranges' own tables. */

#include "ranges.h"

/* The next `count` ranges of the list as a tree; the list goes on behind them. */
static struct buddy_range *build(struct buddy_range **list, size_t count, struct buddy_range *above)
{
    if (count == 0)
        return NULL;
    struct buddy_range *higher = build(list, count / 2, NULL);
    struct buddy_range *range = *list;
    *list = range->lower;
    struct buddy_range *lower = build(list, count - count / 2 - 1, range);
    struct frame_range span = {lower ? lower->node.span.first : range->first_pfn,
                               higher ? higher->node.span.end : range->end_pfn};
    struct range_node node = {above, lower, higher, span, 0, false};
    range->node = node;
    if (higher)
        higher->node.above = range;
    return range;
}

struct buddy_range *ranges_build(struct buddy_range *highest)
{
    size_t count = 0;
    struct buddy_range *list = highest;
    for (struct buddy_range *range = highest; range; range = range->lower)
        count++;
    struct buddy_range *root = build(&list, count, NULL);
    for (struct buddy_range *range = highest; range; range = range->lower)
        range_tell_longest(range);
    for (struct buddy_range *range = highest; range; range = range->lower)
        range_tell_live(range);
    return root;
}

struct buddy_range *ranges_find(struct buddy_range *root, pfn_t pfn)
{
    while (root && (pfn < root->first_pfn || pfn >= root->end_pfn))
        root = pfn < root->first_pfn ? root->node.lower : root->node.higher;
    return root;
}

/* ---- the check ------------------------------------------------------------------------------- */

static bool is_summed_up(const struct buddy_range *range)
{
    const struct range_node *node = &range->node;
    uint32_t longest = tree_longest(&range->tree);
    bool has_live = range->live_count > 0;
    const struct buddy_range *halves[2] = {node->lower, node->higher};
    for (int i = 0; i < 2; i++) {
        if (!halves[i])
            continue;
        longest = bits_larger(longest, halves[i]->node.longest);
        has_live = has_live || halves[i]->node.has_live;
    }
    return longest == node->longest && node->has_live == (has_live && node->above);
}

/* Whether the span is that of the range and all below it. */
static bool spans_all(const struct buddy_range *range)
{
    const struct range_node *node = &range->node;
    return node->span.first == (node->lower ? node->lower->node.span.first : range->first_pfn) &&
           node->span.end == (node->higher ? node->higher->node.span.end : range->end_pfn);
}

const char *ranges_check(const struct buddy_range *highest, const struct buddy_range *root)
{
    for (const struct buddy_range *range = highest; range; range = range->lower) {
        const struct buddy_range *above = range->node.above;
        if (above ? above->node.lower != range && above->node.higher != range : root != range)
            return "a range is lost in the tree of ranges";
        if (!spans_all(range))
            return "a range's place among the others is wrong";
        if (!is_summed_up(range))
            return "what is known of several ranges is wrong";
    }
    return !highest == !root ? NULL : "a range is lost in the tree of ranges";
}
