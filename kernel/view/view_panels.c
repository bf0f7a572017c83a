/*
 * Lines are as high as the label's font and a little, from the top of the area. What a line shows
 * is put together first, as text and numbers; its fingerprint decides whether it is drawn.
 */

#include "view_panels.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "view_text.h"
#include "view_theme.h"

void view_panel_init(struct view_panel *panel, const struct view_part *part)
{
    struct view_part copy = *part; /* which may be the panel's own */

    memset(panel, 0, sizeof *panel);
    panel->part = copy;
}

static size_t count_lines(const struct view_panel *panel)
{
    int lines = view_part_line_count(&panel->part);

    if (lines < 0)
        return 0;
    return lines < VIEW_LINE_COUNT ? (size_t)lines : VIEW_LINE_COUNT;
}

/* Clears a line that has to be drawn; false if the screen shows it already. */
static bool begin_line(struct view_panel *panel, struct canvas *canvas, size_t line,
                       uint32_t fingerprint, struct canvas_rect *rect)
{
    *rect = view_part_line(&panel->part, (unsigned)line);
    if (panel->drawn[line] == fingerprint)
        return false;
    panel->drawn[line] = fingerprint;
    canvas_fill(canvas, *rect, THEME_GROUND);
    return true;
}

static void clear_lines(struct view_panel *panel, struct canvas *canvas, size_t first)
{
    struct canvas_rect rect;

    for (size_t line = first; line < count_lines(panel); line++)
        begin_line(panel, canvas, line, 0, &rect);
}

/* Owners. */

static void draw_owner(const struct view_panel *panel, struct canvas *canvas,
                       struct canvas_rect rect, const struct view_owner *owner)
{
    char amount[VIEW_AMOUNT_MAX];
    int left = rect.left + VIEW_SWATCH_PIXELS + VIEW_PART_GAP;
    int right;

    view_format_amount(amount, owner->held_bytes);
    right = rect.right - canvas_text_width(panel->part.label, amount);
    view_style_fill(canvas,
                    view_part_swatch(&panel->part, rect.left, rect.top + 1, VIEW_SWATCH_PIXELS),
                    owner->style, 256);
    view_draw_fitted(canvas, panel->part.label, left, rect.top + 1, right - VIEW_PART_GAP - left,
                     owner->name, THEME_TEXT);
    canvas_draw_text(canvas, panel->part.label, right, rect.top + 1, amount, THEME_TEXT_DIM);
}

static void draw_rest(struct view_panel *panel, struct canvas *canvas, size_t line, size_t count)
{
    struct canvas_rect rect;
    char text[16];

    if (!begin_line(panel, canvas, line, view_hash_value(VIEW_HASH_START, count), &rect))
        return;
    format_text(text, sizeof text, "%u more", (unsigned)count);
    canvas_draw_text(canvas, panel->part.label, rect.left + VIEW_SWATCH_PIXELS + VIEW_PART_GAP,
                     rect.top + 1, text, THEME_TEXT_DIM);
}

void view_legend_draw(struct view_panel *panel, struct canvas *canvas,
                      const struct view_owners *owners)
{
    static const char *const note = "held";
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(owners, ranked, VIEW_OWNER_COUNT);
    size_t lines = count_lines(panel);
    size_t shown = count;

    if (!panel->titled)
        view_part_draw_heading(&panel->part, canvas, "Owners", &note, 1);
    panel->titled = true;
    if (count > lines)
        shown = lines > 0 ? lines - 1 : 0;
    for (size_t line = 0; line < shown; line++) {
        const struct view_owner *owner = &owners->owners[ranked[line]];
        uint32_t hash = view_hash_text(VIEW_HASH_START, owner->name);
        struct canvas_rect rect;

        hash = view_hash_value(hash, owner->held_bytes);
        hash = view_hash_value(hash, owner->style);
        if (begin_line(panel, canvas, line, hash, &rect))
            draw_owner(panel, canvas, rect, owner);
    }
    if (shown < count && shown < lines)
        draw_rest(panel, canvas, shown, count - shown);
    clear_lines(panel, canvas, shown < count ? shown + 1 : shown);
}
