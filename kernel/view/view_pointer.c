/* Draws the mouse's arrow, made of characters, and keeps a copy of the pixels that it covers. */

#include "view_pointer.h"

#include "view_format.h"

/* '.' the arrow's body, '#' its edge, ' ' what is under it. */
static const char shape[VIEW_POINTER_HEIGHT][VIEW_POINTER_WIDTH + 1] = {
    "#          ", "##         ", "#.#        ", "#..#       ", "#...#      ", "#....#     ",
    "#.....#    ", "#......#   ", "#.......#  ", "#........# ", "#.....#####", "#..#..#    ",
    "#.# #..#   ", "##  #..#   ", "     #..#  ", "      ##   ",
};

void view_pointer_init(struct view_pointer *pointer, struct canvas_rect area)
{
    pointer->is_wanted = false;
    pointer->is_drawn = false;
    pointer->x = (area.left + area.right) / 2;
    pointer->y = (area.top + area.bottom) / 2;
}

static int clamp(int value, int first, int end)
{
    if (value < first)
        return first;
    return value < end ? value : end - 1;
}

void view_pointer_move(struct view_pointer *pointer, struct canvas_rect area, int dx, int dy)
{
    pointer->is_wanted = true;
    pointer->x = clamp(pointer->x + dx, area.left, area.right);
    pointer->y = clamp(pointer->y + dy, area.top, area.bottom);
}

static color_t *pixel_at(struct canvas *canvas, int x, int y)
{
    size_t stride = canvas->stride_bytes / sizeof(uint32_t);
    return &canvas->pixels[(size_t)y * stride + (size_t)x];
}

void view_pointer_show(struct view_pointer *pointer, struct canvas *canvas)
{
    struct canvas_rect rect =
        canvas_rect_at(pointer->x, pointer->y, VIEW_POINTER_WIDTH, VIEW_POINTER_HEIGHT);
    if (!pointer->is_wanted || pointer->is_drawn || !canvas->pixels)
        return;
    rect = canvas_rect_intersect(rect, canvas_bounds(canvas));
    for (int y = rect.top; y < rect.bottom; y++) {
        for (int x = rect.left; x < rect.right; x++) {
            char part = shape[y - rect.top][x - rect.left];
            color_t *pixel = pixel_at(canvas, x, y);
            pointer->under[y - rect.top][x - rect.left] = *pixel;
            if (part != ' ')
                *pixel = part == '#' ? THEME_TEXT_DARK : THEME_TEXT;
        }
    }
    canvas_mark_dirty(canvas, rect);
    pointer->covered = rect;
    pointer->is_drawn = true;
}

void view_pointer_hide(struct view_pointer *pointer, struct canvas *canvas)
{
    struct canvas_rect rect = pointer->covered;
    if (!pointer->is_drawn || !canvas->pixels)
        return;
    for (int y = rect.top; y < rect.bottom; y++)
        for (int x = rect.left; x < rect.right; x++)
            *pixel_at(canvas, x, y) = pointer->under[y - rect.top][x - rect.left];
    canvas_mark_dirty(canvas, rect);
    pointer->is_drawn = false;
}
