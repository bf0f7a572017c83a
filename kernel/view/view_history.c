/*
 * Sums first, while the free runs go by; then parts of 255, which is more than pixels can show. All
 * divisions are of 32 bits, as everywhere in the view.
 */

#include "view_history.h"

#include "kernel/lib/string.h"
#include "mm/bits.h"
#include "view_text.h"
#include "view_theme.h"

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
    unsigned scaled;

    shift = shift > 22 ? shift - 22 : 0;
    scaled = (unsigned)(part >> shift) * parts / (unsigned)(whole >> shift);
    return (uint8_t)(scaled == 0 && part > 0 ? 1 : scaled);
}

void view_history_begin(struct view_history *history)
{
    memset(history->served, 0, sizeof history->served);
    history->free_frames = 0;
    history->largest_frames = 0;
}

void view_history_enter(struct view_history *history, struct frame_range run)
{
    uint64_t frame_count = run.end - run.first;

    history->free_frames += frame_count;
    if (frame_count > history->largest_frames)
        history->largest_frames = frame_count;
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT && frame_count >> order != 0; order++)
        history->served[order] += frame_count >> order;
}

void view_history_end(struct view_history *history, uint64_t managed_frames, unsigned order_count)
{
    struct view_sample *sample = &history->samples[history->count % VIEW_HISTORY_MAX];
    uint32_t hash = view_hash_value(VIEW_HASH_START, history->free_frames);
    uint64_t whole = managed_frames > 0 ? managed_frames : 1;

    hash = view_hash_value(hash, history->largest_frames);
    for (unsigned order = 1; order < order_count; order++)
        hash = view_hash_value(hash, history->served[order]);
    if (hash == history->last_hash && history->count > 0)
        return;
    history->last_hash = hash;
    history->count++;
    history->order_count = order_count;
    sample->free_part = part_of(history->free_frames, whole, 255);
    sample->largest_part = part_of(history->largest_frames, whole, 255);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++) {
        uint64_t possible = history->free_frames >> order;

        sample->served[order] = VIEW_NOT_SERVED;
        if (possible > 0)
            sample->served[order] = part_of(history->served[order], possible, SERVED_ALL);
    }
}

const struct view_sample *view_history_newest(const struct view_history *history)
{
    if (history->count == 0)
        return NULL;
    return &history->samples[(history->count - 1) % VIEW_HISTORY_MAX];
}

/* Drawing. */

static color_t colour_of_share(uint8_t served)
{
    static const color_t none = 0x6E3A36;

    if (served == VIEW_NOT_SERVED)
        return THEME_PANEL;
    if (served == 0)
        return none;
    return view_mix(THEME_BAR, none, served * 256 / SERVED_ALL);
}

static int y_of(struct canvas_rect rect, uint8_t part)
{
    return rect.bottom - 1 - (rect.bottom - rect.top - 1) * part / 255;
}

/* A column of a line: from where the last one was to where this one is. */
static void draw_step(const struct view_history *history, struct canvas_rect rect, int x, int from,
                      int to, color_t colour, int thick)
{
    int top = from < to ? from : to;
    int bottom = from < to ? to : from;

    top = top - thick + 1 < rect.top ? rect.top : top - thick + 1;
    canvas_fill(history->part.canvas, canvas_rect_at(x, top, 1, bottom + 1 - top), colour);
}

static unsigned count_bands(const struct view_history *history, struct canvas_rect rect)
{
    unsigned bands = (unsigned)(rect.bottom - rect.top) / BAND_PIXELS_MIN;

    if (bands > history->order_count)
        bands = history->order_count;
    return bands < 1 ? 1 : bands;
}

/* From the smallest order at the top to the largest; where there is no room for all, some of them. */
static unsigned order_of_band(const struct view_history *history, unsigned band, unsigned bands)
{
    unsigned last = history->order_count > 0 ? history->order_count - 1 : 0;

    return bands > 1 ? band * last / (bands - 1) : 0;
}

static struct canvas_rect band_rect(struct canvas_rect rect, unsigned band, unsigned bands)
{
    int height = rect.bottom - rect.top;
    struct canvas_rect part = rect;

    part.top = rect.top + height * (int)band / (int)bands;
    part.bottom = rect.top + height * (int)(band + 1) / (int)bands;
    return part;
}

/* The labels of the first band, of the last, and of those between that keep clear of both. */
static void draw_labels(const struct view_history *history, struct canvas_rect lines,
                        struct canvas_rect heat)
{
    int height = history->part.label->height_pixels;
    unsigned bands = count_bands(history, heat);
    int free_from = heat.top;
    char amount[VIEW_AMOUNT_MAX];

    view_part_write(&history->part, history->part.area.left, lines.top, "free", THEME_BAR);
    if (lines.bottom - lines.top >= 2 * height)
        view_part_write(&history->part, history->part.area.left, lines.top + height, "run",
                        THEME_ACCENT);
    for (unsigned band = 0; band < bands; band++) {
        struct canvas_rect rect = band_rect(heat, band, bands);
        int top = (rect.top + rect.bottom - height) / 2;

        top = top < heat.top ? heat.top : top;
        if (top < free_from || top + height > heat.bottom)
            continue;
        view_format_amount(amount, FRAME_BYTES << order_of_band(history, band, bands));
        view_part_write(&history->part, history->part.area.left, top, amount, THEME_TEXT_DIM);
        free_from = top + height + 2;
    }
}

static const struct view_sample *sample_at(const struct view_history *history, size_t index)
{
    return &history->samples[index % VIEW_HISTORY_MAX];
}

/* The samples from `first` on, a column each up to the right edge. */
static void draw_lines(const struct view_history *history, struct canvas_rect rect, size_t first)
{
    const struct view_sample *last = sample_at(history, first);
    int x = rect.right - (int)(history->count - first);

    for (size_t index = first; index < history->count; index++, x++) {
        const struct view_sample *sample = sample_at(history, index);

        draw_step(history, rect, x, y_of(rect, last->free_part), y_of(rect, sample->free_part),
                  THEME_BAR, 2);
        draw_step(history, rect, x, y_of(rect, last->largest_part),
                  y_of(rect, sample->largest_part), THEME_ACCENT, 1);
        last = sample;
    }
}

/* Columns of one colour at a time. */
static void draw_band(const struct view_history *history, struct canvas_rect rect, unsigned order,
                      size_t first)
{
    size_t next;

    for (size_t index = first; index < history->count; index = next) {
        uint8_t served = sample_at(history, index)->served[order];
        int left = rect.right - (int)(history->count - index);

        for (next = index + 1; next < history->count; next++)
            if (sample_at(history, next)->served[order] != served)
                break;
        canvas_fill(history->part.canvas,
                    canvas_rect_at(left, rect.top, (int)(next - index), rect.bottom - rect.top - 1),
                    colour_of_share(served));
    }
}

void view_history_draw(struct view_history *history)
{
    static const char *const notes[] = {"share served", NULL};
    struct canvas_rect chart = history->part.area;
    struct canvas_rect lines;
    struct canvas_rect heat;
    unsigned bands;
    size_t shown;

    if (canvas_rect_is_empty(chart) || history->drawn_count == history->count)
        return;
    history->drawn_count = history->count;
    view_part_draw_heading(&history->part, "History", notes);
    chart.top = view_part_top(&history->part);
    canvas_fill(history->part.canvas, chart, THEME_GROUND);
    lines = chart;
    lines.bottom = chart.top + (chart.bottom - chart.top) * LINES_PERCENT / 100;
    lines.left += 4 * history->part.label->width_pixels + VIEW_PART_GAP;
    heat = lines;
    heat.top = lines.bottom + VIEW_PART_GAP;
    heat.bottom = chart.bottom;
    bands = count_bands(history, heat);
    draw_labels(history, lines, heat);
    canvas_fill(history->part.canvas, lines, THEME_PANEL);
    canvas_fill(history->part.canvas, heat, THEME_PANEL);
    shown = (size_t)(lines.right - lines.left);
    shown = shown < VIEW_HISTORY_MAX ? shown : VIEW_HISTORY_MAX;
    shown = shown < history->count ? shown : history->count;
    draw_lines(history, lines, history->count - shown);
    for (unsigned band = 0; band < bands; band++)
        draw_band(history, band_rect(heat, band, bands), order_of_band(history, band, bands),
                  history->count - shown);
}
