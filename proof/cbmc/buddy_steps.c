/*
 * The steps of an allocation, and of what a free puts away: each begins with any right state, and
 * leaves one.
 */

#include "buddy_state.h"
#include "mm/buddy.c"
#include "mm/place.c"

/* The end of a listed run, or of a cutting run. */
void prove_take_short(void)
{
    make_state();
    unsigned band = (unsigned)any_below(2);
    uint32_t length = any32();
    set_t before = free_frames();
    struct taken taken;
    assume(length > 0);
    if (take_short(&buddy, band, length, &taken)) {
        claim(taken.range == &range && length < PLACES);
        claim(became_block(before, taken.first, taken.first + length));
        claim(taken.first + length <= range.borders[band + 1]);
    } else {
        claim(free_frames() == before && buddy.free_count == counted);
    }
    claim(is_right());
    REACHED();
}

/* Any part of a listed run. */
void prove_take_inside(void)
{
    make_state();
    uint32_t node = (uint32_t)any_below(NODES) + 1;
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    set_t before = free_frames();
    assume(node_of(node)->length > 0 && first < end);
    assume((frames(first, end) & ~node_frames(node)) == 0);
    take_inside(&buddy, node, range.origin + first, end - first);
    claim(became_block(before, first, end));
    claim(is_right());
    REACHED();
}

/* A run that was set aside is in a list or the tree then, joined with what touches it there. */
void prove_put_back(void)
{
    make_state();
    unsigned which = (unsigned)any_below(BUDDY_ASIDE_COUNT);
    set_t before = free_frames();
    set_t tree = tree_bits;
    set_t aside[BUDDY_ASIDE_COUNT];
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        aside[i] = aside_frames(i);
    put_back_aside(&buddy, which);
    claim(!buddy.aside[which].range && aside_frames(which) == 0);
    claim(free_frames() == before && buddy.free_count == counted);
    claim((tree & (set_t)~tree_bits) == 0);
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++)
        claim(aside_frames(i) == (i == which ? 0 : aside[i]));
    claim(is_right());
    REACHED();
}

/* A run that is neither a block nor set aside becomes free. */
void prove_put_away(void)
{
    make_state();
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    set_t before = free_frames();
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    assume(is_block(first, end));
    buddy_put_away(&buddy, &range, first, end);
    claim(free_frames() == (set_t)(before | frames(first, end)));
    claim(is_last(&last) && buddy.free_count == counted);
    claim(is_right());
    REACHED();
}

/* Either end of the run freed last, joined with the cutting runs that touch it. */
void prove_take_last_end(void)
{
    make_state();
    struct frame_range run = joined_last();
    uint32_t length = any_frame();
    struct choice found = {.range = &range};
    uint32_t frame = any_bool() ? (uint32_t)run.first : (uint32_t)run.end - length;
    found.at.place = range.origin + frame;
    found.at.run_first = range.origin + run.first;
    found.at.run_end = range.origin + run.end;
    assume(is_at_last_end(&found, length));
    set_t before = free_frames();
    take_last_end(&buddy, &found, length);
    claim(became_block(before, frame, frame + length));
    claim(is_right());
    REACHED();
}

/* Any part of a free run in the tree, when nothing is set aside. */
void prove_take_tree(void)
{
    make_state();
    uint32_t first = any_frame();
    uint32_t end = any_frame();
    uint32_t run_first = any_frame();
    assume(all_aside() == 0 && first < end && run_first <= first);
    assume((frames(run_first, end) & ~tree_bits) == 0);
    struct place_wish wish = {end - first, any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    assume(wish.lowest <= range.origin + first);
    struct choice found = {.range = &range};
    found.at.place = range.origin + first;
    found.at.run_first = range.origin + run_first;
    found.at.run_end = any64();
    found.band = any_bool() ? range_band(&range, first) : BAND_COUNT;
    set_t before = free_frames();
    take_tree(&buddy, &wish, &found);
    claim(became_block(before, first, end));
    claim(is_right());
    REACHED();
}

/* The run freed last is the block: it is counted already. */
void prove_take_last(void)
{
    make_counted_state();
    struct buddy_run last = buddy.aside[BUDDY_ASIDE_LAST];
    set_t before = free_frames();
    assume(last.range);
    claim(last_take(&buddy) == range.origin + last.first);
    counted -= last.end - last.first;
    in_blocks += last.end - last.first;
    claim(became_block(before, last.first, last.end));
    claim(is_right() && are_counts_right());
    REACHED();
}
