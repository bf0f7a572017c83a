/*
 * Plays the story of an alloc or a free in the picture. A story is a row of stages. Each changes
 * the marks and has a sentence; whether it is drawn, waits for a key or is skipped depends on the
 * mode and on the time: nobody waits for a story longer than a second unless they asked for steps.
 */

#include "story.h"

#include "dialogue.h"
#include "drivers/pc/timer.h"
#include "kernel/lib/format.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/pc/input.h"
#include "kernel/screen/display.h"
#include "kernel/stage/stage.h"
#include "kernel/stage/stage_words.h"
#include "kernel/view/explain.h"
#include "story_stage.h"

#define STAGE_TICKS_MAX 15u
#define STORY_TICKS_MAX 90u
#define SHOWN_STEPS_MAX 10u /* of a search, where nobody steps */

struct story story = {.mode = STORY_AUTO, .slowness = 1};
static struct explain *const explain = &explain_shared;
static bool is_explained;
struct view_splits story_splits;
static struct view_marks *marks; /* over the picture; NULL: there is none of that sort */
static uint32_t start_tick;
static uint32_t stage_ticks;
static bool is_ended; /* by a key, or by time */

/* Steps have numbers, so that one can go back: all is told anew, and shown from one of them on. */
static unsigned told_count; /* steps of this telling so far */
static unsigned first_shown; /* the number of the first that is shown */
static bool goes_back;
static bool is_on_stage; /* the picture is a small machine's */

void story_forget(void)
{
    is_explained = false;
    display_clear_marks();
}

/* ---- stages ---------------------------------------------------------------------------------- */

/* True if stories are shown at their own pace. */
static bool is_shown(void)
{
    return story.mode == STORY_SHOW || (story.mode == STORY_AUTO && input_is_local());
}

/* True if there is a picture that a story can be drawn in. */
static bool has_picture(void)
{
    return display_marks() || display_shows_stage();
}

/* Begins to tell, or to tell once more. */
static void begin_telling(void)
{
    if (marks)
        view_marks_clear(marks);
    told_count = 0;
    goes_back = false;
    is_ended = story.mode != STORY_STEP && !(has_picture() && is_shown());
}

/* Stages to come, so that all of them together keep to the time. */
static void begin(unsigned stage_count)
{
    marks = display_marks();
    first_shown = 1;
    start_tick = timer_ticks();
    stage_ticks = STORY_TICKS_MAX / (stage_count > 0 ? stage_count : 1);
    stage_ticks = stage_ticks < STAGE_TICKS_MAX ? stage_ticks : STAGE_TICKS_MAX;
    stage_ticks *= story.slowness;
    is_on_stage = false;
    begin_telling();
}

bool story_begin(unsigned step_count)
{
    begin(step_count);
    is_on_stage = true;
    return !is_ended;
}

bool story_is_ended(void)
{
    return is_ended;
}

bool story_begins_again(void)
{
    if (!goes_back)
        return false;
    begin_telling();
    return true;
}

/* Until a key leads on from this step, back, or to the end of all steps. */
static void wait_for_key(void)
{
    enum dialogue_act act;
    do {
        act = dialogue_act_of(input_wait(NULL), NULL);
    } while (act == DIALOGUE_NONE || (act == DIALOGUE_BACK && told_count < 2));
    if (act == DIALOGUE_NEXT)
        return;
    is_ended = true;
    if (act == DIALOGUE_BACK) {
        goes_back = true;
        first_shown = told_count - 1;
        return;
    }
    story.mode = STORY_AUTO;
    console_write("step auto\n");
}

void story_show_step(const struct step_line *line)
{
    if (is_ended || ++told_count < first_shown)
        return;
    if (story.mode == STORY_STEP)
        step_line_print(line);
    if (is_on_stage)
        display_draw_stage();
    else
        display_show_marks(line->text);
    if (story.mode != STORY_STEP) {
        input_pause(stage_ticks, NULL);
        is_ended =
            input_is_waiting() || timer_ticks() - start_tick > STORY_TICKS_MAX * story.slowness;
    } else if (story.has_dialogue) {
        wait_for_key();
    }
}

bool story_look(uint32_t ticks)
{
    is_ended = false;
    told_count = 0;
    if (story.mode == STORY_STEP && story.has_dialogue) {
        wait_for_key();
        return !is_ended;
    }
    if (!is_shown())
        return true;
    input_pause(ticks, NULL);
    return !input_is_waiting();
}

/* ---- alloc ----------------------------------------------------------------------------------- */

void story_explain(const struct mm_request *request)
{
    is_explained = false;
    bool is_small = story_stage_explain(request);
    if (!is_small && !display_marks() && story.mode != STORY_STEP)
        return;
    explain->naming = stage_naming();
    explain_request(explain, machine_manager(), request);
    is_explained = explain->step_count > 0;
}

static void mark(unsigned order, struct frame_range range, enum view_mark_look look)
{
    if (marks)
        view_marks_add(marks, order, range, look);
}

static void mark_step(const struct explain_step *step)
{
    if (step->what == EXPLAIN_PLACE)
        mark(VIEW_MARK_NO_ORDER, step->range, VIEW_MARK_PLACE);
    else if (explain_is_refusal(step))
        mark(VIEW_MARK_NO_ORDER, step->range, VIEW_MARK_REFUSED);
    else if (explain_is_block(step))
        mark(step->order, step->range, VIEW_MARK_VISITED);
}

static void mark_request(void)
{
    if (!marks)
        return;
    marks->window = (struct frame_range){explain->request.lowest, explain->request.limit};
    marks->align_frames = explain->request.align_frames;
    marks->boundary_frames = explain->request.boundary_frames;
}

static void show_step(const struct explain_step *step)
{
    struct step_line line;
    step_line_explain(&line, explain, step);
    size_t count = marks ? marks->count : 0;
    if (explain_is_block(step))
        mark(step->order, step->range, VIEW_MARK_CURRENT);
    story_show_step(&line);
    if (marks)
        marks->count = count;
}

/* All steps are marked; of many, some are shown by themselves, if nobody wants to see each. */
static void tell_search(void)
{
    size_t count = explain_kept_steps(explain);
    size_t stride = story.mode == STORY_STEP ? 1 : count / SHOWN_STEPS_MAX + 1;
    mark_request();
    for (size_t i = 0; i < count; i++) {
        const struct explain_step *step = explain_step_at(explain, i);
        mark_step(step);
        if (i % stride == 0 || i + 1 == count || explain_is_refusal(step))
            show_step(step);
    }
}

/* The block's own naming: on a machine of this size, by address. */
static void describe_stage(const struct view_split_stage *stage, struct step_line *line)
{
    static const struct view_naming naming = {0};
    char large[VIEW_WORDS_MAX];
    char small[VIEW_WORDS_MAX];
    char place[VIEW_WORDS_MAX];
    char more[24] = "";
    pfn_t frames = (pfn_t)1 << stage->order;
    *line = (struct step_line){.what = story_splits.merges ? "merge" : "split",
                               .has_order = true,
                               .order = stage->order,
                               .range = {stage->first, stage->first + frames}};
    view_words_amount(large, &naming, frames);
    view_words_amount(small, &naming, frames / 2);
    view_words_point(place, &naming, stage->first);
    if (stage->count > 1)
        format_text(more, sizeof more, ", and %u more", stage->count - 1);
    if (story_splits.merges)
        format_text(line->text, sizeof line->text,
                    "Two free buddies of %s, at %s, merge into one of %s%s.", small, place, large,
                    more);
    else
        format_text(line->text, sizeof line->text,
                    "The buddy of %s at %s is free, and larger than needed: halve it%s.", large,
                    place, more);
}

static void tell_stage(const struct view_split_stage *stage)
{
    struct step_line line;
    describe_stage(stage, &line);
    story_show_step(&line);
}

/* The block's frames, and what is free around them. */
static struct frame_range run_around(struct frame_range block)
{
    const struct buddy *buddy = &machine_manager()->buddy;
    struct frame_range run = block;
    struct frame_range beside;
    if (buddy_find_free(buddy, block.end, &beside) && beside.first == block.end)
        run.end = beside.end;
    if (block.first > 0 && buddy_find_free(buddy, block.first - 1, &beside) &&
        beside.end == block.first)
        run.first = beside.first;
    return run;
}

/* The window and the place stay marked meanwhile; the way of the search would be in the way. */
static void tell_splits(struct frame_range block)
{
    struct view_split_stage stage;
    size_t count = 0;
    for (size_t i = 0; i < marks->count; i++)
        if (marks->marks[i].order == VIEW_MARK_NO_ORDER)
            marks->marks[count++] = marks->marks[i];
    marks->count = count;
    view_splits_start(&story_splits, run_around(block), block);
    while (!is_ended && view_splits_next(&story_splits, &stage)) {
        marks->count = count;
        view_splits_mark(&story_splits, marks);
        tell_stage(&stage);
    }
    marks->count = count;
}

static void tell_request(const struct mm_block *block)
{
    tell_search();
    if (block && marks)
        tell_splits(view_frames_between(block->base, block->base + block->size_bytes));
}

/* Marks and the last sentence stay until the next command. */
void story_tell_alloc(const struct mm_block *block)
{
    char text[EXPLAIN_TEXT_MAX];
    bool is_told = is_explained;
    is_explained = false;
    if (story_stage_tell_alloc(explain, block, is_told) || !is_told)
        return;
    size_t steps = explain_kept_steps(explain);
    begin((unsigned)(steps < SHOWN_STEPS_MAX ? steps : SHOWN_STEPS_MAX) + 8);
    tell_request(block);
    while (goes_back) {
        begin_telling();
        tell_request(block);
    }
    if (block && marks) {
        view_marks_clear(marks);
        marks->window = (struct frame_range){explain->request.lowest, explain->request.limit};
        for (size_t i = 0; i < steps; i++)
            mark_step(explain_step_at(explain, i));
    }
    display_say(explain_tell(explain, explain_step_at(explain, steps - 1), text));
}

void story_tell_search(void)
{
    if (explain->step_count > 0)
        story_stage_tell_search(explain);
}

/* ---- free ------------------------------------------------------------------------------------ */

static void describe_pieces(struct frame_range frames, struct step_line *line)
{
    *line = (struct step_line){.what = "pieces", .range = frames};
    format_text(line->text, sizeof line->text,
                "The freed block makes these free buddies: powers of two, each aligned to its own "
                "size.");
}

static void tell_pieces(struct frame_range frames)
{
    struct step_line line;
    describe_pieces(frames, &line);
    story_show_step(&line);
}

static void mark_merge(struct frame_range frames)
{
    if (!marks)
        return;
    view_marks_clear(marks);
    mark(VIEW_MARK_NO_ORDER, frames, VIEW_MARK_PLACE);
    view_splits_mark(&story_splits, marks);
}

/* `run`: what is free around the block's frames, now that they are. */
static void tell_merges(struct frame_range run, struct frame_range frames)
{
    struct view_split_stage stage = {.order = 1};
    view_merges_start(&story_splits, run, frames);
    do {
        mark_merge(frames);
        if (stage.count == 0)
            tell_pieces(frames);
        else
            tell_stage(&stage);
    } while (!is_ended && view_splits_next(&story_splits, &stage));
}

/* All merges are marked, and the last one is told, until the next command. */
static void show_merged(struct frame_range run, struct frame_range frames)
{
    struct view_split_stage stage;
    struct step_line line;
    view_merges_start(&story_splits, run, frames);
    describe_pieces(frames, &line);
    while (view_splits_next(&story_splits, &stage))
        if (stage.count > 0)
            describe_stage(&stage, &line);
    mark_merge(frames);
    display_say(line.text);
}

void story_tell_free(const struct mm_block *block)
{
    struct frame_range frames = view_frames_between(block->base, block->base + block->size_bytes);
    struct frame_range run;
    if (story_stage_tell_free(block))
        return;
    begin(10);
    if (is_ended || !buddy_find_free(&machine_manager()->buddy, frames.first, &run))
        return;
    tell_merges(run, frames);
    while (goes_back) {
        begin_telling();
        tell_merges(run, frames);
    }
    show_merged(run, frames);
}

void story_note_free(const struct mm_block *block)
{
    story_stage_note_free(block);
}

/* ---- a place --------------------------------------------------------------------------------- */

static void point_on_stage(struct stage *stage, struct frame_range numbers, unsigned order)
{
    if (numbers.first >= numbers.end)
        return;
    if (order > 0 && order <= stage->order)
        stage->marks.nodes[stage_node(stage, order, (unsigned)numbers.first)] = STAGE_HERE;
    for (pfn_t i = numbers.first; i < numbers.end && order == 0; i++)
        stage->marks.frames[i] = STAGE_HERE;
}

void story_point(pfn_t pfn, unsigned order, const char *text, struct frame_range range)
{
    struct stage *stage = display_shows_stage() ? stage_of_machine() : NULL;
    struct view_marks *over = display_marks();
    struct frame_range frame = {pfn, pfn + 1};
    if (stage && order <= stage->order) {
        struct frame_range numbers = stage_numbers(stage, order > 0 ? range : frame);
        if (numbers.first < numbers.end)
            stage_words_pointed(stage, numbers, order, stage->marks.text);
        point_on_stage(stage, stage_numbers(stage, range), order);
    } else if (!stage && over) {
        view_marks_add(over, order > 0 ? order : VIEW_MARK_NO_ORDER, range, VIEW_MARK_PLACE);
        display_say(text);
    }
}
