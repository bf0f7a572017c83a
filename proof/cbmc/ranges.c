/* The tree of ranges, and what is known of a stretch, with three ranges. */

#include "any.h"
#include "mm/ranges.c"
#include "mm/stretch.c"

static struct buddy_range ranges[3]; /* from the lowest up; the middle one is the root */

static void make_ranges(void)
{
    for (unsigned i = 0; i < 3; i++) {
        ranges[i].first_pfn = any64();
        ranges[i].end_pfn = any64();
        ranges[i].stretch.halves[STRETCH_LOWER] = NULL;
        ranges[i].stretch.halves[STRETCH_HIGHER] = NULL;
        ranges[i].live_count = any32();
        assume(ranges[i].first_pfn < ranges[i].end_pfn);
        assume(i == 0 || ranges[i - 1].end_pfn <= ranges[i].first_pfn);
    }
    ranges[1].stretch.halves[STRETCH_LOWER] = &ranges[0];
    ranges[1].stretch.halves[STRETCH_HIGHER] = &ranges[2];
    ranges[0].stretch.above = &ranges[1];
    ranges[2].stretch.above = &ranges[1];
    ranges[1].stretch.above = NULL;
}

/* The lowest range that ends above a frame is found. */
void prove_find_above(void)
{
    make_ranges();
    pfn_t pfn = any64();
    const struct buddy_range *found = ranges_find_above(&ranges[1], pfn);
    for (unsigned i = 0; i < 3; i++) {
        if (found == &ranges[i])
            claim(ranges[i].end_pfn > pfn);
        else
            claim(ranges[i].end_pfn <= pfn || (found && found->end_pfn < ranges[i].end_pfn));
    }
    REACHED();
}

static bool always(const struct buddy_range *range, void *context)
{
    (void)range, (void)context;
    return true;
}

/* A walk meets all ranges, from one end to the other. */
void prove_walk(void)
{
    make_ranges();
    bool is_up = any_bool();
    unsigned side = is_up ? STRETCH_LOWER : STRETCH_HIGHER;
    struct buddy_range *at = ranges_first(&ranges[1], side, always, NULL);
    claim(at == &ranges[is_up ? 0 : 2]);
    at = ranges_next(at, side, always, NULL);
    claim(at == &ranges[1]);
    at = ranges_next(at, side, always, NULL);
    claim(at == &ranges[is_up ? 2 : 0]);
    claim(!ranges_next(at, side, always, NULL));
    REACHED();
}

static bool is_live_known(unsigned i)
{
    return ranges[i].stretch.has_live == (ranges[i].stretch.above && has_live(&ranges[i]));
}

/* Above a range whose first block came, or whose last one went, this is known. */
void prove_tell_live(void)
{
    make_ranges();
    static struct buddy_range top;
    top.stretch.above = NULL;
    top.stretch.halves[STRETCH_LOWER] = &ranges[1];
    ranges[1].stretch.above = &top;
    for (unsigned i = 0; i < 3; i++)
        ranges[i].stretch.has_live = any_bool();
    assume(is_live_known(0) && is_live_known(1) && is_live_known(2));
    uint32_t changed = (uint32_t)any_below(3);
    ranges[changed].live_count = any32();
    stretch_tell_live(&ranges[changed]);
    claim(is_live_known(0) && is_live_known(1) && is_live_known(2));
    REACHED();
}
