#ifndef VIDEOPORT_RESOURCE_H
#define VIDEOPORT_RESOURCE_H

/*
 * What adapters hold: one record for each block, mapping, claimed range and DMA adapter, so that
 * frees can be checked and leftovers found. It knows neither the driver nor the host's allocator,
 * save for the memory of its own records.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/videoport/include/wdm.h"
#include "host.h"

struct videoport_device;

enum resource_kind {
    RESOURCE_CONTIGUOUS = 1,
    RESOURCE_POOL = 2,
    RESOURCE_BUFFER = 4,
    RESOURCE_COMMON_BUFFER = 8,
    RESOURCE_OLD_COMMON_BUFFER = 16,
    RESOURCE_DMA_ADAPTER = 32,
    RESOURCE_MAPPING = 64,
    RESOURCE_CLAIM = 128,
    RESOURCE_EVENT = 256,
    RESOURCE_INT10 = 512,
    RESOURCE_SPIN_LOCK = 1024,
    RESOURCE_TIMER = 2048,
};

#define RESOURCE_MEMORY_KINDS                                                                      \
    (RESOURCE_CONTIGUOUS | RESOURCE_POOL | RESOURCE_BUFFER | RESOURCE_COMMON_BUFFER |              \
     RESOURCE_OLD_COMMON_BUFFER | RESOURCE_INT10)
#define RESOURCE_HELD_KINDS (RESOURCE_MEMORY_KINDS | RESOURCE_MAPPING) /* blocks and mappings */

struct resource {
    struct resource *next;
    struct videoport_device *device; /* NULL: memory that no driver asked for */
    const char *call;
    enum resource_kind kind;
    uint64_t physical; /* first byte, or first port; a DMA adapter's exclusive limit */
    uint64_t size_bytes;
    uintptr_t virtual_address;
    const struct resource *dma_adapter; /* common buffers: whom they were allocated for */
    enum mm_cache cache; /* mappings */
    bool in_io_space;
    bool is_shareable; /* claims */
    bool is_called_cached; /* common buffers: the flag as given, to be matched */
    bool is_held; /* spin locks */
    uint32_t tag; /* pool: as given, to be matched */
    uint64_t due; /* timers: in the host's milliseconds; the driver's KTIMER is virtual_address */
    uint32_t period; /* and again after so many; 0: once */
    KEVENT event; /* events: may be set in an interrupt, too */
};

/* A new record, a copy of this one. NULL if the host has no memory for records. */
struct resource *resource_add(const struct resource *filled_in);

/* Takes a record out. It becomes invalid; what it stands for is the caller's to give back. */
void resource_remove(struct resource *resource);

/* All records of the given kinds (a set of bits), from `after` (NULL: the first) on. NULL at the
   end. With a device, its own alone; the order is newest first. */
struct resource *resource_next(const struct resource *after, unsigned kinds);
struct resource *resource_next_of(const struct resource *after, unsigned kinds,
                                  const struct videoport_device *device);

/* The device's record of these kinds that a driver holds as a handle, or NULL if it is none. */
struct resource *resource_open(unsigned kinds, const struct videoport_device *device,
                               const void *handle);

/* The record of these kinds at exactly this virtual address, of any owner. */
struct resource *resource_find(unsigned kinds, uintptr_t virtual_address);

/* A block below 640 KiB for the BIOS, with its record (memory.c); NULL, and a line on the log. */
struct resource *memory_allocate_int10(struct videoport_device *device, const char *call,
                                       uint32_t size_bytes);

/* Gives a block (a record of one of RESOURCE_MEMORY_KINDS) back to the host, and its record. */
void memory_release(struct resource *record);

#endif
