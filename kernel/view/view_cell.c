/* A stone, or a part of one, its joints, and what is marked on it. */

#include "view_cell.h"

#include "view_marks.h"
#include "view_owners.h"
#include "view_text.h"
#include "view_theme.h"

bool view_cell_equals(const struct view_cell *a, const struct view_cell *b)
{
    return a->style == b->style && a->shade == b->shade && a->level == b->level &&
           a->flags == b->flags && a->mark == b->mark;
}

color_t view_free_colour(unsigned shade)
{
    static const color_t smallest = 0x2A3942;
    static const color_t largest = 0x3C6A74;

    return view_mix(largest, smallest, shade * 256 / (VIEW_CELL_SHADES - 1));
}

/* Small blocks are darker; the smallest still stands out from free memory. */
static unsigned brightness_of(unsigned shade)
{
    return 176 + shade * 80 / (VIEW_CELL_SHADES - 1);
}

/* What is outside of the window steps back. */
static color_t dimmed(color_t colour, const struct view_cell *cell)
{
    bool is_outside = (cell->mark & VIEW_CELL_LOOK) == VIEW_MARK_OUTSIDE;

    return is_outside ? view_mix(colour, THEME_GROUND, 96) : colour;
}

void view_cell_draw_stone(const struct view_cell *cell, struct canvas *canvas,
                          struct canvas_rect rect)
{
    bool is_outside = (cell->mark & VIEW_CELL_LOOK) == VIEW_MARK_OUTSIDE;
    struct canvas_rect used = rect;
    int height = rect.bottom - rect.top;

    used.top = rect.bottom - (height * cell->level + VIEW_CELL_FULL - 1) / VIEW_CELL_FULL;
    if (cell->level > 0 && cell->level < VIEW_CELL_FULL && used.top == rect.top)
        used.top++;
    rect.bottom = used.top;
    canvas_fill(canvas, rect, dimmed(view_free_colour(cell->shade >> 4), cell));
    view_style_fill(canvas, used, cell->style,
                    brightness_of(cell->shade & 15) * (is_outside ? 96 : 256) / 256);
}

static color_t outline_of(unsigned look)
{
    switch (look) {
    case VIEW_MARK_REFUSED:
    case VIEW_MARK_CRIME:
        return THEME_ERROR;
    case VIEW_MARK_CURRENT:
        return THEME_ACCENT;
    case VIEW_MARK_PLACE:
    case VIEW_MARK_POINTED:
        return THEME_TEXT;
    default:
        return THEME_TEXT_DIM;
    }
}

static void draw_edges(struct canvas *canvas, struct canvas_rect rect, unsigned edges, int thick,
                       color_t colour)
{
    int width = rect.right - rect.left;
    int height = rect.bottom - rect.top;

    if (edges & EDGE_LEFT)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, thick, height), colour);
    if (edges & EDGE_TOP)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, width, thick), colour);
    if (edges & EDGE_RIGHT)
        canvas_fill(canvas, canvas_rect_at(rect.right - thick, rect.top, thick, height), colour);
    if (edges & EDGE_BOTTOM)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.bottom - thick, width, thick), colour);
}

/* What stands over a cell: ticks where a block may begin, the outline, and a stroke for "no". */
static void draw_cell_marks(struct canvas *canvas, struct canvas_rect rect,
                            const struct view_cell *cell)
{
    unsigned look = cell->mark & VIEW_CELL_LOOK;
    bool thick = look == VIEW_MARK_PLACE || look == VIEW_MARK_CURRENT || look == VIEW_MARK_CRIME;

    if (cell->flags & CELL_BOUNDARY)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 1, rect.bottom - rect.top),
                    THEME_ERROR);
    if (cell->flags & CELL_ALIGNED)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 2, 3), THEME_ACCENT);
    if (look < VIEW_MARK_VISITED)
        return;
    if (look == VIEW_MARK_REFUSED || look == VIEW_MARK_CRIME)
        canvas_draw_line(canvas, rect.left + 1, rect.bottom - 2, rect.right - 2, rect.top + 1,
                         THEME_ERROR);
    if (look == VIEW_MARK_CRIME)
        canvas_draw_line(canvas, rect.left + 1, rect.top + 1, rect.right - 2, rect.bottom - 2,
                         THEME_ERROR);
    draw_edges(canvas, rect, cell->mark, thick ? 2 : 1, outline_of(look));
}

void view_cell_draw(const struct view_cell *cell, struct canvas *canvas, struct canvas_rect rect)
{
    struct canvas_rect body = {rect.left + 1, rect.top + 1, rect.right, rect.bottom};
    struct canvas_rect joint = {body.left, rect.top, rect.right, body.top};
    color_t joined = view_mix(view_free_colour(cell->shade >> 4), THEME_GROUND, 168);

    canvas_fill(canvas, rect, THEME_GROUND);
    if ((cell->flags & CELL_RAM) == 0) {
        canvas_fill(
            canvas,
            canvas_rect_at((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2, 1, 1),
            THEME_TEXT_DIM);
        draw_cell_marks(canvas, rect, cell);
        return;
    }
    view_cell_draw_stone(cell, canvas, body);
    if (2 * cell->level > VIEW_CELL_FULL)
        joined = view_mix(view_style_colour(cell->style), THEME_GROUND, 128);
    joined = dimmed(joined, cell);
    if ((cell->flags & CELL_JOINS_ABOVE) != 0)
        canvas_fill(canvas, joint, joined);
    joint = (struct canvas_rect){rect.left, body.top, body.left, rect.bottom};
    if ((cell->flags & CELL_JOINS_LEFT) != 0)
        canvas_fill(canvas, joint, joined);
    draw_cell_marks(canvas, rect, cell);
}
