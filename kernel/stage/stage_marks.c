/* Marks on the stage what a step of an alloc or a free looks at, or what it changes. */

#include "stage_marks.h"

#include "kernel/view/view_grid.h"
#include "stage_words.h"

static void mark_frames(struct stage *stage, struct frame_range frames, enum stage_look look)
{
    for (pfn_t i = frames.first; i < frames.end; i++)
        stage->marks.frames[i] = (uint8_t)look;
}

static void mark_window(const struct stage_steps *steps, struct stage *stage)
{
    const struct buddy_request *request = &steps->explain->request;
    struct frame_range window =
        stage_numbers(stage, (struct frame_range){request->lowest, request->limit});
    stage->marks.window = window;
    if (window.first >= window.end)
        return;
    stage_words_window(stage, window, request, stage->marks.window_words);
    mark_frames(stage, (struct frame_range){0, window.first}, STAGE_OUTSIDE);
    mark_frames(stage, (struct frame_range){window.end, stage_frame_count(stage)}, STAGE_OUTSIDE);
}

static void mark_listed(struct stage *stage)
{
    for (unsigned i = 0; i < stage_frame_count(stage); i++)
        if (stage->before.frames[i].state == STAGE_FREE &&
            stage->before.frames[i].holder == BUDDY_IN_LIST)
            stage->marks.frames[i] = STAGE_LISTED;
}

/* No free frame inside the window is in a run that will do. */
static void mark_all_refused(struct stage *stage)
{
    for (pfn_t i = stage->marks.window.first; i < stage->marks.window.end; i++)
        if (stage->before.frames[i].state == STAGE_FREE)
            stage->marks.frames[i] = STAGE_REFUSED;
}

static void mark_search(struct stage *stage, const struct explain_step *step, bool is_last)
{
    struct frame_range numbers = stage_numbers(stage, step->range);
    if (is_last && (step->what == EXPLAIN_LISTS ||
                    (step->what == EXPLAIN_PLACE && step->from == CHOICE_LISTED)))
        mark_listed(stage);
    if (explain_is_refusal(step))
        mark_frames(stage, numbers, STAGE_REFUSED);
    if (step->what == EXPLAIN_PLACE)
        mark_frames(stage, numbers, STAGE_PLACE);
    if (is_last && step->what == EXPLAIN_NO_PLACE)
        mark_all_refused(stage);
}

pfn_t stage_longest_inside(const struct stage *stage, unsigned node)
{
    struct frame_range frames = view_clip(stage_node_frames(stage, node), stage->marks.window);
    pfn_t longest = 0;
    pfn_t length = 0;
    for (pfn_t i = frames.first; i < frames.end; i++) {
        length = stage->before.frames[i].state == STAGE_FREE ? length + 1 : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

bool stage_is_outside(const struct stage *stage, unsigned node)
{
    struct frame_range inside = view_clip(stage_node_frames(stage, node), stage->marks.window);
    return inside.first >= inside.end;
}

bool stage_has_poor_sibling(const struct stage_steps *steps, const struct stage *stage,
                            unsigned node)
{
    return node > 1 && node % 2 == 0 && !stage_is_outside(stage, node + 1) &&
           stage_longest_inside(stage, node + 1) < steps->wanted;
}

static void mark_way(const struct stage_steps *steps, struct stage *stage, unsigned node,
                     bool is_last)
{
    stage->marks.nodes[node] = is_last ? STAGE_HERE : STAGE_WAY;
    if (stage_has_poor_sibling(steps, stage, node))
        stage->marks.nodes[node + 1] = STAGE_REFUSED;
}

bool stage_play_splits(struct stage_steps *steps, size_t stage_count,
                       struct view_split_stage *stage)
{
    if (steps->explain)
        view_splits_start(steps->splits, steps->run, steps->block);
    else
        view_merges_start(steps->splits, steps->run, steps->block);
    for (; stage_count > 0; stage_count--)
        if (!view_splits_next(steps->splits, stage))
            return false;
    return true;
}

static enum stage_kind kind_among(const struct view_splits *splits, struct frame_range frames)
{
    for (size_t i = 0; i < splits->count; i++) {
        const struct view_buddy *buddy = &splits->buddies[i];
        pfn_t end = buddy->first + ((pfn_t)1 << buddy->order);
        if (frames.first >= buddy->first && frames.end <= end)
            return frames.first == buddy->first && frames.end == end ? STAGE_FULL : STAGE_INNER;
    }
    return STAGE_PART;
}

/* Nodes from that order on are drawn as these buddies are, not as their counts say. */
static void mark_buddies(const struct stage_steps *steps, struct stage *stage, unsigned from_order)
{
    const struct frame_range *run = &steps->splits->run;
    for (unsigned node = 1; node < 2 * stage_frame_count(stage); node++) {
        struct frame_range frames = stage_node_frames(stage, node);
        if (frames.first >= run->first && frames.end <= run->end &&
            stage_node_order(stage, node) >= from_order)
            stage->marks.kinds[node] = (uint8_t)kind_among(steps->splits, frames);
    }
}

static void mark_halves(struct stage *stage, const struct view_split_stage *split,
                        const struct frame_range *block)
{
    pfn_t last = (block->end - 1) >> split->order << split->order;
    for (unsigned i = 0; i < split->count; i++) {
        unsigned node = stage_node(stage, split->order, (unsigned)(i == 0 ? split->first : last));
        stage->marks.nodes[node] = STAGE_HERE;
        if (split->order > 1)
            stage->marks.nodes[2 * node] = stage->marks.nodes[2 * node + 1] = STAGE_CHANGED;
    }
}

static void mark_counts(const struct stage_steps *steps, struct stage *stage, unsigned order)
{
    for (unsigned node = stage_node(stage, order, (unsigned)steps->block.first);
         node <= stage_node(stage, order, (unsigned)steps->block.end - 1); node++)
        stage->marks.nodes[node] = stage_has_changed(stage, node) ? STAGE_CHANGED : STAGE_SAME;
}

/* How memory is shown at that step: as it was, or with new bits, and counts new up to an order. */
static void set_time(struct stage_steps *steps, struct stage *stage, const struct stage_step *step)
{
    struct view_split_stage last;
    struct stage_marks *marks = &stage->marks;
    size_t stages = 2 * BUDDY_ORDER_COUNT;
    bool is_update = step->kind == STAGE_STEP_COUNTS || step->kind == STAGE_STEP_SAME;
    marks->is_past = step->kind < STAGE_STEP_BITS;
    marks->past_order = (uint8_t)(marks->is_past ? 0 : is_update ? step->at + 1u : 1);
    if (step->kind == STAGE_STEP_SEARCH || step->kind == STAGE_STEP_WAY)
        return;
    if (step->kind == STAGE_STEP_SPLIT || step->kind == STAGE_STEP_MERGE)
        stages = step->at + 1u;
    else if (step->kind == STAGE_STEP_PIECES)
        stages = 0;
    else if (step->kind == STAGE_STEP_BITS && !steps->explain)
        return;
    stage_play_splits(steps, stages, &last);
    mark_buddies(steps, stage, is_update ? marks->past_order : 0);
    if (step->kind == STAGE_STEP_SPLIT || step->kind == STAGE_STEP_MERGE)
        mark_halves(stage, &last, &steps->block);
}

/* What was looked at up to this step stays to be seen, as long as the search lasts. */
static void mark_so_far(const struct stage_steps *steps, struct stage *stage, size_t index)
{
    bool is_search = steps->steps[index].kind <= STAGE_STEP_WAY;
    bool is_split = steps->steps[index].kind == STAGE_STEP_SPLIT;
    for (size_t i = 0; i <= index; i++) {
        const struct stage_step *step = &steps->steps[i];
        const struct explain_step *seen =
            step->kind == STAGE_STEP_SEARCH ? explain_step_at(steps->explain, step->at) : NULL;
        if (seen && (is_search || (is_split && seen->what == EXPLAIN_PLACE)))
            mark_search(stage, seen, i == index);
        if (step->kind == STAGE_STEP_WAY && is_search)
            mark_way(steps, stage, step->node, i == index);
    }
}

void stage_mark_step(struct stage_steps *steps, struct stage *stage, size_t index)
{
    const struct stage_step *step = &steps->steps[index];
    stage_clear_marks(stage);
    if (steps->explain)
        mark_window(steps, stage);
    set_time(steps, stage, step);
    mark_so_far(steps, stage, index);
    if (step->kind == STAGE_STEP_BITS)
        mark_frames(stage, steps->block, STAGE_CHANGED);
    if (step->kind == STAGE_STEP_COUNTS || step->kind == STAGE_STEP_SAME)
        mark_counts(steps, stage, step->at);
}
