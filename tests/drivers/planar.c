/*
 * Stands for the drivers of a plain VGA: one mode of graphics, 640x480 in four planes of one bit,
 * which the BIOS sets, and one of text. The BIOS leaves palette registers that name EGA's colours.
 *
 * The parameter Palette=1 lets each colour name its own number instead, as other drivers do. With
 * Colours=0 it loads none. With Few=1 it loads 16 colours and no more. With Registers=1 it sets
 * palette registers when it is asked to.
 */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"

#define BIOS_GRAPHICS 0x12
#define BIOS_TEXT 0x03
#define WINDOW 0xA0000
#define WINDOW_BYTES 0x10000

typedef struct _HW_DEVICE_EXTENSION {
    BOOLEAN IsSet;
    ULONG Palette;
    ULONG Colours;
    ULONG Few;
    ULONG Registers;
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

static const VIDEO_MODE_INFORMATION PlanarModes[] = {
    {sizeof(VIDEO_MODE_INFORMATION),
     0,
     640,
     400,
     160,
     1,
     4,
     70,
     320,
     240,
     6,
     6,
     6,
     0,
     0,
     0,
     VIDEO_MODE_COLOR,
     640,
     400,
     0},
    {sizeof(VIDEO_MODE_INFORMATION),
     1,
     640,
     480,
     80,
     4,
     1,
     60,
     320,
     240,
     6,
     6,
     6,
     0,
     0,
     0,
     VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS,
     640,
     480,
     0},
};

static VP_STATUS PlanarCallBios(PHW_DEVICE_EXTENSION Planar, ULONG Mode)
{
    VIDEO_X86_BIOS_ARGUMENTS Arguments;
    VideoPortZeroMemory(&Arguments, sizeof(Arguments));
    Arguments.Eax = Mode;
    Planar->IsSet = Mode == BIOS_GRAPHICS;
    return VideoPortInt10(Planar, &Arguments);
}

/* NULL: each colour names its own number. */
static VOID PlanarSetPalette(PVIDEO_PALETTE_DATA Palette)
{
    UCHAR i;
    VideoPortReadPortUchar((PUCHAR)0x3DA);
    for (i = 0; i < 16; i++) {
        VideoPortWritePortUchar((PUCHAR)0x3C0, i);
        VideoPortWritePortUchar((PUCHAR)0x3C0,
                                Palette == NULL ? i : (UCHAR)(&Palette->Colors[0])[i]);
    }
    VideoPortWritePortUchar((PUCHAR)0x3C0, 0x20);
}

static VP_STATUS PlanarSet(PHW_DEVICE_EXTENSION Planar, ULONG Mode)
{
    VP_STATUS Status;
    if (Mode > 1)
        return ERROR_INVALID_PARAMETER;
    Status = PlanarCallBios(Planar, Mode == 0 ? BIOS_TEXT : BIOS_GRAPHICS);
    if (Status == NO_ERROR && Mode == 1 && Planar->Palette != 0)
        PlanarSetPalette(NULL);
    return Status;
}

static VP_STATUS PlanarMap(PHW_DEVICE_EXTENSION Planar, PVIDEO_MEMORY_INFORMATION Information)
{
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_MEMORY;
    PHYSICAL_ADDRESS Window;
    VP_STATUS Status;
    Window.QuadPart = WINDOW;
    Information->VideoRamBase = NULL;
    Information->VideoRamLength = WINDOW_BYTES;
    Status = VideoPortMapMemory(Planar, Window, &Information->VideoRamLength, &InIoSpace,
                                &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    Information->FrameBufferLength = Information->VideoRamLength;
    return Status;
}

static VP_STATUS PlanarSetColours(PHW_DEVICE_EXTENSION Planar, PVIDEO_CLUT Clut)
{
    ULONG i;
    if (Planar->Colours == 0)
        return ERROR_INVALID_FUNCTION;
    if (Clut->FirstEntry + Clut->NumEntries > (Planar->Few != 0 ? 16 : 256))
        return ERROR_INVALID_PARAMETER;
    VideoPortWritePortUchar((PUCHAR)0x3C8, (UCHAR)Clut->FirstEntry);
    for (i = 0; i < Clut->NumEntries; i++) {
        PVIDEO_CLUTDATA Colour = &(&Clut->LookupTable[0])[i].RgbArray;
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Red);
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Green);
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Blue);
    }
    return NO_ERROR;
}

static VP_STATUS PlanarHandle(PHW_DEVICE_EXTENSION Planar, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_NUM_MODES Number = Packet->OutputBuffer;
    switch (Packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        Packet->StatusBlock->Information = sizeof(*Number);
        Number->NumModes = 2;
        Number->ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        if (Packet->OutputBufferLength < sizeof(PlanarModes))
            return ERROR_INSUFFICIENT_BUFFER;
        VideoPortMoveMemory(Packet->OutputBuffer, (PVOID)PlanarModes, sizeof(PlanarModes));
        Packet->StatusBlock->Information = sizeof(PlanarModes);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        if (!Planar->IsSet)
            return ERROR_INVALID_FUNCTION;
        VideoPortMoveMemory(Packet->OutputBuffer, (PVOID)&PlanarModes[1], sizeof(PlanarModes[1]));
        return NO_ERROR;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        return PlanarSet(Planar, ((PVIDEO_MODE)Packet->InputBuffer)->RequestedMode);
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        return PlanarMap(Planar, Packet->OutputBuffer);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        return VideoPortUnmapMemory(
            Planar, ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress, NULL);
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        return PlanarSetColours(Planar, Packet->InputBuffer);
    case IOCTL_VIDEO_RESET_DEVICE:
        return PlanarCallBios(Planar, BIOS_TEXT);
    case IOCTL_VIDEO_SET_PALETTE_REGISTERS:
        if (Planar->Registers == 0)
            return ERROR_INVALID_FUNCTION;
        PlanarSetPalette(Packet->InputBuffer);
        return NO_ERROR;
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

static BOOLEAN NTAPI PlanarStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    RequestPacket->StatusBlock->Information = 0;
    RequestPacket->StatusBlock->Status = PlanarHandle(HwDeviceExtension, RequestPacket);
    return TRUE;
}

static VP_STATUS NTAPI PlanarReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                       PVOID ValueData, ULONG ValueLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength != sizeof(ULONG))
        return ERROR_INVALID_PARAMETER;
    *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

static VP_STATUS NTAPI PlanarFindAdapter(PVOID HwDeviceExtension, PVOID HwContext,
                                         PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                         PUCHAR Again)
{
    PHW_DEVICE_EXTENSION Planar = HwDeviceExtension;
    VIDEO_ACCESS_RANGE Ranges[2];
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    UNREFERENCED_PARAMETER(ConfigInfo);
    *Again = FALSE;
    VideoPortZeroMemory(Ranges, sizeof(Ranges));
    Ranges[0].RangeStart.QuadPart = 0x3C0;
    Ranges[0].RangeLength = 0x20;
    Ranges[0].RangeInIoSpace = 1;
    Ranges[1].RangeStart.QuadPart = WINDOW;
    Ranges[1].RangeLength = 2 * WINDOW_BYTES;
    Planar->Colours = 1;
    return VideoPortVerifyAccessRanges(Planar, 2, Ranges);
}

static BOOLEAN NTAPI PlanarInitialize(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Planar = HwDeviceExtension;
    VideoPortGetRegistryParameters(Planar, L"Palette", FALSE, PlanarReadValue, &Planar->Palette);
    VideoPortGetRegistryParameters(Planar, L"Colours", FALSE, PlanarReadValue, &Planar->Colours);
    VideoPortGetRegistryParameters(Planar, L"Few", FALSE, PlanarReadValue, &Planar->Few);
    VideoPortGetRegistryParameters(Planar, L"Registers", FALSE, PlanarReadValue,
                                   &Planar->Registers);
    return TRUE;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.AdapterInterfaceType = Isa;
    Data.HwFindAdapter = PlanarFindAdapter;
    Data.HwInitialize = PlanarInitialize;
    Data.HwStartIO = PlanarStartIO;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
