#ifndef TESTS_HOST_FAKE_HOST_H
#define TESTS_HOST_FAKE_HOST_H

/*
 * A host for the video port, made of malloc, and a miniport that does as the test tells it. Memory
 * of the fake host lies at physical addresses from 1 MiB to 5 GiB, and a block comes from as high
 * as the request allows.
 */

#include "drivers/videoport/port/videoport.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/videoport/include/wdm.h"
#include "drivers/videoport/port/host.h"
#include "mm/request.h"
#include "test.h"

#define MEMORY_BASE ((uint64_t)1 << 20)
#define MEMORY_END ((uint64_t)5 << 30)
#define ISA_HIGHEST 0x00FFFFFF
#define BLOCK_MAX 32
#define LOG_MAX 64

struct host_block {
    void *virtual_address;
    uint64_t physical;
    char owner[24];
};

struct host_mapping {
    void *virtual_address;
    uint64_t physical;
    enum mm_cache cache;
};

/* The fake host, as the tests look at it. */
static struct {
    bool at_passive_level;
    bool breaks_its_word;
    struct host_block blocks[BLOCK_MAX];
    struct host_mapping mappings[BLOCK_MAX];
    struct mm_request last_request;
    enum mm_cache last_cache;
    char log[LOG_MAX][400];
    size_t log_count;
    uint8_t config[256];
    size_t pci_count;
    struct pci_function pci[4];
    struct pci_bar ranges[PCI_BAR_MAX];
    size_t range_count;
    uint32_t stalled_microseconds;
    uint64_t milliseconds;
    uint32_t connected_lines; /* a bit each */
    bool interrupts_stopped;
    void (*on_rest)(void); /* what happens meanwhile */
    struct bios_registers called; /* with which the BIOS was */
    const char *bios_caller; /* whose blocks it may move */
    size_t buffer_count;
    const char *bios_fault;
    int low_byte; /* all bytes of frame 0 */
    bool has_low_memory; /* from 512 KiB on */
} host;

static inline bool host_in_interrupt(void)
{
    return !host.at_passive_level;
}

static inline struct host_block *block_at(const void *virtual_address)
{
    for (size_t i = 0; i < BLOCK_MAX; i++) {
        if (host.blocks[i].virtual_address == virtual_address)
            return &host.blocks[i];
    }
    return NULL;
}

static inline enum mm_status host_alloc(const struct mm_request *request, enum mm_cache cache,
                                        struct mm_block *block, void **virtual_address)
{
    enum mm_status status = request_check(request->size_bytes, request->align_bytes,
                                          request->boundary_bytes, request->lowest, request->limit);
    uint64_t align = request->align_bytes < 4096 ? 4096 : request->align_bytes;
    uint64_t end = request->limit < MEMORY_END ? request->limit : MEMORY_END;
    struct host_block *slot = block_at(NULL);
    if (status != MM_OK)
        return status;
    host.last_request = *request;
    host.last_cache = cache;
    uint64_t base = host.has_low_memory ? MEMORY_BASE / 2 : MEMORY_BASE;
    if (end < base || end - base < request->size_bytes || !slot)
        return MM_NO_ROOM;
    slot->physical = (end - request->size_bytes) & ~(align - 1);
    if (request->boundary_bytes != 0)
        slot->physical &= ~(request->boundary_bytes - 1);
    if (host.breaks_its_word)
        slot->physical += align;
    /* malloc's size is the request's, so that a sanitizer sees each byte too many. */
    slot->virtual_address = aligned_alloc(16, (request->size_bytes + 15) & ~15ull);
    assert_non_null(slot->virtual_address);
    snprintf(slot->owner, sizeof slot->owner, "%s", request->owner);
    *virtual_address = slot->virtual_address;
    if (block)
        *block = (struct mm_block){.base = slot->physical, .size_bytes = request->size_bytes};
    return MM_OK;
}

static inline void host_free(void *virtual_address)
{
    struct host_block *block = block_at(virtual_address);
    assert_non_null(virtual_address);
    assert_non_null(block);
    free(virtual_address);
    block->virtual_address = NULL;
}

static inline struct host_mapping *mapping_at(const void *virtual_address)
{
    for (size_t i = 0; i < BLOCK_MAX; i++) {
        if (host.mappings[i].virtual_address == virtual_address)
            return &host.mappings[i];
    }
    return NULL;
}

/* The window has 16 MiB. */
static inline void *host_map(uint64_t physical, uint64_t size_bytes, enum mm_cache cache)
{
    struct host_mapping *slot = mapping_at(NULL);
    assert_true(size_bytes > 0);
    if (size_bytes > (16u << 20) || !slot)
        return NULL;
    *slot = (struct host_mapping){malloc((size_t)size_bytes), physical, cache};
    return slot->virtual_address;
}

static inline void host_unmap(void *virtual_address)
{
    struct host_mapping *mapping = mapping_at(virtual_address);
    assert_non_null(virtual_address);
    assert_non_null(mapping);
    free(virtual_address);
    mapping->virtual_address = NULL;
}

static inline uint64_t host_translate(const void *virtual_address)
{
    const struct host_block *block = block_at(virtual_address);
    return block ? block->physical : 0;
}

static inline void host_log(const char *line)
{
    assert_true(host.log_count < LOG_MAX);
    snprintf(host.log[host.log_count++], sizeof host.log[0], "%s", line);
}

static inline void host_stall(uint32_t microseconds)
{
    host.stalled_microseconds += microseconds;
}

static jmp_buf *guard; /* of the innermost driver's routine */

static inline bool host_guard(void (*routine)(void *), void *context, const char *driver_name)
{
    jmp_buf here;
    jmp_buf *volatile outer = guard;
    volatile bool returned = false;
    guard = &here;
    if (setjmp(here) == 0) {
        routine(context);
        returned = true;
    }
    guard = outer;
    if (!returned)
        host_log(driver_name);
    return returned;
}

/* What a driver does that faults. */
static inline _Noreturn void fault(void)
{
    longjmp(*guard, 1);
}

static inline uint64_t host_milliseconds(void)
{
    return host.milliseconds;
}

static inline void host_count_ticks(volatile uint32_t *at)
{
    *at = 7;
}

static inline uint64_t host_counter(uint64_t *per_second)
{
    *per_second = 3000000000;
    return host.milliseconds * 3000000;
}

static inline void host_rest(void)
{
    host.milliseconds += 10;
    if (host.on_rest)
        host.on_rest();
}

static inline uint32_t host_stop_interrupts(void)
{
    uint32_t flags = host.interrupts_stopped;
    host.interrupts_stopped = true;
    return flags;
}

static inline void host_resume_interrupts(uint32_t flags)
{
    assert_true(host.interrupts_stopped);
    host.interrupts_stopped = flags != 0;
}

/* Blocks may lie at one address; the last one is meant. */
static inline struct host_block *block_at_physical(uint64_t physical)
{
    struct host_block *block = host.blocks + BLOCK_MAX - 1;
    while (!block->virtual_address || block->physical != physical)
        block--;
    return block;
}

static inline const char *host_call_bios(uint8_t vector, const char *caller,
                                         struct bios_registers *registers,
                                         const struct bios_buffer *buffers, size_t buffer_count)
{
    assert_int_equal(vector, 0x10);
    host.bios_caller = caller;
    host.called = *registers;
    host.buffer_count = buffer_count;
    if (buffer_count > 0)
        memset(block_at_physical(buffers[0].base)->virtual_address, 'B', buffers[0].size_bytes);
    if (host.bios_fault)
        return host.bios_fault;
    registers->eax = 0x004F;
    registers->es++;
    return NULL;
}

/* 64 bytes of ROM at 0xC0000, and frame 0. */
static inline bool host_read_bios(phys_t physical, void *to, size_t size_bytes)
{
    bool is_rom = physical >= 0xC0000 && physical + size_bytes <= 0xC0040;
    if (!is_rom && physical + size_bytes > 4096)
        return false;
    memset(to, is_rom ? 'R' : host.low_byte, size_bytes);
    return true;
}

/* Lines 0 to 2 are the host's own. */
static inline bool host_connect_line(unsigned line, void (*handler)(unsigned line))
{
    assert_true(line < 16);
    assert_non_null(handler);
    host.connected_lines |= line > 2 ? 1u << line : 0;
    return line > 2;
}

static inline void host_disconnect_line(unsigned line)
{
    assert_true(host.connected_lines & 1u << line);
    host.connected_lines &= ~(1u << line);
}

static inline bool host_pci_get(size_t index, struct pci_function *function)
{
    if (index >= host.pci_count)
        return false;
    *function = host.pci[index];
    return true;
}

static inline size_t host_pci_ranges(const struct pci_function *function,
                                     struct pci_bar ranges[PCI_BAR_MAX])
{
    (void)function;
    memcpy(ranges, host.ranges, sizeof host.ranges);
    return host.range_count;
}

static inline void host_pci_read(const struct pci_function *function, unsigned offset, void *buffer,
                                 size_t size_bytes)
{
    assert_true(offset + size_bytes <= 256);
    memcpy(buffer, host.config + offset, size_bytes);
    if (offset == 0 && size_bytes >= 2)
        memcpy(buffer, &function->vendor_id, 2);
}

static inline void host_pci_write(const struct pci_function *function, unsigned offset,
                                  const void *buffer, size_t size_bytes)
{
    (void)function;
    assert_true(offset + size_bytes <= 256);
    memcpy(host.config + offset, buffer, size_bytes);
}

static const struct videoport_host fake_host = {
    .in_interrupt = host_in_interrupt,
    .alloc = host_alloc,
    .free = host_free,
    .map = host_map,
    .unmap = host_unmap,
    .guard = host_guard,
    .translate = host_translate,
    .log = host_log,
    .stall = host_stall,
    .milliseconds = host_milliseconds,
    .tick_milliseconds = 10,
    .count_ticks = host_count_ticks,
    .counter = host_counter,
    .rest = host_rest,
    .call_bios = host_call_bios,
    .read_bios = host_read_bios,
    .stop_interrupts = host_stop_interrupts,
    .resume_interrupts = host_resume_interrupts,
    .connect_line = host_connect_line,
    .disconnect_line = host_disconnect_line,
    .pci_get = host_pci_get,
    .pci_ranges = host_pci_ranges,
    .pci_read = host_pci_read,
    .pci_write = host_pci_write,
};

static inline const char *last_log(void)
{
    return host.log_count == 0 ? "" : host.log[host.log_count - 1];
}

#define assert_logged(text)                                                                        \
    do {                                                                                           \
        if (!strstr(last_log(), (text)))                                                           \
            fail_msg("log says: %s", last_log());                                                  \
    } while (0)

static inline size_t count_blocks(const char *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < BLOCK_MAX; i++)
        count += host.blocks[i].virtual_address && strcmp(host.blocks[i].owner, owner) == 0;
    return count;
}

static inline size_t count_mappings(void)
{
    size_t count = 0;
    for (size_t i = 0; i < BLOCK_MAX; i++)
        count += host.mappings[i].virtual_address ? 1 : 0;
    return count;
}

/* A miniport that does as the tests tell it. */
static struct {
    VIDEO_HW_INITIALIZATION_DATA data;
    ULONG initialize_result;
    VP_STATUS find_result;
    unsigned find_count;
    VP_STATUS (*on_find)(void); /* what it does in HwFindAdapter; NULL: nothing */
    UCHAR again;
    BOOLEAN initializes;
    VIDEO_PORT_CONFIG_INFO info;
    void *extension;
    size_t reset_count;
    BOOLEAN resets;
    PVOID context2;
    PVOID mm_block;
    ULONG interrupt_line;
} driver;

static inline VP_STATUS NTAPI find_adapter(PVOID extension, PVOID context, PWSTR argument,
                                           PVIDEO_PORT_CONFIG_INFO info, PUCHAR again)
{
    (void)context;
    (void)argument;
    driver.find_count++;
    driver.info = *info;
    driver.extension = extension;
    *again = driver.again;
    info->BusInterruptLevel = driver.interrupt_line;
    return driver.on_find ? driver.on_find() : driver.find_result;
}

static inline BOOLEAN NTAPI initialize(PVOID extension)
{
    (void)extension;
    return driver.initializes;
}

static inline BOOLEAN NTAPI start_io(PVOID extension, PVIDEO_REQUEST_PACKET packet)
{
    assert_ptr_equal(extension, driver.extension);
    if (packet->IoControlCode == IOCTL_VIDEO_SET_CURRENT_MODE)
        driver.mm_block = MmAllocateContiguousMemory(8192, (PHYSICAL_ADDRESS){.QuadPart = -1});
    packet->StatusBlock->Information = packet->InputBufferLength;
    bool fits = packet->InputBufferLength <= packet->OutputBufferLength;
    packet->StatusBlock->Status = fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
    if (fits && packet->InputBufferLength != 0)
        memcpy(packet->OutputBuffer, packet->InputBuffer, packet->InputBufferLength);
    return TRUE;
}

static inline BOOLEAN NTAPI reset_hw(PVOID extension, ULONG columns, ULONG rows)
{
    assert_ptr_equal(extension, driver.extension);
    driver.reset_count += columns == 80 && rows == 25;
    return driver.resets;
}

static inline ULONG NTAPI driver_entry(PVOID context1, PVOID context2)
{
    driver.context2 = context2;
    driver.initialize_result = VideoPortInitialize(context1, context2, &driver.data, NULL);
    return driver.initialize_result;
}

static inline struct videoport_device *start(void)
{
    const char *why;
    return videoport_start("fake", driver_entry, NULL, &why);
}

static struct videoport_device *device; /* the one that most tests use */

static inline int open_host(void **state)
{
    (void)state;
    memset(&host, 0, sizeof host);
    videoport_init(&fake_host);
    memset(&driver, 0, sizeof driver);
    host.at_passive_level = true;
    driver.initializes = driver.resets = TRUE;
    driver.data = (VIDEO_HW_INITIALIZATION_DATA){.HwInitDataSize = sizeof driver.data,
                                                 .AdapterInterfaceType = Isa,
                                                 .HwFindAdapter = find_adapter,
                                                 .HwInitialize = initialize,
                                                 .HwStartIO = start_io,
                                                 .HwResetHw = reset_hw,
                                                 .HwDeviceExtensionSize = 64};
    return 0;
}

static inline int open_device(void **state)
{
    open_host(state);
    device = start();
    host.log_count = 0;
    return !device;
}

/* Nothing that any test took may outlive its device. */
static inline int close_device(void **state)
{
    (void)state;
    host.at_passive_level = true;
    if (device)
        videoport_stop(device);
    device = NULL;
    return count_blocks("fake") != 0 || count_mappings() != 0;
}

static inline PHYSICAL_ADDRESS address(uint64_t value)
{
    return (PHYSICAL_ADDRESS){.QuadPart = (LONGLONG)value};
}

static inline PVOID allocate(ULONG size_bytes, uint64_t highest)
{
    return VideoPortAllocateContiguousMemory(driver.extension, size_bytes, address(highest));
}

#endif
