/*
 * Holds the register values of the VGA's modes, and sets them. The values are those that IBM's VGA
 * BIOS leaves in the registers (IBM VGA XGA Technical Reference Manual, 1992, 2-12; FreeVGA,
 * "VGA/SVGA Video Programming").
 */
#include "vga_mode.h"

const struct vga_mode vga_mode_640x480x4 = {
    .misc = 0xE3,
    .sequencer = {0x03, 0x01, 0x0F, 0x00, 0x06},
    .crtc = {0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0x0B, 0x3E, 0x00, 0x40, 0x00, 0x00, 0x00,
             0x00, 0x00, 0x00, 0xEA, 0x8C, 0xDF, 0x28, 0x00, 0xE7, 0x04, 0xE3, 0xFF},
    .graphics = {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x0F, 0xFF},
    .attribute = {0,  1,  2,  3,  4,  5,    6,    7,    8,    9,   10,
                  11, 12, 13, 14, 15, 0x01, 0x00, 0x0F, 0x00, 0x00},
};

const struct vga_mode vga_mode_320x200x8 = {
    .misc = 0x63,
    .sequencer = {0x03, 0x01, 0x0F, 0x00, 0x0E},
    .crtc = {0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0xBF, 0x1F, 0x00, 0x41, 0x00, 0x00, 0x00,
             0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x40, 0x96, 0xB9, 0xA3, 0xFF},
    .graphics = {0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0F, 0xFF},
    .attribute = {0,  1,  2,  3,  4,  5,    6,    7,    8,    9,   10,
                  11, 12, 13, 14, 15, 0x41, 0x00, 0x0F, 0x00, 0x00},
};

const struct vga_mode vga_mode_text = {
    .misc = 0x67,
    .sequencer = {0x03, 0x00, 0x03, 0x00, 0x02},
    .crtc = {0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0x00,
             0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF},
    .graphics = {0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF},
    .attribute = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A,
                  0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x0C, 0x00, 0x0F, 0x08, 0x00},
};

/* Misc bit 0 tells where the CRTC answers. */
static USHORT crtc_port(UCHAR misc)
{
    return misc & VGA_MISC_COLOUR ? VGA_CRTC : VGA_CRTC_MONO;
}

void vga_set_mode(const struct vga_mode *mode)
{
    USHORT crtc = crtc_port(mode->misc);
    /* The clock changes while the sequencer is held in reset. */
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_RESET, 1);
    vga_write(VGA_MISC_WRITE, mode->misc);
    for (UCHAR i = VGA_SEQUENCER_RESET + 1; i < VGA_SEQUENCER_COUNT; i++)
        vga_write_indexed(VGA_SEQUENCER, i, mode->sequencer[i]);
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_RESET, VGA_SEQUENCER_RUN);
    /* The protect bit shields CRTC registers 0 to 7. */
    vga_write_indexed(crtc, VGA_CRTC_PROTECT,
                      mode->crtc[VGA_CRTC_PROTECT] & (UCHAR)~VGA_CRTC_PROTECT_BIT);
    vga_write_group(crtc, mode->crtc, VGA_CRTC_COUNT);
    vga_write_group(VGA_GRAPHICS, mode->graphics, VGA_GRAPHICS_COUNT);
    vga_write_attributes(mode->attribute, VGA_ATTRIBUTE_COUNT);
}

void vga_read_mode(struct vga_mode *mode)
{
    mode->misc = vga_read(VGA_MISC_READ);
    vga_read_group(VGA_SEQUENCER, mode->sequencer, VGA_SEQUENCER_COUNT);
    vga_read_group(crtc_port(mode->misc), mode->crtc, VGA_CRTC_COUNT);
    vga_read_group(VGA_GRAPHICS, mode->graphics, VGA_GRAPHICS_COUNT);
    vga_read_attributes(mode->attribute, VGA_ATTRIBUTE_COUNT);
}

/* ---- text from nothing ----------------------------------------------------------------------- */

/*
 * The 64 colours of EGA, which the attributes of the text mode refer to: two bits for each of red,
 * green and blue, the lower three of six being two thirds and the upper ones a third.
 */
static void load_text_colours(void)
{
    for (UCHAR i = 0; i < 64; i++) {
        UCHAR colour[3];
        for (int part = 0; part < 3; part++)
            colour[part] = (UCHAR)((i >> (2 - part) & 1) * 42 + (i >> (5 - part) & 1) * 21);
        vga_write_dac(i, colour, sizeof colour);
    }
}

/* A cell is a character and an attribute: blanks, grey on black. */
static void clear_cells(UCHAR *window)
{
    for (ULONG i = 0; i < VGA_TEXT_BYTES; i += 2)
        VideoPortWriteRegisterUshort((PUSHORT)(void *)(window + VGA_TEXT_OFFSET + i), 0x0720);
}

void vga_set_text(UCHAR *window, const UCHAR *font)
{
    vga_set_mode(&vga_mode_text);
    vga_write(VGA_DAC_MASK, 0xFF);
    load_text_colours();
    vga_open_font();
    for (ULONG glyph = 0; glyph < 256; glyph++)
        VideoPortWriteRegisterBufferUchar(window + glyph * 32,
                                          (PUCHAR)(ULONG_PTR)(font + glyph * 16), 16);
    vga_set_mode(&vga_mode_text);
    clear_cells(window);
    vga_unblank();
}
