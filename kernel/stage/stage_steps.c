/* Finds the steps of an alloc or a free by comparing two snapshots, and shows one at a time. */

#include "stage_steps.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "stage_marks.h"
#include "stage_tell.h"

/* ---- finding them ---------------------------------------------------------------------------- */

static void add(struct stage_steps *steps, enum stage_step_kind kind, size_t at, unsigned node)
{
    if (steps->count < STAGE_STEPS_MAX)
        steps->steps[steps->count++] =
            (struct stage_step){(uint8_t)kind, (uint8_t)at, (uint16_t)node};
}

/* The free frames around the block, in a snapshot in which it is free. */
static struct frame_range run_around(const struct stage *stage, const struct stage_memory *memory,
                                     struct frame_range block)
{
    while (block.first > 0 && memory->frames[block.first - 1].state == STAGE_FREE)
        block.first--;
    while (block.end < stage_frame_count(stage) && memory->frames[block.end].state == STAGE_FREE)
        block.end++;
    return block;
}

static bool has_all(const struct stage *stage, unsigned node, struct frame_range frames)
{
    struct frame_range of = stage_node_frames(stage, node);
    return of.first <= frames.first && frames.end <= of.end;
}

/* The nodes from the root down that have all of the place. */
static void add_way(struct stage_steps *steps, const struct stage *stage, struct frame_range place)
{
    unsigned node = 1;
    for (;;) {
        add(steps, STAGE_STEP_WAY, 0, node);
        if (stage_node_order(stage, node) <= 1)
            return;
        if (has_all(stage, 2 * node, place))
            node = 2 * node;
        else if (has_all(stage, 2 * node + 1, place))
            node = 2 * node + 1;
        else
            return;
    }
}

/* The tree has less than a leaf here: its own steps say less than the way through the buddies. */
static bool is_told(const struct stage *stage, const struct explain_step *step)
{
    if (step->what == EXPLAIN_BAND || step->what == EXPLAIN_TREE || explain_is_block(step))
        return false;
    struct frame_range numbers = stage_numbers(stage, step->range);
    return !explain_is_refusal(step) || numbers.first < numbers.end;
}

static bool is_found_by_tree(const struct explain_step *step)
{
    return step->what == EXPLAIN_PLACE && step->from != CHOICE_LAST && step->from != CHOICE_LISTED;
}

static void add_search(struct stage_steps *steps, const struct stage *stage)
{
    const struct explain *explain = steps->explain;
    for (size_t i = 0; i < explain_kept_steps(explain); i++) {
        const struct explain_step *step = explain_step_at(explain, i);
        if (is_found_by_tree(step))
            add_way(steps, stage, stage_numbers(stage, step->range));
        if (step->what == EXPLAIN_NO_PLACE)
            add(steps, STAGE_STEP_WAY, 0, 1);
        if (is_told(stage, step))
            add(steps, STAGE_STEP_SEARCH, i, 0);
    }
}

/* A parent's counts follow from its halves': where none changes, none above does. */
static void add_counts(struct stage_steps *steps, const struct stage *stage)
{
    unsigned count;
    for (unsigned order = 1; order <= stage->order; order++) {
        unsigned node = stage_find_changed(stage, steps->block, order, &count);
        if (node == 0) {
            add(steps, STAGE_STEP_SAME, order,
                stage_node(stage, order, (unsigned)steps->block.first));
            return;
        }
        add(steps, STAGE_STEP_COUNTS, order, node);
    }
}

static void add_stages(struct stage_steps *steps, enum stage_step_kind kind)
{
    struct view_split_stage stage;
    for (size_t i = 0; view_splits_next(steps->splits, &stage); i++)
        add(steps, kind, i, 0);
}

void stage_steps_alloc(struct stage_steps *steps, const struct stage *stage,
                       const struct explain *explain, struct frame_range block)
{
    steps->explain = explain;
    steps->wanted = (unsigned)explain->request.frame_count;
    steps->block = stage_numbers(stage, block);
    steps->count = 0;
    add_search(steps, stage);
    if (steps->block.first >= steps->block.end)
        return;
    steps->run = run_around(stage, &stage->before, steps->block);
    view_splits_start(steps->splits, steps->run, steps->block);
    add_stages(steps, STAGE_STEP_SPLIT);
    add(steps, STAGE_STEP_BITS, 0, 0);
    add_counts(steps, stage);
}

void stage_steps_free(struct stage_steps *steps, const struct stage *stage,
                      struct frame_range block)
{
    steps->explain = NULL;
    steps->wanted = 0;
    steps->block = stage_numbers(stage, block);
    steps->count = 0;
    steps->run = run_around(stage, &stage->now, steps->block);
    add(steps, STAGE_STEP_BITS, 0, 0);
    add(steps, STAGE_STEP_PIECES, 0, 0);
    view_merges_start(steps->splits, steps->run, steps->block);
    add_stages(steps, STAGE_STEP_MERGE);
    add_counts(steps, stage);
}

/* ---- one step -------------------------------------------------------------------------------- */

void stage_steps_show(struct stage_steps *steps, struct stage *stage, size_t index,
                      struct step_line *line)
{
    stage_mark_step(steps, stage, index);
    stage_tell_step(steps, stage, index, line);
    format_text(stage->marks.text, sizeof stage->marks.text, "%s", line->text);
}

/* The last of a kind; 0 if there is none. */
static size_t find_last(const struct stage_steps *steps, enum stage_step_kind kind)
{
    size_t last = steps->count - 1;
    while (last > 0 && steps->steps[last].kind != kind)
        last--;
    return last;
}

/* What sums it up: the refusal, the last merge, or the bits. */
void stage_steps_end(struct stage_steps *steps, struct stage *stage)
{
    struct step_line line;
    if (steps->block.first >= steps->block.end) {
        stage_steps_show(steps, stage, steps->count - 1, &line);
        return;
    }
    size_t merge = find_last(steps, STAGE_STEP_MERGE);
    stage_steps_show(steps, stage, merge > 0 ? merge : find_last(steps, STAGE_STEP_BITS), &line);
    if (merge == 0) {
        stage_tell_bits(steps, "", line.text);
        format_text(stage->marks.text, sizeof stage->marks.text, "%s", line.text);
    }
    stage->marks.past_order = 0;
    memset(stage->marks.kinds, 0, sizeof stage->marks.kinds);
}
