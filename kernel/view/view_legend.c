/* Draws the list of owners: a line again, when its text or numbers have another fingerprint. */

#include "view.h"

#include "kernel/lib/format.h"
#include "view_format.h"

static void draw_owner(const struct view_part *part, struct canvas_rect line,
                       const struct view_owner *owner)
{
    char amount[VIEW_AMOUNT_MAX];
    int left = line.left + view_part_swatch_pixels(part) + VIEW_PART_GAP;
    view_format_amount(amount, owner->held_bytes);
    line.right -= view_part_width(part, amount);
    view_style_fill(part->canvas,
                    view_part_swatch(part, line.left, line.top + 1, view_part_swatch_pixels(part)),
                    owner->style, 256);
    view_draw_fitted(part->canvas, part->label, left, line.top + 1,
                     line.right - VIEW_PART_GAP - left, owner->name, THEME_TEXT);
    view_part_write(part, line.right, line.top + 1, amount, THEME_TEXT_DIM);
}

static void draw_rest(const struct view_part *part, struct canvas_rect line, size_t count)
{
    char text[16];
    format_text(text, sizeof text, "%u more", (unsigned)count);
    view_part_write(part, line.left + view_part_swatch_pixels(part) + VIEW_PART_GAP, line.top + 1,
                    text, THEME_TEXT_DIM);
}

static uint32_t hash_owner(const struct view_owner *owner)
{
    uint32_t hash = view_hash_text(VIEW_HASH_START, owner->name);
    return view_hash_value(view_hash_value(hash, owner->held_bytes), owner->style);
}

void view_legend_draw(struct view_legend *legend, const struct view_owners *owners)
{
    static const char *const notes[] = {"held", NULL};
    uint8_t ranked[VIEW_OWNER_COUNT];
    size_t count = view_owners_rank(owners, ranked);
    unsigned lines = view_part_line_count(&legend->part);
    size_t shown = count;
    struct canvas_rect line;
    lines = lines < VIEW_LINE_COUNT ? lines : VIEW_LINE_COUNT;
    if (count > lines)
        shown = lines > 0 ? lines - 1 : 0;
    view_part_draw_heading(&legend->part, "Owners", notes);
    for (unsigned i = 0; i < lines; i++) {
        const struct view_owner *owner = &owners->owners[i < shown ? ranked[i] : 0];
        uint32_t hash = i < shown ? hash_owner(owner) : 0;
        if (i == shown && shown < count)
            hash = view_hash_value(VIEW_HASH_START, count - shown);
        if (!view_part_begin_line(&legend->part, i, &legend->drawn[i], hash, &line))
            continue;
        if (i < shown)
            draw_owner(&legend->part, line, owner);
        else if (hash != 0)
            draw_rest(&legend->part, line, count - shown);
    }
}
