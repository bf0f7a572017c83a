/* Shows a moment of the past, and moves to others by command or by key. */

#include "travel.h"

#include "aside.h"
#include "kernel/lib/format.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/past/machine_past.h"
#include "kernel/screen/display.h"
#include "kernel/shell/shell.h"
#include "kernel/stage/stage.h"
#include "kernel/view/view_grid.h"
#include "kernel/view/view_past.h"

#define MANY_EVENTS 10 /* at a key with Shift */
#define TITLE_MAX 48

static char title[TITLE_MAX];
static char moment[TITLE_MAX];
static char text[VIEW_PAST_MAX];
static const struct view_note note = {
    .title = title, .keys = "left, right: one  Shift: ten  Home, End  Esc: now", .text = text};
static struct view_scale scale;

bool travel_is_on(void)
{
    struct past *past = machine_past();
    return past && machine_shown() == &past->copy;
}

/* ---- what is shown and written --------------------------------------------------------------- */

#define SENTENCE_MAX 96 /* with the longest owner, at the highest address */

/* Lines of a sentence, and one for the scale. */
static size_t measure(size_t columns)
{
    return 1 + (columns < SENTENCE_MAX ? 2 : 1);
}

static enum view_scale_look look_of(const struct past_entry *event)
{
    static const uint8_t looks[] = {[PAST_ALLOCATED] = VIEW_SCALE_ALLOCATED,
                                    [PAST_FREED] = VIEW_SCALE_FREED,
                                    [PAST_MANY] = VIEW_SCALE_MANY};
    return (enum view_scale_look)looks[event->what];
}

static void fill_scale(const struct past *past)
{
    const struct past_entry *event;
    size_t count = past->last - past->oldest + 1;
    view_scale_begin(&scale, count);
    for (size_t cursor = 0; (event = past_next_event(past, &cursor));)
        view_scale_enter(&scale, event->event - past->oldest, count, look_of(event));
    view_scale_enter(&scale, past->at - past->oldest, count, VIEW_SCALE_SHOWN);
}

/* On a small machine. The textbook's row cannot go back. */
static void mark_on_stage(struct stage *stage, struct frame_range block)
{
    struct frame_range numbers = stage_numbers(stage, block);
    stage_clear_marks(stage);
    for (pfn_t frame = numbers.first; frame < numbers.end; frame++)
        stage->marks.frames[frame] = STAGE_HERE;
    format_text(stage->marks.text, STAGE_TEXT_MAX, "%s.%s", title,
                stage->shows_textbook ? " Only the textbook's row shows what is now." : "");
}

/* Outlines the block that the event was about. */
static void mark_event(const struct past *past)
{
    const struct past_entry *event = past_event(past);
    struct view_marks *marks = display_marks();
    struct frame_range block = {0};
    if (event && event->what != PAST_MANY)
        block = view_frames_between(event->as.block.base,
                                    event->as.block.base + event->as.block.size_bytes);
    if (display_shows_stage()) {
        mark_on_stage(stage_of_machine(), block);
        return;
    }
    if (!marks)
        return;
    view_marks_clear(marks);
    if (block.first < block.end)
        view_marks_add(marks, VIEW_MARK_NO_ORDER, block, VIEW_MARK_PLACE);
}

static void compose(const struct past *past)
{
    struct view_naming naming = stage_naming();
    format_text(moment, sizeof moment, "%u of %u", (unsigned)past->at, (unsigned)past->last);
    if (past->at == past->oldest)
        format_text(title, sizeof title, "The past, before event %u", (unsigned)past->at + 1);
    else
        format_text(title, sizeof title, "The past, after event %s", moment);
    view_past_tell(text, past, &naming);
    fill_scale(past);
}

static void write_moment(const struct past *past)
{
    char line[VIEW_PAST_MAX];
    aside_write("past ");
    aside_write(view_past_tell_fields(line, past));
    aside_write("\n  ");
    aside_write(text);
    aside_write("\n");
}

/* ---- going ----------------------------------------------------------------------------------- */

static void show_now(struct past *past)
{
    past_go(past, past->last);
    machine_show(NULL);
    display_clear_marks();
    display_close_notes();
    display_show_moment(NULL);
}

void travel_return(void)
{
    struct past *past = machine_past();
    if (!travel_is_on())
        return;
    show_now(past);
    console_print("past moment=%u of=%u dropped=%u what=now\n  This is memory as it is now.\n",
                  (unsigned)past->last, (unsigned)past->last, (unsigned)past->oldest);
}

static void show(struct past *past, uint32_t wanted)
{
    bool was_on = travel_is_on();
    if (!past_go(past, wanted)) {
        show_now(past);
        console_error("the past has no room for the blocks of moment %u", (unsigned)wanted);
        return;
    }
    machine_show(&past->copy);
    compose(past);
    if (!was_on)
        display_open_notes(measure);
    display_show_note(&note);
    display_show_scale(&scale);
    mark_event(past);
    display_show_moment(moment);
    write_moment(past);
}

/* NULL, with a line on the log, if there is none that could be shown. */
static struct past *require_past(void)
{
    struct past *past = machine_past();
    char why[MACHINE_PAST_TEXT_MAX];
    if (past && display_has_view())
        return past;
    console_error("nothing that happened was recorded: %s",
                  display_has_view() ? machine_past_tell_why(why)
                                     : "there is no picture that could show it");
    return NULL;
}

void travel_back(uint64_t count)
{
    struct past *past = require_past();
    if (!past)
        return;
    if (past->at == past->oldest && past->oldest > 0)
        console_error("there is no older moment than that before event %u: %u events were dropped",
                      (unsigned)past->oldest + 1, (unsigned)past->oldest);
    else if (past->at == past->oldest)
        console_error("there is no older moment: nothing happened before");
    else
        show(past, past->at - past->oldest > count ? past->at - (uint32_t)count : past->oldest);
}

void travel_forward(uint64_t count)
{
    struct past *past = require_past();
    if (!past)
        return;
    if (!travel_is_on())
        console_error("there is no later moment: memory is shown as it is now");
    else if (past->last - past->at > count)
        show(past, past->at + (uint32_t)count);
    else
        travel_return();
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void take_key(enum line_key key)
{
    struct past *past = machine_past();
    if (key == LINE_RIGHT || key == LINE_SHIFT_RIGHT)
        travel_forward(key == LINE_RIGHT ? 1 : MANY_EVENTS);
    else if (key == LINE_HOME || past->at == past->oldest)
        show(past, past->oldest);
    else
        travel_back(key == LINE_LEFT ? 1 : MANY_EVENTS);
}

static uint32_t pointed_moment(const struct past *past)
{
    size_t count = past->last - past->oldest + 1;
    return past->oldest + (uint32_t)view_scale_moment(&scale, display_pointed_cell(), count);
}

/* What is written stands behind the prompt, which is then written again. */
bool travel_take_key(enum line_key key)
{
    if (!travel_is_on() || key < LINE_RIGHT)
        return false;
    aside_write("\n");
    if (key == LINE_END || key == LINE_ESCAPE)
        travel_return();
    else if (key == LINE_POINTED)
        show(machine_past(), pointed_moment(machine_past()));
    else
        take_key(key);
    aside_write(SHELL_PROMPT);
    return true;
}
