#ifndef WDM_H
#define WDM_H

/*
 * What miniports call of NT's kernel and HAL: contiguous memory, pool, strings, events, DPCs,
 * timers, levels, time. All of it is documented under learn.microsoft.com/windows-hardware/drivers/
 * ddi/wdm and ddi/ntddk. What a driver holds belongs to it, and is reclaimed when it is stopped.
 * Functions want PASSIVE_LEVEL unless they say otherwise; too high a level, or an argument that is
 * not what it should be, is refused, with a line on the log.
 */

#include <stdarg.h>

#include "ioaccess.h"
#include "ntdef.h"

/* A variable that binaries import. */
#ifndef KERNEL_VARIABLE
#ifdef _WIN32
#define KERNEL_VARIABLE extern __attribute__((dllimport))
#else
#define KERNEL_VARIABLE extern
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- contiguous memory, device memory -------------------------------------------------------- */

typedef enum _MEMORY_CACHING_TYPE {
    MmNonCached = 0,
    MmCached = 1,
    MmWriteCombined = 2
} MEMORY_CACHING_TYPE;

/*
 * Allocates NumberOfBytes, page-aligned, uninitialised, whose last byte lies at or below
 * HighestAcceptableAddress. NULL on failure, for 0 bytes, or above PASSIVE_LEVEL; the log says why.
 * Freed by MmFreeContiguousMemory.
 */
PVOID NTAPI MmAllocateContiguousMemory(SIZE_T NumberOfBytes,
                                       PHYSICAL_ADDRESS HighestAcceptableAddress);

/*
 * The same between two addresses, both inclusive, mapped with that cache type; the block crosses no
 * multiple of BoundaryAddressMultiple, a power of two or 0 for none. NULL also for any other one.
 */
PVOID NTAPI MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
                                                   PHYSICAL_ADDRESS LowestAcceptableAddress,
                                                   PHYSICAL_ADDRESS HighestAcceptableAddress,
                                                   PHYSICAL_ADDRESS BoundaryAddressMultiple,
                                                   MEMORY_CACHING_TYPE CacheType);

/*
 * Frees a block by its exact base: one from the two functions above, or from
 * VideoPortAllocateContiguousMemory. Anything else is refused, and named on the log.
 */
VOID NTAPI MmFreeContiguousMemory(PVOID BaseAddress);

/* The physical address behind a mapped one, at any level; 0 if nothing is mapped there. */
PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID BaseAddress);

/* Maps device memory: write-combined if CacheType is MmWriteCombined, else uncached. NULL on
   failure. Undone by MmUnmapIoSpace with the same address and size. */
PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
                         MEMORY_CACHING_TYPE CacheType);
VOID NTAPI MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes);

/* Memory accesses before it are done before any after it, those that the processor combines
   included: a locked operation, which a 486 has as well (Intel SDM vol. 3A, 9.2.2 and 12.3.1). */
static __inline__ VOID KeMemoryBarrier(VOID)
{
    __sync_synchronize();
}

/* ---- pool ------------------------------------------------------------------------------------ */

typedef enum _POOL_TYPE {
    NonPagedPool = 0,
    PagedPool = 1,
    NonPagedPoolMustSucceed = 2,
    DontUseThisType = 3,
    NonPagedPoolCacheAligned = 4,
    PagedPoolCacheAligned = 5,
    NonPagedPoolCacheAlignedMustS = 6
} POOL_TYPE;

/* As VideoPortAllocatePool: NULL on failure, also for MustSucceed and for 0 bytes. Nonpaged types,
   and freeing, also at DISPATCH_LEVEL. */
PVOID NTAPI ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes);
PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag);

/* Frees a block of pool by its exact address. A Tag other than 0 must be the allocation's. */
VOID NTAPI ExFreePool(PVOID P);
VOID NTAPI ExFreePoolWithTag(PVOID P, ULONG Tag);

/* ---- memory and strings ---------------------------------------------------------------------- */

/* Any level, as all of this part that allocates nothing. */
VOID NTAPI RtlZeroMemory(PVOID Destination, SIZE_T Length);
VOID NTAPI RtlFillMemory(PVOID Destination, SIZE_T Length, UCHAR Fill);
VOID NTAPI RtlCopyMemory(PVOID Destination, CONST VOID *Source, SIZE_T Length);
VOID NTAPI RtlMoveMemory(PVOID Destination, CONST VOID *Source, SIZE_T Length);

/* How many bytes, from the first on, are the same: Length if all are. */
SIZE_T NTAPI RtlCompareMemory(CONST VOID *Source1, CONST VOID *Source2, SIZE_T Length);

/* A string without a copy of Source, which may be NULL: then it is empty. */
VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString);
VOID NTAPI RtlInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString);

/* Only the letters A to Z have two cases here. Compare: below 0 if String1 is less, 0, or above. */
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                    BOOLEAN CaseInSensitive);
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
                                   BOOLEAN CaseInSensitive);

/* Copies as much as fits. */
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);

/* STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL, and nothing is appended. */
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);

/*
 * Between characters of 16 and of 8 bits; a character that 8 bits do not hold becomes '?'. Returns
 * STATUS_SUCCESS, STATUS_BUFFER_OVERFLOW if the result does not fit, STATUS_INVALID_PARAMETER_2 if
 * it would be larger than a string can be, or STATUS_NO_MEMORY. With AllocateDestinationString the
 * buffer is pool, freed by RtlFreeUnicodeString or RtlFreeAnsiString; PASSIVE_LEVEL then.
 */
NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
                                            PCANSI_STRING SourceString,
                                            BOOLEAN AllocateDestinationString);
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString,
                                            PCUNICODE_STRING SourceString,
                                            BOOLEAN AllocateDestinationString);
VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING UnicodeString);
VOID NTAPI RtlFreeAnsiString(PANSI_STRING AnsiString);

/* Writes a line to the kernel's log. Any level. cdecl, as every variadic function. Conversions as
   in kernel/lib/format.h, NT's own among them. Returns STATUS_SUCCESS. */
ULONG DbgPrint(PCSTR Format, ...);

#if DBG
#define KdPrint(arguments) DbgPrint arguments
#else
#define KdPrint(arguments)
#endif

/* ---- lists ----------------------------------------------------------------------------------- */

/*
 * A doubly linked list is a ring, and its head is one of the ring's entries. Any level; who shares
 * a list guards it. To remove from an empty list returns the head itself.
 */
static __inline__ VOID InitializeListHead(PLIST_ENTRY ListHead)
{
    ListHead->Flink = ListHead->Blink = ListHead;
}

static __inline__ BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
    return (BOOLEAN)(ListHead->Flink == ListHead);
}

/* TRUE if the list is empty now. */
static __inline__ BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
    PLIST_ENTRY Next = Entry->Flink;
    PLIST_ENTRY Previous = Entry->Blink;
    Previous->Flink = Next;
    Next->Blink = Previous;
    return (BOOLEAN)(Next == Previous);
}

static __inline__ PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
    PLIST_ENTRY Entry = ListHead->Flink;
    RemoveEntryList(Entry);
    return Entry;
}

static __inline__ PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead)
{
    PLIST_ENTRY Entry = ListHead->Blink;
    RemoveEntryList(Entry);
    return Entry;
}

static __inline__ VOID InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
    Entry->Flink = ListHead->Flink;
    Entry->Blink = ListHead;
    ListHead->Flink->Blink = Entry;
    ListHead->Flink = Entry;
}

static __inline__ VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
    InsertHeadList(ListHead->Blink, Entry);
}

/* A singly linked list ends with NULL, which is what an empty one gives. */
static __inline__ VOID PushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY Entry)
{
    Entry->Next = ListHead->Next;
    ListHead->Next = Entry;
}

static __inline__ PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
    PSINGLE_LIST_ENTRY Entry = ListHead->Next;
    if (Entry != NULL)
        ListHead->Next = Entry->Next;
    return Entry;
}

/* ---- levels, spin locks, interlocked operations ---------------------------------------------- */

/*
 * The level: PASSIVE_LEVEL, DISPATCH_LEVEL in a DPC or a timer routine, above it in an interrupt
 * handler, or what it was raised to. No DPC runs at DISPATCH_LEVEL, and no interrupt comes above.
 * To raise it to a lower one, or to lower it to a higher one, is refused. When a driver's routine
 * returns, the level is what it was when that was called.
 */
KIRQL NTAPI KeGetCurrentIrql(VOID);
KIRQL FASTCALL KfRaiseIrql(KIRQL NewIrql); /* returns the level from before */
VOID FASTCALL KfLowerIrql(KIRQL NewIrql);
VOID NTAPI KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql);
VOID NTAPI KeLowerIrql(KIRQL NewIrql);
KIRQL NTAPI KeRaiseIrqlToDpcLevel(VOID);

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;

/* There is one processor, so to hold a lock is to be at DISPATCH_LEVEL. */
VOID NTAPI KeInitializeSpinLock(PKSPIN_LOCK SpinLock);
KIRQL FASTCALL KfAcquireSpinLock(PKSPIN_LOCK SpinLock); /* returns the level from before */
VOID FASTCALL KfReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql);
VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
VOID FASTCALL KefAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
VOID FASTCALL KefReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock);
VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock);

/* The first two return the new value, the others that from before. Any level. */
LONG FASTCALL InterlockedIncrement(PLONG Addend);
LONG FASTCALL InterlockedDecrement(PLONG Addend);
LONG FASTCALL InterlockedExchange(PLONG Target, LONG Value);
LONG FASTCALL InterlockedExchangeAdd(PLONG Addend, LONG Value);
LONG FASTCALL InterlockedCompareExchange(PLONG Destination, LONG ExChange, LONG Comperand);

/* The same as the functions for lists above, at any level, and no interrupt comes in between. They
   return the entry that was removed, or was the first (InsertTail: the last) before; NULL if the
   list was empty. Those with an f are what the kits' macros made of them. */
PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                              PKSPIN_LOCK Lock);
PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                              PKSPIN_LOCK Lock);
PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock);
PSINGLE_LIST_ENTRY NTAPI ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                    PSINGLE_LIST_ENTRY ListEntry, PKSPIN_LOCK Lock);
PSINGLE_LIST_ENTRY NTAPI ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead, PKSPIN_LOCK Lock);
PLIST_ENTRY FASTCALL ExfInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                  PKSPIN_LOCK Lock);
PLIST_ENTRY FASTCALL ExfInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                  PKSPIN_LOCK Lock);
PLIST_ENTRY FASTCALL ExfInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock);
PSINGLE_LIST_ENTRY FASTCALL ExfInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                        PSINGLE_LIST_ENTRY ListEntry,
                                                        PKSPIN_LOCK Lock);
PSINGLE_LIST_ENTRY FASTCALL ExfInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead,
                                                       PKSPIN_LOCK Lock);

/* ---- events, DPCs, timers -------------------------------------------------------------------- */

/* Drivers own the memory of these and touch nothing in it. */
typedef struct _DISPATCHER_HEADER {
    UCHAR Type;
    UCHAR Absolute;
    UCHAR Size;
    UCHAR Inserted;
    volatile LONG SignalState;
    LIST_ENTRY WaitListHead;
} DISPATCHER_HEADER;

typedef struct _KEVENT {
    DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT;

struct _KDPC;
typedef VOID(NTAPI *PKDEFERRED_ROUTINE)(struct _KDPC *Dpc, PVOID DeferredContext,
                                        PVOID SystemArgument1, PVOID SystemArgument2);

typedef struct _KDPC {
    UCHAR Type;
    UCHAR Importance;
    USHORT Number;
    LIST_ENTRY DpcListEntry;
    PKDEFERRED_ROUTINE DeferredRoutine;
    PVOID DeferredContext;
    PVOID SystemArgument1;
    PVOID SystemArgument2;
    PULONG_PTR Lock;
} KDPC, *PKDPC;

typedef struct _KTIMER {
    DISPATCHER_HEADER Header;
    LARGE_INTEGER DueTime;
    LIST_ENTRY TimerListEntry;
    struct _KDPC *Dpc;
    LONG Period;
} KTIMER, *PKTIMER;

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _KWAIT_REASON { Executive = 0 } KWAIT_REASON;
typedef enum _MODE { KernelMode, UserMode } MODE;
typedef CHAR KPROCESSOR_MODE;
typedef LONG KPRIORITY;

/* What a thread that waits for an event gains. There is one thread here, so all are the same. */
#define IO_NO_INCREMENT 0
#define IO_VIDEO_INCREMENT 1
#define EVENT_INCREMENT 1

/* A synchronization event is reset by who waited for it. Set, reset and read return the state from
   before, not 0 if it was signalled; the other two arguments are not used. Any level. */
VOID NTAPI KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State);
LONG NTAPI KeSetEvent(PKEVENT Event, KPRIORITY Increment, BOOLEAN Wait);
LONG NTAPI KeResetEvent(PKEVENT Event);
VOID NTAPI KeClearEvent(PKEVENT Event);
LONG NTAPI KeReadStateEvent(PKEVENT Event);

/*
 * Waits for an event or a timer; DPCs and timers run meanwhile. Timeout is in units of 100 ns:
 * negative from now on, positive a time of KeQuerySystemTime, 0 not at all (then also at
 * DISPATCH_LEVEL), NULL for ever, which here is a minute. STATUS_SUCCESS, STATUS_TIMEOUT, or
 * STATUS_INVALID_PARAMETER. The three arguments in the middle are not used.
 */
NTSTATUS NTAPI KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
                                     KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                     PLARGE_INTEGER Timeout);

/* Waits that long, in the same units. STATUS_SUCCESS. */
NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                      PLARGE_INTEGER Interval);

/* The routine is called at DISPATCH_LEVEL once the driver has returned or waits. Insert: FALSE if
   the DPC waits already, or too many do. Remove: FALSE if it does not wait. Any level. */
VOID NTAPI KeInitializeDpc(PKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext);
BOOLEAN NTAPI KeInsertQueueDpc(PKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2);
BOOLEAN NTAPI KeRemoveQueueDpc(PKDPC Dpc);

/*
 * At its time (DueTime as in KeWaitForSingleObject, rounded up to 10 ms) a timer is signalled and
 * its DPC, which may be NULL, queued; then again every Period milliseconds, if that is not 0. Set
 * and cancel return TRUE if it was set before. At DISPATCH_LEVEL as well.
 */
VOID NTAPI KeInitializeTimer(PKTIMER Timer);
VOID NTAPI KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type);
BOOLEAN NTAPI KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc);
BOOLEAN NTAPI KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc);
BOOLEAN NTAPI KeCancelTimer(PKTIMER Timer);
BOOLEAN NTAPI KeReadStateTimer(PKTIMER Timer);

/* ---- time, and the end ----------------------------------------------------------------------- */

typedef struct _KSYSTEM_TIME {
    ULONG LowPart;
    LONG High1Time;
    LONG High2Time;
} KSYSTEM_TIME, *PKSYSTEM_TIME;

/* Units of 100 ns since the system was started. Nobody tells it the date: that was in 1601. Any
   level, as all that follows. */
VOID NTAPI KeQuerySystemTime(PLARGE_INTEGER CurrentTime);

/* Ticks since then, and units of 100 ns in one. */
KERNEL_VARIABLE volatile KSYSTEM_TIME KeTickCount;
VOID NTAPI KeQueryTickCount(PLARGE_INTEGER TickCount);
ULONG NTAPI KeQueryTimeIncrement(VOID);

/* The finest counter that there is; how often it counts in a second, if that is not NULL. */
LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency);

/* Waits busily, at least that long. */
VOID NTAPI KeStallExecutionProcessor(ULONG MicroSeconds);

/* What checked drivers do where an ASSERT does not hold: a line on the log, and the driver goes on;
   and what ends it. */
VOID NTAPI RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PSTR Message);
VOID NTAPI DbgBreakPoint(VOID);

/* Ends not the system but the driver, with its words on the log. */
DECLSPEC_NORETURN VOID NTAPI KeBugCheck(ULONG BugCheckCode);
DECLSPEC_NORETURN VOID NTAPI KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                                          ULONG_PTR BugCheckParameter2,
                                          ULONG_PTR BugCheckParameter3,
                                          ULONG_PTR BugCheckParameter4);

#if UINTPTR_MAX == 0xFFFFFFFFu
C_ASSERT(sizeof(KEVENT) == 16);
C_ASSERT(sizeof(KDPC) == 32 && FIELD_OFFSET(KDPC, DeferredRoutine) == 12);
C_ASSERT(sizeof(KTIMER) == 40 && FIELD_OFFSET(KTIMER, Dpc) == 32);
C_ASSERT(sizeof(KSYSTEM_TIME) == 12);
#endif

#ifdef __cplusplus
}
#endif

#endif
