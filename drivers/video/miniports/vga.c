/*
 * The miniport for a plain VGA: 640x480 in 16 colours and 320x200 in 256, set by its registers.
 *
 *   640x480x4   a bit of each pixel in each of four planes, which share their addresses; the map
 *               mask says which of them a write goes to
 *   320x200x8   a byte a pixel, 3 bits of red, 3 of green, 2 of blue
 */
#include "drivers/video/adapter/adapter.h"
#include "vga_io.h"

#define PLANE_COUNT 4
#define PLANAR_WIDTH 640
#define PLANAR_STRIDE (PLANAR_WIDTH / 8)
#define PLANAR_COLOURS 16

struct vga {
    struct adapter adapter; /* first: the video port's extension is the adapter */
    struct vga_text text;
    UCHAR indices[PIXEL_FORMAT_INDEX_COUNT]; /* 640x480x4 */
};

static const struct ashlar_mode modes[] = {{640, 480, 4, 0}, {320, 200, 8, 0}};

#define MODE_COUNT (sizeof modes / sizeof modes[0])

/* Those of the text screen, until others are loaded. */
static const uint32_t usual_colours[PLANAR_COLOURS] = {
    0x000000, 0x0000AA, 0x00AA00, 0x00AAAA, 0xAA0000, 0xAA00AA, 0xAA5500, 0xAAAAAA,
    0x555555, 0x5555FF, 0x55FF55, 0x55FFFF, 0xFF5555, 0xFF55FF, 0xFFFF55, 0xFFFFFF,
};

static struct vga *vga_of(struct adapter *adapter)
{
    return (struct vga *)(void *)adapter;
}

static bool is_planar(const struct ashlar_mode *mode)
{
    return mode->bits_per_pixel == 4;
}

/* ---- modes ----------------------------------------------------------------------------------- */

static bool get_mode(const struct adapter *adapter, ULONG index, struct ashlar_mode *mode)
{
    UNREFERENCED_PARAMETER(adapter);
    if (index >= MODE_COUNT)
        return false;
    *mode = modes[index];
    return true;
}

static ULONG lay_out(const struct adapter *adapter, const struct ashlar_mode *mode,
                     struct pixel_format *format)
{
    UNREFERENCED_PARAMETER(adapter);
    pixel_format_init_usual(format, 8);
    return is_planar(mode) ? PLANAR_STRIDE : mode->width;
}

static bool prepare(struct adapter *adapter, const struct ashlar_mode *mode)
{
    UNREFERENCED_PARAMETER(mode);
    return vga_of(adapter)->text.window != NULL;
}

static void enter(struct adapter *adapter)
{
    vga_text_save(&vga_of(adapter)->text);
}

/* ---- colours --------------------------------------------------------------------------------- */

/* The DAC has 6 bits for each of red, green and blue. */
static void load_colour(UCHAR index, uint32_t colour)
{
    const UCHAR parts[3] = {(UCHAR)(colour >> 18 & 0x3F), (UCHAR)(colour >> 10 & 0x3F),
                            (UCHAR)(colour >> 2 & 0x3F)};
    vga_write_dac(index, parts, sizeof parts);
}

static void load_planar_colours(struct vga *vga, const uint32_t *colours)
{
    for (UCHAR i = 0; i < PLANAR_COLOURS; i++)
        load_colour(i, colours[i]);
    palette_build_indices(colours, PLANAR_COLOURS, vga->indices);
}

static void load_332_colours(void)
{
    for (unsigned i = 0; i < 256; i++)
        load_colour((UCHAR)i, palette_332(i));
}

/* 6 bits as 8, so that 63 is 255. */
static uint32_t widen(UCHAR six_bits)
{
    return (uint32_t)(six_bits << 2 | six_bits >> 4) & 0xFF;
}

/* Each colour has as many bits as the mode's description says: 6. */
static bool set_colours(struct adapter *adapter, const VIDEO_CLUT *colours)
{
    uint32_t all[PLANAR_COLOURS];
    if (!is_planar(&adapter->screen.mode) || colours->FirstEntry != 0 ||
        colours->NumEntries != PLANAR_COLOURS)
        return false;
    for (ULONG i = 0; i < PLANAR_COLOURS; i++) {
        const VIDEO_CLUTDATA *entry = &colours->LookupTable[i].RgbArray;
        all[i] = widen(entry->Red) << 16 | widen(entry->Green) << 8 | widen(entry->Blue);
    }
    load_planar_colours(vga_of(adapter), all);
    return true;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

static void select_planes(UCHAR mask)
{
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MAP_MASK, mask);
}

/* The bits that pixels [left, right) of eight have in a byte: the leftmost is the highest. */
static UCHAR bits_of(ULONG left, ULONG right)
{
    return (UCHAR)(0xFF >> left & 0xFF << (8 - right));
}

/* `count` pixels from a byte's pixel `left` on, as a byte for each plane. */
static void pack(const struct vga *vga, const ULONG *pixels, ULONG left, ULONG count,
                 UCHAR planes[PLANE_COUNT])
{
    UCHAR indices[8];
    struct pixel_format format = {.bytes = 1, .indices = vga->indices};
    pixel_format_convert(&format, (const uint32_t *)pixels, count, indices);
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
static void write_part(const struct vga *vga, UCHAR *target, const ULONG *pixels, ULONG left,
                       ULONG count)
{
    UCHAR planes[PLANE_COUNT];
    pack(vga, pixels, left, count, planes);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_BIT_MASK, bits_of(left, left + count));
    VideoPortReadRegisterUchar(target);
    for (ULONG plane = 0; plane < PLANE_COUNT; plane++) {
        select_planes((UCHAR)(1 << plane));
        VideoPortWriteRegisterUchar(target, planes[plane]);
    }
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_BIT_MASK, 0xFF);
}

/* Whole bytes, one plane after the other: the map mask changes four times a line. */
static void write_bytes(const struct vga *vga, UCHAR *target, const ULONG *pixels, ULONG byte_count)
{
    UCHAR planes[PLANE_COUNT][PLANAR_STRIDE];
    UCHAR byte[PLANE_COUNT];
    for (ULONG i = 0; i < byte_count; i++) {
        pack(vga, pixels + 8 * i, 0, 8, byte);
        for (ULONG plane = 0; plane < PLANE_COUNT; plane++)
            planes[plane][i] = byte[plane];
    }
    for (ULONG plane = 0; plane < PLANE_COUNT; plane++) {
        select_planes((UCHAR)(1 << plane));
        VideoPortWriteRegisterBufferUchar(target, planes[plane], byte_count);
    }
}

static ULONG smaller_of(ULONG a, ULONG b)
{
    return a < b ? a : b;
}

static void write_planar(const struct vga *vga, const struct ashlar_pixels *run)
{
    UCHAR *target = vga->text.window + run->top * PLANAR_STRIDE + run->left / 8;
    const ULONG *pixels = run->pixels;
    ULONG count = run->count;
    ULONG left = run->left % 8;
    if (left != 0) {
        ULONG now = smaller_of(8 - left, count);
        write_part(vga, target++, pixels, left, now);
        pixels += now;
        count -= now;
    }
    write_bytes(vga, target, pixels, count / 8);
    if (count % 8 != 0)
        write_part(vga, target + count / 8, pixels + (count & ~7u), 0, count % 8);
}

static void write(struct adapter *adapter, const struct ashlar_pixels *pixels)
{
    if (is_planar(&adapter->screen.mode))
        write_planar(vga_of(adapter), pixels);
    else
        adapter_write_linear(adapter, pixels);
}

/* In all planes at once. */
static void clear(const struct vga *vga)
{
    static UCHAR black[PLANAR_STRIDE];
    select_planes(0xF);
    for (ULONG offset = 0; offset < VGA_GRAPHICS_BYTES; offset += sizeof black)
        VideoPortWriteRegisterBufferUchar(vga->text.window + offset, black,
                                          smaller_of(sizeof black, VGA_GRAPHICS_BYTES - offset));
}

static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    struct vga *vga = vga_of(adapter);
    UNREFERENCED_PARAMETER(stride_bytes);
    vga_set_mode(is_planar(mode) ? &vga_mode_640x480x4 : &vga_mode_320x200x8);
    vga_write(VGA_DAC_MASK, 0xFF);
    if (is_planar(mode))
        load_planar_colours(vga, usual_colours);
    else
        load_332_colours();
    adapter->linear.base = vga->text.window;
    clear(vga);
    vga_unblank();
    return NO_ERROR;
}

static bool leave(struct adapter *adapter)
{
    return vga_text_restore(&vga_of(adapter)->text);
}

/* ---- the miniport ---------------------------------------------------------------------------- */

static bool keeps(UCHAR value)
{
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_SET_RESET, value);
    return vga_read_indexed(VGA_GRAPHICS, VGA_GRAPHICS_SET_RESET) == value;
}

/* A register that does nothing while it is not enabled keeps its four bits; where there is no VGA,
   all ports read alike. */
static bool is_there(void)
{
    UCHAR before = vga_read_indexed(VGA_GRAPHICS, VGA_GRAPHICS_SET_RESET);
    bool is_kept = keeps(0x5) && keeps(0xA);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_SET_RESET, before);
    return is_kept;
}

/* A mode that the boot loader set with the adapter's BIOS has registers of its own, which VGA's do
   not leave. */
static bool is_in_loaders_mode(const struct adapter *adapter)
{
    return adapter_read_parameter(adapter, u"Framebuffer", NULL, 0) != 0;
}

static VP_STATUS find(struct adapter *adapter, INTERFACE_TYPE bus)
{
    VIDEO_ACCESS_RANGE ranges[] = {VGA_ACCESS_RANGES};
    if (bus == PCIBus || !is_there() || is_in_loaders_mode(adapter))
        return ERROR_DEV_NOT_EXIST;
    adapter->description.access = ASHLAR_ACCESS_ISA;
    adapter->description.memory_physical.QuadPart = VGA_WINDOW;
    adapter->description.memory_bytes = VGA_GRAPHICS_BYTES;
    return VideoPortVerifyAccessRanges(adapter, sizeof ranges / sizeof ranges[0], ranges);
}

static void start(struct adapter *adapter)
{
    vga_text_prepare(adapter, &vga_of(adapter)->text);
}

static const struct adapter_class class = {
    .extension_bytes = sizeof(struct vga),
    .find = find,
    .start = start,
    .get_mode = get_mode,
    .lay_out = lay_out,
    .prepare = prepare,
    .enter = enter,
    .program = program,
    .write = write,
    .leave = leave,
    .set_colours = set_colours,
    .column_align = 8,
};

ULONG NTAPI vga_driver_entry(PVOID Context1, PVOID Context2)
{
    return adapter_enter(Context1, Context2, &class);
}
