/*
 * Stands for the drivers with long lists of modes: 300 for pictures, each in two frequencies, and
 * others that nobody can draw in. Flags of its own stand in every mode. It sets modes of the
 * adapter that QEMU calls "std" (QEMU, docs/specs/standard-vga).
 *
 * The parameter Answer asks for answers that do not hold, or that are rare; see MODES_ANSWER. With
 * Bits=N, answers to what is asked of one mode are wrong only for modes of that depth.
 */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"

#define INDEX_PORT 0x1CE
#define DATA_PORT 0x1CF
#define INDEX_XRES 1
#define INDEX_YRES 2
#define INDEX_BPP 3
#define INDEX_ENABLE 4
#define ENABLED_LINEAR 0x41

#define PICTURE_COUNT 300
#define TOLD_COUNT (2 * PICTURE_COUNT + 8)
#define NO_MODE TOLD_COUNT
#define OLD_LENGTH FIELD_OFFSET(VIDEO_MODE_INFORMATION, VideoMemoryBitmapWidth)

typedef enum _MODES_ANSWER {
    AnswerRight = 0,
    AnswerNoLength = 1, /* a mode is described in 0 bytes */
    AnswerShortLength = 2, /* or in 40 */
    AnswerOverflow = 3, /* or in so many that all of them are more than 4 GiB */
    AnswerManyModes = 4, /* 2 million of them */
    AnswerNoNumber = 5, /* the number of modes is refused */
    AnswerNoList = 6, /* the list of them is */
    AnswerMore = 7, /* the list is longer than it was said to be */
    AnswerNone = 8, /* there is no mode */
    AnswerOthersOnly = 9, /* there is none to draw in */
    AnswerListChanges = 10, /* each list is of other modes than the one before */
    AnswerModeChanges = 11, /* the mode that is set is not the one that was listed */
    AnswerShortLines = 12, /* its lines are too short */
    AnswerNoCurrent = 13, /* the question which mode is set is refused */
    AnswerNoColours = 14, /* the colours are */
    AnswerNoMemory = 15, /* mapping video memory is */
    AnswerSmallMemory = 16, /* 64 KiB are mapped */
    AnswerLongLength = 17, /* right, and longer than the structure that we know */
    AnswerNoMode = 18, /* setting a mode is refused */
    AnswerLongLines = 19, /* lines so long that the picture would be more than 4 GiB */
    AnswerFew = 20, /* right: the list is shorter than it was said to be */
    AnswerLinear = 21, /* right: modes are linear for who says so, and else in banks */
    AnswerNoFlag = 22, /* right: modes are linear, and no flag is taken beside their numbers */
    AnswerBanked = 23, /* right: modes are in banks of 64 KiB */
    AnswerPhysical = 24, /* the frame buffer's address is its physical one */
    AnswerKernel = 25, /* or the kernel's */
    AnswerOldLength = 26 /* right: descriptions lack the last three members, as in old kits */
} MODES_ANSWER;

typedef struct _HW_DEVICE_EXTENSION {
    PHYSICAL_ADDRESS FrameBase;
    ULONG FrameLength;
    ULONG CurrentMode;
    ULONG ListCount; /* lists that were given */
    ULONG Answer;
    ULONG Bits;
    BOOLEAN IsLinear;
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

static ULONG ModesLength(PHW_DEVICE_EXTENSION Modes)
{
    switch (Modes->Answer) {
    case AnswerNoLength:
        return 0;
    case AnswerShortLength:
        return 40;
    case AnswerOverflow:
        return 0x10000000;
    case AnswerLongLength:
        return sizeof(VIDEO_MODE_INFORMATION) + 20;
    case AnswerOldLength:
        return OLD_LENGTH;
    default:
        return sizeof(VIDEO_MODE_INFORMATION);
    }
}

static ULONG ModesCount(PHW_DEVICE_EXTENSION Modes)
{
    return Modes->Answer == AnswerManyModes ? 2000000
           : Modes->Answer == AnswerNone    ? 0
                                            : TOLD_COUNT;
}

/* Modes 0 to 299: ten depths and widths each; from 300 on the same again, faster. */
static VOID ModesDescribe(PVIDEO_MODE_INFORMATION Information, ULONG Mode)
{
    static const ULONG Depths[] = {32, 16, 8};
    ULONG Picture = Mode % PICTURE_COUNT;
    ULONG Bits = Depths[Picture % 3];
    VideoPortZeroMemory(Information, sizeof(*Information));
    Information->Length = sizeof(*Information);
    Information->ModeIndex = Mode;
    Information->VisScreenWidth = 640 + 8 * (Picture / 3 % 50);
    Information->VisScreenHeight = Picture / 150 == 0 ? 480 : 600;
    Information->ScreenStride = Information->VisScreenWidth * Bits / 8;
    Information->NumberOfPlanes = 1;
    Information->BitsPerPlane = Bits;
    Information->Frequency = Mode < PICTURE_COUNT ? 60 : 75;
    Information->AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
    Information->DriverSpecificAttributeFlags = 0xFFFFFFFF;
    Information->NumberRedBits = Bits == 16 ? 5 : Bits == 8 ? 6 : 8;
    Information->NumberGreenBits = Bits == 16 || Bits == 8 ? 6 : 8;
    Information->NumberBlueBits = Information->NumberRedBits;
    if (Bits == 8)
        return;
    Information->RedMask = Bits == 16 ? 0xF800 : 0xFF0000;
    Information->GreenMask = Bits == 16 ? 0x07E0 : 0x00FF00;
    Information->BlueMask = Bits == 16 ? 0x001F : 0x0000FF;
}

/* The last eight: text, text, two planes, four planes of 644 pixels, 12 bits, no masks, too large
   for the adapter's memory, and lines of one byte. */
static VOID ModesSpoil(PVIDEO_MODE_INFORMATION Information, ULONG Which)
{
    Information->VisScreenHeight = 500;
    if (Which < 2)
        Information->AttributeFlags = VIDEO_MODE_COLOR;
    if (Which == 2 || Which == 3) {
        Information->NumberOfPlanes = Which == 2 ? 2 : 4;
        Information->BitsPerPlane = 1;
        Information->VisScreenWidth = 644;
    }
    if (Which == 4)
        Information->BitsPerPlane = 12;
    if (Which == 5) {
        Information->BitsPerPlane = 32;
        Information->RedMask = 0;
    }
    if (Which == 6)
        Information->ScreenStride = 0x10000;
    if (Which == 7)
        Information->ScreenStride = 1;
}

static VOID ModesDescribeFor(PHW_DEVICE_EXTENSION Modes, PVIDEO_MODE_INFORMATION Information,
                             ULONG Mode)
{
    ModesDescribe(Information, Mode);
    if (Mode >= 2 * PICTURE_COUNT)
        ModesSpoil(Information, Mode - 2 * PICTURE_COUNT);
    else if (Modes->Answer == AnswerOthersOnly)
        ModesSpoil(Information, Mode % 3);
    if (Modes->Answer == AnswerLinear || Modes->Answer == AnswerBanked)
        Information->AttributeFlags |= VIDEO_MODE_BANKED;
    if (Modes->Answer == AnswerLinear || Modes->Answer == AnswerNoFlag)
        Information->AttributeFlags |= VIDEO_MODE_LINEAR;
    if (Modes->Answer == AnswerListChanges)
        Information->VisScreenHeight += 8 * Modes->ListCount;
}

static VP_STATUS ModesList(PHW_DEVICE_EXTENSION Modes, PVIDEO_REQUEST_PACKET Packet)
{
    ULONG Length = ModesLength(Modes);
    ULONG Count = Modes->Answer == AnswerFew ? 10 : TOLD_COUNT;
    VIDEO_MODE_INFORMATION Information;
    ULONG i;
    if (Packet->OutputBufferLength < Count * Length)
        return ERROR_INSUFFICIENT_BUFFER;
    for (i = 0; i < Count; i++) {
        ModesDescribeFor(Modes, &Information, i);
        VideoPortMoveMemory((PUCHAR)Packet->OutputBuffer + i * Length, &Information,
                            Length < sizeof(Information) ? Length : sizeof(Information));
    }
    Modes->ListCount++;
    Packet->StatusBlock->Information = (Modes->Answer == AnswerMore ? Count + 1 : Count) * Length;
    return Modes->Answer == AnswerNoList ? ERROR_INVALID_FUNCTION : NO_ERROR;
}

/* True if this is the answer to give for a mode. */
static BOOLEAN ModesIs(PHW_DEVICE_EXTENSION Modes, MODES_ANSWER Answer, ULONG Mode)
{
    VIDEO_MODE_INFORMATION Information;
    ModesDescribe(&Information, Mode);
    return Modes->Answer == Answer && (Modes->Bits == 0 || Modes->Bits == Information.BitsPerPlane);
}

static VOID ModesWriteRegister(USHORT Index, ULONG Value)
{
    VideoPortWritePortUshort((PUSHORT)INDEX_PORT, Index);
    VideoPortWritePortUshort((PUSHORT)DATA_PORT, (USHORT)Value);
}

static VP_STATUS ModesSet(PHW_DEVICE_EXTENSION Modes, ULONG Mode)
{
    VIDEO_MODE_INFORMATION Information;
    Modes->IsLinear = Modes->Answer != AnswerLinear || (Mode & VIDEO_MODE_MAP_MEM_LINEAR) != 0;
    if (Modes->Answer != AnswerNoFlag)
        Mode &= ~VIDEO_MODE_MAP_MEM_LINEAR;
    if (Mode >= 2 * PICTURE_COUNT || ModesIs(Modes, AnswerNoMode, Mode))
        return ERROR_INVALID_PARAMETER;
    ModesDescribe(&Information, Mode);
    ModesWriteRegister(INDEX_ENABLE, 0);
    ModesWriteRegister(INDEX_XRES, Information.VisScreenWidth);
    ModesWriteRegister(INDEX_YRES, Information.VisScreenHeight);
    ModesWriteRegister(INDEX_BPP, Information.BitsPerPlane);
    ModesWriteRegister(INDEX_ENABLE, ENABLED_LINEAR);
    VideoPortReadPortUchar((PUCHAR)0x3DA); /* the attribute controller lets the picture through */
    VideoPortWritePortUchar((PUCHAR)0x3C0, 0x20);
    Modes->CurrentMode = Mode;
    return NO_ERROR;
}

static VP_STATUS ModesCurrent(PHW_DEVICE_EXTENSION Modes, PVIDEO_MODE_INFORMATION Information)
{
    ULONG Mode = Modes->CurrentMode;
    if (Mode == NO_MODE || ModesIs(Modes, AnswerNoCurrent, Mode))
        return ERROR_INVALID_FUNCTION;
    ModesDescribe(Information, Mode);
    if (ModesIs(Modes, AnswerModeChanges, Mode))
        Information->VisScreenWidth += 8;
    if (ModesIs(Modes, AnswerShortLines, Mode))
        Information->ScreenStride--;
    if (ModesIs(Modes, AnswerLongLines, Mode))
        Information->ScreenStride = 0x80000000;
    return NO_ERROR;
}

static VP_STATUS ModesMap(PHW_DEVICE_EXTENSION Modes, PVIDEO_MEMORY_INFORMATION Information)
{
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_P6CACHE;
    VP_STATUS Status;
    if (ModesIs(Modes, AnswerNoMemory, Modes->CurrentMode))
        return ERROR_INVALID_FUNCTION;
    Information->VideoRamBase = NULL;
    Information->VideoRamLength =
        !Modes->IsLinear || ModesIs(Modes, AnswerSmallMemory, Modes->CurrentMode)
            ? 0x10000
            : Modes->FrameLength;
    Status = VideoPortMapMemory(Modes, Modes->FrameBase, &Information->VideoRamLength, &InIoSpace,
                                &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    if (ModesIs(Modes, AnswerPhysical, Modes->CurrentMode))
        Information->FrameBufferBase = (PVOID)Modes->FrameBase.LowPart;
    if (ModesIs(Modes, AnswerKernel, Modes->CurrentMode))
        Information->FrameBufferBase = (PVOID)0x100000;
    Information->FrameBufferLength = Information->VideoRamLength;
    return Status;
}

static VP_STATUS ModesColours(PHW_DEVICE_EXTENSION Modes, PVIDEO_CLUT Clut)
{
    ULONG i;
    if (ModesIs(Modes, AnswerNoColours, Modes->CurrentMode))
        return ERROR_INVALID_FUNCTION;
    VideoPortWritePortUchar((PUCHAR)0x3C8, (UCHAR)Clut->FirstEntry);
    for (i = 0; i < Clut->NumEntries; i++) {
        PVIDEO_CLUTDATA Colour = &(&Clut->LookupTable[0])[i].RgbArray;
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Red);
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Green);
        VideoPortWritePortUchar((PUCHAR)0x3C9, Colour->Blue);
    }
    return NO_ERROR;
}

static VP_STATUS ModesHandle(PHW_DEVICE_EXTENSION Modes, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_NUM_MODES Number = Packet->OutputBuffer;
    switch (Packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        Number->NumModes = ModesCount(Modes);
        Number->ModeInformationLength = ModesLength(Modes);
        Packet->StatusBlock->Information = sizeof(*Number);
        return Modes->Answer == AnswerNoNumber ? ERROR_INVALID_FUNCTION : NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        return ModesList(Modes, Packet);
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        return ModesCurrent(Modes, Packet->OutputBuffer);
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        return ModesSet(Modes, ((PVIDEO_MODE)Packet->InputBuffer)->RequestedMode);
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        return ModesMap(Modes, Packet->OutputBuffer);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        return VideoPortUnmapMemory(
            Modes, ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress, NULL);
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        return ModesColours(Modes, Packet->InputBuffer);
    case IOCTL_VIDEO_RESET_DEVICE:
        ModesWriteRegister(INDEX_ENABLE, 0);
        Modes->CurrentMode = NO_MODE;
        return NO_ERROR;
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

static BOOLEAN NTAPI ModesStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    RequestPacket->StatusBlock->Information = 0;
    RequestPacket->StatusBlock->Status = ModesHandle(HwDeviceExtension, RequestPacket);
    return TRUE;
}

static VP_STATUS NTAPI ModesReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                      PVOID ValueData, ULONG ValueLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength != sizeof(ULONG))
        return ERROR_INVALID_PARAMETER;
    *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

static VP_STATUS NTAPI ModesFindAdapter(PVOID HwDeviceExtension, PVOID HwContext,
                                        PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                        PUCHAR Again)
{
    PHW_DEVICE_EXTENSION Modes = HwDeviceExtension;
    VIDEO_ACCESS_RANGE Ranges[PCI_TYPE0_ADDRESSES];
    USHORT Vendor = 0x1234;
    USHORT Device = 0x1111;
    ULONG Slot = 0;
    VP_STATUS Status;
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    UNREFERENCED_PARAMETER(ConfigInfo);
    *Again = FALSE;
    Status = VideoPortGetAccessRanges(Modes, 0, NULL, PCI_TYPE0_ADDRESSES, Ranges, &Vendor, &Device,
                                      &Slot);
    Modes->FrameBase = Ranges[0].RangeStart;
    Modes->FrameLength = Ranges[0].RangeLength;
    Modes->CurrentMode = NO_MODE;
    return Status;
}

static BOOLEAN NTAPI ModesInitialize(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Modes = HwDeviceExtension;
    VideoPortGetRegistryParameters(Modes, L"Answer", FALSE, ModesReadValue, &Modes->Answer);
    VideoPortGetRegistryParameters(Modes, L"Bits", FALSE, ModesReadValue, &Modes->Bits);
    return VideoPortSetRegistryParameters(Modes, L"HardwareInformation.MemorySize",
                                          &Modes->FrameLength, sizeof(ULONG)) == NO_ERROR;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.AdapterInterfaceType = PCIBus;
    Data.HwFindAdapter = ModesFindAdapter;
    Data.HwInitialize = ModesInitialize;
    Data.HwStartIO = ModesStartIO;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
