/* What the video port asks of its host (drivers/videoport/host.h), in this kernel. */

#include "drivers/videoport/host.h"

#include "cache.h"
#include "console.h"
#include "drivers/pci.h"
#include "drivers/timer.h"
#include "drivers/videoport/videoport.h"
#include "fault.h"
#include "interrupts.h"
#include "memory.h"
#include "paging.h"
#include "panic.h"
#include "trace.h"
#include "trap.h"
#include "v86.h"

static enum mm_cache cache_of(enum videoport_cache cache)
{
    switch (cache) {
    case VIDEOPORT_UNCACHED:
        return MM_UNCACHED;
    case VIDEOPORT_WRITE_COMBINED:
        return MM_WRITE_COMBINED;
    default:
        return MM_CACHED;
    }
}

bool videoport_host_at_passive_level(void)
{
    return !trap_in_interrupt();
}

const char *videoport_host_alloc(const struct videoport_host_request *request,
                                 struct videoport_host_block *block)
{
    struct mm_request wanted = {
        .size_bytes = request->size_bytes,
        .align_bytes = request->align_bytes,
        .lowest = request->lowest,
        .limit = request->limit < paging_reach() ? request->limit : paging_reach(),
        .boundary_bytes = request->boundary_bytes,
        .owner = request->owner,
    };
    struct mm_block made;
    enum mm_status status = pool_alloc(memory_pool(), &wanted, cache_of(request->cache), &made,
                                       &block->virtual_address);
    if (status != MM_OK)
        return mm_status_text(status);
    block->physical = made.base;
    return NULL;
}

void videoport_host_free(void *virtual_address)
{
    enum mm_status status = pool_free(memory_pool(), virtual_address);
    ASSERT(status == MM_OK);
}

/* Where a register combines, the pages' own type must not forbid it. */
void *videoport_host_map(uint64_t physical, uint64_t size_bytes, enum videoport_cache cache)
{
    bool by_range = cache == VIDEOPORT_WRITE_COMBINED && cache_combine_range(physical, size_bytes);
    void *virtual_address;
    enum mm_status status =
        pool_map(memory_pool(), physical, size_bytes, by_range ? MM_CACHED : cache_of(cache),
                 "device", &virtual_address);
    if (status != MM_OK && by_range)
        cache_release_range(physical);
    return status == MM_OK ? virtual_address : NULL;
}

void videoport_host_unmap(void *virtual_address)
{
    cache_release_range(videoport_host_translate(virtual_address));
    enum mm_status status = pool_unmap(memory_pool(), virtual_address);
    ASSERT(status == MM_OK);
}

bool videoport_host_guard(void (*routine)(void *), void *context, const char *driver)
{
    return fault_guard_driver(routine, context, driver);
}

uint64_t videoport_host_translate(const void *virtual_address)
{
    phys_t physical;
    return paging_translate((uintptr_t)virtual_address, &physical) ? physical : 0;
}

void videoport_host_log(const char *line)
{
    console_write(line);
    console_put('\n');
}

void videoport_host_stall(uint32_t microseconds)
{
    timer_wait(microseconds);
}

uint64_t videoport_host_milliseconds(void)
{
    return (uint64_t)timer_ticks() * (1000 / TIMER_TICKS_PER_SECOND);
}

void videoport_host_rest(void)
{
    interrupts_rest();
}

bool videoport_host_stop_interrupts(void)
{
    bool were_stopped = !cpu_interrupts_are_on();
    cpu_disable_interrupts();
    return were_stopped;
}

void videoport_host_resume_interrupts(bool were_stopped)
{
    if (!were_stopped)
        cpu_enable_interrupts();
}

/* ---- the BIOS --------------------------------------------------------------------------------- */

#define BIOS_BUFFERS_MAX 8

const char *videoport_host_int10(struct videoport_host_registers *registers,
                                 const struct videoport_host_block *buffers,
                                 const uint32_t *buffer_bytes, size_t buffer_count)
{
    struct v86_buffer lent[BIOS_BUFFERS_MAX];
    ASSERT(buffer_count <= BIOS_BUFFERS_MAX);
    for (size_t i = 0; i < buffer_count; i++)
        lent[i] = (struct v86_buffer){buffers[i].physical, buffer_bytes[i]};
    struct v86_registers called = {registers->eax, registers->ebx, registers->ecx,
                                   registers->edx, registers->esi, registers->edi,
                                   registers->ebp, registers->ds,  registers->es};
    const char *why = v86_interrupt(0x10, &called, lent, buffer_count);
    *registers = (struct videoport_host_registers){called.eax, called.ebx, called.ecx,
                                                   called.edx, called.esi, called.edi,
                                                   called.ebp, called.ds,  called.es};
    return why;
}

bool videoport_host_read_bios(uint32_t physical, void *to, uint32_t size_bytes)
{
    return memory_read_bios(physical, to, size_bytes);
}

/* ---- interrupt lines ------------------------------------------------------------------------ */

static void take_interrupt(unsigned line)
{
    videoport_interrupt(line);
}

bool videoport_host_connect_line(uint32_t line)
{
    return trap_lend_interrupt(line, take_interrupt);
}

void videoport_host_disconnect_line(uint32_t line)
{
    trap_release_interrupt(line);
}

/* ---- PCI ------------------------------------------------------------------------------------ */

static struct pci_function pci_of(const struct videoport_host_pci *function)
{
    return (struct pci_function){
        .bus = function->bus, .device = function->device, .function = function->function};
}

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

bool videoport_host_pci_get(size_t index, struct videoport_host_pci *function)
{
    struct pci_scan scan;
    struct pci_function found;
    pci_scan_begin(&scan, pci_buses());
    do
        if (!pci_scan_next(&scan, &found))
            return false;
    while (index-- > 0);
    *function = (struct videoport_host_pci){found.bus,       found.device,    found.function,
                                            found.vendor_id, found.device_id, found.class_code};
    return true;
}

size_t videoport_host_pci_ranges(const struct videoport_host_pci *function,
                                 struct videoport_host_range ranges[VIDEOPORT_HOST_RANGE_MAX])
{
    struct pci_function pci = pci_of(function);
    struct pci_bar bars[PCI_BAR_MAX];
    size_t count = pci_read_bars(&pci, bars);
    for (size_t i = 0; i < count; i++)
        ranges[i] = (struct videoport_host_range){bars[i].base, bars[i].size_bytes,
                                                  bars[i].kind == PCI_BAR_IO};
    return count;
}

void videoport_host_pci_read(const struct videoport_host_pci *function, uint32_t offset,
                             void *buffer, uint32_t size_bytes)
{
    struct pci_function pci = pci_of(function);
    pci_read_bytes(&pci, offset, buffer, size_bytes);
}

void videoport_host_pci_write(const struct videoport_host_pci *function, uint32_t offset,
                              const void *buffer, uint32_t size_bytes)
{
    struct pci_function pci = pci_of(function);
    pci_write_bytes(&pci, offset, buffer, size_bytes);
}
