/*
 * Plays the guided tour. A step's text is read first, then a key (or the time for it) lets its
 * commands run, so that what happens is not missed over the reading. On the screen the text is a
 * note above the console; over the serial line, and without room for notes, it is written.
 *
 * Each step cleans up behind itself by typing what a person would: it frees the blocks that were
 * taken since it began, and types its ending. So going back is playing a step anew.
 */

#include "tour.h"

#include "aside.h"
#include "dialogue.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/input.h"
#include "kernel/screen/display.h"
#include "kernel/shell/shell.h"
#include "kernel/stage/stage.h"
#include "kernel/video/graphics.h"
#include "story.h"

#define KEYS_MAX 64
#define TITLE_MAX 64

/* In ticks. Who has found the note reads some 25 characters a second; then there is the picture. */
#define READ_TICKS_PER_CHARACTER 4
#define READ_TICKS_MIN 200
#define LOOK_TICKS 300
#define BETWEEN_COMMANDS_TICKS 120
#define CAPTION_TICKS 700 /* for the box of a crime */
#define TYPE_TICKS 3

enum act { ACT_NONE, ACT_NEXT, ACT_BACK, ACT_ALONE, ACT_END };

static enum tour_pace pace;
static bool hurries; /* a key was pressed during the commands: they come without pauses */
static enum act asked; /* by a key during the commands: what to do after the present one */
static char note_title[TITLE_MAX];
static char note_keys[KEYS_MAX];
static char note_text[TOUR_TEXT_MAX];
static char composed[TOUR_TEXT_MAX]; /* a text that is measured or written, but not shown */
static const struct view_note note = {.title = note_title, .keys = note_keys, .text = note_text};

/* ---- text ------------------------------------------------------------------------------------ */

static void compose(const struct tour_step *step, char text[TOUR_TEXT_MAX])
{
    bool is_skipped = !tour_values_serve(step->need);
    tour_values_expand(text, is_skipped ? step->otherwise : step->text);
    if (is_skipped || !step->seen || !graphics_is_on() || !display_shows_notes())
        return;
    size_t length = strlen(text);
    format_text(text + length, TOUR_TEXT_MAX - length, " %s", step->seen);
}

/* Lines of the longest text. */
static size_t measure(size_t columns)
{
    size_t most = 0;
    for (size_t i = 0; i < tour_script_length; i++) {
        compose(&tour_script[i], composed);
        size_t count = wrap_count(composed, columns);
        most = count > most ? count : most;
    }
    return most;
}

static void format_title(const struct tour_step *step, size_t index, char title[TITLE_MAX])
{
    format_text(title, TITLE_MAX, "%zu/%zu %s", index + 1, tour_script_length, step->title);
}

/* Where no note is shown. */
static void write_text(const struct tour_step *step, size_t index)
{
    char title[TITLE_MAX];
    format_title(step, index, title);
    compose(step, composed);
    aside_write_text(title, composed);
}

/* When the picture is the step's, so that the note does not lie over the one before. */
static void show_text(const struct tour_step *step, size_t index)
{
    format_title(step, index, note_title);
    note_keys[0] = '\0';
    compose(step, note_text);
    if (stage_of_machine())
        stage_of_machine()->hides_holders = true;
    display_show_note(&note);
    display_refresh();
}

/* Which keys may be pressed: in the note, and behind the cursor until one is. */
static void show_keys(const char *keys)
{
    format_text(note_keys, sizeof note_keys, "%s", keys);
    display_show_note(&note);
    aside_write(note_keys);
    display_refresh();
}

/* While commands run; what is written aside is theirs then. */
static void show_keys_of_play(void)
{
    if (pace != TOUR_QUICK)
        format_text(note_keys, KEYS_MAX, "Enter: skip  b: back  q: end");
    display_show_note(&note);
}

static void hide_keys(void)
{
    static const char *const parts[] = {"\b", " ", "\b"};
    for (size_t part = 0; part < 3; part++)
        for (size_t i = 0; note_keys[i]; i++)
            aside_write(parts[part]);
    note_keys[0] = '\0';
    display_show_note(&note);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* True if a byte is there within that time. */
static bool await_byte(uint32_t ticks)
{
    input_pause(ticks, shell_idle);
    return input_is_waiting();
}

static enum act act_of(uint8_t byte)
{
    static const uint8_t acts[] = {[DIALOGUE_NONE] = ACT_NONE,
                                   [DIALOGUE_NEXT] = ACT_NEXT,
                                   [DIALOGUE_BACK] = ACT_BACK,
                                   [DIALOGUE_END] = ACT_END};
    return byte == 'a' ? ACT_ALONE : (enum act)acts[dialogue_act_of(byte, shell_idle)];
}

/* Whoever presses a key while the tour goes on alone wants to stop it there, if not to end it. */
static enum act take_key(uint8_t byte)
{
    enum act act = act_of(byte);
    if (pace != TOUR_ALONE || act == ACT_END)
        return act;
    pace = TOUR_BY_KEY;
    return ACT_NONE;
}

/* ACT_NEXT by itself after so many ticks, if it goes on alone. */
static enum act wait_alone(uint32_t ticks)
{
    uint8_t byte;
    if (!await_byte(ticks))
        return ACT_NEXT;
    input_read(&byte);
    return take_key(byte);
}

static enum act wait_for_act(uint32_t ticks, const char *keys)
{
    enum act act = ACT_NONE;
    while (act == ACT_NONE && pace != TOUR_QUICK) {
        bool is_alone = pace == TOUR_ALONE;
        show_keys(is_alone ? "any key: stop here  q: end" : keys);
        act = is_alone ? wait_alone(ticks) : take_key(input_wait(shell_idle));
        hide_keys();
        if (act != ACT_ALONE)
            continue;
        pace = TOUR_ALONE;
        act = ACT_NEXT;
    }
    display_release();
    return act == ACT_NONE ? ACT_NEXT : act;
}

/* ---- commands -------------------------------------------------------------------------------- */

static void hear_key(void)
{
    uint8_t byte;
    input_read(&byte);
    asked = take_key(byte);
    if (asked == ACT_ALONE)
        pace = TOUR_ALONE;
}

/* Pauses, and hears keys: Enter has the rest of the step come at once. */
static void pause_between(uint32_t ticks)
{
    display_refresh();
    if (pace == TOUR_QUICK || hurries || !await_byte(ticks))
        return;
    hear_key();
    hurries = true;
}

static uint32_t or_caption(uint32_t ticks)
{
    return display_is_held() ? CAPTION_TICKS : ticks;
}

static bool is_left(void)
{
    return asked == ACT_END || asked == ACT_BACK;
}

static void pause_at_character(void)
{
    if (pace != TOUR_QUICK && !hurries)
        pause_between(TYPE_TICKS);
}

static void type(const char *pattern)
{
    char text[TOUR_TEXT_MAX];
    if (!tour_values_expand(text, pattern))
        return;
    shell_type(text, pause_at_character);
    tour_values_note_blocks();
}

static void run_commands(const struct tour_step *step)
{
    hurries = false;
    asked = ACT_NONE;
    for (size_t i = 0; i < TOUR_COMMANDS_MAX && step->commands[i] && !is_left(); i++) {
        if (i > 0)
            pause_between(or_caption(BETWEEN_COMMANDS_TICKS * (step->patience + !step->patience)));
        if (!is_left())
            type(step->commands[i]);
    }
    /* The key that shortened the last command's story has done its work, unless it leads away. */
    if (pace != TOUR_QUICK && !is_left() && input_is_waiting())
        hear_key();
}

/* What is still there of what the step took, and what it has changed besides. */
static void give_back(const struct tour_step *step)
{
    hurries = true;
    for (char text[] = "free {1}"; text[6] <= '9'; text[6]++)
        type(text);
    if (step->ending)
        type(step->ending);
}

static enum act play_step(size_t index)
{
    const struct tour_step *step = &tour_script[index];
    bool is_last = index + 1 == tour_script_length;
    const char *after = is_last ? "Enter: end  b: back" : "Enter: next  b: back  a: auto  q: end";
    tour_values_begin_step();
    write_text(step, index);
    hurries = true;
    display_light(step->panel);
    if (step->opening) {
        type(step->opening);
        story_forget(); /* what the opening's requests left marked */
    }
    show_text(step, index);
    uint32_t ticks = (uint32_t)strlen(note_text) * READ_TICKS_PER_CHARACTER + READ_TICKS_MIN;
    if (!tour_values_serve(step->need))
        return wait_for_act(ticks, after);
    enum act act = wait_for_act(ticks, "Enter: show  b: back  a: auto  q: end");
    if (act != ACT_NEXT) {
        if (step->opening)
            give_back(step);
        return act;
    }
    story.slowness = step->slowness > 0 && pace != TOUR_QUICK ? step->slowness : 1;
    show_keys_of_play();
    run_commands(step);
    story.slowness = 1;
    act = is_left() ? asked : wait_for_act(or_caption(LOOK_TICKS), after);
    give_back(step);
    return act;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* The steps open machines of their own. What was open is there again afterwards, as it was. */
static void set_machine_aside(void)
{
    bool is_simulated = machine_simulated();
    machine_set_aside();
    if (is_simulated)
        display_change_machine();
}

static void take_machine_back(void)
{
    machine_take_back();
    if (machine_simulated())
        display_change_machine();
}

/* True if memory is enough. */
static bool begin(enum tour_pace wanted)
{
    if (!tour_values_begin()) {
        console_error("there is too little free memory for a tour: %llu bytes in one piece",
                      (number_t)mm_largest_run(memory_manager(), 0, MM_NO_LIMIT));
        return false;
    }
    pace = wanted == TOUR_BY_KEY && !story.has_dialogue ? TOUR_ALONE : wanted;
    display_open_notes(measure);
    return true;
}

void tour_play(size_t first_step, enum tour_pace wanted)
{
    enum story_mode mode = story.mode;
    struct frame_range zoom = display_zoomed_part();
    pfn_t free_before = memory_manager()->buddy.free_count;
    size_t index = first_step - 1;
    size_t shown = index;
    enum act act = ACT_NEXT;
    const char *why;
    if (!begin(wanted))
        return;
    set_machine_aside();
    story.mode = pace == TOUR_QUICK ? STORY_OFF : STORY_SHOW;
    while (act != ACT_END && index < tour_script_length) {
        shown = index;
        act = play_step(index);
        if (act == ACT_NEXT)
            index++;
        else if (act == ACT_BACK && index > 0)
            index--;
    }
    story.mode = mode;
    take_machine_back();
    if (zoom.first < zoom.end) /* a change of mode, or of the machine, has shown all */
        display_zoom(zoom, &why);
    display_light(VIEW_PANEL_NONE);
    display_close_notes();
    console_print("tour end step=%zu of=%zu free=%llu before=%llu\n", shown + 1, tour_script_length,
                  (number_t)memory_manager()->buddy.free_count, (number_t)free_before);
}
