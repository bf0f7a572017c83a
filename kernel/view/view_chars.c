/*
 * Draws the picture of memory in characters. Everything is drawn anew each time, which costs less
 * than finding out what changed. drivers/pc/text_cells.c writes only what differs.
 */

#include "view_chars.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "view_format.h"

#define GRID_TOP 1
#define GRID_ROWS 8
#define GRID_LEFT 15
#define COLUMN_BITS 6
#define LEGEND_TOP (GRID_TOP + GRID_ROWS)
#define LEGEND_BOTTOM (LEGEND_TOP + 2)
#define KEY_ROW (VIEW_CHARS_ROWS - 1)
#define MARGIN 1
#define TEXT_MAX (VIEW_CHARS_COLUMNS + 1)

/* From the edge of a caption's box to its text. */
#define CAPTION_INSET 2

/* Between entries of the legend, and what "99 more" takes. */
#define ENTRY_GAP 3
#define MORE_COLUMNS 7

/* Colours, in the upper byte. */
#define INK_SHIFT 8
#define INK_FREE 0x3
#define INK_NORMAL 0x7
#define INK_DIM 0x8
#define FREE (INK_FREE << INK_SHIFT)
#define NORMAL VIEW_CHARS_NORMAL
#define DIM (INK_DIM << INK_SHIFT)
#define BRIGHT 0x0F00
#define TITLE VIEW_CHARS_TITLE
#define CRIME 0x4F00 /* white on red */
#define PLACE 0xE000 /* black on yellow: bit 7 does not blink, text_cells.c has seen to it */
#define ACCENT 0x0E00
#define CAPTION 0x0C00 /* the box's edge and its title */

/* Code page 437. */
#define CHAR_SHADE "\xB0"
#define CHAR_LINE "\xC4"
#define CHAR_WAVES "\xF7"
#define CHAR_BAR "\xB3"
#define CHAR_UP "\x1E"
#define CHAR_DOWN "\x1F"
#define CHAR_RIGHT "\x10"
#define CHAR_LEFT "\x11"

void view_chars_init(struct view_chars *view)
{
    view_owners_init(&view->owners);
    view->grid.shown = (struct frame_range){0};
    view->grid.column_bits = COLUMN_BITS;
    view->marks = NULL;
    view->said[0] = '\0';
    view->caption.is_wanted = false;
}

view_char_t *view_chars_write(view_char_t *cells, view_char_t colours, const char *text,
                              size_t length_max)
{
    for (; length_max > 0 && *text != '\0'; length_max--)
        *cells++ = (view_char_t)(colours | (uint8_t)*text++);
    return cells;
}

/* Returns the column behind the text, all of which must find room. */
static int put_text(struct view_chars *view, int row, int column, view_char_t colours,
                    const char *text)
{
    view_char_t *cells = view->cells[row];
    return (int)(view_chars_write(cells + column, colours, text, VIEW_CHARS_COLUMNS) - cells);
}

static void fill(struct view_chars *view, struct canvas_rect rect, view_char_t colours,
                 const char *text)
{
    for (int row = rect.top; row < rect.bottom; row++)
        for (int column = rect.left; column < rect.right; column++)
            put_text(view, row, column, colours, text);
}

/* ---- the grid -------------------------------------------------------------------------------- */

static view_char_t colours_of(const struct view_owner *owner)
{
    return owner->at_boot ? NORMAL : (view_char_t)(view_style_ink(owner->style) << INK_SHIFT);
}

static void take_cell(void *context, size_t row, size_t column, const struct view_content *content)
{
    struct view_chars *view = context;
    const struct view_owner *owner = &view->owners.owners[content->used_piece.owner];
    char text[] = CHAR_SHADE;
    if (content->used_count != 0)
        text[0] = owner->letter;
    if (content->used_count != 0 && content->free_count != 0 && text[0] >= 'A' && text[0] <= 'Z')
        text[0] = (char)(text[0] - 'A' + 'a');
    put_text(view, GRID_TOP + (int)row, GRID_LEFT + (int)column,
             content->used_count != 0 ? colours_of(owner) : FREE, text);
}

/* Addresses, and where they do not go on from the row above. */
static void draw_addresses(struct view_chars *view)
{
    const struct view_grid *grid = &view->grid;
    for (size_t row = 0; row < grid->row_count; row++) {
        char text[GRID_LEFT + 4];
        format_text(text, sizeof text, "0x%llx", (number_t)view_grid_row_address(grid, row));
        put_text(view, GRID_TOP + (int)row, MARGIN, NORMAL, text);
        if (view_grid_follows_gap(grid, row))
            put_text(view, GRID_TOP + (int)row, 0, BRIGHT, CHAR_WAVES);
    }
}

/* At the finest scale at which all rows find room. */
static void draw_grid(struct view_chars *view, const struct memmap *map, struct mm *mm)
{
    const struct view_taker taker = {.take_cell = take_cell, .context = view};
    view->grid.cell_order = 0;
    while (!view_grid_list_rows(&view->grid, map, GRID_ROWS))
        view->grid.cell_order++;
    view_grid_walk(&view->grid, map, mm, &view->owners, &taker);
    draw_addresses(view);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Figures have at most 7 characters: there is room for a count of blocks of 9, or a name of 23. */
static void draw_title(struct view_chars *view, struct mm *mm)
{
    struct mm_totals totals;
    char managed[VIEW_AMOUNT_MAX], free[VIEW_AMOUNT_MAX], used[VIEW_AMOUNT_MAX];
    char largest[VIEW_AMOUNT_MAX];
    char text[TEXT_MAX];
    mm_get_totals(mm, &totals);
    view_format_amount(managed, totals.frame_count << FRAME_SHIFT);
    view_format_amount(free, totals.free_count << FRAME_SHIFT);
    view_format_amount(used, (totals.frame_count - totals.free_count) << FRAME_SHIFT);
    view_format_amount(largest, totals.largest_run << FRAME_SHIFT);
    if (view->past)
        format_text(text, sizeof text, "The past, event %s   %s: free %s, longest %s", view->past,
                    managed, free, largest);
    else if (view->simulated)
        format_text(text, sizeof text, "simulated %s   %s: free %s, longest %s", view->simulated,
                    managed, free, largest);
    else
        format_text(text, sizeof text, "Ashlar   %s: free %s, used %s, longest %s, blocks %u",
                    managed, free, used, largest, (unsigned)totals.block_count);
    fill(view, canvas_rect_at(0, 0, VIEW_CHARS_COLUMNS, 1), TITLE, " ");
    put_text(view, 0, MARGIN, TITLE, text);
}

struct legend {
    int row;
    int column;
};

/* Moves to where a text of that length finds room; false if there is none. */
static bool find_room(struct legend *legend, int length, bool is_last)
{
    bool in_last_row = legend->row == LEGEND_BOTTOM - 1;
    int kept = in_last_row && !is_last ? ENTRY_GAP + MORE_COLUMNS : 0;
    if (legend->column + length + kept <= VIEW_CHARS_COLUMNS)
        return true;
    if (in_last_row)
        return false;
    *legend = (struct legend){legend->row + 1, MARGIN};
    return find_room(legend, length, is_last);
}

/* A letter, in its colours, and whose it is. False if there is no room. */
static bool draw_entry(struct view_chars *view, struct legend *legend,
                       const struct view_owner *owner, bool is_last)
{
    const char letter[] = {owner->letter, ' ', '\0'};
    char amount[VIEW_AMOUNT_MAX];
    char text[VIEW_OWNER_NAME_MAX + VIEW_AMOUNT_MAX + 2];
    size_t length = format_text(text, sizeof text, "%s %s", owner->name,
                                view_format_amount(amount, owner->held_bytes));
    if (!find_room(legend, 2 + (int)length, is_last))
        return false;
    legend->column = put_text(view, legend->row, legend->column, colours_of(owner), letter);
    legend->column = put_text(view, legend->row, legend->column, NORMAL, text) + ENTRY_GAP;
    return true;
}

/* Whoever holds most comes first. */
static void draw_legend(struct view_chars *view)
{
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(&view->owners, ranked);
    struct legend legend = {LEGEND_TOP, MARGIN};
    char text[TEXT_MAX];
    size_t shown = 0;
    while (shown < count &&
           draw_entry(view, &legend, &view->owners.owners[ranked[shown]], shown + 1 == count))
        shown++;
    if (shown == count)
        return;
    format_text(text, sizeof text, "%u more", (unsigned)(count - shown));
    put_text(view, legend.row, legend.column, NORMAL, text);
}

static int put_key(struct view_chars *view, int column, view_char_t colours, const char *sample,
                   const char *meaning)
{
    column = put_text(view, KEY_ROW, column, colours, sample);
    column = put_text(view, KEY_ROW, column, NORMAL, meaning);
    return column + 2;
}

static bool has_gap(const struct view_grid *grid)
{
    for (size_t row = 1; row < grid->row_count; row++)
        if (view_grid_follows_gap(grid, row))
            return true;
    return false;
}

/* The line between picture and console says what the characters mean. */
static void draw_key(struct view_chars *view)
{
    char amount[VIEW_AMOUNT_MAX];
    char text[TEXT_MAX];
    int column = 2;
    fill(view, canvas_rect_at(0, KEY_ROW, VIEW_CHARS_COLUMNS, 1), DIM, CHAR_LINE);
    format_text(text, sizeof text, " one character = %s ",
                view_format_amount(amount, FRAME_BYTES << view->grid.cell_order));
    column = put_key(view, column, NORMAL, "", text);
    column = put_key(view, column, FREE, " " CHAR_SHADE, " free ");
    column = put_key(view, column, BRIGHT, " A", " used ");
    column = put_key(view, column, BRIGHT, " a", " in part ");
    if (has_gap(&view->grid))
        put_key(view, column, BRIGHT, " " CHAR_WAVES, " no RAM above ");
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* What of the cells from `first` on, in a row of the grid, shows a range. */
struct span {
    size_t begin;
    size_t end;
};

static struct span span_of(const struct view_chars *view, int row, struct frame_range range)
{
    size_t first = (size_t)(row - GRID_TOP) << COLUMN_BITS;
    size_t last = first + ((size_t)1 << COLUMN_BITS);
    struct span span;
    if (range.first >= range.end ||
        !view_grid_find_cells(&view->grid, range, &span.begin, &span.end))
        return (struct span){0};
    span.begin = span.begin > first ? span.begin : first;
    span.end = span.end < last ? span.end : last;
    return span.begin < span.end ? (struct span){span.begin - first, span.end - first}
                                 : (struct span){0};
}

static void colour_span(view_char_t *cells, struct span span, view_char_t colours)
{
    for (size_t i = span.begin; i < span.end; i++)
        cells[i] = (view_char_t)(colours | (cells[i] & 0xFF));
}

/* Free memory is dim there, and blocks have no colours. */
static void dim_outside(const struct view_chars *view, int row, view_char_t *cells)
{
    struct span inside = span_of(view, row, view->marks->window);
    for (size_t i = 0; i < (size_t)1 << COLUMN_BITS; i++) {
        unsigned code = cells[i] & 0xFF;
        if (i < inside.begin || i >= inside.end)
            cells[i] = (view_char_t)((code == (uint8_t)CHAR_SHADE[0] ? DIM : NORMAL) | code);
    }
}

/* By enum view_mark_look; 0: these are marks of the rows of orders, which are not drawn here. */
static const view_char_t colours_of_marks[] = {
    [VIEW_MARK_VISITED] = ACCENT, [VIEW_MARK_REFUSED] = CRIME, [VIEW_MARK_CURRENT] = PLACE,
    [VIEW_MARK_PLACE] = PLACE,    [VIEW_MARK_CRIME] = CRIME,   [VIEW_MARK_PIECE] = 0,
};

static void mark_all(const struct view_chars *view, int row, view_char_t *cells, bool are_visited)
{
    for (size_t i = 0; i < view->marks->count; i++) {
        const struct view_mark *mark = &view->marks->marks[i];
        view_char_t colours = colours_of_marks[mark->look];
        if (colours && (mark->look == VIEW_MARK_VISITED) == are_visited)
            colour_span(cells, span_of(view, row, mark->range), colours);
    }
}

/* What was looked at is seen inside of the window only, or nobody would see where that ends. */
static void mark_grid(const struct view_chars *view, int row, view_char_t *cells)
{
    mark_all(view, row, cells, true);
    if (view->marks->window.first < view->marks->window.end)
        dim_outside(view, row, cells);
    mark_all(view, row, cells, false);
}

/* ---- the caption ----------------------------------------------------------------------------- */

/* The characters that show the range; all rows of it, if there are several. */
static struct canvas_rect find_anchor(const struct view_chars *view)
{
    size_t columns = (size_t)1 << COLUMN_BITS;
    size_t cell;
    size_t end;
    if (view->caption.frames.first >= view->caption.frames.end ||
        !view_grid_find_cells(&view->grid, view->caption.frames, &cell, &end))
        return (struct canvas_rect){0};
    size_t column = cell % columns;
    size_t row = cell / columns;
    size_t last_row = (end - 1) / columns;
    size_t count = end - cell;
    if (last_row > row) {
        column = 0;
        count = columns;
    }
    return canvas_rect_at(GRID_LEFT + (int)column, GRID_TOP + (int)row, (int)count,
                          (int)(last_row - row) + 1);
}

/* In the upper edge, at the end where no arrow can be. */
static void draw_caption_title(struct view_chars *view)
{
    const struct view_caption *caption = &view->caption;
    int column = caption->box.left + CAPTION_INSET - 1;
    if (caption->title[0] == '\0')
        return;
    if (caption->leader.left < (caption->box.left + caption->box.right) / 2)
        column = caption->box.right - CAPTION_INSET - 1 - (int)strlen(caption->title);
    column = put_text(view, caption->box.top, column, CAPTION, " ");
    column = put_text(view, caption->box.top, column, CAPTION, caption->title);
    put_text(view, caption->box.top, column, CAPTION, " ");
}

static void draw_box(struct view_chars *view)
{
    const struct view_caption *caption = &view->caption;
    struct canvas_rect box = caption->box;
    const char *rest = caption->text;
    const char *line;
    size_t length;
    view_char_t *cells = &view->cells[box.top + 1][box.left + CAPTION_INSET];
    fill(view, box, CAPTION, CHAR_LINE);
    put_text(view, box.top, box.left, CAPTION, "\xDA");
    put_text(view, box.top, box.right - 1, CAPTION, "\xBF");
    put_text(view, box.bottom - 1, box.left, CAPTION, "\xC0");
    put_text(view, box.bottom - 1, box.right - 1, CAPTION, "\xD9");
    box = (struct canvas_rect){box.left, box.top + 1, box.right, box.bottom - 1};
    fill(view, box, CAPTION, CHAR_BAR);
    box = (struct canvas_rect){box.left + 1, box.top, box.right - 1, box.bottom};
    fill(view, box, NORMAL, " ");
    draw_caption_title(view);
    for (; (line = wrap_next(&rest, caption->columns, &length)); cells += VIEW_CHARS_COLUMNS)
        view_chars_write(cells, BRIGHT, line, length);
}

/* An arrow at the anchor, and a line to the box; where the two touch, one in its edge. */
static void draw_leader(struct view_chars *view)
{
    static const char *const arrows[] = {"", CHAR_UP, CHAR_DOWN, CHAR_LEFT, CHAR_RIGHT};
    const struct view_caption *caption = &view->caption;
    struct canvas_rect leader = caption->leader;
    enum view_caption_side side = caption->side;
    bool is_upright = side == VIEW_CAPTION_BELOW || side == VIEW_CAPTION_ABOVE;
    if (side == VIEW_CAPTION_ALONE)
        return;
    fill(view, leader, CAPTION, is_upright ? CHAR_BAR : CHAR_LINE);
    int x = side == VIEW_CAPTION_LEFT ? leader.right - 1 : leader.left;
    int y = side == VIEW_CAPTION_ABOVE ? leader.bottom - 1 : leader.top;
    put_text(view, y, x, CAPTION, arrows[side]);
}

static void draw_caption(struct view_chars *view)
{
    static const struct view_caption_space space = {
        .area = {0, GRID_TOP, VIEW_CHARS_COLUMNS, KEY_ROW},
        .glyph_width = 1,
        .glyph_height = 1,
        .inset_x = CAPTION_INSET,
        .inset_y = 1,
        .titles_edge = true,
        .gap = 1};
    if (!view_caption_lay_out(&view->caption, &space, find_anchor(view)))
        return;
    for (int row = GRID_TOP; row < GRID_TOP + GRID_ROWS && view->marks; row++)
        mark_grid(view, row, view->cells[row] + GRID_LEFT); /* the box lies over it */
    draw_box(view);
    draw_leader(view);
}

void view_chars_draw(struct view_chars *view, const struct memmap *map, struct mm *mm)
{
    fill(view, canvas_rect_at(0, 0, VIEW_CHARS_COLUMNS, VIEW_CHARS_ROWS), NORMAL, " ");
    view_owners_hold(&view->owners, view->past);
    view_owners_reset(&view->owners);
    draw_title(view, mm);
    draw_grid(view, map, mm);
    draw_legend(view);
    draw_key(view);
    draw_caption(view);
}

/* ---- rows as they are shown ------------------------------------------------------------------ */

#define SAID_COLUMNS (VIEW_CHARS_COLUMNS - 2 * MARGIN)
#define SAID_ROWS 2 /* at most: the legend's last one and the key's */

/* What is said, at the bottom, if the row has some of it. */
static void write_said(const struct view_chars *view, int row, view_char_t *cells)
{
    const char *rest = view->said;
    size_t count = wrap_count(rest, SAID_COLUMNS);
    int top = VIEW_CHARS_ROWS - (int)(count < SAID_ROWS ? count : SAID_ROWS);
    const char *line = NULL;
    size_t length = 0;
    if (row < top)
        return;
    for (int at = top; at <= row; at++)
        line = wrap_next(&rest, SAID_COLUMNS, &length);
    for (int i = 0; i < VIEW_CHARS_COLUMNS; i++)
        cells[i] = NORMAL | ' ';
    view_chars_write(cells + MARGIN, ACCENT, line, length);
}

void view_chars_mark_row(const struct view_chars *view, int row,
                         view_char_t cells[VIEW_CHARS_COLUMNS])
{
    memcpy(cells, view->cells[row], sizeof view->cells[row]);
    bool is_covered = view->caption.is_wanted; /* by a box, which is no part of the grid */
    if (view->marks && row >= GRID_TOP && row < GRID_TOP + GRID_ROWS && !is_covered)
        mark_grid(view, row, cells + GRID_LEFT);
    if (!is_covered)
        write_said(view, row, cells);
}

view_char_t view_char_in_monochrome(view_char_t cell)
{
    unsigned ink = cell >> INK_SHIFT;
    unsigned code = cell & 0xFF;
    if ((cell & TITLE) != 0) /* a crime's as well */
        return (view_char_t)(TITLE | code);
    if (ink == INK_FREE || ink == INK_NORMAL || ink == INK_DIM)
        return (view_char_t)(NORMAL | code);
    return (view_char_t)(BRIGHT | code);
}
