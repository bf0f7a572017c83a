#ifndef VIDEO_VGA_MODE_H
#define VIDEO_VGA_MODE_H

/* VGA's own modes, by tables of all its registers. */

#include "vga_regs.h"

#include "drivers/videoport/include/video.h"

struct vga_mode {
    UCHAR misc;
    UCHAR sequencer[VGA_SEQUENCER_COUNT];
    UCHAR crtc[VGA_CRTC_COUNT];
    UCHAR graphics[VGA_GRAPHICS_COUNT];
    UCHAR attribute[VGA_ATTRIBUTE_COUNT];
};

extern const struct vga_mode vga_mode_640x480x4; /* BIOS mode 12h: four planes, 80 bytes a line */
extern const struct vga_mode vga_mode_320x200x8; /* 13h: a byte a pixel */
extern const struct vga_mode vga_mode_text; /* 3: 80 by 25, characters of 9 by 16 */

/* Programs all registers, and leaves the screen blanked, so that memory and colours are made ready
   before vga_unblank shows them. Neither of them changes. */
void vga_set_mode(const struct vga_mode *mode);

/* The registers as they are. */
void vga_read_mode(struct vga_mode *mode);

/* Shows an empty text screen, with this font (256 glyphs of 16 lines of 8) and the usual colours.
   `window` is 0xA0000, VGA_WINDOW_BYTES of it. */
void vga_set_text(UCHAR *window, const UCHAR *font);

#endif
