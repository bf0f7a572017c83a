/* Ties the memory view, the note and the terminal to the canvas, and the canvas to the adapter. */

#include "graphic_screen.h"

#include "drivers/pc/text_cells.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/video/graphics.h"
#include "kernel/view/view_format.h"

static struct graphic_screen the_one;

static struct graphic_screen *of(struct screen *screen)
{
    return (struct graphic_screen *)screen;
}

/* ---- layout -------------------------------------------------------------------------------- */

static void place_console(struct graphic_screen *graphic, const struct font *font,
                          struct canvas_rect area)
{
    terminal_place(&graphic->terminal, &graphic->canvas, font, area);
    graphic->screen.columns = (size_t)graphic->terminal.rows.columns;
    graphic->screen.text_changed = true;
}

/* Notes may take some of the console's area. */
static void divide(struct screen *screen)
{
    struct graphic_screen *graphic = of(screen);
    struct view_note_place *place = &graphic->note_place;
    if (!screen->grid)
        return;
    struct canvas_rect area = graphic->view.terminal;
    if (!screen->has_room_for_notes || !screen->notes->measure) {
        place_console(graphic, view_terminal_font(&graphic->view), area);
        return;
    }
    place->is_large = graphic->view.is_large;
    view_note_place(place, &graphic->canvas, area, screen->notes->measure);
    screen->notes->changed = true;
    place_console(graphic, place->console_font, place->console);
}

static void lay_out_view(struct graphic_screen *graphic)
{
    graphic->view.is_large = graphic->screen.wants_large;
    view_init(&graphic->view, &graphic->canvas);
    view_pointer_init(&graphic->pointer, graphic->view.frames.part.area);
    graphic->screen.grid = &graphic->view.frames.grid;
    graphic->screen.marks = &graphic->view.marks;
    graphic->screen.has_room_for_notes = !graphic->view.is_small;
    graphic->screen.has_room_for_stage = !graphic->view.is_small;
    if (!screen_stage(&graphic->screen))
        return;
    stage_forget_drawn(stage_of_machine());
    canvas_fill(&graphic->canvas, canvas_bounds(&graphic->canvas), THEME_GROUND);
}

static void lay_out(struct screen *screen)
{
    struct graphic_screen *graphic = of(screen);
    struct canvas *canvas = &graphic->canvas;
    if (!graphics_open_canvas(canvas))
        return;
    canvas_fill(canvas, canvas_bounds(canvas), 0);
    screen->grid = NULL;
    screen->marks = NULL;
    screen->has_room_for_notes = screen->is_held = false;
    screen->is_stale = true;
    if (canvas->width >= VIEW_WIDTH_MIN && canvas->height >= VIEW_HEIGHT_MIN)
        lay_out_view(graphic);
    else
        place_console(graphic, &font_normal, canvas_bounds(canvas));
    divide(screen);
}

/* The largest font in which 80 columns and 25 rows fit; else the smallest. */
static const struct font *choose_panic_font(const struct canvas *canvas)
{
    static const struct font *const fonts[] = {&font_normal, &font_medium, &font_small};
    size_t i = 0;
    while (i < 2 && (fonts[i]->width_pixels * TEXT_CELLS_COLUMNS > canvas->width ||
                     fonts[i]->height_pixels * TEXT_CELLS_ROWS > canvas->height))
        i++;
    return fonts[i];
}

static void give_all(struct screen *screen)
{
    struct canvas *canvas = &of(screen)->canvas;
    screen->grid = NULL;
    screen->marks = NULL;
    canvas_fill(canvas, canvas_bounds(canvas), 0);
    place_console(of(screen), choose_panic_font(canvas), canvas_bounds(canvas));
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_picture(struct graphic_screen *graphic, bool memory_differs)
{
    struct stage *stage = screen_stage(&graphic->screen);
    if (stage && memory_differs)
        stage_look(stage, machine_shown());
    if (stage)
        stage->is_large = graphic->view.is_large;
    if (stage)
        stage_draw(stage, &graphic->canvas, graphic->view.picture);
    else if (memory_differs)
        view_draw(&graphic->view, machine_map(), machine_shown());
    else if (graphic->marks_changed)
        view_draw_marks(&graphic->view);
}

static void draw_note(struct graphic_screen *graphic)
{
    const struct screen_notes *notes = graphic->screen.notes;
    view_note_draw(&graphic->note_place, &graphic->canvas, notes->note);
    if (notes->scale)
        view_scale_draw(notes->scale, &graphic->note_place, &graphic->canvas);
}

/* With the pointer out of the way. */
void graphic_screen_draw(struct graphic_screen *graphic, bool memory_differs)
{
    struct screen *screen = &graphic->screen;
    struct screen_notes *notes = screen->notes;
    view_pointer_hide(&graphic->pointer, &graphic->canvas);
    graphic->view.simulated = machine_simulated();
    graphic->view.past = screen->past;
    draw_picture(graphic, memory_differs);
    if (notes->changed && notes->note && notes->measure && screen->grid &&
        screen->has_room_for_notes)
        draw_note(graphic);
    if (screen->text_changed)
        terminal_draw(&graphic->terminal, &console_text);
    graphic->marks_changed = notes->changed = screen->text_changed = false;
    view_pointer_show(&graphic->pointer, &graphic->canvas);
}

static void refresh(struct screen *screen)
{
    struct graphic_screen *graphic = of(screen);
    graphic_pointer_follow_mouse(graphic);
    bool memory_differs = screen->grid && screen_memory_changed(screen);
    if (memory_differs || graphic->marks_changed || screen->text_changed || screen->notes->changed)
        graphic_screen_draw(graphic, memory_differs);
    graphics_present(&graphic->canvas);
}

static void draw_marks(struct screen *screen)
{
    graphic_screen_draw(of(screen), false);
    graphics_present(&of(screen)->canvas);
}

/* ---- what is said of memory ---------------------------------------------------------------- */

static const char held_text[] =
    "the picture of that moment: all of it is undone, and a key shows memory as it is";

void graphic_screen_say(struct screen *screen, const char *text)
{
    if (!screen->marks || screen->is_stale)
        return;
    view_say(&of(screen)->view, text);
    of(screen)->marks_changed = true;
}

static void light(struct screen *screen, enum view_panel panel)
{
    of(screen)->view.lit = panel;
    of(screen)->marks_changed = true;
}

/* Drawing them costs something, so it is not asked for in vain before each command. */
static void clear_marks(struct screen *screen)
{
    struct view *view = &of(screen)->view;
    if (view->marks.count == 0 && view->info_text[0] == '\0')
        return;
    view_marks_clear(&view->marks);
    graphic_screen_say(screen, "");
}

static void put_caption(struct screen *screen, struct frame_range at, const char *title,
                        const char *text)
{
    struct view *view = &of(screen)->view;
    view_caption_set(&view->caption, at, title, text);
    view_say(view, held_text);
}

static void drop_caption(struct screen *screen)
{
    struct view *view = &of(screen)->view;
    view_marks_clear(&view->marks);
    view->caption.is_wanted = false;
    view_say(view, "");
    graphic_pointer_point(screen); /* it may have moved meanwhile */
}

static void zoom(struct screen *screen, struct frame_range range)
{
    view_frames_show(&of(screen)->view.frames, range);
}

/* Its history is no longer memory's, zoom and marks are not of it. */
static void forget_machine(struct screen *screen)
{
    struct graphic_screen *graphic = of(screen);
    view_history_forget(&graphic->view.history);
    graphic->has_anchor = false;
    screen->is_stale = true;
    if (!screen->grid)
        return;
    view_pointer_hide(&graphic->pointer, &graphic->canvas);
    view_init(&graphic->view, &graphic->canvas);
    zoom(screen, (struct frame_range){0});
    if (screen_stage(screen))
        stage_forget_drawn(stage_of_machine());
}

static void draw_stage(struct screen *screen)
{
    graphic_screen_draw(of(screen), false);
    graphics_present(&of(screen)->canvas);
}

static const struct screen_operations operations = {
    .lay_out = lay_out,
    .divide = divide,
    .give_all = give_all,
    .refresh = refresh,
    .put_caption = put_caption,
    .drop_caption = drop_caption,
    .zoom = zoom,
    .forget_machine = forget_machine,
    .draw_stage = draw_stage,
    .light = light,
    .say = graphic_screen_say,
    .draw_marks = draw_marks,
    .clear_marks = clear_marks,
    .take_key = graphic_pointer_take_key,
};

struct view_marks *screen_marks(void)
{
    return &the_one.view.marks;
}

struct screen *graphic_screen(struct screen_notes *notes)
{
    the_one.screen.operations = &operations;
    the_one.screen.notes = notes;
    the_one.screen.rows = &the_one.terminal.rows;
    return &the_one.screen;
}
