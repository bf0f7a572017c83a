/*
 * Reads and writes PCI configuration space through ports 0xCF8 and 0xCFC. Knows no device.
 *
 *   0xCF8   31 enable | 30..24 0 | 23..16 bus | 15..11 device | 10..8 function | 7..2 dword | 0
 *   0xCFC   that dword, or the byte or word of it at 0xCFC + (offset & 3)
 */
#include "pci.h"

#include "ports.h"

/* PCI Local Bus Specification 3.0, chapter 6, and PCI-to-PCI Bridge Architecture 1.2, 3.2. */

#define PCI_PORT_ADDRESS 0xCF8
#define PCI_PORT_DATA 0xCFC
#define PCI_ADDRESS_ENABLE 0x80000000u

#define PCI_VENDOR_ID 0x00
#define PCI_VENDOR_NONE 0xFFFF
#define PCI_COMMAND 0x04
#define PCI_COMMAND_IO 0x0001
#define PCI_COMMAND_MEMORY 0x0002
#define PCI_REVISION 0x08 /* and the class code in the three bytes above it */
#define PCI_HEADER_TYPE 0x0E
#define PCI_HEADER_MULTI_FUNCTION 0x80

#define PCI_BAR(index) (0x10u + 4 * (index))
#define PCI_BAR_IS_IO 0x1u
#define PCI_BAR_IO_FLAGS 0x3u
#define PCI_BAR_TYPE 0x6u
#define PCI_BAR_TYPE_64 0x4u
#define PCI_BAR_MEMORY_FLAGS 0xFu

#define PCI_BUS_COUNT 256u
#define PCI_DEVICES_PER_BUS 32u
#define PCI_SCAN_END (PCI_BUS_COUNT << 8) /* one past the last bus << 8 | device << 3 | function */

static uint16_t select_register(const struct pci_function *function, unsigned offset)
{
    port_write32(PCI_PORT_ADDRESS, PCI_ADDRESS_ENABLE | (uint32_t)function->bus << 16 |
                                       (uint32_t)function->device << 11 |
                                       (uint32_t)function->function << 8 | (offset & 0xFC));
    return (uint16_t)(PCI_PORT_DATA + (offset & 3));
}

#define DEFINE_CONFIG_ACCESS(width)                                                                \
    uint##width##_t pci_read##width(const struct pci_function *function, unsigned offset)          \
    {                                                                                              \
        return port_read##width(select_register(function, offset));                                \
    }                                                                                              \
    void pci_write##width(const struct pci_function *function, unsigned offset,                    \
                          uint##width##_t value)                                                   \
    {                                                                                              \
        port_write##width(select_register(function, offset), value);                               \
    }

DEFINE_CONFIG_ACCESS(8)
DEFINE_CONFIG_ACCESS(16)
DEFINE_CONFIG_ACCESS(32)

void pci_read_bytes(const struct pci_function *function, unsigned offset, void *buffer,
                    size_t size_bytes)
{
    uint8_t *bytes = buffer;
    for (size_t i = 0; i < size_bytes; i++)
        bytes[i] = pci_read8(function, offset + (unsigned)i);
}

void pci_write_bytes(const struct pci_function *function, unsigned offset, const void *buffer,
                     size_t size_bytes)
{
    const uint8_t *bytes = buffer;
    for (size_t i = 0; i < size_bytes; i++)
        pci_write8(function, offset + (unsigned)i, bytes[i]);
}

/* The address register keeps what is written to it only where the mechanism exists: elsewhere a
   floating bus reads as ones, and chips that decode bytes at 0xCF8 do not hold a dword. */
bool pci_is_present(void)
{
    uint32_t before = port_read32(PCI_PORT_ADDRESS);
    port_write32(PCI_PORT_ADDRESS, PCI_ADDRESS_ENABLE);
    bool holds = port_read32(PCI_PORT_ADDRESS) == PCI_ADDRESS_ENABLE;
    port_write32(PCI_PORT_ADDRESS, before);
    return holds;
}

/* By vendor and device: what nobody answers reads as ones, on some chipsets as zeros. */
static bool is_somebody(uint32_t ids)
{
    uint16_t vendor_id = (uint16_t)ids;
    return vendor_id != PCI_VENDOR_NONE && vendor_id != 0;
}

/* Reads the fixed part of the header. False if nobody is there. */
static bool identify(struct pci_function *function)
{
    uint32_t ids = pci_read32(function, PCI_VENDOR_ID);
    function->vendor_id = (uint16_t)ids;
    function->device_id = (uint16_t)(ids >> 16);
    if (!is_somebody(ids))
        return false;
    function->class_code = pci_read32(function, PCI_REVISION) >> 8;
    function->header_type = pci_read8(function, PCI_HEADER_TYPE);
    return true;
}

/* ---- buses ----------------------------------------------------------------------------------- */

#define HASH_FIRST 2166136261u /* FNV-1a, on dwords */
#define HASH_FACTOR 16777619u

/*
 * What tells a bus from others: who is on it, and at which addresses. Of a bridge the third address
 * is its bus numbers. The status registers are left out, because looking for devices changes them.
 * False if nobody is there.
 */
static bool fingerprint(unsigned bus, uint32_t *hash)
{
    bool is_found = false;
    *hash = HASH_FIRST;
    for (unsigned device = 0; device < PCI_DEVICES_PER_BUS; device++) {
        struct pci_function function = {.bus = (uint8_t)bus, .device = (uint8_t)device};
        uint32_t ids = pci_read32(&function, PCI_VENDOR_ID);
        *hash *= HASH_FACTOR;
        if (!is_somebody(ids))
            continue;
        is_found = true;
        *hash = (*hash ^ ids) * HASH_FACTOR;
        for (unsigned i = 0; i < 3; i++)
            *hash = (*hash ^ pci_read32(&function, PCI_BAR(i))) * HASH_FACTOR;
    }
    return is_found;
}

static bool is_among(const uint32_t *hashes, size_t count, uint32_t hash)
{
    for (size_t i = 0; i < count; i++)
        if (hashes[i] == hash)
            return true;
    return false;
}

void pci_find_buses(struct pci_buses *buses)
{
    uint32_t hashes[PCI_BUS_COUNT];
    size_t count = 0;
    *buses = (struct pci_buses){.exists = {0}};
    if (!pci_is_present())
        return;
    for (unsigned bus = 0; bus < PCI_BUS_COUNT; bus++) {
        uint32_t hash;
        if (!fingerprint(bus, &hash) || is_among(hashes, count, hash))
            continue;
        hashes[count++] = hash;
        buses->exists[bus / 32] |= (uint32_t)1 << bus % 32;
    }
}

static bool has_bus(const struct pci_buses *buses, unsigned bus)
{
    return (buses->exists[bus / 32] >> bus % 32 & 1) != 0;
}

/* ---- functions ------------------------------------------------------------------------------- */

/*
 * Where to look after this position. Functions 1 to 7 of a device are worth asking for only if
 * function 0 says that there are some: many single-function devices answer at all eight.
 */
static unsigned position_after(unsigned position, bool is_found, uint8_t header_type)
{
    bool is_first = (position & 7) == 0;
    if (is_first && !(is_found && (header_type & PCI_HEADER_MULTI_FUNCTION) != 0))
        return position + 8;
    return position + 1;
}

bool pci_scan_next(struct pci_scan *scan, struct pci_function *function)
{
    while (scan->next < PCI_SCAN_END) {
        unsigned position = scan->next;
        if (!has_bus(scan->buses, position >> 8)) {
            scan->next = ((position >> 8) + 1) << 8;
            continue;
        }
        *function = (struct pci_function){.bus = (uint8_t)(position >> 8),
                                          .device = position >> 3 & 31,
                                          .function = position & 7};
        bool is_found = identify(function);
        scan->next = position_after(position, is_found, function->header_type);
        if (is_found) {
            function->header_type &= (uint8_t)~PCI_HEADER_MULTI_FUNCTION;
            return true;
        }
    }
    return false;
}

/* ---- base addresses -------------------------------------------------------------------------- */

static unsigned bar_register_count(const struct pci_function *function)
{
    static const unsigned counts[] = {6, 2, 1}; /* device, bridge, CardBus bridge */
    return function->header_type < 3 ? counts[function->header_type] : 0;
}

/* Which address bits the register can hold: those it keeps when all ones are written. */
static uint32_t probe(const struct pci_function *function, unsigned offset)
{
    uint32_t before = pci_read32(function, offset);
    pci_write32(function, offset, UINT32_MAX);
    uint32_t mask = pci_read32(function, offset);
    pci_write32(function, offset, before);
    return mask;
}

/*
 * Reads one register, or a pair; returns how many it took. The size is the lowest address bit that
 * can be set. An I/O register may leave out the upper 16 bits, which a PC does not decode.
 */
static unsigned read_bar(const struct pci_function *function, unsigned index, struct pci_bar *bar)
{
    unsigned offset = PCI_BAR(index);
    uint32_t value = pci_read32(function, offset);
    uint64_t mask = probe(function, offset);
    uint64_t flags = PCI_BAR_MEMORY_FLAGS;
    *bar = (struct pci_bar){.base = value, .kind = PCI_BAR_MEMORY32, .index = (uint8_t)index};
    if (mask == 0 || mask == UINT32_MAX)
        return 1;
    if ((value & PCI_BAR_IS_IO) != 0) {
        bar->kind = PCI_BAR_IO;
        flags = PCI_BAR_IO_FLAGS;
        mask &= 0xFFFF;
    } else if ((value & PCI_BAR_TYPE) == PCI_BAR_TYPE_64 &&
               index + 1 < bar_register_count(function)) {
        bar->kind = PCI_BAR_MEMORY64;
        bar->base |= (uint64_t)pci_read32(function, offset + 4) << 32;
        mask |= (uint64_t)probe(function, offset + 4) << 32;
    }
    bar->base &= ~flags;
    mask &= ~flags;
    bar->size_bytes = mask & (~mask + 1);
    return bar->kind == PCI_BAR_MEMORY64 ? 2 : 1;
}

/* A PC has no ports beyond 64 KiB, and what is above that was not measured. */
static bool is_assigned(const struct pci_bar *bar)
{
    bool is_beyond = bar->kind == PCI_BAR_IO && bar->base > UINT16_MAX;
    return bar->size_bytes != 0 && bar->base != 0 && !is_beyond;
}

size_t pci_read_bars(const struct pci_function *function, struct pci_bar bars[PCI_BAR_MAX])
{
    unsigned register_count = bar_register_count(function);
    uint16_t command = pci_read16(function, PCI_COMMAND);
    size_t count = 0;
    /* With decoding on, the probe would make the device answer at the top of the address space. */
    pci_write16(function, PCI_COMMAND, command & (uint16_t) ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
    for (unsigned i = 0; i < register_count;) {
        struct pci_bar bar;
        i += read_bar(function, i, &bar);
        if (is_assigned(&bar))
            bars[count++] = bar;
    }
    pci_write16(function, PCI_COMMAND, command);
    return count;
}
