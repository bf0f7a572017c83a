/*
 * The way back to text. A graphics mode of this adapter lives in the same memory as the text screen
 * and its font, is cleared when it is set, and rewrites VGA registers that nobody restores when it
 * ends (QEMU's hw/display/vga.c). So all of that is saved while text is still there.
 */
#include "bochs.h"

#include "bochs_regs.h"

#define POOL_TAG 0x68636F42 /* "Boch" */

struct bochs_text {
    bool is_saved;
    UCHAR misc;
    UCHAR sequencer[VGA_SEQUENCER_COUNT];
    UCHAR crtc[VGA_CRTC_COUNT];
    UCHAR graphics[VGA_GRAPHICS_COUNT];
    UCHAR attribute[VGA_ATTRIBUTE_COUNT];
    UCHAR dac_mask;
    UCHAR dac[VGA_DAC_BYTES];
    UCHAR font[VGA_FONT_BYTES];
    UCHAR screen[VGA_TEXT_BYTES];
};

static UCHAR read_indexed(const struct bochs_adapter *adapter, USHORT port, UCHAR index)
{
    bochs_write_vga(adapter, port, index);
    return bochs_read_vga(adapter, port + 1);
}

static void write_indexed(const struct bochs_adapter *adapter, USHORT port, UCHAR index,
                          UCHAR value)
{
    bochs_write_vga(adapter, port, index);
    bochs_write_vga(adapter, port + 1, value);
}

static void read_group(const struct bochs_adapter *adapter, USHORT port, UCHAR *values,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        values[i] = read_indexed(adapter, port, (UCHAR)i);
}

static void write_group(const struct bochs_adapter *adapter, USHORT port, const UCHAR *values,
                        unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        write_indexed(adapter, port, (UCHAR)i, values[i]);
}

static void read_attributes(const struct bochs_adapter *adapter, UCHAR *values)
{
    for (unsigned i = 0; i < VGA_ATTRIBUTE_COUNT; i++) {
        bochs_read_vga(adapter, VGA_STATUS);
        bochs_write_vga(adapter, VGA_ATTRIBUTE, (UCHAR)i);
        values[i] = bochs_read_vga(adapter, VGA_ATTRIBUTE_READ);
    }
    bochs_read_vga(adapter, VGA_STATUS);
    bochs_write_vga(adapter, VGA_ATTRIBUTE, VGA_ATTRIBUTE_UNBLANK);
}

static void write_attributes(const struct bochs_adapter *adapter, const UCHAR *values)
{
    bochs_read_vga(adapter, VGA_STATUS);
    for (unsigned i = 0; i < VGA_ATTRIBUTE_COUNT; i++) {
        bochs_write_vga(adapter, VGA_ATTRIBUTE, (UCHAR)i);
        bochs_write_vga(adapter, VGA_ATTRIBUTE, values[i]);
    }
    bochs_write_vga(adapter, VGA_ATTRIBUTE, VGA_ATTRIBUTE_UNBLANK);
}

/* Lays plane 2, where the font is, open at the window's start, as it is at no time in text mode. */
static void open_font(const struct bochs_adapter *adapter)
{
    write_indexed(adapter, VGA_SEQUENCER, VGA_SEQUENCER_MAP_MASK, 1 << VGA_FONT_PLANE);
    write_indexed(adapter, VGA_SEQUENCER, VGA_SEQUENCER_MEMORY_MODE, VGA_SEQUENCER_PLANAR);
    write_indexed(adapter, VGA_GRAPHICS, VGA_GRAPHICS_READ_MAP, VGA_FONT_PLANE);
    write_indexed(adapter, VGA_GRAPHICS, VGA_GRAPHICS_MODE, 0);
    write_indexed(adapter, VGA_GRAPHICS, VGA_GRAPHICS_MISC, VGA_GRAPHICS_MISC_64K);
}

static void close_font(const struct bochs_adapter *adapter)
{
    const struct bochs_text *text = adapter->text;

    write_group(adapter, VGA_SEQUENCER, text->sequencer, VGA_SEQUENCER_COUNT);
    write_group(adapter, VGA_GRAPHICS, text->graphics, VGA_GRAPHICS_COUNT);
}

static void save(const struct bochs_adapter *adapter)
{
    struct bochs_text *text = adapter->text;

    text->misc = bochs_read_vga(adapter, VGA_MISC_READ);
    read_group(adapter, VGA_SEQUENCER, text->sequencer, VGA_SEQUENCER_COUNT);
    read_group(adapter, VGA_CRTC, text->crtc, VGA_CRTC_COUNT);
    read_group(adapter, VGA_GRAPHICS, text->graphics, VGA_GRAPHICS_COUNT);
    read_attributes(adapter, text->attribute);
    text->dac_mask = bochs_read_vga(adapter, VGA_DAC_MASK);
    bochs_write_vga(adapter, VGA_DAC_READ, 0);
    for (unsigned i = 0; i < VGA_DAC_BYTES; i++)
        text->dac[i] = bochs_read_vga(adapter, VGA_DAC_DATA);
    VideoPortReadRegisterBufferUchar(adapter->vga_window + VGA_TEXT_OFFSET, text->screen,
                                     VGA_TEXT_BYTES);
    open_font(adapter);
    VideoPortReadRegisterBufferUchar(adapter->vga_window, text->font, VGA_FONT_BYTES);
    close_font(adapter);
    text->is_saved = true;
}

/* In colour, with nothing but text on it. */
static bool shows_text(const struct bochs_adapter *adapter)
{
    UCHAR graphics = read_indexed(adapter, VGA_GRAPHICS, VGA_GRAPHICS_MISC);

    return (bochs_read_dispi(adapter, DISPI_ENABLE) & DISPI_ENABLE_ON) == 0 &&
           (bochs_read_vga(adapter, VGA_MISC_READ) & VGA_MISC_COLOUR) != 0 &&
           (graphics & VGA_GRAPHICS_MISC_GRAPHICS) == 0;
}

void bochs_text_prepare(struct bochs_adapter *adapter)
{
    PHYSICAL_ADDRESS window = {.QuadPart = VGA_WINDOW};

    if (!adapter->has_vga)
        return;
    adapter->vga_window =
        VideoPortGetDeviceBase(adapter, window, VGA_WINDOW_BYTES, VIDEO_MEMORY_SPACE_MEMORY);
    if (adapter->vga_window == NULL)
        return;
    adapter->text = VideoPortAllocatePool(adapter, VpNonPagedPool, sizeof *adapter->text, POOL_TAG);
    if (adapter->text != NULL)
        adapter->text->is_saved = false;
}

void bochs_text_save(const struct bochs_adapter *adapter)
{
    if (adapter->text != NULL && shows_text(adapter))
        save(adapter);
}

static void restore(const struct bochs_adapter *adapter)
{
    struct bochs_text *text = adapter->text;

    write_indexed(adapter, VGA_SEQUENCER, VGA_SEQUENCER_RESET, 1);
    bochs_write_vga(adapter, VGA_MISC_WRITE, text->misc);
    write_group(adapter, VGA_SEQUENCER, text->sequencer, VGA_SEQUENCER_COUNT);
    write_indexed(adapter, VGA_SEQUENCER, VGA_SEQUENCER_RESET, VGA_SEQUENCER_RUN);
    /* The protect bit shields CRTC registers 0 to 7. */
    write_indexed(adapter, VGA_CRTC, VGA_CRTC_PROTECT,
                  text->crtc[VGA_CRTC_PROTECT] & (UCHAR)~VGA_CRTC_PROTECT_BIT);
    write_group(adapter, VGA_CRTC, text->crtc, VGA_CRTC_COUNT);
    write_group(adapter, VGA_GRAPHICS, text->graphics, VGA_GRAPHICS_COUNT);
    bochs_write_vga(adapter, VGA_DAC_MASK, text->dac_mask);
    bochs_write_vga(adapter, VGA_DAC_WRITE, 0);
    for (unsigned i = 0; i < VGA_DAC_BYTES; i++)
        bochs_write_vga(adapter, VGA_DAC_DATA, text->dac[i]);
    open_font(adapter);
    VideoPortWriteRegisterBufferUchar(adapter->vga_window, text->font, VGA_FONT_BYTES);
    close_font(adapter);
    VideoPortWriteRegisterBufferUchar(adapter->vga_window + VGA_TEXT_OFFSET, text->screen,
                                      VGA_TEXT_BYTES);
    write_attributes(adapter, text->attribute);
}

bool bochs_text_restore(const struct bochs_adapter *adapter)
{
    bool is_saved = adapter->text != NULL && adapter->text->is_saved;

    if (adapter->has_vga && !is_saved)
        return false;
    bochs_write_dispi(adapter, DISPI_ENABLE, 0);
    if (is_saved)
        restore(adapter);
    return true;
}
