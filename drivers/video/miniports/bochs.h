#ifndef BOCHS_H
#define BOCHS_H

/*
 * What the files of the miniport for Bochs' adapter share, and its device extension: bochs.c is the
 * class, bochs_find.c looks for the adapter, bochs_io.c programs it.
 */

#include "drivers/video/adapter/adapter.h"
#include "vga_mode.h"

/* ---- registers ------------------------------------------------------------------------------- */

/*
 * Bochs' VBE extensions ("DISPI"), as the Bochs and QEMU documentation have them
 * (docs/specs/standard-vga).
 */

/* 16-bit accesses only. */
#define DISPI_PORT_INDEX 0x1CE
#define DISPI_PORT_DATA 0x1CF

#define DISPI_ID 0x0 /* 0xB0C0 to 0xB0C5; Bochs panics if an unknown one is written */
#define DISPI_ID_MASK 0xFFF0
#define DISPI_ID_BASE 0xB0C0
#define DISPI_ID_8_MIB 0xB0C4
#define DISPI_ID_MEMORY_REGISTER 0xB0C5
#define DISPI_X_RESOLUTION 0x1
#define DISPI_Y_RESOLUTION 0x2
#define DISPI_BITS_PER_PIXEL 0x3
#define DISPI_ENABLE 0x4
#define DISPI_ENABLE_ON 0x01
#define DISPI_ENABLE_GET_LIMITS 0x02 /* the resolution registers read as the largest */
#define DISPI_ENABLE_LINEAR 0x40
#define DISPI_VIRTUAL_WIDTH 0x6
#define DISPI_X_OFFSET 0x8
#define DISPI_Y_OFFSET 0x9
#define DISPI_MEMORY_64K 0xA /* video memory in units of 64 KiB */

/* In the second memory range that QEMU's PCI devices have (docs/specs/standard-vga). */
#define BOCHS_MMIO_BYTES 0x1000
#define BOCHS_MMIO_EDID 0x000
#define BOCHS_MMIO_VGA 0x400 /* ports 0x3C0 to 0x3DF */
#define BOCHS_MMIO_DISPI 0x500

#define BOCHS_ISA_FRAME_BUFFER 0xE0000000u

#define PCI_VENDOR_VIRTUALBOX 0x80EE

/* ---- the adapter ----------------------------------------------------------------------------- */

struct bochs {
    struct adapter adapter; /* first: the video port's extension is the adapter */
    bool has_vga; /* and its registers, at the well-known ports */
    bool has_all_depths; /* not 16 and 32 alone */
    PUCHAR mmio; /* NULL: registers are reached by ports */
    struct vga_text text;
};

static inline struct bochs *bochs_of(const struct adapter *adapter)
{
    return (struct bochs *)(ULONG_PTR)adapter;
}

USHORT bochs_read_dispi(const struct bochs *bochs, USHORT index);
void bochs_write_dispi(const struct bochs *bochs, USHORT index, USHORT value);

/* The class's `find`. */
VP_STATUS bochs_find(struct adapter *adapter, INTERFACE_TYPE bus);

/* Finds out whether the adapter has all depths: QEMU's bochs-display has but two, and no way to ask
   for its limits. */
bool bochs_has_all_depths(const struct bochs *bochs);

/* How many pixels a line takes in video memory. QEMU ends when it draws one whose bytes are not a
   multiple of 4. */
static inline ULONG bochs_line_pixels(const struct ashlar_mode *mode)
{
    return (mode->width + 1) & ~1u;
}

/* Programs a mode, which clears video memory, and returns its stride. 0 if the adapter did not take
   it; what it shows then is undefined. */
ULONG bochs_program_mode(const struct bochs *bochs, const struct ashlar_mode *mode);

/* Shows the lines from `line` on. False if the adapter will not. */
bool bochs_show_line(const struct bochs *bochs, ULONG line);

#endif
