#ifndef VIDEO_VGA_IO_H
#define VIDEO_VGA_IO_H

/* VGA registers by their ports and indices. No state but the adapter's. */

#include "drivers/videoport/include/video.h"
#include "vga_regs.h"

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
