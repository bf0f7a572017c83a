/*
 * A miniport in the style of Windows XP's and Vista's kits: annotations, the kernel's header first,
 * several versions of HwInitDataSize, interfaces by GUID. Compiled only, as C and as C++.
 */

#include <ntddk.h>
#include <dderror.h>
#include <initguid.h>
#include <ntddvdeo.h>
#include <ntstatus.h>
#include <stdarg.h>
#include <video.h>
#include <windef.h>
#include <winerror.h>

DEFINE_GUID(GUID_NEW_INTERFACE, 0x01234567, 0x89ab, 0xcdef, 1, 2, 3, 4, 5, 6, 7, 8);

typedef struct _NEW_EXTENSION {
    DWORD Magic;
    LARGE_INTEGER Base;
    PEVENT Event;
    UNICODE_STRING Name;
    INT10_BIOS_ARGUMENTS Arguments;
    DECLSPEC_ALIGN(8) UCHAR Bytes[8];
} NEW_EXTENSION, *PNEW_EXTENSION;

#define NEW_MAGIC ((DWORD)'weNN')

VP_STATUS NTAPI NewFindAdapter(__in PVOID HwDeviceExtension, __in PVOID HwContext,
                               __in PWSTR ArgumentString,
                               __inout_bcount(sizeof(VIDEO_PORT_CONFIG_INFO))
                                   PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                               __out PUCHAR Again);
BOOLEAN NTAPI NewInitialize(_In_ PVOID HwDeviceExtension);
_Success_(return != FALSE) BOOLEAN NTAPI
    NewStartIO(_In_ PVOID HwDeviceExtension, _Inout_ PVIDEO_REQUEST_PACKET RequestPacket);
VP_STATUS NTAPI NewQueryInterface(PVOID HwDeviceExtension, PQUERY_INTERFACE QueryInterface);

VP_STATUS NTAPI NewFindAdapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString,
                               PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again)
{
    PNEW_EXTENSION Extension = (PNEW_EXTENSION)HwDeviceExtension;
    VIDEO_ACCESS_RANGE Ranges[PCI_TYPE0_ADDRESSES];
    USHORT Vendor = 0x1234;
    USHORT Device = 0x1111;
    ULONG Slot = 0;
    PAGED_CODE();
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    Extension->Magic = NEW_MAGIC;
    if (ConfigInfo->Length < SIZE_OF_NT4_VIDEO_PORT_CONFIG_INFO)
        return ERROR_INVALID_PARAMETER;
    *Again = FALSE;
    return VideoPortGetAccessRanges(HwDeviceExtension, 0, NULL, ARRAYSIZE(Ranges), Ranges, &Vendor,
                                    &Device, &Slot);
}

BOOLEAN NTAPI NewInitialize(PVOID HwDeviceExtension)
{
    PNEW_EXTENSION Extension = (PNEW_EXTENSION)HwDeviceExtension;
    VP_STATUS Status =
        VideoPortCreateEvent(HwDeviceExtension, NOTIFICATION_EVENT, NULL, &Extension->Event);
    return Status == NO_ERROR && Extension->Base.HighPart == 0;
}

BOOLEAN NTAPI NewStartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    PSTATUS_BLOCK Block = RequestPacket->StatusBlock;
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    switch (RequestPacket->IoControlCode) {
    case IOCTL_VIDEO_SWITCH_DUALVIEW:
    case IOCTL_VIDEO_GET_CHILD_STATE:
        Block->Status = ERROR_CALL_NOT_IMPLEMENTED;
        return FALSE;
    default:
        Block->Status = ERROR_INVALID_FUNCTION;
        Block->Information = min(Block->Information, RequestPacket->OutputBufferLength);
        return TRUE;
    }
}

VP_STATUS NTAPI NewQueryInterface(PVOID HwDeviceExtension, PQUERY_INTERFACE QueryInterface)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
#ifdef __cplusplus
    return IsEqualGUID(*QueryInterface->InterfaceType, GUID_NEW_INTERFACE) ? NO_ERROR
#else
    return IsEqualGUID(QueryInterface->InterfaceType, &GUID_NEW_INTERFACE) ? NO_ERROR
#endif
                                                                           : ERROR_NOT_SUPPORTED;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    static const ULONG Sizes[] = {SIZE_OF_WXP_VIDEO_HW_INITIALIZATION_DATA,
                                  SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA,
                                  SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA};
    VIDEO_HW_INITIALIZATION_DATA Data;
    NTSTATUS Status = STATUS_REVISION_MISMATCH;
    ULONG Index;
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwFindAdapter = NewFindAdapter;
    Data.HwInitialize = NewInitialize;
    Data.HwStartIO = NewStartIO;
    Data.HwQueryInterface = NewQueryInterface;
    Data.HwDeviceExtensionSize = sizeof(NEW_EXTENSION);
    for (Index = 0; Index < RTL_NUMBER_OF(Sizes) && Status == STATUS_REVISION_MISMATCH; Index++) {
        Data.HwInitDataSize = Sizes[Index];
        Status = (NTSTATUS)VideoPortInitialize(Context1, Context2, &Data, NULL);
    }
    return (ULONG)Status;
}
