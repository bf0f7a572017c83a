/* Chooses the scale of the map of frames: the finest that finds room, or what was zoomed to. */

#include "view_frames.h"

#include "kernel/lib/string.h"
#include "view_format.h"

#define ROW_HEIGHT_TIMES 3 /* its width, at most, where cells are single frames */
#define GAP_SMALL 5
#define GAPS_LABELLED_MAX 4 /* with more gaps than that, they are narrow and say nothing */

/* Cells grow with the letters beside them: from 6 by 7 pixels on, beside letters of 6 by 12. */
static int cell_width_min(const struct view_frames *frames)
{
    return frames->part.label->width_pixels;
}

static int cell_width_max(const struct view_frames *frames)
{
    return 2 * frames->part.label->width_pixels + 2;
}

/* Of single frames, where there are few. */
static int cell_width_enlarged(const struct view_frames *frames)
{
    return 5 * frames->part.label->width_pixels + 2;
}

static int row_height_min(const struct view_frames *frames)
{
    return frames->part.label->height_pixels / 2 + 1;
}

void view_frames_init(struct view_frames *frames, const struct view_part *part,
                      const struct view_marks *marks)
{
    unsigned column_bits = 4;
    frames->part = *part;
    frames->marks = marks;
    frames->left = part->area.left + VIEW_FRAMES_DIGITS * part->label->width_pixels + VIEW_PART_GAP;
    int width = part->area.right - frames->left;
    while (2 << column_bits <= VIEW_COLUMN_COUNT &&
           width >> (column_bits + 1) >= cell_width_min(frames))
        column_bits++;
    frames->grid.column_bits = frames->column_bits = column_bits;
    frames->cell_width = width >> column_bits;
    if (frames->cell_width > cell_width_max(frames))
        frames->cell_width = cell_width_max(frames);
    frames->part.area.right = frames->left + (frames->cell_width << column_bits);
}

static int count_gaps(const struct view_frames *frames)
{
    int gaps = 0;
    for (size_t row = 1; row < frames->grid.row_count; row++)
        gaps += view_grid_follows_gap(&frames->grid, row);
    return gaps;
}

/*
 * True if the rows find room; then they fill all of it, unless cells of one frame would be far
 * higher than wide: there are no finer ones.
 */
static bool fit_rows(struct view_frames *frames)
{
    int gaps = count_gaps(frames);
    int height = frames->part.area.bottom - view_part_top(&frames->part);
    int rows = (int)frames->grid.row_count;
    frames->labels_gaps = gaps <= GAPS_LABELLED_MAX;
    frames->gap_height = frames->labels_gaps ? frames->part.label->height_pixels + 4 : GAP_SMALL;
    height -= gaps * frames->gap_height;
    if (height < rows * row_height_min(frames))
        return false;
    frames->rows_height = height;
    if (frames->grid.cell_order == 0 && height > rows * ROW_HEIGHT_TIMES * frames->cell_width)
        frames->rows_height = rows * ROW_HEIGHT_TIMES * frames->cell_width;
    return true;
}

static void find_ram(struct view_frames *frames, const struct memmap *map)
{
    frames->ram = (struct frame_range){0};
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
    frames->cell_width = (frames->part.area.right - frames->left) >> column_bits;
}

static bool fit_columns(struct view_frames *frames, const struct memmap *map, unsigned column_bits)
{
    set_columns(frames, column_bits);
    return view_grid_list_rows(&frames->grid, map, VIEW_ROW_COUNT) && fit_rows(frames);
}

static bool are_no_wider_than_high(const struct view_frames *frames)
{
    return frames->rows_height >= (int)frames->grid.row_count * frames->cell_width;
}

/* Single frames that would leave the area empty are larger, while they are no wider than high. */
static void enlarge_cells(struct view_frames *frames, const struct memmap *map)
{
    if (frames->is_zoomed || frames->grid.cell_order > 0 || frames->grid.row_count == 0)
        return;
    while (2 * frames->cell_width <= cell_width_enlarged(frames) && frames->grid.column_bits > 0) {
        unsigned column_bits = frames->grid.column_bits;
        if (fit_columns(frames, map, column_bits - 1) && are_no_wider_than_high(frames))
            continue;
        fit_columns(frames, map, column_bits);
        return;
    }
}

void view_frames_lay_out(struct view_frames *frames, const struct memmap *map)
{
    int top = view_part_top(&frames->part);
    find_ram(frames, map);
    set_columns(frames, frames->column_bits);
    choose_scale(frames, map);
    enlarge_cells(frames, map);
    int rows = (int)frames->grid.row_count;
    for (int row = 0; row < rows; row++) {
        top += view_grid_follows_gap(&frames->grid, (size_t)row) ? frames->gap_height : 0;
        frames->row_tops[row] = top + frames->rows_height * row / rows;
        frames->row_ends[row] = top + frames->rows_height * (row + 1) / rows;
    }
}

/* Zooming. */

/* The rows that find room where there are no gaps. */
static pfn_t row_capacity(const struct view_frames *frames)
{
    int rows = (frames->part.area.bottom - view_part_top(&frames->part)) / row_height_min(frames);
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
        frames->grid.shown = (struct frame_range){0};
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
