#ifndef DRIVERS_VIDEO_CANVAS_H
#define DRIVERS_VIDEO_CANVAS_H

/*
 * Drawing into 32-bit pixels in plain memory, and remembering where. It knows no adapter, no
 * modes, and not how pixels reach a screen: whoever presents them takes the dirty rectangles.
 * Where there is no memory for pixels, each run of them goes to a function instead.
 *
 * Coordinates are pixels from the top left corner and may be anything an int holds. Nothing outside
 * the clip rectangle, which itself lies inside of the pixels, is ever written or marked.
 *
 *   (0,0) +---------------------------------+  - - +
 *         |     clip +-----------+          |      :  padding, never touched
 *         |          | drawn     |          |      :
 *         |          +-----------+          |      :
 *         +---------------------------------+  - - +
 *         <------------- width ------------->
 *         <------------- stride_bytes ------------->
 */

#include "font.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0x00RRGGBB */
typedef uint32_t color_t;

/* Half-open in both directions: [left, right) by [top, bottom). Empty if either is. */
struct canvas_rect {
    int left;
    int top;
    int right;
    int bottom;
};

#define CANVAS_DIRTY_MAX 16

/* Lines to points farther out than this are not drawn: it bounds the steps that a line takes. */
#define CANVAS_LINE_LIMIT 16384

/* Textures of two colours, anchored to the canvas, so that adjoining fills continue each other. */
enum canvas_pattern {
    CANVAS_SOLID,
    CANVAS_HATCH, /* diagonal lines */
    CANVAS_DOTS,
    CANVAS_STRIPES, /* horizontal lines */
    CANVAS_CROSS, /* diagonal lines both ways */
    CANVAS_PATTERN_COUNT,
};

/* Takes `count` pixels of row y from `left` to the right. They lie on the canvas. */
typedef void (*canvas_write_t)(void *context, int left, int y, const color_t *pixels, int count);

struct canvas {
    uint32_t *pixels; /* NULL: what is drawn is written */
    canvas_write_t write;
    void *context;
    int width;
    int height;
    size_t stride_bytes;
    struct canvas_rect clip;
    struct canvas_rect dirty[CANVAS_DIRTY_MAX];
    size_t dirty_count;
};

/*
 * Starts a canvas over the caller's pixels, unclipped, nothing dirty. stride_bytes is the distance
 * from one row to the next, a multiple of 4, at least 4 * width. The pixels stay the caller's.
 */
void canvas_init(struct canvas *canvas, uint32_t *pixels, int width, int height,
                 size_t stride_bytes);

/*
 * Starts a canvas without pixels: what is drawn goes to `write`, with `context`, at once and in the
 * order of drawing. It gives the same picture; nothing of it is ever dirty.
 */
void canvas_init_direct(struct canvas *canvas, canvas_write_t write, void *context, int width,
                        int height);

/* The whole canvas. */
struct canvas_rect canvas_bounds(const struct canvas *canvas);

/* Limits drawing to the part of `clip` that lies on the canvas. canvas_bounds undoes it. */
void canvas_set_clip(struct canvas *canvas, struct canvas_rect clip);

void canvas_fill(struct canvas *canvas, struct canvas_rect rect, color_t colour);

/* Fills with a texture: its lines or dots in `ink`, the rest in `paper`. CANVAS_SOLID is paper. */
void canvas_fill_pattern(struct canvas *canvas, struct canvas_rect rect,
                         enum canvas_pattern pattern, color_t ink, color_t paper);

/* The rectangle's outermost pixels. */
void canvas_draw_frame(struct canvas *canvas, struct canvas_rect rect, color_t colour);

/* A line of one pixel's width, both end points included. */
void canvas_draw_line(struct canvas *canvas, int x0, int y0, int x1, int y1, color_t colour);

/* Text from (left, top) to the right on one line. Codes without a glyph show the placeholder. */
void canvas_draw_text(struct canvas *canvas, const struct font *font, int left, int top,
                      const char *text, color_t colour);

/* One glyph cell, background included. */
void canvas_draw_cell(struct canvas *canvas, const struct font *font, int left, int top,
                      unsigned char code, color_t colour, color_t background);

/* The pixels that canvas_draw_text advances by. */
int canvas_text_width(const struct font *font, const char *text);

/*
 * Moves up to `max` of the rectangles that changed since the last call to `rects`, and returns how
 * many. Together, all of them cover every pixel drawn; they may overlap.
 */
size_t canvas_take_dirty(struct canvas *canvas, struct canvas_rect *rects, size_t max);

/* Marks a rectangle as changed, for those who write pixels by themselves. */
void canvas_mark_dirty(struct canvas *canvas, struct canvas_rect rect);

/* A rectangle from its corner and extent; extents that do not fit end at INT_MAX. */
struct canvas_rect canvas_rect_at(int left, int top, int width, int height);

struct canvas_rect canvas_rect_intersect(struct canvas_rect a, struct canvas_rect b);
bool canvas_rect_is_empty(struct canvas_rect rect);

#endif
