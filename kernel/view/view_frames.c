/*
 * Draws the map of frames. Each snapshot becomes a table of cells, which is compared with the table
 * of those that the screen shows. So an allocation redraws the cells that it touches.
 */

#include "view_frames.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "mm/bits.h"
#include "view_format.h"

/* Aligned places and boundaries closer than that many cells are not shown. */
#define TICK_CELLS_MIN 4

#define NO_STONE (~(pfn_t)0)

/*
 * A snapshot being taken. The stones are told by their first frames: the one that each column
 * showed last. They have no gaps, so where one is met again, the row above, or this one, showed it.
 */
struct gathering {
    struct view_frames *frames;
    const struct view_owners *owners;
    unsigned order_count;
    pfn_t stone[VIEW_COLUMN_COUNT];
};

static uint32_t fingerprint(const struct view_frames *frames)
{
    uint32_t hash = view_hash_value(VIEW_HASH_START, frames->grid.cell_order);
    hash = view_hash_value(hash, frames->grid.column_bits);
    hash = view_hash_value(hash, frames->grid.shown.end != 0);
    return view_hash_bytes(hash, frames->grid.rows,
                           frames->grid.row_count * sizeof frames->grid.rows[0]);
}

/* Gathering. */

/* The piece that joins a cell to its neighbours: the one that all or most of it belongs to. */
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
        return VIEW_CELL_FULL;
    for (uint8_t level = 0; level < VIEW_CELL_FULL - 1; level++)
        if (used_count * VIEW_CELL_FULL <= total * level)
            return level;
    return VIEW_CELL_FULL - 1;
}

static uint8_t shade_of(const struct gathering *gathering, const struct view_piece *piece)
{
    pfn_t frame_count = piece->range.end - piece->range.first;
    unsigned shade = bits_highest(frame_count) * VIEW_CELL_SHADES / gathering->order_count;
    return (uint8_t)(shade < VIEW_CELL_SHADES ? shade : VIEW_CELL_SHADES - 1);
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
        cell->level = VIEW_CELL_FULL; /* to be seen, however little it is */
    if (cell->level > 0) {
        cell->style = owner->style;
        frames->flags_seen |= owner->at_boot ? CELL_AT_BOOT : 0;
    }
    if (cell->level < VIEW_CELL_FULL)
        cell->shade = shade_of(gathering, &content->free_piece);
    if (cell->level > 0 && cell->level < VIEW_CELL_FULL)
        frames->flags_seen |= CELL_PARTIAL;
    cell->flags |= find_joints(gathering, row, column, main_piece(content)->range.first);
}

static void gather(struct view_frames *frames, const struct memmap *map, struct mm *mm,
                   unsigned order_count, struct view_owners *owners)
{
    struct gathering gathering = {.frames = frames, .owners = owners, .order_count = order_count};
    struct view_taker taker = {take_cell, &gathering, frames->take_free, frames->free_context};
    size_t cell_count = view_grid_cell_count(&frames->grid);
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

static void mark_cells(struct view_frames *frames, struct frame_range range, uint8_t look)
{
    size_t first;
    size_t end;
    if (!view_grid_find_cells(&frames->grid, range, &first, &end))
        return;
    for (; first < end; first++)
        if ((frames->cells[first].mark & VIEW_CELL_LOOK) < look)
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
    for (size_t cell = 0; cell < view_grid_cell_count(&frames->grid); cell++) {
        pfn_t first = view_grid_cell_range(&frames->grid, cell).first;
        if ((first & (step - 1)) == 0 && first >= marks->window.first && first < marks->window.end)
            frames->cells[cell].flags |= flag;
    }
}

static bool looks_alike(const struct view_frames *frames, size_t a, size_t b)
{
    return ((frames->cells[a].mark ^ frames->cells[b].mark) & VIEW_CELL_LOOK) == 0;
}

/*
 * An outline runs where the neighbour has another mark, and at the grid's ends. What is outside of
 * the window has none there: its edge is where the window ends.
 */
static unsigned edges_of(const struct view_frames *frames, size_t cell)
{
    size_t columns = (size_t)1 << frames->grid.column_bits;
    size_t column = cell & (columns - 1);
    bool at_ends = (frames->cells[cell].mark & VIEW_CELL_LOOK) != VIEW_MARK_OUTSIDE;
    unsigned edges = 0;
    if (column == 0 ? at_ends : !looks_alike(frames, cell, cell - 1))
        edges |= EDGE_LEFT;
    if (column + 1 == columns ? at_ends : !looks_alike(frames, cell, cell + 1))
        edges |= EDGE_RIGHT;
    if (cell < columns ? at_ends : !looks_alike(frames, cell, cell - columns))
        edges |= EDGE_TOP;
    if (cell + columns >= view_grid_cell_count(&frames->grid)
            ? at_ends
            : !looks_alike(frames, cell, cell + columns))
        edges |= EDGE_BOTTOM;
    return edges;
}

static void mark_edges(struct view_frames *frames)
{
    for (size_t cell = 0; cell < view_grid_cell_count(&frames->grid); cell++)
        if ((frames->cells[cell].mark & VIEW_CELL_LOOK) != VIEW_MARK_NONE)
            frames->cells[cell].mark |= (uint8_t)edges_of(frames, cell);
}

/* A node may reach out of the window; what lies there stays dim. */
static struct frame_range inside_window(const struct view_marks *marks, struct frame_range range)
{
    bool is_set = marks->window.first < marks->window.end;
    return is_set ? view_clip(range, marks->window) : range;
}

static void apply_marks(struct view_frames *frames)
{
    const struct view_marks *marks = frames->marks;
    for (size_t cell = 0; cell < view_grid_cell_count(&frames->grid); cell++) {
        frames->cells[cell].mark = VIEW_MARK_NONE;
        frames->cells[cell].flags &= (uint8_t) ~(CELL_ALIGNED | CELL_BOUNDARY);
    }
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

static struct canvas_rect cell_rect(const struct view_frames *frames, size_t row, size_t column)
{
    return canvas_rect_at(frames->left + (int)column * frames->cell_width, frames->row_tops[row],
                          frames->cell_width, frames->row_ends[row] - frames->row_tops[row]);
}

/* Marks from the first to the last changed cell at once: marks for each would cost more. */
static void draw_row(struct view_frames *frames, size_t row)
{
    const struct view_cell *cells = &frames->cells[row << frames->grid.column_bits];
    struct view_cell *drawn = &frames->drawn[row << frames->grid.column_bits];
    size_t first = 0;
    size_t end = (size_t)1 << frames->grid.column_bits;
    while (first < end && view_cell_equals(&cells[first], &drawn[first]))
        first++;
    if (first == end)
        return;
    while (view_cell_equals(&cells[end - 1], &drawn[end - 1]))
        end--;
    struct canvas_rect span = cell_rect(frames, row, first);
    span.right = cell_rect(frames, row, end - 1).right;
    canvas_mark_dirty(frames->part.canvas, span);
    for (size_t column = first; column < end; column++) {
        if (view_cell_equals(&cells[column], &drawn[column]))
            continue;
        view_cell_draw(&cells[column], frames->part.canvas, cell_rect(frames, row, column));
        drawn[column] = cells[column];
    }
}

static void draw_gap(const struct view_frames *frames, size_t row)
{
    uint64_t skipped = frames->grid.rows[row] - frames->grid.rows[row - 1] - 1;
    int top = frames->row_tops[row] - frames->gap_height;
    int left = frames->left;
    int right = frames->part.area.right;
    char amount[VIEW_AMOUNT_MAX];
    char text[32];
    if (frames->labels_gaps) {
        view_format_amount(amount, skipped << (view_grid_row_order(&frames->grid) + FRAME_SHIFT));
        format_text(text, sizeof text, "%s without RAM", amount);
        view_part_write(&frames->part, left + 1, top + 2, text, THEME_TEXT_DIM);
        left += view_part_width(&frames->part, text) + VIEW_PART_GAP;
    }
    for (int x = left; x + 1 < right; x += 4)
        canvas_fill(frames->part.canvas, canvas_rect_at(x, top + frames->gap_height / 2, 2, 1),
                    THEME_RULE);
}

/* Of so many rows, a power of two, one has an address: then addresses keep apart. */
static uint64_t rows_an_address(const struct view_frames *frames)
{
    int rows = (int)frames->grid.row_count;
    int stride = 1;
    while (stride * frames->rows_height < frames->part.label->height_pixels * rows)
        stride *= 2;
    return (uint64_t)stride;
}

static void draw_row_address(const struct view_frames *frames, size_t row, int top)
{
    char text[24];
    phys_t address = view_grid_row_address(&frames->grid, row);
    format_text(text, sizeof text, address == 0 ? "%llx" : "0x%llx", (number_t)address);
    if (strlen(text) > VIEW_FRAMES_DIGITS)
        memmove(text, text + 2, sizeof text - 2);
    view_part_write_right(&frames->part, frames->left - VIEW_PART_GAP, top, text, THEME_TEXT_DIM);
}

/* Addresses at the left, at even distances and behind gaps; and the gaps. */
static void draw_frame_of_grid(const struct view_frames *frames)
{
    int height = frames->part.label->height_pixels;
    int free_from = view_part_top(&frames->part) - VIEW_PART_GAP;
    for (size_t row = 0; row < frames->grid.row_count; row++) {
        int top = (frames->row_tops[row] + frames->row_ends[row] - height) / 2 + 1;
        bool is_first = row == 0 || view_grid_follows_gap(&frames->grid, row);
        if (row > 0 && is_first)
            draw_gap(frames, row);
        if (!is_first && (frames->grid.rows[row] & (rows_an_address(frames) - 1)) != 0)
            continue;
        if (top < free_from || top + height > frames->part.area.bottom)
            continue;
        draw_row_address(frames, row, top);
        free_from = top + height;
    }
}

struct key {
    unsigned flag; /* is shown where it is seen */
    const char *text;
    struct view_cell cell;
};

/* A sample and its meaning, if there is room. Returns where the next one begins, or `left`. */
static int draw_key(const struct view_frames *frames, int left, const struct key *key)
{
    const struct view_part *part = &frames->part;
    int top = view_part_label_top(part);
    int text_left = left + view_part_swatch_pixels(part) + 4;
    int right = text_left + view_part_width(part, key->text);
    struct canvas_rect sample = view_part_swatch(part, left, top, view_part_swatch_pixels(part));
    if (right > part->area.right)
        return left;
    canvas_fill(part->canvas, sample, THEME_GROUND);
    if (key->flag == CELL_BARREN)
        view_cell_draw(&key->cell, part->canvas, sample);
    else
        view_cell_draw_stone(&key->cell, part->canvas, sample);
    view_part_write(part, text_left, top, key->text, THEME_TEXT_DIM);
    return right + 2 * VIEW_PART_GAP;
}

/* The shades of free memory between the words for their ends: "free: small" and "large". */
static int draw_free_key(const struct view_frames *frames, int left)
{
    static const char low[] = "free: small";
    static const char high[] = "large";
    const struct view_part *part = &frames->part;
    int top = view_part_label_top(part);
    int shade_pixels = part->label->width_pixels + 1;
    int right = left + view_part_width(part, low) + view_part_width(part, high) + 8 +
                VIEW_CELL_SHADES * shade_pixels;
    if (right > part->area.right)
        return left;
    view_part_write(part, left, top, low, THEME_TEXT_DIM);
    left += view_part_width(part, low) + 4;
    for (unsigned shade = 0; shade < VIEW_CELL_SHADES; shade++, left += shade_pixels)
        canvas_fill(part->canvas, view_part_swatch(part, left, top, shade_pixels),
                    view_free_colour(shade));
    view_part_write(part, left + 4, top, high, THEME_TEXT_DIM);
    return right + 2 * VIEW_PART_GAP;
}

/* What the cells' looks mean, as far as there is room, most important first. */
static void draw_keys(const struct view_frames *frames, int left)
{
    static const struct key keys[] = {
        {CELL_PARTIAL, "part used", {.style = 7, .shade = 2, .level = 8, .flags = CELL_RAM}},
        {CELL_AT_BOOT,
         "taken at boot",
         {.style = CANVAS_HATCH << 4 | 7, .level = VIEW_CELL_FULL, .flags = CELL_RAM}},
        {CELL_BARREN, "no RAM", {0}}};
    left = draw_free_key(frames, left);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (frames->flags_seen & keys[i].flag)
            left = draw_key(frames, left, &keys[i]);
}

static void draw_heading(struct view_frames *frames)
{
    static const char title[] = "RAM";
    static const char *const no_notes[] = {NULL};
    struct canvas_rect line = frames->part.area;
    int left = view_part_behind(&frames->part, title, 2 * VIEW_PART_GAP);
    int top = view_part_label_top(&frames->part);
    bool is_whole = frames->grid.shown.end == 0;
    char amount[VIEW_AMOUNT_MAX];
    char text[48];
    line.bottom = line.top + frames->part.heading->height_pixels;
    canvas_fill(frames->part.canvas, line, THEME_GROUND);
    frames->part.is_titled = false;
    view_part_draw_heading(&frames->part, title, no_notes);
    view_format_amount(amount, FRAME_BYTES << frames->grid.cell_order);
    format_text(text, sizeof text, is_whole ? "one cell = %s" : "a part, one cell = %s", amount);
    view_part_write(&frames->part, left, top, text, is_whole ? THEME_TEXT_DIM : THEME_ACCENT);
    left += view_part_width(&frames->part, text) + 3 * VIEW_PART_GAP;
    draw_keys(frames, left);
}

/* The cells that a new layout begins with look like nothing that gather makes. */
static void draw_layout(struct view_frames *frames)
{
    canvas_fill(frames->part.canvas, frames->part.area, THEME_GROUND);
    draw_frame_of_grid(frames);
    memset(frames->drawn, 0xFF, sizeof frames->drawn);
    frames->drawn_heading = 0;
}

void view_frames_draw(struct view_frames *frames, const struct memmap *map, struct mm *mm,
                      unsigned order_count, struct view_owners *owners)
{
    view_frames_lay_out(frames, map);
    gather(frames, map, mm, order_count, owners);
    if (fingerprint(frames) != frames->drawn_layout) {
        draw_layout(frames);
        frames->drawn_layout = fingerprint(frames);
    }
    if (frames->drawn_heading != frames->flags_seen + 1) {
        draw_heading(frames);
        frames->drawn_heading = frames->flags_seen + 1;
    }
    view_frames_draw_marks(frames);
}

void view_frames_draw_marks(struct view_frames *frames)
{
    apply_marks(frames);
    for (size_t row = 0; row < frames->grid.row_count; row++)
        draw_row(frames, row);
}

int view_frames_row_step(const struct view_frames *frames, int y, int rows)
{
    int last = (int)frames->grid.row_count - 1;
    int row = 0;
    while (row < last && y >= frames->row_ends[row])
        row++;
    row += rows;
    row = row < 0 ? 0 : row > last ? last : row;
    return last < 0 ? 0 : (frames->row_tops[row] + frames->row_ends[row]) / 2 - y;
}

bool view_frames_at(const struct view_frames *frames, int x, int y, struct frame_range *range)
{
    int column = (x - frames->left) / frames->cell_width;
    if (x < frames->left || x >= frames->part.area.right)
        return false;
    for (size_t row = 0; row < frames->grid.row_count; row++) {
        if (y < frames->row_tops[row] || y >= frames->row_ends[row])
            continue;
        *range =
            view_grid_cell_range(&frames->grid, (row << frames->grid.column_bits) + (size_t)column);
        return true;
    }
    return false;
}

struct canvas_rect view_frames_find(const struct view_frames *frames, pfn_t pfn)
{
    for (size_t row = 0; row < frames->grid.row_count; row++)
        if (frames->grid.rows[row] == pfn >> view_grid_row_order(&frames->grid))
            return cell_rect(frames, row,
                             (size_t)(pfn >> frames->grid.cell_order) &
                                 (((size_t)1 << frames->grid.column_bits) - 1));
    return (struct canvas_rect){0};
}
