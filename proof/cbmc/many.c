/* Blocks that are freed together. */

#include "mm/many.c" /* comes first: it has a function named claim */

#include "any.h"

static struct buddy buddy;
static struct buddy_range range;
static struct range_part records[3];

enum mm_status block_refusal(const struct buddy *of, pfn_t first)
{
    (void)of, (void)first;
    return any_bool() ? MM_INSIDE_BLOCK : MM_ALREADY_FREE;
}

struct buddy_range *block_range_above(const struct buddy *of, pfn_t pfn)
{
    (void)of;
    return range.end_pfn > pfn ? &range : NULL;
}

void range_mark_live(struct buddy_range *of, uint32_t first, uint32_t length)
{
    (void)of, (void)first, (void)length;
}

void range_mark_free(struct buddy_range *of, uint32_t first, uint32_t length)
{
    (void)of, (void)first, (void)length;
}

void buddy_put_away(struct buddy *of, struct buddy_range *in, uint32_t first, uint32_t end)
{
    (void)of, (void)in, (void)first, (void)end;
    claim(!"a run is put away");
}

/* Runs are joined only if they touch, and only inside the range. */
void prove_join(void)
{
    for (unsigned i = 0; i < 3; i++)
        records[i].ends = any64();
    range.records = records;
    range.origin = any_below((pfn_t)1 << 32) * WORD_BITS;
    range.first_pfn = range.origin + any_below(WORD_BITS);
    range.end_pfn = range.origin + any_below(2 * WORD_BITS) + 1;
    range.end = (uint32_t)(range.end_pfn - range.origin);
    struct frame_range whole = {any64(), any64()};
    struct frame_range run = {any64(), any64()};
    struct frame_range before = whole;
    assume(whole.first >= range.first_pfn && whole.first < whole.end &&
           whole.end <= range.end_pfn && run.first < run.end);
    /* a block lies in one range: in this one, or outside of it */
    assume(run.end <= range.first_pfn || run.first >= range.end_pfn ||
           (run.first >= range.first_pfn && run.end <= range.end_pfn));
    bool joined = join(&range, &whole, &run);
    claim(whole.first >= range.first_pfn && whole.end <= range.end_pfn);
    claim(joined || (whole.first == before.first && whole.end == before.end));
    claim(!joined || whole.end - whole.first == before.end - before.first + (run.end - run.first));
    REACHED();
}

/* A block that is named twice is refused, and everything stays as it was. */
void prove_twice(void)
{
    struct frame_range block = {0};
    uint32_t first = (uint32_t)any_below(WORD_BITS);
    uint32_t end = (uint32_t)any_below(WORD_BITS);
    records[0].begins = any64();
    records[0].ends = any64();
    range.records = records;
    range.first = 0;
    range.end = WORD_BITS - 1;
    range.origin = any_bool() ? 0 : ((pfn_t)1 << 32) - WORD_BITS;
    range.first_pfn = range.origin;
    range.end_pfn = range.origin + range.end;
    range.live_count = any32();
    range.borders[1] = range.borders[2] = UINT32_MAX;
    buddy.hit = &range;
    assume(first < end && range.live_count >= end - first && range.live_count <= range.end);
    uint64_t inside = bits_from(first, end) & ~bits_of(first);
    assume(range_has_run(&range, first, end));
    assume(((records[0].begins | records[0].ends) & inside) == 0);
    struct range_part before = records[0];
    uint32_t live = range.live_count;
    block.first = range.origin + first;
    block.end = range.origin + end;
    struct frame_range runs[2] = {block, block};
    enum mm_status status = buddy_free_many(&buddy, runs, 2);
    claim(status == MM_ALREADY_FREE);
    claim(records[0].begins == before.begins && records[0].ends == before.ends);
    claim(range.live_count == live);
    REACHED();
}
