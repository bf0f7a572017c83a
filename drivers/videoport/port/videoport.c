/*
 * Starting a miniport, passing requests to it, stopping it. One start serves one adapter; what a
 * driver asks for in between is the business of memory.c, mapping.c, bus.c and their like.
 */
#include "videoport.h"

#include "device.h"
#include "kernel/lib/string.h"
#include "resource.h"

#define NT31_INITIALIZATION_DATA_BYTES                                                             \
    ((ULONG)FIELD_OFFSET(VIDEO_HW_INITIALIZATION_DATA, HwResetHw))

/* A driver that always wants to be asked again must not stop the kernel. */
#define FIND_ATTEMPTS_MAX 16

/* PCI class codes: display controllers, and VGA from before there were classes. */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_OLD_VGA 0x000100

#define PCI_INTERRUPT_LINE 0x3C /* the pin follows */

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
    if (!videoport_host->guard(routine, context, device->name))
        device->is_broken = true;
    current = outer;
    return !device->is_broken;
}

void videoport_init(const struct videoport_host *host)
{
    videoport_host = host;
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
static size_t reclaim(struct videoport_device *device)
{
    struct resource *resource;
    size_t count = 0;
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

/* What the firmware routed a PCI function's interrupt pin to (PCI 3.0, 6.2.4); 0: nothing. */
static uint8_t line_of_function(const struct videoport_device *device)
{
    uint8_t line_and_pin[2];
    if (!device->has_function)
        return 0;
    videoport_host->pci_read(&device->function, PCI_INTERRUPT_LINE, line_and_pin,
                             sizeof line_and_pin);
    return line_and_pin[1] == 0 || line_and_pin[0] == 0xFF ? 0 : line_and_pin[0];
}

/* An adapter goes without its interrupt if that cannot be had. */
static void connect_interrupt(struct videoport_device *device, const VIDEO_PORT_CONFIG_INFO *info)
{
    if (device->driver.HwInterrupt == NULL ||
        (info->BusInterruptLevel == 0 && info->BusInterruptVector == 0))
        return;
    if (!device_connect_interrupt(device, info->BusInterruptLevel))
        device_log(device, "HwFindAdapter",
                   "line=%u refused: there is no such line, or it is the kernel's own",
                   (unsigned)info->BusInterruptLevel);
}

/* For drivers that run on older systems too, and look for what is newer. */
static PVOID NTAPI get_proc_address(PVOID HwDeviceExtension, PUCHAR FunctionName)
{
    UNREFERENCED_PARAMETER(HwDeviceExtension);
    return FunctionName == NULL
               ? NULL
               : (PVOID)exports_find(VIDEOPORT_LIBRARY, (const char *)FunctionName);
}

struct find_call {
    struct videoport_device *device;
    void *context;
    VIDEO_PORT_CONFIG_INFO info;
    UCHAR again;
    VP_STATUS status;
};

static void call_find_adapter(void *context)
{
    struct find_call *call = context;
    call->status = call->device->driver.HwFindAdapter(call->device->extension, call->context, NULL,
                                                      &call->info, &call->again);
}

/* Asks the driver whether its adapter is here. What a refusal leaves behind is reclaimed. */
static VP_STATUS find_adapter(struct videoport_device *device, void *context)
{
    struct find_call call = {.status = ERROR_DEV_NOT_EXIST, .again = TRUE};
    for (unsigned i = 0; call.again && i < FIND_ATTEMPTS_MAX; i++) {
        call = (struct find_call){
            .device = device,
            .context = context,
            .info = {.Length = sizeof call.info,
                     .SystemIoBusNumber = device->bus,
                     .AdapterInterfaceType = device->driver.AdapterInterfaceType,
                     .BusInterruptLevel = line_of_function(device),
                     .BusInterruptVector = line_of_function(device),
                     .InterruptMode = device->has_function ? LevelSensitive : Latched,
                     .VideoPortGetProcAddress = get_proc_address},
            .status = ERROR_DEV_NOT_EXIST,
        };
        memset(device->extension, 0, device->driver.HwDeviceExtensionSize);
        device_call(device, call_find_adapter, &call);
        if (call.status == NO_ERROR) {
            connect_interrupt(device, &call.info);
            return NO_ERROR;
        }
        reclaim(device);
    }
    return call.status;
}

static bool is_display(const struct pci_function *function)
{
    return function->class_code >> 16 == PCI_CLASS_DISPLAY ||
           function->class_code == PCI_CLASS_OLD_VGA;
}

/* Returns the last status that is more telling than that nothing was found. */
static VP_STATUS find_on_pci(struct videoport_device *device, void *context)
{
    struct pci_function function;
    VP_STATUS result = ERROR_DEV_NOT_EXIST;
    for (size_t i = 0; videoport_host->pci_get(i, &function); i++) {
        if (!is_display(&function))
            continue;
        device->function = function;
        device->has_function = true;
        device->bus = function.bus;
        VP_STATUS status = find_adapter(device, context);
        if (status == NO_ERROR)
            return NO_ERROR;
        if (status != ERROR_DEV_NOT_EXIST)
            result = status;
    }
    return result;
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
    device->has_function = false;
    device->bus = 0;
    status = device->driver.AdapterInterfaceType == PCIBus ? find_on_pci(device, HwContext)
                                                           : find_adapter(device, HwContext);
    if (status != NO_ERROR) {
        if (status != ERROR_DEV_NOT_EXIST)
            device->why = "the driver found an adapter that it cannot use";
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

static struct videoport_device *create(const char *name)
{
    struct videoport_device *device = device_allocate(sizeof(struct videoport_device), "videoport");
    if (device == NULL)
        return NULL;
    memcpy(device->name, name, strlen(name) + 1);
    device->why = "the driver found no adapter";
    device->next = devices;
    devices = device;
    return device;
}

/* Nothing calls the driver any more. Returns how many things it still held. */
static size_t destroy(struct videoport_device *device)
{
    struct videoport_device **link = &devices;
    device_disconnect_interrupt(device);
    device_forget_dpcs(device);
    size_t held_count = reclaim(device);
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
    call->entry(device, device);
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
                                         const struct videoport_parameter *parameters,
                                         size_t parameter_count, const char **why)
{
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
    *why = NULL;
    for (size_t i = 0; i < parameter_count; i++) {
        if (device_set_value(device, parameters[i].name, parameters[i].data,
                             parameters[i].data_bytes) != NO_ERROR)
            *why = "too many parameters for one driver, or too long a name of one";
    }
    if (*why == NULL)
        *why = bring_up(device, entry);
    if (*why == NULL)
        return device;
    destroy(device);
    return NULL;
}

bool videoport_set_parameter(struct videoport_device *device, const char *name, uint64_t value)
{
    return device_set_value(device, name, &value, videoport_number_bytes(value)) == NO_ERROR;
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
    return status.Status;
}

static void call_reset(void *context)
{
    struct videoport_device *device = context;
    device->driver.HwResetHw(device->extension, 80, 25);
}

size_t videoport_stop(struct videoport_device *device)
{
    if (device->driver.HwResetHw != NULL)
        device_call(device, call_reset, device);
    return destroy(device);
}

struct videoport_device *videoport_next(const struct videoport_device *after)
{
    return after == NULL ? devices : after->next;
}

struct videoport_device *videoport_find(const char *name)
{
    struct videoport_device *device = devices;
    while (device != NULL && strcmp(device->name, name) != 0)
        device = device->next;
    return device;
}
