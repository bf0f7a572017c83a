/* The parts of the choice of a run that are arithmetic. */

#include "any.h"
#include "mm/choose.c"
#include "mm/place.c"

static struct buddy buddy;
static struct buddy_range ranges[2];

static struct place_wish any_wish(void)
{
    struct place_wish wish = {any64(), any64(), any64(), 0, PLACE_NO_BOUNDARY};
    assume(wish.limit <= (pfn_t)1 << 40 && wish.lowest < wish.limit && wish.frame_count > 0);
    assume(wish.limit - wish.lowest >= wish.frame_count);
    return wish;
}

/* A run that is set aside, or none. */
static void make_aside(void)
{
    ranges[0].origin = any_below((pfn_t)1 << 40);
    ranges[1].origin = any_below((pfn_t)1 << 40);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        struct buddy_run run = {0};
        if (any_bool()) {
            run.range = &ranges[any_bool()];
            run.first = any32();
            run.end = any32();
            assume(run.first < run.end);
        }
        buddy.aside[i] = run;
    }
}

/* All places share a frame just if no two of them lie side by side. */
void prove_same_frame(void)
{
    struct place_wish wish = any_wish();
    pfn_t place = any64();
    pfn_t frame;
    bool same = have_same_frame(&wish, &frame);
    assume(place >= wish.lowest && place <= wish.limit - wish.frame_count);
    claim(!same || (place <= frame && frame < place + wish.frame_count));
    claim(same || wish.limit - wish.lowest >= 2 * wish.frame_count);
    REACHED();
}

/* A cutting run serves a request only from its end. */
void prove_cut(void)
{
    struct place_wish wish = any_wish();
    struct choice found;
    unsigned band = (unsigned)any_below(BAND_COUNT);
    wish.align_order = (uint8_t)any_below(20);
    make_aside();
    const struct buddy_run *cut = &buddy.aside[band];
    if (find_cut(&buddy, band, &wish, &found, NULL)) {
        pfn_t end = cut->range->origin + cut->end;
        claim(found.at.place + wish.frame_count == end && end <= wish.limit);
        claim(found.at.place >= cut->range->origin + cut->first);
        claim(found.at.place >= wish.lowest && found.range == cut->range);
    }
    REACHED();
}

/* The run freed last is joined with runs of its own range only, and only with what touches it. */
void prove_join(void)
{
    make_aside();
    const struct buddy_run *last = &buddy.aside[BUDDY_ASIDE_LAST];
    unsigned band = (unsigned)any_below(BAND_COUNT);
    const struct buddy_run *cut = &buddy.aside[band];
    assume(last->range);
    for (unsigned i = 0; i < BAND_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            assume(buddy.aside[i].range != buddy.aside[j].range ||
                   buddy.aside[i].end < buddy.aside[j].first ||
                   buddy.aside[j].end < buddy.aside[i].first);
    for (unsigned i = 0; i < BAND_COUNT; i++)
        assume(buddy.aside[i].range != last->range || buddy.aside[i].end <= last->first ||
               last->end <= buddy.aside[i].first);
    struct frame_range whole = join_last(&buddy);
    pfn_t origin = last->range->origin;
    pfn_t frame = any64();
    bool is_in = frame >= origin + last->first && frame < origin + last->end;
    for (unsigned i = 0; i < BAND_COUNT; i++)
        is_in = is_in ||
                (buddy.aside[i].range == last->range && frame >= origin + buddy.aside[i].first &&
                 frame < origin + buddy.aside[i].end);
    claim(frame < whole.first || frame >= whole.end || is_in);
    claim(cut->range != last->range || cut->end != last->first ||
          whole.first == origin + cut->first);
    claim(cut->range != last->range || cut->first != last->end || whole.end == origin + cut->end);
    REACHED();
}
