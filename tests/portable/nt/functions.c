/*
 * Calls what sources from driver kits call beside the video port's older functions: ports and
 * registers, locks, interlocked operations, banks, and NT's kernel. Compiled only, as C and as C++.
 */

#include "video.h"

#include "ioaccess.h"
#include "wdm.h"

typedef struct _HW_DEVICE_EXTENSION {
    PSPIN_LOCK PortLock;
    KSPIN_LOCK Lock;
    KEVENT Event;
    KDPC Dpc;
    KTIMER Timer;
    LONG Count;
    PVOID Pool;
    PUCHAR Registers;
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

VOID NTAPI FunctionsDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2);
VOID NTAPI FunctionsSwitchBank(ULONG ReadBank, ULONG WriteBank, PVOID Context);
BOOLEAN NTAPI FunctionsInitialize(PVOID HwDeviceExtension);
ULONG NTAPI FunctionsAccess(PHW_DEVICE_EXTENSION Extension);
VP_STATUS NTAPI FunctionsMapBanks(PHW_DEVICE_EXTENSION Extension, PVOID *Address);

VOID NTAPI FunctionsDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PHW_DEVICE_EXTENSION Extension = (PHW_DEVICE_EXTENSION)Context;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeSetEvent(&Extension->Event, 0, FALSE);
}

VOID NTAPI FunctionsSwitchBank(ULONG ReadBank, ULONG WriteBank, PVOID Context)
{
    UNREFERENCED_PARAMETER(ReadBank);
    WRITE_PORT_UCHAR((PUCHAR)Context, (UCHAR)WriteBank);
}

BOOLEAN NTAPI FunctionsInitialize(PVOID HwDeviceExtension)
{
    PHW_DEVICE_EXTENSION Extension = (PHW_DEVICE_EXTENSION)HwDeviceExtension;
    LARGE_INTEGER Due = RtlConvertLongToLargeInteger(-10000);
    KIRQL Before;
    if (VideoPortCreateSpinLock(HwDeviceExtension, &Extension->PortLock) != NO_ERROR)
        return FALSE;
    VideoPortAcquireSpinLock(HwDeviceExtension, Extension->PortLock, &Before);
    VideoPortInterlockedIncrement(&Extension->Count);
    VideoPortInterlockedExchange(&Extension->Count, 2);
    VideoPortInterlockedDecrement(&Extension->Count);
    VideoPortReleaseSpinLock(HwDeviceExtension, Extension->PortLock, Before);
    VideoPortDeleteSpinLock(HwDeviceExtension, Extension->PortLock);
    KeInitializeSpinLock(&Extension->Lock);
    KeInitializeEvent(&Extension->Event, NotificationEvent, FALSE);
    KeInitializeDpc(&Extension->Dpc, FunctionsDpc, Extension);
    KeInitializeTimer(&Extension->Timer);
    KeSetTimer(&Extension->Timer, Due, &Extension->Dpc);
    Extension->Pool = ExAllocatePoolWithTag(NonPagedPool, PAGE_SIZE, 'nuF ');
    if (!Extension->Pool || KeGetCurrentIrql() != PASSIVE_LEVEL)
        return FALSE;
    RtlZeroMemory(Extension->Pool, PAGE_SIZE);
    KdPrint(("pool at %p\n", Extension->Pool));
    ExFreePool(Extension->Pool);
    return NT_SUCCESS(KeWaitForSingleObject(&Extension->Event, Executive, KernelMode, FALSE, NULL));
}

ULONG NTAPI FunctionsAccess(PHW_DEVICE_EXTENSION Extension)
{
    PHYSICAL_ADDRESS Base = RtlConvertUlongToLargeInteger(0xA0000);
    ULONG Sum;
    Extension->Registers = (PUCHAR)MmMapIoSpace(Base, 0x10000, MmNonCached);
    WRITE_REGISTER_USHORT((PUSHORT)Extension->Registers, 1);
    Sum = READ_REGISTER_UCHAR(Extension->Registers) + READ_PORT_UCHAR((PUCHAR)0x3CC);
    Sum += READ_REGISTER_ULONG((PULONG)Extension->Registers);
    VideoPortZeroDeviceMemory(Extension->Registers, 0x10000);
    MmUnmapIoSpace(Extension->Registers, 0x10000);
    KeStallExecutionProcessor(10);
    return Sum;
}

VP_STATUS NTAPI FunctionsMapBanks(PHW_DEVICE_EXTENSION Extension, PVOID *Address)
{
    PHYSICAL_ADDRESS Base = RtlConvertUlongToLargeInteger(0xA0000);
    ULONG Length = 0x10000;
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_MEMORY;
    return VideoPortMapBankedMemory(Extension, Base, &Length, &InIoSpace, Address, 0x10000, TRUE,
                                    FunctionsSwitchBank, (PVOID)0x3CD);
}
