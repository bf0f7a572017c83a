/*
 * Device memory and ports for miniports. On x86 a port is reached by its number, so mapping ports
 * maps nothing and returns that; it is recorded all the same, so that undoing it can be checked.
 */
#include "drivers/videoport/include/video.h"

#include "device.h"
#include "resource.h"

#define PORT_END 0x10000u

/* One page must not be cached in two ways: a range that overlaps an older mapping takes that one's
   type, whatever was asked for (Intel SDM vol. 3A, 12.12.4). */
static enum mm_cache cache_for(uint64_t physical, uint64_t size_bytes, enum mm_cache wanted)
{
    const struct resource *other = NULL;
    while ((other = resource_next(other, RESOURCE_MAPPING)) != NULL) {
        uint64_t other_last = other->physical + (other->size_bytes - 1);
        if (!other->in_io_space && physical / 4096 <= other_last / 4096 &&
            other->physical / 4096 <= (physical + (size_bytes - 1)) / 4096)
            return other->cache;
    }
    return wanted;
}

/* Fills in the record's virtual address. NULL, or why it cannot be had. */
static const char *map_range(struct resource *mapping, ULONG flags)
{
    if (mapping->size_bytes == 0)
        return "zero bytes were asked for";
    if (mapping->in_io_space) {
        if (mapping->physical >= PORT_END || mapping->size_bytes > PORT_END - mapping->physical)
            return "there are no ports above 0xffff";
        mapping->virtual_address = (uintptr_t)mapping->physical;
        return NULL;
    }
    if (mapping->size_bytes - 1 > UINT64_MAX - mapping->physical)
        return "the range runs past the end of the address space";
    mapping->cache =
        cache_for(mapping->physical, mapping->size_bytes,
                  (flags & VIDEO_MEMORY_SPACE_P6CACHE) != 0 ? MM_WRITE_COMBINED : MM_UNCACHED);
    mapping->virtual_address =
        (uintptr_t)videoport_host->map(mapping->physical, mapping->size_bytes, mapping->cache);
    return mapping->virtual_address != 0 ? NULL : "the range cannot be mapped";
}

/* VIDEO_MEMORY_SPACE_USER_MODE changes nothing: the kernel has one address space. */
static struct resource *map(struct videoport_device *device, const char *call,
                            PHYSICAL_ADDRESS physical, SIZE_T length, ULONG flags)
{
    if (device == NULL)
        return NULL;
    /* Filled in outside of the list, lest the range be its own alias. */
    struct resource mapping = {.device = device,
                               .kind = RESOURCE_MAPPING,
                               .call = call,
                               .physical = (uint64_t)physical.QuadPart,
                               .size_bytes = length,
                               .in_io_space = (flags & VIDEO_MEMORY_SPACE_IO) != 0};
    struct resource *record = NULL;
    const char *why = map_range(&mapping, flags);
    if (why == NULL) {
        record = resource_add(&mapping);
        if (record == NULL && !mapping.in_io_space)
            videoport_host->unmap((void *)mapping.virtual_address);
        if (record == NULL)
            why = "there is no memory for records";
    }
    if (why != NULL)
        device_log(device, call, "physical=0x%llx bytes=%llu refused: %s",
                   (number_t)mapping.physical, (number_t)mapping.size_bytes, why);
    return record;
}

/* The device's mapping that the address lies in, or NULL. */
static struct resource *find_mapping(const struct videoport_device *device, const void *address)
{
    struct resource *mapping = resource_next_of(NULL, RESOURCE_MAPPING, device);
    while (mapping != NULL && (uintptr_t)address - mapping->virtual_address >= mapping->size_bytes)
        mapping = resource_next_of(mapping, RESOURCE_MAPPING, device);
    return mapping;
}

/* Undoes a mapping, NULL if there is none. */
static bool unmap(const struct videoport_device *device, const char *call, struct resource *mapping,
                  const void *address)
{
    if (mapping == NULL) {
        device_log(device, call, "virtual=0x%llx refused: nothing is mapped there for this driver",
                   (number_t)(uintptr_t)address);
        return false;
    }
    if (!mapping->in_io_space)
        videoport_host->unmap((void *)mapping->virtual_address);
    resource_remove(mapping);
    return true;
}

static bool unmap_inside(void *extension, const char *call, const void *address)
{
    const struct videoport_device *device = device_admit(extension, call);
    return device != NULL && unmap(device, call, find_mapping(device, address), address);
}

PVOID NTAPI VideoPortGetDeviceBase(PVOID HwDeviceExtension, PHYSICAL_ADDRESS IoAddress,
                                   ULONG NumberOfUchars, UCHAR InIoSpace)
{
    const struct resource *mapping = map(device_admit(HwDeviceExtension, __func__), __func__,
                                         IoAddress, NumberOfUchars, InIoSpace);
    return mapping == NULL ? NULL : (PVOID)mapping->virtual_address;
}

VOID NTAPI VideoPortFreeDeviceBase(PVOID HwDeviceExtension, PVOID MappedAddress)
{
    unmap_inside(HwDeviceExtension, __func__, MappedAddress);
}

static VP_STATUS map_for(PVOID extension, const char *call, PHYSICAL_ADDRESS physical,
                         const ULONG *length, const ULONG *flags, PVOID *address)
{
    if (length == NULL || flags == NULL || address == NULL)
        return ERROR_INVALID_PARAMETER;
    const struct resource *mapping =
        map(device_admit(extension, call), call, physical, *length, *flags);
    if (mapping == NULL)
        return ERROR_INVALID_PARAMETER;
    *address = (PVOID)mapping->virtual_address;
    return NO_ERROR;
}

VP_STATUS NTAPI VideoPortMapMemory(PVOID HwDeviceExtension, PHYSICAL_ADDRESS PhysicalAddress,
                                   PULONG Length, PULONG InIoSpace, PVOID *VirtualAddress)
{
    return map_for(HwDeviceExtension, __func__, PhysicalAddress, Length, InIoSpace, VirtualAddress);
}

VP_STATUS NTAPI VideoPortMapBankedMemory(PVOID HwDeviceExtension, PHYSICAL_ADDRESS PhysicalAddress,
                                         PULONG Length, PULONG InIoSpace, PVOID *VirtualAddress,
                                         ULONG BankLength, UCHAR ReadWriteBank,
                                         PBANKED_SECTION_ROUTINE BankRoutine, PVOID Context)
{
    UNREFERENCED_PARAMETER(ReadWriteBank);
    UNREFERENCED_PARAMETER(BankRoutine);
    UNREFERENCED_PARAMETER(Context);
    if (Length != NULL && *Length > BankLength) {
        device_log(device_find(HwDeviceExtension), __func__,
                   "bytes=%llu refused: a bank has %llu, and nobody switches banks here",
                   (number_t)*Length, (number_t)BankLength);
        return ERROR_INVALID_PARAMETER;
    }
    return map_for(HwDeviceExtension, __func__, PhysicalAddress, Length, InIoSpace, VirtualAddress);
}

VP_STATUS NTAPI VideoPortUnmapMemory(PVOID HwDeviceExtension, PVOID VirtualAddress,
                                     PVOID ProcessHandle)
{
    UNREFERENCED_PARAMETER(ProcessHandle);
    return unmap_inside(HwDeviceExtension, __func__, VirtualAddress) ? NO_ERROR
                                                                     : ERROR_INVALID_PARAMETER;
}

PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
                         MEMORY_CACHING_TYPE CacheType)
{
    struct videoport_device *device = device_current();
    if (!device_check_level(device, __func__, DEVICE_AT_PASSIVE))
        return NULL;
    const struct resource *mapping =
        map(device, __func__, PhysicalAddress, NumberOfBytes,
            CacheType == MmWriteCombined ? VIDEO_MEMORY_SPACE_P6CACHE : VIDEO_MEMORY_SPACE_MEMORY);
    return mapping == NULL ? NULL : (PVOID)mapping->virtual_address;
}

VOID NTAPI MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    const struct videoport_device *device = device_current();
    struct resource *mapping = find_mapping(device, BaseAddress);
    if (!device_check_level(device, __func__, DEVICE_AT_PASSIVE))
        return;
    bool is_whole = mapping != NULL && mapping->virtual_address == (uintptr_t)BaseAddress &&
                    mapping->size_bytes == NumberOfBytes;
    unmap(device, __func__, is_whole ? mapping : NULL, BaseAddress);
}
