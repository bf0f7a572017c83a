/* Which screen is shown, and what outlives a change of it. */

#include "display.h"

#include "graphic_screen.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"
#include "kernel/video/adapters.h"
#include "kernel/video/drivers.h"

#define COLUMNS_WITHOUT_SCREEN 80

static struct screen *shown; /* NULL: there is none */
static struct screen_notes notes;
static bool is_wanted; /* a screen, whatever kind there is */
static bool has_text; /* there is a text screen, be it shown or not */

/* ---- which screen -------------------------------------------------------------------------- */

static void take_character(char character)
{
    shown->text_changed = true;
    shown->rows->back = 0;
    if (character == '\n' && shown->operations->end_line)
        shown->operations->end_line(shown);
}

static void choose(struct screen *screen)
{
    if (shown && shown != screen) {
        shown->grid = NULL;
        shown->marks = NULL;
    }
    shown = screen;
    console_tell_screen = screen ? take_character : NULL;
}

/* Once there is memory to be seen. */
static void show(struct screen *screen)
{
    choose(screen);
    screen->operations->lay_out(screen);
}

void display_start_text(void)
{
    is_wanted = true;
    has_text = text_screen_find();
    if (!has_text)
        return;
    choose(text_screen(&notes));
    shown->operations->end_line(shown);
}

#define LARGEST_TEXT_BYTES (256u << 10)
#define SMALLEST_TEXT_BYTES (32u << 10)
#define TEXT_SHARE 64 /* of memory: little enough for text that nobody may ever read again */

/*
 * Keeps the console's last thousands of lines in a block, a power of two as a ring wants it, from
 * now on; where memory is too little or there is no such block, the text stays where it is. The
 * block is never given back.
 */
static void take_console_block(void)
{
    uint64_t share_bytes = (memory_manager()->buddy.frame_count << FRAME_SHIFT) / TEXT_SHARE;
    struct mm_request request = {
        .size_bytes = LARGEST_TEXT_BYTES, .limit = paging_reach(), .owner = CONSOLE_BLOCK_OWNER};
    void *address;
    while (request.size_bytes > share_bytes)
        request.size_bytes /= 2;
    if (request.size_bytes >= SMALLEST_TEXT_BYTES &&
        pool_alloc(memory_pool(), &request, MM_CACHED, NULL, &address) == MM_OK)
        scrollback_move(&console_text, address, (uint32_t)request.size_bytes);
}

/* A panic's text goes to the same screen, and may need all of it. */
static void prepare_panic(void)
{
    if (shown)
        shown->operations->give_all(shown);
}

void display_start(const struct options *options, const struct boot_framebuffer *framebuffer)
{
    panic_hooks.prepare_screen = prepare_panic;
    panic_hooks.finish_screen = display_refresh;
    if (is_wanted)
        take_console_block(); /* it stays for ever: above all that comes and goes */
    if (options->video == OPTIONS_VIDEO_GRAPHICS && adapters_start(framebuffer))
        show(graphic_screen(&notes));
    else if (has_text)
        show(text_screen(&notes));
}

bool display_set_mode(const struct graphics_mode *mode, bool is_large, const char **why)
{
    bool is_set = graphics_device() ? graphics_set_mode(mode, why) : adapters_set_mode(mode, why);
    if (is_set)
        graphic_screen(&notes)->wants_large = is_large;
    if (graphics_is_on())
        show(graphic_screen(&notes));
    return is_set;
}

bool display_is_large(void)
{
    return graphics_is_on() && graphic_screen(&notes)->wants_large;
}

bool display_leave_graphics(const char **why)
{
    if (has_text && !graphics_is_on())
        return true; /* it is what is shown */
    if (!graphics_leave(why))
        return false;
    has_text = true;
    show(text_screen(&notes));
    return true;
}

bool display_forget(struct videoport_device *device)
{
    bool was_on = graphics_is_on();
    if (device != graphics_device())
        return false;
    graphics_close();
    if (was_on)
        choose(NULL);
    return was_on;
}

static void show_picture_again(void)
{
    if (graphics_is_on())
        show(graphic_screen(&notes));
    else
        console_error("no other adapter shows a picture; the serial line goes on");
}

void display_restart(void)
{
    adapters_restart();
    show_picture_again();
}

bool display_load_driver(const char *name, char *const *words, size_t word_count)
{
    bool was_on = graphics_is_on();
    if (!graphics_device())
        return drivers_load(name, words, word_count);
    if (!drivers_add(name, words, word_count))
        return false;
    if (was_on)
        choose(NULL);
    bool is_loaded = adapters_hand_over();
    if (was_on)
        show_picture_again();
    return is_loaded;
}

/* What a driver that faulted held, claims among it, goes back first: the next may want the same. */
static void recover(struct videoport_device *failed)
{
    size_t index = drivers_find(failed->name);
    display_forget(failed);
    if (index < drivers_count())
        drivers_unload(index);
    display_restart();
}

void display_refresh(void)
{
    struct videoport_device *device = graphics_device();
    if (device && device->is_broken)
        recover(device);
    if (shown)
        shown->operations->refresh(shown);
}

/* ---- notes --------------------------------------------------------------------------------- */

bool display_shows_notes(void)
{
    return notes.measure && shown && shown->grid && shown->has_room_for_notes;
}

size_t display_console_columns(void)
{
    return shown ? shown->columns : COLUMNS_WITHOUT_SCREEN;
}

void display_open_notes(view_note_measure_t *measure)
{
    notes.measure = measure;
    if (shown)
        shown->operations->divide(shown);
}

void display_show_note(const struct view_note *note)
{
    notes.note = note;
    notes.changed = true;
}

void display_show_scale(const struct view_scale *scale)
{
    notes.scale = scale;
    notes.changed = true;
}

size_t display_pointed_cell(void)
{
    return notes.pointed;
}

void display_close_notes(void)
{
    notes.note = NULL;
    notes.scale = NULL;
    display_open_notes(NULL);
}

/* ---- marks --------------------------------------------------------------------------------- */

struct view_marks *display_marks(void)
{
    return shown && !shown->is_stale ? shown->marks : NULL;
}

void display_say(const char *text)
{
    if (display_marks())
        shown->operations->say(shown, text);
}

void display_light(enum view_panel panel)
{
    if (display_marks() && shown->operations->light)
        shown->operations->light(shown, panel);
}

void display_show_marks(const char *caption)
{
    if (!display_marks())
        return;
    display_say(caption);
    shown->operations->draw_marks(shown);
}

bool display_shows_stage(void)
{
    return shown && screen_stage(shown);
}

void display_draw_stage(void)
{
    if (display_shows_stage())
        shown->operations->draw_stage(shown);
}

void display_clear_marks(void)
{
    display_release();
    if (display_shows_stage()) {
        stage_clear_marks(stage_of_machine());
        shown->is_stale = true;
    } else if (display_marks())
        shown->operations->clear_marks(shown);
}

/* Whoever looks back at the console sees its end again as soon as something is written. */
static void look_back(int row_count)
{
    scroll_turn(shown->rows, row_count);
    shown->text_changed = true;
}

void display_take_key(enum line_key key)
{
    if (shown && key == LINE_SHIFT_PAGE_UP)
        look_back(scroll_page(shown->rows));
    else if (shown && key == LINE_SHIFT_PAGE_DOWN)
        look_back(-scroll_page(shown->rows));
    else if (display_marks() && shown->operations->take_key)
        shown->operations->take_key(shown, key);
}

/* ---- a picture that stays ------------------------------------------------------------------ */

bool display_is_held(void)
{
    return shown && shown->is_held;
}

struct view_marks *display_marks_to_hold(void)
{
    return screen_marks();
}

void display_hold(struct frame_range at, const char *title, const char *text)
{
    if (!shown || !shown->grid)
        return;
    shown->operations->put_caption(shown, at, title, text);
    shown->is_stale = shown->is_held = true;
    display_refresh();
}

void display_release(void)
{
    if (!display_is_held())
        return;
    screen_end_hold(shown);
    display_refresh();
}

/* ---- another time -------------------------------------------------------------------------- */

bool display_has_view(void)
{
    return shown && shown->grid;
}

bool display_show_moment(const char *past)
{
    if (!display_has_view())
        return false;
    screen_end_hold(shown);
    shown->past = past;
    shown->is_stale = true;
    display_refresh();
    return true;
}

/* ---- zoom ---------------------------------------------------------------------------------- */

static bool has_ram(struct frame_range range)
{
    const struct memmap *map = machine_map();
    for (size_t i = 0; i < map->count; i++)
        if (map->regions[i].kind == REGION_USABLE &&
            map->regions[i].base >> FRAME_SHIFT < range.end &&
            range.first < map->regions[i].end >> FRAME_SHIFT)
            return true;
    return false;
}

bool display_zoom(struct frame_range range, const char **why)
{
    *why = "there is no map of frames on the screen";
    if (!shown || !shown->grid)
        return false;
    *why = "all frames of this machine are shown";
    if (display_shows_stage())
        return false;
    *why = "there is no RAM";
    if (range.first < range.end && !has_ram(range))
        return false;
    shown->operations->zoom(shown, range);
    shown->is_stale = true;
    display_refresh();
    return true;
}

struct frame_range display_zoomed_part(void)
{
    return shown && shown->grid ? shown->grid->shown : (struct frame_range){0};
}

bool display_get_zoom(struct frame_range *range, pfn_t *cell_frames)
{
    const struct view_grid *grid = shown ? shown->grid : NULL;
    struct view_naming stage = stage_naming();
    if (display_shows_stage()) {
        *range = (struct frame_range){stage.first, stage.end};
        *cell_frames = 1;
        return true;
    }
    if (!grid || grid->row_count == 0)
        return false;
    size_t cells = grid->row_count << grid->column_bits;
    *range = (struct frame_range){view_grid_cell_range(grid, 0).first,
                                  view_grid_cell_range(grid, cells - 1).end};
    *cell_frames = (pfn_t)1 << grid->cell_order;
    return true;
}

void display_change_machine(void)
{
    struct screen *screens[] = {text_screen(&notes), graphic_screen(&notes)};
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++)
        screens[i]->operations->forget_machine(screens[i]);
}

/* ---- what is said of it -------------------------------------------------------------------- */

static const char *screen_without_adapter(void)
{
    if (has_text)
        return "text";
    return is_wanted ? "none" : "off";
}

void display_describe(void)
{
    if (!graphics_is_on())
        console_print("video adapter=none screen=%s\n", screen_without_adapter());
    graphics_describe();
    adapters_describe_passed();
}
