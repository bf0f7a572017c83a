/*
 * A miniport in the style of NT 3.51's and NT 4's kits: no calling conventions, headers in any
 * case, interface type zero, IN and OUT, sections by pragma. Compiled only.
 */
/* clang-format off */

#include <DDERROR.H>
#include <DevIoctl.h>
#include <Miniport.h>
#include <NtDDVdeo.h>
#include <Video.h>
#include <StdArg.h>

#include "Old.h"

VP_STATUS
OldFindAdapter(
    IN PVOID HwDeviceExtension,
    IN PVOID HwContext,
    IN PWSTR ArgumentString,
    IN OUT PVIDEO_PORT_CONFIG_INFO ConfigInfo,
    OUT PUCHAR Again
    );

BOOLEAN
OldInitialize(
    IN PVOID HwDeviceExtension
    );

BOOLEAN
OldStartIO(
    IN PVOID HwDeviceExtension,
    IN PVIDEO_REQUEST_PACKET RequestPacket
    );

#if defined(ALLOC_PRAGMA)
#pragma alloc_text(PAGE, DriverEntry)
#pragma alloc_text(PAGE, OldFindAdapter)
#endif

VIDEO_ACCESS_RANGE OldRanges[] = {
    {0x000003b0, 0x00000000, 0x0000000c, 1, 1, 1, 0},
    {0x000003c0, 0x00000000, 0x00000020, 1, 1, 1, 0},
    {0x000a0000, 0x00000000, 0x00020000, 0, 1, 1, 0},
};

ULONG
DriverEntry(
    PVOID Context1,
    PVOID Context2
    )
{
    VIDEO_HW_INITIALIZATION_DATA hwInitData;
    ULONG status;
    VideoPortZeroMemory(&hwInitData, sizeof(VIDEO_HW_INITIALIZATION_DATA));
    hwInitData.HwInitDataSize = sizeof(VIDEO_HW_INITIALIZATION_DATA);
    hwInitData.HwFindAdapter = OldFindAdapter;
    hwInitData.HwInitialize = OldInitialize;
    hwInitData.HwInterrupt = NULL;
    hwInitData.HwStartIO = OldStartIO;
    hwInitData.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION);
    status = VideoPortInitialize(Context1, Context2, &hwInitData, NULL);
    return status;
}

VP_STATUS
OldFindAdapter(
    PVOID HwDeviceExtension,
    PVOID HwContext,
    PWSTR ArgumentString,
    PVIDEO_PORT_CONFIG_INFO ConfigInfo,
    PUCHAR Again
    )
{
    PHW_DEVICE_EXTENSION hwDeviceExtension = HwDeviceExtension;
    CM_MCA_POS_DATA posData;
    VP_STATUS status;
    if (ConfigInfo->Length < sizeof(VIDEO_PORT_CONFIG_INFO))
        return ERROR_INVALID_PARAMETER;
    if (ConfigInfo->AdapterInterfaceType == MicroChannel &&
        VideoPortGetBusData(hwDeviceExtension, Pos, 0, &posData, 0, sizeof(posData)) != 0 &&
        !(posData.PosData1 & 1))
        return ERROR_DEV_NOT_EXIST;
    status = VideoPortVerifyAccessRanges(hwDeviceExtension, 3, OldRanges);
    if (status != NO_ERROR)
        return status;
    hwDeviceExtension->IOAddress = VideoPortGetDeviceBase(hwDeviceExtension,
        OldRanges->RangeStart, OldRanges->RangeLength, OldRanges->RangeInIoSpace);
    ConfigInfo->VdmPhysicalVideoMemoryAddress = OldRanges[2].RangeStart;
    ConfigInfo->VdmPhysicalVideoMemoryLength = OldRanges[2].RangeLength;
    ConfigInfo->HardwareStateSize = sizeof(VIDEO_HARDWARE_STATE_HEADER);
    *Again = 0;
    VideoDebugPrint((1, "old: found %x\n", hwDeviceExtension->IOAddress));
    return NO_ERROR;
}

BOOLEAN
OldInitialize(
    PVOID HwDeviceExtension
    )
{
    PHW_DEVICE_EXTENSION hwDeviceExtension = HwDeviceExtension;
    hwDeviceExtension->Physical = RtlConvertUlongToLargeInteger(0xa0000);
    return TRUE;
}

BOOLEAN
OldStartIO(
    PVOID HwDeviceExtension,
    PVIDEO_REQUEST_PACKET RequestPacket
    )
{
    VP_STATUS status;
    switch (RequestPacket->IoControlCode) {
    case IOCTL_VIDEO_ENABLE_VDM:
    case IOCTL_VIDEO_SAVE_HARDWARE_STATE:
    case IOCTL_VIDEO_RESTORE_HARDWARE_STATE:
        status = ERROR_INVALID_FUNCTION;
        break;
    case IOCTL_OLD_PRIVATE:
        ((PVIDEO_MODE_INFORMATION)RequestPacket->OutputBuffer)->AttributeFlags |= VIDEO_MODE_LINEAR;
        RequestPacket->StatusBlock->Information = sizeof(VIDEO_MODE_INFORMATION);
        status = NO_ERROR;
        break;
    default:
        status = ERROR_INVALID_FUNCTION;
        break;
    }
    RequestPacket->StatusBlock->Status = status;
    return TRUE;
}
