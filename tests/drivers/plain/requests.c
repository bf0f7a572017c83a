/* The requests that `plain` answers. */

#include "dderror.h"
#include "devioctl.h"
#include "miniport.h"
#include "ntddvdeo.h"
#include "..\plain\inc\PLAIN.H"

static VP_STATUS PlainMap(PHW_DEVICE_EXTENSION HwDeviceExtension,
                          PVIDEO_MEMORY_INFORMATION Information)
{
    ULONG InIoSpace = 0;
    VP_STATUS Status;
    Information->VideoRamBase = NULL;
    Information->VideoRamLength = HwDeviceExtension->FrameLength;
    Status =
        VideoPortMapMemory(HwDeviceExtension, HwDeviceExtension->FrameBase,
                           &Information->VideoRamLength, &InIoSpace, &Information->VideoRamBase);
    Information->FrameBufferBase = Information->VideoRamBase;
    Information->FrameBufferLength = Information->VideoRamLength;
    return Status;
}

BOOLEAN PlainStartIO(PVOID Extension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    PHW_DEVICE_EXTENSION HwDeviceExtension = Extension;
    PVIDEO_NUM_MODES Count = RequestPacket->OutputBuffer;
    PVIDEO_MODE_INFORMATION Modes = RequestPacket->OutputBuffer;
    PVIDEO_MODE Wanted = RequestPacket->InputBuffer;
    ULONG Length = 0;
    ULONG i;
    VP_STATUS Status = NO_ERROR;
    switch (RequestPacket->IoControlCode) {
    case IOCTL_VIDEO_QUERY_NUM_AVAIL_MODES:
        Length = sizeof(VIDEO_NUM_MODES);
        Count->NumModes = PLAIN_MODES;
        Count->ModeInformationLength = sizeof(VIDEO_MODE_INFORMATION);
        break;
    case IOCTL_VIDEO_QUERY_AVAIL_MODES:
        Length = PLAIN_MODES * sizeof(VIDEO_MODE_INFORMATION);
        if (RequestPacket->OutputBufferLength < Length)
            Status = ERROR_INSUFFICIENT_BUFFER;
        for (i = 0; Status == NO_ERROR && i < PLAIN_MODES; i++)
            PlainDescribe(Modes + i, i);
        break;
    case IOCTL_VIDEO_QUERY_CURRENT_MODE:
        Length = sizeof(VIDEO_MODE_INFORMATION);
        if (HwDeviceExtension->CurrentMode == PLAIN_MODES)
            Status = ERROR_INVALID_FUNCTION;
        else
            PlainDescribe(Modes, HwDeviceExtension->CurrentMode);
        break;
    case IOCTL_VIDEO_SET_CURRENT_MODE:
        if (Wanted->RequestedMode >= PLAIN_MODES)
            Status = ERROR_INVALID_PARAMETER;
        else
            PlainSetMode(HwDeviceExtension, Wanted->RequestedMode);
        break;
    case IOCTL_VIDEO_MAP_VIDEO_MEMORY:
        Length = sizeof(VIDEO_MEMORY_INFORMATION);
        Status = PlainMap(HwDeviceExtension, RequestPacket->OutputBuffer);
        break;
    case IOCTL_VIDEO_UNMAP_VIDEO_MEMORY:
        Status = VideoPortUnmapMemory(
            HwDeviceExtension, ((PVIDEO_MEMORY)RequestPacket->InputBuffer)->RequestedVirtualAddress,
            0);
        break;
    case IOCTL_VIDEO_RESET_DEVICE:
        PlainWrite(HwDeviceExtension, INDEX_ENABLE, 0);
        HwDeviceExtension->CurrentMode = PLAIN_MODES;
        break;
    default:
        Status = ERROR_INVALID_FUNCTION;
    }
    RequestPacket->StatusBlock->Status = Status;
    RequestPacket->StatusBlock->Information = Status == NO_ERROR ? Length : 0;
    return TRUE;
}
