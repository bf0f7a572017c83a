/* Inspects what the pointer is over in the memory view: marks and tells it, and zooms around it. */

#include "drivers/pc/mouse.h"
#include "graphic_screen.h"
#include "kernel/machine/machine.h"
#include "kernel/pc/input.h"
#include "kernel/stage/stage_words.h"
#include "kernel/view/view_inspect.h"

#define WHEEL_ROWS 3 /* of the console, for a notch of the wheel */

/* A cell of the map, without an order, or a place in a row of the tree. False: neither. */
static bool find_pointed(const struct graphic_screen *graphic, struct frame_range *cell,
                         unsigned *order)
{
    const struct view_pointer *pointer = &graphic->pointer;
    const struct view *view = &graphic->view;
    pfn_t pfn;
    *order = VIEW_MARK_NO_ORDER;
    if (view_frames_at(&view->frames, pointer->x, pointer->y, cell))
        return true;
    if (view->is_small || !view_tree_at(&view->tree, pointer->x, pointer->y, order, &pfn))
        return false;
    *cell = (struct frame_range){pfn, pfn + 1};
    return true;
}

/* False if the picture is not a small machine's. */
static bool point_on_stage(struct graphic_screen *graphic)
{
    const struct view_pointer *pointer = &graphic->pointer;
    struct stage *stage = screen_stage(&graphic->screen);
    struct frame_range numbers;
    unsigned order;
    if (!stage)
        return false;
    stage->marks.text[0] = '\0';
    if (stage_find_pixel(stage, graphic->view.picture, pointer->x, pointer->y, &numbers, &order))
        stage_words_pointed(stage, numbers, order, stage->marks.text);
    return true;
}

void graphic_pointer_point(struct screen *screen)
{
    struct graphic_screen *graphic = (struct graphic_screen *)screen;
    struct view_marks *marks = &graphic->view.marks;
    struct view_inspection inspection;
    struct frame_range cell;
    char told[VIEW_INSPECT_MAX] = "";
    unsigned order;
    if (!graphic->pointer.is_wanted || point_on_stage(graphic))
        return;
    if (!find_pointed(graphic, &cell, &order)) {
        if (marks->pointed.first != marks->pointed.end)
            graphic_screen_say(screen, "");
        marks->pointed = (struct frame_range){0};
        return;
    }
    view_inspect(&inspection, machine_map(), machine_shown(), cell.first);
    marks->pointed = cell;
    if (order != VIEW_MARK_NO_ORDER)
        view_inspect_tell_block(&inspection, machine_shown(), order, told);
    else
        view_inspect_tell(&inspection, machine_shown(), cell, told);
    graphic_screen_say(screen, told);
}

static void move(struct graphic_screen *graphic, int dx, int dy)
{
    view_pointer_hide(&graphic->pointer, &graphic->canvas);
    view_pointer_move(&graphic->pointer, canvas_bounds(&graphic->canvas), dx, dy);
    graphic->marks_changed = true;
    graphic->has_anchor = false;
    if (!graphic->screen.is_held) /* what is pointed at then is no more */
        graphic_pointer_point(&graphic->screen);
}

/* The frame that stays where it is while the pointer does. */
static pfn_t find_anchor(struct graphic_screen *graphic)
{
    const struct view_grid *grid = &graphic->view.frames.grid;
    struct frame_range cell;
    unsigned order;
    if (!graphic->has_anchor && find_pointed(graphic, &cell, &order))
        graphic->anchor = cell.first;
    else if (!graphic->has_anchor && grid->row_count > 0)
        graphic->anchor =
            view_grid_cell_range(grid, (grid->row_count << grid->column_bits) / 2).first;
    graphic->has_anchor = true;
    return graphic->anchor;
}

/* Drawn at once, since only then it is known what the pointer is over. */
static void zoom(struct graphic_screen *graphic, bool closer)
{
    if (screen_stage(&graphic->screen) ||
        !view_frames_zoom(&graphic->view.frames, find_anchor(graphic), closer))
        return;
    screen_end_hold(&graphic->screen);
    graphic_screen_draw(graphic, true);
    graphic_pointer_point(&graphic->screen);
}

/* NULL if there is none on the screen. */
static const struct view_scale *scale_on(const struct graphic_screen *graphic)
{
    const struct screen_notes *notes = graphic->screen.notes;
    bool is_shown = notes->note && notes->measure && graphic->screen.has_room_for_notes;
    return is_shown ? notes->scale : NULL;
}

/* The key is typed once more only when the one before was taken, so it goes where the mouse is. */
static void drag_scale(struct graphic_screen *graphic)
{
    const struct view_scale *scale = scale_on(graphic);
    if (!scale)
        return;
    size_t cell = view_scale_cell_at(scale, &graphic->note_place, graphic->pointer.x);
    graphic->screen.notes->pointed = cell;
    if (scale->looks[cell] != VIEW_SCALE_SHOWN)
        input_type(LINE_POINTED_BYTES);
}

/* A choice of the note is typed; on the line of moments, the key that goes there. */
static void click(struct graphic_screen *graphic)
{
    const struct screen_notes *notes = graphic->screen.notes;
    const struct view_pointer *pointer = &graphic->pointer;
    const struct view_scale *scale = scale_on(graphic);
    if (!notes->note || !notes->measure || !graphic->screen.has_room_for_notes)
        return;
    graphic->drags_scale =
        scale && view_scale_holds(scale, &graphic->note_place, pointer->x, pointer->y);
    const struct view_note_choice *choice =
        view_note_choice_at(&graphic->note_place, notes->note, pointer->x, pointer->y);
    if (choice)
        input_type(choice->typed);
}

static bool is_over_console(const struct graphic_screen *graphic)
{
    const struct canvas_rect *area = &graphic->terminal.area;
    const struct view_pointer *pointer = &graphic->pointer;
    return pointer->is_wanted && pointer->x >= area->left && pointer->x < area->right &&
           pointer->y >= area->top && pointer->y < area->bottom;
}

void graphic_pointer_follow_mouse(struct graphic_screen *graphic)
{
    struct mouse_motion motion;
    /* While the picture is not of now, the mouse keeps what it did: a drag ends where it ended. */
    if (graphic->screen.is_stale || !mouse_read(&motion) || !graphic->screen.marks)
        return;
    if (motion.dx != 0 || motion.dy != 0)
        move(graphic, motion.dx, motion.dy);
    if (motion.clicks > 0)
        click(graphic);
    if (graphic->drags_scale)
        drag_scale(graphic);
    graphic->drags_scale = graphic->drags_scale && motion.is_held;
    if (is_over_console(graphic)) {
        scroll_turn(&graphic->terminal.rows, -motion.wheel * WHEEL_ROWS);
        graphic->screen.text_changed |= motion.wheel != 0;
        return;
    }
    for (int i = 0; i < motion.wheel; i++)
        zoom(graphic, false);
    for (int i = 0; i > motion.wheel; i--)
        zoom(graphic, true);
}

static void move_cells(struct graphic_screen *graphic, int columns, int rows)
{
    const struct view_frames *frames = &graphic->view.frames;
    const struct stage *stage = screen_stage(&graphic->screen);
    if (stage) {
        struct canvas_rect cell = stage_cell(stage, graphic->view.picture, 0);
        move(graphic, columns * (cell.right - cell.left), rows * (cell.bottom - cell.top));
    } else {
        move(graphic, columns * frames->cell_width,
             rows ? view_frames_row_step(frames, graphic->pointer.y, rows) : 0);
    }
}

void graphic_pointer_take_key(struct screen *screen, enum line_key key)
{
    static const struct {
        signed char columns, rows;
    } steps[] = {
        [LINE_CONTROL_UP] = {0, -1},
        [LINE_CONTROL_DOWN] = {0, 1},
        [LINE_CONTROL_RIGHT] = {1, 0},
        [LINE_CONTROL_LEFT] = {-1, 0},
    };
    struct graphic_screen *graphic = (struct graphic_screen *)screen;
    if (key == LINE_PAGE_UP || key == LINE_PAGE_DOWN)
        zoom(graphic, key == LINE_PAGE_UP);
    else if (key <= LINE_CONTROL_LEFT)
        move_cells(graphic, steps[key].columns, steps[key].rows);
}
