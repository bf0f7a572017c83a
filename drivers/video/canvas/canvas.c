/*
 * Draws rectangles, textures and text into pixels. Every drawing function reduces to one of three
 * loops: fill a rectangle, fill it with a texture, set the bits of a glyph. Each of them clips
 * first and then puts rows without further questions, so that safety is proved in three places, and
 * speed costs no check per pixel. Only the rows know whether there are pixels in memory.
 */

#include "canvas.h"

/*
 * Two dirty rectangles become one when their union covers at most this many pixels that neither
 * of them does: about what presenting one more rectangle costs.
 */
#define MERGE_WASTE_PIXELS 1024

/* Bit 7 is the leftmost. */
static const uint8_t pattern_rows[CANVAS_PATTERN_COUNT][8] = {
    [CANVAS_SOLID] = {0},
    [CANVAS_HATCH] = {0x11, 0x22, 0x44, 0x88, 0x11, 0x22, 0x44, 0x88},
    [CANVAS_DOTS] = {0x88, 0x00, 0x22, 0x00, 0x88, 0x00, 0x22, 0x00},
    [CANVAS_STRIPES] = {0xFF, 0x00, 0x00, 0xFF, 0x00, 0x00, 0xFF, 0x00},
    [CANVAS_CROSS] = {0x11, 0xAA, 0x44, 0xAA, 0x11, 0xAA, 0x44, 0xAA},
};

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

/* left + width without overflow, for width >= 0. */
static int add_clamped(int left, int width)
{
    return left > __INT_MAX__ - width ? __INT_MAX__ : left + width;
}

struct canvas_rect canvas_rect_at(int left, int top, int width, int height)
{
    struct canvas_rect rect = {left, top, left, top};
    if (width > 0 && height > 0) {
        rect.right = add_clamped(left, width);
        rect.bottom = add_clamped(top, height);
    }
    return rect;
}

struct canvas_rect canvas_rect_intersect(struct canvas_rect a, struct canvas_rect b)
{
    return (struct canvas_rect){max_int(a.left, b.left), max_int(a.top, b.top),
                                min_int(a.right, b.right), min_int(a.bottom, b.bottom)};
}

bool canvas_rect_is_empty(struct canvas_rect rect)
{
    return rect.left >= rect.right || rect.top >= rect.bottom;
}

static struct canvas_rect rect_union(struct canvas_rect a, struct canvas_rect b)
{
    return (struct canvas_rect){min_int(a.left, b.left), min_int(a.top, b.top),
                                max_int(a.right, b.right), max_int(a.bottom, b.bottom)};
}

static bool rect_contains(struct canvas_rect outer, struct canvas_rect inner)
{
    return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top &&
           inner.bottom <= outer.bottom;
}

static int64_t rect_area(struct canvas_rect rect)
{
    if (canvas_rect_is_empty(rect))
        return 0;
    return (int64_t)(rect.right - rect.left) * (rect.bottom - rect.top);
}

/* Pixels that the union covers and neither rectangle does; both lie on the canvas. */
static int64_t merge_waste(struct canvas_rect a, struct canvas_rect b)
{
    return rect_area(rect_union(a, b)) - rect_area(a) - rect_area(b) +
           rect_area(canvas_rect_intersect(a, b));
}

void canvas_init(struct canvas *canvas, uint32_t *pixels, int width, int height,
                 size_t stride_bytes)
{
    *canvas = (struct canvas){.pixels = pixels,
                              .width = width,
                              .height = height,
                              .stride_bytes = stride_bytes,
                              .clip = canvas_rect_at(0, 0, width, height)};
}

void canvas_init_direct(struct canvas *canvas, canvas_write_t write, void *context, int width,
                        int height)
{
    canvas_init(canvas, NULL, width, height, 0);
    canvas->write = write;
    canvas->context = context;
}

struct canvas_rect canvas_bounds(const struct canvas *canvas)
{
    return canvas_rect_at(0, 0, canvas->width, canvas->height);
}

void canvas_set_clip(struct canvas *canvas, struct canvas_rect clip)
{
    canvas->clip = canvas_rect_intersect(clip, canvas_bounds(canvas));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static uint32_t *pixel_row(const struct canvas *canvas, int y)
{
    return canvas->pixels + (size_t)y * (canvas->stride_bytes / sizeof(uint32_t));
}

#define TILE_PIXELS 8 /* textures repeat after so many, both ways */
#define CHUNK_PIXELS 64 /* a multiple of that */

/* What repeats across a row, anchored to the canvas. */
struct tile {
    color_t pixels[TILE_PIXELS];
};

static struct tile plain_tile(color_t colour)
{
    return (struct tile){{colour, colour, colour, colour, colour, colour, colour, colour}};
}

static void write_tiles(const struct canvas *canvas, int y, int left, int right,
                        const struct tile *tile)
{
    color_t chunk[CHUNK_PIXELS];
    for (int i = 0; i < CHUNK_PIXELS; i++)
        chunk[i] = tile->pixels[(left + i) % TILE_PIXELS];
    for (; left < right; left += CHUNK_PIXELS)
        canvas->write(canvas->context, left, y, chunk, min_int(right - left, CHUNK_PIXELS));
}

static void put_tiles(const struct canvas *canvas, int y, int left, int right,
                      const struct tile *tile)
{
    if (canvas->pixels) {
        uint32_t *row = pixel_row(canvas, y);
        for (int x = left; x < right; x++)
            row[x] = tile->pixels[x % TILE_PIXELS];
    } else {
        write_tiles(canvas, y, left, right, tile);
    }
}

static void put_plain(const struct canvas *canvas, int y, int left, int right, color_t colour)
{
    if (canvas->pixels) {
        uint32_t *row = pixel_row(canvas, y);
        for (int x = left; x < right; x++)
            row[x] = colour;
    } else {
        struct tile tile = plain_tile(colour);
        write_tiles(canvas, y, left, right, &tile);
    }
}

/* Pixels where `bits` has ones, from bit 15 at `left` down; there are none at `right` or beyond. */
static void put_bits(const struct canvas *canvas, int y, int left, int right, unsigned bits,
                     color_t colour)
{
    for (int x = left; x < right && (bits & 0xFFFF) != 0; x++) {
        if ((bits & 0x8000) != 0)
            put_plain(canvas, y, x, x + 1, colour);
        bits <<= 1;
    }
}

/* ---- what has changed ------------------------------------------------------------------------ */

/* The entry whose union with `rect` wastes least; the list is not empty. */
static size_t find_cheapest_merge(const struct canvas *canvas, struct canvas_rect rect,
                                  int64_t *waste)
{
    size_t best = 0;
    *waste = INT64_MAX;
    for (size_t i = 0; i < canvas->dirty_count; i++) {
        int64_t candidate = merge_waste(canvas->dirty[i], rect);
        if (candidate < *waste) {
            *waste = candidate;
            best = i;
        }
    }
    return best;
}

static void remove_dirty(struct canvas *canvas, size_t index)
{
    canvas->dirty_count--;
    canvas->dirty[index] = canvas->dirty[canvas->dirty_count];
}

/*
 * A merged rectangle may reach others in turn, so it goes round again; each turn takes one entry
 * off the list, which ends the loop.
 */
static void add_dirty(struct canvas *canvas, struct canvas_rect rect)
{
    while (canvas->dirty_count > 0) {
        int64_t waste;
        size_t nearest = find_cheapest_merge(canvas, rect, &waste);
        if (waste > MERGE_WASTE_PIXELS && canvas->dirty_count < CANVAS_DIRTY_MAX)
            break;
        rect = rect_union(rect, canvas->dirty[nearest]);
        remove_dirty(canvas, nearest);
    }
    canvas->dirty[canvas->dirty_count] = rect;
    canvas->dirty_count++;
}

void canvas_mark_dirty(struct canvas *canvas, struct canvas_rect rect)
{
    rect = canvas_rect_intersect(rect, canvas_bounds(canvas));
    if (canvas_rect_is_empty(rect) || !canvas->pixels)
        return;
    /* Most marks repeat or lie inside the one before: a picture is drawn over its background. */
    for (size_t i = 0; i < canvas->dirty_count; i++)
        if (rect_contains(canvas->dirty[i], rect))
            return;
    add_dirty(canvas, rect);
}

size_t canvas_take_dirty(struct canvas *canvas, struct canvas_rect *rects, size_t max)
{
    size_t taken = 0;
    while (taken < max && canvas->dirty_count > 0) {
        rects[taken] = canvas->dirty[canvas->dirty_count - 1];
        canvas->dirty_count--;
        taken++;
    }
    return taken;
}

void canvas_fill(struct canvas *canvas, struct canvas_rect rect, color_t colour)
{
    rect = canvas_rect_intersect(rect, canvas->clip);
    if (canvas_rect_is_empty(rect))
        return;
    for (int y = rect.top; y < rect.bottom; y++)
        put_plain(canvas, y, rect.left, rect.right, colour);
    canvas_mark_dirty(canvas, rect);
}

void canvas_fill_pattern(struct canvas *canvas, struct canvas_rect rect,
                         enum canvas_pattern pattern, color_t ink, color_t paper)
{
    rect = canvas_rect_intersect(rect, canvas->clip);
    if (canvas_rect_is_empty(rect))
        return;
    for (int y = rect.top; y < rect.bottom; y++) {
        unsigned bits = pattern_rows[pattern][y % TILE_PIXELS];
        struct tile tile;
        for (int x = 0; x < TILE_PIXELS; x++)
            tile.pixels[x] = (bits & (0x80u >> x)) != 0 ? ink : paper;
        put_tiles(canvas, y, rect.left, rect.right, &tile);
    }
    canvas_mark_dirty(canvas, rect);
}

void canvas_draw_frame(struct canvas *canvas, struct canvas_rect rect, color_t colour)
{
    if (canvas_rect_is_empty(rect))
        return;
    const struct canvas_rect edges[] = {
        {rect.left, rect.top, rect.right, rect.top + 1},
        {rect.left, rect.bottom - 1, rect.right, rect.bottom},
        {rect.left, rect.top, rect.left + 1, rect.bottom},
        {rect.right - 1, rect.top, rect.right, rect.bottom},
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        canvas_fill(canvas, edges[i], colour);
}

static bool point_is_near(int x, int y)
{
    return x >= -CANVAS_LINE_LIMIT && x <= CANVAS_LINE_LIMIT && y >= -CANVAS_LINE_LIMIT &&
           y <= CANVAS_LINE_LIMIT;
}

static void set_pixel(struct canvas *canvas, int x, int y, color_t colour)
{
    const struct canvas_rect *clip = &canvas->clip;
    if (x >= clip->left && x < clip->right && y >= clip->top && y < clip->bottom)
        put_plain(canvas, y, x, x + 1, colour);
}

/* Bresenham's algorithm in all octants: `error` is the distance to the ideal line, twice scaled. */
void canvas_draw_line(struct canvas *canvas, int x0, int y0, int x1, int y1, color_t colour)
{
    if (!point_is_near(x0, y0) || !point_is_near(x1, y1))
        return;
    int width = x1 > x0 ? x1 - x0 : x0 - x1;
    int height = y1 > y0 ? y1 - y0 : y0 - y1;
    int step_x = x1 > x0 ? 1 : -1;
    int step_y = y1 > y0 ? 1 : -1;
    int error = width - height;
    struct canvas_rect box =
        canvas_rect_at(min_int(x0, x1), min_int(y0, y1), width + 1, height + 1);
    for (int steps = max_int(width, height); steps >= 0; steps--) {
        int twice = 2 * error;
        set_pixel(canvas, x0, y0, colour);
        if (twice > -height) {
            error -= height;
            x0 += step_x;
        }
        if (twice < width) {
            error += width;
            y0 += step_y;
        }
    }
    canvas_mark_dirty(canvas, canvas_rect_intersect(box, canvas->clip));
}

/* Sets the glyph's pixels inside `box`, the visible part of a cell whose corner is (left, top). */
static void draw_glyph(struct canvas *canvas, const struct font *font, unsigned char code, int left,
                       int top, struct canvas_rect box, color_t colour)
{
    if (code < FONT_FIRST || code >= FONT_END)
        code = FONT_PLACEHOLDER;
    for (int y = box.top; y < box.bottom; y++)
        put_bits(canvas, y, box.left, box.right,
                 font_row(font, code, (unsigned)(y - top)) << (box.left - left), colour);
}

/*
 * Text begins anywhere, even at INT_MIN, and a cell is clipped before its glyph is touched, so the
 * distances in draw_glyph never exceed a cell.
 */
void canvas_draw_text(struct canvas *canvas, const struct font *font, int left, int top,
                      const char *text, color_t colour)
{
    struct canvas_rect drawn = {left, top, left, add_clamped(top, font->height_pixels)};
    for (; *text != '\0' && left < canvas->clip.right; text++) {
        struct canvas_rect cell =
            canvas_rect_at(left, top, font->width_pixels, font->height_pixels);
        struct canvas_rect box = canvas_rect_intersect(cell, canvas->clip);
        if (!canvas_rect_is_empty(box))
            draw_glyph(canvas, font, (unsigned char)*text, left, top, box, colour);
        left = cell.right;
    }
    drawn.right = left;
    canvas_mark_dirty(canvas, canvas_rect_intersect(drawn, canvas->clip));
}

void canvas_draw_cell(struct canvas *canvas, const struct font *font, int left, int top,
                      unsigned char code, color_t colour, color_t background)
{
    struct canvas_rect cell = canvas_rect_at(left, top, font->width_pixels, font->height_pixels);
    struct canvas_rect box = canvas_rect_intersect(cell, canvas->clip);
    if (canvas_rect_is_empty(box))
        return;
    canvas_fill(canvas, box, background);
    draw_glyph(canvas, font, code, left, top, box, colour);
}

int canvas_text_width(const struct font *font, const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width = add_clamped(width, font->width_pixels);
    return width;
}
