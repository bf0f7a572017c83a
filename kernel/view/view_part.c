/* Places headings and lines of the picture's parts, by the area and the heights of two fonts. */

#include "view_part.h"

#include "view_format.h"

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

unsigned view_part_line_count(const struct view_part *part)
{
    int room = part->area.bottom - view_part_top(part);
    return room > 0 ? (unsigned)(room / (part->label->height_pixels + LINE_GAP)) : 0;
}

int view_part_label_top(const struct view_part *part)
{
    return part->area.top + (part->heading->height_pixels - part->label->height_pixels) / 2;
}

int view_part_behind(const struct view_part *part, const char *heading, int gap)
{
    return part->area.left + canvas_text_width(part->heading, heading) + gap;
}

int view_part_swatch_pixels(const struct view_part *part)
{
    return part->label->height_pixels * 5 / 6;
}

struct canvas_rect view_part_swatch(const struct view_part *part, int left, int top,
                                    int width_pixels)
{
    int height = view_part_swatch_pixels(part);
    return canvas_rect_at(left, top + (part->label->height_pixels - height) / 2, width_pixels,
                          height);
}

int view_part_width(const struct view_part *part, const char *text)
{
    return canvas_text_width(part->label, text);
}

void view_part_write(const struct view_part *part, int left, int top, const char *text,
                     color_t colour)
{
    canvas_draw_text(part->canvas, part->label, left, top, text, colour);
}

void view_part_write_right(const struct view_part *part, int right, int top, const char *text,
                           color_t colour)
{
    view_draw_right(part->canvas, part->label, right, top, text, colour);
}

bool view_part_begin_line(const struct view_part *part, unsigned index, uint32_t *drawn,
                          uint32_t fingerprint, struct canvas_rect *line)
{
    *line = view_part_line(part, index);
    return view_renew(part->canvas, *line, drawn, fingerprint);
}

const char *view_part_choose(const struct view_part *part, const char *const *texts,
                             int width_pixels)
{
    while (*texts && view_part_width(part, *texts) > width_pixels)
        texts++;
    return *texts ? *texts : "";
}

void view_part_draw_heading(struct view_part *part, const char *heading, const char *const *notes)
{
    int room = part->area.right - view_part_behind(part, heading, VIEW_PART_GAP);
    if (part->is_titled)
        return;
    part->is_titled = true;
    canvas_draw_text(part->canvas, part->heading, part->area.left, part->area.top, heading,
                     THEME_TEXT);
    view_part_write_right(part, part->area.right, view_part_label_top(part),
                          view_part_choose(part, notes, room), THEME_TEXT_DIM);
}
