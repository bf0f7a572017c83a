/* All positions follow from the area and the heights of the two fonts. */

#include "view_part.h"

#include "view_text.h"
#include "view_theme.h"

#define LINE_GAP 2

int view_part_top(const struct view_part *part)
{
    return part->area.top + part->heading->height_pixels + VIEW_PART_GAP;
}

struct canvas_rect view_part_line(const struct view_part *part, unsigned index)
{
    int height = part->label->height_pixels + LINE_GAP;
    return canvas_rect_at(part->area.left, view_part_top(part) + (int)index * height,
                          part->area.right - part->area.left, height);
}

int view_part_line_count(const struct view_part *part)
{
    return (part->area.bottom - view_part_top(part)) / (part->label->height_pixels + LINE_GAP);
}

int view_part_label_top(const struct view_part *part)
{
    return part->area.top + (part->heading->height_pixels - part->label->height_pixels) / 2;
}

int view_part_behind(const struct view_part *part, const char *heading, int gap)
{
    return part->area.left + canvas_text_width(part->heading, heading) + gap;
}

struct canvas_rect view_part_swatch(const struct view_part *part, int left, int top,
                                    int width_pixels)
{
    return canvas_rect_at(left, top + (part->label->height_pixels - VIEW_SWATCH_PIXELS) / 2,
                          width_pixels, VIEW_SWATCH_PIXELS);
}

void view_part_draw_heading(const struct view_part *part, struct canvas *canvas,
                            const char *heading, const char *const *notes, size_t note_count)
{
    int room = part->area.right - view_part_behind(part, heading, VIEW_PART_GAP);
    canvas_draw_text(canvas, part->heading, part->area.left, part->area.top, heading, THEME_TEXT);
    for (size_t i = 0; i < note_count; i++) {
        if (canvas_text_width(part->label, notes[i]) > room)
            continue;
        view_draw_right(canvas, part->label, part->area.right, view_part_label_top(part), notes[i],
                        THEME_TEXT_DIM);
        return;
    }
}
