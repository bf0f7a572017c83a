/*
 * A miniport as the old driver kits had them: it includes NT's headers and nothing else, finds the
 * adapter that QEMU calls "std" by its PCI ids, and sets modes through its index and data ports.
 *
 * On its way up it calls every function of the video port, with right arguments and with wrong
 * ones, and tells by VideoPortDebugPrint which did not answer as documented, then how many did. The
 * parameter Crime asks for a fault on purpose.
 */

#include "dderror.h"
#include "debug.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "section_attribs.h"
#include "video.h"
#include "wdm.h"

#define KIT_TAG 'tiKA'

#define VENDOR_ID 0x1234
#define DEVICE_ID 0x1111

/* The adapter's registers, an index and a value (QEMU, docs/specs/standard-vga). */
#define INDEX_PORT 0x1CE
#define DATA_PORT 0x1CF
#define INDEX_XRES 1
#define INDEX_YRES 2
#define INDEX_BPP 3
#define INDEX_ENABLE 4
#define ENABLED 0x01
#define LINEAR 0x40

/* The clock's periodic interrupt stands in for an adapter's. */
#define CLOCK_LINE 8
#define CLOCK_INDEX_PORT 0x70
#define CLOCK_DATA_PORT 0x71

typedef enum _KIT_CRIME {
    CrimeNone = 0,
    CrimeOverrun = 1,
    CrimeUnderrun = 2,
    CrimeDoubleFree = 3,
    CrimeNull = 4,
    CrimeLeak = 5,
    CrimeOverrunLater = 6, /* when a mode is set */
    CrimeInInterrupt = 7,
    CrimeCallNull = 8,
    CrimeCallNowhere = 9, /* where nothing is mapped */
    CrimeCallData = 10,
    CrimeCallZeros = 11, /* a block of zeros is code that adds, until its end */
    CrimeReturnNowhere = 12,
    CrimeStackNowhere = 13, /* and a return */
    CrimeRecursion = 14, /* until the stack is full */
    CrimeSynchronizeNowhere = 15,
    CrimeStackNowhereAndWait = 16, /* for an interrupt */
    CrimeCallNullInInterrupt = 17,
    CrimeDpcNowhere = 18,
    CrimeCallNullInTimer = 19,
    CrimeCallNullInTimerLater = 20 /* while the picture is shown */
} KIT_CRIME;

typedef VOID(NTAPI *PKIT_ROUTINE)(VOID);

#define UNMAPPED 0xF0001000u

typedef struct _KIT_MODE {
    ULONG Width;
    ULONG Height;
    ULONG Bits;
} KIT_MODE, *PKIT_MODE;

typedef struct _HW_DEVICE_EXTENSION {
    PHYSICAL_ADDRESS FrameBase;
    ULONG FrameLength;
    PUCHAR Ports;
    ULONG CurrentMode; /* KIT_MODE_COUNT: none */
    ULONG Passed;
    ULONG Failed;
    ULONG Crime;
    PEVENT InterruptEvent;
    PEVENT TimerEvent;
    ULONG InterruptCount;
    ULONG DpcCount;
    PVOID GotInInterrupt;
    PVOID GotInDpc;
    ULONG DpcIrql;
    PKIT_ROUTINE NoRoutine; /* NULL */
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

static const KIT_MODE KitModes[] = {
    {640, 480, 32}, {800, 600, 32}, {1024, 768, 32}, {800, 600, 16}, {640, 480, 8}};

#define KIT_MODE_COUNT (sizeof(KitModes) / sizeof(KitModes[0]))

/* The same for every function that the video port calls, so that a build without annotations, in
   which stdcall is what the compiler takes for granted, finds none here either. */
VP_STATUS NTAPI KitFindAdapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString,
                               PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again);
BOOLEAN NTAPI KitInitialize(PVOID HwDeviceExtension);
BOOLEAN NTAPI KitInterrupt(PVOID HwDeviceExtension);
BOOLEAN NTAPI KitStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket);
BOOLEAN NTAPI KitResetHw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows);
VOID NTAPI KitTimer(PVOID HwDeviceExtension);
VP_STATUS NTAPI KitChildDescriptor(PVOID HwDeviceExtension, PVIDEO_CHILD_ENUM_INFO ChildEnumInfo,
                                   PVIDEO_CHILD_TYPE VideoChildType, PUCHAR ChildDescriptor,
                                   PULONG UId, PULONG Unused);
VOID NTAPI KitDpc(PVOID HwDeviceExtension, PVOID Context);
BOOLEAN NTAPI KitSynchronized(PVOID Context);
VP_STATUS NTAPI KitReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                             PVOID ValueData, ULONG ValueLength);
VP_STATUS NTAPI KitDeviceData(PVOID HwDeviceExtension, PVOID Context,
                              VIDEO_DEVICE_DATA_TYPE DeviceDataType, PVOID Identifier,
                              ULONG IdentifierLength, PVOID ConfigurationData,
                              ULONG ConfigurationDataLength, PVOID ComponentInformation,
                              ULONG ComponentInformationLength);
VOID NTAPI KitWriteLine(PVOID HwDeviceExtension, UCHAR Data);
BOOLEAN NTAPI KitReadLine(PVOID HwDeviceExtension);

/* ---- what is expected ---------------------------------------------------------------------- */

static VOID KitExpect(PHW_DEVICE_EXTENSION Kit, BOOLEAN Holds, PCHAR What)
{
    if (Holds) {
        Kit->Passed++;
        return;
    }
    Kit->Failed++;
    DPRINT1("kit failed: %s\n", What);
}

#define EXPECT(Condition) KitExpect(Kit, (Condition) ? TRUE : FALSE, #Condition)

static PHYSICAL_ADDRESS KitAddress(ULONG High, ULONG Low)
{
    PHYSICAL_ADDRESS Address;
    Address.HighPart = (LONG)High;
    Address.LowPart = Low;
    return Address;
}

#define ANYWHERE KitAddress(0xFFFFFFFF, 0xFFFFFFFF)
#define BELOW_4_GIB KitAddress(0, 0xFFFFFFFF)
#define BELOW_16_MIB KitAddress(0, 0x00FFFFFF)
#define NOWHERE ((PVOID)0x12345678)

static ULONG KitPhysical(PVOID Block)
{
    return MmGetPhysicalAddress(Block).LowPart;
}

/* Writes to the first byte and the last, and reads them back. */
static BOOLEAN KitIsMemory(PVOID Block, ULONG Length)
{
    volatile UCHAR *Bytes = Block;
    Bytes[0] = 0x5A;
    Bytes[Length - 1] = 0xA5;
    return Bytes[Length - 1] == 0xA5 && (Length == 1 || Bytes[0] == 0x5A);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* The largest block that the founding call gives below the limit, to the page. */
static ULONG KitLargest(PHW_DEVICE_EXTENSION Kit, PHYSICAL_ADDRESS Highest)
{
    ULONG Pages = 0;
    ULONG Step;
    for (Step = 0x40000; Step != 0; Step >>= 1) {
        PVOID Block = VideoPortAllocateContiguousMemory(Kit, (Pages + Step) * 4096, Highest);
        if (Block != NULL) {
            Pages += Step;
            MmFreeContiguousMemory(Block);
        }
    }
    return Pages * 4096;
}

/* The limit is inclusive: the block's last byte may be it. */
static VOID KitTestLimits(PHW_DEVICE_EXTENSION Kit)
{
    PVOID Block = VideoPortAllocateContiguousMemory(Kit, 3 * 4096, BELOW_16_MIB);
    PVOID Other;
    ULONG Physical;
    EXPECT(Block != NULL);
    if (Block == NULL)
        return;
    Physical = KitPhysical(Block);
    EXPECT((Physical & 0xFFF) == 0 && Physical + 3 * 4096 <= 0x01000000);
    EXPECT(((ULONG_PTR)Block & 0xFFF) == 0);
    EXPECT(KitIsMemory(Block, 3 * 4096));
    MmFreeContiguousMemory(Block);
    Block =
        VideoPortAllocateContiguousMemory(Kit, 3 * 4096, KitAddress(0, Physical + 3 * 4096 - 1));
    EXPECT(Block != NULL && KitPhysical(Block) == Physical);
    MmFreeContiguousMemory(Block);
    Block =
        VideoPortAllocateContiguousMemory(Kit, 3 * 4096, KitAddress(0, Physical + 3 * 4096 - 2));
    EXPECT(Block != NULL && KitPhysical(Block) + 3 * 4096 - 1 <= Physical + 3 * 4096 - 2);
    MmFreeContiguousMemory(Block);
    Block = MmAllocateContiguousMemorySpecifyCache(3 * 4096, KitAddress(0, Physical),
                                                   KitAddress(0, Physical + 3 * 4096 - 1),
                                                   KitAddress(0, 0), MmCached);
    EXPECT(Block != NULL && KitPhysical(Block) == Physical);
    Other = MmAllocateContiguousMemorySpecifyCache(3 * 4096, KitAddress(0, Physical),
                                                   KitAddress(0, Physical + 3 * 4096 - 1),
                                                   KitAddress(0, 0), MmCached);
    EXPECT(Other == NULL); /* it is taken */
    MmFreeContiguousMemory(Block);
    Block = MmAllocateContiguousMemorySpecifyCache(3 * 4096, KitAddress(0, Physical),
                                                   KitAddress(0, Physical + 3 * 4096 - 2),
                                                   KitAddress(0, 0), MmCached);
    EXPECT(Block == NULL);
}

static VOID KitTestContiguous(PHW_DEVICE_EXTENSION Kit)
{
    static const ULONG Sizes[] = {1, 2, 4095, 4096, 4097, 65536, 100000, 0x300000};
    PVOID Block;
    ULONG Largest;
    ULONG i;
    for (i = 0; i < sizeof(Sizes) / sizeof(Sizes[0]); i++) {
        Block = VideoPortAllocateContiguousMemory(Kit, Sizes[i], ANYWHERE);
        EXPECT(Block != NULL && KitIsMemory(Block, Sizes[i]));
        VideoPortFreePool(Kit, Block); /* takes contiguous blocks as well */
    }
    Largest = KitLargest(Kit, ANYWHERE);
    EXPECT(Largest > 0x1000000);
    Block = VideoPortAllocateContiguousMemory(Kit, Largest, ANYWHERE);
    EXPECT(Block != NULL && KitIsMemory(Block, Largest));
    MmFreeContiguousMemory(Block);
    EXPECT(VideoPortAllocateContiguousMemory(Kit, Largest + 1, ANYWHERE) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(Kit, 0, ANYWHERE) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(Kit, 0xFFFFFFFF, ANYWHERE) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(Kit, 4096, KitAddress(0, 0)) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(Kit, 4096, KitAddress(0, 0xFFE)) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(NULL, 4096, ANYWHERE) == NULL);
    EXPECT(VideoPortAllocateContiguousMemory(NOWHERE, 4096, ANYWHERE) == NULL);
}

static VOID KitTestMm(PHW_DEVICE_EXTENSION Kit)
{
    PVOID Block = MmAllocateContiguousMemory(5000, BELOW_4_GIB);
    PVOID Combined;
    EXPECT(Block != NULL && KitIsMemory(Block, 5000));
    EXPECT(MmGetPhysicalAddress((PUCHAR)Block + 4999).QuadPart ==
           MmGetPhysicalAddress(Block).QuadPart + 4999);
    MmFreeContiguousMemory((PUCHAR)Block + 4096); /* inside: refused */
    EXPECT(KitIsMemory(Block, 5000));
    MmFreeContiguousMemory(Block);
    MmFreeContiguousMemory(Block); /* twice: refused */
    MmFreeContiguousMemory(NULL);
    EXPECT(MmGetPhysicalAddress(Block).QuadPart == 0);
    EXPECT(MmAllocateContiguousMemory(0, ANYWHERE) == NULL);
    Combined = MmAllocateContiguousMemorySpecifyCache(0x20000, KitAddress(0, 0), ANYWHERE,
                                                      KitAddress(0, 0x20000), MmWriteCombined);
    EXPECT(Combined != NULL && (KitPhysical(Combined) & 0x1FFFF) == 0);
    MmFreeContiguousMemory(Combined);
    EXPECT(MmAllocateContiguousMemorySpecifyCache(0x20000, KitAddress(0, 0), ANYWHERE,
                                                  KitAddress(0, 0x10000), MmCached) == NULL);
    EXPECT(MmAllocateContiguousMemorySpecifyCache(4096, KitAddress(0, 0), ANYWHERE,
                                                  KitAddress(0, 0x3000), MmCached) == NULL);
    EXPECT(MmAllocateContiguousMemorySpecifyCache(4096, ANYWHERE, KitAddress(0, 0),
                                                  KitAddress(0, 0), MmCached) == NULL);
}

static VOID KitTestPool(PHW_DEVICE_EXTENSION Kit)
{
    static const VP_POOL_TYPE Types[] = {VpNonPagedPool, VpPagedPool, VpNonPagedPoolCacheAligned,
                                         VpPagedPoolCacheAligned};
    PVOID Block;
    PVOID Buffer = NULL;
    ULONG i;
    for (i = 0; i < 4; i++) {
        Block = VideoPortAllocatePool(Kit, Types[i], 100, KIT_TAG);
        EXPECT(Block != NULL && KitIsMemory(Block, 100));
        VideoPortFreePool(Kit, Block);
    }
    EXPECT(VideoPortAllocatePool(Kit, VpNonPagedPool, 0, KIT_TAG) == NULL);
    EXPECT(VideoPortAllocatePool(NOWHERE, VpNonPagedPool, 100, KIT_TAG) == NULL);
    VideoPortFreePool(Kit, NOWHERE);
    EXPECT(VideoPortAllocateBuffer(Kit, 70000, &Buffer) == NO_ERROR);
    EXPECT(Buffer != NULL && KitIsMemory(Buffer, 70000));
    VideoPortFreePool(Kit, Buffer); /* the wrong call: refused */
    EXPECT(KitIsMemory(Buffer, 70000));
    VideoPortReleaseBuffer(Kit, Buffer);
    VideoPortReleaseBuffer(Kit, Buffer); /* twice: refused */
    EXPECT(VideoPortAllocateBuffer(Kit, 0xFFFFF000, &Buffer) == ERROR_NOT_ENOUGH_MEMORY);
    EXPECT(VideoPortAllocateBuffer(Kit, 0, &Buffer) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortAllocateBuffer(Kit, 1, NULL) == ERROR_INVALID_PARAMETER);
}

static VOID KitTestCommonBuffers(PHW_DEVICE_EXTENSION Kit)
{
    VP_DEVICE_DESCRIPTION Description = {FALSE, TRUE, FALSE, 0x10000};
    PVP_DMA_ADAPTER Adapter = VideoPortGetDmaAdapter(Kit, &Description);
    PHYSICAL_ADDRESS Logical;
    ULONG Actual = 0;
    PVOID Buffer;
    EXPECT(Adapter != NULL);
    EXPECT(VideoPortGetDmaAdapter(Kit, NULL) == NULL);
    Buffer = VideoPortAllocateCommonBuffer(Kit, Adapter, 10000, &Logical, FALSE, NULL);
    EXPECT(Buffer != NULL && Logical.QuadPart == MmGetPhysicalAddress(Buffer).QuadPart);
    EXPECT(KitIsMemory(Buffer, 10000));
    VideoPortReleaseCommonBuffer(Kit, Adapter, 9999, Logical, Buffer, FALSE); /* refused */
    EXPECT(KitIsMemory(Buffer, 10000));
    VideoPortReleaseCommonBuffer(Kit, Adapter, 10000, Logical, Buffer, FALSE);
    EXPECT(VideoPortAllocateCommonBuffer(Kit, Adapter, 0, &Logical, FALSE, NULL) == NULL);
    EXPECT(VideoPortAllocateCommonBuffer(Kit, NULL, 4096, &Logical, FALSE, NULL) == NULL);
    VideoPortPutDmaAdapter(Kit, Adapter);
    VideoPortPutDmaAdapter(Kit, Adapter); /* twice: refused */
    Buffer = VideoPortGetCommonBuffer(Kit, 5000, 0x10000, &Logical, &Actual, TRUE);
    EXPECT(Buffer != NULL && (Logical.LowPart & 0xFFFF) == 0 && Actual >= 5000);
    VideoPortFreeCommonBuffer(Kit, 5000, Buffer, Logical, TRUE);
    VideoPortFreeCommonBuffer(Kit, 5000, Buffer, Logical, TRUE); /* twice: refused */
    EXPECT(VideoPortGetCommonBuffer(Kit, 5000, 3, &Logical, &Actual, TRUE) == NULL);
    EXPECT(VideoPortGetCommonBuffer(Kit, 5000, 0, NULL, &Actual, TRUE) == NULL);
    EXPECT(VideoPortGetCommonBuffer(NOWHERE, 5000, 0, &Logical, &Actual, TRUE) == NULL);
}

/* ---- devices --------------------------------------------------------------------------------- */

static VOID KitTestMappings(PHW_DEVICE_EXTENSION Kit)
{
    PVOID Ports = VideoPortGetDeviceBase(Kit, KitAddress(0, 0x3C0), 0x20, VIDEO_MEMORY_SPACE_IO);
    PVOID Memory = VideoPortGetDeviceBase(Kit, Kit->FrameBase, 0x1000, VIDEO_MEMORY_SPACE_MEMORY);
    ULONG Length = 0x10000;
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_P6CACHE;
    PVOID Mapped = NULL;
    EXPECT(Ports == (PVOID)0x3C0);
    VideoPortFreeDeviceBase(Kit, Ports);
    EXPECT(Memory != NULL);
    EXPECT(MmGetPhysicalAddress(Memory).QuadPart == Kit->FrameBase.QuadPart);
    VideoPortFreeDeviceBase(Kit, Memory);
    EXPECT(VideoPortMapMemory(Kit, Kit->FrameBase, &Length, &InIoSpace, &Mapped) == NO_ERROR);
    EXPECT(VideoPortUnmapMemory(Kit, (PUCHAR)Mapped + 0x1234, NULL) == NO_ERROR);
    EXPECT(VideoPortUnmapMemory(Kit, Mapped, NULL) == ERROR_INVALID_PARAMETER);
    Length = 0;
    EXPECT(VideoPortMapMemory(Kit, Kit->FrameBase, &Length, &InIoSpace, &Mapped) ==
           ERROR_INVALID_PARAMETER);
    Length = 0xFFFFFFFF;
    EXPECT(VideoPortMapMemory(Kit, Kit->FrameBase, &Length, &InIoSpace, &Mapped) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortGetDeviceBase(Kit, KitAddress(0, 0xFFF0), 0x20, VIDEO_MEMORY_SPACE_IO) == NULL);
}

static VOID KitTestBus(PHW_DEVICE_EXTENSION Kit)
{
    VIDEO_ACCESS_RANGE Range = {.RangeStart = KitAddress(0, 0x3C0),
                                .RangeLength = 0x10,
                                .RangeInIoSpace = VIDEO_MEMORY_SPACE_IO,
                                .RangeShareable = TRUE};
    PCI_COMMON_CONFIG Config;
    USHORT Wrong = 0x4321;
    ULONG Slot = 0;
    UCHAR Line = 0;
    EXPECT(VideoPortGetBusData(Kit, PCIConfiguration, 0, &Config, 0, PCI_COMMON_HDR_LENGTH) ==
           PCI_COMMON_HDR_LENGTH);
    EXPECT(Config.VendorID == VENDOR_ID && Config.DeviceID == DEVICE_ID && Config.BaseClass == 3);
    EXPECT(VideoPortGetBusData(Kit, PCIConfiguration, 0, &Config, 250, 10) == 0);
    EXPECT(VideoPortGetBusData(Kit, EisaConfiguration, 0, &Config, 0, 4) == 0);
    EXPECT(VideoPortGetBusData(Kit, PCIConfiguration, 0, &Line, 0x3C, 1) == 1);
    EXPECT(VideoPortSetBusData(Kit, PCIConfiguration, 0, &Line, 0x3C, 1) == 1);
    EXPECT(VideoPortVerifyAccessRanges(Kit, 1, &Range) == NO_ERROR);
    EXPECT(VideoPortVerifyAccessRanges(Kit, 1, NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortVerifyAccessRanges(NOWHERE, 1, &Range) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetBusData(Kit, PCIConfiguration, 0, NULL, 0x3C, 1) == 0);
    EXPECT(VideoPortGetAccessRanges(Kit, 0, NULL, 1, &Range, &Wrong, NULL, &Slot) ==
           ERROR_DEV_NOT_EXIST);
    EXPECT(VideoPortGetAccessRanges(Kit, 0, NULL, 0, &Range, NULL, NULL, NULL) == ERROR_MORE_DATA);
    EXPECT(VideoPortGetAccessRanges(Kit, 0, NULL, 1, NULL, NULL, NULL, NULL) ==
           ERROR_INVALID_PARAMETER);
}

static VOID KitTestRegisters(PHW_DEVICE_EXTENSION Kit)
{
    ULONG Registers[4] = {0, 0, 0, 0};
    ULONG Longs[4] = {1, 2, 0x30003, 4};
    USHORT Shorts[2] = {0xAAAA, 0xBBBB};
    UCHAR Bytes[3] = {7, 8, 9};
    UCHAR Back[4];
    UCHAR Index = VideoPortReadPortUchar((PUCHAR)0x3CE);
    VideoPortWriteRegisterUchar((PUCHAR)Registers, 0x11);
    VideoPortWriteRegisterUshort((PUSHORT)Registers + 1, 0x2233);
    EXPECT(VideoPortReadRegisterUlong(Registers) == 0x22330011);
    VideoPortWriteRegisterUlong(&Registers[1], 0x44556677);
    EXPECT(VideoPortReadRegisterUchar((PUCHAR)&Registers[1]) == 0x77);
    EXPECT(VideoPortReadRegisterUshort((PUSHORT)&Registers[1]) == 0x6677);
    VideoPortWriteRegisterBufferUlong(Registers, Longs, 4);
    EXPECT(VideoPortCompareMemory(Registers, Longs, sizeof(Longs)) == sizeof(Longs));
    VideoPortWriteRegisterBufferUshort((PUSHORT)Registers, Shorts, 2);
    EXPECT(Registers[0] == 0xBBBBAAAA);
    VideoPortWriteRegisterBufferUchar((PUCHAR)&Registers[2], Bytes, 3);
    EXPECT(Registers[2] == 0x00090807);
    VideoPortReadRegisterBufferUchar((PUCHAR)&Registers[2], Back, 4);
    EXPECT(Back[0] == 7 && Back[2] == 9 && Back[3] == 0);
    VideoPortReadRegisterBufferUshort((PUSHORT)Registers, Shorts, 2);
    EXPECT(Shorts[0] == 0xAAAA && Shorts[1] == 0xBBBB);
    VideoPortReadRegisterBufferUlong(Registers, Longs, 1);
    EXPECT(Longs[0] == 0xBBBBAAAA);
    VideoPortMoveMemory(Longs, &Longs[1], 3 * sizeof(ULONG));
    EXPECT(Longs[0] == 2 && Longs[2] == 4);
    VideoPortZeroMemory(Longs, sizeof(Longs));
    EXPECT(Longs[0] == 0 && Longs[3] == 0);
    EXPECT(VideoPortCompareMemory(Longs, Registers, sizeof(Longs)) == 0);
    VideoPortWritePortUchar((PUCHAR)0x3CE, 4);
    EXPECT(VideoPortReadPortUchar((PUCHAR)0x3CE) == 4);
    VideoPortWritePortUchar((PUCHAR)0x3CE, Index);
    VideoPortWritePortUshort((PUSHORT)INDEX_PORT, 0);
    EXPECT((VideoPortReadPortUshort((PUSHORT)DATA_PORT) & 0xFFF0) == 0xB0C0);
    VideoPortReadPortBufferUshort((PUSHORT)DATA_PORT, Shorts, 2);
    EXPECT(Shorts[0] == Shorts[1] && (Shorts[1] & 0xFFF0) == 0xB0C0);
    VideoPortWritePortUlong((PULONG)0xCF8, 0x80000000);
    EXPECT(VideoPortReadPortUlong((PULONG)0xCF8) == 0x80000000);
    VideoPortReadPortBufferUlong((PULONG)0xCF8, Longs, 1);
    EXPECT(Longs[0] == 0x80000000);
    Longs[0] = 0;
    VideoPortWritePortBufferUlong((PULONG)0xCF8, Longs, 1);
    EXPECT(VideoPortReadPortUlong((PULONG)0xCF8) == 0);
    Bytes[0] = 3;
    Bytes[1] = 5;
    VideoPortWritePortBufferUchar((PUCHAR)0x3CE, Bytes, 2);
    VideoPortReadPortBufferUchar((PUCHAR)0x3CE, Back, 1);
    EXPECT(Back[0] == 5);
    VideoPortWritePortUchar((PUCHAR)0x3CE, Index);
    Shorts[0] = Shorts[1] = 0;
    VideoPortWritePortBufferUshort((PUSHORT)INDEX_PORT, Shorts, 2);
    EXPECT(VideoPortReadPortUshort((PUSHORT)INDEX_PORT) == 0);
}

/* ---- parameters ------------------------------------------------------------------------------ */

VP_STATUS NTAPI KitReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                             PVOID ValueData, ULONG ValueLength)
{
    if (HwDeviceExtension == NULL || ValueName == NULL || ValueLength != sizeof(ULONG))
        return ERROR_INVALID_PARAMETER;
    *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

static WCHAR CrimeName[] = {'C', 'r', 'i', 'm', 'e', 0};
static WCHAR ColourName[] = {'C', 'o', 'l', 'o', 'u', 'r', 0};

static VOID KitTestParameters(PHW_DEVICE_EXTENSION Kit)
{
    ULONG Value = 0x00336699;
    ULONG Read = 0;
    EXPECT(VideoPortGetRegistryParameters(Kit, ColourName, FALSE, KitReadValue, &Read) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetRegistryParameters(Kit, ColourName, &Value, sizeof(Value)) == NO_ERROR);
    EXPECT(VideoPortGetRegistryParameters(Kit, ColourName, FALSE, KitReadValue, &Read) == NO_ERROR);
    EXPECT(Read == 0x00336699);
    EXPECT(VideoPortGetRegistryParameters(Kit, ColourName, TRUE, KitReadValue, &Read) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortGetRegistryParameters(Kit, NULL, FALSE, KitReadValue, &Read) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortGetRegistryParameters(Kit, ColourName, FALSE, NULL, &Read) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetRegistryParameters(Kit, ColourName, NULL, 4) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetRegistryParameters(Kit, ColourName, &Value, 5000) ==
           ERROR_INVALID_PARAMETER);
    VideoPortGetRegistryParameters(Kit, CrimeName, FALSE, KitReadValue, &Kit->Crime);
}

/* ---- time ------------------------------------------------------------------------------------ */

static UCHAR KitReadClock(UCHAR Index)
{
    VideoPortWritePortUchar((PUCHAR)CLOCK_INDEX_PORT, Index);
    return VideoPortReadPortUchar((PUCHAR)CLOCK_DATA_PORT);
}

static VOID KitWriteClock(UCHAR Index, UCHAR Value)
{
    VideoPortWritePortUchar((PUCHAR)CLOCK_INDEX_PORT, Index);
    VideoPortWritePortUchar((PUCHAR)CLOCK_DATA_PORT, Value);
}

/* Register C says whether the clock interrupted, and lets it interrupt again. */
BOOLEAN NTAPI KitInterrupt(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Kit = HwDeviceExtension;
    if ((KitReadClock(0x0C) & 0x40) == 0)
        return FALSE;
    if (Kit->Crime == CrimeInInterrupt)
        *(volatile UCHAR *)Kit->GotInDpc = 1; /* which is NULL then */
    if (Kit->Crime == CrimeCallNullInInterrupt)
        Kit->NoRoutine();
    if (Kit->Crime == CrimeDpcNowhere)
        VideoPortQueueDpc(Kit, (PMINIPORT_DPC_ROUTINE)UNMAPPED, NULL);
    Kit->InterruptCount++;
    if (Kit->GotInInterrupt == NULL)
        Kit->GotInInterrupt = VideoPortAllocateContiguousMemory(Kit, 4096, ANYWHERE);
    VideoPortQueueDpc(Kit, KitDpc, Kit->InterruptEvent);
    return TRUE;
}

VOID NTAPI KitDpc(PVOID HwDeviceExtension, PVOID Context)
{
    PHW_DEVICE_EXTENSION Kit = HwDeviceExtension;
    Kit->DpcCount++;
    Kit->DpcIrql = VideoPortGetCurrentIrql();
    if (Kit->GotInDpc == NULL)
        Kit->GotInDpc = VideoPortAllocatePool(Kit, VpNonPagedPool, 64, KIT_TAG);
    VideoPortSetEvent(Kit, Context);
}

VOID NTAPI KitTimer(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Kit = HwDeviceExtension;
    if (Kit->Crime == CrimeCallNullInTimer ||
        (Kit->Crime == CrimeCallNullInTimerLater && Kit->CurrentMode != KIT_MODE_COUNT))
        Kit->NoRoutine();
    VideoPortSetEvent(Kit, Kit->TimerEvent);
}

BOOLEAN NTAPI KitSynchronized(PVOID Context)
{
    *(PULONG)Context += 1;
    return TRUE;
}

static VP_STATUS KitWait(PHW_DEVICE_EXTENSION Kit, PEVENT Event, LONG Milliseconds)
{
    LARGE_INTEGER Timeout;
    Timeout.QuadPart = Milliseconds * -10000LL;
    return VideoPortWaitForSingleObject(Kit, Event, &Timeout);
}

static VOID KitTestEvents(PHW_DEVICE_EXTENSION Kit)
{
    PEVENT Event = NULL;
    EXPECT(VideoPortCreateEvent(Kit, SYNCHRONIZATION_EVENT, NULL, &Event) == NO_ERROR);
    EXPECT(VideoPortReadStateEvent(Kit, Event) == 0);
    EXPECT(KitWait(Kit, Event, 20) == WAIT_TIMEOUT);
    EXPECT(VideoPortSetEvent(Kit, Event) == 0);
    EXPECT(VideoPortReadStateEvent(Kit, Event) != 0);
    EXPECT(KitWait(Kit, Event, 20) == NO_ERROR);
    EXPECT(VideoPortReadStateEvent(Kit, Event) == 0);
    VideoPortSetEvent(Kit, Event);
    VideoPortClearEvent(Kit, Event);
    EXPECT(KitWait(Kit, Event, 0) == WAIT_TIMEOUT);
    EXPECT(VideoPortDeleteEvent(Kit, Event) == NO_ERROR);
    EXPECT(VideoPortDeleteEvent(Kit, Event) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortCreateEvent(Kit, 0x100, NULL, &Event) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortCreateEvent(NOWHERE, 0, NULL, &Event) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetEvent(Kit, NOWHERE) == 0);
    EXPECT(VideoPortReadStateEvent(NOWHERE, Event) == 0);
    VideoPortClearEvent(Kit, NULL);
    EXPECT(VideoPortWaitForSingleObject(Kit, NOWHERE, NULL) == ERROR_INVALID_PARAMETER);
}

static VOID KitTestInterrupts(PHW_DEVICE_EXTENSION Kit)
{
    ULONG Count = 0;
    VideoPortCreateEvent(Kit, SYNCHRONIZATION_EVENT, NULL, &Kit->InterruptEvent);
    VideoPortCreateEvent(Kit, SYNCHRONIZATION_EVENT, NULL, &Kit->TimerEvent);
    KitWriteClock(0x0A, 0x2A); /* 64 a second */
    KitWriteClock(0x0B, (UCHAR)(KitReadClock(0x0B) | 0x40));
    KitReadClock(0x0C);
    EXPECT(KitWait(Kit, Kit->InterruptEvent, 2000) == NO_ERROR);
    EXPECT(KitWait(Kit, Kit->InterruptEvent, 2000) == NO_ERROR);
    EXPECT(VideoPortDisableInterrupt(Kit) == NO_ERROR);
    KitWriteClock(0x0B, (UCHAR)(KitReadClock(0x0B) & ~0x40));
    EXPECT(VideoPortEnableInterrupt(Kit) == NO_ERROR);
    EXPECT(Kit->InterruptCount >= 2 && Kit->DpcCount >= 2);
    EXPECT(Kit->GotInInterrupt == NULL); /* nothing is allocated in an interrupt */
    EXPECT(Kit->GotInDpc != NULL && Kit->DpcIrql == DISPATCH_LEVEL);
    VideoPortFreePool(Kit, Kit->GotInDpc);
    EXPECT(VideoPortGetCurrentIrql() == PASSIVE_LEVEL);
    EXPECT(!VideoPortQueueDpc(NOWHERE, KitDpc, NULL));
    EXPECT(!VideoPortQueueDpc(Kit, NULL, NULL));
    EXPECT(VideoPortSynchronizeExecution(Kit, VpMediumPriority, KitSynchronized, &Count));
    EXPECT(!VideoPortSynchronizeExecution(Kit, VpMediumPriority, NULL, &Count));
    EXPECT(!VideoPortSynchronizeExecution(NOWHERE, VpLowPriority, KitSynchronized, &Count));
    EXPECT(Count == 1);
    EXPECT(VideoPortEnableInterrupt(NOWHERE) == ERROR_INVALID_FUNCTION);
    EXPECT(VideoPortDisableInterrupt(NOWHERE) == ERROR_INVALID_FUNCTION);
    VideoPortStartTimer(NOWHERE);
    VideoPortStopTimer(NOWHERE);
    VideoPortStartTimer(Kit);
    EXPECT(KitWait(Kit, Kit->TimerEvent, 5000) == NO_ERROR);
    VideoPortStopTimer(Kit);
    VideoPortStallExecution(50);
    VideoPortDeleteEvent(Kit, Kit->InterruptEvent);
    VideoPortDeleteEvent(Kit, Kit->TimerEvent);
}

/* ---- children, and the rest ------------------------------------------------------------------ */

VP_STATUS NTAPI KitChildDescriptor(PVOID HwDeviceExtension, PVIDEO_CHILD_ENUM_INFO ChildEnumInfo,
                                   PVIDEO_CHILD_TYPE VideoChildType, PUCHAR ChildDescriptor,
                                   PULONG UId, PULONG Unused)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ChildDescriptor);
    UNREFERENCED_PARAMETER(Unused);
    if (ChildEnumInfo->ChildIndex != 1)
        return VIDEO_ENUM_NO_MORE_DEVICES;
    *VideoChildType = Monitor;
    *UId = 0x4B;
    return VIDEO_ENUM_MORE_DEVICES;
}

/* Lines on which nobody answers. */
VOID NTAPI KitWriteLine(PVOID HwDeviceExtension, UCHAR Data)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(Data);
}

BOOLEAN NTAPI KitReadLine(PVOID HwDeviceExtension)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return TRUE;
}

VP_STATUS NTAPI KitDeviceData(PVOID HwDeviceExtension, PVOID Context,
                              VIDEO_DEVICE_DATA_TYPE DeviceDataType, PVOID Identifier,
                              ULONG IdentifierLength, PVOID ConfigurationData,
                              ULONG ConfigurationDataLength, PVOID ComponentInformation,
                              ULONG ComponentInformationLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(DeviceDataType);
    UNREFERENCED_PARAMETER(Identifier);
    UNREFERENCED_PARAMETER(IdentifierLength);
    UNREFERENCED_PARAMETER(ConfigurationData);
    UNREFERENCED_PARAMETER(ConfigurationDataLength);
    UNREFERENCED_PARAMETER(ComponentInformation);
    UNREFERENCED_PARAMETER(ComponentInformationLength);
    return NO_ERROR;
}

/* Function 4F00h answers AX = 004Fh, and says "VESA" where the caller said "VBE2". */
static VOID KitTestInt10(PHW_DEVICE_EXTENSION Kit)
{
    VIDEO_X86_BIOS_ARGUMENTS Arguments;
    VIDEO_PORT_INT10_INTERFACE Int10;
    INT10_BIOS_ARGUMENTS Far;
    ULONG Length = 600;
    USHORT Segment = 0;
    USHORT Offset = 0;
    ULONG Signature = 0x32454256;
    EXPECT(!VideoPortIsNoVesa());
    VideoPortZeroMemory(&Arguments, sizeof(Arguments));
    Arguments.Eax = 0x0F00; /* which mode is set, and how many columns it has */
    EXPECT(VideoPortInt10(Kit, &Arguments) == NO_ERROR && (Arguments.Eax & 0xFF00) != 0);
    EXPECT(VideoPortInt10(Kit, NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortInt10(NOWHERE, &Arguments) == ERROR_INVALID_PARAMETER);
    VideoPortZeroMemory(&Int10, sizeof(Int10));
    Int10.Size = sizeof(Int10);
    Int10.Version = 7;
    EXPECT(VideoPortQueryServices(Kit, VideoPortServicesInt10, (PINTERFACE)&Int10) ==
           ERROR_INVALID_PARAMETER);
    Int10.Version = VIDEO_PORT_INT10_INTERFACE_VERSION_1;
    EXPECT(VideoPortQueryServices(Kit, VideoPortServicesAGP, (PINTERFACE)&Int10) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortQueryServices(Kit, VideoPortServicesInt10, (PINTERFACE)&Int10) == NO_ERROR);
    Int10.InterfaceReference(Int10.Context);
    EXPECT(Int10.Int10AllocateBuffer(Int10.Context, &Segment, &Offset, &Length) == NO_ERROR);
    EXPECT(Length >= 600 && ((ULONG)Segment << 4) + Offset + Length <= 0x100000);
    EXPECT(Int10.Int10WriteMemory(Int10.Context, Segment, Offset, &Signature, 4) == NO_ERROR);
    VideoPortZeroMemory(&Far, sizeof(Far));
    Far.Eax = 0x4F00;
    Far.Edi = Offset;
    Far.SegEs = Segment;
    EXPECT(Int10.Int10CallBios(Int10.Context, &Far) == NO_ERROR && (Far.Eax & 0xFFFF) == 0x4F);
    EXPECT(Int10.Int10ReadMemory(Int10.Context, Segment, Offset, &Signature, 4) == NO_ERROR);
    EXPECT(Signature == 0x41534556);
    EXPECT(Int10.Int10ReadMemory(Int10.Context, 0xC000, 0, &Signature, 2) == NO_ERROR);
    EXPECT((Signature & 0xFFFF) == 0xAA55);
    EXPECT(Int10.Int10ReadMemory(Int10.Context, 0x4000, 0, &Signature, 4) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(Int10.Int10WriteMemory(Int10.Context, 0xC000, 0, &Signature, 4) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(Int10.Int10FreeBuffer(Int10.Context, Segment, (USHORT)(Offset + 1)) ==
           ERROR_INVALID_PARAMETER);
    EXPECT(Int10.Int10FreeBuffer(Int10.Context, Segment, Offset) == NO_ERROR);
    EXPECT(Int10.Int10FreeBuffer(Int10.Context, Segment, Offset) == ERROR_INVALID_PARAMETER);
    Length = 0x20000;
    EXPECT(Int10.Int10AllocateBuffer(Int10.Context, &Segment, &Offset, &Length) ==
           ERROR_INVALID_PARAMETER);
    Int10.InterfaceDereference(Int10.Context);
}

static VOID KitTestSystem(PHW_DEVICE_EXTENSION Kit)
{
    VPOSVERSIONINFO Version;
    DDC_CONTROL Control;
    UCHAR Edid[128];
    Version.Size = sizeof(Version);
    EXPECT(VideoPortGetVersion(Kit, &Version) == NO_ERROR && Version.MajorVersion == 5);
    Version.Size = 3;
    EXPECT(VideoPortGetVersion(Kit, &Version) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortGetDeviceData(Kit, VpMonitorData, KitDeviceData, NULL) == ERROR_DEV_NOT_EXIST);
    EXPECT(VideoPortGetDeviceData(Kit, VpMonitorData, NULL, NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortEnumerateChildren(Kit, NULL) == NO_ERROR);
    EXPECT(VideoPortEnumerateChildren(NOWHERE, NULL) == ERROR_INVALID_FUNCTION);
    VideoPortZeroMemory(&Control, sizeof(Control));
    EXPECT(!VideoPortDDCMonitorHelper(Kit, &Control, Edid, sizeof(Edid)));
    Control.Size = sizeof(Control);
    Control.I2CCallbacks.WriteClockLine = KitWriteLine;
    Control.I2CCallbacks.WriteDataLine = KitWriteLine;
    Control.I2CCallbacks.ReadClockLine = KitReadLine;
    Control.I2CCallbacks.ReadDataLine = KitReadLine;
    EXPECT(!VideoPortDDCMonitorHelper(Kit, &Control, Edid, sizeof(Edid)));
    VideoPortLogError(Kit, NULL, ERROR_IO_DEVICE, 0x4B69);
    VideoPortLogError(NOWHERE, NULL, ERROR_IO_DEVICE, 0x4B69);
    VideoDebugPrint((Warn, "kit says %s, %d and %x\n", "text", -5, 0xBEEF));
    VideoDebugPrint((Trace, "kit is not heard at this level\n"));
}

/* ---- crimes ---------------------------------------------------------------------------------- */

/* Too deep for any stack. */
static ULONG KitRecur(volatile ULONG *Depth)
{
    volatile ULONG Here = *Depth + 1;
    return Here == 0 ? 0 : KitRecur(&Here) + Here;
}

/* Goes where no code is. */
static VOID KitJump(PHW_DEVICE_EXTENSION Kit, volatile UCHAR *Block)
{
    ULONG Depth = 0;
    switch (Kit->Crime) {
    case CrimeCallNull:
        Kit->NoRoutine();
        break;
    case CrimeCallNowhere:
        ((PKIT_ROUTINE)UNMAPPED)();
        break;
    case CrimeCallData:
        Block[0] = 0x0F; /* UD2 */
        Block[1] = 0x0B;
        ((PKIT_ROUTINE)(ULONG_PTR)Block)();
        break;
    case CrimeCallZeros:
        VideoPortZeroMemory((PVOID)(ULONG_PTR)Block, 2 * 4096);
        __asm__ volatile("call *%0" : : "a"(Block) : "memory");
        break;
    case CrimeReturnNowhere:
        __asm__ volatile("pushl %0; ret" : : "r"(UNMAPPED) : "memory");
        break;
    case CrimeStackNowhere:
        __asm__ volatile("movl %0, %%esp; ret" : : "r"(UNMAPPED) : "memory");
        break;
    case CrimeStackNowhereAndWait:
        __asm__ volatile("movl %0, %%esp; 1: jmp 1b" : : "r"(UNMAPPED) : "memory");
        break;
    case CrimeRecursion:
        KitRecur(&Depth);
        break;
    default:
        VideoPortSynchronizeExecution(Kit, VpMediumPriority,
                                      (PMINIPORT_SYNCHRONIZE_ROUTINE)UNMAPPED, NULL);
        break;
    }
}

static VOID KitCommit(PHW_DEVICE_EXTENSION Kit)
{
    volatile UCHAR *Block;
    if (Kit->Crime == CrimeNone || Kit->Crime == CrimeInInterrupt ||
        Kit->Crime >= CrimeCallNullInInterrupt)
        return;
    Block = VideoPortAllocateContiguousMemory(Kit, 2 * 4096, ANYWHERE);
    if (Block == NULL || Kit->Crime == CrimeLeak)
        return;
    if (Kit->Crime >= CrimeCallNull) {
        KitJump(Kit, Block);
        return;
    }
    switch (Kit->Crime) {
    case CrimeOverrun:
    case CrimeOverrunLater:
        Block[2 * 4096 + 5] = 1;
        break;
    case CrimeUnderrun:
        Block[-1] = 1;
        break;
    case CrimeDoubleFree:
        MmFreeContiguousMemory((PVOID)(ULONG_PTR)Block);
        MmFreeContiguousMemory((PVOID)(ULONG_PTR)Block);
        return;
    default:
        *(volatile ULONG *)(ULONG_PTR)Kit->Failed = 1; /* 0, that is */
        break;
    }
}

/* ---- the miniport ---------------------------------------------------------------------------- */

CODE_SEG("PAGE")
VP_STATUS NTAPI KitFindAdapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString,
                               PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again)
{
    PHW_DEVICE_EXTENSION Kit = HwDeviceExtension;
    VIDEO_ACCESS_RANGE Ranges[PCI_TYPE0_ADDRESSES];
    USHORT Vendor = VENDOR_ID;
    USHORT Device = DEVICE_ID;
    ULONG Slot = 0;
    VP_STATUS Status;
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    *Again = FALSE;
    if (ConfigInfo->Length < sizeof(*ConfigInfo))
        return ERROR_INVALID_PARAMETER;
    Status = VideoPortGetAccessRanges(Kit, 0, NULL, PCI_TYPE0_ADDRESSES, Ranges, &Vendor, &Device,
                                      &Slot);
    if (Status != NO_ERROR)
        return Status;
    Kit->FrameBase = Ranges[0].RangeStart;
    Kit->FrameLength = Ranges[0].RangeLength;
    Kit->CurrentMode = KIT_MODE_COUNT;
    ConfigInfo->BusInterruptLevel = CLOCK_LINE;
    ConfigInfo->BusInterruptVector = CLOCK_LINE;
    ConfigInfo->InterruptMode = Latched;
    return NO_ERROR;
}

static VOID KitTestEverything(PHW_DEVICE_EXTENSION Kit)
{
    KitTestLimits(Kit);
    KitTestContiguous(Kit);
    KitTestMm(Kit);
    KitTestPool(Kit);
    KitTestCommonBuffers(Kit);
    KitTestMappings(Kit);
    KitTestBus(Kit);
    KitTestRegisters(Kit);
    KitTestEvents(Kit);
    KitTestInterrupts(Kit);
    KitTestSystem(Kit);
    KitTestInt10(Kit);
    VideoPortDebugPrint(Error, "kit passed=%u failed=%u\n", (unsigned)Kit->Passed,
                        (unsigned)Kit->Failed);
}

/* Who is about to jump does not test everything first: there are many of them. */
CODE_SEG("PAGE") BOOLEAN NTAPI KitInitialize(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Kit = HwDeviceExtension;
    KitTestParameters(Kit);
    if (Kit->Crime < CrimeCallNull)
        KitTestEverything(Kit);
    else if (Kit->Crime >= CrimeCallNullInInterrupt)
        KitTestInterrupts(Kit);
    if (Kit->Crime != CrimeOverrunLater)
        KitCommit(Kit);
    return TRUE;
}

static VOID KitWriteRegister(USHORT Index, USHORT Value)
{
    VideoPortWritePortUshort((PUSHORT)INDEX_PORT, Index);
    VideoPortWritePortUshort((PUSHORT)DATA_PORT, Value);
}

static VOID KitSetMode(PHW_DEVICE_EXTENSION Kit, ULONG Mode)
{
    KitWriteRegister(INDEX_ENABLE, 0);
    KitWriteRegister(INDEX_XRES, (USHORT)KitModes[Mode].Width);
    KitWriteRegister(INDEX_YRES, (USHORT)KitModes[Mode].Height);
    KitWriteRegister(INDEX_BPP, (USHORT)KitModes[Mode].Bits);
    KitWriteRegister(INDEX_ENABLE, ENABLED | LINEAR);
    VideoPortWritePortUchar((PUCHAR)0x3C6, 0xFF);
    /* The attribute controller's flip-flop, then its bit that lets the picture through. */
    VideoPortReadPortUchar((PUCHAR)0x3DA);
    VideoPortWritePortUchar((PUCHAR)0x3C0, 0x20);
    Kit->CurrentMode = Mode;
}

static VOID KitDescribe(PVIDEO_MODE_INFORMATION Information, ULONG Mode)
{
    ULONG Bits = KitModes[Mode].Bits;
    VideoPortZeroMemory(Information, sizeof(*Information));
    Information->Length = sizeof(*Information);
    Information->ModeIndex = Mode;
    Information->VisScreenWidth = KitModes[Mode].Width;
    Information->VisScreenHeight = KitModes[Mode].Height;
    Information->ScreenStride = KitModes[Mode].Width * Bits / 8;
    Information->NumberOfPlanes = 1;
    Information->BitsPerPlane = Bits;
    Information->Frequency = 60;
    Information->XMillimeter = 320;
    Information->YMillimeter = 240;
    Information->AttributeFlags = VIDEO_MODE_COLOR | VIDEO_MODE_GRAPHICS;
    if (Bits == 8) {
        Information->AttributeFlags |= VIDEO_MODE_PALETTE_DRIVEN | VIDEO_MODE_MANAGED_PALETTE;
        Information->NumberRedBits = Information->NumberGreenBits = Information->NumberBlueBits = 6;
        return;
    }
    Information->NumberRedBits = Bits == 16 ? 5 : 8;
    Information->NumberGreenBits = Bits == 16 ? 6 : 8;
    Information->NumberBlueBits = Bits == 16 ? 5 : 8;
    Information->RedMask = Bits == 16 ? 0xF800 : 0xFF0000;
    Information->GreenMask = Bits == 16 ? 0x07E0 : 0x00FF00;
    Information->BlueMask = Bits == 16 ? 0x001F : 0x0000FF;
}

static VP_STATUS KitMapMemory(PHW_DEVICE_EXTENSION Kit, PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_MEMORY_INFORMATION Information = Packet->OutputBuffer;
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_MEMORY | VIDEO_MEMORY_SPACE_P6CACHE;
    VP_STATUS Status;
    if (Packet->OutputBufferLength < sizeof(*Information) ||
        Packet->InputBufferLength < sizeof(VIDEO_MEMORY))
        return ERROR_INSUFFICIENT_BUFFER;
    Information->VideoRamBase = ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress;
    Information->VideoRamLength = Kit->FrameLength;
    Status = VideoPortMapMemory(Kit, Kit->FrameBase, &Information->VideoRamLength, &InIoSpace,
                                &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    Information->FrameBufferLength = Information->VideoRamLength;
    Packet->StatusBlock->Information = sizeof(*Information);
    return Status;
}

static VP_STATUS KitSetColours(PVIDEO_REQUEST_PACKET Packet)
{
    PVIDEO_CLUT Clut = Packet->InputBuffer;
    ULONG i;
    if (Packet->InputBufferLength < sizeof(*Clut))
        return ERROR_INSUFFICIENT_BUFFER;
    if (Clut->FirstEntry + Clut->NumEntries > 256)
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

static VP_STATUS KitQueryModes(PVIDEO_REQUEST_PACKET Packet)
{
    ULONG i;
    if (Packet->OutputBufferLength < KIT_MODE_COUNT * sizeof(VIDEO_MODE_INFORMATION))
        return ERROR_INSUFFICIENT_BUFFER;
    for (i = 0; i < KIT_MODE_COUNT; i++)
        KitDescribe((PVIDEO_MODE_INFORMATION)Packet->OutputBuffer + i, i);
    Packet->StatusBlock->Information = KIT_MODE_COUNT * sizeof(VIDEO_MODE_INFORMATION);
    return NO_ERROR;
}

static VP_STATUS KitHandle(PHW_DEVICE_EXTENSION Kit, PVIDEO_REQUEST_PACKET Packet)
{
    ULONG Mode;
    switch (Packet->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        if (Packet->OutputBufferLength < sizeof(VIDEO_NUM_MODES))
            return ERROR_INSUFFICIENT_BUFFER;
        ((PVIDEO_NUM_MODES)Packet->OutputBuffer)->NumModes = KIT_MODE_COUNT;
        ((PVIDEO_NUM_MODES)Packet->OutputBuffer)->ModeInformationLength =
            sizeof(VIDEO_MODE_INFORMATION);
        Packet->StatusBlock->Information = sizeof(VIDEO_NUM_MODES);
        return NO_ERROR;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        return KitQueryModes(Packet);
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        if (Packet->OutputBufferLength < sizeof(VIDEO_MODE_INFORMATION))
            return ERROR_INSUFFICIENT_BUFFER;
        if (Kit->CurrentMode == KIT_MODE_COUNT)
            return ERROR_INVALID_FUNCTION;
        KitDescribe(Packet->OutputBuffer, Kit->CurrentMode);
        Packet->StatusBlock->Information = sizeof(VIDEO_MODE_INFORMATION);
        return NO_ERROR;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        if (Packet->InputBufferLength < sizeof(VIDEO_MODE))
            return ERROR_INSUFFICIENT_BUFFER;
        Mode = ((PVIDEO_MODE)Packet->InputBuffer)->RequestedMode & 0x3FFFFFFF;
        if (Mode >= KIT_MODE_COUNT)
            return ERROR_INVALID_PARAMETER;
        if (Kit->Crime == CrimeOverrunLater)
            KitCommit(Kit);
        if (Kit->Crime == CrimeCallNullInTimerLater)
            VideoPortStartTimer(Kit);
        KitSetMode(Kit, Mode);
        return NO_ERROR;
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        return KitMapMemory(Kit, Packet);
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        if (Packet->InputBufferLength < sizeof(VIDEO_MEMORY))
            return ERROR_INSUFFICIENT_BUFFER;
        return VideoPortUnmapMemory(
            Kit, ((PVIDEO_MEMORY)Packet->InputBuffer)->RequestedVirtualAddress, NULL);
    case IOCTL_VIDEO_SET_COLOR_REGISTERS:
        return KitSetColours(Packet);
    case IOCTL_VIDEO_RESET_DEVICE:
        KitWriteRegister(INDEX_ENABLE, 0);
        Kit->CurrentMode = KIT_MODE_COUNT;
        return NO_ERROR;
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

BOOLEAN NTAPI KitStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    RequestPacket->StatusBlock->Information = 0;
    RequestPacket->StatusBlock->Status = KitHandle(HwDeviceExtension, RequestPacket);
    return TRUE;
}

/* FALSE: the video BIOS would have to set the text mode. */
BOOLEAN NTAPI KitResetHw(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(Columns);
    UNREFERENCED_PARAMETER(Rows);
    KitWriteRegister(INDEX_ENABLE, 0);
    return FALSE;
}

/* Probes downward, as drivers do that want to run on older systems as well. */
ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    ULONG Status;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.AdapterInterfaceType = PCIBus;
    Data.HwFindAdapter = KitFindAdapter;
    Data.HwInitialize = KitInitialize;
    Data.HwInterrupt = KitInterrupt;
    Data.HwStartIO = KitStartIO;
    Data.HwResetHw = KitResetHw;
    Data.HwTimer = KitTimer;
    Data.HwGetVideoChildDescriptor = KitChildDescriptor;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    Data.HwInitDataSize = sizeof(Data) + 4;
    Status = VideoPortInitialize(Context1, Context2, &Data, NULL);
    if (Status == (ULONG)STATUS_REVISION_MISMATCH) {
        Data.HwInitDataSize = sizeof(Data);
        Status = VideoPortInitialize(Context1, Context2, &Data, NULL);
    }
    return Status;
}
