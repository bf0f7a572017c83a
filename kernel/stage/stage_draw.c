/* Draws a small machine's picture in pixels: each part in its place (stage_layout.h). */

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "kernel/view/view_format.h"
#include "stage_colours.h"
#include "stage_layout.h"
#include "stage_words.h"

#define EDGE_PIXELS 3 /* the stroke at the sentence's left */
#define DASH_PIXELS 4
#define DOT_PIXELS 2

/* Slots of stage->drawn, behind those of the nodes. */
enum slot { SLOT_TITLE, SLOT_LABELS, SLOT_WINDOW, SLOT_TEXT, SLOT_FIGURES, SLOT_LINKS, SLOT_BOOK };

static uint32_t *slot_of(struct stage *stage, enum slot slot)
{
    return &stage->drawn[STAGE_NODES_MAX + slot];
}

/* ---- text ------------------------------------------------------------------------------------ */

static int middle_of(const struct font *font, struct canvas_rect rect)
{
    return (rect.top + rect.bottom - font->height_pixels) / 2;
}

/* The first font in which the text fits; NULL: none. */
static const struct font *font_for(const struct stage_layout *layout, const struct font *largest,
                                   struct canvas_rect rect, const char *text)
{
    const struct font *fonts[] = {largest, layout->font, layout->small, &font_normal, &font_small};
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++)
        if (canvas_text_width(fonts[i], text) <= rect.right - rect.left - 4 &&
            fonts[i]->height_pixels <= rect.bottom - rect.top)
            return fonts[i];
    return NULL;
}

static bool draw_centred_in(const struct stage_layout *layout, const struct font *largest,
                            struct canvas *canvas, struct canvas_rect rect, const char *text,
                            color_t colour)
{
    const struct font *font = font_for(layout, largest, rect, text);
    if (!font)
        return false;
    int left = (rect.left + rect.right - canvas_text_width(font, text)) / 2;
    canvas_draw_text(canvas, font, left, middle_of(font, rect), text, colour);
    return true;
}

static void draw_centred(const struct stage_layout *layout, struct canvas *canvas,
                         struct canvas_rect rect, const char *text, color_t colour)
{
    draw_centred_in(layout, layout->font, canvas, rect, text, colour);
}

/* Three counts with dots between them; only the longest run's where they find no room. */
static void draw_counts(const struct stage_layout *layout, struct canvas *canvas,
                        struct canvas_rect rect, const struct stage_counts *counts, color_t colour)
{
    char text[32];
    format_text(text, sizeof text, "%u   %u   %u", counts->head, counts->longest, counts->tail);
    const struct font *font = font_for(layout, layout->font, rect, text);
    if (!font) {
        format_text(text, sizeof text, "%u", counts->longest);
        draw_centred(layout, canvas, rect, text, colour);
        return;
    }
    int left = (rect.left + rect.right - canvas_text_width(font, text)) / 2;
    int middle = (rect.top + rect.bottom) / 2;
    canvas_draw_text(canvas, font, left, middle_of(font, rect), text, colour);
    for (size_t i = 1; text[i + 1]; i++)
        if (text[i - 1] == ' ' && text[i] == ' ' && text[i + 1] == ' ')
            canvas_fill(canvas,
                        canvas_rect_at(left + (int)i * font->width_pixels + font->width_pixels / 2 -
                                           DOT_PIXELS / 2,
                                       middle, DOT_PIXELS, DOT_PIXELS),
                        THEME_TEXT_DIM);
}

/* ---- outlines -------------------------------------------------------------------------------- */

static void draw_outline(struct canvas *canvas, struct canvas_rect rect, int thick, color_t colour)
{
    if (rect.right - rect.left <= 2 * thick)
        thick = 1;
    for (; thick > 0; thick--) {
        canvas_draw_frame(canvas, rect, colour);
        rect = (struct canvas_rect){rect.left + 1, rect.top + 1, rect.right - 1, rect.bottom - 1};
    }
}

static void draw_dashes(struct canvas *canvas, struct canvas_rect rect, int thick, color_t colour)
{
    for (int x = rect.left; x < rect.right; x += 2 * DASH_PIXELS) {
        int end = x + DASH_PIXELS < rect.right ? x + DASH_PIXELS : rect.right;
        canvas_fill(canvas, (struct canvas_rect){x, rect.top, end, rect.top + thick}, colour);
        canvas_fill(canvas, (struct canvas_rect){x, rect.bottom - thick, end, rect.bottom}, colour);
    }
    for (int y = rect.top; y < rect.bottom; y += 2 * DASH_PIXELS) {
        int end = y + DASH_PIXELS < rect.bottom ? y + DASH_PIXELS : rect.bottom;
        canvas_fill(canvas, (struct canvas_rect){rect.left, y, rect.left + thick, end}, colour);
        canvas_fill(canvas, (struct canvas_rect){rect.right - thick, y, rect.right, end}, colour);
    }
}

static void draw_look(const struct stage_layout *layout, struct canvas *canvas,
                      struct canvas_rect rect, enum stage_look look)
{
    switch (look) {
    case STAGE_REFUSED:
        canvas_draw_line(canvas, rect.left + 1, rect.bottom - 2, rect.right - 2, rect.top + 1,
                         THEME_ERROR);
        draw_outline(canvas, rect, layout->thick - 1, THEME_ERROR);
        break;
    case STAGE_WAY:
        draw_outline(canvas, rect, layout->thick - 1, THEME_ACCENT);
        break;
    case STAGE_CHANGED:
    case STAGE_HERE:
        draw_outline(canvas, rect, layout->thick + 1, THEME_GROUND);
        draw_outline(canvas, rect, layout->thick, THEME_ACCENT);
        break;
    case STAGE_SAME:
        draw_outline(canvas, rect, layout->thick, THEME_TEXT);
        break;
    case STAGE_PLACE:
        draw_dashes(canvas, rect, layout->thick, THEME_ACCENT);
        break;
    default:
        break;
    }
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static void draw_inner(struct canvas *canvas, struct canvas_rect rect)
{
    canvas_fill(canvas, rect, view_mix(THEME_FREE_1, THEME_GROUND, 128));
    canvas_draw_frame(canvas, rect, THEME_FREE_1);
}

static void draw_node(const struct stage_layout *layout, struct canvas *canvas,
                      struct canvas_rect rect, enum stage_kind kind,
                      const struct stage_counts *counts, bool is_old)
{
    switch (kind) {
    case STAGE_FULL:
        canvas_fill(canvas, rect, THEME_FREE_3);
        draw_centred(layout, canvas, rect, "free", THEME_TEXT_DARK);
        break;
    case STAGE_PART:
        canvas_fill(canvas, rect, STAGE_COUNTS_GROUND);
        canvas_draw_frame(canvas, rect, view_mix(THEME_TEXT_DIM, THEME_GROUND, 128));
        draw_counts(layout, canvas, rect, counts, is_old ? THEME_TEXT_DIM : THEME_TEXT);
        break;
    case STAGE_SPLIT:
        canvas_draw_frame(canvas, rect, THEME_FREE_3);
        draw_centred(layout, canvas, rect, "split", THEME_TEXT);
        break;
    case STAGE_TAKEN:
        canvas_draw_frame(canvas, rect, THEME_RULE);
        draw_centred(layout, canvas, rect, "used", THEME_TEXT_DIM);
        break;
    case STAGE_INNER:
        draw_inner(canvas, rect);
        break;
    default:
        break;
    }
}

static uint32_t hash_rect(uint32_t hash, struct canvas_rect rect)
{
    return view_hash_bytes(hash, &rect, sizeof rect);
}

static void show_node(struct stage *stage, const struct stage_layout *layout, struct canvas *canvas,
                      unsigned node)
{
    const struct stage_counts *counts = stage_counts_at(stage, node);
    enum stage_kind kind = stage_kind_of(stage, node);
    enum stage_look look = (enum stage_look)stage->marks.nodes[node];
    struct canvas_rect rect = stage_box_of(layout, stage, node);
    uint32_t hash = hash_rect(VIEW_HASH_START, rect);
    bool is_old = stage_is_old(stage, node);
    hash = view_hash_bytes(hash, counts, sizeof *counts);
    hash = view_hash_value(hash, (is_old * 16 + kind) * 16 + look);
    if (!view_renew(canvas, rect, &stage->drawn[node], hash))
        return;
    draw_node(layout, canvas, rect, kind, counts, is_old);
    draw_look(layout, canvas, rect, look);
}

/* From each box to its halves, where there is room between the rows. */
static void draw_links(struct stage *stage, const struct stage_layout *layout,
                       struct canvas *canvas)
{
    int gap = layout->row_height - layout->box_height;
    for (unsigned node = 1; gap >= 5 && node < stage_frame_count(stage) / 2; node++) {
        struct canvas_rect parent = stage_box_of(layout, stage, node);
        for (unsigned half = 2 * node; half <= 2 * node + 1; half++) {
            struct canvas_rect child = stage_box_of(layout, stage, half);
            canvas_draw_line(canvas, (parent.left + parent.right) / 2, parent.bottom + 1,
                             (child.left + child.right) / 2, child.top - 2,
                             view_mix(THEME_TEXT_DIM, THEME_GROUND, 128));
        }
    }
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* Its owner's name, or the letter that stands for it. */
static void draw_owner(const struct stage *stage, const struct stage_layout *layout,
                       struct canvas *canvas, struct canvas_rect rect, unsigned owner,
                       color_t colour)
{
    const struct view_owner *entry = &stage->owners.owners[owner];
    const char letter[] = {entry->letter, '\0'};
    if (!draw_centred_in(layout, layout->bold, canvas, rect, entry->name, colour))
        draw_centred_in(layout, layout->bold, canvas, rect, letter, colour);
}

static void draw_frame(const struct stage *stage, const struct stage_layout *layout,
                       struct canvas *canvas, struct canvas_rect rect,
                       const struct stage_frame *frame, enum stage_look look, bool is_buddy)
{
    unsigned shade = look == STAGE_OUTSIDE ? STAGE_OUTSIDE_SHADE : 256;
    const char *holder = stage_words_holder(stage, frame);
    char text[8];
    if (frame->state == STAGE_USED) {
        view_style_fill(canvas, rect, stage->owners.owners[frame->owner].style, shade);
        draw_owner(stage, layout, canvas, rect, frame->owner,
                   look == STAGE_OUTSIDE ? THEME_TEXT : THEME_TEXT_DARK);
    } else if (frame->state == STAGE_FREE && is_buddy) {
        canvas_fill(canvas, rect, view_mix(THEME_FREE_3, THEME_GROUND, shade));
        draw_centred(layout, canvas, rect, holder[0] == '\0' ? "free" : holder,
                     look == STAGE_OUTSIDE ? THEME_TEXT : THEME_TEXT_DARK);
    } else if (frame->state == STAGE_FREE) {
        canvas_fill(canvas, rect, view_mix(THEME_FREE_1, THEME_GROUND, shade));
        draw_outline(canvas, rect, 1, view_mix(THEME_FREE_2, THEME_GROUND, shade));
        if (look != STAGE_REFUSED) /* a stroke through the cell */
            draw_centred(layout, canvas, rect, holder, THEME_TEXT);
    }
    if (look == STAGE_LISTED) {
        canvas_fill(canvas, rect, THEME_ACCENT);
        format_text(text, sizeof text, "%u", frame->length);
        if (frame->length > 0)
            draw_centred(layout, canvas, rect, text, THEME_TEXT_DARK);
    }
    draw_look(layout, canvas, rect, look);
}

/* With the gap to the left, which has the block's colour inside of a block. */
static void show_frame(struct stage *stage, const struct stage_layout *layout,
                       struct canvas *canvas, unsigned number)
{
    const struct stage_frame *frame = stage_frame_at(stage, number);
    enum stage_look look = (enum stage_look)stage->marks.frames[number];
    struct canvas_rect rect = stage_cell_of(layout, stage, number);
    struct canvas_rect gap = {rect.left - stage_gap_of(layout, stage), rect.top, rect.left,
                              rect.bottom};
    uint32_t hash = view_hash_bytes(hash_rect(VIEW_HASH_START, rect), frame, sizeof *frame);
    hash = view_hash_text(hash, stage_words_holder(stage, frame));
    unsigned node = stage_frame_count(stage) + number;
    bool is_buddy = stage_kind_of(stage, node) == STAGE_FULL; /* of one frame */
    if (!view_renew(canvas, rect, &stage->drawn[node], view_hash_value(hash, is_buddy * 16 + look)))
        return;
    color_t joint = THEME_GROUND;
    if (frame->joins && frame->state == STAGE_USED && look != STAGE_OUTSIDE)
        joint = view_mix(view_style_colour(stage->owners.owners[frame->owner].style), THEME_GROUND,
                         128);
    if (number > 0)
        canvas_fill(canvas, gap, joint);
    draw_frame(stage, layout, canvas, rect, frame, look, is_buddy);
}

/* ---- words beside the tree ------------------------------------------------------------------- */

static void show_title(struct stage *stage, const struct stage_layout *layout,
                       struct canvas *canvas)
{
    char name[STAGE_TEXT_MAX];
    char figures[STAGE_TEXT_MAX];
    struct canvas_rect rect = layout->title;
    stage_words_title(stage, name, figures);
    uint32_t hash = view_hash_text(view_hash_text(VIEW_HASH_START, name), figures);
    if (!view_renew(canvas, rect, slot_of(stage, SLOT_TITLE), hash_rect(hash, rect)))
        return;
    canvas_draw_text(canvas, layout->title_font, rect.left, rect.top, name, THEME_TEXT);
    view_draw_right(canvas, layout->font, rect.right, middle_of(layout->font, rect), figures,
                    THEME_TEXT);
    canvas_fill(canvas, (struct canvas_rect){0, rect.bottom, canvas->width, rect.bottom + 1},
                THEME_RULE);
}

/* The step between two numbers that find room side by side, a power of two. */
static unsigned number_step(const struct stage_layout *layout, const struct stage *stage)
{
    unsigned step = 1;
    int digits = stage->order > 6 ? 4 : 3;
    while ((layout->right - layout->left) * (int)step >> stage->order <
           digits * layout->small->width_pixels)
        step *= 2;
    return step;
}

static void draw_numbers(const struct stage *stage, const struct stage_layout *layout,
                         struct canvas *canvas)
{
    for (unsigned i = 0; i < stage_frame_count(stage); i += number_step(layout, stage)) {
        struct canvas_rect cell = stage_cell_of(layout, stage, i);
        char text[8];
        format_text(text, sizeof text, "%u", i);
        int left = (cell.left + cell.right - canvas_text_width(layout->small, text)) / 2;
        canvas_draw_text(canvas, layout->small, left < layout->left ? layout->left : left,
                         layout->numbers_top, text, THEME_TEXT_DIM);
    }
}

/* A box of a kind, and its name. Returns where the next one begins. */
static int draw_legend_entry(const struct stage_layout *layout, struct canvas *canvas, int left,
                             enum stage_kind kind, const char *name)
{
    const struct font *font = layout->small;
    struct canvas_rect box = canvas_rect_at(left, layout->labels.top + 1, 2 * font->width_pixels,
                                            font->height_pixels - 2);
    if (kind == STAGE_FULL)
        canvas_fill(canvas, box, THEME_FREE_3);
    else if (kind == STAGE_INNER)
        draw_inner(canvas, box);
    else
        canvas_draw_frame(canvas, box, THEME_TEXT_DIM);
    left += 3 * font->width_pixels;
    canvas_draw_text(canvas, font, left, layout->labels.top, name, THEME_TEXT_DIM);
    return left + canvas_text_width(font, name) + 2 * font->width_pixels;
}

/* What counts are, and what boxes without counts are: at the right, where there is room. */
static void draw_legend(const struct stage_layout *layout, struct canvas *canvas)
{
    static const char counts[] = "free frames: head, longest, tail (grey: old)";
    static const int columns = 47; /* of the entries */
    int left = layout->right - columns * layout->small->width_pixels;
    canvas_draw_text(canvas, layout->small, layout->left, layout->labels.top, counts,
                     THEME_TEXT_DIM);
    if (layout->left + canvas_text_width(layout->small, counts) + layout->small->width_pixels >
        left)
        return;
    left = draw_legend_entry(layout, canvas, left, STAGE_FULL, "free buddy");
    left = draw_legend_entry(layout, canvas, left, STAGE_INNER, "part of a larger one");
    draw_legend_entry(layout, canvas, left, STAGE_TAKEN, "used");
}

static void draw_labels(const struct stage *stage, const struct stage_layout *layout,
                        struct canvas *canvas)
{
    struct canvas_rect rect = layout->labels;
    char text[STAGE_WORDS_MAX];
    draw_legend(layout, canvas);
    for (unsigned order = stage->order; order > 0; order--) {
        struct canvas_rect box = stage_box_of(layout, stage, stage_node(stage, order, 0));
        format_text(text, sizeof text, "%u frames", 1u << order);
        canvas_draw_text(canvas, layout->small, rect.left, middle_of(layout->small, box), text,
                         THEME_TEXT_DIM);
    }
    struct canvas_rect cell = stage_cell_of(layout, stage, 0);
    canvas_draw_text(canvas, layout->small, rect.left, middle_of(layout->small, cell), "frames",
                     THEME_TEXT_DIM);
    draw_numbers(stage, layout, canvas);
}

static void draw_window(const struct stage *stage, const struct stage_layout *layout,
                        struct canvas *canvas)
{
    const struct stage_marks *marks = &stage->marks;
    struct canvas_rect rect = layout->window;
    int left = stage_left_of(layout, stage, marks->window.first);
    int right = stage_left_of(layout, stage, marks->window.end) - stage_gap_of(layout, stage);
    int top = rect.top + 3;
    canvas_fill(canvas, (struct canvas_rect){left, top, right, top + 2}, THEME_ACCENT);
    canvas_fill(canvas, (struct canvas_rect){left, top - 3, left + 2, top + 5}, THEME_ACCENT);
    canvas_fill(canvas, (struct canvas_rect){right - 2, top - 3, right, top + 5}, THEME_ACCENT);
    int width = canvas_text_width(layout->font, marks->window_words);
    int text_left = (left + right - width) / 2;
    text_left = text_left < layout->left ? layout->left : text_left;
    text_left = text_left + width > layout->right ? layout->right - width : text_left;
    canvas_draw_text(canvas, layout->font, text_left, rect.top + STAGE_BRACKET_PIXELS,
                     marks->window_words, THEME_ACCENT);
}

/* The window of a request: a bracket, and words below it. Without one, who has free frames. */
static void show_window(struct stage *stage, const struct stage_layout *layout,
                        struct canvas *canvas)
{
    const struct stage_marks *marks = &stage->marks;
    struct canvas_rect rect = layout->window;
    bool has_window = marks->window.first < marks->window.end;
    const char *text = has_window ? marks->window_words : stage_words_holders(stage);
    uint32_t hash =
        view_hash_bytes(hash_rect(VIEW_HASH_START, rect), &marks->window, sizeof marks->window);
    if (!view_renew(canvas, rect, slot_of(stage, SLOT_WINDOW), view_hash_text(hash, text)))
        return;
    if (has_window)
        draw_window(stage, layout, canvas);
    else
        view_draw_fitted(canvas, layout->small, layout->left, rect.top + STAGE_BRACKET_PIXELS,
                         rect.right - layout->left, text, THEME_TEXT_DIM);
}

static void show_text(struct stage *stage, const struct stage_layout *layout, struct canvas *canvas)
{
    struct canvas_rect rect = layout->text;
    const char *text = stage->marks.text[0] ? stage->marks.text : stage_words_idle();
    color_t colour = stage->marks.text[0] ? THEME_TEXT : THEME_TEXT_DIM;
    int left = rect.left + EDGE_PIXELS + STAGE_PAD;
    size_t columns = (size_t)((rect.right - STAGE_PAD - left) / layout->font->width_pixels);
    uint32_t hash = view_hash_text(hash_rect(VIEW_HASH_START, rect), text);
    if (!view_renew(canvas, rect, slot_of(stage, SLOT_TEXT), hash))
        return;
    canvas_fill(canvas, rect, STAGE_TEXT_GROUND);
    canvas_fill(canvas,
                (struct canvas_rect){rect.left, rect.top, rect.left + EDGE_PIXELS, rect.bottom},
                THEME_ACCENT);
    int line = layout->font->height_pixels;
    size_t lines = wrap_count(text, columns);
    int top = (rect.top + rect.bottom -
               (int)(lines < STAGE_TEXT_LINES ? lines : STAGE_TEXT_LINES) * line) /
              2;
    const char *start;
    size_t length;
    for (; top + line <= rect.bottom && (start = wrap_next(&text, columns, &length)); top += line)
        view_draw_line(canvas, layout->font, left, top, start, length, colour);
}

/* ---- the textbook ---------------------------------------------------------------------------- */

static void draw_book_block(const struct stage *stage, const struct stage_layout *layout,
                            struct canvas *canvas, unsigned first)
{
    const struct textbook_frame *block = &stage->textbook.frames[first];
    for (unsigned i = 0; i < 1u << block->order; i++) {
        struct canvas_rect rect = stage_book_cell_of(layout, stage, first + i);
        if (block->is_free) {
            canvas_fill(canvas, rect, THEME_FREE_1);
        } else if (i < block->asked) {
            view_style_fill(canvas, rect, stage->owners.owners[block->owner].style, 256);
            draw_owner(stage, layout, canvas, rect, block->owner, THEME_TEXT_DARK);
        } else {
            canvas_fill(canvas, rect, STAGE_LOST_GROUND);
            draw_outline(canvas, rect, 1, THEME_ERROR);
            draw_centred(layout, canvas, rect, "lost", THEME_ERROR);
        }
    }
}

static void show_textbook(struct stage *stage, const struct stage_layout *layout,
                          struct canvas *canvas)
{
    char text[STAGE_TEXT_MAX];
    struct canvas_rect rect = layout->figures;
    const struct textbook *book = &stage->textbook;
    if (!stage->shows_textbook)
        return;
    stage_words_textbook(stage, text);
    uint32_t hash = view_hash_text(hash_rect(VIEW_HASH_START, rect), text);
    hash = view_hash_bytes(hash, book->frames, sizeof book->frames);
    rect.bottom = layout->book_top + layout->book_height;
    if (!view_renew(canvas, rect, slot_of(stage, SLOT_BOOK), hash))
        return;
    int width = rect.right - rect.left;
    bool is_good = textbook_lost(book) == 0 && book->refused == 0;
    view_draw_fitted(canvas, layout->font, rect.left, rect.top, width, stage_words_textbook_rule(),
                     THEME_TEXT_DIM);
    view_draw_fitted(canvas, layout->font, rect.left, rect.top + layout->font->height_pixels, width,
                     text, is_good ? THEME_TEXT : THEME_ERROR);
    canvas_draw_text(canvas, layout->small, rect.left,
                     middle_of(layout->small, stage_book_cell_of(layout, stage, 0)), "textbook",
                     THEME_TEXT_DIM);
    for (unsigned i = 0; i < stage_frame_count(stage); i += 1u << book->frames[i].order)
        draw_book_block(stage, layout, canvas, i);
}

/* ---- the whole ------------------------------------------------------------------------------- */

void stage_forget_drawn(struct stage *stage)
{
    memset(stage->drawn, 0, sizeof stage->drawn);
}

void stage_draw(struct stage *stage, struct canvas *canvas, struct canvas_rect picture)
{
    struct stage_layout layout = stage_lay_out(stage, picture);
    struct canvas_rect rule = picture;
    uint32_t hash = hash_rect(VIEW_HASH_START, picture);
    hash = view_hash_value(hash, stage->shows_textbook + 2 * stage->is_large);
    rule.top = rule.bottom - 1;
    if (stage->drawn[0] != hash) { /* the layout is another one */
        stage_forget_drawn(stage);
        stage->drawn[0] = hash;
        canvas_fill(canvas, picture, THEME_GROUND);
        canvas_fill(canvas, rule, THEME_RULE);
        draw_labels(stage, &layout, canvas);
        draw_links(stage, &layout, canvas);
    }
    show_title(stage, &layout, canvas);
    for (unsigned node = 1; node < stage_frame_count(stage); node++)
        show_node(stage, &layout, canvas, node);
    for (unsigned i = 0; i < stage_frame_count(stage); i++)
        show_frame(stage, &layout, canvas, i);
    show_window(stage, &layout, canvas);
    show_textbook(stage, &layout, canvas);
    show_text(stage, &layout, canvas);
}
