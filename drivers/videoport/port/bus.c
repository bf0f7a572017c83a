/*
 * PCI and claimed ranges, for miniports. NT names a function by a slot number, the device in the
 * low five bits and the function in the next three, on the bus that the adapter is on.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "kernel/lib/string.h"
#include "resource.h"

#define CONFIG_SPACE_BYTES 256u

static ULONG slot_of(const struct pci_function *function)
{
    return (ULONG)function->device | (ULONG)function->function << 5;
}

/* Ascending with the bus' own order, unlike slot numbers. */
static unsigned position_of_slot(ULONG slot)
{
    return (slot & 31) << 3 | (slot >> 5 & 7);
}

static bool is_match(const USHORT *wanted, USHORT id)
{
    return wanted == NULL || *wanted == id;
}

/* The first matching function on the bus, at or after the slot. */
static bool find_function(uint32_t bus, ULONG slot, const USHORT *vendor, const USHORT *device_id,
                          struct pci_function *function)
{
    for (size_t i = 0; videoport_host->pci_get(i, function); i++) {
        if (function->bus == bus && position_of_slot(slot_of(function)) >= position_of_slot(slot) &&
            is_match(vendor, function->vendor_id) && is_match(device_id, function->device_id))
            return true;
    }
    return false;
}

static bool overlaps(const struct resource *claim, const VIDEO_ACCESS_RANGE *range)
{
    uint64_t start = (uint64_t)range->RangeStart.QuadPart;
    if (claim->in_io_space != ((range->RangeInIoSpace & VIDEO_MEMORY_SPACE_IO) != 0))
        return false;
    return start >= claim->physical ? start - claim->physical < claim->size_bytes
                                    : claim->physical - start < range->RangeLength;
}

/* The claim of another device that stands in the way, or NULL; *is_held says that the range is the
   device's own already. */
static const struct resource *find_conflict(const struct videoport_device *device,
                                            const VIDEO_ACCESS_RANGE *range, bool *is_held)
{
    const struct resource *claim = NULL;
    *is_held = false;
    while ((claim = resource_next(claim, RESOURCE_CLAIM)) != NULL) {
        if (!overlaps(claim, range))
            continue;
        if (claim->device != device && !(claim->is_shareable && range->RangeShareable))
            return claim;
        *is_held |= claim->device == device && claim->size_bytes == range->RangeLength &&
                    claim->physical == (uint64_t)range->RangeStart.QuadPart;
    }
    return NULL;
}

static void give_up_claims(struct videoport_device *device)
{
    struct resource *claim;
    while ((claim = resource_next_of(NULL, RESOURCE_CLAIM, device)) != NULL)
        resource_remove(claim);
}

static bool add_claim(struct videoport_device *device, const VIDEO_ACCESS_RANGE *range,
                      const char *call)
{
    return resource_add(&(struct resource){
               .device = device,
               .kind = RESOURCE_CLAIM,
               .call = call,
               .physical = (uint64_t)range->RangeStart.QuadPart,
               .size_bytes = range->RangeLength,
               .in_io_space = (range->RangeInIoSpace & VIDEO_MEMORY_SPACE_IO) != 0,
               .is_shareable = range->RangeShareable != 0,
           }) != NULL;
}

/* All or nothing: conflicts are looked for before the first claim is made. */
static VP_STATUS claim_ranges(struct videoport_device *device, const VIDEO_ACCESS_RANGE *ranges,
                              size_t count, const char *call)
{
    const struct resource *conflict;
    bool is_held;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].RangeLength != 0 &&
            (conflict = find_conflict(device, &ranges[i], &is_held)) != NULL) {
            device_log(device, call, "refused: of %u %s from 0x%llx on, driver %s has claimed some",
                       (unsigned)ranges[i].RangeLength,
                       ranges[i].RangeInIoSpace & VIDEO_MEMORY_SPACE_IO ? "ports" : "bytes",
                       (number_t)ranges[i].RangeStart.QuadPart, conflict->device->name);
            return ERROR_INVALID_PARAMETER;
        }
    }
    for (size_t i = 0; i < count; i++) {
        find_conflict(device, &ranges[i], &is_held);
        if (ranges[i].RangeLength != 0 && !is_held && !add_claim(device, &ranges[i], call))
            return ERROR_NOT_ENOUGH_MEMORY;
    }
    return NO_ERROR;
}

/* RangeLength has 32 bits: of a range of 4 GiB or more, the driver sees all but the last byte. */
static VIDEO_ACCESS_RANGE access_range(const struct pci_bar *range)
{
    return (VIDEO_ACCESS_RANGE){
        .RangeStart.QuadPart = (LONGLONG)range->base,
        .RangeLength = range->size_bytes > UINT32_MAX ? UINT32_MAX : (ULONG)range->size_bytes,
        .RangeInIoSpace =
            range->kind == PCI_BAR_IO ? VIDEO_MEMORY_SPACE_IO : VIDEO_MEMORY_SPACE_MEMORY,
    };
}

/* Chooses the function whose ranges are wanted, and makes it the adapter's. */
static bool choose_function(struct videoport_device *device, const USHORT *vendor,
                            const USHORT *device_id, ULONG *slot)
{
    struct pci_function function;
    if (vendor == NULL && device_id == NULL)
        return device->has_function;
    if (!find_function(device->bus, slot == NULL ? 0 : *slot, vendor, device_id, &function))
        return false;
    device->function = function;
    device->has_function = true;
    if (slot != NULL)
        *slot = slot_of(&function);
    return true;
}

VP_STATUS NTAPI VideoPortGetAccessRanges(PVOID HwDeviceExtension, ULONG NumRequestedResources,
                                         PIO_RESOURCE_DESCRIPTOR RequestedResources,
                                         ULONG NumAccessRanges, PVIDEO_ACCESS_RANGE AccessRanges,
                                         PVOID VendorId, PVOID DeviceId, PULONG Slot)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    struct pci_bar found[PCI_BAR_MAX];
    if (device == NULL || AccessRanges == NULL || NumRequestedResources != 0 ||
        RequestedResources != NULL)
        return ERROR_INVALID_PARAMETER;
    if (!choose_function(device, VendorId, DeviceId, Slot)) {
        device_log(device, __func__, "refused: bus %u has no such function", (unsigned)device->bus);
        return ERROR_DEV_NOT_EXIST;
    }
    size_t count = videoport_host->pci_ranges(&device->function, found);
    if (count > NumAccessRanges) {
        device_log(device, __func__, "refused: room for %u ranges, and %zu are there",
                   (unsigned)NumAccessRanges, count);
        return ERROR_MORE_DATA;
    }
    device->took_ranges = true;
    memset(AccessRanges, 0, NumAccessRanges * sizeof AccessRanges[0]);
    for (size_t i = 0; i < count; i++)
        AccessRanges[i] = access_range(&found[i]);
    return claim_ranges(device, AccessRanges, count, __func__);
}

VP_STATUS NTAPI VideoPortVerifyAccessRanges(PVOID HwDeviceExtension, ULONG NumAccessRanges,
                                            PVIDEO_ACCESS_RANGE AccessRanges)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device == NULL || (NumAccessRanges != 0 && AccessRanges == NULL))
        return ERROR_INVALID_PARAMETER;
    if (NumAccessRanges == 0)
        give_up_claims(device);
    return claim_ranges(device, AccessRanges, NumAccessRanges, __func__);
}

/* Reads or writes the configuration space of the function that a call means. Returns how many
   bytes: 0, also, for bytes past its end. */
static ULONG transfer(const struct videoport_device *device, BUS_DATA_TYPE type, ULONG slot,
                      PVOID buffer, ULONG offset, ULONG length, bool is_write)
{
    struct pci_function function;
    if (device == NULL || type != PCIConfiguration || buffer == NULL ||
        offset > CONFIG_SPACE_BYTES || length > CONFIG_SPACE_BYTES - offset)
        return 0;
    function = device->function;
    if (!device->has_function && (!find_function(device->bus, slot, NULL, NULL, &function) ||
                                  slot_of(&function) != (slot & 0xFF)))
        return 0;
    if (is_write)
        videoport_host->pci_write(&function, offset, buffer, length);
    else
        videoport_host->pci_read(&function, offset, buffer, length);
    return length;
}

ULONG NTAPI VideoPortGetBusData(PVOID HwDeviceExtension, BUS_DATA_TYPE BusDataType,
                                ULONG SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length)
{
    return transfer(device_admit(HwDeviceExtension, __func__), BusDataType, SlotNumber, Buffer,
                    Offset, Length, false);
}

ULONG NTAPI VideoPortSetBusData(PVOID HwDeviceExtension, BUS_DATA_TYPE BusDataType,
                                ULONG SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length)
{
    return transfer(device_admit(HwDeviceExtension, __func__), BusDataType, SlotNumber, Buffer,
                    Offset, Length, true);
}
