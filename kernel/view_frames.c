/*
 * Each snapshot becomes a table of cells, which is compared with the table of those that the screen
 * shows. So an allocation redraws the cells that it touches.
 */

#include "view_frames.h"

#include "kernel/format.h"
#include "kernel/string.h"
#include "view_text.h"
#include "view_theme.h"

enum cell_flags {
    CELL_RAM = 1,
    CELL_JOINS_LEFT = 2, /* the same piece as the cell to the left */
    CELL_JOINS_ABOVE = 4,
    CELL_PARTIAL = 8, /* the next two only to be seen in the key */
    CELL_AT_BOOT = 16,
    CELL_BARREN = 32,
    CELL_ALIGNED = 64, /* begins at a multiple of the request's alignment */
    CELL_BOUNDARY = 128, /* the same of its boundary */
};

/* Of an outline, in a mark's high nibble. */
enum cell_edges {
    EDGE_LEFT = 16,
    EDGE_TOP = 32,
    EDGE_RIGHT = 64,
    EDGE_BOTTOM = 128,
};

#define LOOK_MASK 15

/* Aligned places and boundaries closer than that many cells are not shown. */
#define TICK_CELLS_MIN 4

#define SHADE_COUNT 8
#define LEVEL_FULL 16
#define NO_STONE (~(pfn_t)0)

#define HEADING_GAP 6
#define ADDRESS_DIGITS 13 /* 2^52 in hexadecimal */
#define CELL_WIDTH_MIN 6
#define CELL_WIDTH_MAX 14
#define CELL_WIDTH_ENLARGED 32
#define ROW_HEIGHT_MIN 7
#define GAP_SMALL 5
#define GAPS_LABELLED_MAX 4 /* with more gaps than that, they are narrow and say nothing */
#define SWATCH_PIXELS 10

/*
 * A snapshot being taken. The stones are told by their first frames: the one that each column showed
 * last. They have no gaps, so where the same one is met again, it is the row above, or this one,
 * that showed it.
 */
struct gathering {
    struct view_frames *frames;
    const struct view_owners *owners;
    unsigned order_count;
    pfn_t stone[VIEW_COLUMN_COUNT];
};

static int grid_left(const struct view_frames *frames)
{
    return frames->area.left + ADDRESS_DIGITS * frames->label->width_pixels + HEADING_GAP;
}

void view_frames_init(struct view_frames *frames, struct canvas_rect area,
                      const struct font *heading, const struct font *label)
{
    unsigned column_bits = 4;
    int width;

    frames->area = area;
    frames->heading = heading;
    frames->label = label;
    width = area.right - grid_left(frames);
    while (2 << column_bits <= VIEW_COLUMN_COUNT && width >> (column_bits + 1) >= CELL_WIDTH_MIN)
        column_bits++;
    frames->grid.column_bits = frames->column_bits = column_bits;
    frames->cell_width = width >> column_bits;
    if (frames->cell_width > CELL_WIDTH_MAX)
        frames->cell_width = CELL_WIDTH_MAX;
    frames->area.right = grid_left(frames) + (frames->cell_width << column_bits);
    frames->marks = NULL;
    frames->take_free = NULL;
    frames->context = NULL;
    frames->grid.shown = frames->ram = (struct frame_range){0, 0};
    frames->whole_order = frames->least_order = 0;
    frames->is_zoomed = false;
    frames->anchor = 0;
    frames->grid.row_count = 0;
    frames->drawn_layout = 0;
    frames->drawn_heading = 0;
}

/* Layout. */

static int grid_top(const struct view_frames *frames)
{
    return frames->area.top + frames->heading->height_pixels + HEADING_GAP;
}

static int count_gaps(const struct view_frames *frames)
{
    int gaps = 0;

    for (size_t row = 1; row < frames->grid.row_count; row++)
        gaps += view_grid_follows_gap(&frames->grid, row);
    return gaps;
}

/* True if the rows find room; then as high as the room allows, up to twice their width. */
static bool fit_rows(struct view_frames *frames)
{
    int gaps = count_gaps(frames);
    int height = frames->area.bottom - grid_top(frames);
    int rows = (int)frames->grid.row_count;

    frames->gap_height = GAP_SMALL;
    if (gaps <= GAPS_LABELLED_MAX)
        frames->gap_height = frames->label->height_pixels + 4;
    height -= gaps * frames->gap_height;
    if (height < rows * ROW_HEIGHT_MIN)
        return false;
    frames->row_height = rows > 0 ? height / rows : ROW_HEIGHT_MIN;
    if (frames->row_height > 2 * frames->cell_width)
        frames->row_height = 2 * frames->cell_width;
    return true;
}

static void find_ram(struct view_frames *frames, const struct memmap *map)
{
    frames->ram = (struct frame_range){0, 0};
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];

        if (region->kind != REGION_USABLE)
            continue;
        if (frames->ram.end == 0)
            frames->ram.first = region->base >> FRAME_SHIFT;
        frames->ram.end = region->end >> FRAME_SHIFT;
    }
}

/* Of what was zoomed to, the row farther from the anchor is left out. */
static void leave_row_out(struct view_frames *frames)
{
    struct view_grid *grid = &frames->grid;
    uint64_t row = frames->anchor >> view_grid_row_order(grid);

    grid->row_count--;
    if (row > grid->rows[0] && row - grid->rows[0] > grid->rows[grid->row_count] - row)
        memmove(grid->rows, grid->rows + 1, grid->row_count * sizeof grid->rows[0]);
}

/* At the scale that was zoomed to, what finds room stays, since gaps may take some. */
static bool fit_zoomed_rows(struct view_frames *frames, const struct memmap *map)
{
    if (!view_grid_list_rows(&frames->grid, map, VIEW_ROW_COUNT))
        return false;
    while (frames->grid.row_count > 1 && !fit_rows(frames))
        leave_row_out(frames);
    return true;
}

/*
 * The finest scale at which all of RAM is shown, or all of a part that was asked for. Ends: at 2^40
 * frames a cell there is one row.
 */
static void choose_scale(struct view_frames *frames, const struct memmap *map)
{
    bool is_whole = frames->grid.shown.end == 0;

    frames->grid.cell_order = is_whole ? 0 : frames->least_order;
    if (!is_whole && frames->is_zoomed && fit_zoomed_rows(frames, map))
        return;
    while (!view_grid_list_rows(&frames->grid, map, VIEW_ROW_COUNT) || !fit_rows(frames))
        frames->grid.cell_order++;
    if (is_whole)
        frames->whole_order = frames->grid.cell_order;
}

static void set_columns(struct view_frames *frames, unsigned column_bits)
{
    frames->grid.column_bits = column_bits;
    frames->cell_width = (frames->area.right - grid_left(frames)) >> column_bits;
}

static bool fit_columns(struct view_frames *frames, const struct memmap *map, unsigned column_bits)
{
    set_columns(frames, column_bits);
    return view_grid_list_rows(&frames->grid, map, VIEW_ROW_COUNT) && fit_rows(frames);
}

/* Single frames that would leave the area empty are larger, as long as they are no wider than high. */
static void enlarge_cells(struct view_frames *frames, const struct memmap *map)
{
    if (frames->grid.shown.end == 0 || frames->is_zoomed || frames->grid.cell_order > 0)
        return;
    while (2 * frames->cell_width <= CELL_WIDTH_ENLARGED) {
        unsigned column_bits = frames->grid.column_bits;

        if (fit_columns(frames, map, column_bits - 1) && frames->row_height >= frames->cell_width)
            continue;
        fit_columns(frames, map, column_bits);
        return;
    }
}

static void lay_out(struct view_frames *frames, const struct memmap *map)
{
    int top = grid_top(frames);

    find_ram(frames, map);
    set_columns(frames, frames->column_bits);
    choose_scale(frames, map);
    enlarge_cells(frames, map);
    for (size_t row = 0; row < frames->grid.row_count; row++) {
        top += view_grid_follows_gap(&frames->grid, row) ? frames->gap_height : 0;
        frames->row_tops[row] = top;
        top += frames->row_height;
    }
}

/* Zooming. */

/* The rows that find room where there are no gaps. */
static pfn_t row_capacity(const struct view_frames *frames)
{
    int rows = (frames->area.bottom - grid_top(frames)) / ROW_HEIGHT_MIN;

    rows = rows < 1 ? 1 : rows;
    return rows < VIEW_ROW_COUNT ? (pfn_t)rows : VIEW_ROW_COUNT;
}

/* Which part of the rows, in 256ths, lies above the frame. */
static pfn_t part_above(const struct view_frames *frames, pfn_t pfn)
{
    size_t row = 0;

    while (row + 1 < frames->grid.row_count &&
           frames->grid.rows[row] < pfn >> view_grid_row_order(&frames->grid))
        row++;
    return frames->grid.row_count > 0 ? row * 256 / (unsigned)frames->grid.row_count : 0;
}

/* So many rows at a scale as find room, within RAM, so many 256ths of them above the frame. */
static struct frame_range rows_around(const struct view_frames *frames, unsigned cell_order,
                                      pfn_t pfn, pfn_t above)
{
    unsigned row_order = cell_order + frames->column_bits;
    pfn_t rows = row_capacity(frames);
    pfn_t lowest = frames->ram.first >> row_order;
    pfn_t end = ((frames->ram.end - 1) >> row_order) + 1;
    pfn_t first = pfn >> row_order;

    above = above * rows >> 8;
    first = first > above + lowest ? first - above : lowest;
    if (first + rows > end)
        first = end > lowest + rows ? end - rows : lowest;
    return (struct frame_range){first << row_order, (first + rows) << row_order};
}

bool view_frames_zoom(struct view_frames *frames, pfn_t pfn, bool closer)
{
    unsigned order = frames->grid.cell_order;

    if (closer ? order == 0 : frames->grid.shown.end == 0)
        return false;
    order = closer ? order - 1 : order + 1;
    frames->least_order = order;
    frames->is_zoomed = true;
    frames->anchor = pfn;
    if (order >= frames->whole_order)
        frames->grid.shown = (struct frame_range){0, 0};
    else
        frames->grid.shown = rows_around(frames, order, pfn, part_above(frames, pfn));
    return true;
}

void view_frames_show(struct view_frames *frames, struct frame_range range)
{
    frames->grid.shown = range;
    frames->least_order = 0;
    frames->is_zoomed = false;
}

static uint32_t fingerprint(const struct view_frames *frames)
{
    uint32_t hash = view_hash_value(VIEW_HASH_START, frames->grid.cell_order);

    hash = view_hash_value(hash, frames->grid.column_bits);
    hash = view_hash_value(hash, frames->grid.shown.end != 0);
    for (size_t row = 0; row < frames->grid.row_count; row++)
        hash = view_hash_value(hash, frames->grid.rows[row]);
    return hash;
}

/* Gathering. */

/*
 * The piece that a cell is joined to its neighbours by: the one that all of it, or most of it,
 * belongs to.
 */
static const struct view_piece *main_piece(const struct view_content *content)
{
    bool mostly_used = content->used_count > content->free_count;

    return mostly_used ? &content->used_piece : &content->free_piece;
}

static uint8_t find_joints(struct gathering *gathering, size_t row, size_t column, pfn_t stone)
{
    bool follows_gap = view_grid_follows_gap(&gathering->frames->grid, row);
    uint8_t flags = 0;

    if (column > 0 && gathering->stone[column - 1] == stone)
        flags |= CELL_JOINS_LEFT;
    if (row > 0 && !follows_gap && gathering->stone[column] == stone)
        flags |= CELL_JOINS_ABOVE;
    gathering->stone[column] = stone;
    return flags;
}

/* Sixteenths; neither 0 nor 16 unless nothing or all is used. */
static uint8_t level_of(pfn_t used_count, pfn_t free_count)
{
    pfn_t total = used_count + free_count;

    if (free_count == 0)
        return LEVEL_FULL;
    for (uint8_t level = 0; level < LEVEL_FULL - 1; level++)
        if (used_count * LEVEL_FULL <= total * level)
            return level;
    return LEVEL_FULL - 1;
}

static uint8_t shade_of(const struct gathering *gathering, const struct view_piece *piece)
{
    pfn_t frame_count = piece->range.end - piece->range.first;
    unsigned shade = view_log2(frame_count) * SHADE_COUNT / gathering->order_count;

    return (uint8_t)(shade < SHADE_COUNT ? shade : SHADE_COUNT - 1);
}

static void take_cell(void *context, size_t row, size_t column, const struct view_content *content)
{
    struct gathering *gathering = context;
    struct view_frames *frames = gathering->frames;
    struct view_cell *cell = &frames->cells[(row << frames->grid.column_bits) + column];
    const struct view_owner *owner = &gathering->owners->owners[content->used_piece.owner];

    *cell = (struct view_cell){.flags = CELL_RAM};
    cell->level = level_of(content->used_count, content->free_count);
    if (content->used_count != 0 && view_style_is_bad(owner->style))
        cell->level = LEVEL_FULL; /* to be seen, however little it is */
    if (cell->level > 0) {
        cell->style = owner->style;
        cell->shade = shade_of(gathering, &content->used_piece);
        frames->flags_seen |= owner->at_boot ? CELL_AT_BOOT : 0;
    }
    if (cell->level < LEVEL_FULL)
        cell->shade |= (uint8_t)(shade_of(gathering, &content->free_piece) << 4);
    if (cell->level > 0 && cell->level < LEVEL_FULL)
        frames->flags_seen |= CELL_PARTIAL;
    cell->flags |= find_joints(gathering, row, column, main_piece(content)->range.first);
}

static void pass_free(void *context, struct frame_range run)
{
    struct gathering *gathering = context;

    gathering->frames->take_free(gathering->frames->context, run);
}

static void gather(struct view_frames *frames, const struct memmap *map, struct mm *mm,
                   unsigned order_count, struct view_owners *owners)
{
    struct gathering gathering = {.frames = frames, .owners = owners, .order_count = order_count};
    struct view_taker taker = {take_cell, NULL, &gathering};
    size_t cell_count = frames->grid.row_count << frames->grid.column_bits;

    if (frames->take_free != NULL)
        taker.take_free = pass_free;
    frames->flags_seen = 0;
    memset(frames->cells, 0, cell_count * sizeof frames->cells[0]);
    for (size_t column = 0; column < VIEW_COLUMN_COUNT; column++)
        gathering.stone[column] = NO_STONE;
    view_grid_walk(&frames->grid, map, mm, owners, &taker);
    for (size_t i = 0; i < cell_count; i++)
        if ((frames->cells[i].flags & CELL_RAM) == 0)
            frames->flags_seen |= CELL_BARREN;
}

/* Marks. */

static size_t count_cells(const struct view_frames *frames)
{
    return frames->grid.row_count << frames->grid.column_bits;
}

static void mark_cells(struct view_frames *frames, struct frame_range range, uint8_t look)
{
    size_t first;
    size_t end;

    if (!view_grid_find_cells(&frames->grid, range, &first, &end))
        return;
    for (; first < end; first++)
        if ((frames->cells[first].mark & LOOK_MASK) < look)
            frames->cells[first].mark = look;
}

static void mark_outside(struct view_frames *frames, struct frame_range window)
{
    if (window.first >= window.end)
        return;
    mark_cells(frames, (struct frame_range){0, window.first}, VIEW_MARK_OUTSIDE);
    mark_cells(frames, (struct frame_range){window.end, ~(pfn_t)0}, VIEW_MARK_OUTSIDE);
}

/* Where places are few enough to be seen, and only where the window lets them be. */
static void mark_multiples(struct view_frames *frames, pfn_t step, uint8_t flag)
{
    const struct view_marks *marks = frames->marks;

    if (step >> frames->grid.cell_order < TICK_CELLS_MIN)
        return;
    for (size_t cell = 0; cell < count_cells(frames); cell++) {
        pfn_t first = view_grid_cell_range(&frames->grid, cell).first;

        if ((first & (step - 1)) == 0 && first >= marks->window.first && first < marks->window.end)
            frames->cells[cell].flags |= flag;
    }
}

static bool looks_alike(const struct view_frames *frames, size_t a, size_t b)
{
    return ((frames->cells[a].mark ^ frames->cells[b].mark) & LOOK_MASK) == 0;
}

/* An outline runs where the neighbour has another mark, and at the grid's ends. */
static void mark_edges(struct view_frames *frames)
{
    size_t columns = (size_t)1 << frames->grid.column_bits;
    size_t count = count_cells(frames);

    for (size_t cell = 0; cell < count; cell++) {
        size_t column = cell & (columns - 1);
        unsigned edges = 0;

        if ((frames->cells[cell].mark & LOOK_MASK) < VIEW_MARK_VISITED)
            continue;
        if (column == 0 || !looks_alike(frames, cell, cell - 1))
            edges |= EDGE_LEFT;
        if (column + 1 == columns || !looks_alike(frames, cell, cell + 1))
            edges |= EDGE_RIGHT;
        if (cell < columns || !looks_alike(frames, cell, cell - columns))
            edges |= EDGE_TOP;
        if (cell + columns >= count || !looks_alike(frames, cell, cell + columns))
            edges |= EDGE_BOTTOM;
        frames->cells[cell].mark |= (uint8_t)edges;
    }
}

/* A node may reach out of the window; what lies there stays dim. */
static struct frame_range inside_window(const struct view_marks *marks, struct frame_range range)
{
    if (marks->window.first >= marks->window.end)
        return range;
    if (range.first < marks->window.first)
        range.first = marks->window.first;
    if (range.end > marks->window.end)
        range.end = marks->window.end;
    return range;
}

static void apply_marks(struct view_frames *frames)
{
    const struct view_marks *marks = frames->marks;

    for (size_t cell = 0; cell < count_cells(frames); cell++) {
        frames->cells[cell].mark = VIEW_MARK_NONE;
        frames->cells[cell].flags &= (uint8_t) ~(CELL_ALIGNED | CELL_BOUNDARY);
    }
    if (marks == NULL)
        return;
    mark_outside(frames, marks->window);
    mark_multiples(frames, marks->align_frames, CELL_ALIGNED);
    mark_multiples(frames, marks->boundary_frames, CELL_BOUNDARY);
    for (size_t i = 0; i < marks->count; i++)
        if (marks->marks[i].look < VIEW_MARK_POINTED)
            mark_cells(frames, inside_window(marks, marks->marks[i].range), marks->marks[i].look);
    mark_cells(frames, marks->pointed, VIEW_MARK_POINTED);
    mark_edges(frames);
}

/* Drawing. */

color_t view_free_color(unsigned shade)
{
    static const color_t smallest = 0x2A3942;
    static const color_t largest = 0x3C6A74;

    return view_mix(largest, smallest, shade * 256 / (SHADE_COUNT - 1));
}

/* Small blocks are darker; the smallest still stands out from free memory. */
static unsigned brightness_of(unsigned shade)
{
    return 176 + shade * 80 / (SHADE_COUNT - 1);
}

/* What is outside of the window steps back. */
static color_t dimmed(color_t color, const struct view_cell *cell)
{
    bool is_outside = (cell->mark & LOOK_MASK) == VIEW_MARK_OUTSIDE;

    return is_outside ? view_mix(color, THEME_GROUND, 96) : color;
}

/* The stone itself; where a part is free, the used part lies at the bottom. */
static void draw_stone(struct canvas *canvas, struct canvas_rect rect, const struct view_cell *cell)
{
    bool is_outside = (cell->mark & LOOK_MASK) == VIEW_MARK_OUTSIDE;
    struct canvas_rect used = rect;
    int height = rect.bottom - rect.top;

    used.top = rect.bottom - (height * cell->level + LEVEL_FULL - 1) / LEVEL_FULL;
    if (cell->level > 0 && cell->level < LEVEL_FULL && used.top == rect.top)
        used.top++;
    rect.bottom = used.top;
    canvas_fill(canvas, rect, dimmed(view_free_color(cell->shade >> 4), cell));
    view_style_fill(canvas, used, cell->style,
                    brightness_of(cell->shade & 15) * (is_outside ? 96 : 256) / 256);
}

static color_t outline_of(unsigned look)
{
    switch (look) {
    case VIEW_MARK_REFUSED:
    case VIEW_MARK_CRIME:
        return THEME_ERROR;
    case VIEW_MARK_CURRENT:
        return THEME_ACCENT;
    case VIEW_MARK_PLACE:
    case VIEW_MARK_POINTED:
        return THEME_TEXT;
    default:
        return THEME_TEXT_DIM;
    }
}

static void draw_edges(struct canvas *canvas, struct canvas_rect rect, unsigned edges, int thick,
                       color_t color)
{
    int width = rect.right - rect.left;
    int height = rect.bottom - rect.top;

    if (edges & EDGE_LEFT)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, thick, height), color);
    if (edges & EDGE_TOP)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, width, thick), color);
    if (edges & EDGE_RIGHT)
        canvas_fill(canvas, canvas_rect_at(rect.right - thick, rect.top, thick, height), color);
    if (edges & EDGE_BOTTOM)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.bottom - thick, width, thick), color);
}

/* What stands over a cell: ticks where a block may begin, the outline, and a stroke for "no". */
static void draw_cell_marks(struct canvas *canvas, struct canvas_rect rect,
                            const struct view_cell *cell)
{
    unsigned look = cell->mark & LOOK_MASK;
    bool thick = look == VIEW_MARK_PLACE || look == VIEW_MARK_CURRENT || look == VIEW_MARK_CRIME;

    if (cell->flags & CELL_BOUNDARY)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 1, rect.bottom - rect.top),
                    THEME_ERROR);
    if (cell->flags & CELL_ALIGNED)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 2, 3), THEME_ACCENT);
    if (look < VIEW_MARK_VISITED)
        return;
    if (look == VIEW_MARK_REFUSED || look == VIEW_MARK_CRIME)
        canvas_draw_line(canvas, rect.left + 1, rect.bottom - 2, rect.right - 2, rect.top + 1,
                         THEME_ERROR);
    if (look == VIEW_MARK_CRIME)
        canvas_draw_line(canvas, rect.left + 1, rect.top + 1, rect.right - 2, rect.bottom - 2,
                         THEME_ERROR);
    draw_edges(canvas, rect, cell->mark, thick ? 2 : 1, outline_of(look));
}

/* The joints to the left and above belong to the cell, so that it can be drawn alone. */
static void draw_cell(struct canvas *canvas, struct canvas_rect rect, const struct view_cell *cell)
{
    struct canvas_rect body = {rect.left + 1, rect.top + 1, rect.right, rect.bottom};
    struct canvas_rect joint = {body.left, rect.top, rect.right, body.top};
    color_t joined = view_mix(view_free_color(cell->shade >> 4), THEME_GROUND, 168);

    canvas_fill(canvas, rect, THEME_GROUND);
    if ((cell->flags & CELL_RAM) == 0) {
        canvas_fill(
            canvas,
            canvas_rect_at((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2, 1, 1),
            THEME_TEXT_DIM);
        draw_cell_marks(canvas, rect, cell);
        return;
    }
    draw_stone(canvas, body, cell);
    if (2 * cell->level > LEVEL_FULL)
        joined = view_mix(view_style_color(cell->style), THEME_GROUND, 128);
    joined = dimmed(joined, cell);
    if ((cell->flags & CELL_JOINS_ABOVE) != 0)
        canvas_fill(canvas, joint, joined);
    joint = (struct canvas_rect){rect.left, body.top, body.left, rect.bottom};
    if ((cell->flags & CELL_JOINS_LEFT) != 0)
        canvas_fill(canvas, joint, joined);
    draw_cell_marks(canvas, rect, cell);
}

static struct canvas_rect cell_rect(const struct view_frames *frames, size_t row, size_t column)
{
    return canvas_rect_at(grid_left(frames) + (int)column * frames->cell_width,
                          frames->row_tops[row], frames->cell_width, frames->row_height);
}

static bool cells_equal(const struct view_cell *a, const struct view_cell *b)
{
    return a->style == b->style && a->shade == b->shade && a->level == b->level &&
           a->flags == b->flags && a->mark == b->mark;
}

/* Marks from the first to the last changed cell at once: marks for each would cost more. */
static void draw_row(struct view_frames *frames, struct canvas *canvas, size_t row)
{
    size_t columns = (size_t)1 << frames->grid.column_bits;
    size_t start = row << frames->grid.column_bits;
    size_t first = columns;
    size_t last = 0;

    for (size_t column = 0; column < columns; column++) {
        if (cells_equal(&frames->cells[start + column], &frames->drawn[start + column]))
            continue;
        first = first < column ? first : column;
        last = column;
    }
    if (first == columns)
        return;
    struct canvas_rect span = cell_rect(frames, row, first);
    span.right = cell_rect(frames, row, last).right;
    canvas_mark_dirty(canvas, span);
    for (size_t column = first; column <= last; column++) {
        if (cells_equal(&frames->cells[start + column], &frames->drawn[start + column]))
            continue;
        draw_cell(canvas, cell_rect(frames, row, column), &frames->cells[start + column]);
        frames->drawn[start + column] = frames->cells[start + column];
    }
}

static void draw_gap(const struct view_frames *frames, struct canvas *canvas, size_t row)
{
    uint64_t skipped = frames->grid.rows[row] - frames->grid.rows[row - 1] - 1;
    int top = frames->row_tops[row] - frames->gap_height;
    int left = grid_left(frames);
    int right = frames->area.right;
    char amount[VIEW_AMOUNT_MAX];
    char text[32];

    if (frames->gap_height > GAP_SMALL) {
        view_format_amount(amount, skipped << (view_grid_row_order(&frames->grid) + FRAME_SHIFT));
        format_text(text, sizeof text, "%s without RAM", amount);
        canvas_draw_text(canvas, frames->label, left + 1, top + 2, text, THEME_TEXT_DIM);
        left += canvas_text_width(frames->label, text) + HEADING_GAP;
    }
    for (int x = left; x + 1 < right; x += 4)
        canvas_fill(canvas, canvas_rect_at(x, top + frames->gap_height / 2, 2, 1), THEME_RULE);
}

/* Addresses at the left, wherever one does not touch the one above; and the gaps. */
static void draw_frame_of_grid(const struct view_frames *frames, struct canvas *canvas)
{
    int free_from = grid_top(frames) - HEADING_GAP;
    char text[24];

    for (size_t row = 0; row < frames->grid.row_count; row++) {
        int top =
            frames->row_tops[row] + (frames->row_height - frames->label->height_pixels) / 2 + 1;

        if (view_grid_follows_gap(&frames->grid, row))
            draw_gap(frames, canvas, row);
        if (top < free_from || top + frames->label->height_pixels > frames->area.bottom)
            continue;
        phys_t address = view_grid_row_address(&frames->grid, row);
        format_text(text, sizeof text, address == 0 ? "%llx" : "0x%llx",
                    (unsigned long long)address);
        if (strlen(text) > ADDRESS_DIGITS)
            memmove(text, text + 2, sizeof text - 2);
        view_draw_right(canvas, frames->label, grid_left(frames) - HEADING_GAP, top, text,
                        THEME_TEXT_DIM);
        free_from = top + frames->label->height_pixels;
    }
}

static void draw_key_sample(struct canvas *canvas, struct canvas_rect rect, unsigned flag)
{
    const struct view_cell partial = {.style = 7, .shade = 0x47, .level = 8, .flags = CELL_RAM};
    const struct view_cell barren = {0};

    canvas_fill(canvas, rect, THEME_GROUND);
    if (flag == CELL_PARTIAL) {
        draw_stone(canvas, rect, &partial);
    } else if (flag == CELL_AT_BOOT) {
        view_style_fill(canvas, rect, (uint8_t)(CANVAS_HATCH << 4 | 7), 256);
    } else if (flag == CELL_BARREN) {
        draw_cell(canvas, rect, &barren);
    } else {
        for (unsigned shade = 0; shade < SHADE_COUNT; shade++)
            canvas_fill(
                canvas,
                canvas_rect_at(rect.left + (int)shade * 3, rect.top, 3, rect.bottom - rect.top),
                view_free_color(shade));
    }
}

/* What the cells' looks mean, as far as there is room, most important first. */
static void draw_key(const struct view_frames *frames, struct canvas *canvas, int left)
{
    static const struct {
        unsigned flag;
        int width;
        const char *text;
    } keys[] = {{0, 3 * SHADE_COUNT, "free, by order"},
                {CELL_PARTIAL, SWATCH_PIXELS, "part used"},
                {CELL_AT_BOOT, SWATCH_PIXELS, "taken at boot"},
                {CELL_BARREN, SWATCH_PIXELS, "no RAM"}};
    int right = frames->area.right;
    int top =
        frames->area.top + (frames->heading->height_pixels - frames->label->height_pixels) / 2;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        int width = keys[i].width + 4 + canvas_text_width(frames->label, keys[i].text);

        if (keys[i].flag != 0 && (frames->flags_seen & keys[i].flag) == 0)
            continue;
        if (left + width > right)
            return;
        draw_key_sample(canvas,
                        canvas_rect_at(left,
                                       top + (frames->label->height_pixels - SWATCH_PIXELS) / 2,
                                       keys[i].width, SWATCH_PIXELS),
                        keys[i].flag);
        canvas_draw_text(canvas, frames->label, left + keys[i].width + 4, top, keys[i].text,
                         THEME_TEXT_DIM);
        left += width + 2 * HEADING_GAP;
    }
}

static void draw_heading(const struct view_frames *frames, struct canvas *canvas)
{
    static const char title[] = "RAM";
    struct canvas_rect line = frames->area;
    int left = frames->area.left + canvas_text_width(frames->heading, title) + 2 * HEADING_GAP;
    int top =
        frames->area.top + (frames->heading->height_pixels - frames->label->height_pixels) / 2;
    bool is_whole = frames->grid.shown.end == 0;
    char amount[VIEW_AMOUNT_MAX];
    char text[48];

    line.bottom = line.top + frames->heading->height_pixels;
    canvas_fill(canvas, line, THEME_GROUND);
    canvas_draw_text(canvas, frames->heading, line.left, line.top, title, THEME_TEXT);
    view_format_amount(amount, FRAME_BYTES << frames->grid.cell_order);
    format_text(text, sizeof text, is_whole ? "one cell = %s" : "a part, one cell = %s", amount);
    canvas_draw_text(canvas, frames->label, left, top, text,
                     is_whole ? THEME_TEXT_DIM : THEME_ACCENT);
    left += canvas_text_width(frames->label, text) + 4 * HEADING_GAP;
    draw_key(frames, canvas, left);
}

/* The cells that a new layout begins with look like nothing that gather makes. */
static void draw_layout(struct view_frames *frames, struct canvas *canvas)
{
    canvas_fill(canvas, frames->area, THEME_GROUND);
    draw_frame_of_grid(frames, canvas);
    memset(frames->drawn, 0xFF, sizeof frames->drawn);
    frames->drawn_heading = 0;
}

void view_frames_draw(struct view_frames *frames, struct canvas *canvas, const struct memmap *map,
                      struct mm *mm, unsigned order_count, struct view_owners *owners)
{
    lay_out(frames, map);
    gather(frames, map, mm, order_count, owners);
    apply_marks(frames);
    if (fingerprint(frames) != frames->drawn_layout) {
        draw_layout(frames, canvas);
        frames->drawn_layout = fingerprint(frames);
    }
    if (frames->drawn_heading != frames->flags_seen + 1) {
        draw_heading(frames, canvas);
        frames->drawn_heading = frames->flags_seen + 1;
    }
    for (size_t row = 0; row < frames->grid.row_count; row++)
        draw_row(frames, canvas, row);
}

void view_frames_draw_marks(struct view_frames *frames, struct canvas *canvas)
{
    apply_marks(frames);
    for (size_t row = 0; row < frames->grid.row_count; row++)
        draw_row(frames, canvas, row);
}

bool view_frames_at(const struct view_frames *frames, int x, int y, struct frame_range *range)
{
    int column = (x - grid_left(frames)) / frames->cell_width;

    if (x < grid_left(frames) || x >= frames->area.right)
        return false;
    for (size_t row = 0; row < frames->grid.row_count; row++) {
        if (y < frames->row_tops[row] || y >= frames->row_tops[row] + frames->row_height)
            continue;
        *range =
            view_grid_cell_range(&frames->grid, (row << frames->grid.column_bits) + (size_t)column);
        return true;
    }
    return false;
}

int view_frames_left(const struct view_frames *frames)
{
    return grid_left(frames);
}

struct canvas_rect view_frames_find(const struct view_frames *frames, pfn_t pfn)
{
    for (size_t row = 0; row < frames->grid.row_count; row++)
        if (frames->grid.rows[row] == pfn >> view_grid_row_order(&frames->grid))
            return cell_rect(frames, row,
                             (size_t)(pfn >> frames->grid.cell_order) &
                                 (((size_t)1 << frames->grid.column_bits) - 1));
    return (struct canvas_rect){0, 0, 0, 0};
}
