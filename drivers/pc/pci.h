#ifndef PCI_H
#define PCI_H

/*
 * Finding PCI functions and their base addresses through configuration mechanism 1 (PCI Local Bus
 * Specification 3.0, 3.2.2.3.2), the one that every PC with PCI answers. It drives no device and
 * moves none: what the firmware assigned stays.
 *
 * The mechanism is a pair of registers, so none of this may be called from an interrupt handler.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pci_function {
    uint8_t bus;
    uint8_t device; /* 0 to 31 */
    uint8_t function; /* 0 to 7 */
    uint8_t header_type; /* 0 device, 1 bridge, 2 CardBus bridge; without the multi-function bit */
    uint16_t vendor_id;
    uint16_t device_id;
    uint32_t class_code; /* base class << 16 | sub-class << 8 | programming interface */
};

enum pci_bar_kind { PCI_BAR_IO, PCI_BAR_MEMORY32, PCI_BAR_MEMORY64 };

/* What one base address register, or a 64-bit pair of them, decodes. */
struct pci_bar {
    uint64_t base; /* a multiple of the size */
    uint64_t size_bytes; /* a power of two */
    enum pci_bar_kind kind;
    uint8_t index; /* of the (first) register, 0 to 5 */
};

#define PCI_BAR_MAX 6

/* Which buses a machine has. Opaque. */
struct pci_buses {
    uint32_t exists[8]; /* a bit for each bus */
};

/* A walk over them, which must live as long. It starts as {.buses = buses}. */
struct pci_scan {
    const struct pci_buses *buses;
    unsigned next; /* bus << 8 | device << 3 | function, the one to look at next */
};

/* True if the machine answers configuration mechanism 1. A 486 or an ISA-only PC does not. */
bool pci_is_present(void);

/*
 * Asks every device number of all 256 buses, because only some of a machine's root buses can be
 * found by following bridges. That is 8192 reads, so call it once. A bus that answers exactly like
 * a lower one is that one: some chipsets ignore bits of a bus number. In a machine without PCI
 * there is no bus, and no other port is read.
 */
void pci_find_buses(struct pci_buses *buses);

/* The next function in ascending order of bus, device and function. False at the end. */
bool pci_scan_next(struct pci_scan *scan, struct pci_function *function);

/*
 * Configuration space of a function; `offset` is below 256 and a multiple of the access' width.
 * What nobody answers reads as all ones.
 */
uint8_t pci_read8(const struct pci_function *function, unsigned offset);
uint16_t pci_read16(const struct pci_function *function, unsigned offset);
uint32_t pci_read32(const struct pci_function *function, unsigned offset);
void pci_write8(const struct pci_function *function, unsigned offset, uint8_t value);
void pci_write16(const struct pci_function *function, unsigned offset, uint16_t value);
void pci_write32(const struct pci_function *function, unsigned offset, uint32_t value);

/* As above for any offset and length within 256 bytes, byte by byte. */
void pci_read_bytes(const struct pci_function *function, unsigned offset, void *buffer,
                    size_t size_bytes);
void pci_write_bytes(const struct pci_function *function, unsigned offset, const void *buffer,
                     size_t size_bytes);

/*
 * Measures what a function's base address registers decode; returns how many do. Those that the
 * firmware assigned no address to, or ports that a PC has not, are left out. Meanwhile the function
 * answers at none of them, so nobody may use the device.
 */
size_t pci_read_bars(const struct pci_function *function, struct pci_bar bars[PCI_BAR_MAX]);

#endif
