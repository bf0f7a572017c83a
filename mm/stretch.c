/* Computes the numbers of a stretch from its own range and from the stretches below. */

#include "stretch.h"

#include "range.h"

/*
 * No frame except frame 0 is a multiple of 2^order (see stretch.h), and no block of the range's
 * tree is larger.
 */
static unsigned order_of(struct frame_range frames)
{
    unsigned order = tree_top(frames);
    pfn_t before = frames.first > 0 ? frames.first - 1 : 0;
    while (order < STRETCH_ORDER_MAX && (frames.end - 1) >> order != before >> order)
        order++;
    return order;
}

size_t stretch_bytes(struct frame_range frames)
{
    return 2 * reach_bytes(order_of(frames));
}

void stretch_init(struct stretch *stretch, struct frame_range frames, void *memory)
{
    stretch->above = NULL;
    stretch->halves[STRETCH_LOWER] = NULL;
    stretch->halves[STRETCH_HIGHER] = NULL;
    stretch->span = frames;
    stretch->order = (uint8_t)order_of(frames);
    stretch->own = (reach_t *)memory;
    stretch->all = stretch->own;
    stretch->height = 0;
    stretch->has_live = false;
    stretch->is_new = true;
    reach_clear(stretch->order, stretch->own);
    reach_clear(stretch->order, stretch->own + reach_bytes(stretch->order));
}

static bool is_by_itself(const struct stretch *stretch)
{
    return stretch->height == 0;
}

/* ---- summing up ------------------------------------------------------------------------------ */

/*
 * The rows that may change above, when these rows changed in a block or stretch of this order; see
 * reach_combine.
 */
static uint32_t rows_above(uint32_t rows, unsigned order)
{
    return rows & REACH_ROW(order) ? rows | ~(REACH_ROW(order) - 1) : rows;
}

static uint32_t rows_up_to(uint32_t rows, unsigned order)
{
    return rows & ((2u << order) - REACH_ROW(2));
}

/*
 * Computes a row of the range's own numbers. A tree has one or two largest blocks. Between two, a
 * run may lie across the middle. If the middle is a multiple of 2^k, this run is in no aligned
 * block of 2^k frames.
 */
static void sum_up_own_row(const struct buddy_range *range, struct reach_row *row)
{
    const struct tree *tree = &range->tree;
    const reach_t *left = tree_block(tree, tree->top, 0);
    const reach_t *right = tree_block(tree, tree->top, 1);
    pfn_t middle = tree->origin + ((pfn_t)1 << tree->top);
    struct frame_range across = {middle - reach_tail(tree->top, left),
                                 middle + reach_head(tree->top, right)};
    reach_raise_row(row, tree->top, left, tree->origin);
    if (range->end_pfn <= middle)
        return;
    reach_raise_row(row, tree->top, right, middle);
    if (across.first < middle && across.end > middle &&
        (row->k == range->stretch.order || (middle & (((pfn_t)1 << row->k) - 1)) != 0))
        reach_raise_row_to_run(row, across);
}

/* Computes these rows of the range's own numbers. Returns the rows that changed. */
static uint32_t sum_up_own(const struct buddy_range *range, reach_t *sum, uint32_t rows)
{
    unsigned order = range->stretch.order;
    uint32_t changed = 0;
    for (rows = rows_up_to(rows, order); rows; rows &= rows - 1) {
        struct reach_row row = reach_open_row(order, bits_lowest32(rows));
        sum_up_own_row(range, &row);
        if (reach_set_row(sum, &row))
            changed |= REACH_ROW(row.k);
    }
    return changed;
}

/* The same for the stretch. Its ranges count as beginning at frame 0, a multiple of everything. */
static uint32_t sum_up_all(const struct stretch *stretch, reach_t *sum, uint32_t rows)
{
    uint32_t changed = 0;
    for (rows = rows_up_to(rows, stretch->order); rows; rows &= rows - 1) {
        struct reach_row row = reach_open_row(stretch->order, bits_lowest32(rows));
        reach_raise_row(&row, stretch->order, stretch->own, 0);
        for (unsigned i = 0; i < 2; i++) {
            const struct buddy_range *below = stretch->halves[i];
            if (below)
                reach_raise_row(&row, below->stretch.order, below->stretch.all, 0);
        }
        if (reach_set_row(sum, &row))
            changed |= REACH_ROW(row.k);
    }
    return changed;
}

/* If frames became free, numbers can only be raised. Then only what changed below is looked at. */
static uint32_t change_all(const struct stretch *stretch, const struct stretch *below,
                           uint32_t rows, bool is_free)
{
    if (!is_free)
        return sum_up_all(stretch, stretch->all, rows);
    return reach_raise(stretch->order, stretch->all, below->order,
                       below == stretch ? below->own : below->all, rows);
}

void stretch_tell_free(struct buddy_range *range, uint32_t rows, bool is_free)
{
    const struct stretch *below = &range->stretch;
    const struct stretch *stretch = below;
    if (rows == 0 || is_by_itself(stretch))
        return;
    rows = sum_up_own(range, stretch->own, rows_above(rows, range->tree.top));
    for (;;) {
        if (stretch->all != stretch->own)
            rows = change_all(stretch, below, rows, is_free);
        if (rows == 0 || !stretch->above)
            return;
        rows = rows_above(rows, stretch->order);
        below = stretch;
        stretch = &stretch->above->stretch;
    }
}

static bool has_live(const struct buddy_range *range)
{
    bool has_live = range->live_count > 0;
    for (unsigned i = 0; i < 2; i++) {
        const struct buddy_range *below = range->stretch.halves[i];
        has_live = has_live || (below && below->stretch.has_live);
    }
    return has_live;
}

void stretch_tell_live(struct buddy_range *range)
{
    for (; range->stretch.above; range = range->stretch.above) {
        bool has = has_live(range);
        if (has == range->stretch.has_live)
            return;
        range->stretch.has_live = has;
    }
}

/* ---- building -------------------------------------------------------------------------------- */

void stretch_set_half(struct buddy_range *range, unsigned side, struct buddy_range *below)
{
    struct stretch *stretch = &range->stretch;
    MM_ASSERT_COSTLY(!below || (below->stretch.height < stretch->height &&
                                below->stretch.order <= stretch->order));
    MM_ASSERT_COSTLY(!below || (side == STRETCH_LOWER ? below->end_pfn <= range->first_pfn
                                                      : below->first_pfn >= range->end_pfn));
    stretch->is_new =
        stretch->is_new || stretch->halves[side] != below || (below && below->stretch.is_new);
    stretch->halves[side] = below;
    if (below)
        below->stretch.above = range;
}

void stretch_build(struct buddy_range *range)
{
    struct stretch *stretch = &range->stretch;
    bool has_below = stretch->halves[STRETCH_LOWER] || stretch->halves[STRETCH_HIGHER];
    reach_t *second = stretch->own + reach_bytes(stretch->order);
    stretch->has_live = has_live(range);
    if (!stretch->is_new)
        return;
    stretch->all = has_below ? second : stretch->own;
    if (has_below)
        sum_up_all(stretch, second, REACH_ROWS);
    else
        reach_clear(stretch->order, second);
}

/* ---- looking --------------------------------------------------------------------------------- */

bool stretch_may_have_own(const struct stretch *stretch, const struct place_wish *wish)
{
    return is_by_itself(stretch) || place_in_block(wish, stretch->order, stretch->own, 0);
}

bool stretch_may_have(const struct stretch *stretch, const struct place_wish *wish)
{
    return is_by_itself(stretch) || place_in_block(wish, stretch->order, stretch->all, 0);
}

uint32_t stretch_longest(const struct buddy_range *range)
{
    const struct stretch *stretch = &range->stretch;
    return is_by_itself(stretch) ? tree_longest(&range->tree)
                                 : reach_longest(stretch->order, stretch->all);
}

/* ---- the check ------------------------------------------------------------------------------- */

MM_COLD bool stretch_check_place(const struct buddy_range *range)
{
    const struct stretch *stretch = &range->stretch;
    const struct buddy_range *lower = stretch->halves[STRETCH_LOWER];
    const struct buddy_range *higher = stretch->halves[STRETCH_HIGHER];
    struct frame_range frames = {range->first_pfn, range->end_pfn};
    struct frame_range span = {lower ? lower->stretch.span.first : frames.first,
                               higher ? higher->stretch.span.end : frames.end};
    size_t own_bytes = lower || higher ? reach_bytes(stretch->order) : 0;
    return stretch->span.first == span.first && stretch->span.end == span.end &&
           stretch->order == order_of(frames) && stretch->all == stretch->own + own_bytes &&
           (!lower || lower->stretch.height < stretch->height) &&
           (!higher || higher->stretch.height < stretch->height);
}

MM_COLD bool stretch_check_sums(const struct buddy_range *range)
{
    reach_t sum[REACH_BYTES_MAX] __attribute__((aligned(4)));
    const struct stretch *stretch = &range->stretch;
    if (stretch->has_live != (stretch->above && has_live(range)))
        return false;
    reach_clear(stretch->order, sum);
    if (!is_by_itself(stretch))
        sum_up_own(range, sum, REACH_ROWS);
    if (!reach_is_same(stretch->order, stretch->own, sum))
        return false;
    if (stretch->all != stretch->own)
        sum_up_all(stretch, sum, REACH_ROWS);
    else
        reach_clear(stretch->order, sum);
    return reach_is_same(stretch->order, stretch->own + reach_bytes(stretch->order), sum);
}
