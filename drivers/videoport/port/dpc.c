/*
 * What drivers have called later: DPCs, in the order in which they were queued, and HwTimer, once a
 * second. Both are called by videoport_poll, that is between two steps of the kernel and never
 * inside one: so a DPC may allocate, though an interrupt handler may not.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "resource.h"
#include "videoport.h"

#define DPC_COUNT_MAX 32
#define TIMER_MILLISECONDS 1000

struct dpc {
    struct videoport_device *device;
    PMINIPORT_DPC_ROUTINE routine;
    PVOID context;
};

/* Interrupt handlers add to it, so it changes with interrupts stopped. */
static struct dpc waiting[DPC_COUNT_MAX];
static size_t waiting_count;

static bool is_waiting(const struct dpc *dpc)
{
    for (size_t i = 0; i < waiting_count; i++) {
        if (waiting[i].device == dpc->device && waiting[i].routine == dpc->routine &&
            waiting[i].context == dpc->context)
            return true;
    }
    return false;
}

/* False if there is no room. *was_waiting says that it is in the queue from before. */
static bool add(const struct dpc *dpc, bool *was_waiting)
{
    uint32_t flags = videoport_host->stop_interrupts();
    *was_waiting = is_waiting(dpc);
    bool is_queued = *was_waiting || waiting_count < DPC_COUNT_MAX;
    if (is_queued && !*was_waiting)
        waiting[waiting_count++] = *dpc;
    videoport_host->resume_interrupts(flags);
    return is_queued;
}

BOOLEAN NTAPI VideoPortQueueDpc(PVOID HwDeviceExtension, PMINIPORT_DPC_ROUTINE CallbackRoutine,
                                PVOID Context)
{
    const struct dpc dpc = {
        .device = device_admit_up_to(HwDeviceExtension, __func__, DEVICE_IN_INTERRUPT),
        .routine = CallbackRoutine,
        .context = Context};
    if (dpc.device == NULL || CallbackRoutine == NULL)
        return FALSE;
    bool was_waiting;
    return add(&dpc, &was_waiting);
}

bool device_queue_dpc(PMINIPORT_DPC_ROUTINE routine, PVOID context, const char *call)
{
    const struct dpc dpc = {device_current(), routine, context};
    bool was_waiting;
    if (dpc.device == NULL || !add(&dpc, &was_waiting)) {
        device_log(dpc.device, call, "refused: %s",
                   dpc.device == NULL ? "no driver is running" : "too many DPCs wait");
        return false;
    }
    return !was_waiting;
}

/* Takes the DPC out that waits longest; with a device, the longest of its own, and with a context,
   of those with that. */
static bool take_dpc(const struct videoport_device *device, const void *context, struct dpc *dpc)
{
    uint32_t flags = videoport_host->stop_interrupts();
    size_t i = 0;
    while (i < waiting_count && ((device != NULL && waiting[i].device != device) ||
                                 (context != NULL && waiting[i].context != context)))
        i++;
    bool is_there = i < waiting_count;
    if (is_there) {
        *dpc = waiting[i];
        waiting_count--;
        for (; i < waiting_count; i++)
            waiting[i] = waiting[i + 1];
    }
    videoport_host->resume_interrupts(flags);
    return is_there;
}

void device_forget_dpcs(const struct videoport_device *device)
{
    struct dpc dpc;
    while (take_dpc(device, NULL, &dpc))
        ;
}

bool device_remove_dpc(const void *context)
{
    struct dpc dpc;
    return take_dpc(device_current(), context, &dpc);
}

VOID NTAPI VideoPortStartTimer(PVOID HwDeviceExtension)
{
    struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, DEVICE_AT_DISPATCH);
    if (device == NULL)
        return;
    if (device->driver.HwTimer == NULL) {
        device_log(device, __func__, "refused: the driver has no HwTimer");
        return;
    }
    device->timer_is_on = true;
    device->timer_due = videoport_host->milliseconds() + TIMER_MILLISECONDS;
}

VOID NTAPI VideoPortStopTimer(PVOID HwDeviceExtension)
{
    struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, DEVICE_AT_DISPATCH);
    if (device != NULL)
        device->timer_is_on = false;
}

/* A second that was missed is lost: the next is counted from now. */
static bool is_due(struct videoport_device *device)
{
    uint64_t now = videoport_host->milliseconds();
    if (!device->timer_is_on || now < device->timer_due)
        return false;
    device->timer_due = now + TIMER_MILLISECONDS;
    return true;
}

static void call_dpc(void *context)
{
    const struct dpc *dpc = context;
    dpc->routine(dpc->device->extension, dpc->context);
}

static void call_timer(void *context)
{
    struct videoport_device *device = context;
    device->driver.HwTimer(device->extension);
}

/* ---- timers of NT's kernel: a record each that runs ------------------------------------------ */

static struct resource *find_timer(const KTIMER *timer)
{
    struct resource *record = resource_find(RESOURCE_TIMER, (uintptr_t)timer);
    return record != NULL && record->device == device_current() ? record : NULL;
}

bool device_add_timer(PKTIMER timer, uint64_t due, uint32_t period, const char *call)
{
    struct videoport_device *device = device_current();
    const struct resource record = {.device = device,
                                    .kind = RESOURCE_TIMER,
                                    .call = call,
                                    .virtual_address = (uintptr_t)timer,
                                    .due = due,
                                    .period = period};
    const char *why = device == NULL                  ? "no driver is running"
                      : resource_add(&record) == NULL ? "there is no memory for records"
                                                      : NULL;
    if (why != NULL)
        device_log(device, call, "refused: %s", why);
    return why == NULL;
}

bool device_remove_timer(const KTIMER *timer)
{
    struct resource *record = find_timer(timer);
    if (record != NULL)
        resource_remove(record);
    return record != NULL;
}

static void fire_timers(void)
{
    struct resource *next = resource_next(NULL, RESOURCE_TIMER);
    uint64_t now = videoport_host->milliseconds();
    while (next != NULL) {
        struct resource *record = next;
        struct videoport_device *device = record->device;
        void *timer = (void *)record->virtual_address;
        next = resource_next(record, RESOURCE_TIMER);
        if (now < record->due)
            continue;
        record->due = now + record->period;
        if (record->period == 0)
            resource_remove(record);
        device_call(device, device_fire_timer, timer);
    }
}

/* As many DPCs as waited at the start: one that queues itself again is not waited for. */
void videoport_poll(void)
{
    struct videoport_device *device = NULL;
    struct dpc dpc;
    if (device_level() != DEVICE_AT_PASSIVE)
        return;
    device_set_dispatching(true);
    fire_timers();
    for (size_t left = waiting_count; left > 0 && take_dpc(NULL, NULL, &dpc); left--)
        device_call(dpc.device, call_dpc, &dpc);
    while ((device = videoport_next(device)) != NULL) {
        if (is_due(device))
            device_call(device, call_timer, device);
    }
    device_set_dispatching(false);
}
