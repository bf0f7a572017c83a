#ifndef DRIVERS_VIDEO_FONT_H
#define DRIVERS_VIDEO_FONT_H

/*
 * Fixed-width bitmap fonts. tools/font.py makes the instances at build time out of Terminus, so
 * that the tree holds no copy of anybody's font.
 */

#include <stdbool.h>
#include <stdint.h>

/*
 * Character codes: printable ASCII (32 to 126), then these, which only our own pictures use: in
 * octal, because a hexadecimal escape would swallow the letters that follow it in a string.
 */
#define FONT_FIRST 32
#define FONT_PLACEHOLDER 127 /* what stands in for every code that a font does not have */
#define FONT_TIMES "\200" /* multiplication sign */
#define FONT_END 129

/*
 * The pixels of all glyphs, row by row without padding, as bits: the first pixel is the highest bit
 * of the first byte. A glyph has height * width of them; width is at most 16. Behind the last one
 * are FONT_SPARE_BYTES, so that a row can be read as whole bytes.
 */
#define FONT_SPARE_BYTES 2

struct font {
    uint8_t width_pixels;
    uint8_t height_pixels;
    const uint8_t *bits;
    bool is_doubled; /* the bits are those of a font half as wide and half as high */
};

/* Each of the upper eight bits of sixteen, twice. */
static inline unsigned font_double(unsigned row)
{
    row = row >> 8 & 0xFF;
    row = (row | row << 4) & 0x0F0F;
    row = (row | row << 2) & 0x3333;
    row = (row | row << 1) & 0x5555;
    return row | row << 1;
}

/* Row y of a glyph, of a code that the font has: bit 15 is the leftmost pixel. */
static inline unsigned font_row(const struct font *font, unsigned code, unsigned y)
{
    unsigned shift = font->is_doubled ? 1 : 0;
    unsigned width = (unsigned)font->width_pixels >> shift;
    unsigned height = (unsigned)font->height_pixels >> shift;
    unsigned at = ((code - FONT_FIRST) * height + (y >> shift)) * width;
    const uint8_t *bytes = font->bits + at / 8;
    unsigned three = (unsigned)bytes[0] << 16 | (unsigned)bytes[1] << 8 | bytes[2];
    unsigned row = (three << at % 8 >> 8) & 0xFFFF & (0xFFFF0000 >> width);
    return font->is_doubled ? font_double(row) : row;
}

extern const struct font font_small; /*  6 x 12 */
extern const struct font font_medium; /*  8 x 14 */
extern const struct font font_normal; /*  8 x 16 */
extern const struct font font_bold; /*  8 x 16, bold */
extern const struct font font_large; /* 12 x 24 */
extern const struct font font_title; /* 12 x 24, bold */
extern const struct font font_huge; /* 16 x 32: font_normal doubled */

#endif
