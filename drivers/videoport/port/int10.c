/*
 * The adapter's BIOS, for miniports that know nothing else of it. A driver's buffers are blocks
 * below 640 KiB; whatever else of low memory the BIOS reads and writes is its own.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "kernel/lib/string.h"
#include "resource.h"

#define VIDEO_VECTOR 0x10 /* interrupt 10h */
#define BUFFERS_MAX 8
#define BUFFER_BYTES_MAX 0x10000u

_Static_assert(sizeof(struct bios_registers) == sizeof(INT10_BIOS_ARGUMENTS) &&
                   offsetof(struct bios_registers, ds) == FIELD_OFFSET(INT10_BIOS_ARGUMENTS, SegDs),
               "the same registers in the same order");

static uint32_t linear_of(USHORT segment, USHORT offset)
{
    return ((uint32_t)segment << 4) + offset;
}

static VP_STATUS call_bios(PVOID extension, const char *call, PINT10_BIOS_ARGUMENTS arguments)
{
    struct videoport_device *device = device_admit(extension, call);
    struct bios_buffer buffers[BUFFERS_MAX];
    const struct resource *buffer = NULL;
    struct bios_registers registers;
    size_t count = 0;
    if (device == NULL)
        return ERROR_INVALID_PARAMETER;
    while ((buffer = resource_next_of(buffer, RESOURCE_INT10, device)) != NULL &&
           count < BUFFERS_MAX) {
        buffers[count++] = (struct bios_buffer){buffer->physical, buffer->size_bytes};
    }
    memcpy(&registers, arguments, sizeof registers);
    const char *why =
        videoport_host->call_bios(VIDEO_VECTOR, device->name, &registers, buffers, count);
    if (why != NULL) {
        device_log(device, call, "eax=0x%llx refused: %s", (number_t)arguments->Eax, why);
        return ERROR_IO_DEVICE;
    }
    memcpy(arguments, &registers, sizeof registers);
    return NO_ERROR;
}

/* The older call's arguments are the first part of the newer one's. */
VP_STATUS NTAPI VideoPortInt10(PVOID HwDeviceExtension, PVIDEO_X86_BIOS_ARGUMENTS BiosArguments)
{
    INT10_BIOS_ARGUMENTS arguments = {0};
    if (BiosArguments == NULL)
        return ERROR_INVALID_PARAMETER;
    memcpy(&arguments, BiosArguments, sizeof *BiosArguments);
    VP_STATUS status = call_bios(HwDeviceExtension, __func__, &arguments);
    memcpy(BiosArguments, &arguments, sizeof *BiosArguments);
    return status;
}

BOOLEAN NTAPI VideoPortIsNoVesa(VOID)
{
    uint32_t vector = 0;
    return !videoport_host->read_bios(0x10 * sizeof vector, &vector, sizeof vector) || vector == 0;
}

/* ---- the service ----------------------------------------------------------------------------- */

static VP_STATUS NTAPI allocate_buffer(PVOID Context, PUSHORT Seg, PUSHORT Off, PULONG Length)
{
    struct videoport_device *device = device_admit(Context, "Int10AllocateBuffer");
    const struct resource *buffer = NULL;
    size_t count = 0;
    if (device == NULL || Seg == NULL || Off == NULL || Length == NULL || *Length == 0 ||
        *Length > BUFFER_BYTES_MAX)
        return ERROR_INVALID_PARAMETER;
    while ((buffer = resource_next_of(buffer, RESOURCE_INT10, device)) != NULL)
        count++;
    if (count < BUFFERS_MAX)
        buffer = memory_allocate_int10(device, "Int10AllocateBuffer", *Length);
    if (buffer == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    *Seg = (USHORT)(buffer->physical >> 4);
    *Off = 0;
    return NO_ERROR;
}

/* The caller's buffer that holds all of these bytes, or NULL. */
static struct resource *find_buffer(const struct videoport_device *device, uint32_t physical,
                                    ULONG length)
{
    struct resource *buffer = NULL;
    while ((buffer = resource_next_of(buffer, RESOURCE_INT10, device)) != NULL) {
        if (physical >= buffer->physical && length <= buffer->size_bytes &&
            physical - buffer->physical <= buffer->size_bytes - length)
            return buffer;
    }
    return NULL;
}

static VP_STATUS NTAPI free_buffer(PVOID Context, USHORT Seg, USHORT Off)
{
    struct videoport_device *device = device_admit(Context, "Int10FreeBuffer");
    uint32_t physical = linear_of(Seg, Off);
    struct resource *buffer = device == NULL ? NULL : find_buffer(device, physical, 0);
    if (buffer == NULL || buffer->physical != physical)
        return ERROR_INVALID_PARAMETER;
    memory_release(buffer);
    return NO_ERROR;
}

/* Where a buffer's byte is for the kernel. */
static void *address_in(const struct resource *buffer, uint32_t physical)
{
    return (void *)(buffer->virtual_address + (uintptr_t)(physical - buffer->physical));
}

static VP_STATUS NTAPI read_memory(PVOID Context, USHORT Seg, USHORT Off, PVOID Buffer,
                                   ULONG Length)
{
    const struct videoport_device *device = device_admit(Context, "Int10ReadMemory");
    uint32_t physical = linear_of(Seg, Off);
    if (device == NULL || Buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    const struct resource *own = find_buffer(device, physical, Length);
    if (own != NULL)
        memcpy(Buffer, address_in(own, physical), Length);
    else if (!videoport_host->read_bios(physical, Buffer, Length))
        return ERROR_INVALID_PARAMETER;
    return NO_ERROR;
}

static VP_STATUS NTAPI write_memory(PVOID Context, USHORT Seg, USHORT Off, PVOID Buffer,
                                    ULONG Length)
{
    const struct videoport_device *device = device_admit(Context, "Int10WriteMemory");
    uint32_t physical = linear_of(Seg, Off);
    const struct resource *own = device == NULL ? NULL : find_buffer(device, physical, Length);
    if (own == NULL || Buffer == NULL)
        return ERROR_INVALID_PARAMETER;
    memcpy(address_in(own, physical), Buffer, Length);
    return NO_ERROR;
}

static VP_STATUS NTAPI call_service(PVOID Context, PINT10_BIOS_ARGUMENTS BiosArguments)
{
    if (BiosArguments == NULL)
        return ERROR_INVALID_PARAMETER;
    return call_bios(Context, "Int10CallBios", BiosArguments);
}

/* The interface is the adapter's for as long as that runs. */
static VOID NTAPI keep_interface(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
}

VP_STATUS NTAPI VideoPortQueryServices(PVOID HwDeviceExtension, VIDEO_PORT_SERVICES ServicesType,
                                       PINTERFACE Interface)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    VIDEO_PORT_INT10_INTERFACE *int10 = (VIDEO_PORT_INT10_INTERFACE *)(void *)Interface;
    if (device == NULL || int10 == NULL || ServicesType != VideoPortServicesInt10 ||
        int10->Size < sizeof *int10 || int10->Version != VIDEO_PORT_INT10_INTERFACE_VERSION_1)
        return ERROR_INVALID_PARAMETER;
    *int10 = (VIDEO_PORT_INT10_INTERFACE){
        .Size = sizeof *int10,
        .Version = VIDEO_PORT_INT10_INTERFACE_VERSION_1,
        .Context = HwDeviceExtension,
        .InterfaceReference = keep_interface,
        .InterfaceDereference = keep_interface,
        .Int10AllocateBuffer = allocate_buffer,
        .Int10FreeBuffer = free_buffer,
        .Int10ReadMemory = read_memory,
        .Int10WriteMemory = write_memory,
        .Int10CallBios = call_service,
    };
    return NO_ERROR;
}
