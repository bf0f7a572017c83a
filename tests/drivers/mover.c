/*
 * A miniport for a video BIOS that moves memory by interrupt 15h, in the style of those that leave
 * everything to the BIOS (here tests/drivers/moving_bios.asm). It has the BIOS make one move, as
 * its registry values say, tells how that went, and finds no adapter.
 *
 *   From, To   physical addresses; 0: a block of its own, filled with A5h
 *   Words      how many; 0: asks for the extended memory's size instead
 *   Rights     of both descriptors, if not those that a BIOS expects
 */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "video.h"
#include "wdm.h"

#define MOVE_BLOCK 0x5F87
#define GET_SIZE 0x5F88
#define BLOCK_BYTES 0x10000
#define TABLE_BYTES 48
#define DATA 0x93

typedef struct _MOVER_EXTENSION {
    VIDEO_PORT_INT10_INTERFACE Int10;
    ULONG From, To, Words, Rights;
    PUCHAR Block;
} MOVER_EXTENSION, *PMOVER_EXTENSION;

static VP_STATUS NTAPI MoverReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                      PVOID ValueData, ULONG ValueLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength != sizeof(ULONG))
        return ERROR_INVALID_PARAMETER;
    *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

static VOID MoverReadValues(PMOVER_EXTENSION Mover)
{
    Mover->Rights = DATA;
    VideoPortGetRegistryParameters(Mover, L"From", FALSE, MoverReadValue, &Mover->From);
    VideoPortGetRegistryParameters(Mover, L"To", FALSE, MoverReadValue, &Mover->To);
    VideoPortGetRegistryParameters(Mover, L"Words", FALSE, MoverReadValue, &Mover->Words);
    VideoPortGetRegistryParameters(Mover, L"Rights", FALSE, MoverReadValue, &Mover->Rights);
}

static VOID MoverDescribe(PUCHAR Descriptor, ULONG Base, UCHAR Rights)
{
    Descriptor[0] = Descriptor[1] = 0xFF;
    Descriptor[2] = (UCHAR)Base;
    Descriptor[3] = (UCHAR)(Base >> 8);
    Descriptor[4] = (UCHAR)(Base >> 16);
    Descriptor[5] = Rights;
    Descriptor[6] = 0;
    Descriptor[7] = (UCHAR)(Base >> 24);
}

static VP_STATUS MoverCall(PMOVER_EXTENSION Mover, ULONG Own)
{
    USHORT Segment, Offset;
    ULONG Length = TABLE_BYTES;
    UCHAR Table[TABLE_BYTES];
    INT10_BIOS_ARGUMENTS Arguments;
    VideoPortZeroMemory(Table, sizeof(Table));
    MoverDescribe(Table + 0x10, Mover->From == 0 ? Own : Mover->From, (UCHAR)Mover->Rights);
    MoverDescribe(Table + 0x18, Mover->To == 0 ? Own : Mover->To, (UCHAR)Mover->Rights);
    if (Mover->Int10.Int10AllocateBuffer(Mover->Int10.Context, &Segment, &Offset, &Length) !=
        NO_ERROR)
        return ERROR_NOT_ENOUGH_MEMORY;
    Mover->Int10.Int10WriteMemory(Mover->Int10.Context, Segment, Offset, Table, sizeof(Table));
    VideoPortZeroMemory(&Arguments, sizeof(Arguments));
    Arguments.Eax = Mover->Words == 0 ? GET_SIZE : MOVE_BLOCK;
    Arguments.Ecx = Mover->Words;
    Arguments.Esi = Offset;
    Arguments.SegEs = Segment;
    if (Mover->Int10.Int10CallBios(Mover->Int10.Context, &Arguments) != NO_ERROR)
        return ERROR_IO_DEVICE;
    VideoPortDebugPrint(Error, "mover ax=0x%x carry=%u own=0x%x", Arguments.Eax & 0xFFFF,
                        Arguments.Ebx & 1, *(PULONG)Mover->Block);
    Mover->Int10.Int10FreeBuffer(Mover->Int10.Context, Segment, Offset);
    return NO_ERROR;
}

static VP_STATUS NTAPI MoverFindAdapter(PVOID HwDeviceExtension, PVOID HwContext,
                                        PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                                        PUCHAR Again)
{
    PMOVER_EXTENSION Mover = HwDeviceExtension;
    static BOOLEAN HasMoved; /* at the first adapter that was offered */
    PHYSICAL_ADDRESS Highest, Own;
    ULONG i;
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    UNREFERENCED_PARAMETER(ConfigInfo);
    *Again = FALSE;
    if (HasMoved)
        return ERROR_DEV_NOT_EXIST;
    HasMoved = TRUE;
    MoverReadValues(Mover);
    Mover->Int10.Size = sizeof(Mover->Int10);
    Mover->Int10.Version = VIDEO_PORT_INT10_INTERFACE_VERSION_1;
    Highest.QuadPart = 0xFFFFFF;
    Mover->Block = VideoPortAllocateContiguousMemory(Mover, BLOCK_BYTES, Highest);
    if (Mover->Block == NULL || VideoPortQueryServices(Mover, VideoPortServicesInt10,
                                                       (PINTERFACE)&Mover->Int10) != NO_ERROR)
        return ERROR_DEV_NOT_EXIST;
    for (i = 0; i < BLOCK_BYTES; i++)
        Mover->Block[i] = 0xA5;
    Own = MmGetPhysicalAddress(Mover->Block);
    MoverCall(Mover, Own.LowPart);
    VideoPortFreePool(Mover, Mover->Block);
    return ERROR_DEV_NOT_EXIST;
}

static BOOLEAN NTAPI MoverInitialize(PVOID HwDeviceExtension)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return FALSE;
}

static BOOLEAN NTAPI MoverStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    RequestPacket->StatusBlock->Status = ERROR_INVALID_FUNCTION;
    return TRUE;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.AdapterInterfaceType = Isa;
    Data.HwFindAdapter = MoverFindAdapter;
    Data.HwInitialize = MoverInitialize;
    Data.HwStartIO = MoverStartIO;
    Data.HwDeviceExtensionSize = sizeof(MOVER_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
