/*
 * Levels and spin locks. There is one processor: who is at DISPATCH_LEVEL has it until the level is
 * lowered, so raising it is all that there is to a lock.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "resource.h"

KIRQL NTAPI VideoPortGetCurrentIrql(VOID)
{
    return device_irql();
}

KIRQL NTAPI KeGetCurrentIrql(VOID) __attribute__((alias("VideoPortGetCurrentIrql")));

/* Returns the level from before. */
static KIRQL change(KIRQL level, bool is_allowed, const char *call)
{
    KIRQL before = device_irql();
    if (is_allowed)
        return device_set_irql(level);
    device_log(device_current(), call, "irql=%u refused: the level is %u", (unsigned)level,
               (unsigned)before);
    return before;
}

KIRQL FASTCALL KfRaiseIrql(KIRQL NewIrql)
{
    return change(NewIrql, NewIrql >= device_irql() && NewIrql <= HIGH_LEVEL, __func__);
}

VOID FASTCALL KfLowerIrql(KIRQL NewIrql)
{
    change(NewIrql, NewIrql <= device_irql(), __func__);
}

VOID NTAPI KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql)
{
    *OldIrql = KfRaiseIrql(NewIrql);
}

VOID NTAPI KeLowerIrql(KIRQL NewIrql)
{
    KfLowerIrql(NewIrql);
}

KIRQL NTAPI KeRaiseIrqlToDpcLevel(VOID)
{
    return KfRaiseIrql(DISPATCH_LEVEL);
}

/* ---- spin locks of NT's kernel --------------------------------------------------------------- */

VOID NTAPI KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
    *SpinLock = 0;
}

KIRQL FASTCALL KfAcquireSpinLock(PKSPIN_LOCK SpinLock)
{
    UNREFERENCED_PARAMETER(SpinLock);
    return KfRaiseIrql(DISPATCH_LEVEL);
}

VOID FASTCALL KfReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    UNREFERENCED_PARAMETER(SpinLock);
    KfLowerIrql(NewIrql);
}

VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql)
{
    *OldIrql = KfAcquireSpinLock(SpinLock);
}

VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    KfReleaseSpinLock(SpinLock, NewIrql);
}

VOID FASTCALL KefAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    UNREFERENCED_PARAMETER(SpinLock);
}

VOID FASTCALL KefReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
    __attribute__((alias("KefAcquireSpinLockAtDpcLevel")));

VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    UNREFERENCED_PARAMETER(SpinLock);
}

VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
    __attribute__((alias("KeAcquireSpinLockAtDpcLevel")));

/* ---- those of the video port ----------------------------------------------------------------- */

VP_STATUS NTAPI VideoPortCreateSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK *SpinLock)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device == NULL || SpinLock == NULL)
        return ERROR_INVALID_PARAMETER;
    *SpinLock = (PSPIN_LOCK)(void *)resource_add(
        &(struct resource){.device = device, .kind = RESOURCE_SPIN_LOCK, .call = __func__});
    return *SpinLock == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR;
}

/* The caller's lock, if it is held as the call wants it; or NULL, and a line on the log. */
static struct resource *open_lock(PVOID extension, const void *handle, bool is_held,
                                  const char *call)
{
    struct videoport_device *device = device_admit_up_to(extension, call, DEVICE_AT_DISPATCH);
    struct resource *lock =
        device == NULL ? NULL : resource_open(RESOURCE_SPIN_LOCK, device, handle);
    if (device == NULL || (lock != NULL && lock->is_held == is_held))
        return lock;
    device_log(device, call, "refused: 0x%llx is %s", (number_t)(uintptr_t)handle,
               lock == NULL ? "no spin lock of this driver"
               : is_held    ? "a lock that is not held"
                            : "held already");
    return NULL;
}

VP_STATUS NTAPI VideoPortDeleteSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    struct resource *lock = open_lock(HwDeviceExtension, SpinLock, false, __func__);
    if (lock == NULL)
        return ERROR_INVALID_PARAMETER;
    resource_remove(lock);
    return NO_ERROR;
}

static UCHAR acquire(PVOID extension, const void *handle, const char *call)
{
    struct resource *lock = open_lock(extension, handle, false, call);
    if (lock == NULL)
        return device_irql();
    lock->is_held = true;
    return device_set_irql(DISPATCH_LEVEL);
}

/* True if it was held. */
static bool release(PVOID extension, const void *handle, const char *call)
{
    struct resource *lock = open_lock(extension, handle, true, call);
    if (lock != NULL)
        lock->is_held = false;
    return lock != NULL;
}

VOID NTAPI VideoPortAcquireSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, PUCHAR OldIrql)
{
    *OldIrql = acquire(HwDeviceExtension, SpinLock, __func__);
}

VOID NTAPI VideoPortAcquireSpinLockAtDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    acquire(HwDeviceExtension, SpinLock, __func__);
}

VOID NTAPI VideoPortReleaseSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, UCHAR NewIrql)
{
    if (release(HwDeviceExtension, SpinLock, __func__))
        change(NewIrql, NewIrql <= device_irql(), __func__);
}

VOID NTAPI VideoPortReleaseSpinLockFromDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock)
{
    release(HwDeviceExtension, SpinLock, __func__);
}

VOID NTAPI VideoPortAcquireDeviceLock(PVOID HwDeviceExtension)
{
    device_admit(HwDeviceExtension, __func__);
}

VOID NTAPI VideoPortReleaseDeviceLock(PVOID HwDeviceExtension)
{
    device_admit(HwDeviceExtension, __func__);
}
