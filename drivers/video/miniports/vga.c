/*
 * The miniport for a plain VGA: 640x480 in 16 colours and 320x200 in 256, set by its registers.
 *
 *   640x480x4   a bit of each pixel in each of four planes, which share their addresses; the map
 *               mask says which of them a write goes to
 *   320x200x8   a byte a pixel, 3 bits of red, 3 of green, 2 of blue
 */
#include "drivers/video/adapter/planar.h"
#include "vga_mode.h"

#define PLANAR_STRIDE (640 / PLANAR_BYTE_PIXELS)
#define DAC_BITS 6 /* for each of red, green and blue */

struct vga {
    struct adapter adapter; /* first: the video port's extension is the adapter */
    struct vga_text text;
    UCHAR indices[PIXEL_FORMAT_INDEX_COUNT]; /* 640x480x4 */
};

static const struct ashlar_mode modes[] = {{640, 480, 4, 0}, {320, 200, 8, 0}};

#define MODE_COUNT (sizeof modes / sizeof modes[0])

static struct vga *vga_of(const struct adapter *adapter)
{
    return (struct vga *)(ULONG_PTR)adapter;
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
    pixel_format_init_usual(format, 8);
    if (!ashlar_is_planar(mode))
        return mode->width;
    format->indices = vga_of(adapter)->indices;
    return PLANAR_STRIDE;
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

static void load_planar_colours(struct vga *vga, const ULONG *colours)
{
    for (UCHAR i = 0; i < PLANAR_COLOURS; i++)
        load_colour(i, colours[i]);
    palette_build_indices((const uint32_t *)colours, PLANAR_COLOURS, vga->indices);
}

static void load_332_colours(void)
{
    for (unsigned i = 0; i < 256; i++)
        load_colour((UCHAR)i, palette_332(i));
}

static bool set_colours(struct adapter *adapter, const VIDEO_CLUT *clut)
{
    ULONG colours[PLANAR_COLOURS];
    if (!ashlar_is_planar(&adapter->screen.mode) || !planar_read_colours(clut, DAC_BITS, colours))
        return false;
    load_planar_colours(vga_of(adapter), colours);
    return true;
}

/* In all planes at once, which the mode's own map mask names. */
static void clear(const struct vga *vga)
{
    static UCHAR black[64];
    for (ULONG offset = 0; offset < VGA_GRAPHICS_BYTES; offset += sizeof black)
        VideoPortWriteRegisterBufferUchar(vga->text.window + offset, black, sizeof black);
}

static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    struct vga *vga = vga_of(adapter);
    UNREFERENCED_PARAMETER(stride_bytes);
    vga_set_mode(ashlar_is_planar(mode) ? &vga_mode_640x480x4 : &vga_mode_320x200x8);
    vga_write(VGA_DAC_MASK, 0xFF);
    if (ashlar_is_planar(mode))
        load_planar_colours(vga, planar_usual_colours);
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
    .leave = leave,
    .set_colours = set_colours,
};

ULONG NTAPI vga_driver_entry(PVOID Context1, PVOID Context2)
{
    return adapter_enter(Context1, Context2, &class);
}
