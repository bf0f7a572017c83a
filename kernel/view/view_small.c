/* Three parts above one another, of which the terminal gets what it needs first. */

#include "view_small.h"

#include "kernel/lib/format.h"
#include "view_text.h"
#include "view_theme.h"

#define MARGIN 3
#define TERMINAL_ROWS 8
#define SWATCH_PIXELS 8
#define TEXT_MAX 64
#define SIMULATED "simulated "

void view_small_init(struct view_small *small, struct canvas *canvas, struct view_frames *frames)
{
    int line = font_small.height_pixels;
    int inner = canvas->width - 2 * MARGIN;
    int terminal_top = canvas->height - TERMINAL_ROWS * line;
    struct view_part part = {{0}, &font_small, &font_small};

    small->canvas = canvas;
    small->frames = frames;
    small->drawn_title = 0;
    small->drawn_legend = 0;
    small->blank = true;
    small->title = canvas_rect_at(MARGIN, 1, inner, line);
    small->terminal = canvas_rect_at(MARGIN, terminal_top, inner, TERMINAL_ROWS * line);
    small->legend = canvas_rect_at(MARGIN, terminal_top - line - MARGIN, inner, line);
    part.area = canvas_rect_at(MARGIN, small->title.bottom + 1, inner,
                               small->legend.top - small->title.bottom - 2);
    view_frames_init(frames, &part);
}

static void draw_title(struct view_small *small, struct mm *mm)
{
    struct mm_totals totals;
    char free[VIEW_AMOUNT_MAX], managed[VIEW_AMOUNT_MAX], largest[VIEW_AMOUNT_MAX];
    char text[TEXT_MAX];

    mm_get_totals(mm, &totals);
    const char *name = small->simulated ? small->simulated : "Ashlar";

    format_text(text, sizeof text, "%s of %s free, largest %s",
                view_format_amount(free, totals.free_count << FRAME_SHIFT),
                view_format_amount(managed, totals.frame_count << FRAME_SHIFT),
                view_format_amount(largest, totals.largest_run << FRAME_SHIFT));
    uint32_t hash = view_hash_text(view_hash_text(VIEW_HASH_START, name), text);
    if (small->drawn_title == hash)
        return;
    small->drawn_title = hash;
    canvas_fill(small->canvas, small->title, THEME_GROUND);
    int left = small->title.left;
    if (small->simulated) {
        canvas_draw_text(small->canvas, &font_small, left, small->title.top, SIMULATED,
                         THEME_ERROR);
        left += canvas_text_width(&font_small, SIMULATED);
    }
    view_draw_fitted(small->canvas, &font_small, left, small->title.top,
                     small->title.right - canvas_text_width(&font_small, text) - left, name,
                     THEME_ACCENT);
    view_draw_right(small->canvas, &font_small, small->title.right, small->title.top, text,
                    THEME_TEXT);
}

/* Swatch, name and amount; returns where the next one begins. */
static int draw_entry(struct view_small *small, int left, const struct view_owner *owner,
                      const char *text)
{
    int top = small->legend.top;

    view_style_fill(small->canvas, canvas_rect_at(left, top + 2, SWATCH_PIXELS, SWATCH_PIXELS),
                    owner->style, 256);
    left += SWATCH_PIXELS + 3;
    canvas_draw_text(small->canvas, &font_small, left, top, text, THEME_TEXT);
    return left + canvas_text_width(&font_small, text) + 8;
}

/* Whoever holds most comes first; who finds no room is left out. */
static void draw_legend(struct view_small *small, const struct view_owners *owners)
{
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(owners, ranked, VIEW_OWNER_COUNT);
    uint32_t hash = VIEW_HASH_START;
    int left = small->legend.left;

    for (size_t i = 0; i < count && i < VIEW_OWNER_COUNT; i++)
        hash = view_hash_value(view_hash_text(hash, owners->owners[ranked[i]].name),
                               owners->owners[ranked[i]].held_bytes);
    if (small->drawn_legend == hash)
        return;
    small->drawn_legend = hash;
    canvas_fill(small->canvas, small->legend, THEME_GROUND);
    for (size_t i = 0; i < count && i < VIEW_OWNER_COUNT; i++) {
        const struct view_owner *owner = &owners->owners[ranked[i]];
        char amount[VIEW_AMOUNT_MAX];
        char text[TEXT_MAX];
        format_text(text, sizeof text, "%s %s", owner->name,
                    view_format_amount(amount, owner->held_bytes));
        if (left + SWATCH_PIXELS + 3 + canvas_text_width(&font_small, text) > small->legend.right)
            return;
        left = draw_entry(small, left, owner, text);
    }
}

/* The terminal, which reaches to the bottom, draws itself. */
static void draw_ground(struct view_small *small)
{
    view_fill_around(small->canvas, canvas_bounds(small->canvas), small->terminal, THEME_GROUND);
    canvas_fill(small->canvas, canvas_rect_at(0, small->terminal.top - 2, small->canvas->width, 1),
                THEME_RULE);
    small->blank = false;
}

void view_small_draw(struct view_small *small, const struct memmap *map, struct mm *mm,
                     unsigned order_count, struct view_owners *owners)
{
    if (small->blank)
        draw_ground(small);
    draw_title(small, mm);
    view_frames_draw(small->frames, small->canvas, map, mm, order_count, owners);
    draw_legend(small, owners);
}
