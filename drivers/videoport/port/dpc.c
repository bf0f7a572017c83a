/*
 * What drivers have called later: DPCs, in the order in which they were queued, and HwTimer, once a
 * second. Both are called by videoport_poll, that is between two steps of the kernel and never
 * inside one: so a DPC may allocate, though an interrupt handler may not.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
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

BOOLEAN NTAPI VideoPortQueueDpc(PVOID HwDeviceExtension, PMINIPORT_DPC_ROUTINE CallbackRoutine,
                                PVOID Context)
{
    const struct dpc dpc = {
        .device = device_admit_up_to(HwDeviceExtension, __func__, DEVICE_IN_INTERRUPT),
        .routine = CallbackRoutine,
        .context = Context};
    if (dpc.device == NULL || CallbackRoutine == NULL)
        return FALSE;
    uint32_t flags = videoport_host->stop_interrupts();
    BOOLEAN is_queued = is_waiting(&dpc);
    if (!is_queued && waiting_count < DPC_COUNT_MAX) {
        waiting[waiting_count++] = dpc;
        is_queued = TRUE;
    }
    videoport_host->resume_interrupts(flags);
    return is_queued;
}

/* Takes the DPC out that waits longest; with a device, the longest of its own. */
static bool take_dpc(const struct videoport_device *device, struct dpc *dpc)
{
    uint32_t flags = videoport_host->stop_interrupts();
    size_t i = 0;
    while (i < waiting_count && device != NULL && waiting[i].device != device)
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
    while (take_dpc(device, &dpc))
        ;
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

/* As many DPCs as waited at the start: one that queues itself again is not waited for. */
void videoport_poll(void)
{
    struct videoport_device *device = NULL;
    struct dpc dpc;
    if (device_level() != DEVICE_AT_PASSIVE)
        return;
    device_set_dispatching(true);
    for (size_t left = waiting_count; left > 0 && take_dpc(NULL, &dpc); left--)
        device_call(dpc.device, call_dpc, &dpc);
    while ((device = videoport_next(device)) != NULL) {
        if (is_due(device))
            device_call(device, call_timer, device);
    }
    device_set_dispatching(false);
}
