/*
 * Stands for drivers of Windows 2000 and later: it leaves the interface type zero, looks at the
 * function that it is offered, writes ports by HAL.dll's functions, and claims all that a VGA has
 * before it knows whether it will work.
 * The parameter Fail says where it does not, and what it leaves behind there.
 */

#include "dderror.h"
#include "debug.h"
#include "devioctl.h"
#include "ioaccess.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"

#define TAKER_TAG 'ekaT'
#define VENDOR_ID 0x1234
#define INDEX_PORT ((PUSHORT)0x1CE) /* of QEMU's standard adapter (docs/specs/standard-vga) */
#define DATA_PORT ((PUSHORT)0x1CF)
#define INDEX_XRES 1
#define INDEX_YRES 2
#define INDEX_BPP 3
#define INDEX_ENABLE 4
#define ENABLED_AND_LINEAR 0x41
#define NOWHERE 0xE0000000u /* where Bochs had its frame buffer before PCI */

typedef enum _TAKER_FAIL {
    FailNowhere = 0,
    FailInFind = 1, /* with claims, mappings and memory in hand */
    FailInInitialize = 2,
    FailInSetMode = 3,
    FailWithoutBase = 4, /* in HwFindAdapter, and the function's base addresses are gone */
    FailToMap = 5, /* it maps what is no memory */
    FailToReset = 6, /* and its mode stays */
    FailToMapAndReset = 7,
    FailToProgram = 8 /* and it says that a mode is set */
} TAKER_FAIL;

typedef struct _HW_DEVICE_EXTENSION {
    PHYSICAL_ADDRESS FrameBase;
    ULONG FrameLength;
    ULONG Fail;
    ULONG Mode; /* TAKER_MODE_COUNT: none */
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

static const struct {
    ULONG Width;
    ULONG Height;
} TakerModes[] = {{800, 600}, {640, 480}};

#define TAKER_MODE_COUNT (sizeof(TakerModes) / sizeof(TakerModes[0]))

static VP_STATUS NTAPI TakerReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                      PVOID ValueData, ULONG ValueLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength != sizeof(ULONG))
        return ERROR_INVALID_PARAMETER;
    *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

/* Counts the text as RtlInitUnicodeString does, and prints it. */
static VOID TakerPrintPath(PWSTR Path)
{
    CHAR Text[120];
    ULONG Length;
    for (Length = 0; Path[Length] != 0 && Length < sizeof(Text) - 1; Length++)
        Text[Length] = (CHAR)Path[Length];
    Text[Length] = 0;
    VideoDebugPrint((Error, "taker path=%s\n", Text));
}

static VP_STATUS TakerClaim(PHW_DEVICE_EXTENSION Taker)
{
    VIDEO_ACCESS_RANGE Legacy[2] = {{{{0x3C0, 0}}, 0x20, VIDEO_MEMORY_SPACE_IO, 0, 0, 0},
                                    {{{0xA0000, 0}}, 0x20000, VIDEO_MEMORY_SPACE_MEMORY, 0, 0, 0}};
    VIDEO_ACCESS_RANGE Ranges[6];
    VP_STATUS Status;
    Status = VideoPortGetAccessRanges(Taker, 0, NULL, 6, Ranges, NULL, NULL, NULL);
    if (Status != NO_ERROR)
        return Status;
    Taker->FrameBase = Ranges[0].RangeStart;
    Taker->FrameLength = Ranges[0].RangeLength;
    return VideoPortVerifyAccessRanges(Taker, 2, Legacy);
}

static VP_STATUS NTAPI TakerFindAdapter(PVOID HwDeviceExtension, PVOID HwContext,
                                        PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                        PUCHAR Again)
{
    static WCHAR FailName[] = {'F', 'a', 'i', 'l', 0};
    static ULONG NoBases[PCI_TYPE0_ADDRESSES];
    PHW_DEVICE_EXTENSION Taker = HwDeviceExtension;
    USHORT VendorId = 0;
    VP_STATUS Status;
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    *Again = FALSE;
    Taker->Mode = TAKER_MODE_COUNT;
    VideoPortGetRegistryParameters(Taker, FailName, FALSE, TakerReadValue, &Taker->Fail);
    VideoDebugPrint((Error, "taker is offered type %d\n", ConfigInfo->AdapterInterfaceType));
    TakerPrintPath(ConfigInfo->DriverRegistryPath);
    if (ConfigInfo->AdapterInterfaceType != PCIBus ||
        VideoPortGetBusData(Taker, PCIConfiguration, 0, &VendorId, 0, 2) != 2 ||
        VendorId != VENDOR_ID)
        return ERROR_DEV_NOT_EXIST;
    Status = TakerClaim(Taker);
    if (Status != NO_ERROR)
        return Status;
    if (Taker->Fail != FailInFind && Taker->Fail != FailWithoutBase)
        return NO_ERROR;
    VideoPortGetDeviceBase(Taker, Taker->FrameBase, 0x10000, VIDEO_MEMORY_SPACE_MEMORY);
    VideoPortAllocatePool(Taker, VpNonPagedPool, 10000, TAKER_TAG);
    if (Taker->Fail == FailWithoutBase)
        VideoPortSetBusData(Taker, PCIConfiguration, 0, NoBases,
                            (ULONG)FIELD_OFFSET(PCI_COMMON_CONFIG, u.type0.BaseAddresses),
                            sizeof(NoBases));
    return ERROR_DEV_NOT_EXIST;
}

static BOOLEAN NTAPI TakerInitialize(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Taker = HwDeviceExtension;
    VideoPortAllocatePool(Taker, VpNonPagedPool, 10000, TAKER_TAG);
    return Taker->Fail != FailInInitialize;
}

static VOID TakerWrite(USHORT Index, ULONG Value)
{
    WRITE_PORT_USHORT(INDEX_PORT, Index);
    WRITE_PORT_USHORT(DATA_PORT, (USHORT)Value);
}

static VP_STATUS TakerSetMode(PHW_DEVICE_EXTENSION Taker, ULONG Mode)
{
    if (Mode >= TAKER_MODE_COUNT || Taker->Fail == FailInSetMode)
        return ERROR_INVALID_PARAMETER;
    TakerWrite(INDEX_ENABLE, 0);
    TakerWrite(INDEX_XRES, TakerModes[Mode].Width);
    TakerWrite(INDEX_YRES, TakerModes[Mode].Height);
    TakerWrite(INDEX_BPP, 32);
    if (Taker->Fail != FailToProgram)
        TakerWrite(INDEX_ENABLE, ENABLED_AND_LINEAR);
    Taker->Mode = Mode;
    return NO_ERROR;
}

static VOID TakerDescribe(PVIDEO_MODE_INFORMATION Information, ULONG Mode)
{
    VideoPortZeroMemory(Information, sizeof(*Information));
    Information->Length = sizeof(*Information);
    Information->ModeIndex = Mode;
    Information->VisScreenWidth = TakerModes[Mode].Width;
    Information->VisScreenHeight = TakerModes[Mode].Height;
    Information->ScreenStride = TakerModes[Mode].Width * 4;
    Information->NumberOfPlanes = 1;
    Information->BitsPerPlane = 32;
    Information->NumberRedBits = Information->NumberGreenBits = Information->NumberBlueBits = 8;
    Information->RedMask = 0xFF0000;
    Information->GreenMask = 0x00FF00;
    Information->BlueMask = 0x0000FF;
    Information->AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
}

static VP_STATUS TakerMap(PHW_DEVICE_EXTENSION Taker, PVIDEO_MEMORY_INFORMATION Information)
{
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_MEMORY;
    PHYSICAL_ADDRESS Base = Taker->FrameBase;
    VP_STATUS Status;
    if (Taker->Fail == FailToMap || Taker->Fail == FailToMapAndReset)
        Base.QuadPart = NOWHERE;
    Information->VideoRamBase = NULL;
    Information->VideoRamLength = Taker->FrameLength;
    Status = VideoPortMapMemory(Taker, Base, &Information->VideoRamLength, &InIoSpace,
                                &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    Information->FrameBufferLength = Information->VideoRamLength;
    return Status;
}

static VP_STATUS TakerAnswer(PHW_DEVICE_EXTENSION Taker, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_NUM_MODES Numbers = Packet->OutputBuffer;
    PVIDEO_MODE_INFORMATION Modes = Packet->OutputBuffer;
    ULONG Mode;
    switch (Packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        Numbers->NumModes = TAKER_MODE_COUNT;
        Numbers->ModeInformationLength = sizeof(*Modes);
        Packet->StatusBlock->Information = sizeof(*Numbers);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        for (Mode = 0; Mode < TAKER_MODE_COUNT; Mode++)
            TakerDescribe(&Modes[Mode], Mode);
        Packet->StatusBlock->Information = TAKER_MODE_COUNT * sizeof(*Modes);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        if (Taker->Mode == TAKER_MODE_COUNT)
            return ERROR_INVALID_FUNCTION;
        TakerDescribe(Modes, Taker->Mode);
        Packet->StatusBlock->Information = sizeof(*Modes);
        return NO_ERROR;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        return TakerSetMode(Taker, ((PVIDEO_MODE)Packet->InputBuffer)->RequestedMode & 0x3FFFFFFF);
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        Packet->StatusBlock->Information = sizeof(VIDEO_MEMORY_INFORMATION);
        return TakerMap(Taker, Packet->OutputBuffer);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        return VideoPortUnmapMemory(
            Taker, ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress, NULL);
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

static BOOLEAN NTAPI TakerStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    RequestPacket->StatusBlock->Information = 0;
    RequestPacket->StatusBlock->Status = TakerAnswer(HwDeviceExtension, RequestPacket);
    return TRUE;
}

static BOOLEAN NTAPI TakerResetHw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows)
{
    PHW_DEVICE_EXTENSION Taker = HwDeviceExtension;
    UNREFERENCED_PARAMETER(Columns);
    UNREFERENCED_PARAMETER(Rows);
    if (Taker->Fail == FailToReset || Taker->Fail == FailToMapAndReset)
        return FALSE;
    TakerWrite(INDEX_ENABLE, 0);
    return TRUE;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.HwFindAdapter = TakerFindAdapter;
    Data.HwInitialize = TakerInitialize;
    Data.HwStartIO = TakerStartIO;
    Data.HwResetHw = TakerResetHw;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
