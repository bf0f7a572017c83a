/*
 * Events. Whoever waits gives the rest of the system its turns: DPCs and timers run, and one of
 * them may set what is waited for. There is one thread, so nobody else ever waits for the same
 * event.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "resource.h"
#include "videoport.h"

/* No driver may stop the system by waiting for what never comes. */
#define WAIT_MILLISECONDS_MAX 60000u

/* The caller's event, or NULL, and a line on the log. */
static struct resource *open_event(PVOID extension, const void *handle, const char *call,
                                   enum device_level highest)
{
    struct videoport_device *device = device_admit_up_to(extension, call, highest);
    struct resource *event = device == NULL ? NULL : resource_open(RESOURCE_EVENT, device, handle);
    if (device != NULL && event == NULL)
        device_log(device, call, "refused: 0x%llx is no event of this driver",
                   (number_t)(uintptr_t)handle);
    return event;
}

VP_STATUS NTAPI VideoPortCreateEvent(PVOID HwDeviceExtension, ULONG EventFlag, PVOID Unused,
                                     PEVENT *ppEvent)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    UNREFERENCED_PARAMETER(Unused);
    if (device == NULL || ppEvent == NULL ||
        (EventFlag & ~(ULONG)(EVENT_TYPE_MASK | INITIAL_EVENT_STATE_MASK)) != 0)
        return ERROR_INVALID_PARAMETER;
    struct resource *event = resource_add(
        &(struct resource){.device = device, .kind = RESOURCE_EVENT, .call = __func__});
    if (event == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    KeInitializeEvent(&event->event,
                      (EventFlag & EVENT_TYPE_MASK) == NOTIFICATION_EVENT ? NotificationEvent
                                                                          : SynchronizationEvent,
                      (EventFlag & INITIAL_EVENT_STATE_MASK) == INITIAL_EVENT_SIGNALED);
    *ppEvent = (PEVENT)(void *)event;
    return NO_ERROR;
}

VP_STATUS NTAPI VideoPortDeleteEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    struct resource *event = open_event(HwDeviceExtension, pEvent, __func__, DEVICE_AT_PASSIVE);
    if (event == NULL)
        return ERROR_INVALID_PARAMETER;
    resource_remove(event);
    return NO_ERROR;
}

LONG NTAPI VideoPortSetEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    struct resource *event = open_event(HwDeviceExtension, pEvent, __func__, DEVICE_IN_INTERRUPT);
    return event == NULL ? 0 : KeSetEvent(&event->event, 0, FALSE);
}

VOID NTAPI VideoPortClearEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    struct resource *event = open_event(HwDeviceExtension, pEvent, __func__, DEVICE_IN_INTERRUPT);
    if (event != NULL)
        KeClearEvent(&event->event);
}

LONG NTAPI VideoPortReadStateEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    struct resource *event = open_event(HwDeviceExtension, pEvent, __func__, DEVICE_IN_INTERRUPT);
    return event == NULL ? 0 : KeReadStateEvent(&event->event);
}

/* True if the object was signalled; one that wakes a single waiter is reset by that. */
static bool take_signal(DISPATCHER_HEADER *object)
{
    uint32_t flags = videoport_host->stop_interrupts();
    bool is_signalled = object->SignalState != 0;
    if ((object->Type & SynchronizationEvent) != 0)
        object->SignalState = 0;
    videoport_host->resume_interrupts(flags);
    return is_signalled;
}

bool device_wait(DISPATCHER_HEADER *object, const LARGE_INTEGER *timeout, const char *call)
{
    uint64_t last = videoport_host->milliseconds() + WAIT_MILLISECONDS_MAX;
    if (timeout != NULL && device_moment(timeout) < last)
        last = device_moment(timeout);
    while (!take_signal(object)) {
        if (videoport_host->milliseconds() >= last) {
            if (timeout == NULL)
                device_log(device_current(), call, "given up after %u seconds",
                           WAIT_MILLISECONDS_MAX / 1000);
            return false;
        }
        videoport_poll();
        if (!object->SignalState)
            videoport_host->rest();
    }
    return true;
}

VP_STATUS NTAPI VideoPortWaitForSingleObject(PVOID HwDeviceExtension, PVOID Object,
                                             PLARGE_INTEGER Timeout)
{
    struct resource *event = open_event(HwDeviceExtension, Object, __func__, DEVICE_AT_PASSIVE);
    if (event == NULL)
        return ERROR_INVALID_PARAMETER;
    return device_wait(&event->event.Header, Timeout, __func__) ? NO_ERROR : WAIT_TIMEOUT;
}
