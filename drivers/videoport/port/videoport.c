/*
 * Starting a miniport, passing requests to it, stopping it. One start serves one adapter, which
 * search.c looks for; what a driver asks for in between is the business of memory.c, mapping.c,
 * bus.c and their like.
 */
#include "videoport.h"

#include "device.h"
#include "kernel/lib/string.h"
#include "resource.h"

#define NT31_INITIALIZATION_DATA_BYTES                                                             \
    ((ULONG)FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwResetHw))

const struct videoport_host *videoport_host;

static struct videoport_device *devices;
static struct videoport_device *current;

struct videoport_device *device_current(void)
{
    return current;
}

struct videoport_device *device_find(const void *extension)
{
    struct videoport_device *device = devices;
    while (device != NULL && (extension == NULL || device->extension != extension))
        device = device->next;
    return device;
}

bool device_call(struct videoport_device *device, void (*routine)(void *), void *context)
{
    struct videoport_device *outer = current;
    if (device->is_broken)
        return false;
    current = device;
    KIRQL level = device_set_irql(device_irql());
    if (!videoport_host->guard(routine, context, device->name))
        device->is_broken = true;
    device_set_irql(level);
    current = outer;
    return !device->is_broken;
}

void videoport_init(const struct videoport_host *host)
{
    videoport_host = host;
    host->count_ticks((volatile uint32_t *)&KeTickCount.LowPart);
}

void *device_allocate(uint64_t size_bytes, const char *owner)
{
    const struct mm_request request = {
        .size_bytes = size_bytes, .limit = MM_NO_LIMIT, .owner = owner};
    void *address;
    if (videoport_host->alloc(&request, MM_CACHED, NULL, &address) != MM_OK)
        return NULL;
    return memset(address, 0, (size_t)size_bytes);
}

static void give_back(struct resource *resource)
{
    if (resource->kind == RESOURCE_MAPPING && !resource->in_io_space)
        videoport_host->unmap((void *)resource->virtual_address);
    if ((resource->kind & RESOURCE_MEMORY_KINDS) != 0)
        memory_release(resource);
    else
        resource_remove(resource);
}

/* Claimed ranges hold nothing, and go silently. */
size_t device_reclaim(struct videoport_device *device)
{
    struct resource *resource;
    size_t count = 0;
    device_forget_dpcs(device);
    device->timer_is_on = false;
    while ((resource = resource_next_of(NULL, ~0u, device)) != NULL) {
        if (resource->kind != RESOURCE_CLAIM) {
            device_log(device, resource->call,
                       "reclaimed bytes=%llu physical=0x%llx virtual=0x%llx",
                       (number_t)resource->size_bytes, (number_t)resource->physical,
                       (number_t)resource->virtual_address);
            count++;
        }
        give_back(resource);
    }
    return count;
}

/* Copies what the driver filled in; a driver older than a member leaves it zero. */
static VP_STATUS take_driver(struct videoport_device *device,
                             const VIDEO_HW_INITIALIZATION_DATA *data)
{
    if (data->HwInitDataSize < NT31_INITIALIZATION_DATA_BYTES ||
        data->HwInitDataSize > sizeof *data) {
        device->why = "the driver's initialization data has an unknown size";
        return STATUS_REVISION_MISMATCH;
    }
    memset(&device->driver, 0, sizeof device->driver);
    memcpy(&device->driver, data, data->HwInitDataSize);
    if (device->driver.HwFindAdapter == NULL || device->driver.HwStartIO == NULL) {
        device->why = "the driver lacks HwFindAdapter or HwStartIO";
        return ERROR_INVALID_PARAMETER;
    }
    if (device->driver.HwDeviceExtensionSize == 0)
        device->driver.HwDeviceExtensionSize = 1; /* its address tells adapters apart */
    device->extension = device_allocate(device->driver.HwDeviceExtensionSize, device->name);
    if (device->extension == NULL) {
        device->why = "there is no memory for the driver's device extension";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    return NO_ERROR;
}

ULONG NTAPI VideoPortInitialize(PVOID Argument1, PVOID Argument2,
                                PVIDEO_HW_INITIALIZATION_DATA HwInitializationData, PVOID HwContext)
{
    struct videoport_device *device = current;
    UNREFERENCED_PARAMETER(Argument2);
    if (!device_check_level(device, __func__, DEVICE_AT_PASSIVE) || device == NULL ||
        Argument1 != device || HwInitializationData == NULL)
        return ERROR_INVALID_PARAMETER;
    if (device->extension != NULL)
        return ERROR_DEV_NOT_EXIST;
    VP_STATUS status = take_driver(device, HwInitializationData);
    if (status != NO_ERROR)
        return (ULONG)status;
    status = device_search(device, HwContext);
    if (status != NO_ERROR) {
        device->why = status == ERROR_DEV_NOT_EXIST
                          ? "the driver found no adapter"
                          : "the driver found an adapter that it cannot use";
        videoport_host->free(device->extension);
        device->extension = NULL;
    }
    return (ULONG)status;
}

static bool is_name_valid(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    }
    return length >= 1 && length <= VIDEOPORT_NAME_MAX;
}

static size_t append_wide(WCHAR *path, size_t length, const char *text)
{
    for (; *text != '\0'; text++)
        path[length++] = (UCHAR)*text;
    path[length] = 0;
    return length;
}

/* The key of the driver, and below it that of its first adapter, which has its parameters. */
static void write_registry_path(struct videoport_device *device)
{
    WCHAR *path = device->registry_path;
    size_t length = append_wide(path, 0, VIDEOPORT_SERVICES);
    length = append_wide(path, length, device->name);
    append_wide(path, length, VIDEOPORT_FIRST_DEVICE);
    device->service_path =
        (UNICODE_STRING){(USHORT)(length * sizeof path[0]), sizeof device->registry_path, path};
}

static struct videoport_device *create(const char *name)
{
    struct videoport_device *device = device_allocate(sizeof(struct videoport_device), "videoport");
    if (device == NULL)
        return NULL;
    memcpy(device->name, name, strlen(name) + 1);
    device->why = "the driver did not call VideoPortInitialize";
    write_registry_path(device);
    device->next = devices;
    devices = device;
    return device;
}

/* Nothing calls the driver any more. Returns how many things it still held. */
static size_t destroy(struct videoport_device *device)
{
    struct videoport_device **link = &devices;
    device_disconnect_interrupt(device);
    size_t held_count = device_reclaim(device);
    while (*link != device)
        link = &(*link)->next;
    *link = device->next;
    if (device->extension != NULL)
        videoport_host->free(device->extension);
    videoport_host->free(device);
    return held_count;
}

struct entry_call {
    struct videoport_device *device;
    videoport_entry_t entry;
    BOOLEAN is_initialized;
};

static void call_entry(void *context)
{
    struct entry_call *call = context;
    struct videoport_device *device = call->device;
    call->entry(device, &device->service_path);
    if (device->extension != NULL && device->driver.HwInitialize != NULL)
        call->is_initialized = device->driver.HwInitialize(device->extension);
}

/* Runs the driver's own initialisation. NULL, or why there is no adapter. */
static const char *bring_up(struct videoport_device *device, videoport_entry_t entry)
{
    struct entry_call call = {device, entry, TRUE};
    device_call(device, call_entry, &call);
    if (device->is_broken)
        return "the driver faulted";
    if (device->extension == NULL)
        return device->why;
    if (!call.is_initialized)
        return "the driver failed to initialize its adapter";
    if (device->driver.HwGetVideoChildDescriptor != NULL)
        device_ask_for_children(device);
    return NULL;
}

struct videoport_device *videoport_start(const char *name, videoport_entry_t entry,
                                         const struct videoport_values *values, const char **why)
{
    search_begin();
    *why = "the video port may be called only at PASSIVE_LEVEL";
    if (videoport_host->in_interrupt())
        return NULL;
    *why = "a driver's name is 1 to 23 printable characters without blanks";
    if (!is_name_valid(name))
        return NULL;
    *why = "there is a driver of that name already";
    if (videoport_find(name) != NULL)
        return NULL;
    *why = "there is no memory for another device";
    struct videoport_device *device = create(name);
    if (device == NULL)
        return NULL;
    if (values != NULL)
        device->values = *values;
    *why = bring_up(device, entry);
    if (*why == NULL)
        return device;
    destroy(device);
    return NULL;
}

struct request_call {
    struct videoport_device *device;
    VIDEO_REQUEST_PACKET packet;
};

static void call_start_io(void *context)
{
    struct request_call *call = context;
    call->device->driver.HwStartIO(call->device->extension, &call->packet);
}

static void note_mode(struct videoport_device *device, ULONG code, VP_STATUS status)
{
    if (status == NO_ERROR && code == IOCTL_VIDEO_SET_CURRENT_MODE)
        device->has_set_modes = device->mode_is_set = true;
    if (status == NO_ERROR && code == IOCTL_VIDEO_RESET_DEVICE)
        device->mode_is_set = false;
}

VP_STATUS videoport_ioctl(struct videoport_device *device, ULONG code, const void *in,
                          ULONG in_bytes, void *out, ULONG out_bytes, ULONG *returned)
{
    STATUS_BLOCK status = {.Status = NO_ERROR};
    struct request_call call = {device,
                                {.IoControlCode = code,
                                 .StatusBlock = &status,
                                 .InputBuffer = (void *)(uintptr_t)in,
                                 .InputBufferLength = in_bytes,
                                 .OutputBuffer = out,
                                 .OutputBufferLength = out_bytes}};
    if (returned != NULL)
        *returned = 0;
    if (!device_check_level(device, __func__, DEVICE_AT_PASSIVE))
        return ERROR_INVALID_FUNCTION;
    if (!device_call(device, call_start_io, &call))
        return ERROR_IO_DEVICE;
    if (returned != NULL)
        *returned = (ULONG)status.Information;
    note_mode(device, code, status.Status);
    return status.Status;
}

static void call_reset(void *context)
{
    struct videoport_device *device = context;
    if (device->driver.HwResetHw(device->extension, 80, 25))
        device->mode_is_set = false;
}

/* Where the driver does not, the adapter's BIOS leaves its mode for text, as NT has it do
   (learn.microsoft.com, PVIDEO_HW_RESET_HW callback function (video.h), "Return value"). */
static void reset_by_bios(const struct videoport_device *device)
{
    struct bios_registers registers = {.eax = 3};
    videoport_host->call_bios(0x10, device->name, &registers, NULL, 0);
}

size_t videoport_stop(struct videoport_device *device)
{
    if (device->mode_is_set && device->driver.HwResetHw != NULL)
        device_call(device, call_reset, device);
    if (device->mode_is_set)
        reset_by_bios(device);
    return destroy(device);
}

struct videoport_device *videoport_next(const struct videoport_device *after)
{
    return after == NULL ? devices : after->next;
}

struct videoport_device *videoport_find(const char *name)
{
    struct videoport_device *device = devices;
    while (device != NULL && !name_is_same(device->name, name))
        device = device->next;
    return device;
}
