/*
 * Draws the bar of the physical address space in three steps: the map becomes segments that tile
 * the address space from 0 to its top; segments become pixels; pixels are drawn and labelled, the
 * labels where they find room.
 */

#include "view_strip.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "view_format.h"

#define BAR_PADDING 3
#define TEXTURE_PIXELS 5 /* below the words in a segment */
#define SEGMENT_PIXELS_MIN 7
#define NAMES_PERCENT 90 /* of the bar, at most, for names inside of segments */
#define SEGMENT_PIXELS_MEAN 24 /* segments are merged until they have that much on average */
#define LABEL_GAP 6
#define PLACED_MAX 64

const struct view_segment_look view_segment_looks[VIEW_SEGMENT_KIND_COUNT] = {
    [REGION_USABLE] = {"usable", THEME_FREE_1, THEME_FREE_1, CANVAS_SOLID},
    [REGION_ACPI] = {"ACPI", THEME_PANEL, THEME_ORANGE, CANVAS_STRIPES},
    [REGION_NVS] = {"NVS", THEME_PANEL, THEME_PURPLE, CANVAS_DOTS},
    [REGION_RESERVED] = {"reserved", THEME_PANEL, THEME_GROUND, CANVAS_HATCH},
    [REGION_BAD] = {"bad", THEME_PANEL, THEME_BAD, CANVAS_CROSS},
    [VIEW_SEGMENT_OWNED] = {"at boot", THEME_GROUND, THEME_GROUND, CANVAS_SOLID},
    [VIEW_SEGMENT_HOLE] = {"hole", THEME_GROUND, THEME_RULE, CANVAS_SOLID},
    [VIEW_SEGMENT_SEVERAL] = {"several", THEME_PANEL, THEME_PANEL, CANVAS_SOLID},
};

int view_strip_bar_top(const struct view_part *part)
{
    return part->area.top + part->heading->height_pixels + 4 + 2 * part->label->height_pixels + 4;
}

static int bar_bottom(const struct view_part *part)
{
    return view_strip_bar_top(part) + 2 * part->label->height_pixels + TEXTURE_PIXELS + 2;
}

int view_strip_height(const struct view_part *part)
{
    return bar_bottom(part) + 3 + part->label->height_pixels - part->area.top;
}

/* Segments. */

static bool same_thing(const struct view_segment *a, const struct view_segment *b)
{
    if (a->kind != b->kind)
        return false;
    /* NOLINTNEXTLINE(clang-analyzer-unix.cstring.NullArg): an owned segment has an owner */
    return a->kind != VIEW_SEGMENT_OWNED || strcmp(a->owner, b->owner) == 0;
}

/* Which segments may be merged with their neighbours. */
struct merging {
    phys_t smallest_bytes; /* from here on a segment stays */
    bool ram_too;
};

static bool may_merge(const struct view_segment *segment, const struct merging *merging)
{
    bool is_ram = segment->kind == REGION_USABLE || segment->kind == VIEW_SEGMENT_OWNED;
    if (segment->kind == VIEW_SEGMENT_SEVERAL)
        return true;
    return segment->end - segment->base < merging->smallest_bytes && (merging->ram_too || !is_ram);
}

/* Appends, or extends the last segment; false if the table is full. */
static bool append_segment(struct view_strip *strip, const struct view_segment *segment, size_t max,
                           const struct merging *merging)
{
    if (strip->segment_count > 0) {
        struct view_segment *last = &strip->segments[strip->segment_count - 1];
        bool both_small = may_merge(last, merging) && may_merge(segment, merging);
        if (both_small || same_thing(last, segment)) {
            last->kind = same_thing(last, segment) ? last->kind : VIEW_SEGMENT_SEVERAL;
            last->end = segment->end;
            return true;
        }
    }
    if (strip->segment_count == max)
        return false;
    strip->segments[strip->segment_count] = *segment;
    strip->segment_count++;
    return true;
}

static struct view_segment segment_of(const struct region *region)
{
    struct view_segment segment = {.base = region->base, .end = region->end};
    segment.kind = (uint8_t)region->kind;
    if (region->kind == REGION_USABLE && region->owner) {
        segment.kind = VIEW_SEGMENT_OWNED;
        segment.owner = region->owner;
    }
    return segment;
}

/* False if there are more than `max` segments although some were merged. */
static bool collect_segments(struct view_strip *strip, const struct memmap *map, size_t max,
                             const struct merging *merging)
{
    phys_t next = 0;
    strip->segment_count = 0;
    for (size_t i = 0; i < map->count; i++) {
        struct view_segment segment = segment_of(&map->regions[i]);
        struct view_segment hole = {.base = next, .end = segment.base, .kind = VIEW_SEGMENT_HOLE};
        if (hole.base < hole.end && !append_segment(strip, &hole, max, merging))
            return false;
        if (!append_segment(strip, &segment, max, merging))
            return false;
        next = segment.end;
    }
    return true;
}

/*
 * Small segments are merged until there are at most `max`: first those that are no RAM, of any
 * size, as server boards have dozens of windows for devices; then all, which ends with a single
 * one.
 */
static void gather(struct view_strip *strip, const struct memmap *map, size_t max)
{
    struct merging merging = {.smallest_bytes = FRAME_BYTES};
    while (!collect_segments(strip, map, max, &merging)) {
        merging.smallest_bytes *= 2;
        if (merging.smallest_bytes > 2 * PHYS_LIMIT)
            merging = (struct merging){.smallest_bytes = FRAME_BYTES, .ram_too = true};
    }
}

/* Pixels. */

/* The square sets a gigabyte apart from a megabyte better than the logarithm alone. */
static unsigned weight_of(const struct view_segment *segment)
{
    unsigned log = view_log2_sixteenths(((segment->end - segment->base) >> FRAME_SHIFT) + 1);
    return log * log;
}

/* So much of its name, and of the space around it, as the widest may have. */
static int least_width(const struct view_strip *strip, size_t index, int widest)
{
    int name = view_part_width(&strip->part, view_segment_name(&strip->segments[index]));
    int least = name + 2 * BAR_PADDING + 1;
    return least < widest ? least : widest;
}

static int sum_of_least(const struct view_strip *strip, int widest)
{
    int sum = 0;
    for (size_t i = 0; i < strip->segment_count; i++)
        sum += least_width(strip, i, widest);
    return sum;
}

/* The names get room inside of their segments, as long as that leaves some to show the sizes. */
static int choose_widest(const struct view_strip *strip, int width)
{
    int widest = width;
    while (widest > SEGMENT_PIXELS_MIN && sum_of_least(strip, widest) > width * NAMES_PERCENT / 100)
        widest--;
    return widest;
}

/* Each has its least width and a share of what is left by weight; rounding goes to the widest. */
static void place(struct view_strip *strip)
{
    int width = strip->part.area.right - strip->part.area.left;
    int most = choose_widest(strip, width);
    unsigned spare = (unsigned)(width - sum_of_least(strip, most));
    unsigned total = 1;
    size_t widest = 0;
    int rest = (int)spare;
    int left = strip->part.area.left;
    for (size_t i = 0; i < strip->segment_count; i++) {
        total += weight_of(&strip->segments[i]);
        if (weight_of(&strip->segments[i]) > weight_of(&strip->segments[widest]))
            widest = i;
    }
    for (size_t i = 0; i < strip->segment_count; i++)
        rest -= (int)(weight_of(&strip->segments[i]) * spare / total);
    for (size_t i = 0; i < strip->segment_count; i++) {
        struct view_segment *segment = &strip->segments[i];
        segment->left = left;
        left += least_width(strip, i, most) + (int)(weight_of(segment) * spare / total);
        left += i == widest ? rest : 0;
        segment->right = left;
    }
}

/*
 * Within its segment an address goes by the logarithm of its distance from the base. Sixteenths do
 * not tell the last page of a gigabyte from its end, so the end is kept clear.
 */
static int pixel_of(const struct view_segment *segment, phys_t address)
{
    unsigned whole = view_log2_sixteenths(((segment->end - segment->base) >> FRAME_SHIFT) + 2);
    unsigned part = view_log2_sixteenths(((address - segment->base) >> FRAME_SHIFT) + 1);
    int x = segment->left + (int)((unsigned)(segment->right - segment->left) * part / whole);
    return x < segment->right - 1 ? x : segment->right - 2;
}

/* Drawing. */

static void fill_segment(const struct view_strip *strip, struct canvas_rect rect,
                         const struct view_segment *segment)
{
    const struct view_segment_look *look = &view_segment_looks[segment->kind];
    if (segment->kind == VIEW_SEGMENT_OWNED) {
        view_style_fill(strip->part.canvas, rect, segment->style, 256);
    } else if (segment->kind == VIEW_SEGMENT_HOLE) {
        canvas_fill(strip->part.canvas, rect, look->paper);
        canvas_draw_frame(strip->part.canvas, rect, look->ink);
        /* As an architect draws an opening. */
        canvas_draw_line(strip->part.canvas, rect.left, rect.bottom - 1, rect.right - 1, rect.top,
                         look->ink);
    } else {
        canvas_fill_pattern(strip->part.canvas, rect, look->pattern, look->ink, look->paper);
    }
}

const char *view_segment_name(const struct view_segment *segment)
{
    bool owned = segment->kind == VIEW_SEGMENT_OWNED;
    return owned ? segment->owner : view_segment_looks[segment->kind].name;
}

int view_segment_room(const struct view_segment *segment)
{
    return segment->right - segment->left - 2 * BAR_PADDING - 1;
}

/* A line of text; no texture runs through it. */
static void label_segment(const struct view_strip *strip, const struct view_segment *segment,
                          int top, const char *text)
{
    bool owned = segment->kind == VIEW_SEGMENT_OWNED;
    color_t paper =
        owned ? view_style_colour(segment->style) : view_segment_looks[segment->kind].paper;
    struct canvas_rect plate = {segment->left, top, segment->right - 1,
                                top + strip->part.label->height_pixels + 1};
    color_t ink = owned ? THEME_TEXT_DARK : THEME_TEXT;
    if (segment->kind == VIEW_SEGMENT_HOLE) {
        plate.left += BAR_PADDING;
        plate.right = plate.left + view_part_width(&strip->part, text) + 2;
    }
    canvas_fill(strip->part.canvas, plate, paper);
    view_part_write(&strip->part, segment->left + BAR_PADDING, top, text, ink);
}

/* The name, unless it stands above the bar, and the size, if there is room. */
static void draw_segment(const struct view_strip *strip, const struct view_segment *segment)
{
    char amount[VIEW_AMOUNT_MAX];
    int top = view_strip_bar_top(&strip->part);
    struct canvas_rect rect = {segment->left, top, segment->right - 1, bar_bottom(&strip->part)};
    fill_segment(strip, rect, segment);
    if (segment->name_row == VIEW_NAME_INSIDE)
        label_segment(strip, segment, top + 1, view_segment_name(segment));
    view_format_amount(amount, segment->end - segment->base);
    if (view_part_width(&strip->part, amount) <= view_segment_room(segment))
        label_segment(strip, segment, top + 1 + strip->part.label->height_pixels, amount);
}

/* Where labels of one line stand already. */
struct placed {
    int left[PLACED_MAX];
    int right[PLACED_MAX];
    size_t count;
};

/* Draws a label around `center` if it keeps clear of all others in its line. */
static bool draw_label(const struct view_strip *strip, struct placed *placed, int center, int top,
                       const char *text, color_t colour)
{
    int width = view_part_width(&strip->part, text);
    int left = center - width / 2;
    left = left + width > strip->part.area.right ? strip->part.area.right - width : left;
    left = left < strip->part.area.left ? strip->part.area.left : left;
    if (placed->count == PLACED_MAX)
        return false;
    for (size_t i = 0; i < placed->count; i++)
        if (left < placed->right[i] + LABEL_GAP && placed->left[i] < left + width + LABEL_GAP)
            return false;
    placed->left[placed->count] = left;
    placed->right[placed->count] = left + width;
    placed->count++;
    view_part_write(&strip->part, left, top, text, colour);
    return true;
}

static void draw_address(const struct view_strip *strip, struct placed *placed, phys_t address,
                         int x)
{
    char text[24];
    int top = bar_bottom(&strip->part) + 3;
    format_text(text, sizeof text, address == 0 ? "%llx" : "0x%llx", (number_t)address);
    if (draw_label(strip, placed, x, top, text, THEME_TEXT_DIM))
        canvas_fill(strip->part.canvas,
                    canvas_rect_at(x - (x == strip->part.area.right), top - 3, 1, 3),
                    THEME_TEXT_DIM);
}

/* Both ends, then the borders of usable memory, then whatever still finds room. */
static void draw_addresses(const struct view_strip *strip)
{
    const struct view_segment *segments = strip->segments;
    const struct view_segment *last = &segments[strip->segment_count - 1];
    struct placed placed = {.count = 0};
    draw_address(strip, &placed, 0, strip->part.area.left);
    draw_address(strip, &placed, last->end, last->right);
    for (size_t i = 1; i < strip->segment_count; i++)
        if (segments[i].kind == REGION_USABLE || segments[i - 1].kind == REGION_USABLE)
            draw_address(strip, &placed, segments[i].base, segments[i].left);
    for (size_t i = 1; i < strip->segment_count; i++)
        draw_address(strip, &placed, segments[i].base, segments[i].left);
}

int view_strip_pixel_at(const struct view_strip *strip, phys_t address)
{
    for (size_t i = 0; i < strip->segment_count; i++) {
        const struct view_segment *segment = &strip->segments[i];
        if (address < segment->end)
            return pixel_of(segment, address);
    }
    return strip->segments[strip->segment_count - 1].right - 1;
}

/* A range by two posts and a line: a request's window below the bar, the zoomed part above it. */
static void draw_range(const struct view_strip *strip, struct frame_range range, bool below,
                       color_t colour)
{
    int top = view_strip_bar_top(&strip->part) - (below ? 0 : 2);
    int bottom = bar_bottom(&strip->part) + (below ? 2 : 0);
    if (range.first >= range.end)
        return;
    int left = view_strip_pixel_at(strip, range.first << FRAME_SHIFT);
    int right = view_strip_pixel_at(strip, range.end << FRAME_SHIFT) + 1;
    right = right < left + 3 ? left + 3 : right;
    canvas_fill(strip->part.canvas, canvas_rect_at(left, top, 1, bottom - top), colour);
    canvas_fill(strip->part.canvas, canvas_rect_at(right - 1, top, 1, bottom - top), colour);
    canvas_fill(strip->part.canvas, canvas_rect_at(left, below ? bottom - 2 : top, right - left, 2),
                colour);
}

/* Those kinds that the map has, from the right; returns where they begin. */
static int draw_kinds(const struct view_strip *strip, int limit)
{
    unsigned present = 0;
    int right = strip->part.area.right;
    int top = view_part_label_top(&strip->part);
    for (size_t i = 0; i < strip->segment_count; i++)
        present |= 1u << strip->segments[i].kind;
    present &= ~(1u << VIEW_SEGMENT_OWNED);
    for (int kind = VIEW_SEGMENT_KIND_COUNT - 1; kind >= 0; kind--) {
        const struct view_segment sample = {.kind = (uint8_t)kind};
        int left = right - view_part_swatch_pixels(&strip->part) - 4 -
                   view_part_width(&strip->part, view_segment_looks[kind].name);
        if ((present & 1u << kind) == 0 || left < limit)
            continue;
        fill_segment(
            strip, view_part_swatch(&strip->part, left, top, view_part_swatch_pixels(&strip->part)),
            &sample);
        view_part_write(&strip->part, left + view_part_swatch_pixels(&strip->part) + 4, top,
                        view_segment_looks[kind].name, THEME_TEXT_DIM);
        right = left - 2 * LABEL_GAP;
    }
    return right;
}

static void draw_heading(struct view_strip *strip)
{
    static const char *const notes[] = {"not to scale: widths follow the logarithm of the size",
                                        "widths: logarithm of size", "log scale", NULL};
    static const char title[] = "Address space";
    int left = view_part_behind(&strip->part, title, 2 * LABEL_GAP);
    int right = draw_kinds(strip, left + view_part_width(&strip->part, notes[2]));
    strip->part.is_titled = false;
    view_part_draw_heading(&strip->part, title, notes + 3);
    view_part_write(&strip->part, left, view_part_label_top(&strip->part),
                    view_part_choose(&strip->part, notes, right - left), THEME_TEXT_DIM);
}

/* A window that is all there is to address says nothing. */
static struct frame_range window_of(const struct view_strip *strip)
{
    struct frame_range window = *strip->window;
    if (window.first == 0 && window.end >= PHYS_LIMIT >> FRAME_SHIFT)
        window.end = 0;
    return window;
}

static uint32_t fingerprint(const struct view_strip *strip)
{
    struct frame_range window = window_of(strip);
    uint32_t hash = VIEW_HASH_START;
    for (size_t i = 0; i < strip->segment_count; i++) {
        const struct view_segment *segment = &strip->segments[i];
        hash = view_hash_value(hash, segment->base);
        hash = view_hash_value(hash, segment->end);
        hash = view_hash_value(hash, (uint64_t)segment->kind << 8 | segment->style);
        hash = view_hash_text(hash, segment->owner ? segment->owner : "");
    }
    hash = view_hash_value(view_hash_value(hash, window.first), window.end);
    hash = view_hash_value(view_hash_value(hash, strip->zoomed->first), strip->zoomed->end);
    return hash;
}

void view_strip_draw_marks(struct view_strip *strip)
{
    if (!view_renew(strip->part.canvas, strip->part.area, &strip->drawn, fingerprint(strip)))
        return;
    draw_heading(strip);
    if (strip->segment_count == 0)
        return;
    for (size_t i = 0; i < strip->segment_count; i++)
        draw_segment(strip, &strip->segments[i]);
    view_strip_draw_names(strip);
    draw_addresses(strip);
    draw_range(strip, *strip->zoomed, false, THEME_TEXT);
    draw_range(strip, window_of(strip), true, THEME_ACCENT);
}

static uint32_t hash_map(const struct memmap *map)
{
    uint32_t hash = VIEW_HASH_START;
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        hash = view_hash_value(view_hash_value(hash, region->base), region->end);
        hash = view_hash_value(hash, region->kind);
        hash = view_hash_text(hash, region->owner ? region->owner : "");
    }
    return hash;
}

/*
 * As many segments as can all be named: fewer, until they are. A single one has all of the bar.
 * The number is kept, because the map seldom changes.
 */
static void lay_out(struct view_strip *strip, const struct memmap *map)
{
    uint32_t hash = hash_map(map);
    size_t max = (size_t)(strip->part.area.right - strip->part.area.left) / SEGMENT_PIXELS_MEAN;
    max = max < VIEW_SEGMENT_COUNT ? max : VIEW_SEGMENT_COUNT;
    max = strip->laid_out == hash ? strip->named_max : max;
    for (;; max--) {
        gather(strip, map, max);
        place(strip);
        if (max == 1 || strip->segment_count == 0 || view_strip_place_names(strip))
            break;
    }
    strip->named_max = max;
    strip->laid_out = hash;
}

void view_strip_draw(struct view_strip *strip, const struct memmap *map, struct view_owners *owners)
{
    lay_out(strip, map);
    for (size_t i = 0; i < strip->segment_count; i++) {
        struct view_segment *segment = &strip->segments[i];
        if (segment->kind == VIEW_SEGMENT_OWNED)
            segment->style = owners->owners[view_owners_add(owners, segment->owner, true, 0)].style;
    }
    view_strip_draw_marks(strip);
}
