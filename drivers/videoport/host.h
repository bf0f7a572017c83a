#ifndef VIDEOPORT_HOST_H
#define VIDEOPORT_HOST_H

/*
 * All that the video port needs of the kernel it lives in. Every function here is supplied by the
 * host; the rest of drivers/videoport calls nothing else but kernel/format.h and kernel/string.h.
 * None of them may call back into the video port, but for a line's interrupts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the processor may cache a mapping. */
enum videoport_cache { VIDEOPORT_CACHED, VIDEOPORT_UNCACHED, VIDEOPORT_WRITE_COMBINED };

struct videoport_host_request {
    uint64_t size_bytes; /* at least 1 */
    uint64_t align_bytes; /* power of two, or 0; pages are the least alignment in any case */
    uint64_t lowest; /* the block's first byte lies at or above this */
    uint64_t limit; /* exclusive; may lie past what the machine can address or map */
    uint64_t boundary_bytes; /* power of two, or 0 for none: no multiple of it lies inside */
    enum videoport_cache cache;
    const char *owner; /* 1 to 23 printable characters without blanks; copy it */
};

struct videoport_host_block {
    void *virtual_address; /* page-aligned, mapped for the kernel, writable */
    uint64_t physical; /* of the first byte */
};

/* False while an interrupt is being handled. Any level. */
bool videoport_host_at_passive_level(void);

/*
 * Allocates and maps a physically contiguous block. Returns NULL, or the reason for having none: a
 * phrase that lives for ever and completes "error: ". Nothing is held then. Freed by
 * videoport_host_free. PASSIVE_LEVEL.
 */
const char *videoport_host_alloc(const struct videoport_host_request *request,
                                 struct videoport_host_block *block);

/* Frees a block by the virtual address that videoport_host_alloc gave. PASSIVE_LEVEL. */
void videoport_host_free(void *virtual_address);

/*
 * Maps device memory (any alignment) and returns the virtual address of its first byte, or NULL if
 * the range is out of reach or too large for the kernel's address space: size_bytes may be anything
 * up to 4 GiB. Each call gives addresses of its own, also for a range that is mapped already. Where
 * the processor cannot combine writes, uncached does as well. PASSIVE_LEVEL.
 */
void *videoport_host_map(uint64_t physical, uint64_t size_bytes, enum videoport_cache cache);

/* Undoes videoport_host_map, given the address that it returned. PASSIVE_LEVEL. */
void videoport_host_unmap(void *virtual_address);

/*
 * Calls a routine of a driver's. False if it faulted in the driver's own code: it was left where it
 * was, and the log says where, under the driver's name. A fault anywhere else is the host's to deal
 * with. Any level.
 */
bool videoport_host_guard(void (*routine)(void *), void *context, const char *driver);

/* The physical address behind a mapped one; 0 if nothing is mapped there. Any level. */
uint64_t videoport_host_translate(const void *virtual_address);

/* Writes one line, without its line end, to the kernel's log. Any level. */
void videoport_host_log(const char *line);

/* Waits at least that long, busily. Any level. */
void videoport_host_stall(uint32_t microseconds);

/* Milliseconds since some moment; they stand still while interrupts are off. Any level. */
uint64_t videoport_host_milliseconds(void);

/* Lets some time pass: until the next interrupt, or less. PASSIVE_LEVEL. */
void videoport_host_rest(void);

/* What the BIOS's code finds in the processor's registers. */
struct videoport_host_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    uint16_t ds, es;
};

/*
 * Calls the video BIOS, interrupt 10h, which may use the buffers: blocks below 1 MiB. NULL, with what
 * it returned in *registers, or a phrase that lives for ever: why it could not be called, or that it
 * faulted. PASSIVE_LEVEL.
 */
const char *videoport_host_int10(struct videoport_host_registers *registers,
                                 const struct videoport_host_block *buffers,
                                 const uint32_t *buffer_bytes, size_t buffer_count);

/* Copies from the BIOS's own memory below 1 MiB: ROMs, and its data. False if any of it is not the
   BIOS's. PASSIVE_LEVEL. */
bool videoport_host_read_bios(uint32_t physical, void *to, uint32_t size_bytes);

/* Keeps interrupts away, and tells if they were away before; lets them in again, if they were not.
   Any level. */
bool videoport_host_stop_interrupts(void);
void videoport_host_resume_interrupts(bool were_stopped);

/* Has videoport_interrupt (videoport.h) called at each interrupt of a line (0 to 15) from now on, or
   no longer. False if the line is the kernel's own, or there is none of that number. */
bool videoport_host_connect_line(uint32_t line);
void videoport_host_disconnect_line(uint32_t line);

/* One function of a PCI device. */
struct videoport_host_pci {
    uint8_t bus;
    uint8_t device;
    uint8_t function;
    uint16_t vendor_id;
    uint16_t device_id;
    uint32_t class_code; /* base class << 16 | sub-class << 8 | programming interface */
};

/* What a base address register decodes. */
struct videoport_host_range {
    uint64_t base;
    uint64_t size_bytes;
    bool in_io_space;
};

#define VIDEOPORT_HOST_RANGE_MAX 6

/* The index-th PCI function of the machine, in ascending order of bus, device and function. False
   past the last one, and at once in a machine without PCI. PASSIVE_LEVEL, as the next three. */
bool videoport_host_pci_get(size_t index, struct videoport_host_pci *function);

/* The ranges that a function's base address registers decode, in their order, empty ones left out.
   Returns how many there are. */
size_t videoport_host_pci_ranges(const struct videoport_host_pci *function,
                                 struct videoport_host_range ranges[VIDEOPORT_HOST_RANGE_MAX]);

/* Reads and writes configuration space; offset + size_bytes is at most 256. */
void videoport_host_pci_read(const struct videoport_host_pci *function, uint32_t offset,
                             void *buffer, uint32_t size_bytes);
void videoport_host_pci_write(const struct videoport_host_pci *function, uint32_t offset,
                              const void *buffer, uint32_t size_bytes);

#endif
