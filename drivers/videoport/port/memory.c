/*
 * Memory for miniports, all of it physically contiguous blocks of the host. Every block has a
 * record, and is given back only by a call of the right kind with the right arguments; whatever
 * else arrives is refused and named on the log.
 */
#include "device.h"
#include "drivers/videoport/include/wdm.h"
#include "resource.h"

#define CONVENTIONAL_END 0xA0000u
#define ISA_DMA_END ((uint64_t)16 << 20) /* 24 address lines */
#define DMA32_END ((uint64_t)4 << 30)

/* What a caller asked for, and how it was named. */
struct demand {
    struct videoport_device *device;
    const char *call;
    enum resource_kind kind;
    struct mm_request request; /* without its owner */
    enum mm_cache cache;
};

/* NT names the highest address that a block may contain; everybody else here names the first that
   it may not. The very last byte of the address space, which no memory has, is lost to that. */
static uint64_t limit_after(PHYSICAL_ADDRESS highest)
{
    uint64_t address = (uint64_t)highest.QuadPart;
    return address == UINT64_MAX ? UINT64_MAX : address + 1;
}

static number_t highest_before(uint64_t limit)
{
    return limit == UINT64_MAX ? UINT64_MAX : limit - 1;
}

/* Holds the host to its word: a block out of bounds would corrupt memory under a device's DMA. */
static bool is_as_demanded(const struct mm_request *request, uint64_t physical)
{
    uint64_t last = physical + (request->size_bytes - 1);
    return physical >= request->lowest && last >= physical && last < request->limit &&
           (request->align_bytes == 0 || (physical & (request->align_bytes - 1)) == 0) &&
           (request->boundary_bytes == 0 || ((physical ^ last) & -request->boundary_bytes) == 0);
}

/* Fills in the record's addresses. NULL, or why there is no block. */
static const char *ask_host(const struct demand *demand, struct resource *record)
{
    struct mm_request request = demand->request;
    struct mm_block block;
    void *address;
    request.owner = demand->device == NULL ? "kernel" : demand->device->name;
    enum mm_status status = videoport_host->alloc(&request, demand->cache, &block, &address);
    if (status != MM_OK)
        return mm_status_text(status);
    if (!is_as_demanded(&request, block.base)) {
        videoport_host->free(address);
        return "the kernel's block breaks the request";
    }
    record->physical = block.base;
    record->virtual_address = (uintptr_t)address;
    return NULL;
}

static void log_block(const struct resource *record, const struct demand *demand)
{
    device_log(demand->device, demand->call,
               "bytes=%llu highest=0x%llx physical=0x%llx end=0x%llx virtual=0x%llx",
               (number_t)record->size_bytes, highest_before(demand->request.limit),
               (number_t)record->physical, (number_t)(record->physical + record->size_bytes),
               (number_t)record->virtual_address);
}

/* The record comes first: a block that cannot be recorded could never be freed. */
static struct resource *allocate(const struct demand *demand)
{
    const struct mm_request *request = &demand->request;
    struct resource *record = resource_add(&(struct resource){.device = demand->device,
                                                              .kind = demand->kind,
                                                              .call = demand->call,
                                                              .size_bytes = request->size_bytes});
    const char *why = record == NULL ? "there is no memory for records" : ask_host(demand, record);
    if (why != NULL) {
        if (record != NULL)
            resource_remove(record);
        device_log(demand->device, demand->call, "bytes=%llu highest=0x%llx refused: %s",
                   (number_t)request->size_bytes, highest_before(request->limit), why);
        return NULL;
    }
    if ((demand->kind & (RESOURCE_POOL | RESOURCE_BUFFER)) == 0)
        log_block(record, demand);
    return record;
}

static PVOID address_of(const struct resource *record)
{
    return record == NULL ? NULL : (PVOID)record->virtual_address;
}

/* A block for a device, NULL if that was not admitted. */
static struct resource *allocate_below(struct videoport_device *device, const char *call,
                                       enum resource_kind kind, uint64_t size_bytes, uint64_t limit)
{
    const struct demand demand = {
        device, call, kind, {.size_bytes = size_bytes, .limit = limit}, MM_CACHED};
    return device == NULL ? NULL : allocate(&demand);
}

/* A timer that goes off later would write into memory that is another's by then. */
static void cancel_timers_in(const struct resource *block)
{
    struct resource *next = resource_next(NULL, RESOURCE_TIMER);
    while (next != NULL) {
        struct resource *timer = next;
        next = resource_next(timer, RESOURCE_TIMER);
        if (timer->virtual_address - block->virtual_address >= block->size_bytes)
            continue;
        device_log(timer->device, timer->call, "virtual=0x%llx cancelled: its memory is freed",
                   (number_t)timer->virtual_address);
        resource_remove(timer);
    }
}

void memory_release(struct resource *record)
{
    cancel_timers_in(record);
    videoport_host->free((void *)record->virtual_address);
    resource_remove(record);
}

static void log_bad_free(const struct videoport_device *device, const char *call,
                         const void *address, const char *why)
{
    device_log(device, call, "virtual=0x%llx refused: %s", (number_t)(uintptr_t)address, why);
}

/* Frees a block of these kinds by its exact address. */
static void release(struct videoport_device *device, const char *call, unsigned kinds,
                    const void *address)
{
    struct resource *record = resource_find(kinds, (uintptr_t)address);
    if (record == NULL) {
        log_bad_free(device, call, address, "no such block is there to be freed by this call");
        return;
    }
    if (record->device != device) {
        log_bad_free(device, call, address, "the block belongs to another driver");
        return;
    }
    if (record->kind == RESOURCE_CONTIGUOUS)
        device_log(device, call, "freed bytes=%llu physical=0x%llx end=0x%llx virtual=0x%llx",
                   (number_t)record->size_bytes, (number_t)record->physical,
                   (number_t)(record->physical + record->size_bytes),
                   (number_t)record->virtual_address);
    memory_release(record);
}

PVOID NTAPI VideoPortAllocateContiguousMemory(PVOID HwDeviceExtension, ULONG NumberOfBytes,
                                              PHYSICAL_ADDRESS HighestAcceptableAddress)
{
    return address_of(allocate_below(device_admit(HwDeviceExtension, __func__), __func__,
                                     RESOURCE_CONTIGUOUS, NumberOfBytes,
                                     limit_after(HighestAcceptableAddress)));
}

/* Nothing is ever paged out; but a driver that asks for it in a DPC is wrong. The types of the
   video port and of NT's kernel have the same numbers. */
static enum device_level level_for(unsigned type)
{
    return (type & PagedPool) != 0 ? DEVICE_AT_PASSIVE : DEVICE_AT_DISPATCH;
}

static PVOID allocate_pool(struct videoport_device *device, const char *call, SIZE_T size_bytes,
                           ULONG tag)
{
    const struct demand demand = {
        device, call, RESOURCE_POOL, {.size_bytes = size_bytes, .limit = UINT64_MAX}, MM_CACHED};
    struct resource *record = allocate(&demand);
    if (record != NULL)
        record->tag = tag;
    return address_of(record);
}

PVOID NTAPI VideoPortAllocatePool(PVOID HwDeviceExtension, VP_POOL_TYPE PoolType,
                                  SIZE_T NumberOfBytes, ULONG Tag)
{
    struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, level_for(PoolType));
    return device == NULL ? NULL : allocate_pool(device, __func__, NumberOfBytes, Tag);
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    struct videoport_device *device = device_current();
    return device_check_level(device, __func__, level_for(PoolType))
               ? allocate_pool(device, __func__, NumberOfBytes, Tag)
               : NULL;
}

PVOID NTAPI ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes)
{
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, 0);
}

VOID NTAPI ExFreePoolWithTag(PVOID P, ULONG Tag)
{
    struct videoport_device *device = device_current();
    const struct resource *record = resource_find(RESOURCE_POOL, (uintptr_t)P);
    if (!device_check_level(device, __func__, DEVICE_AT_DISPATCH))
        return;
    if (Tag != 0 && record != NULL && record->tag != Tag)
        log_bad_free(device, __func__, P, "its tag is another one");
    else
        release(device, __func__, RESOURCE_POOL, P);
}

VOID NTAPI ExFreePool(PVOID P)
{
    ExFreePoolWithTag(P, 0);
}

VOID NTAPI VideoPortFreePool(PVOID HwDeviceExtension, PVOID Ptr)
{
    struct videoport_device *device =
        device_admit_up_to(HwDeviceExtension, __func__, DEVICE_AT_DISPATCH);
    if (device != NULL)
        release(device, __func__, RESOURCE_POOL | RESOURCE_CONTIGUOUS, Ptr);
}

VP_STATUS NTAPI VideoPortAllocateBuffer(PVOID HwDeviceExtension, ULONG Size, PVOID *Buffer)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device == NULL || Buffer == NULL || Size == 0)
        return ERROR_INVALID_PARAMETER;
    *Buffer = address_of(allocate_below(device, __func__, RESOURCE_BUFFER, Size, UINT64_MAX));
    return *Buffer == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR;
}

struct resource *memory_allocate_int10(struct videoport_device *device, const char *call,
                                       uint32_t size_bytes)
{
    return allocate_below(device, call, RESOURCE_INT10, size_bytes, CONVENTIONAL_END);
}

VOID NTAPI VideoPortReleaseBuffer(PVOID HwDeviceExtension, PVOID Buffer)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device != NULL)
        release(device, __func__, RESOURCE_BUFFER, Buffer);
}

/* The handle is the record itself, in which a DMA adapter's limit stands for an address. */
PVP_DMA_ADAPTER NTAPI VideoPortGetDmaAdapter(PVOID HwDeviceExtension,
                                             PVP_DEVICE_DESCRIPTION VpDeviceDescription)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device == NULL || VpDeviceDescription == NULL)
        return NULL;
    return (PVP_DMA_ADAPTER)(void *)resource_add(
        &(struct resource){.device = device,
                           .kind = RESOURCE_DMA_ADAPTER,
                           .call = __func__,
                           .physical = VpDeviceDescription->Dma64BitAddresses   ? UINT64_MAX
                                       : VpDeviceDescription->Dma32BitAddresses ? DMA32_END
                                                                                : ISA_DMA_END});
}

VOID NTAPI VideoPortPutDmaAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    if (device == NULL)
        return;
    struct resource *record = resource_open(RESOURCE_DMA_ADAPTER, device, VpDmaAdapter);
    if (record == NULL)
        log_bad_free(device, __func__, VpDmaAdapter, "this is no DMA adapter of this driver");
    else
        resource_remove(record);
}

/* Hands a common buffer, or NULL, to its driver. */
static PVOID give_common(struct resource *record, const struct resource *dma_adapter,
                         PPHYSICAL_ADDRESS logical, BOOLEAN is_cached)
{
    if (record != NULL) {
        record->dma_adapter = dma_adapter;
        record->is_called_cached = is_cached != 0;
        logical->QuadPart = (LONGLONG)record->physical;
    }
    return address_of(record);
}

PVOID NTAPI VideoPortAllocateCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                          ULONG DesiredLength, PPHYSICAL_ADDRESS LogicalAddress,
                                          BOOLEAN CacheEnabled, PVOID Reserved)
{
    struct videoport_device *device = device_admit(HwDeviceExtension, __func__);
    UNREFERENCED_PARAMETER(Reserved);
    if (device == NULL || LogicalAddress == NULL)
        return NULL;
    const struct resource *adapter = resource_open(RESOURCE_DMA_ADAPTER, device, VpDmaAdapter);
    if (adapter == NULL) {
        device_log(device, __func__, "bytes=%llu refused: this is no DMA adapter of this driver",
                   (number_t)DesiredLength);
        return NULL;
    }
    struct resource *record =
        allocate_below(device, __func__, RESOURCE_COMMON_BUFFER, DesiredLength, adapter->physical);
    return give_common(record, adapter, LogicalAddress, CacheEnabled);
}

/* Frees a common buffer, which has to be what the caller says of it; `call` is a call's name. */
static void release_common(PVOID extension, const char *call, enum resource_kind kind,
                           PVP_DMA_ADAPTER dma_adapter, ULONG length, PHYSICAL_ADDRESS logical,
                           PVOID address, BOOLEAN is_cached)
{
    struct videoport_device *device = device_admit(extension, call);
    if (device == NULL)
        return;
    const struct resource *record = resource_find(kind, (uintptr_t)address);
    if (record != NULL && record->device == device &&
        ((const void *)record->dma_adapter != dma_adapter || record->size_bytes != length ||
         record->physical != (uint64_t)logical.QuadPart ||
         record->is_called_cached != (is_cached != 0)))
        log_bad_free(device, call, address, "the arguments differ from those of the allocation");
    else
        release(device, call, kind, address);
}

VOID NTAPI VideoPortReleaseCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                        ULONG Length, PHYSICAL_ADDRESS LogicalAddress,
                                        PVOID VirtualAddress, BOOLEAN CacheEnabled)
{
    release_common(HwDeviceExtension, __func__, RESOURCE_COMMON_BUFFER, VpDmaAdapter, Length,
                   LogicalAddress, VirtualAddress, CacheEnabled);
}

PVOID NTAPI VideoPortGetCommonBuffer(PVOID HwDeviceExtension, ULONG DesiredLength, ULONG Alignment,
                                     PPHYSICAL_ADDRESS LogicalAddress, PULONG ActualLength,
                                     BOOLEAN CacheEnabled)
{
    const struct demand demand = {.device = device_admit(HwDeviceExtension, __func__),
                                  .call = __func__,
                                  .kind = RESOURCE_OLD_COMMON_BUFFER,
                                  .request.size_bytes = DesiredLength,
                                  .request.align_bytes = Alignment,
                                  .request.limit = DMA32_END};
    if (demand.device == NULL || LogicalAddress == NULL || ActualLength == NULL)
        return NULL;
    *ActualLength = DesiredLength;
    return give_common(allocate(&demand), NULL, LogicalAddress, CacheEnabled);
}

VOID NTAPI VideoPortFreeCommonBuffer(PVOID HwDeviceExtension, ULONG Length, PVOID VirtualAddress,
                                     PHYSICAL_ADDRESS LogicalAddress, BOOLEAN CacheEnabled)
{
    release_common(HwDeviceExtension, __func__, RESOURCE_OLD_COMMON_BUFFER, NULL, Length,
                   LogicalAddress, VirtualAddress, CacheEnabled);
}

/* The Mm functions name no adapter: what they give belongs to the driver that is running. */
static PVOID allocate_for_current(const char *call, const struct mm_request *request,
                                  enum mm_cache cache)
{
    const struct demand demand = {device_current(), call, RESOURCE_CONTIGUOUS, *request, cache};
    return device_check_level(demand.device, call, DEVICE_AT_PASSIVE)
               ? address_of(allocate(&demand))
               : NULL;
}

PVOID NTAPI MmAllocateContiguousMemory(SIZE_T NumberOfBytes,
                                       PHYSICAL_ADDRESS HighestAcceptableAddress)
{
    const struct mm_request request = {.size_bytes = NumberOfBytes,
                                       .limit = limit_after(HighestAcceptableAddress)};
    return allocate_for_current(__func__, &request, MM_CACHED);
}

PVOID NTAPI MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
                                                   PHYSICAL_ADDRESS LowestAcceptableAddress,
                                                   PHYSICAL_ADDRESS HighestAcceptableAddress,
                                                   PHYSICAL_ADDRESS BoundaryAddressMultiple,
                                                   MEMORY_CACHING_TYPE CacheType)
{
    const struct mm_request request = {
        .size_bytes = NumberOfBytes,
        .lowest = (uint64_t)LowestAcceptableAddress.QuadPart,
        .limit = limit_after(HighestAcceptableAddress),
        .boundary_bytes = (uint64_t)BoundaryAddressMultiple.QuadPart,
    };
    return allocate_for_current(__func__, &request,
                                CacheType == MmCached          ? MM_CACHED
                                : CacheType == MmWriteCombined ? MM_WRITE_COMBINED
                                                               : MM_UNCACHED);
}

VOID NTAPI MmFreeContiguousMemory(PVOID BaseAddress)
{
    struct videoport_device *device = device_current();
    if (device_check_level(device, __func__, DEVICE_AT_PASSIVE))
        release(device, __func__, RESOURCE_CONTIGUOUS, BaseAddress);
}

PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID BaseAddress)
{
    return (PHYSICAL_ADDRESS){.QuadPart = (LONGLONG)videoport_host->translate(BaseAddress)};
}
