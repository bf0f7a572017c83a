#ifndef VIDEO_H
#define VIDEO_H

/*
 * The interface between the video port and its miniports, under NT's names and with NT's layouts,
 * so far as this video port provides it. All functions want PASSIVE_LEVEL unless they say
 * otherwise; in an interrupt handler, a DPC or a timer routine they fail and say so on the log.
 * drivers/videoport/interface.txt names the public page of each function and type.
 */

#include "dderror.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "ntdef.h"
#include "videoagp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What sources write before a declaration of the port's, and in their own. */
#define VIDEOPORT_API
#define VPAPI NTAPI

typedef LONG VP_STATUS, *PVP_STATUS;

typedef struct _STATUS_BLOCK {
    __extension__ union {
        VP_STATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} STATUS_BLOCK, *PSTATUS_BLOCK;

typedef struct _VIDEO_REQUEST_PACKET {
    ULONG IoControlCode;
    PSTATUS_BLOCK StatusBlock;
    PVOID InputBuffer;
    ULONG InputBufferLength;
    PVOID OutputBuffer;
    ULONG OutputBufferLength;
} VIDEO_REQUEST_PACKET, *PVIDEO_REQUEST_PACKET;

/* Address spaces, in RangeInIoSpace and in the arguments of the mapping functions. */
#define VIDEO_MEMORY_SPACE_MEMORY 0x00
#define VIDEO_MEMORY_SPACE_IO 0x01
#define VIDEO_MEMORY_SPACE_USER_MODE 0x02
#define VIDEO_MEMORY_SPACE_DENSE 0x04
#define VIDEO_MEMORY_SPACE_P6CACHE 0x08 /* write combining */

typedef struct _VIDEO_ACCESS_RANGE {
    PHYSICAL_ADDRESS RangeStart;
    ULONG RangeLength;
    UCHAR RangeInIoSpace;
    UCHAR RangeVisible;
    UCHAR RangeShareable;
    UCHAR RangePassive;
} VIDEO_ACCESS_RANGE, *PVIDEO_ACCESS_RANGE;

/* In RangePassive. */
#define VIDEO_RANGE_PASSIVE_DECODE 0x01
#define VIDEO_RANGE_10_BIT_DECODE 0x02

/* What EMULATOR_ACCESS_ENTRY.Routine points to, by width and by StringSupport. */
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_UCHAR)(ULONG_PTR Context, ULONG Port, UCHAR AccessMode,
                                                PUCHAR Data);
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_UCHAR_STRING)(ULONG_PTR Context, ULONG Port,
                                                       UCHAR AccessMode, PUCHAR Data,
                                                       ULONG DataLength);
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_USHORT)(ULONG_PTR Context, ULONG Port, UCHAR AccessMode,
                                                 PUSHORT Data);
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_USHORT_STRING)(ULONG_PTR Context, ULONG Port,
                                                        UCHAR AccessMode, PUSHORT Data,
                                                        ULONG DataLength);
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_ULONG)(ULONG_PTR Context, ULONG Port, UCHAR AccessMode,
                                                PULONG Data);
typedef VP_STATUS(NTAPI *PDRIVER_IO_PORT_ULONG_STRING)(ULONG_PTR Context, ULONG Port,
                                                       UCHAR AccessMode, PULONG Data,
                                                       ULONG DataLength);

typedef PVOID(NTAPI *PVIDEO_PORT_GET_PROC_ADDRESS)(PVOID HwDeviceExtension, PUCHAR FunctionName);

typedef struct _VIDEO_PORT_CONFIG_INFO {
    ULONG Length;
    ULONG SystemIoBusNumber;
    INTERFACE_TYPE AdapterInterfaceType;
    ULONG BusInterruptLevel;
    ULONG BusInterruptVector;
    KINTERRUPT_MODE InterruptMode;
    ULONG NumEmulatorAccessEntries;
    PEMULATOR_ACCESS_ENTRY EmulatorAccessEntries;
    ULONG_PTR EmulatorAccessEntriesContext;
    PHYSICAL_ADDRESS VdmPhysicalVideoMemoryAddress;
    ULONG VdmPhysicalVideoMemoryLength;
    ULONG HardwareStateSize;
    ULONG DmaChannel;
    ULONG DmaPort;
    UCHAR DmaShareable;
    UCHAR InterruptShareable;
    BOOLEAN Master;
    DMA_WIDTH DmaWidth;
    DMA_SPEED DmaSpeed;
    BOOLEAN bMapBuffers;
    BOOLEAN NeedPhysicalAddresses;
    BOOLEAN DemandMode;
    ULONG MaximumTransferLength;
    ULONG NumberOfPhysicalBreaks;
    BOOLEAN ScatterGather;
    ULONG MaximumScatterGatherChunkSize;
    PVIDEO_PORT_GET_PROC_ADDRESS VideoPortGetProcAddress;
    PWSTR DriverRegistryPath;
    ULONGLONG SystemMemorySize;
} VIDEO_PORT_CONFIG_INFO, *PVIDEO_PORT_CONFIG_INFO;

#define SIZE_OF_NT4_VIDEO_PORT_CONFIG_INFO FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, Master)
#define SIZE_OF_WXP_VIDEO_PORT_CONFIG_INFO sizeof(VIDEO_PORT_CONFIG_INFO)

/* What HwGetVideoChildDescriptor returns. */
#define VIDEO_ENUM_MORE_DEVICES ERROR_CONTINUE
#define VIDEO_ENUM_NO_MORE_DEVICES ERROR_NO_MORE_DEVICES
#define VIDEO_ENUM_INVALID_DEVICE ERROR_INVALID_NAME

#define DISPLAY_ADAPTER_HW_ID 0xFFFFFFFFu /* a child's HwId that means the adapter itself */
#define VIDEO_INVALID_CHILD_ID 0xFFFFFFFFu

typedef enum _VIDEO_CHILD_TYPE {
    Monitor = 1,
    NonPrimaryChip,
    VideoChip,
    Other
} VIDEO_CHILD_TYPE,
    *PVIDEO_CHILD_TYPE;

typedef struct _VIDEO_CHILD_ENUM_INFO {
    ULONG Size;
    ULONG ChildDescriptorSize;
    ULONG ChildIndex;
    ULONG ACPIHwId;
    PVOID ChildHwDeviceExtension;
} VIDEO_CHILD_ENUM_INFO, *PVIDEO_CHILD_ENUM_INFO;

typedef struct _QUERY_INTERFACE {
    const GUID *InterfaceType;
    USHORT Size;
    USHORT Version;
    PINTERFACE Interface;
    PVOID InterfaceSpecificData;
} QUERY_INTERFACE, *PQUERY_INTERFACE;

/* Transfers by the adapter: this port never calls HwStartDma. */
typedef struct __DMA_PARAMETERS *PDMA;

typedef enum _HW_DMA_RETURN { DmaAsyncReturn, DmaSyncReturn } HW_DMA_RETURN, *PHW_DMA_RETURN;

/*
 * What a miniport supplies. The video port calls HwFindAdapter, HwInitialize, HwStartIO, HwResetHw
 * and HwGetVideoChildDescriptor at PASSIVE_LEVEL, HwTimer at DISPATCH_LEVEL, and HwInterrupt in an
 * interrupt: TRUE says that the interrupt was its adapter's.
 */
typedef VP_STATUS(NTAPI *PVIDEO_HW_FIND_ADAPTER)(PVOID HwDeviceExtension, PVOID HwContext,
                                                 PWSTR ArgumentString,
                                                 PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again);
typedef BOOLEAN(NTAPI *PVIDEO_HW_INITIALIZE)(PVOID HwDeviceExtension);
typedef BOOLEAN(NTAPI *PVIDEO_HW_INTERRUPT)(PVOID HwDeviceExtension);
typedef BOOLEAN(NTAPI *PVIDEO_HW_START_IO)(PVOID HwDeviceExtension,
                                           PVIDEO_REQUEST_PACKET RequestPacket);
typedef BOOLEAN(NTAPI *PVIDEO_HW_RESET_HW)(PVOID HwDeviceExtension, ULONG Columns, ULONG Rows);
typedef VOID(NTAPI *PVIDEO_HW_TIMER)(PVOID HwDeviceExtension);
typedef HW_DMA_RETURN(NTAPI *PVIDEO_HW_START_DMA)(PVOID HwDeviceExtension, PDMA pDma);
typedef VP_STATUS(NTAPI *PVIDEO_HW_POWER_SET)(PVOID HwDeviceExtension, ULONG HwId,
                                              PVIDEO_POWER_MANAGEMENT VideoPowerControl);
typedef VP_STATUS(NTAPI *PVIDEO_HW_POWER_GET)(PVOID HwDeviceExtension, ULONG HwId,
                                              PVIDEO_POWER_MANAGEMENT VideoPowerControl);
typedef VP_STATUS(NTAPI *PVIDEO_HW_GET_CHILD_DESCRIPTOR)(PVOID HwDeviceExtension,
                                                         PVIDEO_CHILD_ENUM_INFO ChildEnumInfo,
                                                         PVIDEO_CHILD_TYPE VideoChildType,
                                                         PUCHAR pChildDescriptor, PULONG UId,
                                                         PULONG pUnused);
typedef VP_STATUS(NTAPI *PVIDEO_HW_QUERY_INTERFACE)(PVOID HwDeviceExtension,
                                                    PQUERY_INTERFACE QueryInterface);
typedef VOID(NTAPI *PVIDEO_HW_LEGACYRESOURCES)(ULONG VendorId, ULONG DeviceId,
                                               PVIDEO_ACCESS_RANGE *LegacyResourceList,
                                               PULONG LegacyResourceCount);
typedef VP_STATUS(NTAPI *PVIDEO_HW_CHILD_CALLBACK)(PVOID HwDeviceExtension,
                                                   PVOID ChildDeviceExtension);

typedef struct _VIDEO_HW_INITIALIZATION_DATA {
    ULONG HwInitDataSize;
    INTERFACE_TYPE AdapterInterfaceType;
    PVIDEO_HW_FIND_ADAPTER HwFindAdapter;
    PVIDEO_HW_INITIALIZE HwInitialize;
    PVIDEO_HW_INTERRUPT HwInterrupt;
    PVIDEO_HW_START_IO HwStartIO;
    ULONG HwDeviceExtensionSize;
    ULONG StartingDeviceNumber;
    PVIDEO_HW_RESET_HW HwResetHw; /* NT 3.1 ends before this member */
    PVIDEO_HW_TIMER HwTimer;
    PVIDEO_HW_START_DMA HwStartDma;
    PVIDEO_HW_POWER_SET HwSetPowerState;
    PVIDEO_HW_POWER_GET HwGetPowerState;
    PVIDEO_HW_GET_CHILD_DESCRIPTOR HwGetVideoChildDescriptor;
    PVIDEO_HW_QUERY_INTERFACE HwQueryInterface;
    ULONG HwChildDeviceExtensionSize;
    PVIDEO_ACCESS_RANGE HwLegacyResourceList;
    ULONG HwLegacyResourceCount;
    PVIDEO_HW_LEGACYRESOURCES HwGetLegacyResources;
    BOOLEAN AllowEarlyEnumeration;
    ULONG Reserved; /* Windows 2000 ends before this member */
} VIDEO_HW_INITIALIZATION_DATA, *PVIDEO_HW_INITIALIZATION_DATA;

#define SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA                                                   \
    FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwStartDma)
#define SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA                                                   \
    FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, Reserved)
#define SIZE_OF_WXP_VIDEO_HW_INITIALIZATION_DATA                                                   \
    (SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA + sizeof(ULONG))

#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(STATUS_BLOCK) == 8);
C_ASSERT(sizeof(VIDEO_REQUEST_PACKET) == 24);
C_ASSERT(sizeof(VIDEO_PORT_CONFIG_INFO) == 112);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, VdmPhysicalVideoMemoryAddress) == 0x28);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, DmaWidth) == 0x44);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, DriverRegistryPath) == 0x64);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, SystemMemorySize) == 0x68);
C_ASSERT(FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwResetHw) == 0x20);
C_ASSERT(SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA == 0x28);
C_ASSERT(SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA == 0x50);
C_ASSERT(sizeof(VIDEO_HW_INITIALIZATION_DATA) == 0x54);
C_ASSERT(SIZE_OF_WXP_VIDEO_HW_INITIALIZATION_DATA == 0x54);
C_ASSERT(SIZE_OF_NT4_VIDEO_PORT_CONFIG_INFO == 0x42);
#endif
C_ASSERT(sizeof(VIDEO_ACCESS_RANGE) == 16);

/* Defined by the miniport: fills in VIDEO_HW_INITIALIZATION_DATA and calls VideoPortInitialize. */
ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2);

/*
 * Looks for an adapter: calls HwFindAdapter for every PCI display function (AdapterInterfaceType
 * PCIBus), or once (any other type), until one is found. Returns NO_ERROR, ERROR_DEV_NOT_EXIST if
 * none is or the driver has its adapter already, ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY,
 * what HwFindAdapter failed with, or STATUS_REVISION_MISMATCH if HwInitDataSize is none of 32 (NT
 * 3.1) to 0x54 (XP).
 */
ULONG NTAPI VideoPortInitialize(PVOID Argument1, PVOID Argument2,
                                PVIDEO_HW_INITIALIZATION_DATA HwInitializationData,
                                PVOID HwContext);

/*
 * The ranges that a PCI function's base addresses decode, in their order, the rest of AccessRanges
 * zeroed. With VendorId and DeviceId (pointers to USHORT, either may be NULL) the first function
 * on the adapter's bus that matches, from *Slot on (a PCI_SLOT_NUMBER, updated); with both NULL,
 * the function that HwFindAdapter was called for. It becomes the adapter's function. Returns
 * NO_ERROR, ERROR_DEV_NOT_EXIST, ERROR_MORE_DATA if there are more than NumAccessRanges, or
 * ERROR_INVALID_PARAMETER if another adapter holds one of them or RequestedResources is used, which
 * only ISA devices need.
 */
VP_STATUS NTAPI VideoPortGetAccessRanges(PVOID HwDeviceExtension, ULONG NumRequestedResources,
                                         PIO_RESOURCE_DESCRIPTOR RequestedResources,
                                         ULONG NumAccessRanges, PVIDEO_ACCESS_RANGE AccessRanges,
                                         PVOID VendorId, PVOID DeviceId, PULONG Slot);

/*
 * Claims ranges, all or none; 0 of them gives up all that the adapter claimed. NO_ERROR, or
 * ERROR_INVALID_PARAMETER if another adapter claimed one and either will not share it.
 */
VP_STATUS NTAPI VideoPortVerifyAccessRanges(PVOID HwDeviceExtension, ULONG NumAccessRanges,
                                            PVIDEO_ACCESS_RANGE AccessRanges);

/* Configuration space of the adapter's function, or of SlotNumber on its bus if it has none.
   PCIConfiguration alone. Returns the number of bytes, 0 if there is nothing to be read. */
ULONG NTAPI VideoPortGetBusData(PVOID HwDeviceExtension, BUS_DATA_TYPE BusDataType,
                                ULONG SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length);
ULONG NTAPI VideoPortSetBusData(PVOID HwDeviceExtension, BUS_DATA_TYPE BusDataType,
                                ULONG SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length);

/*
 * Maps device memory, or names ports: an I/O range comes back as the port number itself. InIoSpace
 * takes VIDEO_MEMORY_SPACE_* flags. NULL on failure. Undone by VideoPortFreeDeviceBase, with any
 * address inside.
 */
PVOID NTAPI VideoPortGetDeviceBase(PVOID HwDeviceExtension, PHYSICAL_ADDRESS IoAddress,
                                   ULONG NumberOfUchars, UCHAR InIoSpace);
VOID NTAPI VideoPortFreeDeviceBase(PVOID HwDeviceExtension, PVOID MappedAddress);

/* The same with a status: NO_ERROR or ERROR_INVALID_PARAMETER. *VirtualAddress may hold a process
   handle on the way in, which is not used. Undone by VideoPortUnmapMemory, any address inside. */
VP_STATUS NTAPI VideoPortMapMemory(PVOID HwDeviceExtension, PHYSICAL_ADDRESS PhysicalAddress,
                                   PULONG Length, PULONG InIoSpace, PVOID *VirtualAddress);
VP_STATUS NTAPI VideoPortUnmapMemory(PVOID HwDeviceExtension, PVOID VirtualAddress,
                                     PVOID ProcessHandle);

/*
 * Maps memory of which the adapter shows one bank at a time, as VideoPortMapMemory does. Nobody
 * switches banks behind a driver's back here: ERROR_INVALID_PARAMETER also if *Length is more than
 * BankLength, the one bank that can be seen. BankRoutine is never called.
 */
VP_STATUS NTAPI VideoPortMapBankedMemory(PVOID HwDeviceExtension, PHYSICAL_ADDRESS PhysicalAddress,
                                         PULONG Length, PULONG InIoSpace, PVOID *VirtualAddress,
                                         ULONG BankLength, UCHAR ReadWriteBank,
                                         PBANKED_SECTION_ROUTINE BankRoutine, PVOID Context);

typedef enum _VP_POOL_TYPE {
    VpNonPagedPool = 0,
    VpPagedPool = 1,
    VpNonPagedPoolCacheAligned = 4,
    VpPagedPoolCacheAligned = 5
} VP_POOL_TYPE,
    *PVP_POOL_TYPE;

/* Memory of any type; all of it is nonpaged and page-aligned, and its contents are undefined. NULL
   on failure. Freed by VideoPortFreePool, which takes contiguous blocks as well. Nonpaged types,
   and freeing, also at DISPATCH_LEVEL. */
PVOID NTAPI VideoPortAllocatePool(PVOID HwDeviceExtension, VP_POOL_TYPE PoolType,
                                  SIZE_T NumberOfBytes, ULONG Tag);
VOID NTAPI VideoPortFreePool(PVOID HwDeviceExtension, PVOID Ptr);

/* NO_ERROR, ERROR_NOT_ENOUGH_MEMORY or ERROR_INVALID_PARAMETER. Freed by VideoPortReleaseBuffer. */
VP_STATUS NTAPI VideoPortAllocateBuffer(PVOID HwDeviceExtension, ULONG Size, PVOID *Buffer);
VOID NTAPI VideoPortReleaseBuffer(PVOID HwDeviceExtension, PVOID Buffer);

/*
 * Physically contiguous, page-aligned memory whose last byte lies at or below
 * HighestAcceptableAddress; returns its virtual address. NULL if there is none, for 0 bytes, for a
 * limit below all memory, or above PASSIVE_LEVEL; the log says why. Freed by MmFreeContiguousMemory
 * or VideoPortFreePool, and reclaimed when the adapter is stopped.
 */
PVOID NTAPI VideoPortAllocateContiguousMemory(PVOID HwDeviceExtension, ULONG NumberOfBytes,
                                              PHYSICAL_ADDRESS HighestAcceptableAddress);

typedef struct _VP_DEVICE_DESCRIPTION {
    BOOLEAN ScatterGather;
    BOOLEAN Dma32BitAddresses;
    BOOLEAN Dma64BitAddresses;
    ULONG MaximumLength;
} VP_DEVICE_DESCRIPTION, *PVP_DEVICE_DESCRIPTION;

C_ASSERT(sizeof(VP_DEVICE_DESCRIPTION) == 8);

typedef struct _VP_DMA_ADAPTER VP_DMA_ADAPTER, *PVP_DMA_ADAPTER;

typedef struct _VP_SCATTER_GATHER_ELEMENT {
    PHYSICAL_ADDRESS Address;
    ULONG Length;
    ULONG_PTR Reserved;
} VP_SCATTER_GATHER_ELEMENT, *PVP_SCATTER_GATHER_ELEMENT;

typedef struct _VP_SCATTER_GATHER_LIST {
    ULONG NumberOfElements;
    ULONG_PTR Reserved;
    __extension__ VP_SCATTER_GATHER_ELEMENT Elements[0];
} VP_SCATTER_GATHER_LIST, *PVP_SCATTER_GATHER_LIST;

typedef VOID(NTAPI *PEXECUTE_DMA)(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                  PVP_SCATTER_GATHER_LIST SGList, PVOID Context);

/* What the older calls for DMA take and give, of which this port has none. */
typedef ULONG DMA_EVENT_FLAGS;

#define SET_USER_EVENT 0x01
#define SET_DISPLAY_EVENT 0x02

typedef enum _DMA_FLAGS {
    VideoPortUnlockAfterDma = 1,
    VideoPortKeepPagesLocked,
    VideoPortDmaInitOnly
} DMA_FLAGS;

typedef enum _VP_LOCK_OPERATION {
    VpReadAccess = 0,
    VpWriteAccess,
    VpModifyAccess
} VP_LOCK_OPERATION;

typedef struct __VRB_SG {
    LONGLONG PhysicalAddress;
    ULONG Length;
} VRB_SG, *PVRB_SG;

#define GET_VIDEO_SCATTERGATHER(dma) (**(PVRB_SG **)(dma))

/* The physical address of a byte of InputBuffer, and how many follow it in its element. */
#define GET_VIDEO_PHYSICAL_ADDRESS(scatterList, VirtualAddress, InputBuffer, pLength, Address)     \
    do {                                                                                           \
        ULONG_PTR byteOffset = (ULONG_PTR)((PCHAR)(VirtualAddress) - (PCHAR)(InputBuffer));        \
        while (byteOffset >= (scatterList)->Length) {                                              \
            byteOffset -= (scatterList)->Length;                                                   \
            (scatterList)++;                                                                       \
        }                                                                                          \
        *(pLength) = (scatterList)->Length - (ULONG)byteOffset;                                    \
        (Address) = (ULONG_PTR)((scatterList)->PhysicalAddress + (LONGLONG)byteOffset);            \
    } while (0)

/* A handle for a device that reaches 16 MiB, 4 GiB or everything. NULL on failure. Given back by
   VideoPortPutDmaAdapter. */
PVP_DMA_ADAPTER NTAPI VideoPortGetDmaAdapter(PVOID HwDeviceExtension,
                                             PVP_DEVICE_DESCRIPTION VpDeviceDescription);
VOID NTAPI VideoPortPutDmaAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter);

/*
 * Contiguous memory within the adapter's reach: its virtual address or NULL, and its bus address in
 * *LogicalAddress. It is cached whatever CacheEnabled says, as all memory under x86 DMA is. Freed
 * by VideoPortReleaseCommonBuffer, which refuses arguments that differ from the allocation's.
 */
PVOID NTAPI VideoPortAllocateCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                          ULONG DesiredLength, PPHYSICAL_ADDRESS LogicalAddress,
                                          BOOLEAN CacheEnabled, PVOID Reserved);
VOID NTAPI VideoPortReleaseCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                        ULONG Length, PHYSICAL_ADDRESS LogicalAddress,
                                        PVOID VirtualAddress, BOOLEAN CacheEnabled);

/* The obsolete pair, below 4 GiB. Alignment is a power of two, or 0; mind the order of the last two
   addresses. */
PVOID NTAPI VideoPortGetCommonBuffer(PVOID HwDeviceExtension, ULONG DesiredLength, ULONG Alignment,
                                     PPHYSICAL_ADDRESS LogicalAddress, PULONG ActualLength,
                                     BOOLEAN CacheEnabled);
VOID NTAPI VideoPortFreeCommonBuffer(PVOID HwDeviceExtension, ULONG Length, PVOID VirtualAddress,
                                     PHYSICAL_ADDRESS LogicalAddress, BOOLEAN CacheEnabled);

/* Reads a parameter of the driver and calls GetRegistryRoutine with it, before returning. The
   callback's result, or ERROR_INVALID_PARAMETER if there is no such value. */
typedef VP_STATUS(NTAPI *PMINIPORT_GET_REGISTRY_ROUTINE)(PVOID HwDeviceExtension, PVOID Context,
                                                         PWSTR ValueName, PVOID ValueData,
                                                         ULONG ValueLength);
VP_STATUS NTAPI VideoPortGetRegistryParameters(PVOID HwDeviceExtension, PWSTR ParameterName,
                                               UCHAR IsParameterFileName,
                                               PMINIPORT_GET_REGISTRY_ROUTINE GetRegistryRoutine,
                                               PVOID Context);

/* Sets one. ERROR_INVALID_PARAMETER if name or data are too long, ERROR_NOT_ENOUGH_MEMORY if there
   are too many (see videoport.h). */
VP_STATUS NTAPI VideoPortSetRegistryParameters(PVOID HwDeviceExtension, PWSTR ValueName,
                                               PVOID ValueData, ULONG ValueLength);

/* Ports: Port is a port number in a pointer's clothes. Any level, as all that follows. */
UCHAR NTAPI VideoPortReadPortUchar(PUCHAR Port);
USHORT NTAPI VideoPortReadPortUshort(PUSHORT Port);
ULONG NTAPI VideoPortReadPortUlong(PULONG Port);
VOID NTAPI VideoPortWritePortUchar(PUCHAR Port, UCHAR Value);
VOID NTAPI VideoPortWritePortUshort(PUSHORT Port, USHORT Value);
VOID NTAPI VideoPortWritePortUlong(PULONG Port, ULONG Value);
VOID NTAPI VideoPortReadPortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count);
VOID NTAPI VideoPortReadPortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count);
VOID NTAPI VideoPortReadPortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count);
VOID NTAPI VideoPortWritePortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count);
VOID NTAPI VideoPortWritePortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count);
VOID NTAPI VideoPortWritePortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count);

/* Memory-mapped registers, each access of exactly that width; Count items from Register upward. */
UCHAR NTAPI VideoPortReadRegisterUchar(PUCHAR Register);
USHORT NTAPI VideoPortReadRegisterUshort(PUSHORT Register);
ULONG NTAPI VideoPortReadRegisterUlong(PULONG Register);
VOID NTAPI VideoPortWriteRegisterUchar(PUCHAR Register, UCHAR Value);
VOID NTAPI VideoPortWriteRegisterUshort(PUSHORT Register, USHORT Value);
VOID NTAPI VideoPortWriteRegisterUlong(PULONG Register, ULONG Value);
VOID NTAPI VideoPortReadRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer, ULONG Count);
VOID NTAPI VideoPortReadRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer, ULONG Count);
VOID NTAPI VideoPortReadRegisterBufferUlong(PULONG Register, PULONG Buffer, ULONG Count);
VOID NTAPI VideoPortWriteRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer, ULONG Count);
VOID NTAPI VideoPortWriteRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer, ULONG Count);
VOID NTAPI VideoPortWriteRegisterBufferUlong(PULONG Register, PULONG Buffer, ULONG Count);

VOID NTAPI VideoPortZeroMemory(PVOID Destination, ULONG Length);

/* The same for memory of a device. */
VOID NTAPI VideoPortZeroDeviceMemory(PVOID Destination, ULONG Length);

/* How many bytes, from the first on, are the same: Length if all are. */
ULONG NTAPI VideoPortCompareMemory(PVOID Source1, PVOID Source2, ULONG Length);

/* The two may overlap. */
VOID NTAPI VideoPortMoveMemory(PVOID Destination, PVOID Source, ULONG Length);

/* TRUE if the text stands somewhere in the Length bytes from RomBase on, which are mapped. */
BOOLEAN NTAPI VideoPortScanRom(PVOID HwDeviceExtension, PUCHAR RomBase, ULONG RomLength,
                               PUCHAR String);

/* Increment and decrement return the new value, exchange that from before. */
LONG FASTCALL VideoPortInterlockedIncrement(PLONG Addend);
LONG FASTCALL VideoPortInterlockedDecrement(PLONG Addend);
LONG FASTCALL VideoPortInterlockedExchange(PLONG Target, LONG Value);

/* Waits busily, at least that long. */
VOID NTAPI VideoPortStallExecution(ULONG Microseconds);

/* ---- interrupts, DPCs, timers ---------------------------------------------------------------- */

/*
 * HwInterrupt is called for the line that HwFindAdapter left in BusInterruptLevel (0 and no vector:
 * none), from the end of HwFindAdapter on. Both return NO_ERROR, or ERROR_INVALID_FUNCTION if the
 * adapter has no interrupt. Any level.
 */
VP_STATUS NTAPI VideoPortEnableInterrupt(PVOID HwDeviceExtension);
VP_STATUS NTAPI VideoPortDisableInterrupt(PVOID HwDeviceExtension);

typedef enum _VIDEO_SYNCHRONIZE_PRIORITY {
    VpLowPriority = 0,
    VpMediumPriority,
    VpHighPriority
} VIDEO_SYNCHRONIZE_PRIORITY,
    *PVIDEO_SYNCHRONIZE_PRIORITY;

typedef BOOLEAN(NTAPI *PMINIPORT_SYNCHRONIZE_ROUTINE)(PVOID Context);

/* Calls the routine while no interrupt can come, and returns what it returns. Any level. */
BOOLEAN NTAPI VideoPortSynchronizeExecution(PVOID HwDeviceExtension,
                                            VIDEO_SYNCHRONIZE_PRIORITY Priority,
                                            PMINIPORT_SYNCHRONIZE_ROUTINE SynchronizeRoutine,
                                            PVOID Context);

typedef VOID(NTAPI *PMINIPORT_DPC_ROUTINE)(PVOID HwDeviceExtension, PVOID Context);

/*
 * Has the routine called soon, at DISPATCH_LEVEL. FALSE if too many wait already, or the adapter is
 * unknown; the same routine with the same context waits once. Any level.
 */
BOOLEAN NTAPI VideoPortQueueDpc(PVOID HwDeviceExtension, PMINIPORT_DPC_ROUTINE CallbackRoutine,
                                PVOID Context);

/* HwTimer once a second, or no longer. */
VOID NTAPI VideoPortStartTimer(PVOID HwDeviceExtension);
VOID NTAPI VideoPortStopTimer(PVOID HwDeviceExtension);

/* ---- locks ----------------------------------------------------------------------------------- */

typedef struct _VIDEO_PORT_SPIN_LOCK *PSPIN_LOCK;

/* NO_ERROR, ERROR_NOT_ENOUGH_MEMORY or ERROR_INVALID_PARAMETER. Ended by VideoPortDeleteSpinLock,
   which refuses one that is held. */
VP_STATUS NTAPI VideoPortCreateSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK *SpinLock);
VP_STATUS NTAPI VideoPortDeleteSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock);

/*
 * To hold a lock is to be at DISPATCH_LEVEL or above. *OldIrql receives the level from before, and
 * release wants it as NewIrql. A lock that is held already, or released without being held, is
 * refused and named on the log. Up to DISPATCH_LEVEL.
 */
VOID NTAPI VideoPortAcquireSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, PUCHAR OldIrql);
VOID NTAPI VideoPortReleaseSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, UCHAR NewIrql);
VOID NTAPI VideoPortAcquireSpinLockAtDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock);
VOID NTAPI VideoPortReleaseSpinLockFromDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock);

/* Keeps requests to the adapter away: there are none while a routine of its driver runs. */
VOID NTAPI VideoPortAcquireDeviceLock(PVOID HwDeviceExtension);
VOID NTAPI VideoPortReleaseDeviceLock(PVOID HwDeviceExtension);

/* ---- events ---------------------------------------------------------------------------------- */

/* In EventFlag. A synchronization event is reset by who waited for it. */
#define SYNCHRONIZATION_EVENT 0x0
#define NOTIFICATION_EVENT 0x1
#define EVENT_TYPE_MASK 0x1
#define INITIAL_EVENT_NOT_SIGNALED 0x0
#define INITIAL_EVENT_SIGNALED 0x2
#define INITIAL_EVENT_STATE_MASK 0x2

/* NO_ERROR, ERROR_NOT_ENOUGH_MEMORY or ERROR_INVALID_PARAMETER. Ended by VideoPortDeleteEvent. */
VP_STATUS NTAPI VideoPortCreateEvent(PVOID HwDeviceExtension, ULONG EventFlag, PVOID Unused,
                                     PEVENT *ppEvent);
VP_STATUS NTAPI VideoPortDeleteEvent(PVOID HwDeviceExtension, PEVENT pEvent);

/* Set, clear and read return the state from before, not 0 if it was signalled. Any level. */
LONG NTAPI VideoPortSetEvent(PVOID HwDeviceExtension, PEVENT pEvent);
VOID NTAPI VideoPortClearEvent(PVOID HwDeviceExtension, PEVENT pEvent);
LONG NTAPI VideoPortReadStateEvent(PVOID HwDeviceExtension, PEVENT pEvent);

/*
 * Waits until the event is signalled; DPCs and timers run meanwhile. Timeout is in units of 100 ns:
 * negative from now on, positive a time of VideoPortQuerySystemTime, 0 not at all, NULL for ever,
 * which here is a minute. NO_ERROR, WAIT_TIMEOUT, or ERROR_INVALID_PARAMETER.
 */
VP_STATUS NTAPI VideoPortWaitForSingleObject(PVOID HwDeviceExtension, PVOID Object,
                                             PLARGE_INTEGER Timeout);

/* ---- children -------------------------------------------------------------------------------- */

/*
 * Asks HwGetVideoChildDescriptor for the adapter's children, once more. NO_ERROR, or
 * ERROR_INVALID_FUNCTION if the driver has no such routine. Reserved is not used.
 */
VP_STATUS NTAPI VideoPortEnumerateChildren(PVOID HwDeviceExtension, PVOID Reserved);

typedef VOID(NTAPI *PVIDEO_WRITE_CLOCK_LINE)(PVOID HwDeviceExtension, UCHAR Data);
typedef VOID(NTAPI *PVIDEO_WRITE_DATA_LINE)(PVOID HwDeviceExtension, UCHAR Data);
typedef BOOLEAN(NTAPI *PVIDEO_READ_CLOCK_LINE)(PVOID HwDeviceExtension);
typedef BOOLEAN(NTAPI *PVIDEO_READ_DATA_LINE)(PVOID HwDeviceExtension);

#define I2C_LINES                                                                                  \
    PVIDEO_WRITE_CLOCK_LINE WriteClockLine;                                                        \
    PVIDEO_WRITE_DATA_LINE WriteDataLine;                                                          \
    PVIDEO_READ_CLOCK_LINE ReadClockLine;                                                          \
    PVIDEO_READ_DATA_LINE ReadDataLine;

typedef struct _I2C_CALLBACKS {
    I2C_LINES
} I2C_CALLBACKS, *PI2C_CALLBACKS;

typedef struct _DDC_CONTROL {
    ULONG Size;
    I2C_CALLBACKS I2CCallbacks;
    UCHAR EdidSegment;
} DDC_CONTROL, *PDDC_CONTROL;

/*
 * Reads a monitor's EDID over the two lines that the callbacks move (VESA E-DDC 1.2, at I2C address
 * 0x50). DDCControl is a DDC_CONTROL. FALSE, and nothing in the buffer, if nobody answers or what
 * answers has no EDID's header.
 */
BOOLEAN NTAPI VideoPortDDCMonitorHelper(PVOID HwDeviceExtension, PVOID DDCControl,
                                        PUCHAR EdidBuffer, ULONG EdidBufferSize);

/* The service I2C, which this port does not have. VideoPortDDCMonitorHelper reads monitors. */
typedef BOOLEAN(NTAPI *PI2C_START)(PVOID HwDeviceExtension, PI2C_CALLBACKS I2CCallbacks);
typedef BOOLEAN(NTAPI *PI2C_STOP)(PVOID HwDeviceExtension, PI2C_CALLBACKS I2CCallbacks);
typedef BOOLEAN(NTAPI *PI2C_WRITE)(PVOID HwDeviceExtension, PI2C_CALLBACKS I2CCallbacks,
                                   PUCHAR Buffer, ULONG Length);
typedef BOOLEAN(NTAPI *PI2C_READ)(PVOID HwDeviceExtension, PI2C_CALLBACKS I2CCallbacks,
                                  PUCHAR Buffer, ULONG Length);

typedef struct _VIDEO_PORT_I2C_INTERFACE {
    INTERFACE_FIELDS
    PI2C_START I2CStart;
    PI2C_STOP I2CStop;
    PI2C_WRITE I2CWrite;
    PI2C_READ I2CRead;
} VIDEO_PORT_I2C_INTERFACE, *PVIDEO_PORT_I2C_INTERFACE;

typedef struct _VIDEO_I2C_CONTROL {
    I2C_LINES
    ULONG I2CDelay; /* 100 ns */
} VIDEO_I2C_CONTROL, *PVIDEO_I2C_CONTROL;

typedef BOOLEAN(NTAPI *PI2C_START_2)(PVOID HwDeviceExtension, PVIDEO_I2C_CONTROL I2CControl);
typedef BOOLEAN(NTAPI *PI2C_STOP_2)(PVOID HwDeviceExtension, PVIDEO_I2C_CONTROL I2CControl);
typedef BOOLEAN(NTAPI *PI2C_WRITE_2)(PVOID HwDeviceExtension, PVIDEO_I2C_CONTROL I2CControl,
                                     PUCHAR Buffer, ULONG Length);
typedef BOOLEAN(NTAPI *PI2C_READ_2)(PVOID HwDeviceExtension, PVIDEO_I2C_CONTROL I2CControl,
                                    PUCHAR Buffer, ULONG Length, BOOLEAN EndOfRead);

typedef struct _VIDEO_PORT_I2C_INTERFACE_2 {
    INTERFACE_FIELDS
    PI2C_START_2 I2CStart;
    PI2C_STOP_2 I2CStop;
    PI2C_WRITE_2 I2CWrite;
    PI2C_READ_2 I2CRead;
} VIDEO_PORT_I2C_INTERFACE_2, *PVIDEO_PORT_I2C_INTERFACE_2;

#define VIDEO_PORT_I2C_INTERFACE_VERSION_1 1
#define VIDEO_PORT_I2C_INTERFACE_VERSION_2 2

/* What VideoPortDDCMonitorHelper took before there was a DDC_CONTROL. It refuses this one. */
typedef VOID(NTAPI *PVIDEO_WAIT_VSYNC_ACTIVE)(PVOID HwDeviceExtension);

typedef struct _I2C_FNC_TABLE {
    ULONG Size;
    I2C_LINES
    PVIDEO_WAIT_VSYNC_ACTIVE WaitVsync;
    PVOID Reserved;
} I2C_FNC_TABLE, *PI2C_FNC_TABLE;

#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(DDC_CONTROL) == 24);
C_ASSERT(sizeof(I2C_FNC_TABLE) == 28);
C_ASSERT(sizeof(VIDEO_PORT_I2C_INTERFACE_2) == 32);
#endif

/* ---- the video BIOS -------------------------------------------------------------------------- */

typedef struct _VIDEO_X86_BIOS_ARGUMENTS {
    ULONG Eax;
    ULONG Ebx;
    ULONG Ecx;
    ULONG Edx;
    ULONG Esi;
    ULONG Edi;
    ULONG Ebp;
} VIDEO_X86_BIOS_ARGUMENTS, *PVIDEO_X86_BIOS_ARGUMENTS;

/*
 * Calls the adapter's own BIOS, interrupt 10h, with these registers and DS and ES 0. NO_ERROR, with
 * the registers that it left, ERROR_INVALID_PARAMETER, or ERROR_IO_DEVICE if there is no BIOS or it
 * faulted; the log then says why. Whether the BIOS did what was asked is in the registers.
 */
VP_STATUS NTAPI VideoPortInt10(PVOID HwDeviceExtension, PVIDEO_X86_BIOS_ARGUMENTS BiosArguments);

typedef struct _INT10_BIOS_ARGUMENTS {
    ULONG Eax;
    ULONG Ebx;
    ULONG Ecx;
    ULONG Edx;
    ULONG Esi;
    ULONG Edi;
    ULONG Ebp;
    USHORT SegDs;
    USHORT SegEs;
} INT10_BIOS_ARGUMENTS, *PINT10_BIOS_ARGUMENTS;

/*
 * The functions of the service Int10. A buffer is memory that the BIOS can reach, named by segment
 * and offset; it is the adapter's until it is freed. *Length is at least what was asked for, of at
 * most 64 KiB. Reads reach the buffers, ROMs and the BIOS's data; writes, the buffers. Statuses are
 * NO_ERROR, ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY, and VideoPortInt10's.
 */
typedef VP_STATUS(NTAPI *PINT10_ALLOCATE_BUFFER)(PVOID Context, PUSHORT Seg, PUSHORT Off,
                                                 PULONG Length);
typedef VP_STATUS(NTAPI *PINT10_FREE_BUFFER)(PVOID Context, USHORT Seg, USHORT Off);
typedef VP_STATUS(NTAPI *PINT10_READ_MEMORY)(PVOID Context, USHORT Seg, USHORT Off, PVOID Buffer,
                                             ULONG Length);
typedef VP_STATUS(NTAPI *PINT10_WRITE_MEMORY)(PVOID Context, USHORT Seg, USHORT Off, PVOID Buffer,
                                              ULONG Length);
typedef VP_STATUS(NTAPI *PINT10_CALL_BIOS)(PVOID Context, PINT10_BIOS_ARGUMENTS BiosArguments);

typedef struct _VIDEO_PORT_INT10_INTERFACE {
    INTERFACE_FIELDS
    PINT10_ALLOCATE_BUFFER Int10AllocateBuffer;
    PINT10_FREE_BUFFER Int10FreeBuffer;
    PINT10_READ_MEMORY Int10ReadMemory;
    PINT10_WRITE_MEMORY Int10WriteMemory;
    PINT10_CALL_BIOS Int10CallBios;
} VIDEO_PORT_INT10_INTERFACE, *PVIDEO_PORT_INT10_INTERFACE;

#define VIDEO_PORT_INT10_INTERFACE_VERSION_1 1

#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(VIDEO_PORT_INT10_INTERFACE) == 36);
#endif
C_ASSERT(sizeof(VIDEO_X86_BIOS_ARGUMENTS) == 28);
C_ASSERT(sizeof(INT10_BIOS_ARGUMENTS) == 32);
C_ASSERT(FIELD_OFFSET(INT10_BIOS_ARGUMENTS, SegDs) == sizeof(VIDEO_X86_BIOS_ARGUMENTS));

typedef enum _VIDEO_PORT_SERVICES {
    VideoPortServicesAGP = 1,
    VideoPortServicesI2C,
    VideoPortServicesHeadless,
    VideoPortServicesInt10,
    VideoPortServicesDebugReport,
    VideoPortServicesWCMemoryProtection
} VIDEO_PORT_SERVICES;

/* The services DebugReport and WCMemoryProtection, which this port does not have. */
typedef struct _VIDEO_DEBUG_REPORT *PVIDEO_DEBUG_REPORT;

typedef struct _VIDEO_PORT_DEBUG_REPORT_INTERFACE {
    INTERFACE_FIELDS
    PVIDEO_DEBUG_REPORT(NTAPI *DbgReportCreate)
    (PVOID HwDeviceExtension, ULONG ulCode, ULONG_PTR ulpArg1, ULONG_PTR ulpArg2, ULONG_PTR ulpArg3,
     ULONG_PTR ulpArg4);
    BOOLEAN(NTAPI *DbgReportSecondaryData)
    (PVIDEO_DEBUG_REPORT pReport, PVOID pvData, ULONG ulDataSize);
    VOID(NTAPI *DbgReportComplete)(PVIDEO_DEBUG_REPORT pReport);
} VIDEO_PORT_DEBUG_REPORT_INTERFACE, *PVIDEO_PORT_DEBUG_REPORT_INTERFACE;

#define VIDEO_PORT_DEBUG_REPORT_INTERFACE_VERSION_1 1
#define VIDEO_DEBUG_REPORT_MAX_SIZE 0x8000

typedef VP_STATUS(NTAPI *PROTECT_WC_MEMORY)(PVOID Context, PVOID HwDeviceExtension);
typedef VP_STATUS(NTAPI *RESTORE_WC_MEMORY)(PVOID Context, PVOID HwDeviceExtension);

typedef struct _VIDEO_PORT_WCMEMORYPROTECTION_INTERFACE {
    INTERFACE_FIELDS
    PROTECT_WC_MEMORY VideoPortProtectWCMemory;
    RESTORE_WC_MEMORY VideoPortRestoreWCMemory;
} VIDEO_PORT_WCMEMORYPROTECTION_INTERFACE, *PVIDEO_PORT_WCMEMORYPROTECTION_INTERFACE;

#define VIDEO_PORT_WCMEMORYPROTECTION_INTERFACE_VERSION_1 1

/* Fills in an interface, whose Size and Version say which. NO_ERROR, or ERROR_INVALID_PARAMETER for
   another version, and for services other than Int10. */
VP_STATUS NTAPI VideoPortQueryServices(PVOID HwDeviceExtension, VIDEO_PORT_SERVICES ServicesType,
                                       PINTERFACE Interface);

/* TRUE where there is no video BIOS to call, as VESA's drivers have to know. */
BOOLEAN NTAPI VideoPortIsNoVesa(VOID);

/* ---- the system ------------------------------------------------------------------------------ */

typedef enum _VIDEO_DEVICE_DATA_TYPE {
    VpMachineData = 0,
    VpCmosData,
    VpBusData,
    VpControllerData,
    VpMonitorData
} VIDEO_DEVICE_DATA_TYPE,
    *PVIDEO_DEVICE_DATA_TYPE;

typedef VP_STATUS(NTAPI *PMINIPORT_QUERY_DEVICE_ROUTINE)(
    PVOID HwDeviceExtension, PVOID Context, VIDEO_DEVICE_DATA_TYPE DeviceDataType, PVOID Identifier,
    ULONG IdentifierLength, PVOID ConfigurationData, ULONG ConfigurationDataLength,
    PVOID ComponentInformation, ULONG ComponentInformationLength);

/* A ConfigurationData of VpControllerData. */
typedef struct _VIDEO_HARDWARE_CONFIGURATION_DATA {
    INTERFACE_TYPE InterfaceType;
    ULONG BusNumber;
    USHORT Version;
    USHORT Revision;
    USHORT Irql;
    USHORT Vector;
    ULONG ControlBase;
    ULONG ControlSize;
    ULONG CursorBase;
    ULONG CursorSize;
    ULONG FrameBase;
    ULONG FrameSize;
} VIDEO_HARDWARE_CONFIGURATION_DATA, *PVIDEO_HARDWARE_CONFIGURATION_DATA;

/* ERROR_DEV_NOT_EXIST: a PC's firmware has no tree of configuration data, which this call reads on
   other machines. */
VP_STATUS NTAPI VideoPortGetDeviceData(PVOID HwDeviceExtension,
                                       VIDEO_DEVICE_DATA_TYPE DeviceDataType,
                                       PMINIPORT_QUERY_DEVICE_ROUTINE CallbackRoutine,
                                       PVOID Context);

typedef struct _VPOSVERSIONINFO {
    ULONG Size;
    ULONG MajorVersion;
    ULONG MinorVersion;
    ULONG BuildNumber;
    USHORT ServicePackMajor;
    USHORT ServicePackMinor;
} VPOSVERSIONINFO, *PVPOSVERSIONINFO;

/* The version of NT whose interface this is: 5.1, XP. ERROR_INVALID_PARAMETER for a wrong Size. */
VP_STATUS NTAPI VideoPortGetVersion(PVOID HwDeviceExtension, PVPOSVERSIONINFO pVpOsVersionInfo);

/* The ports that a full-screen DOS program may not touch by itself: there are none of those here,
   and nothing is kept. NO_ERROR or ERROR_INVALID_PARAMETER. */
VP_STATUS NTAPI VideoPortSetTrappedEmulatorPorts(PVOID HwDeviceExtension, ULONG NumAccessRanges,
                                                 PVIDEO_ACCESS_RANGE AccessRange);

#define DEVICE_VGA_ENABLED 1

/* *VgaStatus is DEVICE_VGA_ENABLED if the adapter's PCI function is a VGA that decodes its ports,
   else 0. NO_ERROR, ERROR_INVALID_PARAMETER, or ERROR_INVALID_FUNCTION if it is not on PCI. */
VP_STATUS NTAPI VideoPortGetVgaStatus(PVOID HwDeviceExtension, PULONG VgaStatus);

#define CDE_USE_SUBSYSTEM_IDS 0x00000001
#define CDE_USE_REVISION 0x00000002

/* TRUE if there is a PCI function with these ids, and those of the others that Flags name. */
BOOLEAN NTAPI VideoPortCheckForDeviceExistence(PVOID HwDeviceExtension, USHORT VendorId,
                                               USHORT DeviceId, UCHAR RevisionId,
                                               USHORT SubVendorId, USHORT SubSystemId, ULONG Flags);

/* Units of 100 ns since the system was started: nobody tells it the date. Any level. */
VOID NTAPI VideoPortQuerySystemTime(PLARGE_INTEGER CurrentTime);

/* The finest counter that there is; how often it counts in a second, if that is not NULL. Any
   level. */
LONGLONG NTAPI VideoPortQueryPerformanceCounter(PVOID HwDeviceExtension,
                                                PLONGLONG PerformanceFrequency);

/* Writes a line to the kernel's log. Any level. */
VOID NTAPI VideoPortLogError(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET Vrp,
                             VP_STATUS ErrorCode, ULONG UniqueId);

typedef VOID(NTAPI *PVIDEO_BUGCHECK_CALLBACK)(PVOID HwDeviceExtension, ULONG BugcheckCode,
                                              PUCHAR Buffer, ULONG BufferSize);

#define BUGCHECK_DATA_SIZE_RESERVED 48

/* PASSIVE_LEVEL, DISPATCH_LEVEL, or above it in an interrupt handler. */
KIRQL NTAPI VideoPortGetCurrentIrql(VOID);

typedef enum _VIDEO_DEBUG_LEVEL {
    Error = 0,
    Warn,
    Trace,
    Info
} VIDEO_DEBUG_LEVEL,
    *PVIDEO_DEBUG_LEVEL;

/* Writes to the kernel's log, if DebugPrintLevel is Error or Warn. cdecl, as every variadic
   function. Conversions as in kernel/lib/format.h. */
VOID VideoPortDebugPrint(VIDEO_DEBUG_LEVEL DebugPrintLevel, PCSTR DebugMessage, ...);

/* Takes doubled parentheses: VideoDebugPrint((Warn, "format", ...)). */
#if DBG
#define VideoDebugPrint(arguments) VideoPortDebugPrint arguments
#else
#define VideoDebugPrint(arguments)
#endif

#ifndef ASSERT
#if DBG
#define ASSERT(expression)                                                                         \
    ((expression) ? (VOID)0                                                                        \
                  : VideoPortDebugPrint(Error, "assertion failed: %s, %s line %d\n", #expression,  \
                                        __FILE__, __LINE__))
#else
#define ASSERT(expression) ((VOID)0)
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif
