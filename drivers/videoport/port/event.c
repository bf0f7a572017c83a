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

#define UNITS_PER_MILLISECOND 10000u

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
    struct resource *event = resource_add(&(struct resource){
        .device = device,
        .kind = RESOURCE_EVENT,
        .call = __func__,
        .is_notification = (EventFlag & EVENT_TYPE_MASK) == NOTIFICATION_EVENT,
        .is_signalled = (EventFlag & INITIAL_EVENT_STATE_MASK) == INITIAL_EVENT_SIGNALED,
    });
    if (event == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
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

static LONG change(PVOID extension, const void *handle, const char *call, bool is_signalled)
{
    struct resource *event = open_event(extension, handle, call, DEVICE_IN_INTERRUPT);
    LONG before = 0;
    if (event != NULL) {
        before = event->is_signalled;
        event->is_signalled = is_signalled;
    }
    return before;
}

LONG NTAPI VideoPortSetEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    return change(HwDeviceExtension, pEvent, __func__, true);
}

VOID NTAPI VideoPortClearEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    change(HwDeviceExtension, pEvent, __func__, false);
}

LONG NTAPI VideoPortReadStateEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    const struct resource *event =
        open_event(HwDeviceExtension, pEvent, __func__, DEVICE_IN_INTERRUPT);
    return event != NULL && event->is_signalled;
}

/* Whole milliseconds, none lost. False for a time of day. */
static bool read_timeout(const LARGE_INTEGER *timeout, uint64_t *milliseconds)
{
    *milliseconds = WAIT_MILLISECONDS_MAX;
    if (timeout == NULL)
        return true;
    if (timeout->QuadPart > 0)
        return false;
    uint64_t units = 0 - (uint64_t)timeout->QuadPart;
    if (units < (uint64_t)WAIT_MILLISECONDS_MAX * UNITS_PER_MILLISECOND)
        *milliseconds = ((uint32_t)units + (UNITS_PER_MILLISECOND - 1)) / UNITS_PER_MILLISECOND;
    return true;
}

/* True if the event was signalled; one that wakes a single waiter is reset by that. */
static bool take_signal(struct resource *event)
{
    uint32_t flags = videoport_host->stop_interrupts();
    bool is_signalled = event->is_signalled;
    if (!event->is_notification)
        event->is_signalled = false;
    videoport_host->resume_interrupts(flags);
    return is_signalled;
}

VP_STATUS NTAPI VideoPortWaitForSingleObject(PVOID HwDeviceExtension, PVOID Object,
                                             PLARGE_INTEGER Timeout)
{
    struct resource *event = open_event(HwDeviceExtension, Object, __func__, DEVICE_AT_PASSIVE);
    uint64_t milliseconds;
    if (event == NULL || !read_timeout(Timeout, &milliseconds))
        return ERROR_INVALID_PARAMETER;
    uint64_t start = videoport_host->milliseconds();
    for (;;) {
        if (take_signal(event))
            return NO_ERROR;
        if (videoport_host->milliseconds() - start >= milliseconds)
            break;
        videoport_poll();
        if (!event->is_signalled)
            videoport_host->rest();
    }
    if (Timeout == NULL)
        device_log(device_current(), __func__, "given up after %u seconds",
                   WAIT_MILLISECONDS_MAX / 1000);
    return WAIT_TIMEOUT;
}
