/*
 * A miniport in three files and without annotations, in the style of the kits of NT 3.51 and 4:
 * there, the compiler was told (/Gz) how all functions are called, so no function says it. This
 * file finds the adapter that QEMU calls "std".
 */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "plain.h"

VIDEO_ACCESS_RANGE PlainPorts = {{{0x1CE, 0}}, 4, 1, 0, 0};

VP_STATUS PlainFindAdapter(PVOID Extension, PVOID Context, PWSTR Argument,
                           PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again)
{
    PHW_DEVICE_EXTENSION HwDeviceExtension = Extension;
    VIDEO_ACCESS_RANGE Ranges[PCI_TYPE0_ADDRESSES];
    USHORT Vendor = 0x1234;
    USHORT Device = 0x1111;
    ULONG Slot = 0;
    VP_STATUS Status;
    *Again = 0;
    if (ConfigInfo->Length < sizeof(VIDEO_PORT_CONFIG_INFO))
        return ERROR_INVALID_PARAMETER;
    Status = VideoPortGetAccessRanges(HwDeviceExtension, 0, NULL, PCI_TYPE0_ADDRESSES, Ranges,
                                      &Vendor, &Device, &Slot);
    if (Status != NO_ERROR)
        return Status;
    Status = VideoPortVerifyAccessRanges(HwDeviceExtension, 1, &PlainPorts);
    if (Status != NO_ERROR)
        return Status;
    HwDeviceExtension->Ports = (PUSHORT)VideoPortGetDeviceBase(
        HwDeviceExtension, PlainPorts.RangeStart, PlainPorts.RangeLength, 1);
    HwDeviceExtension->FrameBase = Ranges[0].RangeStart;
    HwDeviceExtension->FrameLength = Ranges[0].RangeLength;
    HwDeviceExtension->CurrentMode = PLAIN_MODES;
    return HwDeviceExtension->Ports ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* Fills more stack than a page, as the kits allowed, and divides 64 bits. */
BOOLEAN PlainInitialize(PVOID Extension)
{
    PHW_DEVICE_EXTENSION HwDeviceExtension = Extension;
    UCHAR Scratch[5000];
    ULONGLONG Sum = 0;
    ULONG i;
    VideoPortMoveMemory(Scratch, HwDeviceExtension, sizeof(HW_DEVICE_EXTENSION));
    for (i = 0; i < sizeof(Scratch); i++)
        Scratch[i] = (UCHAR)i;
    for (i = 0; i < sizeof(Scratch); i++)
        Sum = Sum * 31 + Scratch[i];
    HwDeviceExtension->Requests = Sum / 1000003;
    VideoDebugPrint((0, "plain sum=0x%x rest=%u minus=%d\n", (ULONG)HwDeviceExtension->Requests,
                     (ULONG)(Sum % 1000003), (int)(-(LONGLONG)(Sum >> 1) % 1000003)));
    return TRUE;
}

BOOLEAN PlainResetHw(PVOID Extension, ULONG Columns, ULONG Rows)
{
    PlainWrite(Extension, INDEX_ENABLE, 0);
    return FALSE;
}

ULONG DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA InitData;
    VideoPortZeroMemory(&InitData, sizeof(InitData));
    InitData.HwInitDataSize = sizeof(InitData);
    InitData.AdapterInterfaceType = PCIBus;
    InitData.HwFindAdapter = PlainFindAdapter;
    InitData.HwInitialize = PlainInitialize;
    InitData.HwStartIO = PlainStartIO;
    InitData.HwResetHw = PlainResetHw;
    InitData.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    return VideoPortInitialize(Context1, Context2, &InitData, NULL);
}
