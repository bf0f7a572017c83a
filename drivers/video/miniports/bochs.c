/*
 * The video miniport for Bochs' VBE adapter and its imitations in QEMU, VirtualBox and v86: which
 * modes there are, and what they look like in video memory. It speaks to the video port alone, by
 * NT's interface, and would not know the kernel if it met it.
 */
#include "bochs.h"

/* The widest and highest that any imitation takes: QEMU's (include/hw/display/bochs-vbe.h). */
#define WIDTH_MAX 16000
#define HEIGHT_MAX 12000
#define RESOLUTION_MIN 64
#define WIDTH_ALIGN 8

static const struct {
    USHORT width;
    USHORT height;
} sizes[] = {
    {640, 480},   {800, 600},   {1024, 768},  {1152, 864},  {1280, 720},  {1280, 800},
    {1280, 1024}, {1400, 1050}, {1440, 900},  {1600, 900},  {1600, 1200}, {1680, 1050},
    {1920, 1080}, {1920, 1200}, {2048, 1152}, {2560, 1440}, {2560, 1600},
};

static const UCHAR depths[] = {8, 15, 16, 24, 32};

#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])
#define DEPTH_COUNT (sizeof depths / sizeof depths[0])

/* ---- modes ----------------------------------------------------------------------------------- */

static bool is_usual_size(ULONG width, ULONG height)
{
    for (ULONG i = 0; i < SIZE_COUNT; i++) {
        if (sizes[i].width == width && sizes[i].height == height)
            return true;
    }
    return false;
}

/* QEMU's VGA cuts widths down to multiples of 8 (hw/display/vga.c, vbe_fixup_regs), which it tells
   only once the mode is set; its bochs-display, which lacks depths, takes any. */
static bool may_keep_width(const struct bochs *bochs, ULONG width)
{
    return width % WIDTH_ALIGN == 0 || !bochs->has_all_depths;
}

/* Modes are numbered over all of the table, so that a number means the same on every adapter; the
   monitor's own size comes last, unless the table has it. */
static bool get_mode(const struct adapter *adapter, ULONG index, struct ashlar_mode *mode)
{
    const struct ashlar_mode *preferred = &adapter->description.preferred;
    ULONG size = index / DEPTH_COUNT;
    *mode = (struct ashlar_mode){.bits_per_pixel = depths[index % DEPTH_COUNT]};
    if (size < SIZE_COUNT) {
        mode->width = sizes[size].width;
        mode->height = sizes[size].height;
        return true;
    }
    mode->width = preferred->width;
    mode->height = preferred->height;
    return size == SIZE_COUNT && preferred->width != 0 &&
           may_keep_width(bochs_of(adapter), preferred->width) &&
           !is_usual_size(preferred->width, preferred->height);
}

static bool has_depth(const struct bochs *bochs, ULONG bits_per_pixel, struct pixel_format *format)
{
    return pixel_format_init_usual(format, bits_per_pixel) &&
           (bochs->has_all_depths || bits_per_pixel == 16 || bits_per_pixel == 32);
}

/* At most 2 * 16000 * 16000 * 4, which 32 bits hold. */
static ULONG size_bytes_of(const struct ashlar_mode *mode)
{
    return bochs_line_pixels(mode) * mode->height * ((mode->bits_per_pixel + 7) / 8) *
           (1 + mode->flips);
}

static ULONG lay_out(const struct adapter *adapter, const struct ashlar_mode *mode,
                     struct pixel_format *format)
{
    bool is_taken = has_depth(bochs_of(adapter), mode->bits_per_pixel, format) &&
                    mode->width >= RESOLUTION_MIN && mode->width <= WIDTH_MAX &&
                    mode->height >= RESOLUTION_MIN && mode->height <= HEIGHT_MAX &&
                    mode->flips <= 1 && size_bytes_of(mode) <= adapter->description.memory_bytes;
    return is_taken ? bochs_line_pixels(mode) * format->bytes : 0;
}

static bool prepare(struct adapter *adapter, const struct ashlar_mode *mode)
{
    return linear_map(adapter, size_bytes_of(mode));
}

static void enter(struct adapter *adapter)
{
    const struct bochs *bochs = bochs_of(adapter);
    if ((bochs_read_dispi(bochs, DISPI_ENABLE) & DISPI_ENABLE_ON) == 0)
        vga_text_save(&bochs->text);
}

static VP_STATUS program(struct adapter *adapter, const struct ashlar_mode *mode,
                         ULONG *stride_bytes)
{
    ULONG line_count = mode->height * (1 + mode->flips);
    *stride_bytes = bochs_program_mode(bochs_of(adapter), mode);
    return *stride_bytes != 0 && *stride_bytes * line_count <= adapter->linear.size_bytes
               ? NO_ERROR
               : ERROR_INVALID_PARAMETER;
}

static void show_page(struct adapter *adapter, ULONG page)
{
    bochs_show_line(bochs_of(adapter), page * adapter->screen.mode.height);
}

/* An adapter that is not the VGA just stops to show anything. */
static bool leave(struct adapter *adapter)
{
    const struct bochs *bochs = bochs_of(adapter);
    if (bochs->has_vga && bochs->text.saved == NULL)
        return false;
    bochs_write_dispi(bochs, DISPI_ENABLE, 0);
    return !bochs->has_vga || vga_text_restore(&bochs->text);
}

static void start(struct adapter *adapter)
{
    struct bochs *bochs = bochs_of(adapter);
    bochs->has_all_depths = bochs_has_all_depths(bochs);
    if (bochs->has_vga)
        vga_text_prepare(bochs, &bochs->text);
}

static const struct adapter_class class = {
    .extension_bytes = sizeof(struct bochs),
    .find = bochs_find,
    .start = start,
    .get_mode = get_mode,
    .takes_others = true,
    .lay_out = lay_out,
    .prepare = prepare,
    .enter = enter,
    .program = program,
    .show_page = show_page,
    .leave = leave,
};

ULONG NTAPI bochs_driver_entry(PVOID Context1, PVOID Context2)
{
    return adapter_enter(Context1, Context2, &class);
}
