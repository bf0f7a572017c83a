/* Reads and writes VGA registers: one pair of accessors, and what is built of it. */
#include "vga_io.h"

#define PORT8(port) ((PUCHAR)(ULONG_PTR)(port))

UCHAR vga_read(USHORT port)
{
    return VideoPortReadPortUchar(PORT8(port));
}

void vga_write(USHORT port, UCHAR value)
{
    VideoPortWritePortUchar(PORT8(port), value);
}

UCHAR vga_read_indexed(USHORT port, UCHAR index)
{
    vga_write(port, index);
    return vga_read(port + 1);
}

void vga_write_indexed(USHORT port, UCHAR index, UCHAR value)
{
    vga_write(port, index);
    vga_write(port + 1, value);
}

void vga_read_group(USHORT port, UCHAR *values, UCHAR count)
{
    for (UCHAR i = 0; i < count; i++)
        values[i] = vga_read_indexed(port, i);
}

void vga_write_group(USHORT port, const UCHAR *values, UCHAR count)
{
    for (UCHAR i = 0; i < count; i++)
        vga_write_indexed(port, i, values[i]);
}

/* A read of the status register makes the next write to the port an index. It answers at one of two
   ports, by misc bit 0; at the other one, no VGA listens. */
static void expect_attribute_index(void)
{
    vga_read(VGA_STATUS);
    vga_read(VGA_STATUS_MONO);
}

void vga_read_attributes(UCHAR *values, UCHAR count)
{
    for (UCHAR i = 0; i < count; i++) {
        expect_attribute_index();
        vga_write(VGA_ATTRIBUTE, i);
        values[i] = vga_read(VGA_ATTRIBUTE_READ);
    }
    vga_unblank();
}

void vga_write_attributes(const UCHAR *values, UCHAR count)
{
    expect_attribute_index();
    for (UCHAR i = 0; i < count; i++) {
        vga_write(VGA_ATTRIBUTE, i);
        vga_write(VGA_ATTRIBUTE, values[i]);
    }
}

void vga_unblank(void)
{
    expect_attribute_index();
    vga_write(VGA_ATTRIBUTE, VGA_ATTRIBUTE_UNBLANK);
}

void vga_read_dac(UCHAR first, UCHAR *values, ULONG byte_count)
{
    vga_write(VGA_DAC_READ, first);
    for (ULONG i = 0; i < byte_count; i++)
        values[i] = vga_read(VGA_DAC_DATA);
}

void vga_write_dac(UCHAR first, const UCHAR *values, ULONG byte_count)
{
    vga_write(VGA_DAC_WRITE, first);
    for (ULONG i = 0; i < byte_count; i++)
        vga_write(VGA_DAC_DATA, values[i]);
}

void vga_open_font(void)
{
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MAP_MASK, 1 << VGA_FONT_PLANE);
    vga_write_indexed(VGA_SEQUENCER, VGA_SEQUENCER_MEMORY_MODE, VGA_SEQUENCER_PLANAR);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_READ_MAP, VGA_FONT_PLANE);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MODE, 0);
    vga_write_indexed(VGA_GRAPHICS, VGA_GRAPHICS_MISC, VGA_GRAPHICS_MISC_64K);
}
