/*
 * Ports, registers, bytes and time, for miniports: the functions that hold no state and may be
 * called at any level. Some have a second name, under which NT's kernel has them.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "drivers/pc/ports.h"
#include "drivers/videoport/include/wdm.h"
#include "kernel/lib/string.h"

#define SAME_AS(name) __attribute__((alias(#name)))

/* A port's number, out of the pointer that NT passes it in. */
#define PORT(pointer) ((uint16_t)(uintptr_t)(pointer))

#define FROM_PORT(TYPE, at)                                                                        \
    _Generic((TYPE)0, UCHAR : port_read8, USHORT : port_read16, ULONG : port_read32)(PORT(at))
#define TO_PORT(TYPE, at, value)                                                                   \
    _Generic((TYPE)0, UCHAR                                                                        \
             : port_write8, USHORT                                                                 \
             : port_write16, ULONG                                                                 \
             : port_write32)(PORT(at), value)
#define FROM_REGISTER(TYPE, at) (*(volatile TYPE *)(at))
#define TO_REGISTER(TYPE, at, value) (*(volatile TYPE *)(at) = (value))

/* A buffer passes through one port (STEP 0), or through registers in a row (1); whole screens pass
   through those that are dwords. */
#define DEFINE_FUNCTIONS(Space, SPACE, STEP, Name, TYPE)                                           \
    TYPE NTAPI VideoPortRead##Space##Name(TYPE *At)                                                \
    {                                                                                              \
        return FROM_##SPACE(TYPE, At);                                                             \
    }                                                                                              \
    VOID NTAPI VideoPortWrite##Space##Name(TYPE *At, TYPE Value)                                   \
    {                                                                                              \
        TO_##SPACE(TYPE, At, Value);                                                               \
    }                                                                                              \
    VOID NTAPI VideoPortRead##Space##Buffer##Name(TYPE *At, TYPE *Buffer, ULONG Count)             \
    {                                                                                              \
        for (ULONG i = 0; i < Count; i++)                                                          \
            Buffer[i] = FROM_##SPACE(TYPE, At + STEP * i);                                         \
    }                                                                                              \
    VOID NTAPI VideoPortWrite##Space##Buffer##Name(TYPE *At, TYPE *Buffer, ULONG Count)            \
    {                                                                                              \
        if (STEP && sizeof(TYPE) == sizeof(ULONG)) {                                               \
            port_copy32(At, Buffer, Count);                                                        \
            return;                                                                                \
        }                                                                                          \
        for (ULONG i = 0; i < Count; i++)                                                          \
            TO_##SPACE(TYPE, At + STEP * i, Buffer[i]);                                            \
    }                                                                                              \
    TYPE NTAPI READ_##SPACE##_##TYPE(TYPE *At) SAME_AS(VideoPortRead##Space##Name);                \
    VOID NTAPI WRITE_##SPACE##_##TYPE(TYPE *At, TYPE Value) SAME_AS(VideoPortWrite##Space##Name);  \
    VOID NTAPI READ_##SPACE##_BUFFER_##TYPE(TYPE *At, TYPE *Buffer, ULONG Count)                   \
        SAME_AS(VideoPortRead##Space##Buffer##Name);                                               \
    VOID NTAPI WRITE_##SPACE##_BUFFER_##TYPE(TYPE *At, TYPE *Buffer, ULONG Count)                  \
        SAME_AS(VideoPortWrite##Space##Buffer##Name);

DEFINE_FUNCTIONS(Port, PORT, 0, Uchar, UCHAR)
DEFINE_FUNCTIONS(Port, PORT, 0, Ushort, USHORT)
DEFINE_FUNCTIONS(Port, PORT, 0, Ulong, ULONG)
DEFINE_FUNCTIONS(Register, REGISTER, 1, Uchar, UCHAR)
DEFINE_FUNCTIONS(Register, REGISTER, 1, Ushort, USHORT)
DEFINE_FUNCTIONS(Register, REGISTER, 1, Ulong, ULONG)

VOID NTAPI VideoPortZeroMemory(PVOID Destination, ULONG Length)
{
    memset(Destination, 0, Length);
}

VOID NTAPI VideoPortZeroDeviceMemory(PVOID Destination, ULONG Length) SAME_AS(VideoPortZeroMemory);

VOID NTAPI VideoPortMoveMemory(PVOID Destination, PVOID Source, ULONG Length)
{
    memmove(Destination, Source, Length);
}

SIZE_T NTAPI RtlCompareMemory(CONST VOID *Source1, CONST VOID *Source2, SIZE_T Length)
{
    const UCHAR *a = Source1;
    const UCHAR *b = Source2;
    SIZE_T count = 0;
    while (count < Length && a[count] == b[count])
        count++;
    return count;
}

ULONG NTAPI VideoPortCompareMemory(PVOID Source1, PVOID Source2, ULONG Length)
{
    return (ULONG)RtlCompareMemory(Source1, Source2, Length);
}

VOID NTAPI RtlZeroMemory(PVOID Destination, SIZE_T Length)
{
    memset(Destination, 0, Length);
}

VOID NTAPI RtlFillMemory(PVOID Destination, SIZE_T Length, UCHAR Fill)
{
    memset(Destination, Fill, Length);
}

VOID NTAPI RtlMoveMemory(PVOID Destination, CONST VOID *Source, SIZE_T Length)
{
    memmove(Destination, Source, Length);
}

VOID NTAPI RtlCopyMemory(PVOID Destination, CONST VOID *Source, SIZE_T Length)
    SAME_AS(RtlMoveMemory);

static bool begins_with(PUCHAR memory, const char *text)
{
    while (*text != '\0' && *memory == (UCHAR)*text) {
        memory++;
        text++;
    }
    return *text == '\0';
}

BOOLEAN NTAPI VideoPortScanRom(PVOID HwDeviceExtension, PUCHAR RomBase, ULONG RomLength,
                               PUCHAR String)
{
    size_t length = strlen((const char *)String);
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    for (ULONG at = 0; at + length <= RomLength; at++) {
        if (begins_with(RomBase + at, (const char *)String))
            return TRUE;
    }
    return FALSE;
}

LONG FASTCALL InterlockedIncrement(PLONG Addend)
{
    return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

LONG FASTCALL InterlockedDecrement(PLONG Addend)
{
    return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

LONG FASTCALL InterlockedExchange(PLONG Target, LONG Value)
{
    return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

LONG FASTCALL InterlockedExchangeAdd(PLONG Addend, LONG Value)
{
    return __atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}

LONG FASTCALL InterlockedCompareExchange(PLONG Destination, LONG ExChange, LONG Comperand)
{
    __atomic_compare_exchange_n(Destination, &Comperand, ExChange, false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return Comperand;
}

LONG FASTCALL VideoPortInterlockedIncrement(PLONG Addend) SAME_AS(InterlockedIncrement);
LONG FASTCALL VideoPortInterlockedDecrement(PLONG Addend) SAME_AS(InterlockedDecrement);
LONG FASTCALL VideoPortInterlockedExchange(PLONG Target, LONG Value) SAME_AS(InterlockedExchange);

/* ---- lists that interrupt handlers share ----------------------------------------------------- */

PLIST_ENTRY FASTCALL ExfInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                  PKSPIN_LOCK Lock)
{
    KIRQL before = device_set_irql(HIGH_LEVEL);
    PLIST_ENTRY first = ListHead->Flink;
    UNREFERENCED_PARAMETER(Lock);
    InsertHeadList(ListHead, ListEntry);
    device_set_irql(before);
    return first == ListHead ? NULL : first;
}

PLIST_ENTRY FASTCALL ExfInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                  PKSPIN_LOCK Lock)
{
    KIRQL before = device_set_irql(HIGH_LEVEL);
    PLIST_ENTRY last = ListHead->Blink;
    UNREFERENCED_PARAMETER(Lock);
    InsertTailList(ListHead, ListEntry);
    device_set_irql(before);
    return last == ListHead ? NULL : last;
}

PLIST_ENTRY FASTCALL ExfInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
    KIRQL before = device_set_irql(HIGH_LEVEL);
    PLIST_ENTRY first = RemoveHeadList(ListHead);
    UNREFERENCED_PARAMETER(Lock);
    device_set_irql(before);
    return first == ListHead ? NULL : first;
}

PSINGLE_LIST_ENTRY FASTCALL ExfInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                        PSINGLE_LIST_ENTRY ListEntry,
                                                        PKSPIN_LOCK Lock)
{
    KIRQL before = device_set_irql(HIGH_LEVEL);
    PSINGLE_LIST_ENTRY first = ListHead->Next;
    UNREFERENCED_PARAMETER(Lock);
    PushEntryList(ListHead, ListEntry);
    device_set_irql(before);
    return first;
}

PSINGLE_LIST_ENTRY FASTCALL ExfInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                       PKSPIN_LOCK Lock)
{
    KIRQL before = device_set_irql(HIGH_LEVEL);
    PSINGLE_LIST_ENTRY first = PopEntryList(ListHead);
    UNREFERENCED_PARAMETER(Lock);
    device_set_irql(before);
    return first;
}

PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                              PKSPIN_LOCK Lock)
{
    return ExfInterlockedInsertHeadList(ListHead, ListEntry, Lock);
}

PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                              PKSPIN_LOCK Lock)
{
    return ExfInterlockedInsertTailList(ListHead, ListEntry, Lock);
}

PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
    return ExfInterlockedRemoveHeadList(ListHead, Lock);
}

PSINGLE_LIST_ENTRY NTAPI ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                    PSINGLE_LIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
    return ExfInterlockedPushEntryList(ListHead, ListEntry, Lock);
}

PSINGLE_LIST_ENTRY NTAPI ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
    return ExfInterlockedPopEntryList(ListHead, Lock);
}

VOID NTAPI VideoPortStallExecution(ULONG Microseconds)
{
    videoport_host->stall(Microseconds);
}

VOID NTAPI KeStallExecutionProcessor(ULONG MicroSeconds) SAME_AS(VideoPortStallExecution);

static void print(const char *call, const char *format, va_list arguments)
{
    char text[200];
    size_t length = format_list(text, sizeof text, format, arguments);
    bool is_cut = length >= sizeof text;
    if (!is_cut && length != 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    device_log(device_current(), call, "text: %s%s", text, is_cut ? "..." : "");
}

VOID VideoPortDebugPrint(VIDEO_DEBUG_LEVEL DebugPrintLevel, PCSTR DebugMessage, ...)
{
    va_list arguments;
    va_start(arguments, DebugMessage);
    if (DebugPrintLevel <= Warn)
        print(__func__, DebugMessage, arguments);
    va_end(arguments);
}

ULONG DbgPrint(PCSTR Format, ...)
{
    va_list arguments;
    va_start(arguments, Format);
    print(__func__, Format, arguments);
    va_end(arguments);
    return STATUS_SUCCESS;
}

/* What stops a driver is its fault: an instruction that no processor has. */
VOID NTAPI KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                        ULONG_PTR BugCheckParameter2, ULONG_PTR BugCheckParameter3,
                        ULONG_PTR BugCheckParameter4)
{
    device_log(device_current(), __func__, "code=0x%llx 0x%llx 0x%llx 0x%llx 0x%llx",
               (number_t)BugCheckCode, (number_t)BugCheckParameter1, (number_t)BugCheckParameter2,
               (number_t)BugCheckParameter3, (number_t)BugCheckParameter4);
    __builtin_trap();
}

/* There is no debugger that would go on. */
VOID NTAPI DbgBreakPoint(VOID)
{
    __builtin_trap();
}

VOID NTAPI RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PSTR Message)
{
    device_log(device_current(), __func__, "text: %s, %s line %u%s%s",
               (const char *)FailedAssertion, (const char *)FileName, (unsigned)LineNumber,
               Message == NULL ? "" : ": ", Message == NULL ? "" : Message);
}

VOID NTAPI KeBugCheck(ULONG BugCheckCode)
{
    KeBugCheckEx(BugCheckCode, 0, 0, 0, 0);
}
