/*
 * Places a caption beside what it is about. The box grows wider until it fits on some side of its
 * anchor. Its middle stands at the anchor's as far as the area lets it, so the line between them is
 * always straight.
 */

#include "view_caption.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "view_format.h"

#define COLUMNS_MIN 36u
#define COLUMNS_STEP 8u
#define LEADER_PIXELS 2
#define KNOB_PIXELS 6

void view_caption_set(struct view_caption *caption, struct frame_range frames, const char *title,
                      const char *text)
{
    *caption = (struct view_caption){.is_wanted = true, .frames = frames};
    format_text(caption->title, sizeof caption->title, "%s", title);
    format_text(caption->text, sizeof caption->text, "%s", text);
}

/* ---- lines ---------------------------------------------------------------------------------- */

bool view_caption_break(struct view_caption *caption, unsigned columns)
{
    const char *rest = caption->text;
    size_t length;
    caption->line_count = 0;
    caption->columns = (unsigned)strlen(caption->title);
    if (columns == 0 || caption->columns > columns)
        return false;
    for (; wrap_next(&rest, columns, &length); caption->line_count++)
        caption->columns = length > caption->columns ? (unsigned)length : caption->columns;
    return caption->line_count <= VIEW_CAPTION_LINE_MAX;
}

/* ---- the place ------------------------------------------------------------------------------ */

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int clamp(int value, int least, int most)
{
    return larger(smaller(value, most), least);
}

static bool is_inside(struct canvas_rect rect, struct canvas_rect area)
{
    return rect.left >= area.left && rect.top >= area.top && rect.right <= area.right &&
           rect.bottom <= area.bottom;
}

static bool has_title_line(const struct view_caption *caption)
{
    return caption->title[0] != '\0' && !caption->space.titles_edge;
}

/* On that side of the anchor, its middle at the anchor's where the area is wide enough. */
static struct canvas_rect place_box(const struct view_caption *caption, struct canvas_rect anchor,
                                    int gap)
{
    const struct view_caption_space *space = &caption->space;
    const struct canvas_rect *area = &space->area;
    int rows = (int)caption->line_count + has_title_line(caption);
    int width = (int)caption->columns * space->glyph_width + 2 * space->inset_x;
    int height = rows * space->glyph_height + 2 * space->inset_y;
    int left = clamp((anchor.left + anchor.right - width) / 2, area->left, area->right - width);
    int top = clamp((anchor.top + anchor.bottom - height) / 2, area->top, area->bottom - height);
    if (caption->side == VIEW_CAPTION_BELOW)
        top = anchor.bottom + gap;
    else if (caption->side == VIEW_CAPTION_ABOVE)
        top = anchor.top - gap - height;
    else if (caption->side == VIEW_CAPTION_RIGHT)
        left = anchor.right + gap;
    else if (caption->side == VIEW_CAPTION_LEFT)
        left = anchor.left - gap - width;
    return canvas_rect_at(left, top, width, height);
}

/* From the middle of the anchor's edge straight to the box. */
static struct canvas_rect place_leader(const struct view_caption *caption,
                                       struct canvas_rect anchor)
{
    int thick = caption->space.glyph_width > LEADER_PIXELS ? LEADER_PIXELS : 1;
    int x = clamp((anchor.left + anchor.right - thick) / 2, caption->box.left + 1,
                  caption->box.right - 1 - thick);
    int y = clamp((anchor.top + anchor.bottom - thick) / 2, caption->box.top + 1,
                  caption->box.bottom - 1 - thick);
    switch (caption->side) {
    case VIEW_CAPTION_BELOW:
        return (struct canvas_rect){x, anchor.bottom, x + thick, caption->box.top};
    case VIEW_CAPTION_ABOVE:
        return (struct canvas_rect){x, caption->box.bottom, x + thick, anchor.top};
    case VIEW_CAPTION_RIGHT:
        return (struct canvas_rect){anchor.right, y, caption->box.left, y + thick};
    case VIEW_CAPTION_LEFT:
        return (struct canvas_rect){caption->box.right, y, anchor.left, y + thick};
    default:
        return (struct canvas_rect){0};
    }
}

static bool fits(struct view_caption *caption, struct canvas_rect anchor,
                 enum view_caption_side side, int gap)
{
    caption->side = side;
    caption->box = place_box(caption, anchor, gap);
    caption->leader = place_leader(caption, anchor);
    return is_inside(caption->box, caption->space.area);
}

/* In so many columns: on some side of the anchor, or if there is none, at the area's lower edge. */
static bool fits_in_columns(struct view_caption *caption, struct canvas_rect anchor,
                            unsigned columns, int gap)
{
    struct canvas_rect edge = caption->space.area;
    edge.top = edge.bottom;
    if (!view_caption_break(caption, columns))
        return false;
    if (canvas_rect_is_empty(anchor))
        return fits(caption, edge, VIEW_CAPTION_ALONE, 0);
    for (int side = VIEW_CAPTION_BELOW; side <= VIEW_CAPTION_LEFT; side++)
        if (fits(caption, anchor, (enum view_caption_side)side, gap))
            return true;
    return false;
}

static bool fits_somehow(struct view_caption *caption, struct canvas_rect anchor, int gap)
{
    const struct view_caption_space *space = &caption->space;
    int room = space->area.right - space->area.left - 2 * space->inset_x;
    unsigned most = room > 0 ? (unsigned)(room / space->glyph_width) : 0;
    unsigned least = most < COLUMNS_MIN ? most : COLUMNS_MIN;
    for (unsigned columns = least; columns <= most; columns += COLUMNS_STEP)
        if (fits_in_columns(caption, anchor, columns, gap))
            return true;
    return false;
}

bool view_caption_lay_out(struct view_caption *caption, const struct view_caption_space *space,
                          struct canvas_rect anchor)
{
    caption->space = *space;
    for (int gap = space->gap; caption->is_wanted && gap >= 0 && !canvas_rect_is_empty(anchor);
         gap--)
        if (fits_somehow(caption, anchor, gap))
            return true;
    if (caption->is_wanted && fits_somehow(caption, (struct canvas_rect){0}, 0))
        return true;
    caption->box = caption->leader = (struct canvas_rect){0};
    return false;
}

struct canvas_rect view_caption_bounds(const struct view_caption *caption)
{
    struct canvas_rect bounds = caption->box;
    const struct canvas_rect *leader = &caption->leader;
    if (canvas_rect_is_empty(*leader))
        return bounds;
    /* The knob at the leader's end is wider than the leader. */
    bounds.left = smaller(bounds.left, leader->left - KNOB_PIXELS);
    bounds.top = smaller(bounds.top, leader->top - KNOB_PIXELS);
    bounds.right = larger(bounds.right, leader->right + KNOB_PIXELS);
    bounds.bottom = larger(bounds.bottom, leader->bottom + KNOB_PIXELS);
    return bounds;
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* A square at the end that points: of the leader's four sides, the one farthest from the box. */
static void draw_knob(const struct view_caption *caption, struct canvas *canvas)
{
    const struct canvas_rect *leader = &caption->leader;
    int x = (leader->left + leader->right) / 2;
    int y = (leader->top + leader->bottom) / 2;
    if (caption->side == VIEW_CAPTION_BELOW)
        y = leader->top + KNOB_PIXELS / 2;
    else if (caption->side == VIEW_CAPTION_ABOVE)
        y = leader->bottom - KNOB_PIXELS / 2;
    else if (caption->side == VIEW_CAPTION_RIGHT)
        x = leader->left + KNOB_PIXELS / 2;
    else
        x = leader->right - KNOB_PIXELS / 2;
    canvas_fill(canvas,
                canvas_rect_at(x - KNOB_PIXELS / 2, y - KNOB_PIXELS / 2, KNOB_PIXELS, KNOB_PIXELS),
                THEME_ERROR);
}

void view_caption_draw(const struct view_caption *caption, struct canvas *canvas)
{
    const struct view_caption_space *space = &caption->space;
    const char *rest = caption->text;
    const char *line;
    size_t length;
    struct canvas_rect box = caption->box;
    int left = box.left + space->inset_x;
    int top = box.top + space->inset_y;
    if (canvas_rect_is_empty(box))
        return;
    canvas_fill(canvas, box, THEME_GROUND);
    canvas_draw_frame(canvas, box, THEME_ERROR);
    box = (struct canvas_rect){box.left + 1, box.top + 1, box.right - 1, box.bottom - 1};
    canvas_draw_frame(canvas, box, THEME_ERROR);
    if (!canvas_rect_is_empty(caption->leader)) {
        canvas_fill(canvas, caption->leader, THEME_ERROR);
        draw_knob(caption, canvas);
    }
    if (has_title_line(caption)) {
        canvas_draw_text(canvas, space->font, left, top, caption->title, THEME_ERROR);
        top += space->glyph_height;
    }
    for (; (line = wrap_next(&rest, caption->columns, &length)); top += space->glyph_height)
        view_draw_line(canvas, space->font, left, top, line, length, THEME_TEXT);
}
