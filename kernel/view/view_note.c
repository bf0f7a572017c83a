/* Draws a note above the console. Readers sit farther from larger screens, so the type grows. */

#include "view_note.h"

#include "kernel/lib/string.h"
#include "kernel/lib/wrap.h"
#include "view_format.h"

#define EDGE_PIXELS 3 /* the stroke at the left */
#define PAD_PIXELS 8
#define GAP_PIXELS 4
#define CONSOLE_LINES_MIN 3
#define COLUMNS_MAX 240 /* longer lines are hard to read */

/* On a text screen. */
#define MARGIN 1

static void choose_fonts(struct view_note_place *place, int width, int height)
{
    if (place->is_large) {
        place->title_font = place->text_font = place->console_font = &font_huge;
        return;
    }
    place->title_font = width < 1600 ? &font_bold : &font_title;
    place->text_font = width < 800 ? &font_small : width < 1600 ? &font_normal : &font_title;
    place->console_font = height < 600 ? &font_small : width < 1600 ? &font_normal : &font_large;
}

static int text_left(const struct view_note_place *place)
{
    return place->area.left + EDGE_PIXELS + PAD_PIXELS;
}

static size_t text_columns(const struct view_note_place *place)
{
    int width = place->area.right - PAD_PIXELS - text_left(place);
    int columns = width / place->text_font->width_pixels;
    return (size_t)(columns < COLUMNS_MAX ? columns : COLUMNS_MAX);
}

void view_note_place(struct view_note_place *place, const struct canvas *canvas,
                     struct canvas_rect console, view_note_measure_t *measure)
{
    choose_fonts(place, canvas->width, canvas->height);
    place->area = place->console = console;
    int lines = (int)measure(text_columns(place));
    int height = place->title_font->height_pixels + lines * place->text_font->height_pixels;
    int bottom = console.top + height + 3 * GAP_PIXELS;
    int lowest = console.bottom - CONSOLE_LINES_MIN * place->console_font->height_pixels;
    bottom = bottom < lowest ? bottom : lowest;
    place->area.bottom = bottom;
    place->console.top = bottom + GAP_PIXELS;
}

/* ---- choices --------------------------------------------------------------------------------- */

#define CHOICE_PAD 1 /* blanks at either side of a label */
#define CHOICE_GAP 2

/* Where a choice stands: in which of their lines, and from which column on. */
struct spot {
    size_t line;
    size_t column;
    size_t width;
};

static struct spot find_spot(const struct view_note_choice *choices, size_t index, size_t columns)
{
    struct spot spot = {0};
    for (size_t i = 0; i <= index; i++) {
        spot.column += i > 0 ? spot.width + CHOICE_GAP : 0;
        spot.width = strlen(choices[i].label) + 2 * CHOICE_PAD;
        if (spot.column + spot.width <= columns || spot.column == 0)
            continue;
        spot.line++;
        spot.column = 0;
    }
    return spot;
}

size_t view_note_choice_lines(const struct view_note_choice *choices, size_t count, size_t columns)
{
    return count > 0 ? find_spot(choices, count - 1, columns).line + 1 : 0;
}

static int text_top(const struct view_note_place *place)
{
    return place->area.top + 2 * GAP_PIXELS + place->title_font->height_pixels;
}

static struct canvas_rect choice_area(const struct view_note_place *place,
                                      const struct view_note *note, size_t index)
{
    const struct font *font = place->text_font;
    size_t columns = text_columns(place);
    struct spot spot = find_spot(note->choices, index, columns);
    size_t line = wrap_count(note->text, columns) + spot.line;
    return canvas_rect_at(text_left(place) + (int)spot.column * font->width_pixels,
                          text_top(place) + GAP_PIXELS + (int)line * font->height_pixels,
                          (int)spot.width * font->width_pixels, font->height_pixels);
}

const struct view_note_choice *view_note_choice_at(const struct view_note_place *place,
                                                   const struct view_note *note, int x, int y)
{
    for (size_t i = 0; i < note->choice_count; i++) {
        struct canvas_rect area = choice_area(place, note, i);
        if (x >= area.left && x < area.right && y >= area.top && y < area.bottom)
            return &note->choices[i];
    }
    return NULL;
}

static void draw_choices(const struct view_note_place *place, struct canvas *canvas,
                         const struct view_note *note)
{
    for (size_t i = 0; i < note->choice_count; i++) {
        struct canvas_rect area = choice_area(place, note, i);
        int left = area.left + CHOICE_PAD * place->text_font->width_pixels;
        if (area.bottom > place->area.bottom)
            return;
        canvas_fill(canvas, area, THEME_GROUND);
        canvas_draw_text(canvas, place->text_font, left, area.top, note->choices[i].label,
                         THEME_TEXT);
    }
}

/* ---- in pixels ------------------------------------------------------------------------------- */

static void draw_text(const struct view_note_place *place, struct canvas *canvas, int top,
                      const char *text)
{
    size_t length;
    int height = place->text_font->height_pixels;
    const char *start;
    while (top + height <= place->area.bottom &&
           (start = wrap_next(&text, text_columns(place), &length))) {
        view_draw_line(canvas, place->text_font, text_left(place), top, start, length, THEME_TEXT);
        top += height;
    }
}

void view_note_draw(const struct view_note_place *place, struct canvas *canvas,
                    const struct view_note *note)
{
    struct canvas_rect edge = place->area;
    int left = text_left(place);
    int right = place->area.right - PAD_PIXELS;
    int top = place->area.top + GAP_PIXELS;
    int title_width = canvas_text_width(place->title_font, note->title);
    struct canvas_rect gap = place->area;
    edge.right = edge.left + EDGE_PIXELS;
    gap.top = gap.bottom;
    gap.bottom = place->console.top;
    canvas_fill(canvas, gap, THEME_GROUND);
    canvas_fill(canvas, place->area, THEME_PANEL);
    canvas_fill(canvas, edge, THEME_ACCENT);
    canvas_draw_text(canvas, place->title_font, left, top, note->title, THEME_ACCENT);
    if (left + title_width + PAD_PIXELS + canvas_text_width(place->text_font, note->keys) <= right)
        view_draw_right(canvas, place->text_font, right, top, note->keys, THEME_TEXT_DIM);
    draw_text(place, canvas, text_top(place), note->text);
    draw_choices(place, canvas, note);
}

/* ---- on a text screen ------------------------------------------------------------------------ */

#define COLUMNS ((size_t)VIEW_CHARS_COLUMNS - 2 * MARGIN)

size_t view_note_rows(view_note_measure_t *measure)
{
    size_t rows = 1 + measure(COLUMNS);
    return rows < VIEW_NOTE_ROWS_MAX ? rows : VIEW_NOTE_ROWS_MAX;
}

/* Below the text, of which so many rows are shown. */
static void write_choices(view_char_t cells[][VIEW_CHARS_COLUMNS], size_t row_count,
                          const struct view_note *note)
{
    size_t first = 1 + wrap_count(note->text, COLUMNS);
    for (size_t i = 0; i < note->choice_count; i++) {
        const char *label = note->choices[i].label;
        struct spot spot = find_spot(note->choices, i, COLUMNS);
        if (first + spot.line < row_count)
            view_chars_write(cells[first + spot.line] + MARGIN + spot.column + CHOICE_PAD,
                             VIEW_CHARS_TITLE, label, strlen(label));
    }
}

void view_note_draw_chars(view_char_t cells[][VIEW_CHARS_COLUMNS], size_t row_count,
                          const struct view_note *note)
{
    const char *text = note->text;
    size_t keys_length = strlen(note->keys);
    for (size_t row = 0; row < row_count; row++) {
        const char *line;
        size_t length;
        for (size_t i = 0; i < VIEW_CHARS_COLUMNS; i++)
            cells[row][i] = (row == 0 ? VIEW_CHARS_TITLE : VIEW_CHARS_NORMAL) | ' ';
        if (row > 0 && (line = wrap_next(&text, COLUMNS, &length)))
            view_chars_write(cells[row] + MARGIN, VIEW_CHARS_NORMAL, line, length);
    }
    write_choices(cells, row_count, note);
    view_chars_write(cells[0] + MARGIN, VIEW_CHARS_TITLE, note->title, COLUMNS);
    if (strlen(note->title) + 1 + keys_length <= COLUMNS)
        view_chars_write(cells[0] + MARGIN + COLUMNS - keys_length, VIEW_CHARS_TITLE, note->keys,
                         keys_length);
}
