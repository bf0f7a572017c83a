/*
 * Saves the text screen before a graphics mode, and restores it. A graphics mode lives in the same
 * memory as the text screen and its font, may clear it when it is set, and rewrites VGA registers
 * that nobody restores when it ends (QEMU's hw/display/vga.c). So all of that is saved while text
 * is still there. Where none was there, because the boot loader had left it already, there is a
 * text mode to be made from nothing.
 */
#include "drivers/video/canvas/font.h"
#include "vga_mode.h"

#define POOL_TAG 0x20616756 /* "Vga " */
#define GLYPH_LINES 16

struct vga_saved_text {
    bool is_saved;
    struct vga_mode mode;
    UCHAR dac_mask;
    UCHAR dac[VGA_DAC_BYTES];
    UCHAR font[VGA_FONT_BYTES];
    UCHAR screen[VGA_TEXT_BYTES];
};

static UCHAR *screen_of(const struct vga_text *text, const struct vga_mode *mode)
{
    return text->window + (mode->misc & VGA_MISC_COLOUR ? VGA_TEXT_OFFSET : VGA_TEXT_OFFSET_MONO);
}

static void save(const struct vga_text *text)
{
    struct vga_saved_text *saved = text->saved;
    vga_read_mode(&saved->mode);
    saved->dac_mask = vga_read(VGA_DAC_MASK);
    vga_read_dac(0, saved->dac, VGA_DAC_BYTES);
    VideoPortReadRegisterBufferUchar(screen_of(text, &saved->mode), saved->screen, VGA_TEXT_BYTES);
    vga_open_font();
    VideoPortReadRegisterBufferUchar(text->window, saved->font, VGA_FONT_BYTES);
    vga_set_mode(&saved->mode);
    vga_unblank();
    saved->is_saved = true;
}

static bool shows_text(void)
{
    UCHAR graphics = vga_read_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MISC);
    return (graphics & VGA_GRAPHICS_MISC_GRAPHICS) == 0;
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

static void restore(const struct vga_text *text)
{
    const struct vga_saved_text *saved = text->saved;
    vga_set_mode(&saved->mode);
    vga_write(VGA_DAC_MASK, saved->dac_mask);
    vga_write_dac(0, saved->dac, VGA_DAC_BYTES);
    vga_open_font();
    VideoPortWriteRegisterBufferUchar(text->window, (PUCHAR)(ULONG_PTR)saved->font, VGA_FONT_BYTES);
    vga_set_mode(&saved->mode);
    VideoPortWriteRegisterBufferUchar(screen_of(text, &saved->mode),
                                      (PUCHAR)(ULONG_PTR)saved->screen, VGA_TEXT_BYTES);
    vga_unblank();
}

#define CODE_SHADE 0xB0 /* in code page 437: a quarter of the dots */
#define CODE_RULE 0xC4 /* a horizontal line through the middle */
#define CODE_WAVES 0xF7 /* about equal: one wave above another */

/* What pictures in characters are made of, and the font does not have. */
static void make_picture_glyphs(UCHAR *glyphs)
{
    for (ULONG y = 0; y < GLYPH_LINES; y++)
        glyphs[CODE_SHADE * GLYPH_LINES + y] = y % 2 == 0 ? 0x22 : 0x88;
    glyphs[CODE_RULE * GLYPH_LINES + GLYPH_LINES / 2] = 0xFF;
    for (ULONG y = 5; y <= 9; y += 4) {
        glyphs[CODE_WAVES * GLYPH_LINES + y] = 0x76;
        glyphs[CODE_WAVES * GLYPH_LINES + y + 1] = 0xDC;
    }
}

/* The glyphs that our own font has; a text mode's lines have 8 pixels in a byte. */
static void make_font(UCHAR *glyphs)
{
    VideoPortZeroMemory(glyphs, VGA_FONT_BYTES);
    for (ULONG code = FONT_FIRST; code < FONT_END; code++)
        for (ULONG y = 0; y < GLYPH_LINES; y++)
            glyphs[code * GLYPH_LINES + y] = (UCHAR)(font_row(&font_normal, code, y) >> 8);
    make_picture_glyphs(glyphs);
}

bool vga_text_restore(const struct vga_text *text)
{
    if (text->saved == NULL)
        return false;
    if (text->saved->is_saved) {
        restore(text);
    } else {
        make_font(text->saved->font);
        vga_set_text(text->window, text->saved->font);
    }
    return true;
}
