/*
 * Formats amounts, sets text and mixes colours for all parts of the picture. All arithmetic is
 * shifts and 32-bit products: 64-bit division needs a library that no kernel has.
 */

#include "view_format.h"

#include "kernel/lib/format.h"
#include "kernel/lib/string.h"
#include "mm/bits.h"

/* FNV-1a (Fowler, Noll, Vo), 32 bits. */
#define HASH_PRIME 16777619u

const char *view_format_amount(char text[VIEW_AMOUNT_MAX], uint64_t bytes)
{
    static const char *const units[] = {"", "K", "M", "G", "T", "P", NULL};
    return format_amount(text, VIEW_AMOUNT_MAX, bytes, units);
}

void view_draw_line(struct canvas *canvas, const struct font *font, int left, int top,
                    const char *text, size_t length, color_t colour)
{
    char line[VIEW_LINE_MAX + 1];
    memcpy(line, text, length);
    line[length] = '\0';
    canvas_draw_text(canvas, font, left, top, line, colour);
}

int view_draw_fitted(struct canvas *canvas, const struct font *font, int left, int top,
                     int width_pixels, const char *text, color_t colour)
{
    int room = width_pixels / font->width_pixels;
    if (canvas_text_width(font, text) <= width_pixels) {
        canvas_draw_text(canvas, font, left, top, text, colour);
        return canvas_text_width(font, text);
    }
    if (room < 4)
        return 0;
    room = room < VIEW_LINE_MAX ? room : VIEW_LINE_MAX;
    view_draw_line(canvas, font, left, top, text, (size_t)room - 2, colour);
    canvas_draw_text(canvas, font, left + (room - 2) * font->width_pixels, top, "..", colour);
    return room * font->width_pixels;
}

void view_draw_right(struct canvas *canvas, const struct font *font, int right, int top,
                     const char *text, color_t colour)
{
    canvas_draw_text(canvas, font, right - canvas_text_width(font, text), top, text, colour);
}

void view_fill_around(struct canvas *canvas, struct canvas_rect outer, struct canvas_rect inner,
                      color_t colour)
{
    const struct canvas_rect edges[] = {{outer.left, outer.top, outer.right, inner.top},
                                        {outer.left, inner.bottom, outer.right, outer.bottom},
                                        {outer.left, inner.top, inner.left, inner.bottom},
                                        {inner.right, inner.top, outer.right, inner.bottom}};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        canvas_fill(canvas, edges[i], colour);
}

unsigned view_log2_sixteenths(uint64_t value)
{
    unsigned log = bits_highest(value);
    unsigned fraction = (unsigned)(log >= 4 ? value >> (log - 4) : value << (4 - log)) & 15;
    return 16 * log + fraction;
}

color_t view_mix(color_t a, color_t b, unsigned share)
{
    color_t mixed = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        unsigned channel = (a >> shift & 255) * share + (b >> shift & 255) * (256 - share);
        mixed |= (channel >> 8) << shift;
    }
    return mixed;
}

uint32_t view_hash_bytes(uint32_t hash, const void *bytes, size_t size_bytes)
{
    const unsigned char *next = bytes;
    for (; size_bytes > 0; size_bytes--) {
        hash = (hash ^ *next++) * HASH_PRIME;
        hash = hash != 0 ? hash : 1;
    }
    return hash;
}

uint32_t view_hash_value(uint32_t hash, uint64_t value)
{
    return view_hash_bytes(hash, &value, sizeof value);
}

uint32_t view_hash_text(uint32_t hash, const char *text)
{
    return view_hash_bytes(hash, text, strlen(text) + 1);
}

bool view_renew(struct canvas *canvas, struct canvas_rect place, uint32_t *drawn, uint32_t hash)
{
    if (*drawn == hash)
        return false;
    *drawn = hash;
    canvas_fill(canvas, place, THEME_GROUND);
    return true;
}
