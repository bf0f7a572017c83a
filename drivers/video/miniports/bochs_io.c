/*
 * Reads and writes the adapter's registers, in the order that it wants. Knows one mode at a time,
 * and no requests.
 */
#include "bochs.h"

#define PORT16(port) ((PUSHORT)(ULONG_PTR)(port))

static PUSHORT mmio_dispi(const struct bochs *bochs, USHORT index)
{
    return (PUSHORT)(void *)(bochs->mmio + BOCHS_MMIO_DISPI + 2 * index);
}

USHORT bochs_read_dispi(const struct bochs *bochs, USHORT index)
{
    if (bochs->mmio != NULL)
        return VideoPortReadRegisterUshort(mmio_dispi(bochs, index));
    VideoPortWritePortUshort(PORT16(DISPI_PORT_INDEX), index);
    return VideoPortReadPortUshort(PORT16(DISPI_PORT_DATA));
}

void bochs_write_dispi(const struct bochs *bochs, USHORT index, USHORT value)
{
    if (bochs->mmio != NULL) {
        VideoPortWriteRegisterUshort(mmio_dispi(bochs, index), value);
        return;
    }
    VideoPortWritePortUshort(PORT16(DISPI_PORT_INDEX), index);
    VideoPortWritePortUshort(PORT16(DISPI_PORT_DATA), value);
}

BOOLEAN bochs_shows_text(VOID)
{
    static const struct bochs by_ports;
    return (bochs_read_dispi(&by_ports, DISPI_ENABLE) & DISPI_ENABLE_ON) == 0 &&
           (vga_read_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MISC) & VGA_GRAPHICS_MISC_GRAPHICS) == 0;
}

static PUCHAR mmio_vga(const struct bochs *bochs, USHORT port)
{
    return bochs->mmio + BOCHS_MMIO_VGA + (port - VGA_PORT_FIRST);
}

/* A VGA register, by its port number; the adapter's own where it is not the VGA. */
static void write_vga(const struct bochs *bochs, USHORT port, UCHAR value)
{
    if (bochs->mmio != NULL)
        VideoPortWriteRegisterUchar(mmio_vga(bochs, port), value);
    else
        vga_write(port, value);
}

/* With 8 bits a pixel, the DAC turns 3 bits of red, 3 of green and 2 of blue into 6 each. */
static void load_palette(const struct bochs *bochs)
{
    write_vga(bochs, VGA_DAC_MASK, 0xFF);
    write_vga(bochs, VGA_DAC_WRITE, 0);
    for (unsigned i = 0; i < 256; i++) {
        for (int shift = 18; shift > 0; shift -= 8)
            write_vga(bochs, VGA_DAC_DATA, (UCHAR)(palette_332(i) >> shift & 0x3F));
    }
}

/* A secondary VGA of QEMU starts blanked. */
static void unblank(const struct bochs *bochs)
{
    if (bochs->mmio == NULL) {
        vga_unblank();
        return;
    }
    VideoPortReadRegisterUchar(mmio_vga(bochs, VGA_STATUS));
    write_vga(bochs, VGA_ATTRIBUTE, VGA_ATTRIBUTE_UNBLANK);
}

/* While asked for its limits, an adapter that has such answers with them. */
bool bochs_has_all_depths(const struct bochs *bochs)
{
    const USHORT probe = 64;
    if (bochs->mmio == NULL)
        return true;
    bochs_write_dispi(bochs, DISPI_ENABLE, 0);
    bochs_write_dispi(bochs, DISPI_X_RESOLUTION, probe);
    bochs_write_dispi(bochs, DISPI_ENABLE, DISPI_ENABLE_GET_LIMITS);
    USHORT limit = bochs_read_dispi(bochs, DISPI_X_RESOLUTION);
    bochs_write_dispi(bochs, DISPI_ENABLE, 0);
    return limit > probe;
}

/* Some imitations round or clamp silently; Bochs reads back 1 where 0x41 was written. */
static bool is_taken(const struct bochs *bochs, const struct ashlar_mode *mode)
{
    return bochs_read_dispi(bochs, DISPI_X_RESOLUTION) == mode->width &&
           bochs_read_dispi(bochs, DISPI_Y_RESOLUTION) == mode->height &&
           bochs_read_dispi(bochs, DISPI_BITS_PER_PIXEL) == mode->bits_per_pixel &&
           (bochs_read_dispi(bochs, DISPI_ENABLE) & DISPI_ENABLE_ON) != 0;
}

/* A virtual width outlives a mode in bochs-display; v86 knows none, and reads back as it likes. */
static ULONG stride_pixels(const struct bochs *bochs, const struct ashlar_mode *mode)
{
    ULONG virtual_width = bochs_read_dispi(bochs, DISPI_VIRTUAL_WIDTH);
    return virtual_width > mode->width && virtual_width < 2 * mode->width ? virtual_width
                                                                          : mode->width;
}

/* In pages that flip, the virtual height has to hold both; an adapter that cannot be asked for an
   offset does not flip. */
static bool takes_pages(const struct bochs *bochs, const struct ashlar_mode *mode)
{
    return !mode->flips || (bochs_show_line(bochs, mode->height) && bochs_show_line(bochs, 0));
}

ULONG bochs_program_mode(const struct bochs *bochs, const struct ashlar_mode *mode)
{
    /* VirtualBox and Bochs ignore the mode's registers while enabled. */
    bochs_write_dispi(bochs, DISPI_ENABLE, 0);
    bochs_write_dispi(bochs, DISPI_X_RESOLUTION, (USHORT)mode->width);
    bochs_write_dispi(bochs, DISPI_Y_RESOLUTION, (USHORT)mode->height);
    bochs_write_dispi(bochs, DISPI_BITS_PER_PIXEL, (USHORT)mode->bits_per_pixel);
    bochs_write_dispi(bochs, DISPI_VIRTUAL_WIDTH, (USHORT)bochs_line_pixels(mode));
    bochs_write_dispi(bochs, DISPI_ENABLE, DISPI_ENABLE_ON | DISPI_ENABLE_LINEAR);
    /* QEMU's VGA resets these when it is enabled, so they come after. */
    bochs_write_dispi(bochs, DISPI_VIRTUAL_WIDTH, (USHORT)bochs_line_pixels(mode));
    bochs_write_dispi(bochs, DISPI_X_OFFSET, 0);
    bochs_write_dispi(bochs, DISPI_Y_OFFSET, 0);
    if (!is_taken(bochs, mode) || !takes_pages(bochs, mode))
        return 0;
    if (mode->bits_per_pixel == 8)
        load_palette(bochs);
    unblank(bochs);
    return stride_pixels(bochs, mode) * bochs->adapter.linear.format.bytes;
}

bool bochs_show_line(const struct bochs *bochs, ULONG line)
{
    bochs_write_dispi(bochs, DISPI_Y_OFFSET, (USHORT)line);
    return bochs_read_dispi(bochs, DISPI_Y_OFFSET) == line;
}
