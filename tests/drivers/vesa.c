/*
 * A miniport for any adapter whose BIOS has the VESA extension: it knows no register, and asks the
 * BIOS for everything (VESA BIOS Extension 3.0). Modes are those with a linear frame buffer and 8
 * bits a pixel or more.
 */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"

#define VBE_GET_INFORMATION 0x4F00
#define VBE_GET_MODE 0x4F01
#define VBE_SET_MODE 0x4F02
#define VBE_SET_PALETTE 0x4F09
#define VBE_DONE 0x004F
#define VGA_SET_COLOURS 0x1012 /* the VGA's own function, for who lacks the extension's */
#define VBE_LINEAR 0x4000
#define TEXT_MODE 3

#define MODES_END 0xFFFF
#define MODES_MAX 64
#define PALETTE_BYTES (256 * 4)
#define BUFFER_BYTES 2048

/* Of a mode's attributes: supported, graphics, linear frame buffer. */
#define MODE_WANTED 0x0091

typedef struct _VBE_INFORMATION {
    UCHAR Signature[4];
    USHORT Version;
    USHORT NameOffset;
    USHORT NameSegment;
    ULONG Capabilities;
    USHORT ModesOffset;
    USHORT ModesSegment;
    USHORT MemoryUnits; /* of 64 KiB */
} __attribute__((packed)) VBE_INFORMATION;

typedef struct _VBE_MODE {
    USHORT Attributes;
    UCHAR Windows[14];
    USHORT Stride;
    USHORT Width;
    USHORT Height;
    UCHAR CharacterSize[2];
    UCHAR Planes;
    UCHAR Bits;
    UCHAR Banks;
    UCHAR Model;
    UCHAR Unused[3];
    UCHAR RedSize;
    UCHAR RedPosition;
    UCHAR GreenSize;
    UCHAR GreenPosition;
    UCHAR BlueSize;
    UCHAR BluePosition;
    UCHAR ReservedSize[2];
    UCHAR DirectColor;
    ULONG FrameBase;
} __attribute__((packed)) VBE_MODE;

typedef struct _VESA_MODE {
    USHORT Number;
    ULONG FrameBase;
    VIDEO_MODE_INFORMATION Information;
} VESA_MODE;

typedef struct _HW_DEVICE_EXTENSION {
    VIDEO_PORT_INT10_INTERFACE Int10;
    USHORT BufferSegment;
    USHORT BufferOffset;
    ULONG MemoryLength;
    ULONG ModeCount;
    ULONG CurrentMode; /* MODES_MAX: none */
    VESA_MODE Modes[MODES_MAX];
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

/* ---- the BIOS -------------------------------------------------------------------------------- */

/* Calls it with ES:DI at the buffer. What it left in AX; 0 if it could not be called. */
static ULONG VesaCallBios(PHW_DEVICE_EXTENSION Vesa, ULONG Function, ULONG Ebx, ULONG Ecx,
                          ULONG Edx)
{
    INT10_BIOS_ARGUMENTS Arguments;
    VideoPortZeroMemory(&Arguments, sizeof(Arguments));
    Arguments.Eax = Function;
    Arguments.Ebx = Ebx;
    Arguments.Ecx = Ecx;
    Arguments.Edx = Edx;
    Arguments.Edi = Vesa->BufferOffset;
    Arguments.SegEs = Vesa->BufferSegment;
    if (Vesa->Int10.Int10CallBios(Vesa->Int10.Context, &Arguments) != NO_ERROR)
        return 0;
    return Arguments.Eax & 0xFFFF;
}

/* TRUE if the extension did what it was asked for. */
static BOOLEAN VesaCall(PHW_DEVICE_EXTENSION Vesa, ULONG Function, ULONG Ebx, ULONG Ecx, ULONG Edx)
{
    return VesaCallBios(Vesa, Function, Ebx, Ecx, Edx) == VBE_DONE;
}

static BOOLEAN VesaRead(PHW_DEVICE_EXTENSION Vesa, USHORT Segment, USHORT Offset, PVOID To,
                        ULONG Length)
{
    return Vesa->Int10.Int10ReadMemory(Vesa->Int10.Context, Segment, Offset, To, Length) ==
           NO_ERROR;
}

static BOOLEAN VesaReadBuffer(PHW_DEVICE_EXTENSION Vesa, PVOID To, ULONG Length)
{
    return VesaRead(Vesa, Vesa->BufferSegment, Vesa->BufferOffset, To, Length);
}

/* ---- modes ----------------------------------------------------------------------------------- */

static ULONG VesaMask(UCHAR Size, UCHAR Position)
{
    return ((1u << Size) - 1) << Position;
}

static VOID VesaDescribe(VESA_MODE *Mode, const VBE_MODE *Found, ULONG Index, ULONG MemoryLength)
{
    PVIDEO_MODE_INFORMATION Information = &Mode->Information;
    VideoPortZeroMemory(Information, sizeof(*Information));
    Information->Length = sizeof(*Information);
    Information->ModeIndex = Index;
    Information->VisScreenWidth = Found->Width;
    Information->VisScreenHeight = Found->Height;
    Information->ScreenStride = Found->Stride;
    Information->NumberOfPlanes = 1;
    Information->BitsPerPlane = Found->Bits;
    Information->Frequency = 1;
    Information->XMillimeter = 320;
    Information->YMillimeter = 240;
    Information->AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
    Information->VideoMemoryBitmapWidth = Found->Width;
    Information->VideoMemoryBitmapHeight = MemoryLength / Found->Stride;
    if (Found->Bits == 8) {
        Information->AttributeFlags |= VIDEO_MODE_PALETTE_DRIVEN | VIDEO_MODE_MANAGED_PALETTE;
        Information->NumberRedBits = Information->NumberGreenBits = Information->NumberBlueBits = 6;
        return;
    }
    Information->NumberRedBits = Found->RedSize;
    Information->NumberGreenBits = Found->GreenSize;
    Information->NumberBlueBits = Found->BlueSize;
    Information->RedMask = VesaMask(Found->RedSize, Found->RedPosition);
    Information->GreenMask = VesaMask(Found->GreenSize, Found->GreenPosition);
    Information->BlueMask = VesaMask(Found->BlueSize, Found->BluePosition);
}

static VOID VesaAddMode(PHW_DEVICE_EXTENSION Vesa, USHORT Number)
{
    VESA_MODE *Mode = &Vesa->Modes[Vesa->ModeCount];
    VBE_MODE Found;
    if (!VesaCall(Vesa, VBE_GET_MODE, 0, Number, 0) || !VesaReadBuffer(Vesa, &Found, sizeof(Found)))
        return;
    if ((Found.Attributes & MODE_WANTED) != MODE_WANTED || Found.Bits < 8 || Found.Planes != 1 ||
        Found.FrameBase == 0 || Found.Stride == 0 ||
        (ULONG)Found.Stride * Found.Height > Vesa->MemoryLength)
        return;
    Mode->Number = Number;
    Mode->FrameBase = Found.FrameBase;
    VesaDescribe(Mode, &Found, Vesa->ModeCount, Vesa->MemoryLength);
    Vesa->ModeCount++;
}

/* The list may lie in the buffer, which the next call changes: it is read first. */
static VP_STATUS VesaListModes(PHW_DEVICE_EXTENSION Vesa, const VBE_INFORMATION *Information)
{
    USHORT Numbers[2 * MODES_MAX];
    ULONG Count = 0;
    ULONG i;
    while (Count < 2 * MODES_MAX &&
           VesaRead(Vesa, Information->ModesSegment, (USHORT)(Information->ModesOffset + 2 * Count),
                    &Numbers[Count], sizeof(USHORT)) &&
           Numbers[Count] != MODES_END)
        Count++;
    for (i = 0; i < Count && Vesa->ModeCount < MODES_MAX; i++)
        VesaAddMode(Vesa, Numbers[i]);
    return Vesa->ModeCount == 0 ? ERROR_DEV_NOT_EXIST : NO_ERROR;
}

/* ---- the miniport ---------------------------------------------------------------------------- */

static VP_STATUS NTAPI VesaFindAdapter(PVOID HwDeviceExtension, PVOID HwContext,
                                       PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                       PUCHAR Again)
{
    PHW_DEVICE_EXTENSION Vesa = HwDeviceExtension;
    static const UCHAR Wanted[4] = {'V', 'B', 'E', '2'};
    ULONG Length = BUFFER_BYTES;
    VBE_INFORMATION Information;
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    UNREFERENCED_PARAMETER(ConfigInfo);
    *Again = FALSE;
    if (VideoPortIsNoVesa())
        return ERROR_DEV_NOT_EXIST;
    Vesa->CurrentMode = MODES_MAX;
    Vesa->Int10.Size = sizeof(Vesa->Int10);
    Vesa->Int10.Version = VIDEO_PORT_INT10_INTERFACE_VERSION_1;
    if (VideoPortQueryServices(Vesa, VideoPortServicesInt10, (PINTERFACE)&Vesa->Int10) !=
            NO_ERROR ||
        Vesa->Int10.Int10AllocateBuffer(Vesa->Int10.Context, &Vesa->BufferSegment,
                                        &Vesa->BufferOffset, &Length) != NO_ERROR)
        return ERROR_DEV_NOT_EXIST;
    Vesa->Int10.Int10WriteMemory(Vesa->Int10.Context, Vesa->BufferSegment, Vesa->BufferOffset,
                                 (PVOID)(ULONG_PTR)Wanted, sizeof(Wanted));
    if (!VesaCall(Vesa, VBE_GET_INFORMATION, 0, 0, 0) ||
        !VesaReadBuffer(Vesa, &Information, sizeof(Information)) || Information.Version < 0x0200)
        return ERROR_DEV_NOT_EXIST;
    Vesa->MemoryLength = (ULONG)Information.MemoryUnits * 0x10000;
    return VesaListModes(Vesa, &Information);
}

static BOOLEAN NTAPI VesaInitialize(PVOID HwDeviceExtension)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return TRUE;
}

static VP_STATUS VesaSetMode(PHW_DEVICE_EXTENSION Vesa, PVIDEO_REQUEST_PACKET Packet)
{
    ULONG Mode;
    if (Packet->InputBufferLength < sizeof(VIDEO_MODE))
        return ERROR_INSUFFICIENT_BUFFER;
    Mode = ((PVIDEO_MODE)Packet->InputBuffer)->RequestedMode & 0x3FFFFFFF;
    if (Mode >= Vesa->ModeCount)
        return ERROR_INVALID_PARAMETER;
    if (!VesaCall(Vesa, VBE_SET_MODE, Vesa->Modes[Mode].Number | VBE_LINEAR, 0, 0))
        return ERROR_INVALID_PARAMETER;
    Vesa->CurrentMode = Mode;
    return NO_ERROR;
}

static VP_STATUS VesaMap(PHW_DEVICE_EXTENSION Vesa, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_MEMORY_INFORMATION Information = Packet->OutputBuffer;
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_P6CACHE;
    PHYSICAL_ADDRESS Base;
    VP_STATUS Status;
    if (Packet->OutputBufferLength < sizeof(*Information))
        return ERROR_INSUFFICIENT_BUFFER;
    if (Vesa->CurrentMode == MODES_MAX)
        return ERROR_INVALID_FUNCTION;
    Base.QuadPart = Vesa->Modes[Vesa->CurrentMode].FrameBase;
    Information->VideoRamBase = NULL;
    Information->VideoRamLength = Vesa->MemoryLength;
    Status = VideoPortMapMemory(Vesa, Base, &Information->VideoRamLength, &InIoSpace,
                                &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    Information->FrameBufferLength = Information->VideoRamLength;
    Packet->StatusBlock->Information = sizeof(*Information);
    return Status;
}

static VOID VesaWriteBuffer(PHW_DEVICE_EXTENSION Vesa, PVOID From, ULONG Length)
{
    Vesa->Int10.Int10WriteMemory(Vesa->Int10.Context, Vesa->BufferSegment, Vesa->BufferOffset, From,
                                 Length);
}

/* The extension takes colours as blue, green, red and nothing, the VGA as red, green, blue; both
   have 6 bits for each. */
static VP_STATUS VesaSetColours(PHW_DEVICE_EXTENSION Vesa, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_CLUT Clut = Packet->InputBuffer;
    UCHAR Extended[PALETTE_BYTES];
    UCHAR Plain[PALETTE_BYTES];
    ULONG i;
    if (Packet->InputBufferLength < sizeof(*Clut))
        return ERROR_INSUFFICIENT_BUFFER;
    if (Clut->NumEntries + Clut->FirstEntry > 256)
        return ERROR_INVALID_PARAMETER;
    for (i = 0; i < Clut->NumEntries; i++) {
        PVIDEO_CLUTDATA Colour = &(&Clut->LookupTable[0])[i].RgbArray;
        Extended[4 * i] = Plain[3 * i + 2] = Colour->Blue;
        Extended[4 * i + 1] = Plain[3 * i + 1] = Colour->Green;
        Extended[4 * i + 2] = Plain[3 * i] = Colour->Red;
        Extended[4 * i + 3] = 0;
    }
    VesaWriteBuffer(Vesa, Extended, 4 * Clut->NumEntries);
    if (VesaCall(Vesa, VBE_SET_PALETTE, 0, Clut->NumEntries, Clut->FirstEntry))
        return NO_ERROR;
    VesaWriteBuffer(Vesa, Plain, 3 * Clut->NumEntries);
    VesaCallBios(Vesa, VGA_SET_COLOURS, Clut->FirstEntry, Clut->NumEntries, Vesa->BufferOffset);
    return NO_ERROR;
}

static VP_STATUS VesaQueryModes(PHW_DEVICE_EXTENSION Vesa, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_MODE_INFORMATION Information = Packet->OutputBuffer;
    ULONG i;
    if (Packet->OutputBufferLength < Vesa->ModeCount * sizeof(*Information))
        return ERROR_INSUFFICIENT_BUFFER;
    for (i = 0; i < Vesa->ModeCount; i++)
        VideoPortMoveMemory(&Information[i], &Vesa->Modes[i].Information, sizeof(*Information));
    Packet->StatusBlock->Information = Vesa->ModeCount * sizeof(*Information);
    return NO_ERROR;
}

static VP_STATUS VesaReset(PHW_DEVICE_EXTENSION Vesa)
{
    VIDEO_X86_BIOS_ARGUMENTS Arguments;
    VideoPortZeroMemory(&Arguments, sizeof(Arguments));
    Arguments.Eax = TEXT_MODE;
    Vesa->CurrentMode = MODES_MAX;
    return VideoPortInt10(Vesa, &Arguments);
}

static VP_STATUS VesaHandle(PHW_DEVICE_EXTENSION Vesa, PVIDEO_REQUEST_PACKET Packet)
{
    switch (Packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        if (Packet->OutputBufferLength < sizeof(VIDEO_NUM_MODES))
            return ERROR_INSUFFICIENT_BUFFER;
        ((PVIDEO_NUM_MODES)Packet->OutputBuffer)->NumModes = Vesa->ModeCount;
        ((PVIDEO_NUM_MODES)Packet->OutputBuffer)->ModeInformationLength =
            sizeof(VIDEO_MODE_INFORMATION);
        Packet->StatusBlock->Information = sizeof(VIDEO_NUM_MODES);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        return VesaQueryModes(Vesa, Packet);
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        if (Packet->OutputBufferLength < sizeof(VIDEO_MODE_INFORMATION))
            return ERROR_INSUFFICIENT_BUFFER;
        if (Vesa->CurrentMode == MODES_MAX)
            return ERROR_INVALID_FUNCTION;
        VideoPortMoveMemory(Packet->OutputBuffer, &Vesa->Modes[Vesa->CurrentMode].Information,
                            sizeof(VIDEO_MODE_INFORMATION));
        Packet->StatusBlock->Information = sizeof(VIDEO_MODE_INFORMATION);
        return NO_ERROR;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        return VesaSetMode(Vesa, Packet);
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        return VesaMap(Vesa, Packet);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        if (Packet->InputBufferLength < sizeof(VIDEO_MEMORY))
            return ERROR_INSUFFICIENT_BUFFER;
        return VideoPortUnmapMemory(
            Vesa, ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress, NULL);
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        return VesaSetColours(Vesa, Packet);
    case IOCTL_VIDEO_RESET_DEVICE:
        return VesaReset(Vesa);
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

static BOOLEAN NTAPI VesaStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    RequestPacket->StatusBlock->Information = 0;
    RequestPacket->StatusBlock->Status = VesaHandle(HwDeviceExtension, RequestPacket);
    return TRUE;
}

static BOOLEAN NTAPI VesaResetHw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows)
{
    UNREFERENCED_PARAMETER(Columns);
    UNREFERENCED_PARAMETER(Rows);
    return VesaReset(HwDeviceExtension) == NO_ERROR;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.AdapterInterfaceType = Isa;
    Data.HwFindAdapter = VesaFindAdapter;
    Data.HwInitialize = VesaInitialize;
    Data.HwStartIO = VesaStartIO;
    Data.HwResetHw = VesaResetHw;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
