#ifndef VIDEOPORT_HOST_H
#define VIDEOPORT_HOST_H

/*
 * All that the video port needs of the kernel it lives in: functions that the kernel gives it at
 * the start. It calls nothing else but kernel/lib/format.h and kernel/lib/string.h. None of them
 * may call back into the video port, but for a line's interrupts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/pc/bios_call.h"
#include "drivers/pc/pci.h"
#include "mm/pool.h"

struct videoport_host {
    /* True while an interrupt is being handled. Any level. */
    bool (*in_interrupt)(void);

    /*
     * Allocates a physically contiguous block and maps it for the kernel, writable, as pool_alloc
     * does (mm/pool.h). Freed by free. PASSIVE_LEVEL.
     */
    enum mm_status (*alloc)(const struct mm_request *request, enum mm_cache cache,
                            struct mm_block *block, void **virtual_address);

    /* Frees a block by the virtual address that alloc gave. PASSIVE_LEVEL. */
    void (*free)(void *virtual_address);

    /*
     * Maps device memory (any alignment) and returns the virtual address of its first byte, or NULL
     * if the range is out of reach or too large for the kernel's address space: size_bytes may be
     * anything up to 4 GiB. Each call gives addresses of its own, also for a range that is mapped
     * already. Where the processor cannot combine writes, uncached does as well. PASSIVE_LEVEL.
     */
    void *(*map)(uint64_t physical, uint64_t size_bytes, enum mm_cache cache);

    /* Undoes map, given the address that it returned. PASSIVE_LEVEL. */
    void (*unmap)(void *virtual_address);

    /*
     * Calls a routine of a driver's. False if it faulted in the driver's own code: it was left
     * where it was, and the log says where, under the driver's name. A fault anywhere else is the
     * host's to deal with. Any level.
     */
    bool (*guard)(void (*routine)(void *), void *context, const char *driver);

    /* The physical address behind a mapped one; 0 if nothing is mapped there. Any level. */
    uint64_t (*translate)(const void *virtual_address);

    /* Writes one line, without its line end, to the kernel's log. Any level. */
    void (*log)(const char *line);

    /* Waits at least that long, busily. Any level. */
    void (*stall)(uint32_t microseconds);

    /* Milliseconds since some moment; they stand still while interrupts are off. Any level. */
    uint64_t (*milliseconds)(void);

    /* Milliseconds from one tick to the next; has ticks counted at a place of the port's, by an
       interrupt. */
    uint32_t tick_milliseconds;
    void (*count_ticks)(volatile uint32_t *at);

    /* The finest counter that never goes back, and how often it counts in a second. Any level. */
    uint64_t (*counter)(uint64_t *per_second);

    /* Lets some time pass: until the next interrupt, or less. PASSIVE_LEVEL. */
    void (*rest)(void);

    /*
     * Calls an interrupt of the BIOS, which may use the buffers: blocks below 1 MiB. Its block move
     * may touch all blocks of `caller`. NULL, with what it returned in *registers, or a phrase that
     * lives for ever: why it could not be called, or that it faulted. PASSIVE_LEVEL.
     */
    const char *(*call_bios)(uint8_t vector, const char *caller, struct bios_registers *registers,
                             const struct bios_buffer *buffers, size_t buffer_count);

    /* Copies from the BIOS's own memory below 1 MiB: ROMs, and its data. False if any of it is not
       the BIOS's. PASSIVE_LEVEL. */
    bool (*read_bios)(phys_t physical, void *to, size_t size_bytes);

    /* Keeps interrupts away, and returns the flags by which they are again as they were before. Any
       level. */
    uint32_t (*stop_interrupts)(void);
    void (*resume_interrupts)(uint32_t flags);

    /* Calls a handler at each interrupt of a line (0 to 15) from now on, or no longer. False if the
       line is the kernel's own, or there is none of that number. */
    bool (*connect_line)(unsigned line, void (*handler)(unsigned line));
    void (*disconnect_line)(unsigned line);

    /* The index-th PCI function of the machine, in ascending order of bus, device and function.
       False past the last one, and at once in a machine without PCI. PASSIVE_LEVEL, as the next
       three. */
    bool (*pci_get)(size_t index, struct pci_function *function);

    /* The ranges that a function's base address registers decode, in their order, empty ones left
       out. Returns how many there are. */
    size_t (*pci_ranges)(const struct pci_function *function, struct pci_bar bars[PCI_BAR_MAX]);

    /* Reads and writes configuration space; offset + size_bytes is at most 256. */
    void (*pci_read)(const struct pci_function *function, unsigned offset, void *buffer,
                     size_t size_bytes);
    void (*pci_write)(const struct pci_function *function, unsigned offset, const void *buffer,
                      size_t size_bytes);
};

/* What the port was given last (videoport_init). */
extern const struct videoport_host *videoport_host;

#endif
