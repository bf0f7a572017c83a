/*
 * A miniport that leans on NT's kernel more than on the video port, as those do that were ported
 * from other systems: pool, strings, events, timers, locks, registers and C's library come from
 * ntoskrnl.exe and HAL.dll. It shows nothing.
 *
 * On its way up it calls all of these, with right arguments and with wrong ones, and tells by
 * DbgPrint which did not answer as documented, then how many did. The parameter Crime has it end
 * itself, or pass what is no object.
 */

#include "video.h"
#include "wdm.h"

/* What compilers import by themselves, and what <string.h>, <stdio.h> and <wchar.h> declare. */
int sprintf(char *, const char *, ...);
int vsprintf(char *, const char *, __builtin_va_list);
int _snprintf(char *, SIZE_T, const char *, ...);
int _vsnprintf(char *, SIZE_T, const char *, __builtin_va_list);
int swprintf(WCHAR *, const WCHAR *, ...);
int _snwprintf(WCHAR *, SIZE_T, const WCHAR *, ...);
void *memcpy(void *, const void *, SIZE_T);
SIZE_T strlen(const char *);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, SIZE_T);
int tolower(int);
int toupper(int);
int _stricmp(const char *, const char *);
int _strnicmp(const char *, const char *, SIZE_T);
char *strcpy(char *, const char *);
char *strcat(char *, const char *);
char *strncpy(char *, const char *, SIZE_T);
char *strchr(const char *, int);
char *strstr(const char *, const char *);
SIZE_T wcslen(const WCHAR *);
int wcscmp(const WCHAR *, const WCHAR *);
int _wcsicmp(const WCHAR *, const WCHAR *);
WCHAR *wcscpy(WCHAR *, const WCHAR *);
WCHAR *wcscat(WCHAR *, const WCHAR *);
WCHAR *wcsncpy(WCHAR *, const WCHAR *, SIZE_T);
long long NTAPI _allmul(long long, long long);
long long NTAPI _alldiv(long long, long long);
long long NTAPI _allrem(long long, long long);
unsigned long long NTAPI _aulldiv(unsigned long long, unsigned long long);
unsigned long long NTAPI _aullrem(unsigned long long, unsigned long long);
__attribute__((regparm(3))) long long _allshl(long long, unsigned char);
__attribute__((regparm(3))) long long _allshr(long long, unsigned char);
__attribute__((regparm(3))) unsigned long long _aullshr(unsigned long long, unsigned char);

#define TAG 0x74706D49u
#define NOWHERE ((PVOID)0x12345678)

typedef struct _EXTENSION {
    ULONG Passed;
    ULONG Failed;
    ULONG Crime;
    KIRQL LevelBefore;
    KEVENT DpcDone;
    ULONG DpcCount;
    ULONG DpcLevel;
    PVOID DpcArgument;
    PVOID DpcPool;
} EXTENSION, *PEXTENSION;

static VOID Expect(PEXTENSION Nt, BOOLEAN Holds, PCHAR What)
{
    if (Holds) {
        Nt->Passed++;
        return;
    }
    Nt->Failed++;
    DbgPrint("imports failed: %s\n", What);
}

#define EXPECT(Condition) Expect(Nt, (Condition) ? TRUE : FALSE, #Condition)

static LARGE_INTEGER Milliseconds(LONG Count)
{
    LARGE_INTEGER Time;
    Time.QuadPart = -(LONGLONG)Count * 10000;
    return Time;
}

static VOID TestPool(PEXTENSION Nt)
{
    PUCHAR Plain = ExAllocatePool(NonPagedPool, 100);
    PUCHAR Tagged = ExAllocatePoolWithTag(PagedPool, 5000, TAG);
    EXPECT(Plain != NULL && Tagged != NULL);
    if (Plain == NULL || Tagged == NULL)
        return;
    RtlFillMemory(Plain, 100, 0x5A);
    RtlFillMemory(Tagged, 5000, 0xA5);
    EXPECT(Plain[99] == 0x5A && Tagged[4999] == 0xA5);
    ExFreePoolWithTag(Tagged, TAG + 1); /* refused, as the next three */
    ExFreePool(Tagged + 16);
    ExFreePool(NOWHERE);
    MmFreeContiguousMemory(Tagged);
    EXPECT(Plain[99] == 0x5A && Tagged[4999] == 0xA5);
    EXPECT(MmGetPhysicalAddress(Tagged).QuadPart != 0);
    ExFreePoolWithTag(Tagged, TAG);
    EXPECT(MmGetPhysicalAddress(Tagged).QuadPart == 0);
    ExFreePool(Plain);
    ExFreePool(Plain); /* twice: refused */
    EXPECT(ExAllocatePool(NonPagedPool, 0) == NULL);
    EXPECT(ExAllocatePoolWithTag(NonPagedPool, 0xFFFFF000, TAG) == NULL);
}

static VOID TestMappings(PEXTENSION Nt)
{
    PHYSICAL_ADDRESS Text = {.LowPart = 0xB8000};
    PHYSICAL_ADDRESS Bank = {.LowPart = 0xA0000};
    PUSHORT Cells = MmMapIoSpace(Text, 4000, MmNonCached);
    ULONG Length = 0x10000;
    ULONG InIoSpace = VIDEO_MEMORY_SPACE_MEMORY;
    PVOID Mapped = NULL;
    USHORT Cell;
    USHORT Pair[2];
    EXPECT(Cells != NULL && MmGetPhysicalAddress(Cells).QuadPart == Text.QuadPart);
    if (Cells == NULL)
        return;
    Cell = READ_REGISTER_USHORT(Cells);
    READ_REGISTER_BUFFER_USHORT(Cells, Pair, 2);
    EXPECT(Pair[0] == Cell);
    WRITE_REGISTER_USHORT(Cells, 0x0741);
    EXPECT(READ_REGISTER_UCHAR((PUCHAR)Cells) == 0x41 && READ_REGISTER_USHORT(Cells) == 0x0741);
    WRITE_REGISTER_BUFFER_USHORT(Cells, Pair, 2);
    EXPECT(READ_REGISTER_USHORT(Cells) == Cell);
    MmUnmapIoSpace(Cells, 4096); /* another size, another address: refused */
    MmUnmapIoSpace(Cells + 1, 4000);
    EXPECT(MmGetPhysicalAddress(Cells).QuadPart == Text.QuadPart);
    MmUnmapIoSpace(Cells, 4000);
    EXPECT(MmGetPhysicalAddress(Cells).QuadPart == 0);
    MmUnmapIoSpace(Cells, 4000); /* twice: refused */
    EXPECT(MmMapIoSpace(Text, 0, MmNonCached) == NULL);
    EXPECT(VideoPortMapBankedMemory(Nt, Bank, &Length, &InIoSpace, &Mapped, 0x8000, FALSE, NULL,
                                    NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(Mapped == NULL);
    EXPECT(VideoPortMapBankedMemory(Nt, Bank, &Length, &InIoSpace, &Mapped, 0x10000, FALSE, NULL,
                                    NULL) == NO_ERROR);
    EXPECT(MmGetPhysicalAddress(Mapped).QuadPart == Bank.QuadPart);
    EXPECT(VideoPortUnmapMemory(Nt, Mapped, NULL) == NO_ERROR);
}

/* Registers that are memory here, and the index of a VGA, which keeps a byte. */
static VOID TestRegisters(PEXTENSION Nt)
{
    UCHAR Bytes[4] = {1, 2, 3, 4};
    USHORT Words[2] = {0x1122, 0x3344};
    ULONG Values[2] = {0x11223344, 0x55667788};
    ULONG Memory[2] = {0, 0};
    PUCHAR Port = (PUCHAR)0x3D4;
    WRITE_REGISTER_ULONG(Memory, 0xCAFE0102);
    EXPECT(READ_REGISTER_ULONG(Memory) == 0xCAFE0102);
    WRITE_REGISTER_UCHAR((PUCHAR)Memory + 3, 7);
    EXPECT(Memory[0] == 0x07FE0102);
    WRITE_REGISTER_BUFFER_ULONG(Memory, Values, 2);
    READ_REGISTER_BUFFER_UCHAR((PUCHAR)Memory, Bytes, 4);
    EXPECT(Bytes[0] == 0x44 && Bytes[3] == 0x11);
    WRITE_REGISTER_BUFFER_UCHAR((PUCHAR)Memory, Bytes + 3, 1);
    READ_REGISTER_BUFFER_ULONG(Memory, Values, 1);
    EXPECT(Values[0] == 0x11223311);
    WRITE_PORT_UCHAR(Port, 0x5A);
    EXPECT(READ_PORT_UCHAR(Port) == 0x5A);
    WRITE_PORT_BUFFER_UCHAR(Port, Bytes, 4);
    READ_PORT_BUFFER_UCHAR(Port, Bytes, 2);
    EXPECT(Bytes[0] == 0x11 && Bytes[1] == 0x11);
    WRITE_PORT_UCHAR(Port, 0);
    WRITE_PORT_USHORT((PUSHORT)0x1CE, 0); /* of the adapter that QEMU calls "std" */
    WRITE_PORT_BUFFER_USHORT((PUSHORT)0x1CE, Words, 0);
    READ_PORT_BUFFER_USHORT((PUSHORT)0x1CF, Words, 1);
    EXPECT(READ_PORT_USHORT((PUSHORT)0x1CF) == Words[0]);
    WRITE_PORT_ULONG((PULONG)0xCF8, 0x80000000);
    READ_PORT_BUFFER_ULONG((PULONG)0xCF8, Values, 1);
    EXPECT(READ_PORT_ULONG((PULONG)0xCF8) == 0x80000000 && Values[0] == 0x80000000);
    Values[0] = 0;
    WRITE_PORT_BUFFER_ULONG((PULONG)0xCF8, Values, 1);
    EXPECT(READ_PORT_ULONG((PULONG)0xCF8) == 0);
}

static VOID TestMemory(PEXTENSION Nt)
{
    CHAR Text[16] = "0123456789";
    RtlMoveMemory(Text + 1, Text, 9);
    EXPECT(strcmp(Text, "0012345678") == 0);
    RtlCopyMemory(Text, "abc", 4);
    EXPECT(RtlCompareMemory(Text, "abd", 3) == 2);
    RtlZeroMemory(Text, 2);
    VideoPortZeroDeviceMemory(Text + 2, 1);
    EXPECT(Text[0] == 0 && Text[2] == 0 && Text[4] == '3');
    EXPECT(VideoPortScanRom(Nt, (PUCHAR) "a BIOS by S3", 12, (PUCHAR) "S3"));
    EXPECT(!VideoPortScanRom(Nt, (PUCHAR) "a BIOS by S3", 11, (PUCHAR) "S3"));
}

static VOID TestStrings(PEXTENSION Nt)
{
    UNICODE_STRING Path;
    UNICODE_STRING Other;
    ANSI_STRING Ansi;
    WCHAR Room[32];
    CHAR Narrow[32];
    Path.Buffer = Room;
    Path.Length = 0;
    Path.MaximumLength = sizeof(Room);
    RtlInitUnicodeString(&Other, L"\\Registry");
    EXPECT(Other.Length == 18 && Other.MaximumLength == 20);
    RtlCopyUnicodeString(&Path, &Other);
    EXPECT(RtlAppendUnicodeToString(&Path, L"\\Machine") == STATUS_SUCCESS);
    EXPECT(wcscmp(Room, L"\\Registry\\Machine") == 0);
    EXPECT(RtlAppendUnicodeStringToString(&Path, &Path) == STATUS_BUFFER_TOO_SMALL);
    RtlInitUnicodeString(&Other, L"\\REGISTRY\\MACHINE");
    EXPECT(RtlEqualUnicodeString(&Path, &Other, TRUE));
    EXPECT(!RtlEqualUnicodeString(&Path, &Other, FALSE));
    EXPECT(RtlCompareUnicodeString(&Path, &Other, FALSE) > 0);
    EXPECT(RtlUnicodeStringToAnsiString(&Ansi, &Path, TRUE) == STATUS_SUCCESS);
    EXPECT(strcmp(Ansi.Buffer, "\\Registry\\Machine") == 0);
    EXPECT(RtlAnsiStringToUnicodeString(&Other, &Ansi, TRUE) == STATUS_SUCCESS);
    EXPECT(RtlEqualUnicodeString(&Path, &Other, FALSE));
    RtlFreeAnsiString(&Ansi);
    RtlFreeUnicodeString(&Other);
    EXPECT(Ansi.Buffer == NULL && Other.Buffer == NULL);
    RtlInitAnsiString(&Ansi, "mode");
    EXPECT(Ansi.Length == 4);
    EXPECT(sprintf(Narrow, "%wZ %ws %S", &Path, L"a", L"b") == 21);
    EXPECT(strncmp(Narrow + 9, "\\Machine a b", 13) == 0);
    EXPECT(swprintf(Room, L"%s%u", L"Device", 3) == 7 && wcscmp(Room, L"Device3") == 0);
    EXPECT(_snwprintf(Room, 4, L"%u", 12345) == -1 && wcslen(Room) == 3);
    EXPECT(_snprintf(Narrow, sizeof(Narrow), "%I64x", 0x123456789ALL) == 10);
    EXPECT(_stricmp(Narrow, "123456789A") == 0 && _strnicmp(Narrow, "12x", 2) == 0);
    EXPECT(_strnicmp(Narrow, "12x", 3) < 0 && tolower('Q') == 'q' && toupper('q') == 'Q');
    strcpy(Narrow, "ab");
    strcat(Narrow, "cd");
    strncpy(Narrow, "AB", 2);
    EXPECT(strlen(Narrow) == 4 && strchr(Narrow, 'c') == strstr(Narrow, "cd"));
    wcscpy(Room, L"ab");
    wcscat(Room, L"cd");
    wcsncpy(Room, L"AB", 2);
    EXPECT(_wcsicmp(Room, L"abcd") == 0);
}

static int Print(char *Narrow, const char *Format, ...)
{
    __builtin_va_list Arguments;
    int Length;
    __builtin_va_start(Arguments, Format);
    Length = vsprintf(Narrow, Format, Arguments);
    __builtin_va_end(Arguments);
    __builtin_va_start(Arguments, Format);
    Length += _vsnprintf(Narrow, 10, Format, Arguments);
    __builtin_va_end(Arguments);
    return Length;
}

/* In variables, so that no compiler knows the answers. */
static VOID TestNumbers(PEXTENSION Nt)
{
    volatile long long Large = -0x123456789ALL;
    volatile UCHAR Eight = 8;
    CHAR Narrow[16];
    EXPECT(Print(Narrow, "%d-%c", 12, 'x') == 8 && strcmp(Narrow, "12-x") == 0);
    EXPECT(_allmul(Large, 3) == -0x369D0369CELL);
    EXPECT(_alldiv(Large, 0x100) == -0x12345678LL && _allrem(Large, 0x100) == -0x9A);
    EXPECT(_aulldiv(0x123456789AULL, 0x100) == 0x12345678);
    EXPECT(_aullrem(0x123456789AULL, 0x100) == 0x9A);
    EXPECT(_allshl(Large, Eight) == -0x123456789A00LL && _allshr(Large, Eight) == -0x12345679LL);
    EXPECT(_aullshr(0x123456789AULL, Eight) == 0x12345678);
}

static VOID NTAPI Deferred(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
                           PVOID SystemArgument2)
{
    PEXTENSION Nt = DeferredContext;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument2);
    Nt->DpcCount++;
    Nt->DpcLevel = KeGetCurrentIrql();
    Nt->DpcArgument = SystemArgument1;
    Nt->DpcPool = ExAllocatePool(NonPagedPool, 8);
    ExFreePool(Nt->DpcPool);
    EXPECT(ExAllocatePool(PagedPool, 8) == NULL);
    KeSetEvent(&Nt->DpcDone, 0, FALSE);
}

static VOID TestEvents(PEXTENSION Nt)
{
    KEVENT Event;
    LARGE_INTEGER Short = Milliseconds(30);
    LARGE_INTEGER Never = Milliseconds(0);
    LARGE_INTEGER Before;
    LARGE_INTEGER After;
    KeInitializeEvent(&Event, SynchronizationEvent, TRUE);
    EXPECT(KeReadStateEvent(&Event) != 0);
    EXPECT(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    EXPECT(KeReadStateEvent(&Event) == 0);
    KeQuerySystemTime(&Before);
    EXPECT(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Short) == STATUS_TIMEOUT);
    VideoPortQuerySystemTime(&After);
    EXPECT(After.QuadPart - Before.QuadPart >= 300000);
    EXPECT(KeSetEvent(&Event, 0, FALSE) == 0 && KeResetEvent(&Event) != 0);
    KeSetEvent(&Event, 0, FALSE);
    KeClearEvent(&Event);
    EXPECT(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Never) == STATUS_TIMEOUT);
    KeInitializeEvent(&Event, NotificationEvent, TRUE);
    EXPECT(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    EXPECT(KeReadStateEvent(&Event) != 0);
    RtlZeroMemory(&Event, sizeof(Event)); /* no event any more: refused */
    EXPECT(KeSetEvent(&Event, 0, FALSE) == 0 && KeReadStateEvent(&Event) == 0);
    EXPECT(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Short) ==
           STATUS_INVALID_PARAMETER);
    EXPECT(KeDelayExecutionThread(KernelMode, FALSE, &Short) == STATUS_SUCCESS);
    EXPECT(KeDelayExecutionThread(KernelMode, FALSE, NULL) == STATUS_INVALID_PARAMETER);
}

static VOID TestDpcs(PEXTENSION Nt)
{
    KDPC Dpc;
    KDPC Wrong = {0};
    LARGE_INTEGER Second = Milliseconds(1000);
    KeInitializeEvent(&Nt->DpcDone, SynchronizationEvent, FALSE);
    KeInitializeDpc(&Dpc, Deferred, Nt);
    EXPECT(!KeInsertQueueDpc(&Wrong, NULL, NULL));
    EXPECT(KeInsertQueueDpc(&Dpc, (PVOID)7, NULL) && !KeInsertQueueDpc(&Dpc, (PVOID)8, NULL));
    EXPECT(KeRemoveQueueDpc(&Dpc) && !KeRemoveQueueDpc(&Dpc) && Nt->DpcCount == 0);
    EXPECT(KeInsertQueueDpc(&Dpc, (PVOID)9, NULL));
    EXPECT(KeWaitForSingleObject(&Nt->DpcDone, Executive, KernelMode, FALSE, &Second) ==
           STATUS_SUCCESS);
    EXPECT(Nt->DpcCount == 1 && Nt->DpcArgument == (PVOID)9 && Nt->DpcLevel == DISPATCH_LEVEL);
    EXPECT(Nt->DpcPool != NULL);
}

static VOID TestTimers(PEXTENSION Nt)
{
    KDPC Dpc;
    KTIMER Timer;
    LARGE_INTEGER Due = Milliseconds(20);
    LARGE_INTEGER Hour = Milliseconds(3600000);
    LARGE_INTEGER Second = Milliseconds(1000);
    KeInitializeDpc(&Dpc, Deferred, Nt);
    KeInitializeTimer(&Timer);
    Nt->DpcCount = 0;
    EXPECT(!KeSetTimer(&Timer, Hour, NULL) && KeSetTimer(&Timer, Due, &Dpc));
    EXPECT(!KeReadStateTimer(&Timer));
    EXPECT(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &Second) == STATUS_SUCCESS);
    EXPECT(Nt->DpcCount == 1 && KeReadStateTimer(&Timer) && !KeCancelTimer(&Timer));
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    EXPECT(!KeSetTimerEx(&Timer, Due, 20, &Dpc)); /* again and again */
    EXPECT(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &Second) == STATUS_SUCCESS);
    EXPECT(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &Second) == STATUS_SUCCESS);
    EXPECT(Nt->DpcCount == 3 && KeCancelTimer(&Timer) && !KeCancelTimer(&Timer));
    RtlZeroMemory(&Timer, sizeof(Timer)); /* no timer any more: refused */
    EXPECT(!KeSetTimer(&Timer, Due, NULL) && !KeCancelTimer(&Timer));
}

static VOID TestLevels(PEXTENSION Nt)
{
    KSPIN_LOCK Lock;
    KIRQL Level;
    EXPECT(Nt->LevelBefore == DISPATCH_LEVEL && KeGetCurrentIrql() == PASSIVE_LEVEL);
    EXPECT(KfRaiseIrql(DISPATCH_LEVEL) == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    EXPECT(KfRaiseIrql(PASSIVE_LEVEL) == DISPATCH_LEVEL); /* lower: refused */
    EXPECT(ExAllocatePool(PagedPool, 8) == NULL);
    KeRaiseIrql(HIGH_LEVEL, &Level);
    EXPECT(Level == DISPATCH_LEVEL && KeGetCurrentIrql() == HIGH_LEVEL);
    EXPECT(ExAllocatePool(NonPagedPool, 8) == NULL);
    KeLowerIrql(Level);
    KfLowerIrql(HIGH_LEVEL); /* higher: refused */
    EXPECT(KeGetCurrentIrql() == DISPATCH_LEVEL);
    KfLowerIrql(PASSIVE_LEVEL);
    EXPECT(KeRaiseIrqlToDpcLevel() == PASSIVE_LEVEL);
    KeLowerIrql(PASSIVE_LEVEL);
    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLock(&Lock, &Level);
    EXPECT(Level == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    KeReleaseSpinLock(&Lock, Level);
    Level = KfAcquireSpinLock(&Lock);
    KefAcquireSpinLockAtDpcLevel(&Lock);
    KefReleaseSpinLockFromDpcLevel(&Lock);
    KeAcquireSpinLockAtDpcLevel(&Lock);
    KeReleaseSpinLockFromDpcLevel(&Lock);
    EXPECT(KeGetCurrentIrql() == DISPATCH_LEVEL);
    KfReleaseSpinLock(&Lock, Level);
    EXPECT(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

static VOID TestVideoPortLocks(PEXTENSION Nt)
{
    PSPIN_LOCK Lock = NULL;
    UCHAR Level = 99;
    EXPECT(VideoPortCreateSpinLock(Nt, &Lock) == NO_ERROR && Lock != NULL);
    EXPECT(VideoPortCreateSpinLock(Nt, NULL) == ERROR_INVALID_PARAMETER);
    VideoPortAcquireSpinLock(Nt, Lock, &Level);
    EXPECT(Level == PASSIVE_LEVEL && VideoPortGetCurrentIrql() == DISPATCH_LEVEL);
    EXPECT(VideoPortDeleteSpinLock(Nt, Lock) == ERROR_INVALID_PARAMETER); /* it is held */
    VideoPortAcquireSpinLockAtDpcLevel(Nt, Lock); /* refused */
    VideoPortReleaseSpinLock(Nt, Lock, Level);
    EXPECT(VideoPortGetCurrentIrql() == PASSIVE_LEVEL);
    VideoPortReleaseSpinLock(Nt, Lock, DISPATCH_LEVEL); /* it is not held: refused */
    EXPECT(VideoPortGetCurrentIrql() == PASSIVE_LEVEL);
    VideoPortAcquireSpinLockAtDpcLevel(Nt, Lock);
    VideoPortReleaseSpinLockFromDpcLevel(Nt, Lock);
    KeLowerIrql(PASSIVE_LEVEL);
    EXPECT(VideoPortDeleteSpinLock(Nt, Lock) == NO_ERROR);
    EXPECT(VideoPortDeleteSpinLock(Nt, Lock) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortDeleteSpinLock(Nt, NOWHERE) == ERROR_INVALID_PARAMETER);
    VideoPortAcquireDeviceLock(Nt);
    VideoPortReleaseDeviceLock(Nt);
}

static VOID TestInterlocked(PEXTENSION Nt)
{
    LONG Value = 5;
    EXPECT(InterlockedIncrement(&Value) == 6 && InterlockedDecrement(&Value) == 5);
    EXPECT(InterlockedExchange(&Value, 9) == 5 && InterlockedExchangeAdd(&Value, -4) == 9);
    EXPECT(InterlockedCompareExchange(&Value, 7, 4) == 5 && Value == 5);
    EXPECT(InterlockedCompareExchange(&Value, 7, 5) == 5 && Value == 7);
    EXPECT(VideoPortInterlockedIncrement(&Value) == 8 &&
           VideoPortInterlockedDecrement(&Value) == 7 &&
           VideoPortInterlockedExchange(&Value, 1) == 7);
}

static VOID TestLists(PEXTENSION Nt)
{
    LIST_ENTRY Head, A, B, C;
    InitializeListHead(&Head);
    EXPECT(IsListEmpty(&Head) && RemoveHeadList(&Head) == &Head && RemoveTailList(&Head) == &Head);
    InsertTailList(&Head, &B);
    InsertHeadList(&Head, &A);
    InsertTailList(&Head, &C);
    EXPECT(Head.Flink == &A && A.Flink == &B && B.Flink == &C && C.Flink == &Head);
    EXPECT(Head.Blink == &C && C.Blink == &B && B.Blink == &A && A.Blink == &Head);
    EXPECT(!RemoveEntryList(&B) && A.Flink == &C && C.Blink == &A && !IsListEmpty(&Head));
    EXPECT(RemoveHeadList(&Head) == &A && RemoveTailList(&Head) == &C && IsListEmpty(&Head));
    InsertHeadList(&Head, &B);
    EXPECT(RemoveEntryList(&B) && IsListEmpty(&Head));
}

static VOID TestSingleLists(PEXTENSION Nt)
{
    SINGLE_LIST_ENTRY Head = {NULL}, A, B;
    KSPIN_LOCK Lock = 0;
    EXPECT(PopEntryList(&Head) == NULL);
    PushEntryList(&Head, &A);
    PushEntryList(&Head, &B);
    EXPECT(PopEntryList(&Head) == &B && PopEntryList(&Head) == &A && Head.Next == NULL);
    EXPECT(ExInterlockedPushEntryList(&Head, &A, &Lock) == NULL);
    EXPECT(ExfInterlockedPushEntryList(&Head, &B, &Lock) == &A);
    EXPECT(ExInterlockedPopEntryList(&Head, &Lock) == &B);
    EXPECT(ExfInterlockedPopEntryList(&Head, &Lock) == &A);
    EXPECT(ExInterlockedPopEntryList(&Head, &Lock) == NULL);
}

static VOID TestInterlockedLists(PEXTENSION Nt)
{
    LIST_ENTRY Head, A, B, C, D;
    KSPIN_LOCK Lock = 0;
    InitializeListHead(&Head);
    EXPECT(ExInterlockedInsertHeadList(&Head, &B, &Lock) == NULL);
    EXPECT(ExfInterlockedInsertHeadList(&Head, &A, &Lock) == &B);
    EXPECT(ExInterlockedInsertTailList(&Head, &C, &Lock) == &B);
    EXPECT(ExfInterlockedInsertTailList(&Head, &D, &Lock) == &C);
    EXPECT(ExInterlockedRemoveHeadList(&Head, &Lock) == &A && KeGetCurrentIrql() == PASSIVE_LEVEL);
    EXPECT(ExfInterlockedRemoveHeadList(&Head, &Lock) == &B && Head.Flink == &C);
    EXPECT(RemoveTailList(&Head) == &D && RemoveTailList(&Head) == &C);
    EXPECT(ExInterlockedRemoveHeadList(&Head, &Lock) == NULL);
    EXPECT(ExfInterlockedInsertTailList(&Head, &D, &Lock) == NULL && Head.Blink == &D);
}

/* A loop that looks at KeTickCount ends, although nobody but the clock's interrupt changes it. */
static VOID TestTime(PEXTENSION Nt)
{
    LARGE_INTEGER Frequency = {.QuadPart = 0};
    LARGE_INTEGER Before = KeQueryPerformanceCounter(&Frequency);
    LARGE_INTEGER Ticks;
    LONGLONG Speed = 0;
    ULONG Start = KeTickCount.LowPart;
    KeStallExecutionProcessor(1000);
    EXPECT(Frequency.QuadPart > 0);
    EXPECT(VideoPortQueryPerformanceCounter(Nt, &Speed) >= Before.QuadPart);
    EXPECT(Speed == Frequency.QuadPart);
    while (KeTickCount.LowPart - Start < 2)
        KeMemoryBarrier();
    EXPECT(KeQueryPerformanceCounter(NULL).QuadPart > Before.QuadPart);
    KeQueryTickCount(&Ticks);
    EXPECT(Ticks.QuadPart >= (LONGLONG)Start + 2 && KeQueryTimeIncrement() == 100000);
}

static VOID TestSystem(PEXTENSION Nt)
{
    ULONG Status = 99;
    RtlAssert("a == b", "imports.c", 7, NULL);
    RtlAssert("a == b", "imports.c", 8, "so it is");
    EXPECT(VideoPortSetTrappedEmulatorPorts(Nt, 1, NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortSetTrappedEmulatorPorts(Nt, 0, NULL) == NO_ERROR);
    EXPECT(VideoPortGetVgaStatus(Nt, NULL) == ERROR_INVALID_PARAMETER);
    EXPECT(VideoPortGetVgaStatus(Nt, &Status) == NO_ERROR ? Status <= DEVICE_VGA_ENABLED
                                                          : Status == 99);
    EXPECT(VideoPortCheckForDeviceExistence(Nt, 0x1234, 0x1111, 0, 0, 0, 0));
    EXPECT(VideoPortCheckForDeviceExistence(Nt, 0x1234, 0x1111, 2, 0x1AF4, 0x1100,
                                            CDE_USE_SUBSYSTEM_IDS | CDE_USE_REVISION));
    EXPECT(!VideoPortCheckForDeviceExistence(Nt, 0x1234, 0x1111, 3, 0, 0, CDE_USE_REVISION));
    EXPECT(!VideoPortCheckForDeviceExistence(Nt, 0x1234, 0x1111, 0, 1, 1, CDE_USE_SUBSYSTEM_IDS));
    EXPECT(!VideoPortCheckForDeviceExistence(Nt, 0x1234, 0x1112, 0, 0, 0, 0));
}

static VP_STATUS NTAPI ReadValue(PVOID HwDeviceExtension, PVOID Context, PWSTR ValueName,
                                 PVOID ValueData, ULONG ValueLength)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    UNREFERENCED_PARAMETER(ValueName);
    if (ValueLength == sizeof(ULONG))
        *(PULONG)Context = *(PULONG)ValueData;
    return NO_ERROR;
}

/* Leaves the level raised: whoever called lowers it again. */
static VP_STATUS NTAPI FindAdapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString,
                                   PVIDEO_PORT_CONFIG_INFO ConfigInfo, PUCHAR Again)
{
    UNREFERENCED_PARAMETER(HwContext);
    UNREFERENCED_PARAMETER(ArgumentString);
    UNREFERENCED_PARAMETER(ConfigInfo);
    *Again = FALSE;
    KeRaiseIrqlToDpcLevel();
    ((PEXTENSION)HwDeviceExtension)->LevelBefore = KeGetCurrentIrql();
    return NO_ERROR;
}

/* A timer whose memory is gone when it goes off. */
static VOID LeaveTimer(VOID)
{
    PKTIMER Timer = ExAllocatePool(NonPagedPool, sizeof(*Timer));
    KeInitializeTimer(Timer);
    KeSetTimer(Timer, Milliseconds(10), NULL);
    ExFreePool(Timer);
}

static VOID Commit(ULONG Crime)
{
    switch (Crime) {
    case 1:
        KeBugCheck(0xD1);
        break;
    case 2:
        KeBugCheckEx(0xD1, 2, 3, 4, 0x55555555);
        break;
    case 3:
        LeaveTimer();
        break;
    case 4:
        KeSetEvent(NULL, 0, FALSE);
        break;
    case 5:
        DbgBreakPoint();
        break;
    case 7:
        RtlMoveMemory(NULL, L"text", sizeof(L"text"));
        break;
    case 8:
        memcpy(NULL, L"text", sizeof(L"text"));
        break;
    case 9:
        sprintf(NULL, "%s", "text");
        break;
    case 10:
        VideoPortZeroMemory(NULL, 1);
        break;
    default:
        RtlInitUnicodeString(NULL, L"text");
        break;
    }
}

static BOOLEAN NTAPI Initialize(PVOID HwDeviceExtension)
{
    PEXTENSION Nt = HwDeviceExtension;
    VideoPortGetRegistryParameters(Nt, L"Crime", FALSE, ReadValue, &Nt->Crime);
    if (Nt->Crime != 0) {
        Commit(Nt->Crime);
        return TRUE;
    }
    TestLevels(Nt);
    TestPool(Nt);
    TestMappings(Nt);
    TestRegisters(Nt);
    TestMemory(Nt);
    TestStrings(Nt);
    TestNumbers(Nt);
    TestEvents(Nt);
    TestDpcs(Nt);
    TestTimers(Nt);
    TestVideoPortLocks(Nt);
    TestLists(Nt);
    TestSingleLists(Nt);
    TestInterlockedLists(Nt);
    TestInterlocked(Nt);
    TestTime(Nt);
    TestSystem(Nt);
    DbgPrint("imports passed=%u failed=%u\n", (unsigned)Nt->Passed, (unsigned)Nt->Failed);
    return TRUE;
}

static BOOLEAN NTAPI StartIO(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    RequestPacket->StatusBlock->Status = ERROR_INVALID_FUNCTION;
    return TRUE;
}

ULONG NTAPI DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA Data;
    RtlZeroMemory(&Data, sizeof(Data));
    Data.HwInitDataSize = sizeof(Data);
    Data.AdapterInterfaceType = PCIBus;
    Data.HwFindAdapter = FindAdapter;
    Data.HwInitialize = Initialize;
    Data.HwStartIO = StartIO;
    Data.HwDeviceExtensionSize = sizeof(EXTENSION);
    return VideoPortInitialize(Context1, Context2, &Data, NULL);
}
