/*
 * What all parts of the video port ask of a device: to find it, and to name it.
 * It starts and stops nothing (videoport.c does).
 */
#include "device.h"

#include "kernel/lib/string.h"

/* Longest line: two names, a function's, and six numbers or a reason. */
#define LINE_BYTES 320

void device_log(const struct videoport_device *device, const char *call, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;
    size_t length = format_text(line, sizeof line, "videoport call=%s driver=%s ", call,
                                device == NULL ? "kernel" : device->name);
    va_start(arguments, format);
    if (length < sizeof line) {
        format_list(line + length, sizeof line - length, format, arguments);
        search_note(call, line + length);
    }
    va_end(arguments);
    videoport_host->log(line);
}

static bool dispatching;
static KIRQL irql; /* what it was raised to, by the port or by a driver */
static uint32_t flags_below; /* of the processor, while the level keeps interrupts away */

KIRQL device_irql(void)
{
    bool is_above = videoport_host->in_interrupt() && irql <= DISPATCH_LEVEL;
    return is_above ? DISPATCH_LEVEL + 1 : irql;
}

KIRQL device_set_irql(KIRQL level)
{
    KIRQL before = irql;
    if (before <= DISPATCH_LEVEL && level > DISPATCH_LEVEL)
        flags_below = videoport_host->stop_interrupts();
    irql = level;
    if (before > DISPATCH_LEVEL && level <= DISPATCH_LEVEL)
        videoport_host->resume_interrupts(flags_below);
    return before;
}

void device_set_dispatching(bool is_dispatching)
{
    dispatching = is_dispatching;
    device_set_irql(is_dispatching ? DISPATCH_LEVEL : PASSIVE_LEVEL);
}

enum device_level device_level(void)
{
    KIRQL level = device_irql();
    return level > DISPATCH_LEVEL    ? DEVICE_IN_INTERRUPT
           : level == DISPATCH_LEVEL ? DEVICE_AT_DISPATCH
                                     : DEVICE_AT_PASSIVE;
}

bool device_check_level(const struct videoport_device *device, const char *call,
                        enum device_level highest)
{
    if (device_level() <= highest)
        return true;
    device_log(device, call, "refused: called above %s, in %s",
               highest == DEVICE_AT_PASSIVE ? "PASSIVE_LEVEL" : "DISPATCH_LEVEL",
               videoport_host->in_interrupt() ? "an interrupt handler"
               : dispatching                  ? "a DPC or a timer routine"
                                              : "code that raised the level");
    return false;
}

struct videoport_device *device_admit(const void *extension, const char *call)
{
    return device_admit_up_to(extension, call, DEVICE_AT_PASSIVE);
}

struct videoport_device *device_admit_up_to(const void *extension, const char *call,
                                            enum device_level highest)
{
    struct videoport_device *device = device_find(extension);
    if (!device_check_level(device, call, highest))
        return NULL;
    if (device == NULL)
        device_log(device_current(), call, "refused: 0x%llx is no adapter's HwDeviceExtension",
                   (number_t)(uintptr_t)extension);
    return device;
}
