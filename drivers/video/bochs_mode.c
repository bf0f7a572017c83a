/*
 * The adapter's registers and the order in which they want to be written. It knows one mode at a
 * time and nothing of requests.
 */
#include "bochs.h"

#include "bochs_regs.h"

/* The widest and highest that 16-bit registers leave room for in any imitation (QEMU: 16000). */
#define RESOLUTION_MAX 16000
#define RESOLUTION_MIN 64

#define PORT8(port) ((PUCHAR)(ULONG_PTR)(port))
#define PORT16(port) ((PUSHORT)(ULONG_PTR)(port))

static PUSHORT mmio_dispi(const struct bochs_adapter *adapter, USHORT index)
{
    return (PUSHORT)(void *)(adapter->mmio + BOCHS_MMIO_DISPI + 2 * index);
}

USHORT bochs_read_dispi(const struct bochs_adapter *adapter, USHORT index)
{
    if (adapter->mmio != NULL)
        return VideoPortReadRegisterUshort(mmio_dispi(adapter, index));
    VideoPortWritePortUshort(PORT16(DISPI_PORT_INDEX), index);
    return VideoPortReadPortUshort(PORT16(DISPI_PORT_DATA));
}

void bochs_write_dispi(const struct bochs_adapter *adapter, USHORT index, USHORT value)
{
    if (adapter->mmio != NULL) {
        VideoPortWriteRegisterUshort(mmio_dispi(adapter, index), value);
        return;
    }
    VideoPortWritePortUshort(PORT16(DISPI_PORT_INDEX), index);
    VideoPortWritePortUshort(PORT16(DISPI_PORT_DATA), value);
}

UCHAR bochs_read_vga(const struct bochs_adapter *adapter, USHORT port)
{
    if (adapter->mmio != NULL)
        return VideoPortReadRegisterUchar(adapter->mmio + BOCHS_MMIO_VGA + (port - VGA_PORT_FIRST));
    return VideoPortReadPortUchar(PORT8(port));
}

void bochs_write_vga(const struct bochs_adapter *adapter, USHORT port, UCHAR value)
{
    if (adapter->mmio != NULL)
        VideoPortWriteRegisterUchar(adapter->mmio + BOCHS_MMIO_VGA + (port - VGA_PORT_FIRST),
                                    value);
    else
        VideoPortWritePortUchar(PORT8(port), value);
}

/* Behind MMIO alone may stand QEMU's bochs-display, which has but two depths and does not tell. */
ULONG bochs_pixel_bytes(const struct bochs_adapter *adapter, ULONG bits_per_pixel)
{
    bool is_plain = adapter->access == ASHLAR_ACCESS_MMIO;

    switch (bits_per_pixel) {
    case 8:
        return is_plain ? 0 : 1;
    case 15:
        return is_plain ? 0 : 2;
    case 16:
        return 2;
    case 24:
        return is_plain ? 0 : 3;
    case 32:
        return 4;
    default:
        return 0;
    }
}

bool bochs_mode_fits(const struct bochs_adapter *adapter, const struct ashlar_mode *mode)
{
    ULONG pixel_bytes = bochs_pixel_bytes(adapter, mode->bits_per_pixel);

    if (pixel_bytes == 0 || mode->width < RESOLUTION_MIN || mode->height < RESOLUTION_MIN ||
        mode->width > RESOLUTION_MAX || mode->height > RESOLUTION_MAX)
        return false;
    /* At most 16000 * 16000 * 4, which 32 bits hold. */
    return mode->width * mode->height * pixel_bytes <= adapter->memory_bytes;
}

/* With 8 bits a pixel, the DAC turns 3 bits of red, 3 of green and 2 of blue into 6 each. */
static void load_palette(const struct bochs_adapter *adapter)
{
    bochs_write_vga(adapter, VGA_DAC_MASK, 0xFF);
    bochs_write_vga(adapter, VGA_DAC_WRITE, 0);
    for (unsigned i = 0; i < 256; i++) {
        bochs_write_vga(adapter, VGA_DAC_DATA, (UCHAR)((i >> 5) * 63 / 7));
        bochs_write_vga(adapter, VGA_DAC_DATA, (UCHAR)((i >> 2 & 7) * 63 / 7));
        bochs_write_vga(adapter, VGA_DAC_DATA, (UCHAR)((i & 3) * 63 / 3));
    }
}

/* A secondary VGA of QEMU starts blanked, and saving the text screen blanks any. */
static void unblank(const struct bochs_adapter *adapter)
{
    bochs_read_vga(adapter, VGA_STATUS);
    bochs_write_vga(adapter, VGA_ATTRIBUTE, VGA_ATTRIBUTE_UNBLANK);
}

/* Some imitations round or clamp silently; Bochs reads back 1 where 0x41 was written. */
static bool is_taken(const struct bochs_adapter *adapter, const struct ashlar_mode *mode)
{
    return bochs_read_dispi(adapter, DISPI_X_RESOLUTION) == mode->width &&
           bochs_read_dispi(adapter, DISPI_Y_RESOLUTION) == mode->height &&
           bochs_read_dispi(adapter, DISPI_BITS_PER_PIXEL) == mode->bits_per_pixel &&
           (bochs_read_dispi(adapter, DISPI_ENABLE) & DISPI_ENABLE_ON) != 0;
}

/* A virtual width outlives a mode in bochs-display; v86 knows none, and reads back as it likes. */
static ULONG stride_pixels(const struct bochs_adapter *adapter, const struct ashlar_mode *mode)
{
    ULONG virtual_width = bochs_read_dispi(adapter, DISPI_VIRTUAL_WIDTH);

    return virtual_width > mode->width && virtual_width < 2 * mode->width ? virtual_width
                                                                          : mode->width;
}

bool bochs_program_mode(const struct bochs_adapter *adapter, struct bochs_screen *screen)
{
    const struct ashlar_mode *mode = &screen->mode;

    /* VirtualBox and Bochs ignore the mode's registers while enabled. */
    bochs_write_dispi(adapter, DISPI_ENABLE, 0);
    bochs_write_dispi(adapter, DISPI_X_RESOLUTION, (USHORT)mode->width);
    bochs_write_dispi(adapter, DISPI_Y_RESOLUTION, (USHORT)mode->height);
    bochs_write_dispi(adapter, DISPI_BITS_PER_PIXEL, (USHORT)mode->bits_per_pixel);
    bochs_write_dispi(adapter, DISPI_ENABLE, DISPI_ENABLE_ON | DISPI_ENABLE_LINEAR);
    /* QEMU's VGA resets these when it is enabled, so they come after. */
    bochs_write_dispi(adapter, DISPI_VIRTUAL_WIDTH, (USHORT)mode->width);
    bochs_write_dispi(adapter, DISPI_X_OFFSET, 0);
    bochs_write_dispi(adapter, DISPI_Y_OFFSET, 0);
    if (!is_taken(adapter, mode))
        return false;
    screen->stride_bytes =
        stride_pixels(adapter, mode) * bochs_pixel_bytes(adapter, mode->bits_per_pixel);
    if (mode->bits_per_pixel == 8)
        load_palette(adapter);
    unblank(adapter);
    return true;
}
