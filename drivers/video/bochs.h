#ifndef BOCHS_H
#define BOCHS_H

/*
 * The miniport's device extension and what its files share. bochs.c answers requests, bochs_mode.c
 * programs the adapter, bochs_text.c gets back to text, bochs_present.c copies pixels.
 */

#include <stdbool.h>

#include "ashlar_display.h"
#include "drivers/videoport/include/dderror.h"
#include "drivers/videoport/include/video.h"
#include "drivers/videoport/include/wdm.h"

struct bochs_text;

/* A mode that is set, and the memory that shows through it. */
struct bochs_screen {
    struct ashlar_mode mode;
    ULONG stride_bytes; /* of a line in video memory */
    ULONG *pixels; /* the back buffer; NULL: no mode is set */
    PHYSICAL_ADDRESS pixels_physical;
};

struct bochs_adapter {
    enum ashlar_access access;
    USHORT interface_version;
    bool has_vga; /* and its registers, at the well-known ports */
    PUCHAR mmio; /* NULL: registers are reached by ports */
    PHYSICAL_ADDRESS memory_physical;
    ULONG memory_bytes;
    UCHAR *frame_buffer; /* the mapped part of video memory; NULL before the first mode */
    ULONG frame_buffer_bytes;
    UCHAR *vga_window; /* 0xA0000; NULL if a text screen cannot be saved */
    struct bochs_text *text;
    struct bochs_screen screen;
};

/* Bytes of a pixel in video memory, 0 for a depth that the adapter has not. */
ULONG bochs_pixel_bytes(const struct bochs_adapter *adapter, ULONG bits_per_pixel);

USHORT bochs_read_dispi(const struct bochs_adapter *adapter, USHORT index);
void bochs_write_dispi(const struct bochs_adapter *adapter, USHORT index, USHORT value);

/* VGA registers, by their port numbers. */
UCHAR bochs_read_vga(const struct bochs_adapter *adapter, USHORT port);
void bochs_write_vga(const struct bochs_adapter *adapter, USHORT port, UCHAR value);

/* True if the sizes are sane and video memory holds the mode. */
bool bochs_mode_fits(const struct bochs_adapter *adapter, const struct ashlar_mode *mode);

/*
 * Programs screen->mode, which clears video memory, and stores the stride that comes of it. False
 * if the adapter did not take the mode; what it shows then is undefined.
 */
bool bochs_program_mode(const struct bochs_adapter *adapter, struct bochs_screen *screen);

/* Obtains what saving a text screen takes. Without it, or without VGA, nothing will be saved. */
void bochs_text_prepare(struct bochs_adapter *adapter);

/* Saves the text screen, if one is shown, for bochs_text_restore. */
void bochs_text_save(const struct bochs_adapter *adapter);

/* Leaves graphics. False, and nothing changes, if that would lead nowhere: the adapter has a text
   mode, but no text screen was there to be saved. */
bool bochs_text_restore(const struct bochs_adapter *adapter);

/* Copies a rectangle, which lies inside the screen, from the back buffer to video memory. */
void bochs_present(const struct bochs_adapter *adapter, const struct ashlar_rectangle *rectangle);

#endif
