/*
 * Records fragmentation over time and draws its chart. Of a sample it makes sums first, while the
 * free runs go by; then parts of 255, which is more than pixels can show. All divisions are of 32
 * bits, as everywhere in the view.
 */

#include "view_history.h"

#include "mm/bits.h"
#include "view_format.h"

#define LINES_PERCENT 45 /* of the charts' height; the rest is for the orders */
#define BAND_PIXELS_MIN 4
#define COLUMN_PIXELS_MAX 8 /* of a change, while there are few */
#define SWATCH_WIDTH 8
#define SAMPLE_WIDTH 10 /* of a line */
#define AXIS_GAP 2
#define SERVED_ALL 254
#define PAST_SHARE 96 /* of 256, of a colour that is dimmed */

void view_history_forget(struct view_history *history)
{
    history->count = 0;
    history->drawn_count = 0;
}

/* Samples. */

/* `part` of `whole`, at least 1, in so many parts: rounded down, but 0 for nothing alone. */
static uint8_t part_of(uint64_t part, uint64_t whole, unsigned parts)
{
    unsigned shift = bits_highest(whole);
    shift = shift > 22 ? shift - 22 : 0;
    unsigned scaled = (unsigned)(part >> shift) * parts / (unsigned)(whole >> shift);
    return (uint8_t)(scaled == 0 && part > 0 ? 1 : scaled);
}

void view_history_enter(struct view_history *history, struct frame_range run)
{
    struct view_sums *sums = &history->sums;
    uint64_t frame_count = run.end - run.first;
    sums->free_frames += frame_count;
    if (frame_count > sums->largest_frames)
        sums->largest_frames = frame_count;
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT && frame_count >> order != 0; order++)
        sums->served[order] += frame_count >> order;
}

static const struct view_sample *sample_at(const struct view_history *history, size_t index)
{
    return &history->samples[index % VIEW_HISTORY_MAX];
}

/* What is drawn then looks different. */
static void set_past(struct view_history *history, bool is_past)
{
    if (history->is_past == is_past)
        return;
    history->is_past = is_past;
    history->part.is_titled = false;
    history->drawn_count = 0;
}

void view_history_end(struct view_history *history, uint64_t managed_frames, unsigned order_count)
{
    const struct view_sums sums = history->sums;
    struct view_sample *sample = &history->samples[history->count % VIEW_HISTORY_MAX];
    uint32_t hash = view_hash_bytes(VIEW_HASH_START, &sums, sizeof sums);
    uint64_t whole = managed_frames > 0 ? managed_frames : 1;
    history->sums = (struct view_sums){0};
    set_past(history, false);
    if (hash == history->last_hash && history->count > 0)
        return;
    history->last_hash = hash;
    history->count++;
    history->order_count = order_count;
    sample->free_part = part_of(sums.free_frames, whole, 255);
    sample->largest_part = part_of(sums.largest_frames, whole, 255);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++) {
        uint64_t possible = sums.free_frames >> order;
        sample->served[order] = VIEW_NOT_SERVED;
        if (possible > 0)
            sample->served[order] = part_of(sums.served[order], possible, SERVED_ALL);
    }
}

void view_history_skip(struct view_history *history)
{
    history->sums = (struct view_sums){0};
    set_past(history, true);
}

/* Drawing. */

static color_t colour_of_share(uint8_t served)
{
    if (served == VIEW_NOT_SERVED)
        return THEME_PANEL;
    if (served == 0)
        return THEME_VERMILION;
    if (served == SERVED_ALL)
        return THEME_TEXT;
    return served < SERVED_ALL / 2 ? THEME_FREE_1 : THEME_FREE_3;
}

static color_t shade(const struct view_history *history, color_t colour)
{
    return history->is_past ? view_mix(colour, THEME_PANEL, PAST_SHARE) : colour;
}

static int y_of(struct canvas_rect rect, uint8_t part)
{
    return rect.bottom - 1 - (rect.bottom - rect.top - 1) * part / 255;
}

/* From where the last column was, up or down to where this one is, and along it. */
static void draw_step(struct canvas *canvas, struct canvas_rect column, uint8_t from, uint8_t to,
                      color_t colour, int thick)
{
    int top = y_of(column, to) - thick + 1;
    struct canvas_rect riser = {column.left, y_of(column, from > to ? from : to) - thick + 1,
                                column.left + thick, y_of(column, from > to ? to : from) + 1};
    riser.top = riser.top < column.top ? column.top : riser.top;
    riser.right = riser.right < column.right ? riser.right : column.right;
    top = top < column.top ? column.top : top;
    canvas_fill(canvas, riser, colour);
    canvas_fill(canvas, (struct canvas_rect){column.left, top, column.right, top + thick}, colour);
}

/* Where there is no room for a band for each order, some of them have none. */
static unsigned count_bands(const struct view_history *history, struct canvas_rect heat)
{
    unsigned bands = (unsigned)(heat.bottom - heat.top) / BAND_PIXELS_MIN;
    if (bands > history->order_count)
        bands = history->order_count;
    return bands < 1 ? 1 : bands;
}

struct band {
    struct canvas_rect rect;
    unsigned order;
};

/* From the smallest order at the top to the largest. */
static struct band band_at(const struct view_history *history, struct canvas_rect heat, int number)
{
    int count = (int)count_bands(history, heat);
    int height = heat.bottom - heat.top;
    struct band band = {heat, 0};
    band.rect.top = heat.top + height * number / count;
    band.rect.bottom = heat.top + height * (number + 1) / count;
    if (count > 1)
        band.order = (unsigned)number * (history->order_count - 1) / (unsigned)(count - 1);
    return band;
}

/* The labels of the first band, of the last, and of those between that keep clear of both. */
static void label_bands(const struct view_history *history, struct canvas_rect heat)
{
    const struct view_part *part = &history->part;
    int height = part->label->height_pixels;
    int bands = (int)count_bands(history, heat);
    int free_from = heat.top;
    char amount[VIEW_AMOUNT_MAX];
    for (int i = 0; i < bands; i++) {
        struct band band = band_at(history, heat, i);
        int top = (band.rect.top + band.rect.bottom - height) / 2;
        top = top < heat.top ? heat.top : top;
        if (top < free_from || top + height > heat.bottom)
            continue;
        view_format_amount(amount, FRAME_BYTES << band.order);
        view_part_write_right(part, heat.left - VIEW_PART_GAP, top, amount, THEME_TEXT_DIM);
        free_from = top + height + 2;
    }
}

/* How much of memory: all at the top, nothing at the bottom. */
static void label_lines(const struct view_history *history, struct canvas_rect lines)
{
    const struct view_part *part = &history->part;
    int right = lines.left - VIEW_PART_GAP;
    view_part_write_right(part, right, lines.top, "100%", THEME_TEXT_DIM);
    if (lines.bottom - lines.top >= 2 * part->label->height_pixels)
        view_part_write_right(part, right, lines.bottom - part->label->height_pixels, "0",
                              THEME_TEXT_DIM);
}

/* What the two lines are, each behind a piece of it. */
static void draw_key_of_lines(const struct view_history *history, int top)
{
    const struct view_part *part = &history->part;
    int left = part->area.left;
    int middle = top + part->label->height_pixels / 2;
    canvas_fill(part->canvas, canvas_rect_at(left, middle - 1, SAMPLE_WIDTH, 2), THEME_BAR);
    left += SAMPLE_WIDTH + 3;
    view_part_write(part, left, top, "free", THEME_TEXT_DIM);
    left += view_part_width(part, "free") + 2 * VIEW_PART_GAP;
    canvas_fill(part->canvas, canvas_rect_at(left, middle, SAMPLE_WIDTH, 1), THEME_ACCENT);
    left += SAMPLE_WIDTH + 3;
    view_part_write(part, left, top, "longest run", THEME_TEXT_DIM);
}

/* How many requests of an order would be served, from none to all. */
static void draw_key_of_bands(const struct view_history *history, int top)
{
    static const uint8_t shares[] = {0, 1, SERVED_ALL - 1, SERVED_ALL};
    static const char *const words[] = {"requests served: none", "served: none", "none", NULL};
    const struct view_part *part = &history->part;
    int samples = (int)sizeof shares * SWATCH_WIDTH;
    int room = part->area.right - part->area.left - samples - 8 - view_part_width(part, "all");
    const char *word = view_part_choose(part, words, room);
    int left = part->area.left + view_part_width(part, word) + 4;
    view_part_write(part, part->area.left, top, word, THEME_TEXT_DIM);
    for (size_t i = 0; i < sizeof shares; i++, left += SWATCH_WIDTH)
        canvas_fill(part->canvas, view_part_swatch(part, left, top, SWATCH_WIDTH),
                    colour_of_share(shares[i]));
    view_part_write(part, left + 4, top, "all", THEME_TEXT_DIM);
}

/* The axes of both charts; time runs to the right. */
static void draw_axes(const struct view_history *history, struct canvas_rect chart, bool has_words)
{
    const struct view_part *part = &history->part;
    int top = chart.bottom + AXIS_GAP;
    canvas_fill(part->canvas,
                canvas_rect_at(chart.left - 1, chart.top, 1, chart.bottom - chart.top + 1),
                THEME_TEXT_DIM);
    canvas_fill(part->canvas,
                canvas_rect_at(chart.left - 1, chart.bottom, chart.right - chart.left + 1, 1),
                THEME_TEXT_DIM);
    if (!has_words)
        return;
    view_part_write(part, chart.left, top, "older", THEME_TEXT_DIM);
    view_part_write_right(part, chart.right, top, "now", THEME_TEXT_DIM);
}

/* Where the samples from `first` on are, and how wide each. */
struct columns {
    size_t first;
    int width;
};

static struct columns choose_columns(const struct view_history *history, int width)
{
    size_t shown = history->count < VIEW_HISTORY_MAX ? history->count : VIEW_HISTORY_MAX;
    struct columns columns = {.width = shown > 0 ? width / (int)shown : 1};
    if (columns.width > COLUMN_PIXELS_MAX)
        columns.width = COLUMN_PIXELS_MAX;
    if (columns.width < 1)
        columns.width = 1;
    if (shown > (size_t)(width / columns.width))
        shown = (size_t)(width / columns.width);
    columns.first = history->count - shown;
    return columns;
}

/* Up to the right edge. */
static void draw_lines(const struct view_history *history, struct canvas_rect rect,
                       struct columns columns)
{
    const struct view_sample *last = sample_at(history, columns.first);
    struct canvas *canvas = history->part.canvas;
    rect.left = rect.right - (int)(history->count - columns.first) * columns.width;
    for (size_t index = columns.first; index < history->count; index++) {
        const struct view_sample *sample = sample_at(history, index);
        rect.right = rect.left + columns.width;
        draw_step(canvas, rect, last->free_part, sample->free_part, shade(history, THEME_BAR), 2);
        draw_step(canvas, rect, last->largest_part, sample->largest_part,
                  shade(history, THEME_ACCENT), 1);
        rect.left = rect.right;
        last = sample;
    }
}

/* Columns of one colour at a time. */
static void draw_band(const struct view_history *history, const struct band *band,
                      struct columns columns)
{
    struct canvas_rect rect = band->rect;
    size_t next;
    rect.bottom--;
    for (size_t index = columns.first; index < history->count; index = next) {
        uint8_t served = sample_at(history, index)->served[band->order];
        for (next = index + 1; next < history->count; next++)
            if (sample_at(history, next)->served[band->order] != served)
                break;
        rect.left = band->rect.right - (int)(history->count - index) * columns.width;
        rect.right = band->rect.right - (int)(history->count - next) * columns.width;
        canvas_fill(history->part.canvas, rect, shade(history, colour_of_share(served)));
    }
}

/*
 *        - free  - longest run
 *   100% |                              lines
 *      0 +-----------
 *        served: none #### all
 *     4K |                              heat
 *    16M +-----------
 *        older    now
 */
static void place_charts(const struct view_history *history, struct canvas_rect *lines,
                         struct canvas_rect *heat)
{
    const struct view_part *part = &history->part;
    int label = part->label->height_pixels;
    struct canvas_rect chart = part->area;
    chart.top = view_part_top(part) + label + AXIS_GAP;
    chart.bottom -= AXIS_GAP + label;
    chart.left += 4 * part->label->width_pixels + VIEW_PART_GAP + 1;
    int between = label + 2 * AXIS_GAP + 2;
    *lines = *heat = chart;
    lines->bottom = chart.top + (chart.bottom - chart.top - between) * LINES_PERCENT / 100;
    heat->top = lines->bottom + between;
}

static void draw_charts(const struct view_history *history, struct canvas_rect lines,
                        struct canvas_rect heat)
{
    struct columns columns = choose_columns(history, lines.right - lines.left);
    canvas_fill(history->part.canvas, lines, THEME_PANEL);
    canvas_fill(history->part.canvas, heat, THEME_PANEL);
    draw_lines(history, lines, columns);
    for (int i = 0; i < (int)count_bands(history, heat); i++) {
        struct band band = band_at(history, heat, i);
        draw_band(history, &band, columns);
    }
    draw_axes(history, lines, false);
    draw_axes(history, heat, true);
}

void view_history_draw(struct view_history *history)
{
    static const char *const notes[] = {"a column for each change", "each change", NULL};
    static const char *const past_notes[] = {"up to now, not to this moment", "up to now", NULL};
    struct canvas_rect ground = history->part.area;
    struct canvas_rect lines, heat;
    if (canvas_rect_is_empty(ground) || history->drawn_count == history->count)
        return;
    history->drawn_count = history->count;
    ground.top = history->part.is_titled ? view_part_top(&history->part) : ground.top;
    canvas_fill(history->part.canvas, ground, THEME_GROUND);
    view_part_draw_heading(&history->part, "History", history->is_past ? past_notes : notes);
    ground.top = view_part_top(&history->part);
    place_charts(history, &lines, &heat);
    draw_key_of_lines(history, ground.top);
    label_lines(history, lines);
    draw_key_of_bands(history, lines.bottom + AXIS_GAP + 1);
    label_bands(history, heat);
    draw_charts(history, lines, heat);
}
