#ifndef VIDEO_VGA_IO_H
#define VIDEO_VGA_IO_H

/*
 * VGA registers (IBM's PS/2 hardware technical reference; FreeVGA), by their ports and indices. No
 * state but the adapter's.
 */

#include "drivers/videoport/include/video.h"

#define VGA_MONO_PORT_FIRST 0x3B0
#define VGA_MONO_PORT_COUNT 0x10
#define VGA_PORT_FIRST 0x3C0
#define VGA_PORT_COUNT 0x20
#define VGA_ATTRIBUTE 0x3C0 /* index and data in turn; a read of 0x3DA makes index the next */
#define VGA_ATTRIBUTE_READ 0x3C1
#define VGA_ATTRIBUTE_UNBLANK 0x20
#define VGA_ATTRIBUTE_COUNT 21
#define VGA_MISC_WRITE 0x3C2
#define VGA_SEQUENCER 0x3C4
#define VGA_SEQUENCER_COUNT 5
#define VGA_SEQUENCER_RESET 0
#define VGA_SEQUENCER_RUN 0x03
#define VGA_SEQUENCER_MAP_MASK 2
#define VGA_SEQUENCER_MEMORY_MODE 4
#define VGA_SEQUENCER_PLANAR 0x06 /* all memory, neither odd/even nor chain 4 */
#define VGA_DAC_MASK 0x3C6
#define VGA_DAC_READ 0x3C7
#define VGA_DAC_WRITE 0x3C8
#define VGA_DAC_DATA 0x3C9
#define VGA_DAC_BYTES 768
#define VGA_MISC_READ 0x3CC
#define VGA_MISC_COLOUR 0x01 /* CRTC at 0x3D4, text at 0xB8000 */
#define VGA_GRAPHICS 0x3CE
#define VGA_GRAPHICS_COUNT 9
#define VGA_GRAPHICS_SET_RESET 0 /* four bits */
#define VGA_GRAPHICS_ENABLE_SET_RESET 1
#define VGA_GRAPHICS_ROTATE 3
#define VGA_GRAPHICS_READ_MAP 4
#define VGA_GRAPHICS_BIT_MASK 8
#define VGA_GRAPHICS_MODE 5
#define VGA_GRAPHICS_MISC 6
#define VGA_GRAPHICS_MISC_GRAPHICS 0x01
#define VGA_GRAPHICS_MISC_64K 0x04 /* A0000 to AFFFF, no odd/even */
#define VGA_CRTC 0x3D4
#define VGA_CRTC_MONO 0x3B4
#define VGA_CRTC_COUNT 25
#define VGA_CRTC_PROTECT 0x11
#define VGA_CRTC_PROTECT_BIT 0x80
#define VGA_STATUS 0x3DA
#define VGA_STATUS_MONO 0x3BA

#define VGA_WINDOW 0xA0000
#define VGA_WINDOW_BYTES 0x20000
#define VGA_GRAPHICS_BYTES 0x10000 /* of it, in graphics modes */
#define VGA_TEXT_OFFSET 0x18000 /* 0xB8000, seen from the window's start */
#define VGA_TEXT_OFFSET_MONO 0x10000 /* 0xB0000 */
#define VGA_TEXT_BYTES 0x8000
#define VGA_FONT_PLANE 2
#define VGA_FONT_BYTES 0x2000 /* 256 glyphs, 32 lines each */

/* What a driver of a VGA claims, as initialisers of VIDEO_ACCESS_RANGE. Not shared: no other driver
   may touch these while one does. */
#define VGA_RANGE(start, length, is_of_ports)                                                      \
    {                                                                                              \
        .RangeStart.QuadPart = (start), .RangeLength = (length), .RangeInIoSpace = (is_of_ports)   \
    }
#define VGA_ACCESS_RANGES                                                                          \
    VGA_RANGE(VGA_MONO_PORT_FIRST, VGA_MONO_PORT_COUNT, 1),                                        \
        VGA_RANGE(VGA_PORT_FIRST, VGA_PORT_COUNT, 1), VGA_RANGE(VGA_WINDOW, VGA_WINDOW_BYTES, 0)

/* ---- accesses -------------------------------------------------------------------------------- */

UCHAR vga_read(USHORT port);
void vga_write(USHORT port, UCHAR value);

/* Registers behind an index port; the data port follows it. */
UCHAR vga_read_indexed(USHORT port, UCHAR index);
void vga_write_indexed(USHORT port, UCHAR index, UCHAR value);

/* Registers 0 to count - 1 of a group. */
void vga_read_group(USHORT port, UCHAR *values, UCHAR count);
void vga_write_group(USHORT port, const UCHAR *values, UCHAR count);

/* The attribute controller's. Writing them leaves the screen blanked, until vga_unblank. */
void vga_read_attributes(UCHAR *values, UCHAR count);
void vga_write_attributes(const UCHAR *values, UCHAR count);

/* Lays plane 2, where the font is, open at 0xA0000, as it is at no time in text mode. Setting the
   mode closes it. */
void vga_open_font(void);

/* Shows what is in video memory: an attribute index without bit 5 had it blanked. */
void vga_unblank(void);

/* The DAC's colours from `first` on, three bytes each, of 6 bits. */
void vga_read_dac(UCHAR first, UCHAR *values, ULONG byte_count);
void vga_write_dac(UCHAR first, const UCHAR *values, ULONG byte_count);

#endif
