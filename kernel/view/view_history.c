/*
 * Records fragmentation over time and draws its chart. Of a sample it makes sums first, while the
 * free runs go by; then parts of 255, which is more than pixels can show. All divisions are of 32
 * bits, as everywhere in the view.
 */

#include "view_history.h"

#include "mm/bits.h"
#include "view_format.h"

#define LINES_PERCENT 45 /* of the chart's height; the rest is for the orders */
#define BAND_PIXELS_MIN 4
#define SERVED_ALL 254

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

void view_history_end(struct view_history *history, uint64_t managed_frames, unsigned order_count)
{
    const struct view_sums sums = history->sums;
    struct view_sample *sample = &history->samples[history->count % VIEW_HISTORY_MAX];
    uint32_t hash = view_hash_bytes(VIEW_HASH_START, &sums, sizeof sums);
    uint64_t whole = managed_frames > 0 ? managed_frames : 1;
    history->sums = (struct view_sums){0};
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

static int y_of(struct canvas_rect rect, uint8_t part)
{
    return rect.bottom - 1 - (rect.bottom - rect.top - 1) * part / 255;
}

/* A column of a line: from where the last one was to where this one is. */
static void draw_step(struct canvas *canvas, struct canvas_rect column, uint8_t from, uint8_t to,
                      color_t colour, int thick)
{
    int top = y_of(column, from > to ? from : to) - thick + 1;
    column.bottom = y_of(column, from > to ? to : from) + 1;
    column.top = top < column.top ? column.top : top;
    canvas_fill(canvas, column, colour);
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
static void draw_labels(const struct view_history *history, struct canvas_rect lines,
                        struct canvas_rect heat)
{
    const struct view_part *part = &history->part;
    int height = part->label->height_pixels;
    int bands = (int)count_bands(history, heat);
    int free_from = heat.top;
    char amount[VIEW_AMOUNT_MAX];
    view_part_write(part, part->area.left, lines.top, "free", THEME_BAR);
    if (lines.bottom - lines.top >= 2 * height)
        view_part_write(part, part->area.left, lines.top + height, "run", THEME_ACCENT);
    for (int i = 0; i < bands; i++) {
        struct band band = band_at(history, heat, i);
        int top = (band.rect.top + band.rect.bottom - height) / 2;
        top = top < heat.top ? heat.top : top;
        if (top < free_from || top + height > heat.bottom)
            continue;
        view_format_amount(amount, FRAME_BYTES << band.order);
        view_part_write(part, part->area.left, top, amount, THEME_TEXT_DIM);
        free_from = top + height + 2;
    }
}

/* The samples from `first` on, a column each up to the right edge. */
static void draw_lines(const struct view_history *history, struct canvas_rect rect, size_t first)
{
    const struct view_sample *last = sample_at(history, first);
    struct canvas *canvas = history->part.canvas;
    rect.left = rect.right - (int)(history->count - first);
    for (size_t index = first; index < history->count; index++, rect.left++) {
        const struct view_sample *sample = sample_at(history, index);
        rect.right = rect.left + 1;
        draw_step(canvas, rect, last->free_part, sample->free_part, THEME_BAR, 2);
        draw_step(canvas, rect, last->largest_part, sample->largest_part, THEME_ACCENT, 1);
        last = sample;
    }
}

/* Columns of one colour at a time. */
static void draw_band(const struct view_history *history, const struct band *band, size_t first)
{
    struct canvas_rect rect = band->rect;
    size_t next;
    rect.bottom--;
    for (size_t index = first; index < history->count; index = next) {
        uint8_t served = sample_at(history, index)->served[band->order];
        for (next = index + 1; next < history->count; next++)
            if (sample_at(history, next)->served[band->order] != served)
                break;
        rect.left = band->rect.right - (int)(history->count - index);
        rect.right = band->rect.right - (int)(history->count - next);
        canvas_fill(history->part.canvas, rect, colour_of_share(served));
    }
}

void view_history_draw(struct view_history *history)
{
    static const char *const notes[] = {"share served", NULL};
    struct canvas *canvas = history->part.canvas;
    struct canvas_rect chart = history->part.area;
    if (canvas_rect_is_empty(chart) || history->drawn_count == history->count)
        return;
    history->drawn_count = history->count;
    view_part_draw_heading(&history->part, "History", notes);
    chart.top = view_part_top(&history->part);
    canvas_fill(canvas, chart, THEME_GROUND);
    struct canvas_rect lines = chart;
    lines.bottom = chart.top + (chart.bottom - chart.top) * LINES_PERCENT / 100;
    lines.left += 4 * history->part.label->width_pixels + VIEW_PART_GAP;
    struct canvas_rect heat = {lines.left, lines.bottom + VIEW_PART_GAP, lines.right, chart.bottom};
    draw_labels(history, lines, heat);
    canvas_fill(canvas, lines, THEME_PANEL);
    canvas_fill(canvas, heat, THEME_PANEL);
    size_t shown = (size_t)(lines.right - lines.left);
    shown = shown < VIEW_HISTORY_MAX ? shown : VIEW_HISTORY_MAX;
    shown = shown < history->count ? shown : history->count;
    draw_lines(history, lines, history->count - shown);
    for (int i = 0; i < (int)count_bands(history, heat); i++) {
        struct band band = band_at(history, heat, i);
        draw_band(history, &band, history->count - shown);
    }
}
