/*
 * Lines are as high as the label's font and a little, from the top of the area. What a line shows
 * is put together first, as text and numbers; its fingerprint decides whether it is drawn.
 */

#include "view_panels.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "view_text.h"
#include "view_theme.h"

#define HEADING_GAP 6
#define LINE_GAP 2
#define COLUMN_GAP 6
#define SWATCH_PIXELS 10

void view_panel_init(struct view_panel *panel, struct canvas_rect area, const struct font *heading,
                     const struct font *label)
{
    memset(panel, 0, sizeof *panel);
    panel->area = area;
    panel->heading = heading;
    panel->label = label;
}

static int line_height(const struct view_panel *panel)
{
    return panel->label->height_pixels + LINE_GAP;
}

static int first_line(const struct view_panel *panel)
{
    return panel->area.top + panel->heading->height_pixels + HEADING_GAP;
}

static size_t count_lines(const struct view_panel *panel)
{
    int lines = (panel->area.bottom - first_line(panel)) / line_height(panel);

    if (lines < 0)
        return 0;
    return lines < VIEW_LINE_COUNT ? (size_t)lines : VIEW_LINE_COUNT;
}

/* A heading, and what the lines below it show where there is room for it. */
static void draw_title(struct view_panel *panel, struct canvas *canvas, const char *title,
                       const char *note)
{
    int left = panel->area.left + canvas_text_width(panel->heading, title) + COLUMN_GAP;
    int top = panel->area.top + (panel->heading->height_pixels - panel->label->height_pixels) / 2;

    if (panel->titled)
        return;
    panel->titled = true;
    canvas_draw_text(canvas, panel->heading, panel->area.left, panel->area.top, title, THEME_TEXT);
    if (left + canvas_text_width(panel->label, note) <= panel->area.right)
        view_draw_right(canvas, panel->label, panel->area.right, top, note, THEME_TEXT_DIM);
}

/* Clears a line that has to be drawn; false if the screen shows it already. */
static bool begin_line(struct view_panel *panel, struct canvas *canvas, size_t line,
                       uint32_t fingerprint, struct canvas_rect *rect)
{
    *rect = canvas_rect_at(panel->area.left, first_line(panel) + (int)line * line_height(panel),
                           panel->area.right - panel->area.left, line_height(panel));
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
    int left = rect.left + SWATCH_PIXELS + COLUMN_GAP;
    int right;

    view_format_amount(amount, owner->held_bytes);
    right = rect.right - canvas_text_width(panel->label, amount);
    view_style_fill(canvas,
                    canvas_rect_at(rect.left, rect.top + (line_height(panel) - SWATCH_PIXELS) / 2,
                                   SWATCH_PIXELS, SWATCH_PIXELS),
                    owner->style, 256);
    view_draw_fitted(canvas, panel->label, left, rect.top + 1, right - COLUMN_GAP - left,
                     owner->name, THEME_TEXT);
    canvas_draw_text(canvas, panel->label, right, rect.top + 1, amount, THEME_TEXT_DIM);
}

static void draw_rest(struct view_panel *panel, struct canvas *canvas, size_t line, size_t count)
{
    struct canvas_rect rect;
    char text[16];

    if (!begin_line(panel, canvas, line, view_hash_value(VIEW_HASH_START, count), &rect))
        return;
    format_text(text, sizeof text, "%u more", (unsigned)count);
    canvas_draw_text(canvas, panel->label, rect.left + SWATCH_PIXELS + COLUMN_GAP, rect.top + 1,
                     text, THEME_TEXT_DIM);
}

void view_legend_draw(struct view_panel *panel, struct canvas *canvas,
                      const struct view_owners *owners)
{
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(owners, ranked, VIEW_OWNER_COUNT);
    size_t lines = count_lines(panel);
    size_t shown = count;

    draw_title(panel, canvas, "Owners", "held");
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
