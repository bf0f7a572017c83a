#ifndef VIDEO_PIXEL_FORMAT_H
#define VIDEO_PIXEL_FORMAT_H

/*
 * How video memory holds a colour, and the way there from 0x00RRGGBB. Pure: knows no adapter.
 *
 *   0x00RRGGBB      0 0 0 0 0 0 0 0 r r r r r r r r g g g g g g g g b b b b b b b b
 *   16 bits, 565    r r r r r g g g g g g b b b b b
 *    8 bits, 332    r r r g g g b b
 *
 * The upper bits of a colour are kept; where a mask is wider than 8 bits, the lower ones are 0.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pixel_channel {
    uint32_t mask; /* in video memory */
    uint8_t left; /* shift to get there; one of the two is 0 */
    uint8_t right;
};

struct pixel_format {
    unsigned bits; /* 8, 15, 16, 24 or 32 */
    unsigned bytes; /* of a pixel in video memory: 1 to 4 */
    struct pixel_channel red;
    struct pixel_channel green;
    struct pixel_channel blue;
    const uint8_t *indices; /* not NULL: the palette's index for each of 2^15 colours, 555 */
};

#define PIXEL_FORMAT_INDEX_COUNT 32768

/*
 * A format of 8, 15, 16, 24 or 32 bits with a mask for each colour: contiguous bits, apart from
 * each other, within `bits`. False, and *format is undefined, if they are not that.
 */
bool pixel_format_init(struct pixel_format *format, unsigned bits, uint32_t red_mask,
                       uint32_t green_mask, uint32_t blue_mask);

/* The usual masks for a depth: 332, 555, 565, 888. False for other depths. */
bool pixel_format_init_usual(struct pixel_format *format, unsigned bits);

/* True if pixels are the same in video memory: then there is nothing to convert. */
bool pixel_format_is_native(const struct pixel_format *format);

/*
 * Converts `count` pixels to `out`, which is aligned to 4 bytes and has count * format->bytes
 * bytes. Little-endian, as the processor.
 */
void pixel_format_convert(const struct pixel_format *format, const uint32_t *pixels, size_t count,
                          void *out);

/*
 * Fills `indices` with the nearest of `count` colours (1 to 256, 0x00RRGGBB) for each of the
 * colours of 5 bits each, as struct pixel_format has them (palette.c).
 */
void palette_build_indices(const uint32_t *colours, unsigned count,
                           uint8_t indices[PIXEL_FORMAT_INDEX_COUNT]);

/* A part of a colour with that many bits, 4 to 8, as 8 bits: the largest becomes 255. */
uint32_t palette_widen(uint32_t part, unsigned bits);

/* The colour that a pixel of 8 bits stands for where there is no other palette: its upper three
   bits are red, the next three green, the lower two blue. 0x00RRGGBB. */
uint32_t palette_332(unsigned pixel);

#endif
