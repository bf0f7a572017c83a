/*
 * Draws the tree of orders. A snapshot becomes a byte for each pixel of each row: how many buddies
 * lie there. What a line shows decides by its fingerprint whether it is drawn.
 */

#include "view_tree.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "view_splits.h"
#include "view_format.h"

#define AXIS_PIXELS 3
#define MARK_PIXELS_MIN 3
#define JOINT_PIXELS_MIN 4 /* a buddy that wide ends in a joint */
#define AMOUNT_PIXELS_MIN 200 /* the map's least width beside a column of amounts */
#define SOLID 255

/* The orders that share a line. */
struct line {
    unsigned first;
    unsigned last; /* inclusive */
    struct canvas_rect rect;
};

static unsigned count_lines(const struct view_tree *tree)
{
    unsigned lines = view_part_line_count(&tree->part);
    lines = lines < tree->order_count ? lines : tree->order_count;
    return lines > 0 ? lines : 1;
}

/* Where lines are few, the smallest orders share some. */
static struct line line_at(const struct view_tree *tree, unsigned index)
{
    unsigned lines = count_lines(tree);
    unsigned each = tree->order_count / lines;
    unsigned more = tree->order_count % lines;
    struct line line;
    line.first = index * each + (index < more ? index : more);
    line.last = line.first + each - (index < more ? 0 : 1);
    line.rect = view_part_line(&tree->part, index);
    return line;
}

/* Columns. */

static bool has_amounts(const struct view_tree *tree)
{
    int em = tree->part.label->width_pixels;
    return tree->part.area.right - tree->part.area.left >=
           4 * em + 2 * VIEW_PART_GAP + 12 * em + AMOUNT_PIXELS_MIN;
}

static int label_right(const struct view_tree *tree)
{
    int columns = count_lines(tree) < tree->order_count ? 8 : 4;
    return tree->part.area.left + columns * tree->part.label->width_pixels;
}

static int count_right(const struct view_tree *tree)
{
    return tree->part.area.right - (has_amounts(tree) ? 7 * tree->part.label->width_pixels : 0);
}

static void lay_out_map(struct view_tree *tree)
{
    struct canvas_rect map = {label_right(tree) + VIEW_PART_GAP, view_part_top(&tree->part),
                              count_right(tree) - 5 * tree->part.label->width_pixels -
                                  VIEW_PART_GAP,
                              tree->part.area.bottom};
    if (map.right - map.left > VIEW_TREE_PIXELS_MAX)
        map.right = map.left + VIEW_TREE_PIXELS_MAX;
    tree->map = map;
}

void view_tree_begin(struct view_tree *tree, unsigned order_count)
{
    tree->order_count = order_count;
    memset(tree->counts, 0, sizeof tree->counts);
    memset(tree->pixels, 0, sizeof tree->pixels);
    lay_out_map(tree);
}

/* The pixels of a range, from the map's left; at least one, if the map shows any of it. */
static bool pixels_of(const struct view_tree *tree, struct frame_range range, unsigned *first,
                      unsigned *end)
{
    unsigned width = (unsigned)(tree->map.right - tree->map.left);
    size_t cells = view_grid_cell_count(tree->grid);
    size_t first_cell;
    size_t end_cell;
    if (cells == 0 || !view_grid_find_cells(tree->grid, range, &first_cell, &end_cell))
        return false;
    *first = (unsigned)first_cell * width / (unsigned)cells;
    *end = (unsigned)end_cell * width / (unsigned)cells;
    if (*first >= width)
        *first = width - 1;
    if (*end <= *first)
        *end = *first + 1;
    return true;
}

/* Buddies of more than a few pixels are told apart by a gap; of those within one, the count is. */
static void enter_buddy(struct view_tree *tree, pfn_t first, unsigned order)
{
    struct frame_range range = {first, first + ((pfn_t)1 << order)};
    uint8_t *pixels = tree->pixels[order];
    unsigned from;
    unsigned to;
    tree->counts[order]++;
    if (!pixels_of(tree, range, &from, &to))
        return;
    if (to - from == 1) {
        pixels[from] += pixels[from] < SOLID;
        return;
    }
    to -= to - from >= JOINT_PIXELS_MIN;
    memset(pixels + from, SOLID, to - from);
}

void view_tree_enter(struct view_tree *tree, struct frame_range run)
{
    while (run.first < run.end) {
        unsigned order = view_first_order(run);
        order = order < BUDDY_ORDER_COUNT ? order : BUDDY_ORDER_COUNT - 1;
        enter_buddy(tree, run.first, order);
        run.first += (pfn_t)1 << order;
    }
}

/* Drawing. */

static color_t colour_of(unsigned value)
{
    if (value == 0)
        return THEME_PANEL;
    return value == 1 ? THEME_FREE_2 : THEME_FREE_3;
}

static unsigned value_at(const struct view_tree *tree, const struct line *line, int x)
{
    unsigned value = 0;
    for (unsigned order = line->first; order <= line->last; order++)
        value += tree->pixels[order][x];
    return value < SOLID ? value : SOLID;
}

static struct canvas_rect bar_of(const struct view_tree *tree, const struct line *line)
{
    return (struct canvas_rect){tree->map.left, line->rect.top + 2, tree->map.right,
                                line->rect.bottom - 2};
}

/* Narrows the rectangle to the pixels of a range; false if there are none. */
static bool place_range(const struct view_tree *tree, struct frame_range range,
                        struct canvas_rect *rect)
{
    unsigned from;
    unsigned to;
    if (!pixels_of(tree, range, &from, &to))
        return false;
    rect->left = tree->map.left + (int)from;
    rect->right = tree->map.left + (int)to;
    return true;
}

/* Pixels of one colour at a time. */
static void draw_bar(const struct view_tree *tree, const struct line *line)
{
    struct canvas_rect bar = bar_of(tree, line);
    int width = bar.right - bar.left;
    int next;
    for (int x = 0; x < width; x = next) {
        unsigned value = value_at(tree, line, x);
        for (next = x + 1; next < width && value_at(tree, line, next) == value; next++)
            ;
        canvas_fill(tree->part.canvas,
                    canvas_rect_at(bar.left + x, bar.top, next - x, bar.bottom - bar.top),
                    colour_of(value));
    }
}

static bool is_in_line(const struct view_mark *mark, const struct line *line)
{
    return mark->order >= line->first && mark->order <= line->last;
}

static void draw_mark(const struct view_tree *tree, const struct line *line,
                      const struct view_mark *mark)
{
    struct canvas_rect bar = bar_of(tree, line);
    struct canvas_rect rect = bar;
    if (!place_range(tree, mark->range, &rect))
        return;
    if (rect.right - rect.left < MARK_PIXELS_MIN)
        rect.right = rect.left + MARK_PIXELS_MIN;
    if (rect.right > bar.right)
        rect = (struct canvas_rect){bar.right - MARK_PIXELS_MIN, bar.top, bar.right, bar.bottom};
    if (mark->look == VIEW_MARK_PIECE) {
        rect.right -= rect.right - rect.left >= JOINT_PIXELS_MIN;
        canvas_fill(tree->part.canvas, rect, THEME_ACCENT);
    } else if (mark->look == VIEW_MARK_HOLLOW) {
        canvas_fill(tree->part.canvas, rect, THEME_PANEL);
        canvas_draw_frame(tree->part.canvas, rect, THEME_ACCENT);
    } else if (mark->look == VIEW_MARK_CURRENT) {
        rect.top--;
        rect.bottom++;
        canvas_draw_frame(tree->part.canvas, rect, THEME_ACCENT);
    } else {
        canvas_draw_frame(tree->part.canvas, rect, THEME_TEXT_DIM);
    }
}

/* "4K", or "4-8K", or "512K-1M". */
static void name_orders(const struct line *line, char *text, size_t text_bytes)
{
    char low[VIEW_AMOUNT_MAX];
    char high[VIEW_AMOUNT_MAX];
    view_format_amount(low, FRAME_BYTES << line->first);
    view_format_amount(high, FRAME_BYTES << line->last);
    char *unit = low + strlen(low) - 1;
    if (line->first != line->last && *unit == high[strlen(high) - 1])
        *unit = '\0';
    format_text(text, text_bytes, line->first == line->last ? "%s" : "%s-%s", low, high);
}

static void format_count(char *text, size_t text_bytes, uint64_t count)
{
    char amount[VIEW_AMOUNT_MAX];
    if (count < 10000)
        format_text(text, text_bytes, FONT_TIMES "%u", (unsigned)count);
    else
        format_text(text, text_bytes, FONT_TIMES "%s", view_format_amount(amount, count));
}

/* |  label| ==  ====   = |  count|amount| */
static void draw_figures(const struct view_tree *tree, const struct line *line)
{
    uint64_t buddies = 0;
    uint64_t frames = 0;
    char text[2 * VIEW_AMOUNT_MAX];
    name_orders(line, text, sizeof text);
    view_part_write_right(&tree->part, label_right(tree), line->rect.top + 1, text, THEME_TEXT_DIM);
    for (unsigned order = line->first; order <= line->last; order++) {
        buddies += tree->counts[order];
        frames += tree->counts[order] << order;
    }
    if (buddies == 0)
        return;
    format_count(text, sizeof text, buddies);
    view_part_write_right(&tree->part, count_right(tree), line->rect.top + 1, text, THEME_TEXT);
    if (has_amounts(tree))
        view_part_write_right(&tree->part, tree->part.area.right, line->rect.top + 1,
                              view_format_amount(text, frames << FRAME_SHIFT), THEME_TEXT_DIM);
}

/* Where things are drawn depends on what the map of frames shows. */
static uint32_t hash_grid(const struct view_grid *grid)
{
    uint32_t hash =
        view_hash_value(VIEW_HASH_START, (uint64_t)grid->cell_order << 32 | grid->row_count);
    return grid->row_count > 0 ? view_hash_value(hash, grid->rows[0]) : hash;
}

static uint32_t hash_line(const struct view_tree *tree, const struct line *line)
{
    uint32_t hash = view_hash_value(hash_grid(tree->grid), (uint64_t)line->first << 8 | line->last);
    size_t width = (size_t)(tree->map.right - tree->map.left);
    for (unsigned order = line->first; order <= line->last; order++) {
        hash = view_hash_value(hash, tree->counts[order]);
        hash = view_hash_bytes(hash, tree->pixels[order], width);
    }
    for (size_t i = 0; i < tree->marks->count; i++) {
        const struct view_mark *mark = &tree->marks->marks[i];
        if (!is_in_line(mark, line))
            continue;
        hash = view_hash_value(hash, mark->range.first);
        hash = view_hash_value(hash, (mark->range.end - mark->range.first) << 8 | mark->look);
    }
    return hash;
}

static void draw_line(const struct view_tree *tree, const struct line *line)
{
    draw_figures(tree, line);
    draw_bar(tree, line);
    for (size_t i = 0; i < tree->marks->count; i++)
        if (is_in_line(&tree->marks->marks[i], line))
            draw_mark(tree, line, &tree->marks->marks[i]);
}

static void draw_on_axis(const struct view_tree *tree, struct canvas_rect axis,
                         struct frame_range range, color_t colour)
{
    if (place_range(tree, range, &axis))
        canvas_fill(tree->part.canvas, axis, colour);
}

static uint32_t hash_axis(const struct view_tree *tree)
{
    uint32_t hash = view_hash_value(hash_grid(tree->grid), tree->marks->window.first);
    hash = view_hash_value(hash, tree->marks->window.end);
    for (size_t i = 0; i < tree->marks->count; i++)
        if (tree->marks->marks[i].look == VIEW_MARK_PLACE)
            hash = view_hash_value(hash, tree->marks->marks[i].range.first);
    return hash;
}

/* Above the rows: the window of the request, and its place. */
static void draw_axis(struct view_tree *tree)
{
    struct canvas_rect axis = tree->map;
    axis.top = view_part_top(&tree->part) - AXIS_PIXELS - 1;
    axis.bottom = axis.top + AXIS_PIXELS;
    if (!view_renew(tree->part.canvas, axis, &tree->drawn_axis, hash_axis(tree)))
        return;
    draw_on_axis(tree, axis, tree->marks->window, view_mix(THEME_ACCENT, THEME_GROUND, 144));
    for (size_t i = 0; i < tree->marks->count; i++)
        if (tree->marks->marks[i].look == VIEW_MARK_PLACE)
            draw_on_axis(tree, axis, tree->marks->marks[i].range, THEME_TEXT);
}

void view_tree_draw(struct view_tree *tree)
{
    static const char *const notes[] = {"at their places, a row for each order",
                                        "by order, in place", "by order", NULL};
    unsigned lines = count_lines(tree);
    view_part_draw_heading(&tree->part, "Free blocks", notes);
    draw_axis(tree);
    for (unsigned index = 0; index < BUDDY_ORDER_COUNT; index++) {
        struct line line = line_at(tree, index);
        uint32_t hash = index < lines ? hash_line(tree, &line) : 0;
        if (view_part_begin_line(&tree->part, index, &tree->drawn[index], hash, &line.rect) &&
            hash != 0)
            draw_line(tree, &line);
    }
}

bool view_tree_at(const struct view_tree *tree, int x, int y, unsigned *order, pfn_t *pfn)
{
    unsigned width = (unsigned)(tree->map.right - tree->map.left);
    struct canvas_rect line = view_part_line(&tree->part, 0);
    int index = (y - line.top) / (line.bottom - line.top);
    size_t cells = view_grid_cell_count(tree->grid);
    if (x < tree->map.left || x >= tree->map.right || y < line.top ||
        (unsigned)index >= count_lines(tree) || cells == 0)
        return false;
    *order = line_at(tree, (unsigned)index).first;
    *pfn =
        view_grid_cell_range(tree->grid, (unsigned)(x - tree->map.left) * (unsigned)cells / width)
            .first;
    return true;
}
