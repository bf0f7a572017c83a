#ifndef ASHLAR_DISPLAY_H
#define ASHLAR_DISPLAY_H

/*
 * What Ashlar's miniports do beyond NT's requests: any mode, a back buffer, presenting. Also their
 * entry points, since NT would call them all DriverEntry.
 *
 * The back buffer is a physically contiguous block with one dword a pixel, 0x00RRGGBB, whatever the
 * mode's depth, in lines without gaps. Only what is presented reaches the screen. When there is no
 * memory for it, or none is wanted, pixels are written straight to the screen.
 *
 *   parameter BackBufferHighest   the highest physical address that the back buffer may contain;
 *                                 0xFFFFFFFF if there is none
 *   parameter BackBuffer          enum ashlar_back_buffer_kind; contiguous if there is none
 *
 * Both are read at each change of mode.
 */

#include "drivers/videoport/include/ntddvdeo.h"

/* From 0x800 on, function codes are free for drivers. */

/*
 * In: struct ashlar_mode. Sets any mode that the adapter takes and its memory holds, and clears the
 * screen. ERROR_INVALID_PARAMETER if it takes it not, ERROR_NOT_ENOUGH_MEMORY if video memory
 * cannot be mapped; the former mode stays then, but its back buffer may be another, and cleared.
 */
#define IOCTL_ASHLAR_SET_MODE VIDEO_CONTROL(0x800u)

/* Out: struct ashlar_back_buffer, good until the next change of mode. ERROR_INVALID_FUNCTION if no
   mode is set. */
#define IOCTL_ASHLAR_QUERY_BACK_BUFFER VIDEO_CONTROL(0x801u)

/* In: 1 to ASHLAR_RECTANGLES_MAX struct ashlar_rectangle, which are copied to the screen, each
   pixel once. ERROR_INVALID_PARAMETER, and nothing is copied, if any is empty or not wholly inside
   it; ERROR_INVALID_FUNCTION if no mode is set, or without a back buffer. */
#define IOCTL_ASHLAR_PRESENT VIDEO_CONTROL(0x802u)

/* Out: struct ashlar_adapter. */
#define IOCTL_ASHLAR_QUERY_ADAPTER VIDEO_CONTROL(0x803u)

/* In: struct ashlar_pixels, which are written straight to the screen. ERROR_INVALID_PARAMETER if
   they do not lie wholly inside it; ERROR_INVALID_FUNCTION if no mode is set. */
#define IOCTL_ASHLAR_WRITE_PIXELS VIDEO_CONTROL(0x804u)

#define ASHLAR_RECTANGLES_MAX 16

struct ashlar_mode {
    ULONG width;
    ULONG height;
    ULONG bits_per_pixel; /* 4 in planes, 8, 15, 16, 24 or 32 */
    ULONG flips; /* 1: presenting shows one of two pages of video memory in turn; 0: there is one */
};

static inline BOOLEAN ashlar_is_planar(const struct ashlar_mode *mode)
{
    return mode->bits_per_pixel == 4;
}

/* Of our own miniports, in VIDEO_MODE_INFORMATION.DriverSpecificAttributeFlags of the current mode:
   others mean something of their own by that field. */
#define ASHLAR_MODE_FLIPS 1u

enum ashlar_back_buffer_kind {
    ASHLAR_BACK_BUFFER_CONTIGUOUS, /* VideoPortAllocateContiguousMemory */
    ASHLAR_BACK_BUFFER_COMMON, /* VideoPortAllocateCommonBuffer */
    ASHLAR_BACK_BUFFER_NONE,
};

struct ashlar_back_buffer {
    PVOID virtual_address; /* NULL: there is none */
    PHYSICAL_ADDRESS physical;
    ULONG size_bytes; /* width * height * 4 */
    ULONG stride_bytes;
    ULONG width;
    ULONG height;
};

/* In pixels, half-open: right and bottom lie outside. */
struct ashlar_rectangle {
    ULONG left;
    ULONG top;
    ULONG right;
    ULONG bottom;
};

/* A horizontal run. */
struct ashlar_pixels {
    ULONG left;
    ULONG top;
    ULONG count;
    const ULONG *pixels; /* 0x00RRGGBB each */
};

enum ashlar_access {
    ASHLAR_ACCESS_PORTS,
    ASHLAR_ACCESS_MMIO,
    ASHLAR_ACCESS_ISA, /* ports, and memory at the address from before PCI */
    ASHLAR_ACCESS_NONE, /* memory alone */
};

struct ashlar_adapter {
    PHYSICAL_ADDRESS memory_physical; /* the linear frame buffer */
    ULONG memory_bytes;
    ULONG interface_version; /* as the adapter identifies itself, 0xB0C5 for instance; or 0 */
    enum ashlar_access access;
    char monitor[14]; /* its name, empty if it is not known */
    struct ashlar_mode preferred; /* the monitor's own mode; width 0 if it is not known */
    ULONGLONG written_pixels; /* to video memory since the start, modulo 2^64 */
};

/* The bits that each part of a palette's colours has, 4 to 8, of which a mode's description says
   `told`. If it says nothing of use, they are those of a VGA's DAC. */
static inline ULONG ashlar_part_bits(ULONG told)
{
    return told < 4 ? 6 : told < 8 ? told : 8;
}

/* A palette's entry for the colour 0x00RRGGBB. The palette has 4 to 8 bits for each part. */
static inline VIDEO_CLUTDATA ashlar_clut_entry(ULONG colour, ULONG part_bits)
{
    ULONG shift = 8 - part_bits;
    return (VIDEO_CLUTDATA){(UCHAR)((colour >> 16 & 0xFF) >> shift),
                            (UCHAR)((colour >> 8 & 0xFF) >> shift),
                            (UCHAR)((colour & 0xFF) >> shift), 0};
}

/* The miniport for Bochs' adapter and those that imitate it. */
ULONG NTAPI bochs_driver_entry(PVOID Context1, PVOID Context2);

/* True if the VGA, which must be QEMU's or Bochs' own (PCI 1234:1111), shows text: no other
   registers of it could show a picture than those that this reads. */
BOOLEAN bochs_shows_text(VOID);
#define BOCHS_VENDOR_ID 0x1234
#define BOCHS_DEVICE_ID 0x1111

/* The miniport for the framebuffer that the boot loader left. The data of its parameter Framebuffer
   are a struct boot_framebuffer. */
ULONG NTAPI boot_framebuffer_driver_entry(PVOID Context1, PVOID Context2);

/* The miniport for a plain VGA. */
ULONG NTAPI vga_driver_entry(PVOID Context1, PVOID Context2);

#endif
