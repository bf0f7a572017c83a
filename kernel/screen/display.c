/*
 * What is on the screen: ties the canvas to the adapter, and the memory view and the terminal to
 * the canvas.
 */

#include "display.h"

#include "drivers/pc/mouse.h"
#include "drivers/pc/text_screen.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/pc/panic.h"
#include "kernel/video/adapters.h"
#include "kernel/video/drivers.h"
#include "kernel/video/graphics.h"
#include "kernel/view/view.h"
#include "kernel/view/view_chars.h"
#include "kernel/view/view_inspect.h"
#include "kernel/view/view_note.h"
#include "kernel/view/view_pointer.h"
#include "kernel/view/view_theme.h"
#include "terminal.h"

static bool is_wanted; /* a screen, whatever kind there is */
static bool text; /* the console is on the text screen */
static bool text_view_fits; /* with the memory view above it */
static bool drawing; /* the console is on the canvas */
static struct canvas canvas;
static struct terminal terminal;
static struct view view;
static struct view_chars view_chars;
static bool view_fits;
static bool view_is_stale; /* nothing of it is on the screen yet */
static bool text_changed;
static bool marks_changed;
static struct view_pointer pointer;
static bool pointer_moved;
static view_note_measure_t *measure_notes; /* NULL: the console has all of its area */
static const struct view_note *note;
static struct view_note_place note_place;
static size_t note_rows; /* of the text screen */
static bool note_changed;
static bool is_held; /* the view stays as it is */
static bool has_anchor;
static pfn_t anchor;
static uint64_t seen_last_id;
static size_t seen_live_count;

/* ---- the two screens ------------------------------------------------------------------------ */

static void put_on_canvas(char character)
{
    terminal_put(&terminal, character);
    text_changed = true;
}

void display_start_text(void)
{
    is_wanted = true;
    text = text_screen_init();
    if (!text)
        return;
    text_screen_clear(0);
    console_replay(text_screen_put);
    console_set_screen(text_screen_put);
}

static void draw_text_note(void)
{
    static view_char_t cells[VIEW_NOTE_ROWS_MAX][VIEW_CHARS_COLUMNS];
    view_note_draw_chars(cells, note_rows, note);
    for (size_t row = 0; row < note_rows; row++) {
        for (int i = 0; i < VIEW_CHARS_COLUMNS && text_screen_is_monochrome(); i++)
            cells[row][i] = view_char_in_monochrome(cells[row][i]);
        text_screen_show(VIEW_CHARS_ROWS + (int)row, cells[row]);
    }
}

/* Once there is memory to be seen: the view above, and what was written until now below it. */
static void start_text_view(void)
{
    view_chars_init(&view_chars);
    note_rows = measure_notes ? view_note_rows(measure_notes) : 0;
    note_changed = true;
    is_held = false;
    text_screen_clear(VIEW_CHARS_ROWS + (int)note_rows);
    console_replay(text_screen_put);
    console_set_screen(text_screen_put);
    text_view_fits = true;
    view_is_stale = true;
}

static void draw_text_view(void)
{
    view_chars.simulated = machine_simulated();
    view_chars_draw(&view_chars, machine_map(), machine_manager());
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        view_char_t *cells = view_chars.cells[row];
        for (int i = 0; i < VIEW_CHARS_COLUMNS && text_screen_is_monochrome(); i++)
            cells[i] = view_char_in_monochrome(cells[i]);
        text_screen_show(row, cells);
    }
}

/* The largest font in which 80 columns and 25 rows fit; else the smallest. */
static const struct font *choose_panic_font(void)
{
    static const struct font *const fonts[] = {&font_normal, &font_medium, &font_small};
    size_t i = 0;
    while (i < 2 && (fonts[i]->width_pixels * TEXT_SCREEN_COLUMNS > canvas.width ||
                     fonts[i]->height_pixels * TEXT_SCREEN_ROWS > canvas.height))
        i++;
    return fonts[i];
}

/* A panic's text goes to the same screen, and may need all of it. */
static void prepare_panic(void)
{
    text_view_fits = false;
    text_screen_use_all_rows();
    if (!drawing)
        return;
    view_fits = false;
    canvas_fill(&canvas, canvas_bounds(&canvas), 0);
    terminal_move(&terminal, &canvas, choose_panic_font(), canvas_bounds(&canvas));
}

/* On the canvas it is drawn when it is complete. */
static void finish_panic(void)
{
    display_refresh();
}

/* The console's part of the canvas, of which notes may take some. */
static struct canvas_rect choose_console_area(const struct font **font)
{
    *font = &font_normal;
    if (!view_fits)
        return canvas_bounds(&canvas);
    *font = view_terminal_font(&view);
    if (view.is_small || !measure_notes)
        return view_terminal_area(&view);
    view_note_place(&note_place, &canvas, view_terminal_area(&view), measure_notes);
    note_changed = true;
    *font = note_place.console_font;
    return note_place.console;
}

/* Lays the screen out for the mode that is set. The console's text is taken along. */
static void start_drawing(void)
{
    if (!graphics_open_canvas(&canvas))
        return;
    canvas_fill(&canvas, canvas_bounds(&canvas), 0);
    view_fits = canvas.width >= VIEW_WIDTH_MIN && canvas.height >= VIEW_HEIGHT_MIN;
    if (view_fits) {
        view_init(&view, &canvas);
        is_held = false;
        view_pointer_init(&pointer, view.frames.part.area);
    }
    const struct font *font;
    struct canvas_rect area = choose_console_area(&font);
    if (drawing) {
        terminal_move(&terminal, &canvas, font, area);
    } else {
        terminal_init(&terminal, &canvas, font, area);
        console_replay(put_on_canvas);
    }
    drawing = true;
    text_view_fits = false;
    text_changed = true;
    view_is_stale = true;
    console_set_screen(put_on_canvas);
}

/* ---- modes ---------------------------------------------------------------------------------- */

bool display_set_mode(const struct graphics_mode *mode, const char **why)
{
    bool is_set = graphics_device() ? graphics_set_mode(mode, why) : adapters_set_mode(mode, why);
    if (graphics_is_on())
        start_drawing();
    return is_set;
}

bool display_leave_graphics(const char **why)
{
    if (text && !graphics_is_on())
        return true; /* it is what is shown */
    if (!graphics_leave(why))
        return false;
    drawing = false;
    text = true;
    start_text_view();
    return true;
}

void display_start(const struct options *options, const struct boot_framebuffer *framebuffer)
{
    panic_set_screen(prepare_panic, finish_panic);
    if (options->video == OPTIONS_VIDEO_GRAPHICS && adapters_start(options, framebuffer))
        start_drawing();
    else if (text)
        start_text_view();
}

/* ---- refreshing ----------------------------------------------------------------------------- */

static bool memory_changed(void)
{
    const struct ledger *ledger = &machine_manager()->ledger;
    bool changed =
        view_is_stale || ledger->last_id != seen_last_id || ledger_block_count(ledger) != seen_live_count;
    view_is_stale = false;
    seen_last_id = ledger->last_id;
    seen_live_count = ledger_block_count(ledger);
    return changed;
}

bool display_forget(struct videoport_device *device)
{
    bool was_on = graphics_is_on();
    if (device != graphics_device())
        return false;
    graphics_close();
    if (!was_on)
        return false;
    drawing = false;
    console_set_screen(NULL);
    return true;
}

void display_restart(void)
{
    if (adapters_restart())
        start_drawing();
    else
        console_error("no other adapter shows a picture; the serial line goes on");
}

/* What a driver that faulted held, claims among it, goes back first: the next may want the same. */
static void recover(struct videoport_device *failed)
{
    bool is_loaded = drivers_is_loaded(failed);
    display_forget(failed);
    if (is_loaded)
        drivers_unload(failed);
    display_restart();
}

static void draw_text(void)
{
    if (text_changed)
        terminal_draw(&terminal);
    text_changed = false;
}

/* What differs is drawn with the pointer out of the way. */
static void draw_changes(bool memory_differs)
{
    view_pointer_hide(&pointer, &canvas);
    view.simulated = machine_simulated();
    if (memory_differs)
        view_draw(&view, machine_map(), machine_manager());
    else if (marks_changed)
        view_draw_marks(&view);
    if (note_changed && note && display_shows_notes())
        view_note_draw(&note_place, &canvas, note);
    marks_changed = pointer_moved = note_changed = false;
    draw_text();
    view_pointer_show(&pointer, &canvas);
}

/* ---- notes ------------------------------------------------------------------------------------ */

bool display_shows_notes(void)
{
    return measure_notes && (drawing ? view_fits && !view.is_small : text_view_fits);
}

size_t display_console_columns(void)
{
    return drawing ? (size_t)terminal.columns : TEXT_SCREEN_COLUMNS;
}

/* The console's text moves. */
static void divide_console(void)
{
    if (drawing && view_fits) {
        const struct font *font;
        struct canvas_rect area = choose_console_area(&font);
        terminal_move(&terminal, &canvas, font, area);
        text_changed = true;
    } else if (text_view_fits) {
        note_rows = measure_notes ? view_note_rows(measure_notes) : 0;
        text_screen_move(VIEW_CHARS_ROWS + (int)note_rows);
    }
}

void display_open_notes(view_note_measure_t *measure)
{
    measure_notes = measure;
    divide_console();
}

void display_show_note(const struct view_note *shown)
{
    note = shown;
    note_changed = true;
}

void display_close_notes(void)
{
    measure_notes = NULL;
    note = NULL;
    divide_console();
}

/* ---- marks ---------------------------------------------------------------------------------- */

struct view_marks *display_marks(void)
{
    return drawing && view_fits && !view_is_stale ? &view.marks : NULL;
}

void display_say(const char *caption)
{
    if (!display_marks())
        return;
    view_say(&view, caption);
    marks_changed = true;
}

void display_show_marks(const char *caption)
{
    if (!display_marks())
        return;
    display_say(caption);
    draw_changes(false);
    graphics_present(&canvas);
}

void display_clear_marks(void)
{
    display_release();
    if (!display_marks() || (view.marks.count == 0 && view.info_text[0] == '\0'))
        return;
    view_marks_clear(&view.marks);
    display_say("");
}

/* ---- what is pointed at ---------------------------------------------------------------------- */

/* What the pointer is over: a cell of the map, without an order, or a place in a row of the tree. */
static bool find_pointed(struct frame_range *cell, unsigned *order)
{
    pfn_t pfn;
    *order = VIEW_MARK_NO_ORDER;
    if (view_frames_at(&view.frames, pointer.x, pointer.y, cell))
        return true;
    if (view.is_small || !view_tree_at(&view.tree, pointer.x, pointer.y, order, &pfn))
        return false;
    *cell = (struct frame_range){pfn, pfn + 1};
    return true;
}

static void point(void)
{
    struct view_inspection inspection;
    struct frame_range cell;
    char told[VIEW_INSPECT_MAX] = "";
    unsigned order;
    if (!find_pointed(&cell, &order)) {
        if (view.marks.pointed.first != view.marks.pointed.end)
            display_say("");
        view.marks.pointed = (struct frame_range){0, 0};
        return;
    }
    view_inspect(&inspection, machine_map(), machine_manager(), cell.first);
    view.marks.pointed = cell;
    if (order != VIEW_MARK_NO_ORDER)
        display_say(view_inspect_tell_block(&inspection, machine_manager(), order, told));
    else
        display_say(view_inspect_tell(&inspection, machine_manager(), cell, told));
}

/* ---- a picture that stays --------------------------------------------------------------------- */

static const char held_text[] =
    "the picture of that moment: all of it is undone, and a key shows memory as it is";

static void end_hold(void)
{
    if (!is_held)
        return;
    is_held = false;
    view_is_stale = true;
    if (drawing) {
        view_marks_clear(&view.marks);
        view_drop_caption(&view);
        view_say(&view, "");
    } else {
        view_chars.marks = NULL;
        view_chars.has_caption = false;
    }
}

bool display_is_held(void)
{
    return is_held;
}

void display_hold(const struct view_marks *marks, struct frame_range at, const char *title,
                  const char *text_beside)
{
    end_hold();
    if (drawing && view_fits) {
        struct frame_range pointed = view.marks.pointed;
        view.marks = *marks;
        view.marks.pointed = pointed;
        view_caption_frames(&view, at, title, text_beside, THEME_ERROR);
        view_say(&view, held_text);
    } else if (text_view_fits) {
        view_chars.marks = marks;
        view_chars_caption_frames(&view_chars, at, title, text_beside);
    } else {
        return;
    }
    view_is_stale = true;
    display_refresh();
    is_held = drawing ? view.has_caption : view_chars.has_caption; /* not if the driver broke */
}

void display_release(void)
{
    if (!is_held)
        return;
    end_hold();
    if (drawing && view_fits && pointer.is_wanted)
        point(); /* it may have moved meanwhile */
    display_refresh();
}

/* ---- pointer and zoom ----------------------------------------------------------------------- */

static void move_pointer(int dx, int dy)
{
    view_pointer_hide(&pointer, &canvas);
    view_pointer_move(&pointer, canvas_bounds(&canvas), dx, dy);
    pointer_moved = true;
    has_anchor = false;
    if (!is_held) /* what is pointed at then is no more */
        point();
}

/* The frame that stays where it is while the pointer does. */
static pfn_t zoom_anchor(void)
{
    const struct view_grid *grid = &view.frames.grid;
    struct frame_range cell;
    unsigned order;
    if (!has_anchor && find_pointed(&cell, &order))
        anchor = cell.first;
    else if (!has_anchor && grid->row_count > 0)
        anchor = view_grid_cell_range(grid, (grid->row_count << grid->column_bits) / 2).first;
    has_anchor = true;
    return anchor;
}

/* Drawn at once, since only then it is known what the pointer is over. */
static void zoom_at_pointer(bool closer)
{
    if (!view_frames_zoom(&view.frames, zoom_anchor(), closer))
        return;
    end_hold();
    draw_changes(true);
    if (pointer.is_wanted)
        point();
}

static void follow_mouse(void)
{
    struct mouse_motion motion;
    if (!mouse_read(&motion) || !display_marks())
        return;
    if (motion.dx != 0 || motion.dy != 0)
        move_pointer(motion.dx, motion.dy);
    for (int i = 0; i < motion.wheel; i++)
        zoom_at_pointer(false);
    for (int i = 0; i > motion.wheel; i--)
        zoom_at_pointer(true);
}

void display_take_key(enum line_key key)
{
    if (!display_marks())
        return;
    int width = view.frames.cell_width;
    int height = view.frames.row_height;
    switch (key) {
    case LINE_PAGE_UP:
        zoom_at_pointer(true);
        break;
    case LINE_PAGE_DOWN:
        zoom_at_pointer(false);
        break;
    case LINE_CONTROL_UP:
        move_pointer(0, -height);
        break;
    case LINE_CONTROL_DOWN:
        move_pointer(0, height);
        break;
    case LINE_CONTROL_RIGHT:
        move_pointer(width, 0);
        break;
    case LINE_CONTROL_LEFT:
        move_pointer(-width, 0);
        break;
    }
}

static struct view_grid *shown_grid(void)
{
    if (drawing)
        return view_fits ? &view.frames.grid : NULL;
    return text_view_fits ? &view_chars.grid : NULL;
}

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
    struct view_grid *grid = shown_grid();
    *why = "there is no map of frames on the screen";
    if (!grid)
        return false;
    *why = "there is no RAM";
    if (range.first < range.end && !has_ram(range))
        return false;
    if (drawing)
        view_frames_show(&view.frames, range);
    else
        grid->shown = range;
    view_is_stale = true;
    display_refresh();
    return true;
}

struct frame_range display_zoomed_part(void)
{
    const struct view_grid *grid = shown_grid();
    return grid ? grid->shown : (struct frame_range){0, 0};
}

void display_change_machine(void)
{
    view_history_forget(&view.history);
    view_chars.grid.shown = (struct frame_range){0, 0};
    view_is_stale = true;
    has_anchor = false;
    if (!drawing || !view_fits)
        return;
    view_pointer_hide(&pointer, &canvas);
    view_init(&view, &canvas);
    view_frames_show(&view.frames, (struct frame_range){0, 0});
}

bool display_get_zoom(struct frame_range *range, pfn_t *cell_frames)
{
    const struct view_grid *grid = shown_grid();
    if (!grid || grid->row_count == 0)
        return false;
    size_t cells = grid->row_count << grid->column_bits;
    *range = (struct frame_range){view_grid_cell_range(grid, 0).first,
                                  view_grid_cell_range(grid, cells - 1).end};
    *cell_frames = (pfn_t)1 << grid->cell_order;
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

void display_refresh(void)
{
    struct videoport_device *device = graphics_device();
    if (device && videoport_is_broken(device))
        recover(device);
    if (text_view_fits && !is_held && memory_changed())
        draw_text_view();
    if (text_view_fits && note_changed && note)
        draw_text_note();
    if (!drawing) {
        note_changed = false;
        return;
    }
    follow_mouse();
    bool memory_differs = view_fits && !is_held && memory_changed();
    if (memory_differs || marks_changed || text_changed || pointer_moved || note_changed)
        draw_changes(memory_differs);
    graphics_present(&canvas);
}

static const char *screen_without_adapter(void)
{
    if (text)
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
