/*
 * Interrupts for miniports. Adapters may share a line: each is asked in turn whether it was its
 * own. A line on which nobody says so, again and again, is taken away: an interrupt that is not
 * answered comes at once anew, and nothing else would ever run.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "videoport.h"

#define LINE_COUNT 16
#define UNCLAIMED_MAX 10000

static uint32_t unclaimed_counts[LINE_COUNT];

static bool is_on_line(const struct videoport_device *device, uint32_t line)
{
    return device->has_interrupt && device->interrupt_line == line;
}

static void take_interrupt(unsigned line)
{
    videoport_interrupt(line);
}

bool device_connect_interrupt(struct videoport_device *device, uint32_t line)
{
    if (line >= LINE_COUNT || !videoport_host->connect_line(line, take_interrupt))
        return false;
    unclaimed_counts[line] = 0;
    device->interrupt_line = line;
    device->interrupt_is_on = true;
    device->has_interrupt = true;
    return true;
}

void device_disconnect_interrupt(struct videoport_device *device)
{
    struct videoport_device *other = NULL;
    if (!device->has_interrupt)
        return;
    device->has_interrupt = false;
    while ((other = videoport_next(other)) != NULL) {
        if (is_on_line(other, device->interrupt_line))
            return;
    }
    videoport_host->disconnect_line(device->interrupt_line);
}

static void take_line_away(uint32_t line)
{
    struct videoport_device *device = NULL;
    videoport_host->disconnect_line(line);
    while ((device = videoport_next(device)) != NULL) {
        if (!is_on_line(device, line))
            continue;
        device->has_interrupt = false;
        device_log(device, "HwInterrupt", "line=%u taken away: %u interrupts that nobody answered",
                   (unsigned)line, UNCLAIMED_MAX);
    }
}

struct interrupt_call {
    struct videoport_device *device;
    bool is_claimed;
};

static void call_interrupt(void *context)
{
    struct interrupt_call *call = context;
    call->is_claimed = call->device->driver.HwInterrupt(call->device->extension) != FALSE;
}

/* A driver whose handler faults does not handle its adapter's interrupts any more. */
static bool ask(struct videoport_device *device)
{
    struct interrupt_call call = {device, false};
    if (!device_call(device, call_interrupt, &call))
        device->interrupt_is_on = false;
    return call.is_claimed;
}

bool videoport_interrupt(uint32_t line)
{
    struct videoport_device *device = NULL;
    bool is_claimed = false;
    if (line >= LINE_COUNT)
        return false;
    while ((device = videoport_next(device)) != NULL) {
        if (is_on_line(device, line) && device->interrupt_is_on)
            is_claimed |= ask(device);
    }
    unclaimed_counts[line] = is_claimed ? 0 : unclaimed_counts[line] + 1;
    if (unclaimed_counts[line] == UNCLAIMED_MAX)
        take_line_away(line);
    return is_claimed;
}

static VP_STATUS switch_interrupt(PVOID extension, const char *call, bool is_on)
{
    struct videoport_device *device = device_admit_up_to(extension, call, DEVICE_IN_INTERRUPT);
    if (device == NULL || !device->has_interrupt)
        return ERROR_INVALID_FUNCTION;
    device->interrupt_is_on = is_on;
    return NO_ERROR;
}

VP_STATUS NTAPI VideoPortEnableInterrupt(PVOID HwDeviceExtension)
{
    return switch_interrupt(HwDeviceExtension, __func__, true);
}

VP_STATUS NTAPI VideoPortDisableInterrupt(PVOID HwDeviceExtension)
{
    return switch_interrupt(HwDeviceExtension, __func__, false);
}

BOOLEAN NTAPI VideoPortSynchronizeExecution(PVOID HwDeviceExtension,
                                            VIDEO_SYNCHRONIZE_PRIORITY Priority,
                                            PMINIPORT_SYNCHRONIZE_ROUTINE SynchronizeRoutine,
                                            PVOID Context)
{
    const struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, DEVICE_IN_INTERRUPT);
    UNREFERENCED_PARAMETER(Priority); /* all of them keep everybody else away */
    if (device == NULL || SynchronizeRoutine == NULL)
        return FALSE;
    uint32_t flags = videoport_host->stop_interrupts();
    BOOLEAN result = SynchronizeRoutine(Context);
    videoport_host->resume_interrupts(flags);
    return result;
}
