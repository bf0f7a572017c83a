/* Records what the allocator's search shows to its observer, and says why a run was refused. */

#include "explain.h"

#include "view_grid.h"

struct explain explain_shared;

bool explain_is_block(const struct explain_step *step)
{
    return step->what >= EXPLAIN_FREE && step->what <= EXPLAIN_ENTER;
}

bool explain_is_refusal(const struct explain_step *step)
{
    return step->what >= EXPLAIN_UNLIKE && step->what <= EXPLAIN_INSIDE;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static size_t slot_of(size_t index)
{
    if (index < EXPLAIN_FIRST_MAX)
        return index;
    return EXPLAIN_FIRST_MAX + (index - EXPLAIN_FIRST_MAX) % EXPLAIN_LAST_MAX;
}

static void record_step(struct explain *explain, const struct explain_step *step)
{
    explain->steps[slot_of(explain->step_count++)] = *step;
}

static void record(struct explain *explain, enum explain_what what, pfn_t first, pfn_t end)
{
    struct explain_step step = {.what = (uint8_t)what, .range = {first, end}};
    record_step(explain, &step);
}

size_t explain_kept_steps(const struct explain *explain)
{
    return explain->step_count < EXPLAIN_STEPS_MAX ? explain->step_count : EXPLAIN_STEPS_MAX;
}

const struct explain_step *explain_step_at(const struct explain *explain, size_t index)
{
    if (index >= EXPLAIN_FIRST_MAX && explain->step_count > EXPLAIN_STEPS_MAX)
        index += explain->step_count - EXPLAIN_STEPS_MAX;
    return &explain->steps[slot_of(index)];
}

static struct explain_step *last_step(struct explain *explain)
{
    return &explain->steps[slot_of(explain->step_count - 1)];
}

/* ---- why a run will not do ------------------------------------------------------------------- */

/* A run of the tree is seen as far as the window goes. */
static struct frame_range whole_run(const struct explain *explain, struct frame_range run)
{
    struct frame_range whole;
    bool may_go_on = run.first == explain->window.first || run.end == explain->window.end;
    return may_go_on && buddy_find_free(explain->buddy, run.first, &whole) ? whole : run;
}

/* The free run, which has no place, or none where one is taken. *run is held to the window then. */
static enum explain_what reason_of(const struct explain *explain, struct frame_range *run)
{
    const struct buddy_request *request = &explain->request;
    struct frame_range whole = whole_run(explain, *run);
    pfn_t count = request->frame_count;
    pfn_t align = request->align_frames > 1 ? request->align_frames : 1;
    struct frame_range inside = view_clip(*run, explain->window);
    if (whole.end - whole.first < count)
        return EXPLAIN_SHORT;
    if (inside.first >= inside.end)
        return EXPLAIN_OUTSIDE;
    if (inside.end - inside.first < count) {
        *run = inside;
        return EXPLAIN_CUT;
    }
    if (((inside.end - count) & ~(align - 1)) < inside.first)
        return EXPLAIN_MISALIGNED;
    struct place_wish wish = place_wish_of(request);
    pfn_t place;
    return place_in_run(&wish, inside.first, inside.end, &place) ? EXPLAIN_INSIDE
                                                                 : EXPLAIN_CROSSING;
}

/* The same run is looked at again as the search goes down; it is told once. */
static void record_refusal(struct explain *explain, enum choice_source from, struct frame_range run)
{
    const struct explain_step *last = last_step(explain);
    enum explain_what reason = EXPLAIN_UNLIKE;
    if (from != CHOICE_LAST || run.end - run.first == explain->request.frame_count)
        reason = reason_of(explain, &run);
    bool is_told = last->from == from || from == CHOICE_ASIDE; /* without neighbours */
    if (explain_is_refusal(last) && is_told && last->range.first == run.first &&
        last->range.end == run.end)
        return;
    struct explain_step step = {.what = (uint8_t)reason, .from = (uint8_t)from, .range = run};
    record_step(explain, &step);
}

/* ---- what is seen ---------------------------------------------------------------------------- */

/* A short run at a block's end needs no words of its own: it counts in the block's longest. */
static void record_block(struct explain *explain, enum explain_what what,
                         const struct search_step *seen)
{
    const struct explain_step *last = last_step(explain);
    if (last->what == EXPLAIN_SHORT && last->from == CHOICE_TREE &&
        last->range.first >= seen->frames.first && last->range.end <= seen->frames.end)
        explain->step_count--;
    struct explain_step step = {(uint8_t)what,        0,
                                (uint8_t)seen->order, seen->frames,
                                (uint32_t)seen->head, (uint32_t)seen->longest,
                                (uint32_t)seen->tail};
    record_step(explain, &step);
}

/* Each step of the search goes down from the top; a block that it is inside of is told once. */
static void record_entered(struct explain *explain, const struct search_step *seen)
{
    pfn_t *entered = &explain->entered[seen->order];
    if (*entered != seen->frames.first)
        record_block(explain, EXPLAIN_ENTER, seen);
    *entered = seen->frames.first;
}

/* The free frames of a range that its tree does not count, because they are set aside. */
static uint32_t count_set_aside(const struct buddy *buddy, struct frame_range range)
{
    uint32_t count = 0;
    for (size_t i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        if (run->first < run->end && run->range->first_pfn == range.first)
            count += run->end - run->first;
    }
    return count;
}

static void record_tree(struct explain *explain, const struct search_step *seen)
{
    struct explain_step step = {.what = EXPLAIN_TREE, .range = seen->frames};
    step.head = count_set_aside(explain->buddy, seen->frames);
    step.longest = (uint32_t)seen->longest;
    record_step(explain, &step);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        explain->entered[order] = PHYS_LIMIT;
}

/* Whose run is refused, by enum search_event. */
static const uint8_t refused_from[] = {
    [SEARCH_RUN] = CHOICE_TREE, [SEARCH_LAST] = CHOICE_LAST,   [SEARCH_LISTED] = CHOICE_LISTED,
    [SEARCH_CUT] = CHOICE_CUT,  [SEARCH_ASIDE] = CHOICE_ASIDE, [SEARCH_LAST_END] = CHOICE_LAST_END,
};

static void see(struct search_observer *observer, const struct search_step *seen)
{
    struct explain *explain = (struct explain *)observer;
    switch (seen->event) {
    case SEARCH_FULL:
    case SEARCH_OVER:
        record_block(explain, seen->event == SEARCH_FULL ? EXPLAIN_FREE : EXPLAIN_OVER, seen);
        break;
    case SEARCH_ENTER:
        record_entered(explain, seen);
        break;
    case SEARCH_BAND:
        explain->window = seen->frames;
        record(explain, EXPLAIN_BAND, seen->frames.first, seen->frames.end);
        break;
    case SEARCH_LISTS:
        record(explain, EXPLAIN_LISTS, seen->frames.first, seen->frames.end);
        break;
    case SEARCH_TREE:
        record_tree(explain, seen);
        break;
    default:
        record_refusal(explain, (enum choice_source)refused_from[seen->event], seen->frames);
        break;
    }
}

/* ---- the search ------------------------------------------------------------------------------ */

static void record_place(struct explain *explain, const struct choice *found)
{
    struct explain_step step = {.what = EXPLAIN_PLACE, .from = (uint8_t)found->source};
    explain->found = true;
    explain->place =
        (struct frame_range){found->at.place, found->at.place + explain->request.frame_count};
    explain->run = (struct frame_range){found->at.run_first, found->at.run_end};
    step.range = explain->place;
    record_step(explain, &step);
}

enum mm_status explain_search(struct explain *explain, const struct buddy *buddy,
                              const struct buddy_request *request)
{
    struct choice found;
    explain->observer.see = see;
    explain->buddy = buddy;
    explain->request = *request;
    explain->found = false;
    explain->step_count = 0;
    record(explain, EXPLAIN_WINDOW, request->lowest, request->limit);
    enum mm_status status = find_request_watched(buddy, request, &found, &explain->observer);
    if (status == MM_OK)
        record_place(explain, &found);
    else if (status == MM_NO_ROOM)
        record(explain, EXPLAIN_NO_PLACE, request->lowest, request->limit);
    else
        explain->step_count = 0;
    return status;
}

enum mm_status explain_request(struct explain *explain, const struct mm *mm,
                               const struct mm_request *request)
{
    struct buddy_request frames;
    enum mm_status status = mm_request_in_frames(request, &frames);
    explain->step_count = 0;
    explain->found = false;
    if (status != MM_OK)
        return status;
    return explain_search(explain, &mm->buddy, &frames) == MM_OK ? MM_OK : MM_NO_ROOM;
}
