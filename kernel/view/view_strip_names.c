/*
 * Places the labels above the bar: the limits that devices have, then the names of the segments
 * that are too narrow for them. Of two rows, the lower one is tried first. A line leads from a name
 * down to its segment; in the lower row it keeps clear of other names.
 */

#include "view_strip.h"

#include "kernel/lib/format.h"
#include "view_format.h"

#define LABEL_GAP 6
#define LINE_PIXELS 4 /* from a label in the lower row to the bar */
#define LINE_GAP 2 /* from a name's line to a label beside it */
#define PLACED_MAX 64

/* Where labels and lines of one row stand already. */
struct placed {
    struct {
        int left, right;
    } labels[PLACED_MAX];
    size_t count;
};

/* The rows are numbered from the bar up. */
#define ROW_COUNT 2

struct rows {
    struct placed rows[ROW_COUNT];
};

static int row_top(const struct view_strip *strip, int row)
{
    return view_strip_bar_top(&strip->part) - LINE_PIXELS -
           (row + 1) * strip->part.label->height_pixels;
}

static bool is_free(const struct placed *placed, int left, int right, int gap)
{
    for (size_t i = 0; i < placed->count; i++)
        if (left < placed->labels[i].right + gap && placed->labels[i].left < right + gap)
            return false;
    return placed->count < PLACED_MAX;
}

static void enter(struct placed *placed, int left, int right)
{
    placed->labels[placed->count].left = left;
    placed->labels[placed->count].right = right;
    placed->count++;
}

/* Within the strip, as far to the left or to the right as that asks for. */
static int keep_inside(const struct view_strip *strip, int left, int width)
{
    left = left + width > strip->part.area.right ? strip->part.area.right - width : left;
    return left < strip->part.area.left ? strip->part.area.left : left;
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* The limits that devices and processors have: DMA of ISA cards, 32-bit addresses. */
static const struct {
    phys_t address;
    const char *text;
} limits[] = {{MIB, "1 MiB"}, {4 * GIB, "4 GiB"}, {16 * MIB, "16 MiB"}};
#define LIMIT_COUNT (sizeof limits / sizeof limits[0])

/* The pixel of a limit that the address space reaches, and where its label begins. */
static bool place_limit(const struct view_strip *strip, struct placed *placed, size_t index, int *x,
                        int *left)
{
    const struct view_segment *last = &strip->segments[strip->segment_count - 1];
    int width = view_part_width(&strip->part, limits[index].text);
    if (limits[index].address > last->end)
        return false;
    *x = view_strip_pixel_at(strip, limits[index].address);
    *left = keep_inside(strip, *x - width / 2, width);
    if (!is_free(placed, *left, *left + width, LABEL_GAP))
        return false;
    enter(placed, *left, *left + width);
    return true;
}

static void draw_limits(const struct view_strip *strip)
{
    struct placed placed = {.count = 0};
    int x, left;
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        if (!place_limit(strip, &placed, i, &x, &left))
            continue;
        view_part_write(&strip->part, left, row_top(strip, 0), limits[i].text, THEME_ACCENT);
        canvas_fill(strip->part.canvas,
                    canvas_rect_at(x, view_strip_bar_top(&strip->part) - LINE_PIXELS + 1, 1,
                                   LINE_PIXELS - 1),
                    THEME_ACCENT);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

/* A line down to the bar at this pixel, and the name above it: around it, or with an end there. */
static bool place_at(struct view_strip *strip, struct rows *rows, int row,
                     struct view_segment *segment, int x)
{
    int width = view_part_width(&strip->part, view_segment_name(segment));
    const int lefts[] = {x - width / 2, x - 1, x + 2 - width};
    for (int lower = 0; lower < row; lower++)
        if (!is_free(&rows->rows[lower], x, x + 1, LINE_GAP))
            return false;
    for (size_t i = 0; i < sizeof lefts / sizeof lefts[0]; i++) {
        int left = keep_inside(strip, lefts[i], width);
        if (!is_free(&rows->rows[row], left, left + width, LABEL_GAP))
            continue;
        enter(&rows->rows[row], left, left + width);
        for (int lower = 0; lower < row; lower++)
            enter(&rows->rows[lower], x, x + 1);
        segment->name_left = left;
        segment->name_line = x;
        segment->name_row = (int8_t)row;
        return true;
    }
    return false;
}

/* The line begins in the segment's middle, or at one of its ends. */
static bool place_in_row(struct view_strip *strip, struct rows *rows, int row,
                         struct view_segment *segment)
{
    return place_at(strip, rows, row, segment, (segment->left + segment->right - 1) / 2) ||
           place_at(strip, rows, row, segment, segment->left + 1) ||
           place_at(strip, rows, row, segment, segment->right - 3);
}

bool view_strip_place_names(struct view_strip *strip)
{
    struct rows rows = {{{.count = 0}}};
    int x, left;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        place_limit(strip, &rows.rows[0], i, &x, &left);
    for (size_t i = 0; i < strip->segment_count; i++) {
        struct view_segment *segment = &strip->segments[i];
        bool fits =
            view_part_width(&strip->part, view_segment_name(segment)) <= view_segment_room(segment);
        segment->name_row = VIEW_NAME_INSIDE;
        for (int row = 0; row < ROW_COUNT && !fits; row++)
            fits = place_in_row(strip, &rows, row, segment);
        if (!fits)
            return false;
    }
    return true;
}

void view_strip_draw_names(const struct view_strip *strip)
{
    int bar = view_strip_bar_top(&strip->part);
    draw_limits(strip);
    for (size_t i = 0; i < strip->segment_count; i++) {
        const struct view_segment *segment = &strip->segments[i];
        if (segment->name_row == VIEW_NAME_INSIDE)
            continue;
        int top = row_top(strip, segment->name_row);
        int bottom = top + strip->part.label->height_pixels;
        canvas_fill(strip->part.canvas, canvas_rect_at(segment->name_line, bottom, 1, bar - bottom),
                    THEME_TEXT_DIM);
        view_part_write(&strip->part, segment->name_left, top, view_segment_name(segment),
                        THEME_TEXT);
    }
}
