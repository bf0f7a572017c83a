/*
 * Writes pixels to the planes of a VGA. Whole bytes go out plane by plane, so that the map mask
 * changes only four times for each part of a line.
 */
#include "planar.h"

#include "vga_io.h"

#define PLANE_COUNT 4
#define ALL_PLANES 0xF
#define CHUNK_BYTES 128 /* of a plane */

const ULONG planar_usual_colours[PLANAR_COLOURS] = {
    0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
    0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF,
};

bool planar_read_colours(const VIDEO_CLUT *clut, ULONG part_bits, ULONG colours[PLANAR_COLOURS])
{
    if (clut->FirstEntry != 0 || clut->NumEntries != PLANAR_COLOURS)
        return false;
    for (ULONG i = 0; i < PLANAR_COLOURS; i++) {
        const VIDEO_CLUTDATA *entry = &(&clut->LookupTable[0])[i].RgbArray;
        colours[i] = palette_widen(entry->Red, part_bits) << 16 |
                     palette_widen(entry->Green, part_bits) << 8 |
                     palette_widen(entry->Blue, part_bits);
    }
    return true;
}

/* ---- registers ------------------------------------------------------------------------------- */

static void select_planes(UCHAR mask)
{
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MAP_MASK, mask);
}

static void select_bits(UCHAR mask)
{
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_BIT_MASK, mask);
}

/* No plane is set or reset by itself, bytes are not rotated, and write mode 0 is on. */
void planar_open(void)
{
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_ENABLE_SET_RESET, 0);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_ROTATE, 0);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MODE, 0);
    select_bits(0xFF);
    select_planes(ALL_PLANES);
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* The bits that pixels [left, right) of eight have in a byte: the leftmost is the highest. */
static UCHAR bits_of(ULONG left, ULONG right)
{
    return (UCHAR)(0xFF >> left & 0xFF << (PLANAR_BYTE_PIXELS - right));
}

/* `count` pixels from a byte's pixel `left` on, as a byte for each plane. */
static void pack(const struct pixel_format *format, const ULONG *pixels, ULONG left, ULONG count,
                 UCHAR planes[PLANE_COUNT])
{
    UCHAR indices[PLANAR_BYTE_PIXELS];
    pixel_format_convert(format, (const uint32_t *)pixels, count, indices);
    for (ULONG plane = 0; plane < PLANE_COUNT; plane++) {
        planes[plane] = 0;
        for (ULONG i = 0; i < count; i++)
            planes[plane] |= (UCHAR)((indices[i] >> plane & 1) << (7 - left - i));
    }
}

/*
 * A byte of which only some pixels change. The others come from the latches, which only a read
 * fills: it happens where there is no back buffer to take whole bytes from.
 */
static void write_part(const struct pixel_format *format, UCHAR *target, const ULONG *pixels,
                       ULONG left, ULONG count)
{
    UCHAR planes[PLANE_COUNT];
    pack(format, pixels, left, count, planes);
    select_bits(bits_of(left, left + count));
    VideoPortReadRegisterUchar(target);
    for (ULONG plane = 0; plane < PLANE_COUNT; plane++) {
        select_planes((UCHAR)(1 << plane));
        VideoPortWriteRegisterUchar(target, planes[plane]);
    }
    select_bits(0xFF);
}

static void write_chunk(const struct pixel_format *format, UCHAR *target, const ULONG *pixels,
                        ULONG byte_count)
{
    UCHAR planes[PLANE_COUNT][CHUNK_BYTES];
    UCHAR byte[PLANE_COUNT];
    for (ULONG i = 0; i < byte_count; i++) {
        pack(format, pixels + PLANAR_BYTE_PIXELS * i, 0, PLANAR_BYTE_PIXELS, byte);
        for (ULONG plane = 0; plane < PLANE_COUNT; plane++)
            planes[plane][i] = byte[plane];
    }
    for (ULONG plane = 0; plane < PLANE_COUNT; plane++) {
        select_planes((UCHAR)(1 << plane));
        VideoPortWriteRegisterBufferUchar(target, planes[plane], byte_count);
    }
}

static void write_bytes(const struct pixel_format *format, UCHAR *target, const ULONG *pixels,
                        ULONG byte_count)
{
    for (ULONG now; byte_count > 0; byte_count -= now) {
        now = byte_count < CHUNK_BYTES ? byte_count : CHUNK_BYTES;
        write_chunk(format, target, pixels, now);
        target += now;
        pixels += now * PLANAR_BYTE_PIXELS;
    }
}

void planar_write(const struct linear *linear, ULONG stride_bytes, const struct ashlar_pixels *run)
{
    UCHAR *target = linear->base + (SIZE_T)run->top * stride_bytes + run->left / PLANAR_BYTE_PIXELS;
    const ULONG *pixels = run->pixels;
    ULONG count = run->count;
    ULONG left = run->left % PLANAR_BYTE_PIXELS;
    if (left != 0) {
        ULONG room = PLANAR_BYTE_PIXELS - left;
        ULONG now = room < count ? room : count;
        write_part(&linear->format, target++, pixels, left, now);
        pixels += now;
        count -= now;
    }
    ULONG byte_count = count / PLANAR_BYTE_PIXELS;
    ULONG rest = count % PLANAR_BYTE_PIXELS;
    write_bytes(&linear->format, target, pixels, byte_count);
    if (rest != 0)
        write_part(&linear->format, target + byte_count, pixels + (count - rest), 0, rest);
}
