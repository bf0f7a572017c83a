/* The run across the middle of a range's two largest blocks. Runs inside a half are left out. */

#include "any.h"
#include "mm/stretch.c"

static bool has_run;
static struct frame_range run;
static uint16_t halves[2][REACH_LEAF_BYTES / 2];

void reach_raise_row(struct reach_row *row, unsigned order, const reach_t *block, pfn_t first)
{
    (void)row, (void)order, (void)block, (void)first;
}

void reach_raise_row_to_run(struct reach_row *row, struct frame_range of)
{
    (void)row;
    has_run = true;
    run = of;
}

/*
 * Free frames on both sides of the middle count as one run in each row of which an aligned block
 * may hold them, and in the last row, which has no blocks. No multiple of 2^k lies inside a run
 * that is counted in row k.
 */
void prove_across(void)
{
    struct buddy_range range;
    struct tree_level level = {(reach_t *)halves, 0, 2, REACH_LEAF_BYTES};
    struct reach_row row;
    const uint32_t size = 1u << LEAF_ORDER;
    uint32_t tail = (uint32_t)any_below(size + 1);
    uint32_t head = (uint32_t)any_below(size + 1);
    pfn_t middle = range.tree.origin + size;
    reach_halves((reach_t *)halves[0], LEAF_ORDER)[LEAF_ORDER + 1] = (uint16_t)tail;
    reach_halves((reach_t *)halves[1], LEAF_ORDER)[LEAF_ORDER] = (uint16_t)head;
    range.tree.top = LEAF_ORDER;
    range.tree.levels = &level;
    assume((range.tree.origin & (size - 1)) == 0 && range.tree.origin < PHYS_LIMIT >> FRAME_SHIFT);
    assume(head == 0 || range.end_pfn > middle);
    assume(range.stretch.order > LEAF_ORDER && range.stretch.order <= ORDER_MAX);
    assume(row.k >= 2 && row.k <= range.stretch.order);
    bool is_last = row.k == range.stretch.order;
    pfn_t first = any64();
    pfn_t end = any64();
    pfn_t inside = any64();
    assume(first < middle && middle - first <= tail && end > middle && end - middle <= head);
    sum_up_own_row(&range, &row);
    if (is_last || first >> row.k == (end - 1) >> row.k)
        claim(has_run && run.first <= first && run.end >= end);
    if (has_run && !is_last && inside > run.first && inside < run.end)
        claim((inside & (((pfn_t)1 << row.k) - 1)) != 0);
    REACHED();
}
