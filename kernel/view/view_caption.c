/*
 * The box grows wider until it fits on some side of its anchor. Its middle stands at the anchor's as
 * far as the area lets it, so the line between them is always straight.
 */

#include "view_caption.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "view_theme.h"

#define COLUMNS_MIN 36u
#define COLUMNS_STEP 8u
#define LEADER_PIXELS 2
#define KNOB_PIXELS 6

void view_caption_set(struct view_caption *caption, const char *title, const char *text)
{
    format_text(caption->title, sizeof caption->title, "%s", title);
    format_text(caption->text, sizeof caption->text, "%s", text);
    caption->line_count = 0;
    caption->columns = 0;
    caption->box = caption->leader = (struct canvas_rect){0};
    caption->side = VIEW_CAPTION_ALONE;
}

/* ---- lines ---------------------------------------------------------------------------------- */

bool view_caption_break(struct view_caption *caption, unsigned columns)
{
    const char *rest = caption->text;
    const char *line;
    size_t length;

    caption->line_count = 0;
    caption->columns = (unsigned)strlen(caption->title);
    if (columns == 0 || caption->columns > columns)
        return false;
    while ((line = wrap_next(&rest, columns, &length))) {
        if (caption->line_count == VIEW_CAPTION_LINE_MAX)
            return false;
        caption->lines[caption->line_count++] =
            (struct view_caption_line){(uint16_t)(line - caption->text), (uint16_t)length};
        caption->columns = length > caption->columns ? (unsigned)length : caption->columns;
    }
    return true;
}

/* ---- the place ------------------------------------------------------------------------------ */

static int clamp(int value, int least, int most)
{
    value = value < most ? value : most;
    return value > least ? value : least;
}

static bool is_inside(struct canvas_rect rect, struct canvas_rect area)
{
    return rect.left >= area.left && rect.top >= area.top && rect.right <= area.right &&
           rect.bottom <= area.bottom;
}

static void measure_box(const struct view_caption *caption, const struct view_caption_space *space,
                        int *width, int *height)
{
    bool has_title_line = caption->title[0] != '\0' && !space->titles_edge;
    int rows = (int)caption->line_count + has_title_line;

    *width = (int)caption->columns * space->glyph_width + 2 * space->inset_x;
    *height = rows * space->glyph_height + 2 * space->inset_y;
}

/* Beside the anchor, its middle at the anchor's where the area is wide enough. */
static struct canvas_rect place_beside(const struct view_caption_space *space,
                                       struct canvas_rect anchor, enum view_caption_side side,
                                       int gap, int width, int height)
{
    const struct canvas_rect *area = &space->area;
    int left = (anchor.left + anchor.right - width) / 2;
    int top = (anchor.top + anchor.bottom - height) / 2;

    if (side == VIEW_CAPTION_BELOW)
        top = anchor.bottom + gap;
    else if (side == VIEW_CAPTION_ABOVE)
        top = anchor.top - gap - height;
    else
        top = clamp(top, area->top, area->bottom - height);
    if (side == VIEW_CAPTION_RIGHT)
        left = anchor.right + gap;
    else if (side == VIEW_CAPTION_LEFT)
        left = anchor.left - gap - width;
    else
        left = clamp(left, area->left, area->right - width);
    return canvas_rect_at(left, top, width, height);
}

/* From the middle of the anchor's edge straight to the box. */
static struct canvas_rect place_leader(const struct view_caption *caption,
                                       const struct view_caption_space *space,
                                       struct canvas_rect anchor)
{
    int thick = space->glyph_width > LEADER_PIXELS ? LEADER_PIXELS : 1;
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

static bool fits_beside(struct view_caption *caption, const struct view_caption_space *space,
                        struct canvas_rect anchor, int gap)
{
    int width;
    int height;

    measure_box(caption, space, &width, &height);
    for (int side = VIEW_CAPTION_BELOW; side <= VIEW_CAPTION_LEFT; side++) {
        caption->side = (enum view_caption_side)side;
        caption->box = place_beside(space, anchor, caption->side, gap, width, height);
        if (!is_inside(caption->box, space->area))
            continue;
        caption->leader = place_leader(caption, space, anchor);
        return true;
    }
    return false;
}

/* At the lower edge, in the middle. */
static bool fits_alone(struct view_caption *caption, const struct view_caption_space *space)
{
    int width;
    int height;

    measure_box(caption, space, &width, &height);
    caption->side = VIEW_CAPTION_ALONE;
    caption->leader = (struct canvas_rect){0};
    caption->box = canvas_rect_at((space->area.left + space->area.right - width) / 2,
                                  space->area.bottom - height, width, height);
    return is_inside(caption->box, space->area);
}

bool view_caption_lay_out(struct view_caption *caption, const struct view_caption_space *space,
                          struct canvas_rect anchor)
{
    int room = space->area.right - space->area.left - 2 * space->inset_x;
    unsigned most = room > 0 ? (unsigned)(room / space->glyph_width) : 0;
    unsigned least = most < COLUMNS_MIN ? most : COLUMNS_MIN;

    for (int gap = space->gap; gap >= 0 && !canvas_rect_is_empty(anchor); gap--)
        for (unsigned columns = least; columns <= most; columns += COLUMNS_STEP)
            if (view_caption_break(caption, columns) && fits_beside(caption, space, anchor, gap))
                return true;
    for (unsigned columns = least; columns <= most; columns += COLUMNS_STEP)
        if (view_caption_break(caption, columns) && fits_alone(caption, space))
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
    bounds.left =
        leader->left - KNOB_PIXELS < bounds.left ? leader->left - KNOB_PIXELS : bounds.left;
    bounds.top = leader->top - KNOB_PIXELS < bounds.top ? leader->top - KNOB_PIXELS : bounds.top;
    bounds.right =
        leader->right + KNOB_PIXELS > bounds.right ? leader->right + KNOB_PIXELS : bounds.right;
    bounds.bottom =
        leader->bottom + KNOB_PIXELS > bounds.bottom ? leader->bottom + KNOB_PIXELS : bounds.bottom;
    return bounds;
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* A square at the end that points: of the leader's four sides, the one farthest from the box. */
static void draw_knob(const struct view_caption *caption, struct canvas *canvas, color_t colour)
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
                colour);
}

static void draw_line(const struct view_caption *caption, const struct view_caption_line *line,
                      const struct font *font, struct canvas *canvas, int left, int top,
                      color_t colour)
{
    char text[VIEW_CAPTION_TEXT_MAX];

    memcpy(text, caption->text + line->start, line->length);
    text[line->length] = '\0';
    canvas_draw_text(canvas, font, left, top, text, colour);
}

void view_caption_draw(const struct view_caption *caption, const struct view_caption_space *space,
                       const struct font *font, struct canvas *canvas, color_t colour)
{
    struct canvas_rect inner = caption->box;
    int left = caption->box.left + space->inset_x;
    int top = caption->box.top + space->inset_y;

    canvas_fill(canvas, caption->box, THEME_GROUND);
    canvas_draw_frame(canvas, inner, colour);
    inner = (struct canvas_rect){inner.left + 1, inner.top + 1, inner.right - 1, inner.bottom - 1};
    canvas_draw_frame(canvas, inner, colour);
    if (!canvas_rect_is_empty(caption->leader)) {
        canvas_fill(canvas, caption->leader, colour);
        draw_knob(caption, canvas, colour);
    }
    if (caption->title[0] != '\0' && !space->titles_edge) {
        canvas_draw_text(canvas, font, left, top, caption->title, colour);
        top += space->glyph_height;
    }
    for (unsigned i = 0; i < caption->line_count; i++, top += space->glyph_height)
        draw_line(caption, &caption->lines[i], font, canvas, left, top, THEME_TEXT);
}
