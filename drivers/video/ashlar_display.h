#ifndef ASHLAR_DISPLAY_H
#define ASHLAR_DISPLAY_H

/*
 * What Ashlar's miniports do beyond NT's requests: any mode, a back buffer, presenting. Also their
 * entry points, since NT would call them all DriverEntry.
 *
 * The back buffer is a physically contiguous block with one dword a pixel, 0x00RRGGBB, whatever the
 * mode's depth, in lines without gaps. Only what is presented reaches the screen.
 *
 *   parameter BackBufferHighest   the highest physical address that the back buffer may contain;
 *                                 0xFFFFFFFF if there is none. Read at each change of mode.
 */

#include "drivers/videoport/include/ntddvdeo.h"

/* From 0x800 on, function codes are free for drivers. */

/*
 * In: struct ashlar_mode. Sets any mode that the adapter takes and its memory holds, and clears the
 * screen. ERROR_INVALID_PARAMETER if it takes it not, ERROR_NOT_ENOUGH_MEMORY if there is no back
 * buffer to be had; the former mode and its back buffer stay then.
 */
#define IOCTL_ASHLAR_SET_MODE VIDEO_CONTROL(0x800u)

/* Out: struct ashlar_back_buffer, good until the next change of mode. ERROR_INVALID_FUNCTION if no
   mode is set. */
#define IOCTL_ASHLAR_QUERY_BACK_BUFFER VIDEO_CONTROL(0x801u)

/* In: one or more struct ashlar_rectangle, which are copied to the screen. ERROR_INVALID_PARAMETER,
   and nothing is copied, if any is empty or not wholly inside it; ERROR_INVALID_FUNCTION if no mode
   is set. */
#define IOCTL_ASHLAR_PRESENT VIDEO_CONTROL(0x802u)

/* Out: struct ashlar_adapter. */
#define IOCTL_ASHLAR_QUERY_ADAPTER VIDEO_CONTROL(0x803u)

struct ashlar_mode {
    ULONG width;
    ULONG height;
    ULONG bits_per_pixel; /* 8, 15, 16, 24 or 32 */
};

struct ashlar_back_buffer {
    PVOID virtual_address;
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

enum ashlar_access { ASHLAR_ACCESS_PORTS, ASHLAR_ACCESS_MMIO, ASHLAR_ACCESS_ISA };

struct ashlar_adapter {
    PHYSICAL_ADDRESS memory_physical; /* the linear frame buffer */
    ULONG memory_bytes;
    ULONG interface_version; /* as the adapter identifies itself, 0xB0C5 for instance */
    enum ashlar_access access;
};

/* The miniport for Bochs' adapter and those that imitate it. */
ULONG NTAPI bochs_driver_entry(PVOID Context1, PVOID Context2);

#endif
