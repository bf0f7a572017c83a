/*
 * NT's events, timers and DPCs. They lie in the driver's memory, so what reads and writes them is
 * here, where a fault is the driver's (kernel/video/fault.c), and what the port keeps in mind of
 * them is in dpc.c.
 */
#include "device.h"
#include "drivers/videoport/include/wdm.h"

/* Types in NT's numbers: those of events, and behind 8 of timers. */
#define TYPE_TIMER 8
#define TYPE_DPC 19

static bool is_signalling(const DISPATCHER_HEADER *object)
{
    return (object->Type & ~(TYPE_TIMER | SynchronizationEvent)) == 0 &&
           object->Size == sizeof *object / sizeof(LONG);
}

/* True if it is as expected; else a line on the log. */
static bool check(bool holds, const void *object, const char *call)
{
    if (!holds)
        device_log(device_current(), call, "refused: 0x%llx was not initialized",
                   (number_t)(uintptr_t)object);
    return holds;
}

static void initialize(DISPATCHER_HEADER *object, unsigned type, bool state)
{
    *object = (DISPATCHER_HEADER){
        .Type = (UCHAR)type, .Size = sizeof *object / sizeof(LONG), .SignalState = state};
}

/* Returns the state from before. */
static LONG signal(DISPATCHER_HEADER *object, bool state, const char *call)
{
    if (!check(is_signalling(object), object, call))
        return 0;
    LONG before = object->SignalState;
    object->SignalState = state;
    return before;
}

/* ---- events ---------------------------------------------------------------------------------- */

VOID NTAPI KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    initialize(&Event->Header, Type == SynchronizationEvent, State != FALSE);
}

LONG NTAPI KeSetEvent(PKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    UNREFERENCED_PARAMETER(Increment);
    UNREFERENCED_PARAMETER(Wait);
    return signal(&Event->Header, true, __func__);
}

LONG NTAPI KeResetEvent(PKEVENT Event)
{
    return signal(&Event->Header, false, __func__);
}

VOID NTAPI KeClearEvent(PKEVENT Event)
{
    signal(&Event->Header, false, __func__);
}

LONG NTAPI KeReadStateEvent(PKEVENT Event)
{
    return Event->Header.SignalState;
}

NTSTATUS NTAPI KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
                                     KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                     PLARGE_INTEGER Timeout)
{
    DISPATCHER_HEADER *object = Object;
    bool is_look = Timeout != NULL && Timeout->QuadPart == 0;
    UNREFERENCED_PARAMETER(WaitReason);
    UNREFERENCED_PARAMETER(WaitMode);
    UNREFERENCED_PARAMETER(Alertable);
    if (!device_check_level(device_current(), __func__,
                            is_look ? DEVICE_AT_DISPATCH : DEVICE_AT_PASSIVE) ||
        !check(is_signalling(object), object, __func__))
        return STATUS_INVALID_PARAMETER;
    return device_wait(object, Timeout, __func__) ? STATUS_SUCCESS : STATUS_TIMEOUT;
}

NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                      PLARGE_INTEGER Interval)
{
    DISPATCHER_HEADER never = {0};
    UNREFERENCED_PARAMETER(WaitMode);
    UNREFERENCED_PARAMETER(Alertable);
    if (!device_check_level(device_current(), __func__, DEVICE_AT_PASSIVE) || Interval == NULL)
        return STATUS_INVALID_PARAMETER;
    device_wait(&never, Interval, __func__);
    return STATUS_SUCCESS;
}

/* ---- DPCs ------------------------------------------------------------------------------------ */

VOID NTAPI KeInitializeDpc(PKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
    *Dpc = (KDPC){
        .Type = TYPE_DPC, .DeferredRoutine = DeferredRoutine, .DeferredContext = DeferredContext};
}

static VOID NTAPI run(PVOID extension, PVOID context)
{
    PKDPC dpc = context;
    UNREFERENCED_PARAMETER(extension);
    dpc->DeferredRoutine(dpc, dpc->DeferredContext, dpc->SystemArgument1, dpc->SystemArgument2);
}

BOOLEAN NTAPI KeInsertQueueDpc(PKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
    if (!check(Dpc->Type == TYPE_DPC, Dpc, __func__) || !device_queue_dpc(run, Dpc, __func__))
        return FALSE;
    Dpc->SystemArgument1 = SystemArgument1;
    Dpc->SystemArgument2 = SystemArgument2;
    return TRUE;
}

BOOLEAN NTAPI KeRemoveQueueDpc(PKDPC Dpc)
{
    return device_remove_dpc(Dpc);
}

/* ---- timers ---------------------------------------------------------------------------------- */

VOID NTAPI KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
    device_remove_timer(Timer);
    *Timer = (KTIMER){.Dpc = NULL};
    initialize(&Timer->Header, TYPE_TIMER | (Type == SynchronizationTimer), false);
}

VOID NTAPI KeInitializeTimer(PKTIMER Timer)
{
    KeInitializeTimerEx(Timer, NotificationTimer);
}

BOOLEAN NTAPI KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
    if (!device_check_level(device_current(), __func__, DEVICE_AT_DISPATCH) ||
        !check(is_signalling(&Timer->Header) && (Timer->Header.Type & TYPE_TIMER) != 0, Timer,
               __func__) ||
        (Dpc != NULL && !check(Dpc->Type == TYPE_DPC, Dpc, __func__)))
        return FALSE;
    bool was_set = device_remove_timer(Timer);
    Timer->Header.SignalState = 0;
    Timer->Dpc = Dpc;
    device_add_timer(Timer, device_moment(&DueTime), Period > 0 ? (uint32_t)Period : 0, __func__);
    return was_set;
}

BOOLEAN NTAPI KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    return KeSetTimerEx(Timer, DueTime, 0, Dpc);
}

BOOLEAN NTAPI KeCancelTimer(PKTIMER Timer)
{
    return device_remove_timer(Timer);
}

BOOLEAN NTAPI KeReadStateTimer(PKTIMER Timer)
{
    return Timer->Header.SignalState != 0;
}

void device_fire_timer(void *timer)
{
    PKTIMER fired = timer;
    fired->Header.SignalState = 1;
    if (fired->Dpc != NULL)
        device_queue_dpc(run, fired->Dpc, "KeSetTimer");
}
