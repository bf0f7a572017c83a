/*
 * Converts colours to the format of video memory. Each colour is moved so that its highest bit
 * lands on the mask's highest bit.
 */
#include "pixel_format.h"

#define RED 0xFF0000u
#define GREEN 0x00FF00u
#define BLUE 0x0000FFu

static unsigned highest_bit(uint32_t mask)
{
    unsigned bit = 0;
    while (mask >>= 1)
        bit++;
    return bit;
}

static bool is_contiguous(uint32_t mask)
{
    uint32_t lowest = mask & (~mask + 1);
    return mask != 0 && ((mask + lowest) & mask) == 0;
}

static struct pixel_channel make_channel(uint32_t mask, uint32_t source_mask)
{
    unsigned from = highest_bit(source_mask);
    unsigned to = highest_bit(mask);
    return (struct pixel_channel){.mask = mask,
                                  .left = (uint8_t)(to > from ? to - from : 0),
                                  .right = (uint8_t)(from > to ? from - to : 0)};
}

bool pixel_format_init(struct pixel_format *format, unsigned bits, uint32_t red_mask,
                       uint32_t green_mask, uint32_t blue_mask)
{
    if (bits != 8 && bits != 15 && bits != 16 && bits != 24 && bits != 32)
        return false;
    uint32_t all = red_mask | green_mask | blue_mask;
    if (!is_contiguous(red_mask) || !is_contiguous(green_mask) || !is_contiguous(blue_mask) ||
        (red_mask & green_mask) || (red_mask & blue_mask) || (green_mask & blue_mask) ||
        (bits < 32 && all >> bits))
        return false;
    *format = (struct pixel_format){.bits = bits,
                                    .bytes = (bits + 7) / 8,
                                    .red = make_channel(red_mask, RED),
                                    .green = make_channel(green_mask, GREEN),
                                    .blue = make_channel(blue_mask, BLUE)};
    return true;
}

/* Constants, so that the compiler knows the shifts where it converts to one of them. */
static const struct pixel_format usual_formats[] = {
    {8, 1, {0xE0, 0, 16}, {0x1C, 0, 11}, {0x03, 0, 6}, NULL},
    {15, 2, {0x7C00, 0, 9}, {0x03E0, 0, 6}, {0x001F, 0, 3}, NULL},
    {16, 2, {0xF800, 0, 8}, {0x07E0, 0, 5}, {0x001F, 0, 3}, NULL},
    {24, 3, {.mask = RED}, {.mask = GREEN}, {.mask = BLUE}, NULL},
    {32, 4, {.mask = RED}, {.mask = GREEN}, {.mask = BLUE}, NULL},
};
#define USUAL_332 (&usual_formats[0])
#define USUAL_555 (&usual_formats[1])
#define USUAL_565 (&usual_formats[2])

bool pixel_format_init_usual(struct pixel_format *format, unsigned bits)
{
    for (size_t i = 0; i < sizeof usual_formats / sizeof usual_formats[0]; i++)
        if (usual_formats[i].bits == bits) {
            *format = usual_formats[i];
            return true;
        }
    return false;
}

bool pixel_format_is_native(const struct pixel_format *format)
{
    return format->bytes == 4 && format->red.mask == RED && format->green.mask == GREEN &&
           format->blue.mask == BLUE;
}

static inline uint32_t move(struct pixel_channel channel, uint32_t colour)
{
    return colour << channel.left >> channel.right & channel.mask;
}

static inline uint32_t convert(const struct pixel_format *format, uint32_t pixel)
{
    return move(format->red, pixel & RED) | move(format->green, pixel & GREEN) |
           move(format->blue, pixel & BLUE);
}

static void convert_to_3_bytes(const struct pixel_format *format, const uint32_t *pixels,
                               size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t value = convert(format, pixels[i]);
        out[3 * i] = (uint8_t)value;
        out[3 * i + 1] = (uint8_t)(value >> 8);
        out[3 * i + 2] = (uint8_t)(value >> 16);
    }
}

/* Inlined where the format is a constant: its shifts and its switch are too. */
static inline __attribute__((always_inline)) void
convert_all(const struct pixel_format *format, const uint32_t *pixels, size_t count, void *out)
{
    const struct pixel_format copy = *format; /* out may be anything, but not this */
    switch (copy.bytes) {
    case 1:
        for (size_t i = 0; i < count; i++)
            ((uint8_t *)out)[i] = (uint8_t)convert(&copy, pixels[i]);
        break;
    case 2:
        for (size_t i = 0; i < count; i++)
            ((uint16_t *)out)[i] = (uint16_t)convert(&copy, pixels[i]);
        break;
    case 3:
        convert_to_3_bytes(&copy, pixels, count, out);
        break;
    default:
        for (size_t i = 0; i < count; i++)
            ((uint32_t *)out)[i] = convert(&copy, pixels[i]);
        break;
    }
}

static void convert_to_indices(const uint8_t *indices, const uint32_t *pixels, size_t count,
                               uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = indices[convert(USUAL_555, pixels[i])];
}

/* Four pixels are three dwords; what is left over goes byte by byte. */
static void convert_to_888(const struct pixel_format *format, const uint32_t *pixels, size_t count,
                           uint32_t *out)
{
    size_t whole = count & ~(size_t)3;
    for (size_t i = 0; i < whole; i += 4) {
        *out++ = (pixels[i] & 0xFFFFFF) | pixels[i + 1] << 24;
        *out++ = (pixels[i + 1] >> 8 & 0xFFFF) | pixels[i + 2] << 16;
        *out++ = (pixels[i + 2] >> 16 & 0xFF) | pixels[i + 3] << 8;
    }
    convert_to_3_bytes(format, pixels + whole, count - whole, (uint8_t *)out);
}

static bool is_usual(const struct pixel_format *format)
{
    struct pixel_format usual;
    return pixel_format_init_usual(&usual, format->bits) && usual.red.mask == format->red.mask &&
           usual.green.mask == format->green.mask && usual.blue.mask == format->blue.mask;
}

void pixel_format_convert(const struct pixel_format *format, const uint32_t *pixels, size_t count,
                          void *out)
{
    unsigned usual_bits = is_usual(format) ? format->bits : 0;
    if (format->indices)
        convert_to_indices(format->indices, pixels, count, out);
    else if (usual_bits == 8)
        convert_all(USUAL_332, pixels, count, out);
    else if (usual_bits == 15)
        convert_all(USUAL_555, pixels, count, out);
    else if (usual_bits == 16)
        convert_all(USUAL_565, pixels, count, out);
    else if (usual_bits == 24)
        convert_to_888(format, pixels, count, out);
    else
        convert_all(format, pixels, count, out);
}
