/*
 * Finds the nearest colour of a palette. Every entry is held against every colour of the palette
 * once; green counts most, as for the eye.
 */
#include "pixel_format.h"

static int channel(uint32_t colour, unsigned shift)
{
    return (int)(colour >> shift & 0xFF);
}

/* The weights are those of luma (ITU-R BT.601), in quarters. */
static int distance(uint32_t a, uint32_t b)
{
    int red = channel(a, 16) - channel(b, 16);
    int green = channel(a, 8) - channel(b, 8);
    int blue = channel(a, 0) - channel(b, 0);
    return 2 * red * red + 4 * green * green + blue * blue;
}

static uint8_t nearest(const uint32_t *colours, unsigned count, uint32_t colour)
{
    unsigned best = 0;
    int best_distance = distance(colours[0], colour);
    for (unsigned i = 1; i < count; i++) {
        int candidate = distance(colours[i], colour);
        if (candidate < best_distance) {
            best = i;
            best_distance = candidate;
        }
    }
    return (uint8_t)best;
}

uint32_t palette_widen(uint32_t part, unsigned bits)
{
    return (part << (8 - bits) | part >> (2 * bits - 8)) & 0xFF;
}

static uint32_t widen(uint32_t five_bits)
{
    return palette_widen(five_bits, 5);
}

void palette_build_indices(const uint32_t *colours, unsigned count,
                           uint8_t indices[PIXEL_FORMAT_INDEX_COUNT])
{
    for (uint32_t i = 0; i < PIXEL_FORMAT_INDEX_COUNT; i++)
        indices[i] =
            nearest(colours, count, widen(i >> 10) << 16 | widen(i >> 5 & 31) << 8 | widen(i & 31));
}

uint32_t palette_332(unsigned pixel)
{
    return (pixel >> 5 & 7) * 255 / 7 << 16 | (pixel >> 2 & 7) * 255 / 7 << 8 |
           (pixel & 3) * 255 / 3;
}
