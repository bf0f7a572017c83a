/*
 * An adapter's children: monitors, mostly. The driver is asked for them by index, until it has no
 * more; what it said last stays known until it is asked again.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"

struct child_call {
    struct videoport_device *device;
    struct videoport_child *child;
    ULONG index;
    ULONG status;
};

static void call_descriptor(void *context)
{
    struct child_call *call = context;
    VIDEO_CHILD_ENUM_INFO info = {.Size = sizeof info,
                                  .ChildDescriptorSize = sizeof call->child->descriptor,
                                  .ChildIndex = call->index};
    ULONG unused = 0;
    call->status = call->device->driver.HwGetVideoChildDescriptor(
        call->device->extension, &info, &call->child->type, call->child->descriptor,
        &call->child->id, &unused);
}

/* An index of 0 means children that the firmware names, and a PC's names none: from 1 on. The
   child's data, or an entry that could not be read, is not the end of the list. */
void device_ask_for_children(struct videoport_device *device)
{
    device->child_count = 0;
    for (ULONG index = 1; index <= VIDEOPORT_CHILD_COUNT_MAX; index++) {
        struct videoport_child *child = &device->children[device->child_count];
        struct child_call call = {device, child, index, VIDEO_ENUM_NO_MORE_DEVICES};
        *child = (struct videoport_child){.type = Other};
        device_call(device, call_descriptor, &call);
        if (call.status != VIDEO_ENUM_MORE_DEVICES && call.status != VIDEO_ENUM_INVALID_DEVICE)
            break;
        device->child_count += call.status == VIDEO_ENUM_MORE_DEVICES;
    }
}

VP_STATUS NTAPI VideoPortEnumerateChildren(PVOID HwDeviceExtension, PVOID Reserved)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    UNREFERENCED_PARAMETER(Reserved);
    if (device == NULL || device->driver.HwGetVideoChildDescriptor == NULL)
        return ERROR_INVALID_FUNCTION;
    device_ask_for_children(device);
    return NO_ERROR;
}
