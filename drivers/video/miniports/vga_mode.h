#ifndef VIDEO_VGA_MODE_H
#define VIDEO_VGA_MODE_H

/* Sets VGA's own modes by tables of all its registers, and saves and restores its text screen. */

#include <stdbool.h>

#include "drivers/video/adapter/vga_io.h"

/* ---- VGA's own modes, by tables of all its registers ----------------------------------------- */

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

/* ---- the way back to the text screen that there was before graphics (vga_text.c) ------------- */

struct vga_saved_text;

struct vga_text {
    UCHAR *window; /* 0xA0000; NULL if a text screen cannot be saved */
    struct vga_saved_text *saved; /* NULL likewise */
};

/* HwInitialize calls this: it obtains the memory and the mapping that saving a text screen needs.
   If it fails, no text screen is saved. */
void vga_text_prepare(PVOID extension, struct vga_text *text);

/* Saves the text screen, if one is shown, for vga_text_restore. */
void vga_text_save(const struct vga_text *text);

/* Shows the text screen that was saved, or an empty one if none was. The adapter is in VGA's modes,
   not in its own. False, and nothing changes, if vga_text_prepare could not have what it takes. */
bool vga_text_restore(const struct vga_text *text);

#endif
