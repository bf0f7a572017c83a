/*
 * Draws the picture of memory: one snapshot, six parts. The layout follows one margin: what stands
 * side by side is a margin apart, and everything begins at the same left edge. The shell gets its
 * lines first, as it is useless without them; the picture takes the rest.
 */

#include "view.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "mm/bits.h"
#include "view_format.h"

#define LOGO_PIXELS 24

/* Below this, the small picture. */
#define FULL_WIDTH_MIN 640
#define FULL_HEIGHT_MIN 480

/* The terminal's lines, picked by height; above 768 lines the picture gets its share instead. */
#define TERMINAL_LINES_480 9
#define TERMINAL_LINES_600 13
#define PICTURE_PERCENT 60
#define PICTURE_PERCENT_LARGE 64

/* The history's share below the legend, and what either needs to say something. */
#define HISTORY_PERCENT 50
#define HISTORY_LABELS_MIN 8 /* of a label's height: three lines of words, and two charts */
#define LEGEND_LINES_MIN 3
#define HISTORY_WIDTH_MIN 800

/* A frame around a part: from the part to its outer edge, and how thick it is. */
#define LIT_GAP 3
#define LIT_PIXELS 2

/* Above and below the info line; with fewer columns, it is two lines. */
#define INFO_GAP 5
#define INFO_COLUMNS_MIN 140

/* From a caption's edge to its text; and from which width on it has the shell's font. */
#define CAPTION_INSET 6
#define CAPTION_INSET_SMALL 3
#define CAPTION_WIDTH_NORMAL 800

/* From here on, letters are larger: such screens are looked at from farther away. */
#define WIDE_WIDTH 1600

struct layout {
    int margin; /* between the parts and the edges */
    int gutter; /* between columns */
    const struct font *heading;
    const struct font *label;
    int tree_width; /* at least: it gets what the columns of frames leave */
    int legend_width;
};

static struct layout choose_layout(int width, bool is_large)
{
    if (is_large)
        return (struct layout){24, 32, &font_title, &font_large, width * 26 / 100, width / 5};
    if (width < 800)
        return (struct layout){8, 12, &font_small, &font_small, 190, 112};
    if (width < 1024)
        return (struct layout){12, 16, &font_bold, &font_small, 230, 132};
    if (width < 1280)
        return (struct layout){16, 24, &font_bold, &font_small, 280, 196};
    if (width < 1600)
        return (struct layout){16, 24, &font_bold, &font_small, 380, 210};
    return (struct layout){24, 32, &font_title, &font_normal, 560, 300};
}

static const struct view_fonts *choose_fonts(const struct view *view)
{
    static const struct view_fonts large = {&font_huge, &font_large, &font_title, &font_large,
                                            &font_huge};
    static const struct view_fonts wide = {&font_huge, &font_normal, &font_title, &font_large,
                                           &font_large};
    static const struct view_fonts usual = {&font_title, &font_small, &font_bold, &font_normal,
                                            &font_normal};
    static const struct view_fonts small = {&font_title, &font_small, &font_bold, &font_small,
                                            &font_normal};
    if (view->is_large)
        return &large;
    if (view->canvas->width < CAPTION_WIDTH_NORMAL)
        return &small;
    return view->canvas->width < WIDE_WIDTH ? &usual : &wide;
}

static int choose_picture_height(const struct view *view, int margin)
{
    int height = view->canvas->height;
    int lines = height < 600 ? TERMINAL_LINES_480 : TERMINAL_LINES_600;
    if (view->is_large)
        return height * PICTURE_PERCENT_LARGE / 100;
    if (height >= 768)
        return height * PICTURE_PERCENT / 100;
    return height - lines * font_normal.height_pixels - margin;
}

/* Of the history, if it and the legend above it find room; else 0. */
static int choose_history_height(const struct view_part *part, int width, int height, int margin)
{
    int label = part->label->height_pixels;
    int least = part->heading->height_pixels + VIEW_PART_GAP + HISTORY_LABELS_MIN * label;
    int legend = part->heading->height_pixels + VIEW_PART_GAP + LEGEND_LINES_MIN * (label + 2);
    int history = height * HISTORY_PERCENT / 100;
    history = history < least ? least : history;
    return width < HISTORY_WIDTH_MIN || height < history + margin + legend ? 0 : history;
}

static void place_panels(struct view *view, const struct layout *layout, int top)
{
    int bottom = view->info.area.top - INFO_GAP;
    int right = view->picture.right - layout->margin;
    int height =
        choose_history_height(&view->info, view->canvas->width, bottom - top, layout->margin);
    struct view_part legend = view->info;
    legend.area = (struct canvas_rect){right - layout->legend_width, top, right, bottom};
    struct view_part history = {.area = {0}};
    struct view_part tree = legend;
    struct view_part frames = legend;
    tree.area.right = legend.area.left - layout->gutter;
    frames.area.left = layout->margin;
    frames.area.right = tree.area.right - layout->tree_width - layout->gutter;
    view_frames_init(&view->frames, &frames, &view->marks);
    tree.area.left = view->frames.part.area.right + layout->gutter;
    if (height > 0) {
        history = legend;
        history.area.top = bottom - height;
        legend.area.bottom = history.area.top - layout->margin;
    }
    view->history.part = history;
    view->legend.part = legend;
    view->tree.part = tree;
    view->tree.grid = &view->frames.grid;
    view->tree.marks = &view->marks;
}

/* A word and a figure below it. */
static int title_height(const struct view *view)
{
    return view->fonts->word->height_pixels + view->fonts->figure->height_pixels;
}

static void init_full(struct view *view)
{
    struct layout layout = choose_layout(view->canvas->width, view->is_large);
    int margin = layout.margin;
    int width = view->canvas->width;
    int inner = width - 2 * margin;
    int info_lines = inner / layout.label->width_pixels < INFO_COLUMNS_MIN ? 2 : 1;
    int info_height = info_lines * layout.label->height_pixels;
    struct view_part part = {view->canvas, {0}, layout.heading, layout.label, false};
    view->picture = canvas_rect_at(0, 0, width, choose_picture_height(view, margin));
    view->terminal = canvas_rect_at(margin, view->picture.bottom + margin / 2, inner,
                                    view->canvas->height - view->picture.bottom - margin);
    view->title = canvas_rect_at(margin, margin * 3 / 4, inner, title_height(view));
    view->info = view->strip.part = part;
    view->info.area =
        canvas_rect_at(margin, view->picture.bottom - INFO_GAP - info_height, inner, info_height);
    view->strip.part.area =
        canvas_rect_at(margin, view->title.bottom + margin, inner, view_strip_height(&part));
    view->strip.window = &view->marks.window;
    view->strip.zoomed = &view->frames.grid.shown;
    place_panels(view, &layout, view->strip.part.area.bottom + margin);
}

void view_init(struct view *view, struct canvas *canvas)
{
    memset(view, 0, offsetof(struct view, history));
    view->history.drawn_count = 0;
    view->canvas = canvas;
    view->is_small = canvas->width < FULL_WIDTH_MIN || canvas->height < FULL_HEIGHT_MIN;
    view->is_large = view->is_large && canvas->width >= VIEW_LARGE_WIDTH_MIN &&
                     canvas->height >= VIEW_LARGE_HEIGHT_MIN;
    view->fonts = choose_fonts(view);
    view->blank = true;
    view_owners_init(&view->owners);
    if (view->is_small)
        view_small_init(view);
    else
        init_full(view);
}

const struct font *view_terminal_font(const struct view *view)
{
    return view->is_small ? &font_small : view->fonts->shell;
}

static int logo_pixels(const struct view *view)
{
    return view->is_large ? 2 * LOGO_PIXELS : LOGO_PIXELS;
}

/* Three courses of squared stones. */
static void draw_logo(const struct view *view, int left, int top)
{
    static const struct {
        int8_t left, top, width;
    } stones[] = {{0, 0, 15}, {16, 0, 8}, {0, 8, 7}, {8, 8, 16}, {0, 16, 13}, {14, 16, 10}};
    int scale = logo_pixels(view) / LOGO_PIXELS;
    for (size_t i = 0; i < sizeof stones / sizeof stones[0]; i++)
        canvas_fill(view->canvas,
                    canvas_rect_at(left + scale * stones[i].left, top + scale * stones[i].top,
                                   scale * stones[i].width, scale * 7),
                    i % 2 == 0 ? THEME_ACCENT : view_mix(THEME_ACCENT, THEME_GROUND, 176));
}

/* All that stays the same. */
static void draw_ground(struct view *view)
{
    struct canvas *canvas = view->canvas;
    struct canvas_rect rule = canvas_rect_at(0, view->picture.bottom - 1, canvas->width, 1);
    view_fill_around(canvas, canvas_bounds(canvas), view->terminal, THEME_GROUND);
    canvas_fill(canvas, rule, THEME_RULE);
    view->blank = false;
    view->drawn_lit = VIEW_PANEL_NONE;
    if (view->is_small)
        return;
    rule.top = view->title.bottom + view->title.left / 2;
    rule.bottom = rule.top + 1;
    canvas_fill(canvas, rule, THEME_RULE);
    draw_logo(view, view->title.left,
              (view->title.top + view->title.bottom - logo_pixels(view)) / 2);
}

/* Two letters and more stay free between the words above two figures. */
static int stat_width(const struct view *view)
{
    int words = 13 * view->fonts->word->width_pixels;
    int figures = 11 * view->fonts->figure->width_pixels;
    int least = words > figures ? words : figures;
    int share = (view->title.right - view->title.left) / 14;
    return share > least ? share : least;
}

/* Whose memory it is: where none of it is there, this is said in place of the system's name. */
static void draw_name(struct view *view)
{
    struct canvas *canvas = view->canvas;
    struct canvas_rect rect = view->title;
    const char *label = view->past ? "the past, event" : "simulated machine";
    const char *name = view->past ? view->past : view->simulated;
    uint32_t hash = view_hash_text(view_hash_text(VIEW_HASH_START, label), name ? name : "");
    rect.left += logo_pixels(view) + 8;
    rect.right -= VIEW_STAT_COUNT * stat_width(view);
    if (!view_renew(canvas, rect, &view->drawn.name, hash))
        return;
    if (!name) {
        canvas_draw_text(canvas, view->fonts->name, rect.left,
                         (rect.top + rect.bottom - view->fonts->name->height_pixels) / 2, "Ashlar",
                         THEME_TEXT);
        return;
    }
    view_draw_fitted(canvas, view->fonts->word, rect.left, rect.top, rect.right - rect.left, label,
                     THEME_ERROR);
    view_draw_fitted(canvas, view->fonts->figure, rect.left,
                     rect.top + view->fonts->word->height_pixels, rect.right - rect.left, name,
                     THEME_TEXT);
}

/* A caption and a figure below it, in a column of its own, counted from the right. */
static void draw_stat(struct view *view, size_t index, const char *caption, const char *figure)
{
    int width = stat_width(view);
    int right = view->title.right - (int)(VIEW_STAT_COUNT - 1 - index) * width;
    struct canvas_rect rect = {right - width, view->title.top, right, view->title.bottom};
    uint32_t hash = view_hash_text(VIEW_HASH_START, figure);
    if (!view_renew(view->canvas, rect, &view->drawn.stats[index], hash))
        return;
    view_draw_right(view->canvas, view->fonts->word, right, rect.top, caption, THEME_TEXT_DIM);
    view_draw_right(view->canvas, view->fonts->figure, right,
                    rect.top + view->fonts->word->height_pixels, figure, THEME_TEXT);
}

static void draw_title(struct view *view, struct mm *mm)
{
    static const char *const captions[] = {"managed", "free", "used", "longest run"};
    struct mm_totals totals;
    char figure[24];
    draw_name(view);
    mm_get_totals(mm, &totals);
    const pfn_t amounts[] = {totals.frame_count, totals.free_count,
                             totals.frame_count - totals.free_count, totals.largest_run};
    for (size_t i = 0; i < VIEW_STAT_COUNT - 1; i++)
        draw_stat(view, i, captions[i], format_bytes(figure, amounts[i] << FRAME_SHIFT));
    format_text(figure, sizeof figure, "%u", (unsigned)totals.block_count);
    draw_stat(view, VIEW_STAT_COUNT - 1, "blocks", figure);
}

/* The orders that this machine can have: up to the largest power of two in what it manages. */
static unsigned count_orders(struct mm *mm)
{
    if (mm->buddy.frame_count == 0)
        return 1;
    unsigned order_count = bits_highest(mm->buddy.frame_count) + 1;
    return order_count < BUDDY_ORDER_COUNT ? order_count : BUDDY_ORDER_COUNT;
}

static void draw_info(struct view *view)
{
    const struct view_part *info = &view->info;
    uint32_t hash = view_hash_text(VIEW_HASH_START, view->info_text);
    if (!view_renew(view->canvas, info->area, &view->drawn.info, hash))
        return;
    int width = info->area.right - info->area.left;
    int top = info->area.top;
    int last = info->area.bottom - info->label->height_pixels;
    const char *rest = view->info_text;
    for (; top < last; top += info->label->height_pixels) {
        size_t length;
        const char *line = wrap_next(&rest, (size_t)(width / info->label->width_pixels), &length);
        if (!line)
            return;
        view_draw_line(view->canvas, info->label, info->area.left, top, line, length, THEME_ACCENT);
    }
    view_draw_fitted(view->canvas, info->label, info->area.left, top, width, rest, THEME_ACCENT);
}

static struct canvas_rect panel_area(const struct view *view, enum view_panel panel)
{
    return panel == VIEW_PANEL_STRIP  ? view->strip.part.area
           : panel == VIEW_PANEL_TREE ? view->tree.part.area
                                      : view->legend.part.area;
}

/* In the margin, where nothing else is drawn. */
static void frame_panel(struct view *view, enum view_panel panel, color_t colour)
{
    struct canvas_rect rect = panel_area(view, panel);
    if (panel == VIEW_PANEL_NONE)
        return;
    for (int i = LIT_GAP; i > LIT_GAP - LIT_PIXELS; i--)
        canvas_draw_frame(
            view->canvas,
            (struct canvas_rect){rect.left - i, rect.top - i, rect.right + i, rect.bottom + i},
            colour);
}

static void draw_lit(struct view *view)
{
    if (view->drawn_lit == view->lit)
        return;
    frame_panel(view, view->drawn_lit, THEME_GROUND);
    frame_panel(view, view->lit, THEME_ACCENT);
    view->drawn_lit = view->lit;
}

static void take_free(void *context, struct frame_range run)
{
    struct view *view = context;
    view_tree_enter(&view->tree, run);
    view_history_enter(&view->history, run);
}

static void draw_full(struct view *view, const struct memmap *map, struct mm *mm,
                      unsigned order_count)
{
    draw_title(view, mm);
    view_tree_begin(&view->tree, order_count);
    view->frames.take_free = take_free;
    view->frames.free_context = view;
    view_frames_draw(&view->frames, map, mm, order_count, &view->owners);
    if (view->past)
        view_history_skip(&view->history);
    else
        view_history_end(&view->history, mm->buddy.frame_count, order_count);
    view_strip_draw(&view->strip, map, &view->owners);
    view_tree_draw(&view->tree);
    view_legend_draw(&view->legend, &view->owners);
    view_history_draw(&view->history);
    draw_info(view);
    draw_lit(view);
}

/* ---- the caption ---------------------------------------------------------------------------- */

/* The cells that show the range, or what is shown of its first and its last row. */
static struct canvas_rect find_anchor(const struct view *view, struct frame_range range)
{
    struct canvas_rect first = view_frames_find(&view->frames, range.first);
    struct canvas_rect last = view_frames_find(&view->frames, range.end - 1);
    if (range.first >= range.end || canvas_rect_is_empty(first) || canvas_rect_is_empty(last))
        return (struct canvas_rect){0};
    if (first.top != last.top)
        return (struct canvas_rect){view->frames.left, first.top, view->frames.part.area.right,
                                    last.bottom};
    return (struct canvas_rect){first.left, first.top, last.right, last.bottom};
}

/* Below the title; in the small picture down to the shell, without a line for its own title. */
static struct view_caption_space caption_space(const struct view *view)
{
    const struct font *font = view->fonts->caption;
    struct view_caption_space space = {.area = {view->title.left, view->strip.part.area.top,
                                                view->title.right, view->info.area.top - 1},
                                       .font = font,
                                       .glyph_width = font->width_pixels,
                                       .glyph_height = font->height_pixels,
                                       .inset_x = CAPTION_INSET + 4,
                                       .inset_y = CAPTION_INSET,
                                       .gap = 2 * font->height_pixels};
    if (!view->is_small)
        return space;
    space.area = (struct canvas_rect){view->title.left, view->title.bottom, view->title.right,
                                      view->legend.part.area.bottom};
    space.inset_x = space.inset_y = CAPTION_INSET_SMALL;
    space.titles_edge = true;
    space.gap = CAPTION_INSET;
    return space;
}

static void draw_caption(struct view *view)
{
    struct view_caption_space space = caption_space(view);
    if (!view_caption_lay_out(&view->caption, &space, find_anchor(view, view->caption.frames)))
        return;
    view_caption_draw(&view->caption, view->canvas);
    view->covered = view_caption_bounds(&view->caption);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void view_say(struct view *view, const char *text)
{
    format_text(view->info_text, sizeof view->info_text, "%s", text);
}

void view_draw_marks(struct view *view)
{
    view_frames_draw_marks(&view->frames);
    if (!view->is_small) {
        view_strip_draw_marks(&view->strip);
        view_tree_draw(&view->tree);
        draw_info(view);
        draw_lit(view);
    }
    if (!canvas_rect_is_empty(view->covered))
        view_caption_draw(&view->caption, view->canvas); /* over what was drawn into it */
}

/* As if nothing were on the screen; layout, owners, zoom and history stay. */
static void forget_drawn(struct view *view)
{
    view->blank = true;
    memset(&view->drawn, 0, sizeof view->drawn);
    memset(view->legend.drawn, 0, sizeof view->legend.drawn);
    memset(view->tree.drawn, 0, sizeof view->tree.drawn);
    view->tree.drawn_axis = view->strip.drawn = view->frames.drawn_layout = 0;
    view->history.drawn_count = 0;
    view->legend.part.is_titled = view->tree.part.is_titled = view->history.part.is_titled = false;
}

static void draw_memory(struct view *view, const struct memmap *map, struct mm *mm)
{
    unsigned order_count = count_orders(mm);
    view_owners_hold(&view->owners, view->past);
    view_owners_reset(&view->owners);
    if (view->blank)
        draw_ground(view);
    if (view->is_small)
        view_small_draw(view, map, mm, order_count);
    else
        draw_full(view, map, mm, order_count);
}

/* Only what the caption covered is drawn once more: a canvas without pixels cannot give it back. */
void view_draw(struct view *view, const struct memmap *map, struct mm *mm)
{
    draw_memory(view, map, mm);
    if (!canvas_rect_is_empty(view->covered)) {
        canvas_set_clip(view->canvas, view->covered);
        forget_drawn(view);
        draw_memory(view, map, mm);
        canvas_set_clip(view->canvas, canvas_bounds(view->canvas));
        view->covered = (struct canvas_rect){0};
    }
    draw_caption(view);
}
