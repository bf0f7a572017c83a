#ifndef VIDEO_VGA_TEXT_H
#define VIDEO_VGA_TEXT_H

/* The way back to the text screen that there was before graphics. */

#include <stdbool.h>

#include "drivers/videoport/include/video.h"

struct vga_saved_text;

struct vga_text {
    UCHAR *window; /* 0xA0000; NULL if a text screen cannot be saved */
    struct vga_saved_text *saved; /* NULL likewise */
};

/* Obtains what saving a text screen takes, for the miniport's HwInitialize. Without it nothing will
   be saved. */
void vga_text_prepare(PVOID extension, struct vga_text *text);

/* Saves the text screen, if one is shown, for vga_text_restore. */
void vga_text_save(const struct vga_text *text);

/* Shows the text screen that was saved, or an empty one if none was. The adapter is in VGA's modes,
   not in its own. False, and nothing changes, if vga_text_prepare could not have what it takes. */
bool vga_text_restore(const struct vga_text *text);

#endif
