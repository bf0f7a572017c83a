/* Chooses a cell's colour, and draws it: a stone or a part of one, its joints, its marks. */

#include "view_frames.h"

#include "view_marks.h"
#include "view_owners.h"
#include "view_format.h"

#define OUTSIDE_SHARE 96 /* of 256: what is left of a colour outside of the window */

bool view_cell_equals(const struct view_cell *a, const struct view_cell *b)
{
    return a->style == b->style && a->shade == b->shade && a->level == b->level &&
           a->flags == b->flags && a->mark == b->mark;
}

color_t view_free_colour(unsigned shade)
{
    static const color_t shades[VIEW_CELL_SHADES] = {THEME_FREE_0, THEME_FREE_1, THEME_FREE_2,
                                                     THEME_FREE_3};
    return shades[shade];
}

/* What is outside of the window steps back. */
static color_t dimmed(color_t colour, const struct view_cell *cell)
{
    bool is_outside = (cell->mark & VIEW_CELL_LOOK) == VIEW_MARK_OUTSIDE;
    return is_outside ? view_mix(colour, THEME_GROUND, OUTSIDE_SHARE) : colour;
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
    canvas_fill(canvas, rect, dimmed(view_free_colour(cell->shade), cell));
    view_style_fill(canvas, used, cell->style, is_outside ? OUTSIDE_SHARE : 256);
}

/* What a mark adds to a cell, by enum view_mark_look. */
static const struct look {
    color_t outline;
    int thick; /* pixels of the outline; 0: there is none */
    bool is_struck; /* by a stroke for "no" */
    bool is_crossed; /* by another one */
} looks[] = {
    [VIEW_MARK_OUTSIDE] = {THEME_ACCENT, 1, false, false}, /* only where the window ends */
    [VIEW_MARK_VISITED] = {THEME_TEXT_DIM, 1, false, false},
    [VIEW_MARK_REFUSED] = {THEME_ERROR, 1, true, false},
    [VIEW_MARK_CURRENT] = {THEME_ACCENT, 2, false, false},
    [VIEW_MARK_PLACE] = {THEME_TEXT, 2, false, false},
    [VIEW_MARK_CRIME] = {THEME_ERROR, 2, true, true},
    [VIEW_MARK_POINTED] = {THEME_TEXT, 1, false, false},
};

static void draw_edges(struct canvas *canvas, struct canvas_rect rect, unsigned mark, int thick,
                       color_t colour)
{
    const struct canvas_rect edges[] = {{rect.left, rect.top, rect.left + thick, rect.bottom},
                                        {rect.left, rect.top, rect.right, rect.top + thick},
                                        {rect.right - thick, rect.top, rect.right, rect.bottom},
                                        {rect.left, rect.bottom - thick, rect.right, rect.bottom}};
    for (unsigned i = 0; i < 4; i++)
        if (mark & (unsigned)EDGE_LEFT << i)
            canvas_fill(canvas, edges[i], colour);
}

/* With a dark line inside, so that it stands out from a cell of any colour. */
static void draw_outline(struct canvas *canvas, struct canvas_rect rect,
                         const struct view_cell *cell, const struct look *look)
{
    draw_edges(canvas, rect, cell->mark, look->thick + 1, THEME_TEXT_DARK);
    draw_edges(canvas, rect, cell->mark, look->thick, look->outline);
}

/* What stands over a cell: ticks where a block may begin, strokes, and the outline. */
static void draw_cell_marks(struct canvas *canvas, struct canvas_rect rect,
                            const struct view_cell *cell)
{
    const struct look *look = &looks[cell->mark & VIEW_CELL_LOOK];
    int left = rect.left + 1, top = rect.top + 1, right = rect.right - 2, bottom = rect.bottom - 2;
    if (cell->flags & CELL_BOUNDARY)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 1, rect.bottom - rect.top),
                    THEME_ERROR);
    if (cell->flags & CELL_ALIGNED)
        canvas_fill(canvas, canvas_rect_at(rect.left, rect.top, 2, 3), THEME_ACCENT);
    if (look->is_struck)
        canvas_draw_line(canvas, left, bottom, right, top, THEME_ERROR);
    if (look->is_crossed)
        canvas_draw_line(canvas, left, top, right, bottom, THEME_ERROR);
    if (look->thick > 0)
        draw_outline(canvas, rect, cell, look);
}

void view_cell_draw(const struct view_cell *cell, struct canvas *canvas, struct canvas_rect rect)
{
    struct canvas_rect body = {rect.left + 1, rect.top + 1, rect.right, rect.bottom};
    struct canvas_rect joint = {body.left, rect.top, rect.right, body.top};
    color_t joined = view_mix(view_free_colour(cell->shade), THEME_GROUND, 168);
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
