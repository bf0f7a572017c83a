#ifndef DRIVERS_VIDEO_FONT_H
#define DRIVERS_VIDEO_FONT_H

/*
 * Fixed-width bitmap fonts. tools/font.py makes the instances at build time out of Terminus, so
 * that the tree holds no copy of anybody's font.
 */

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
 *   rows[(code - FONT_FIRST) * height + y]: bit 15 is the leftmost pixel
 *
 *        15                         0
 *       +----------------+-----------+
 *     y | width pixels   | zero      |      width is at most 16
 *       +----------------+-----------+
 */
struct font {
    uint8_t width_pixels;
    uint8_t height_pixels;
    const uint16_t *rows;
};

extern const struct font font_small; /*  6 x 12 */
extern const struct font font_medium; /*  8 x 14 */
extern const struct font font_normal; /*  8 x 16 */
extern const struct font font_bold; /*  8 x 16, bold */
extern const struct font font_title; /* 12 x 24, bold */

#endif
