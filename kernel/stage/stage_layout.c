/*
 * Divides a small machine's picture. The sentence, and what the textbook does, get their lines
 * first; the tree has the rest, in rows of one height.
 */

#include "stage_layout.h"

#define CELL_PERCENT 125 /* a cell's height, of a row's */

static void choose_fonts(struct stage_layout *layout, int width, bool is_large)
{
    bool is_wide = is_large || width >= 1600;
    layout->title_font = is_wide ? &font_huge : width < 800 ? &font_bold : &font_title;
    layout->bold = is_large ? &font_huge : width < 1600 ? &font_bold : &font_title;
    layout->font = is_large       ? &font_title
                   : width < 800  ? &font_small
                   : width < 1600 ? &font_normal
                                  : &font_large;
    layout->small = is_wide ? &font_large : width < 800 ? &font_small : &font_normal;
    layout->thick = width < 800 ? 2 : width < 1600 ? 3 : 4;
}

/* From the bottom up: the sentence, the textbook, the window, the numbers. Returns the last top. */
static int place_lower_part(struct stage_layout *layout, const struct stage *stage,
                            struct canvas_rect area, int pad)
{
    int line = layout->font->height_pixels;
    layout->text = area;
    layout->text.top = area.bottom - STAGE_TEXT_LINES * line - pad;
    int bottom = layout->text.top - pad;
    if (stage->shows_textbook) {
        layout->book_height = line + pad;
        layout->book_top = bottom - layout->book_height;
        layout->figures = area;
        layout->figures.bottom = layout->book_top - 2;
        layout->figures.top = layout->figures.bottom - 2 * line;
        bottom = layout->figures.top - pad;
    }
    layout->window = area;
    layout->window.bottom = bottom;
    layout->window.top = bottom - line - STAGE_BRACKET_PIXELS;
    layout->numbers_top = layout->window.top - layout->small->height_pixels - 2;
    return layout->numbers_top - 2;
}

struct stage_layout stage_lay_out(const struct stage *stage, struct canvas_rect picture)
{
    struct stage_layout layout = {0};
    int width = picture.right - picture.left;
    int pad = width < 800 ? STAGE_PAD : 2 * STAGE_PAD;
    int margin = width < 800 ? 8 : width < 1600 ? 16 : 24;
    struct canvas_rect area = {picture.left + margin, picture.top + margin / 2,
                               picture.right - margin, picture.bottom - margin / 2};
    choose_fonts(&layout, width, stage->is_large);
    int line = layout.font->height_pixels;
    layout.title = layout.labels = area;
    layout.title.bottom = area.top + layout.title_font->height_pixels + pad / 2;
    layout.labels.top = layout.title.bottom + pad / 2;
    layout.labels.right = area.left + 11 * layout.small->width_pixels;
    layout.left = layout.labels.right;
    layout.right = area.right;
    layout.top = layout.labels.top + layout.small->height_pixels + 2;
    int bottom = place_lower_part(&layout, stage, area, pad);
    int rows = (int)stage->order; /* of boxes */
    layout.row_height = (bottom - layout.top) * 100 / (rows * 100 + CELL_PERCENT);
    if (layout.row_height > 4 * line)
        layout.row_height = 4 * line;
    int gap = layout.row_height / 5 > 3 ? layout.row_height / 5 : 3;
    layout.box_height = layout.row_height - gap;
    layout.cell_height = layout.row_height * CELL_PERCENT / 100 - 2;
    layout.cells_top = layout.top + rows * layout.row_height;
    layout.numbers_top = layout.cells_top + layout.cell_height + 2;
    layout.window.top = layout.numbers_top + layout.small->height_pixels + 2;
    layout.window.bottom = layout.window.top + line + STAGE_BRACKET_PIXELS;
    layout.labels.bottom = layout.window.bottom;
    return layout;
}

int stage_left_of(const struct stage_layout *layout, const struct stage *stage, pfn_t frame)
{
    return layout->left +
           (int)((uint64_t)frame * (unsigned)(layout->right - layout->left) >> stage->order);
}

int stage_gap_of(const struct stage_layout *layout, const struct stage *stage)
{
    int cell = (layout->right - layout->left) >> stage->order;
    return cell >= 24 ? 4 : cell >= 8 ? 2 : cell >= 3 ? 1 : 0;
}

struct canvas_rect stage_box_of(const struct stage_layout *layout, const struct stage *stage,
                                unsigned node)
{
    struct frame_range frames = stage_node_frames(stage, node);
    unsigned row = stage->order - stage_node_order(stage, node);
    int top = layout->top + (int)row * layout->row_height;
    return (struct canvas_rect){stage_left_of(layout, stage, frames.first), top,
                                stage_left_of(layout, stage, frames.end) -
                                    stage_gap_of(layout, stage),
                                top + layout->box_height};
}

struct canvas_rect stage_cell_of(const struct stage_layout *layout, const struct stage *stage,
                                 unsigned frame)
{
    return (struct canvas_rect){stage_left_of(layout, stage, frame), layout->cells_top,
                                stage_left_of(layout, stage, frame + 1) -
                                    stage_gap_of(layout, stage),
                                layout->cells_top + layout->cell_height};
}

struct canvas_rect stage_book_cell_of(const struct stage_layout *layout, const struct stage *stage,
                                      unsigned frame)
{
    struct canvas_rect cell = stage_cell_of(layout, stage, frame);
    cell.top = layout->book_top;
    cell.bottom = cell.top + layout->book_height;
    return cell;
}

/* ---- pixels to frames ------------------------------------------------------------------------ */

struct canvas_rect stage_cell(const struct stage *stage, struct canvas_rect picture, unsigned frame)
{
    struct stage_layout layout = stage_lay_out(stage, picture);
    return stage_cell_of(&layout, stage, frame);
}

static bool has_pixel(struct canvas_rect rect, int x, int y)
{
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

bool stage_find_pixel(const struct stage *stage, struct canvas_rect picture, int x, int y,
                      struct frame_range *numbers, unsigned *order)
{
    struct stage_layout layout = stage_lay_out(stage, picture);
    for (unsigned node = 1; node < 2 * stage_frame_count(stage); node++) {
        *order = stage_node_order(stage, node);
        *numbers = stage_node_frames(stage, node);
        struct canvas_rect rect = *order > 0
                                      ? stage_box_of(&layout, stage, node)
                                      : stage_cell_of(&layout, stage, (unsigned)numbers->first);
        if (has_pixel(rect, x, y))
            return true;
    }
    return false;
}
