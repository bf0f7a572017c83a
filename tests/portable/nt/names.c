/*
 * Names what sources from driver kits take from NT's headers, and asserts sizes and offsets as
 * Microsoft's compilers have them (Windows XP's interface, i386). Compiled only, as C and as C++.
 */

#include "video.h"

#include "ntddk.h"
#include "winerror.h"

/* ---- words ----------------------------------------------------------------------------------- */

_In_ _Out_ _Inout_ _In_opt_ _Out_opt_ _Inout_opt_ typedef INT *ANNOTATED;

FORCEINLINE ULONG Forced(ULONG Value)
{
    return Value + 1;
}

static FORCEINLINE ULONG StaticForced(ULONG Value)
{
    return Forced(Value);
}

typedef LONG(FASTCALL *PFAST_ROUTINE)(PLONG Addend, LONG Value);
typedef INT(__cdecl *PCDECL_ROUTINE)(INT First, ...);
typedef INT(__stdcall *PSTDCALL_ROUTINE)(INT First, unsigned __int64 Second);
typedef VP_STATUS(NTAPI *PANNOTATED_ROUTINE)(_In_ PVOID First,
                                             _In_reads_bytes_opt_(Length) PVOID Second,
                                             _Out_writes_to_(Length, *Used) PUCHAR Third,
                                             _In_ ULONG Length, _Inout_ PULONG Used);

/* ---- types ----------------------------------------------------------------------------------- */

C_ASSERT(sizeof(INT) == 4 && sizeof(UINT) == 4);
C_ASSERT(sizeof(UINT8) == 1 && sizeof(UINT16) == 2 && sizeof(UINT32) == 4 && sizeof(UINT64) == 8);
C_ASSERT(sizeof(INT8) == 1 && sizeof(INT16) == 2 && sizeof(INT32) == 4 && sizeof(INT64) == 8);
C_ASSERT(sizeof(CCHAR) == 1 && sizeof(WCHAR) == 2 && sizeof(UNICODE_NULL) == 2);
C_ASSERT(sizeof(KAFFINITY) == sizeof(PVOID) && sizeof(SIZE_T) == sizeof(PVOID));
C_ASSERT(sizeof(ULONG_PTR) == sizeof(PVOID) && sizeof(LONG_PTR) == sizeof(PVOID));
C_ASSERT(ANSI_NULL == 0 && UNICODE_NULL == 0);
C_ASSERT(NT_SUCCESS(STATUS_SUCCESS) && !NT_SUCCESS(STATUS_UNSUCCESSFUL));
C_ASSERT((LONG)STATUS_INSUFFICIENT_RESOURCES == (LONG)0xC000009A);
C_ASSERT(RTL_NUMBER_OF("four") == 5 && ARRAYSIZE("four") == 5);

#ifdef __i386__
C_ASSERT(sizeof(VIDEO_PORT_CONFIG_INFO) == 112);
C_ASSERT(FIELD_OFFSET(VIDEO_PORT_CONFIG_INFO, SystemMemorySize) == 104);
C_ASSERT(SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA == 0x28);
C_ASSERT(SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA == 0x50);
C_ASSERT(SIZE_OF_WXP_VIDEO_HW_INITIALIZATION_DATA == 0x54);
C_ASSERT(sizeof(VIDEO_HARDWARE_STATE_HEADER) == 0xA4);
C_ASSERT(sizeof(VIDEO_PORT_AGP_INTERFACE) == 56);
C_ASSERT(sizeof(VIDEO_PORT_I2C_INTERFACE) == 32);
C_ASSERT(sizeof(VIDEO_PORT_INT10_INTERFACE) == 36);
C_ASSERT(sizeof(VIDEO_PORT_DEBUG_REPORT_INTERFACE) == 28);
C_ASSERT(sizeof(VP_SCATTER_GATHER_ELEMENT) == 16);
C_ASSERT(sizeof(ENG_EVENT) == 8);
#endif

C_ASSERT(sizeof(PCI_COMMON_HEADER) == 64 && sizeof(PCI_COMMON_CONFIG) == 256);
C_ASSERT(sizeof(CM_EISA_SLOT_INFORMATION) == 12 && sizeof(CM_EISA_FUNCTION_INFORMATION) == 320);
C_ASSERT(FIELD_OFFSET(CM_EISA_FUNCTION_INFORMATION, EisaMemory) == 115);
C_ASSERT(FIELD_OFFSET(CM_EISA_FUNCTION_INFORMATION, EisaPort) == 200);
C_ASSERT(sizeof(CM_MCA_POS_DATA) == 6 && FIELD_OFFSET(CM_MCA_POS_DATA, PosData1) == 2);
C_ASSERT(IOCTL_VIDEO_ENABLE_VDM == 0x230000 && IOCTL_VIDEO_SAVE_HARDWARE_STATE == 0x230200);
C_ASSERT(IOCTL_VIDEO_RESTORE_HARDWARE_STATE == 0x230204 && IOCTL_VIDEO_SWITCH_DUALVIEW == 0x23048C);
C_ASSERT(VIDEO_MODE_BANKED == 0x80 && VIDEO_MODE_LINEAR == 0x100);

#include "pshpack1.h"
typedef struct _PACKED_1 {
    UCHAR First;
    ULONG Second;
} PACKED_1;
#include "pshpack2.h"
typedef struct _PACKED_2 {
    UCHAR First;
    ULONG Second;
} PACKED_2;
#include "poppack.h"
typedef struct _PACKED_1_AGAIN {
    UCHAR First;
    ULONG Second;
} PACKED_1_AGAIN;
#include "poppack.h"
#include "pshpack4.h"
typedef struct _PACKED_4 {
    UCHAR First;
    ULONG Second;
} PACKED_4;
#include "poppack.h"
#include "pshpack8.h"
typedef struct _PACKED_8 {
    UCHAR First;
    ULONG Second;
} PACKED_8;
#include "poppack.h"

C_ASSERT(sizeof(PACKED_1) == 5 && sizeof(PACKED_2) == 6 && sizeof(PACKED_1_AGAIN) == 5);
C_ASSERT(sizeof(PACKED_4) == 8 && sizeof(PACKED_8) == 8);

/* ---- what a driver does with them ------------------------------------------------------------ */

typedef struct _HW_DEVICE_EXTENSION {
    LIST_ENTRY Waiting;
    PENG_EVENT Event;
    struct _ENG_EVENT *SameEvent;
    PCI_COMMON_HEADER Header;
    VIDEO_HARDWARE_STATE_HEADER State;
    PAGP_COMMIT_VIRTUAL Commit;
    PSPIN_LOCK Lock;
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;

VP_STATUS NTAPI NamesDescribeChild(PVOID HwDeviceExtension, PVIDEO_CHILD_ENUM_INFO ChildEnumInfo,
                                   PVIDEO_CHILD_TYPE VideoChildType, PUCHAR ChildDescriptor,
                                   PULONG UId, PULONG Unused);
HW_DMA_RETURN NTAPI NamesStartDma(PVOID HwDeviceExtension, PDMA Dma);
PHW_DEVICE_EXTENSION NTAPI NamesOf(PLIST_ENTRY Waiting);
LONGLONG NTAPI NamesSum(ULONG Value, LONG Other);
ULONG_PTR NTAPI NamesDma(PVRB_SG List, PVOID Address, PVOID Buffer, PULONG Length);

VP_STATUS NTAPI NamesDescribeChild(PVOID HwDeviceExtension, PVIDEO_CHILD_ENUM_INFO ChildEnumInfo,
                                   PVIDEO_CHILD_TYPE VideoChildType, PUCHAR ChildDescriptor,
                                   PULONG UId, PULONG Unused)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ChildDescriptor);
    UNREFERENCED_PARAMETER(Unused);
    ASSERT(ChildEnumInfo->Size != 0);
    if (ChildEnumInfo->ChildIndex != DISPLAY_ADAPTER_HW_ID)
        return VIDEO_ENUM_NO_MORE_DEVICES;
    *VideoChildType = VideoChip;
    *UId = StaticForced(DISPLAY_ADAPTER_HW_ID);
    return ERROR_MORE_DATA;
}

HW_DMA_RETURN NTAPI NamesStartDma(PVOID HwDeviceExtension, PDMA Dma)
{
    VideoDebugPrint((Warn, "%p\n", HwDeviceExtension));
    return Dma ? DmaAsyncReturn : DmaSyncReturn;
}

PHW_DEVICE_EXTENSION NTAPI NamesOf(PLIST_ENTRY Waiting)
{
    return CONTAINING_RECORD(Waiting, HW_DEVICE_EXTENSION, Waiting);
}

ULONG_PTR NTAPI NamesDma(PVRB_SG List, PVOID Address, PVOID Buffer, PULONG Length)
{
    ULONG_PTR Physical;
    GET_VIDEO_PHYSICAL_ADDRESS(List, Address, Buffer, Length, Physical);
    return Physical;
}

LONGLONG NTAPI NamesSum(ULONG Value, LONG Other)
{
    return RtlConvertUlongToLargeInteger(Value).QuadPart +
           RtlConvertLongToLargeInteger(Other).QuadPart;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    static const WCHAR Name[] = {'n', UNICODE_NULL};
    VIDEO_HW_INITIALIZATION_DATA Data;
    UNICODE_STRING String = {0, 0, (PWSTR)Name};
    DECLARE_CONST_UNICODE_STRING(Other, L"other");
    C_ASSERT(RTL_NUMBER_OF_FIELD(VIDEO_HARDWARE_STATE_HEADER, PortValue) == 0x30);
    VideoPortZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA;
    Data.HwGetVideoChildDescriptor = NamesDescribeChild;
    Data.HwStartDma = NamesStartDma;
    Data.HwDeviceExtensionSize = sizeof(HW_DEVICE_EXTENSION) + String.Length + Other.Length;
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
