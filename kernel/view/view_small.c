/* Draws a small screen's picture: three parts, one above another. The terminal gets room first. */

#include "view.h"

#include "kernel/lib/format.h"
#include "view_format.h"

#define MARGIN 3
#define TERMINAL_ROWS 8
#define SWATCH_PIXELS 8
#define TEXT_MAX 64

void view_small_init(struct view *view)
{
    int line = font_small.height_pixels;
    int inner = view->canvas->width - 2 * MARGIN;
    int terminal_top = view->canvas->height - TERMINAL_ROWS * line;
    struct view_part part = {view->canvas, {0}, &font_small, &font_small, false};
    view->title = canvas_rect_at(MARGIN, 1, inner, line);
    view->picture = canvas_rect_at(0, 0, view->canvas->width, terminal_top - 1);
    view->terminal = canvas_rect_at(MARGIN, terminal_top, inner, TERMINAL_ROWS * line);
    part.area = canvas_rect_at(MARGIN, terminal_top - line - MARGIN, inner, line);
    view->legend.part = part;
    part.area.bottom = part.area.top - 1;
    part.area.top = view->title.bottom + 1;
    view_frames_init(&view->frames, &part, &view->marks);
}

static void draw_title(struct view *view, struct mm *mm)
{
    const char *name = view->past ? view->past : view->simulated ? view->simulated : "Ashlar";
    struct canvas_rect title = view->title;
    struct mm_totals totals;
    char free[VIEW_AMOUNT_MAX], managed[VIEW_AMOUNT_MAX], largest[VIEW_AMOUNT_MAX];
    char text[TEXT_MAX];
    mm_get_totals(mm, &totals);
    format_text(text, sizeof text, "%s of %s free, longest %s",
                view_format_amount(free, totals.free_count << FRAME_SHIFT),
                view_format_amount(managed, totals.frame_count << FRAME_SHIFT),
                view_format_amount(largest, totals.largest_run << FRAME_SHIFT));
    uint32_t hash = view_hash_text(view_hash_text(VIEW_HASH_START, name), text);
    if (!view_renew(view->canvas, title, &view->drawn.name, hash))
        return;
    view_draw_right(view->canvas, &font_small, title.right, title.top, text, THEME_TEXT);
    title.right -= canvas_text_width(&font_small, text);
    if (view->past || view->simulated)
        title.left += view_draw_fitted(view->canvas, &font_small, title.left, title.top,
                                       title.right - title.left,
                                       view->past ? "event " : "simulated ", THEME_ERROR);
    view_draw_fitted(view->canvas, &font_small, title.left, title.top, title.right - title.left,
                     name, THEME_ACCENT);
}

/* Swatch, name and amount; returns where the next one begins. */
static int draw_entry(const struct view_part *part, int left, const struct view_owner *owner,
                      const char *text)
{
    int top = part->area.top;
    view_style_fill(part->canvas, canvas_rect_at(left, top + 2, SWATCH_PIXELS, SWATCH_PIXELS),
                    owner->style, 256);
    left += SWATCH_PIXELS + 3;
    view_part_write(part, left, top, text, THEME_TEXT);
    return left + view_part_width(part, text) + 8;
}

/* Whoever holds most comes first; who finds no room is left out. */
static void draw_legend(struct view_legend *legend, const struct view_owners *owners)
{
    const struct view_part *part = &legend->part;
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(owners, ranked);
    uint32_t hash = VIEW_HASH_START;
    int left = part->area.left;
    for (size_t i = 0; i < count; i++)
        hash = view_hash_value(view_hash_text(hash, owners->owners[ranked[i]].name),
                               owners->owners[ranked[i]].held_bytes);
    if (!view_renew(part->canvas, part->area, &legend->drawn[0], hash))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct view_owner *owner = &owners->owners[ranked[i]];
        char amount[VIEW_AMOUNT_MAX];
        char text[TEXT_MAX];
        format_text(text, sizeof text, "%s %s", owner->name,
                    view_format_amount(amount, owner->held_bytes));
        if (left + SWATCH_PIXELS + 3 + view_part_width(part, text) > part->area.right)
            return;
        left = draw_entry(part, left, owner, text);
    }
}

void view_small_draw(struct view *view, const struct memmap *map, struct mm *mm,
                     unsigned order_count)
{
    draw_title(view, mm);
    view_frames_draw(&view->frames, map, mm, order_count, &view->owners);
    draw_legend(&view->legend, &view->owners);
}
