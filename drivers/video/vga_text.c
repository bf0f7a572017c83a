/*
 * A graphics mode lives in the same memory as the text screen and its font, may clear it when it is
 * set, and rewrites VGA registers that nobody restores when it ends (QEMU's hw/display/vga.c). So
 * all of that is saved while text is still there.
 */
#include "vga_text.h"

#include "vga_io.h"

#define POOL_TAG 0x20616756 /* "Vga " */

struct vga_saved_text {
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

/* Lays plane 2, where the font is, open at the window's start, as it is at no time in text mode. */
static void open_font(void)
{
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MAP_MASK, 1 << VGA_FONT_PLANE);
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MEMORY_MODE, VGA_SEQUENCER_PLANAR);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_READ_MAP, VGA_FONT_PLANE);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MODE, 0);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MISC, VGA_GRAPHICS_MISC_64K);
}

static void close_font(const struct vga_saved_text *saved)
{
    vga_write_group(VGA_SEQUENCER, saved->sequencer, VGA_SEQUENCER_COUNT);
    vga_write_group(VGA_GRAPHICS, saved->graphics, VGA_GRAPHICS_COUNT);
}

static void save(const struct vga_text *text)
{
    struct vga_saved_text *saved = text->saved;

    saved->misc = vga_read(VGA_MISC_READ);
    vga_read_group(VGA_SEQUENCER, saved->sequencer, VGA_SEQUENCER_COUNT);
    vga_read_group(VGA_CRTC, saved->crtc, VGA_CRTC_COUNT);
    vga_read_group(VGA_GRAPHICS, saved->graphics, VGA_GRAPHICS_COUNT);
    vga_read_attributes(saved->attribute, VGA_ATTRIBUTE_COUNT);
    saved->dac_mask = vga_read(VGA_DAC_MASK);
    vga_read_dac(0, saved->dac, VGA_DAC_BYTES);
    VideoPortReadRegisterBufferUchar(text->window + VGA_TEXT_OFFSET, saved->screen, VGA_TEXT_BYTES);
    open_font();
    VideoPortReadRegisterBufferUchar(text->window, saved->font, VGA_FONT_BYTES);
    close_font(saved);
    saved->is_saved = true;
}

/* In colour, with nothing but text on it. */
static bool shows_text(void)
{
    UCHAR graphics = vga_read_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MISC);

    return (vga_read(VGA_MISC_READ) & VGA_MISC_COLOUR) != 0 &&
           (graphics & VGA_GRAPHICS_MISC_GRAPHICS) == 0;
}

void vga_text_prepare(PVOID extension, struct vga_text *text)
{
    PHYSICAL_ADDRESS window = {.QuadPart = VGA_WINDOW};

    text->window =
        VideoPortGetDeviceBase(extension, window, VGA_WINDOW_BYTES, VIDEO_MEMORY_SPACE_MEMORY);
    if (text->window == NULL)
        return;
    text->saved = VideoPortAllocatePool(extension, VpNonPagedPool, sizeof *text->saved, POOL_TAG);
    if (text->saved != NULL)
        text->saved->is_saved = false;
}

void vga_text_save(const struct vga_text *text)
{
    if (text->saved != NULL && shows_text())
        save(text);
}

bool vga_text_is_saved(const struct vga_text *text)
{
    return text->saved != NULL && text->saved->is_saved;
}

void vga_text_restore(const struct vga_text *text)
{
    const struct vga_saved_text *saved = text->saved;

    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_RESET, 1);
    vga_write(VGA_MISC_WRITE, saved->misc);
    vga_write_group(VGA_SEQUENCER, saved->sequencer, VGA_SEQUENCER_COUNT);
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_RESET, VGA_SEQUENCER_RUN);
    /* The protect bit shields CRTC registers 0 to 7. */
    vga_write_indexed(VGA_CRTC, VGA_CRTC_PROTECT,
                      saved->crtc[VGA_CRTC_PROTECT] & (UCHAR)~VGA_CRTC_PROTECT_BIT);
    vga_write_group(VGA_CRTC, saved->crtc, VGA_CRTC_COUNT);
    vga_write_group(VGA_GRAPHICS, saved->graphics, VGA_GRAPHICS_COUNT);
    vga_write(VGA_DAC_MASK, saved->dac_mask);
    vga_write_dac(0, saved->dac, VGA_DAC_BYTES);
    open_font();
    VideoPortWriteRegisterBufferUchar(text->window, (PUCHAR)(ULONG_PTR)saved->font, VGA_FONT_BYTES);
    close_font(saved);
    VideoPortWriteRegisterBufferUchar(text->window + VGA_TEXT_OFFSET,
                                      (PUCHAR)(ULONG_PTR)saved->screen, VGA_TEXT_BYTES);
    vga_write_attributes(saved->attribute, VGA_ATTRIBUTE_COUNT);
}
