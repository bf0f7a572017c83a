#ifndef NTDDVDEO_H
#define NTDDVDEO_H

/* The requests that a display driver makes of a video miniport. */

#include "devioctl.h"
#include "ntdef.h"

#define VIDEO_CONTROL(function)                                                                    \
    CTL_CODE(FILE_DEVICE_VIDEO, (function), METHOD_BUFFERED, FILE_ANY_ACCESS)

#define IOCTL_VIDEO_QUERY_AVAIL_MODES VIDEO_CONTROL(0x100u)
#define IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES VIDEO_CONTROL(0x101u)
#define IOCTL_VIDEO_QUERY_CURRENT_MODE VIDEO_CONTROL(0x102u)
#define IOCTL_VIDEO_SET_CURRENT_MODE VIDEO_CONTROL(0x103u)
#define IOCTL_VIDEO_RESET_DEVICE VIDEO_CONTROL(0x104u)
#define IOCTL_VIDEO_LOAD_AND_SET_FONT VIDEO_CONTROL(0x105u)
#define IOCTL_VIDEO_SET_PALETTE_REGISTERS VIDEO_CONTROL(0x106u)
#define IOCTL_VIDEO_SET_COLOR_REGISTERS VIDEO_CONTROL(0x107u)
#define IOCTL_VIDEO_ENABLE_CURSOR VIDEO_CONTROL(0x108u)
#define IOCTL_VIDEO_DISABLE_CURSOR VIDEO_CONTROL(0x109u)
#define IOCTL_VIDEO_SET_CURSOR_ATTR VIDEO_CONTROL(0x10Au)
#define IOCTL_VIDEO_QUERY_CURSOR_ATTR VIDEO_CONTROL(0x10Bu)
#define IOCTL_VIDEO_SET_CURSOR_POSITION VIDEO_CONTROL(0x10Cu)
#define IOCTL_VIDEO_QUERY_CURSOR_POSITION VIDEO_CONTROL(0x10Du)
#define IOCTL_VIDEO_ENABLE_POINTER VIDEO_CONTROL(0x10Eu)
#define IOCTL_VIDEO_DISABLE_POINTER VIDEO_CONTROL(0x10Fu)
#define IOCTL_VIDEO_SET_POINTER_ATTR VIDEO_CONTROL(0x110u)
#define IOCTL_VIDEO_QUERY_POINTER_ATTR VIDEO_CONTROL(0x111u)
#define IOCTL_VIDEO_SET_POINTER_POSITION VIDEO_CONTROL(0x112u)
#define IOCTL_VIDEO_QUERY_POINTER_POSITION VIDEO_CONTROL(0x113u)
#define IOCTL_VIDEO_QUERY_POINTER_CAPABILITIES VIDEO_CONTROL(0x114u)
#define IOCTL_VIDEO_GET_BANK_SELECT_CODE VIDEO_CONTROL(0x115u)
#define IOCTL_VIDEO_MAP_VIDEO_MEMORY VIDEO_CONTROL(0x116u)
#define IOCTL_VIDEO_UNMAP_VIDEO_MEMORY VIDEO_CONTROL(0x117u)
#define IOCTL_VIDEO_QUERY_PUBLIC_ACCESS_RANGES VIDEO_CONTROL(0x118u)
#define IOCTL_VIDEO_FREE_PUBLIC_ACCESS_RANGES VIDEO_CONTROL(0x119u)
#define IOCTL_VIDEO_QUERY_COLOR_CAPABILITIES VIDEO_CONTROL(0x11Au)
#define IOCTL_VIDEO_SET_POWER_MANAGEMENT VIDEO_CONTROL(0x11Bu)
#define IOCTL_VIDEO_GET_POWER_MANAGEMENT VIDEO_CONTROL(0x11Cu)
#define IOCTL_VIDEO_SHARE_VIDEO_MEMORY VIDEO_CONTROL(0x11Du)
#define IOCTL_VIDEO_UNSHARE_VIDEO_MEMORY VIDEO_CONTROL(0x11Eu)
#define IOCTL_VIDEO_GET_CHILD_STATE VIDEO_CONTROL(0x120u)
#define IOCTL_VIDEO_VALIDATE_CHILD_STATE_CONFIGURATION VIDEO_CONTROL(0x121u)
#define IOCTL_VIDEO_SET_CHILD_STATE_CONFIGURATION VIDEO_CONTROL(0x122u)

typedef struct _VIDEO_NUM_MODES {
    ULONG NumModes;
    ULONG ModeInformationLength;
} VIDEO_NUM_MODES, *PVIDEO_NUM_MODES;

typedef struct _VIDEO_MODE {
    ULONG RequestedMode;
} VIDEO_MODE, *PVIDEO_MODE;

/* In VIDEO_MODE.RequestedMode, beside the mode's index. */
#define VIDEO_MODE_NO_ZERO_MEMORY 0x80000000u
#define VIDEO_MODE_MAP_MEM_LINEAR 0x40000000u

typedef struct _VIDEO_MODE_INFORMATION {
    ULONG Length;
    ULONG ModeIndex;
    ULONG VisScreenWidth;
    ULONG VisScreenHeight;
    ULONG ScreenStride; /* bytes */
    ULONG NumberOfPlanes;
    ULONG BitsPerPlane;
    ULONG Frequency; /* Hz; 1: the hardware's default */
    ULONG XMillimeter;
    ULONG YMillimeter;
    ULONG NumberRedBits;
    ULONG NumberGreenBits;
    ULONG NumberBlueBits;
    ULONG RedMask;
    ULONG GreenMask;
    ULONG BlueMask;
    ULONG AttributeFlags;
    ULONG VideoMemoryBitmapWidth;
    ULONG VideoMemoryBitmapHeight;
    ULONG DriverSpecificAttributeFlags;
} VIDEO_MODE_INFORMATION, *PVIDEO_MODE_INFORMATION;

#define VIDEO_MODE_COLOR 0x0001
#define VIDEO_MODE_GRAPHICS 0x0002
#define VIDEO_MODE_PALETTE_DRIVEN 0x0004
#define VIDEO_MODE_MANAGED_PALETTE 0x0008
#define VIDEO_MODE_INTERLACED 0x0010
#define VIDEO_MODE_NO_OFF_SCREEN 0x0020
#define VIDEO_MODE_NO_64_BIT_ACCESS 0x0040

typedef struct _VIDEO_MEMORY {
    PVOID RequestedVirtualAddress;
} VIDEO_MEMORY, *PVIDEO_MEMORY;

typedef struct _VIDEO_MEMORY_INFORMATION {
    PVOID VideoRamBase;
    ULONG VideoRamLength;
    PVOID FrameBufferBase;
    ULONG FrameBufferLength;
} VIDEO_MEMORY_INFORMATION, *PVIDEO_MEMORY_INFORMATION;

typedef struct _VIDEO_SHARE_MEMORY {
    PVOID ProcessHandle;
    ULONG ViewOffset;
    ULONG ViewSize;
    PVOID RequestedVirtualAddress;
} VIDEO_SHARE_MEMORY, *PVIDEO_SHARE_MEMORY;

typedef struct _VIDEO_SHARE_MEMORY_INFORMATION {
    ULONG SharedViewOffset;
    ULONG SharedViewSize;
    PVOID VirtualAddress;
} VIDEO_SHARE_MEMORY_INFORMATION, *PVIDEO_SHARE_MEMORY_INFORMATION;

typedef struct _VIDEO_PUBLIC_ACCESS_RANGES {
    ULONG InIoSpace;
    ULONG MappedInIoSpace;
    PVOID VirtualAddress;
} VIDEO_PUBLIC_ACCESS_RANGES, *PVIDEO_PUBLIC_ACCESS_RANGES;

typedef struct _VIDEO_PALETTE_DATA {
    USHORT NumEntries;
    USHORT FirstEntry;
    USHORT Colors[1];
} VIDEO_PALETTE_DATA, *PVIDEO_PALETTE_DATA;

typedef struct _VIDEO_CLUTDATA {
    UCHAR Red;
    UCHAR Green;
    UCHAR Blue;
    UCHAR Unused;
} VIDEO_CLUTDATA, *PVIDEO_CLUTDATA;

typedef struct _VIDEO_CLUT {
    USHORT NumEntries;
    USHORT FirstEntry;
    union {
        VIDEO_CLUTDATA RgbArray;
        ULONG RgbLong;
    } LookupTable[1];
} VIDEO_CLUT, *PVIDEO_CLUT;

/* ---- text cursor and pointer ----------------------------------------------------------------- */

typedef struct _VIDEO_CURSOR_POSITION {
    SHORT Column;
    SHORT Row;
} VIDEO_CURSOR_POSITION, *PVIDEO_CURSOR_POSITION;

typedef struct _VIDEO_CURSOR_ATTRIBUTES {
    USHORT Width;
    USHORT Height;
    SHORT Column;
    SHORT Row;
    UCHAR Rate;
    UCHAR Enable;
} VIDEO_CURSOR_ATTRIBUTES, *PVIDEO_CURSOR_ATTRIBUTES;

typedef struct _VIDEO_POINTER_POSITION {
    SHORT Column;
    SHORT Row;
} VIDEO_POINTER_POSITION, *PVIDEO_POINTER_POSITION;

typedef struct _VIDEO_POINTER_ATTRIBUTES {
    ULONG Flags;
    ULONG Width;
    ULONG Height;
    ULONG WidthInBytes;
    ULONG Enable;
    SHORT Column;
    SHORT Row;
    UCHAR Pixels[1];
} VIDEO_POINTER_ATTRIBUTES, *PVIDEO_POINTER_ATTRIBUTES;

typedef struct _VIDEO_POINTER_CAPABILITIES {
    ULONG Flags;
    ULONG MaxWidth;
    ULONG MaxHeight;
    ULONG HWPtrBitmapStart;
    ULONG HWPtrBitmapEnd;
} VIDEO_POINTER_CAPABILITIES, *PVIDEO_POINTER_CAPABILITIES;

#define VIDEO_MODE_ASYNC_POINTER 0x01
#define VIDEO_MODE_MONO_POINTER 0x02
#define VIDEO_MODE_COLOR_POINTER 0x04
#define VIDEO_MODE_ANIMATE_START 0x08
#define VIDEO_MODE_ANIMATE_UPDATE 0x10

/* ---- banks, colours, fonts ------------------------------------------------------------------- */

typedef enum _VIDEO_BANK_TYPE {
    VideoNotBanked = 0,
    VideoBanked1RW,
    VideoBanked1R1W,
    VideoBanked2RW,
    NumVideoBankTypes
} VIDEO_BANK_TYPE,
    *PVIDEO_BANK_TYPE;

typedef struct _VIDEO_BANK_SELECT {
    ULONG Length;
    ULONG Size;
    ULONG BankingFlags;
    ULONG BankingType;
    ULONG PlanarHCBankingType;
    ULONG BitmapWidthInBytes;
    ULONG BitmapSize;
    ULONG Granularity;
    ULONG PlanarHCGranularity;
    ULONG CodeOffset;
    ULONG PlanarHCBankCodeOffset;
    ULONG PlanarHCEnableCodeOffset;
    ULONG PlanarHCDisableCodeOffset;
} VIDEO_BANK_SELECT, *PVIDEO_BANK_SELECT;

typedef struct _VIDEO_COLOR_CAPABILITIES {
    ULONG Length;
    ULONG AttributeFlags;
    LONG RedPhosphoreDecay;
    LONG GreenPhosphoreDecay;
    LONG BluePhosphoreDecay;
    LONG WhiteChromaticity_x;
    LONG WhiteChromaticity_y;
    LONG WhiteChromaticity_Y;
    LONG RedChromaticity_x;
    LONG RedChromaticity_y;
    LONG GreenChromaticity_x;
    LONG GreenChromaticity_y;
    LONG BlueChromaticity_x;
    LONG BlueChromaticity_y;
    LONG WhiteGamma;
    LONG RedGamma;
    LONG GreenGamma;
    LONG BlueGamma;
} VIDEO_COLOR_CAPABILITIES, *PVIDEO_COLOR_CAPABILITIES;

#define VIDEO_DEVICE_COLOR 0x1
#define VIDEO_OPTIONAL_GAMMET_TABLE 0x2

typedef struct _VIDEO_LOAD_FONT_INFORMATION {
    USHORT WidthInPixels;
    USHORT HeightInPixels;
    ULONG FontSize;
    UCHAR Font[1];
} VIDEO_LOAD_FONT_INFORMATION, *PVIDEO_LOAD_FONT_INFORMATION;

/* ---- power and children ---------------------------------------------------------------------- */

typedef enum _VIDEO_POWER_STATE {
    VideoPowerUnspecified = 0,
    VideoPowerOn = 1,
    VideoPowerStandBy,
    VideoPowerSuspend,
    VideoPowerOff,
    VideoPowerHibernate,
    VideoPowerShutdown,
    VideoPowerMaximum
} VIDEO_POWER_STATE,
    *PVIDEO_POWER_STATE;

#define VIDEO_CHILD_ACTIVE 0x00000001
#define VIDEO_CHILD_DETACHED 0x00000002
#define VIDEO_CHILD_NOPRUNE_FREQ 0x80000000u
#define VIDEO_CHILD_NOPRUNE_SIZE 0x40000000u

typedef struct _VIDEO_CHILD_STATE {
    ULONG Id;
    ULONG State;
} VIDEO_CHILD_STATE, *PVIDEO_CHILD_STATE;

typedef struct _VIDEO_CHILD_STATE_CONFIGURATION {
    ULONG Count;
    VIDEO_CHILD_STATE ChildStateArray[1];
} VIDEO_CHILD_STATE_CONFIGURATION, *PVIDEO_CHILD_STATE_CONFIGURATION;

_Static_assert(sizeof(VIDEO_PALETTE_DATA) == 6, "VIDEO_PALETTE_DATA");
_Static_assert(sizeof(VIDEO_CURSOR_ATTRIBUTES) == 10, "VIDEO_CURSOR_ATTRIBUTES");
_Static_assert(sizeof(VIDEO_POINTER_ATTRIBUTES) == 28, "VIDEO_POINTER_ATTRIBUTES");
_Static_assert(FIELD_OFFSET(VIDEO_POINTER_ATTRIBUTES, Pixels) == 24, "pixels follow the place");
_Static_assert(sizeof(VIDEO_POINTER_CAPABILITIES) == 20, "VIDEO_POINTER_CAPABILITIES");
_Static_assert(sizeof(VIDEO_BANK_SELECT) == 52, "VIDEO_BANK_SELECT");
_Static_assert(sizeof(VIDEO_COLOR_CAPABILITIES) == 72, "VIDEO_COLOR_CAPABILITIES");
_Static_assert(FIELD_OFFSET(VIDEO_LOAD_FONT_INFORMATION, Font) == 8, "the font follows its size");
_Static_assert(sizeof(VIDEO_CHILD_STATE_CONFIGURATION) == 12, "VIDEO_CHILD_STATE_CONFIGURATION");
_Static_assert(sizeof(VIDEO_MODE_INFORMATION) == 80, "VIDEO_MODE_INFORMATION");
_Static_assert(sizeof(VIDEO_NUM_MODES) == 8, "VIDEO_NUM_MODES");
_Static_assert(sizeof(VIDEO_CLUT) == 8, "VIDEO_CLUT");
#if UINTPTR_MAX == 0xFFFFFFFFu
_Static_assert(sizeof(VIDEO_MEMORY_INFORMATION) == 16, "VIDEO_MEMORY_INFORMATION");
_Static_assert(sizeof(VIDEO_SHARE_MEMORY) == 16, "VIDEO_SHARE_MEMORY");
_Static_assert(sizeof(VIDEO_SHARE_MEMORY_INFORMATION) == 12, "VIDEO_SHARE_MEMORY_INFORMATION");
_Static_assert(sizeof(VIDEO_PUBLIC_ACCESS_RANGES) == 12, "VIDEO_PUBLIC_ACCESS_RANGES");
#endif

#endif
