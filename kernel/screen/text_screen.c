/*
 *      0 +---------------------------+
 *        | the memory view           |
 *     12 +---------------------------+
 *        | a note, if one is open    |
 *    top +---------------------------+
 *        | the console's last rows   |
 *     25 +---------------------------+
 *
 * Lines are shown as soon as they end, because a machine may hang at the next step.
 */

#include "drivers/pc/text_cells.h"
#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/log/console.h"
#include "kernel/machine/machine.h"
#include "kernel/view/view_chars.h"
#include "screen.h"
#include "scroll.h"

#define ERROR 0x0C00

struct text_screen {
    struct screen screen;
    struct view_chars view;
    struct scroll rows; /* of the console */
    int top; /* its first row */
    bool marks_changed; /* or what is said */
};

static struct text_screen the_one;

static struct text_screen *of(struct screen *screen)
{
    return (struct text_screen *)screen;
}

static void show_row(int row, view_char_t cells[VIEW_CHARS_COLUMNS])
{
    for (int i = 0; i < VIEW_CHARS_COLUMNS && text_cells_is_monochrome(); i++)
        cells[i] = view_char_in_monochrome(cells[i]);
    text_cells_show(row, cells);
}

/* ---- the console --------------------------------------------------------------------------- */

static void place_console(struct text_screen *text, int top)
{
    text->top = top;
    scroll_set_size(&text->rows, TEXT_CELLS_COLUMNS, TEXT_CELLS_ROWS - top);
    text->screen.columns = TEXT_CELLS_COLUMNS;
    text->screen.text_changed = true;
}

static void draw_console(struct screen *screen)
{
    struct text_screen *text = of(screen);
    uint8_t codes[SCROLL_COLUMNS_MAX];
    view_char_t cells[VIEW_CHARS_COLUMNS];
    scroll_lay_out(&text->rows, &console_text);
    for (int row = 0; row < text->rows.room; row++) {
        view_char_t colours =
            scroll_read(&text->rows, &console_text, row, codes) ? ERROR : VIEW_CHARS_NORMAL;
        for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
            cells[i] = colours | codes[i];
        show_row(text->top + row, cells);
    }
    text_cells_place_cursor(text->rows.cursor_row < 0 ? TEXT_CELLS_ROWS
                                                      : text->top + text->rows.cursor_row,
                            text->rows.cursor_column);
    screen->text_changed = false;
}

static void give_all(struct screen *screen)
{
    screen->grid = NULL;
    screen->marks = NULL;
    place_console(of(screen), 0);
}

/* ---- the view and the note above it -------------------------------------------------------- */

static void divide(struct screen *screen)
{
    view_note_measure_t *measure = screen->notes->measure;
    if (screen->grid)
        place_console(of(screen), VIEW_CHARS_ROWS + (measure ? (int)view_note_rows(measure) : 0));
}

/* Once there is memory to be seen. */
static void lay_out(struct screen *screen)
{
    view_chars_init(&of(screen)->view);
    screen->grid = &of(screen)->view.grid;
    screen->marks = screen_marks();
    of(screen)->view.marks = screen->marks;
    view_marks_clear(screen->marks);
    screen->has_room_for_notes = screen->has_room_for_stage = true;
    screen->is_held = false;
    screen->is_stale = screen->notes->changed = true;
    text_cells_clear();
    divide(screen);
    draw_console(screen);
}

static void show_view(struct text_screen *text, bool has_marks)
{
    for (int row = 0; row < VIEW_CHARS_ROWS; row++) {
        view_char_t cells[VIEW_CHARS_COLUMNS];
        if (has_marks)
            view_chars_mark_row(&text->view, row, cells);
        else
            memcpy(cells, text->view.cells[row], sizeof cells);
        show_row(row, cells);
    }
    text->marks_changed = false;
}

static void draw_view(struct text_screen *text, bool memory_differs)
{
    struct stage *stage = screen_stage(&text->screen);
    text->view.simulated = machine_simulated();
    text->view.past = text->screen.past;
    if (stage && memory_differs)
        stage_look(stage, machine_shown());
    if (stage)
        stage_draw_chars(stage, text->view.cells);
    else if (memory_differs)
        view_chars_draw(&text->view, machine_map(), machine_shown());
    show_view(text, !stage);
}

static void draw_note(struct text_screen *text)
{
    static view_char_t cells[VIEW_NOTE_ROWS_MAX][VIEW_CHARS_COLUMNS];
    size_t row_count = (size_t)(text->top - VIEW_CHARS_ROWS);
    view_note_draw_chars(cells, row_count, text->screen.notes->note);
    if (text->screen.notes->scale)
        view_scale_draw_chars(text->screen.notes->scale, cells[row_count - 1]);
    for (size_t row = 0; row < row_count; row++)
        show_row(VIEW_CHARS_ROWS + (int)row, cells[row]);
}

static void refresh(struct screen *screen)
{
    bool memory_differs = screen->grid && screen_memory_changed(screen);
    if (memory_differs || (screen->grid && of(screen)->marks_changed))
        draw_view(of(screen), memory_differs);
    if (screen->grid && screen->notes->changed && screen->notes->note)
        draw_note(of(screen));
    screen->notes->changed = false;
    if (screen->text_changed)
        draw_console(screen);
}

static void put_caption(struct screen *screen, struct frame_range at, const char *title,
                        const char *text)
{
    view_caption_set(&of(screen)->view.caption, at, title, text);
}

static void drop_caption(struct screen *screen)
{
    view_marks_clear(screen_marks());
    of(screen)->view.caption.is_wanted = false;
}

static void say(struct screen *screen, const char *text)
{
    struct text_screen *of_text = of(screen);
    format_text(of_text->view.said, sizeof of_text->view.said, "%s", text);
    of_text->marks_changed = true;
}

static void clear_marks(struct screen *screen)
{
    view_marks_clear(screen_marks());
    say(screen, "");
}

static void zoom(struct screen *screen, struct frame_range range)
{
    screen->grid->shown = range;
}

static void forget_machine(struct screen *screen)
{
    of(screen)->view.grid.shown = (struct frame_range){0};
    if (screen->marks)
        clear_marks(screen);
    screen->is_stale = true;
}

/* The note below it, and the console, stay as they are. */
static void draw_marks(struct screen *screen)
{
    draw_view(of(screen), false);
    if (screen->text_changed)
        draw_console(screen);
}

static const struct screen_operations operations = {
    .lay_out = lay_out,
    .divide = divide,
    .give_all = give_all,
    .end_line = draw_console,
    .refresh = refresh,
    .put_caption = put_caption,
    .drop_caption = drop_caption,
    .zoom = zoom,
    .forget_machine = forget_machine,
    .draw_stage = draw_marks,
    .say = say,
    .draw_marks = draw_marks,
    .clear_marks = clear_marks,
};

bool text_screen_find(void)
{
    if (!text_cells_init())
        return false;
    text_cells_clear();
    place_console(&the_one, 0);
    return true;
}

struct screen *text_screen(struct screen_notes *notes)
{
    the_one.screen.operations = &operations;
    the_one.screen.notes = notes;
    the_one.screen.rows = &the_one.rows;
    return &the_one.screen;
}
