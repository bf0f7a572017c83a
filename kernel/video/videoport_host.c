/* What this kernel does for the video port (drivers/videoport/port/host.h). */

#include "drivers/pc/pci.h"
#include "drivers/pc/timer.h"
#include "drivers.h"
#include "drivers/videoport/port/host.h"
#include "kernel/bios/v86.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/cache.h"
#include "kernel/pc/clock.h"
#include "kernel/pc/interrupts.h"
#include "kernel/pc/paging.h"
#include "kernel/pc/panic.h"
#include "kernel/pc/trap.h"

static enum mm_status host_alloc(const struct mm_request *request, enum mm_cache cache,
                                 struct mm_block *block, void **virtual_address)
{
    struct mm_request wanted = *request;
    if (wanted.limit > paging_reach())
        wanted.limit = paging_reach();
    return pool_alloc(memory_pool(), &wanted, cache, block, virtual_address);
}

static void host_free(void *virtual_address)
{
    enum mm_status status = pool_free(memory_pool(), virtual_address);
    ASSERT(status == MM_OK);
}

/* Where a register combines, the pages' own type must not forbid it. */
static void *host_map(uint64_t physical, uint64_t size_bytes, enum mm_cache cache)
{
    bool by_range = cache == MM_WRITE_COMBINED && cache_combine_range(physical, size_bytes);
    void *virtual_address;
    enum mm_status status = pool_map(memory_pool(), physical, size_bytes,
                                     by_range ? MM_CACHED : cache, "device", &virtual_address);
    if (status != MM_OK && by_range)
        cache_release_range(physical);
    return status == MM_OK ? virtual_address : NULL;
}

static uint64_t host_translate(const void *virtual_address)
{
    phys_t physical;
    return paging_translate((uintptr_t)virtual_address, &physical) ? physical : 0;
}

static void host_unmap(void *virtual_address)
{
    cache_release_range(host_translate(virtual_address));
    enum mm_status status = pool_unmap(memory_pool(), virtual_address);
    ASSERT(status == MM_OK);
}

static void host_log(const char *line)
{
    console_write(line);
    console_put('\n');
}

static uint64_t host_milliseconds(void)
{
    return (uint64_t)timer_ticks() * (1000 / TIMER_TICKS_PER_SECOND);
}

static uint32_t host_stop_interrupts(void)
{
    uint32_t flags = cpu_read_flags();
    cpu_disable_interrupts();
    return flags;
}

/* ---- PCI ------------------------------------------------------------------------------------ */

/* Looked for once, when they are first needed. */
static const struct pci_buses *pci_buses(void)
{
    static struct pci_buses buses;
    static bool are_known;
    if (!are_known) {
        trace_step("PCI: ports 0xcf8 and 0xcfc, all buses");
        pci_find_buses(&buses);
    }
    are_known = true;
    return &buses;
}

static bool host_pci_get(size_t index, struct pci_function *function)
{
    struct pci_scan scan = {.buses = pci_buses()};
    do
        if (!pci_scan_next(&scan, function))
            return false;
    while (index-- > 0);
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

void videoport_host_init(void)
{
    static const struct videoport_host host = {
        .in_interrupt = trap_in_interrupt,
        .alloc = host_alloc,
        .free = host_free,
        .map = host_map,
        .unmap = host_unmap,
        .guard = fault_guard_driver,
        .translate = host_translate,
        .log = host_log,
        .stall = timer_wait,
        .milliseconds = host_milliseconds,
        .tick_milliseconds = 1000 / TIMER_TICKS_PER_SECOND,
        .count_ticks = timer_count_at,
        .counter = clock_counter,
        .rest = interrupts_rest,
        .call_bios = v86_interrupt,
        .read_bios = memory_read_bios,
        .stop_interrupts = host_stop_interrupts,
        .resume_interrupts = cpu_write_flags,
        .connect_line = trap_lend_interrupt,
        .disconnect_line = trap_release_interrupt,
        .pci_get = host_pci_get,
        .pci_ranges = pci_read_bars,
        .pci_read = pci_read_bytes,
        .pci_write = pci_write_bytes,
    };
    videoport_init(&host);
}
