/* Draws the line of moments. Its cells have one width, so that a step is a step at any place. */

#include "view_scale.h"

#include "kernel/lib/string.h"
#include "view_format.h"

#define PAD_PIXELS 8
#define SHOWN_PIXELS_MIN 5
#define CELL_PIXELS_MAX 12

static const char first_word[] = "oldest";
static const char last_word[] = "now";

void view_scale_begin(struct view_scale *scale, size_t moment_count)
{
    memset(scale->looks, VIEW_SCALE_NOTHING, sizeof scale->looks);
    scale->count = moment_count < VIEW_SCALE_MAX ? moment_count : VIEW_SCALE_MAX;
}

/* The first and the last moment have cells of their own ends. */
static size_t place_of(size_t index, size_t count, size_t place_count)
{
    return count > 1 ? index * (place_count - 1) / (count - 1) : 0;
}

void view_scale_enter(struct view_scale *scale, size_t index, size_t moment_count,
                      enum view_scale_look look)
{
    uint8_t *cell = &scale->looks[place_of(index, moment_count, scale->count)];
    *cell = *cell > look ? *cell : (uint8_t)look;
}

size_t view_scale_moment(const struct view_scale *scale, size_t cell, size_t moment_count)
{
    size_t last = scale->count - 1;
    return last > 0 ? (cell * (moment_count - 1) + last - 1) / last : 0;
}

static void draw_cell(struct canvas *canvas, struct canvas_rect cell, enum view_scale_look look,
                      bool is_later)
{
    int middle = (cell.top + cell.bottom) / 2;
    color_t colour = look == VIEW_SCALE_MANY ? THEME_ACCENT : THEME_BAR;
    if (cell.right - cell.left > 2)
        cell.right--;
    if (look == VIEW_SCALE_ALLOCATED)
        cell.bottom = middle;
    else if (look == VIEW_SCALE_FREED)
        cell.top = middle + 1;
    if (look != VIEW_SCALE_NOTHING)
        canvas_fill(canvas, cell, is_later ? view_mix(colour, THEME_PANEL, 112) : colour);
}

static void draw_shown(struct canvas *canvas, struct canvas_rect cell)
{
    int missing = SHOWN_PIXELS_MIN - (cell.right - cell.left);
    if (missing > 0) {
        cell.left -= missing / 2;
        cell.right = cell.left + SHOWN_PIXELS_MIN;
    }
    canvas_fill(canvas, cell, THEME_TEXT);
}

static void draw_cells(const struct view_scale *scale, struct canvas *canvas,
                       struct canvas_rect line)
{
    int width = line.right - line.left;
    int count = (int)scale->count;
    struct canvas_rect shown = {0};
    for (int i = 0; i < count; i++) {
        struct canvas_rect cell = {line.left + width * i / count, line.top,
                                   line.left + width * (i + 1) / count, line.bottom};
        if (scale->looks[i] == VIEW_SCALE_SHOWN)
            shown = cell;
        else
            draw_cell(canvas, cell, (enum view_scale_look)scale->looks[i],
                      !canvas_rect_is_empty(shown));
    }
    draw_shown(canvas, shown);
}

/* With the words. */
static struct canvas_rect whole_line(const struct view_note_place *place)
{
    struct canvas_rect line = place->area;
    line.left += 2 * PAD_PIXELS;
    line.right -= PAD_PIXELS;
    line.bottom -= 2;
    line.top = line.bottom - place->text_font->height_pixels;
    return line;
}

/* The cells, between the words. */
static struct canvas_rect cells_line(const struct view_scale *scale,
                                     const struct view_note_place *place)
{
    struct canvas_rect line = whole_line(place);
    line.left += canvas_text_width(place->text_font, first_word) + PAD_PIXELS;
    line.right -= canvas_text_width(place->text_font, last_word) + PAD_PIXELS;
    if (line.right - line.left > (int)scale->count * CELL_PIXELS_MAX)
        line.right = line.left + (int)scale->count * CELL_PIXELS_MAX;
    return line;
}

bool view_scale_holds(const struct view_scale *scale, const struct view_note_place *place, int x,
                      int y)
{
    struct canvas_rect line = cells_line(scale, place);
    return x >= line.left && x < line.right && y >= line.top && y < line.bottom;
}

/* As draw_cells divides the line. */
size_t view_scale_cell_at(const struct view_scale *scale, const struct view_note_place *place,
                          int x)
{
    struct canvas_rect line = cells_line(scale, place);
    int width = line.right - line.left;
    int count = (int)scale->count;
    int cell = 0;
    while (cell + 1 < count && x >= line.left + width * (cell + 1) / count)
        cell++;
    return (size_t)cell;
}

void view_scale_draw(const struct view_scale *scale, const struct view_note_place *place,
                     struct canvas *canvas)
{
    const struct font *font = place->text_font;
    struct canvas_rect whole = whole_line(place);
    struct canvas_rect line = cells_line(scale, place);
    canvas_fill(canvas, whole, THEME_PANEL);
    canvas_draw_text(canvas, font, whole.left, line.top, first_word, THEME_TEXT_DIM);
    canvas_draw_text(canvas, font, line.right + PAD_PIXELS, line.top, last_word, THEME_TEXT_DIM);
    struct canvas_rect rule = {line.left, (line.top + line.bottom) / 2, line.right, 0};
    rule.bottom = rule.top + 1;
    canvas_fill(canvas, rule, THEME_RULE);
    draw_cells(scale, canvas, line);
}

/* ---- on a text screen ------------------------------------------------------------------------ */

#define FIRST_COLUMN 8
#define CELL_COLUMNS_MAX 2
#define COLUMNS ((size_t)VIEW_CHARS_COLUMNS - FIRST_COLUMN - 5)

/* Of code page 437: a line; half blocks below and above, full ones. */
static const view_char_t characters[] = {[VIEW_SCALE_NOTHING] = 0x08C4,
                                         [VIEW_SCALE_FREED] = 0x03DC,
                                         [VIEW_SCALE_ALLOCATED] = 0x03DF,
                                         [VIEW_SCALE_MANY] = 0x06DB,
                                         [VIEW_SCALE_SHOWN] = 0x0FDB};

void view_scale_draw_chars(const struct view_scale *scale, view_char_t cells[VIEW_CHARS_COLUMNS])
{
    uint8_t looks[COLUMNS] = {0};
    size_t count = scale->count < COLUMNS ? scale->count : COLUMNS;
    for (size_t i = 0; i < scale->count; i++) {
        uint8_t *look = &looks[place_of(i, scale->count, count)];
        *look = *look > scale->looks[i] ? *look : scale->looks[i];
    }
    for (size_t i = 0; i < VIEW_CHARS_COLUMNS; i++)
        cells[i] = VIEW_CHARS_NORMAL | ' ';
    view_chars_write(cells + 1, VIEW_CHARS_NORMAL, first_word, sizeof first_word - 1);
    size_t width = count * CELL_COLUMNS_MAX < COLUMNS ? count * CELL_COLUMNS_MAX : COLUMNS;
    for (size_t i = 0; i < width; i++)
        cells[FIRST_COLUMN + i] = characters[looks[i * count / width]];
    view_chars_write(cells + FIRST_COLUMN + width + 1, VIEW_CHARS_NORMAL, last_word,
                     sizeof last_word - 1);
}
