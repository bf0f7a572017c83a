#ifndef POWER_H
#define POWER_H

/*
 * The writes that switch a PC off or reset it. Each returns if the machine is still there after the
 * time that it may take. In which order to try them, and which of them this machine may be sent, is
 * their caller's business.
 */

#include "acpi.h"

/*
 * A register in memory: where its `size_bytes`, at most 8, can be accessed until the next call,
 * uncached. NULL if they are out of reach.
 */
typedef volatile void *power_map_t(phys_t physical, size_t size_bytes);

/* Ends QEMU through its isa-debug-exit, with 0x10 + status. Only where the machine is emulated. */
void power_exit_emulator(uint8_t status);

/* Switches off at the ports of emulators' power management. Only where the machine is emulated. */
void power_off_emulator(void);

/* Switches off as the tables say; false, at once, if they do not say how or it is out of reach. */
bool power_off_acpi(const struct acpi *acpi, power_map_t *map);

/* Resets as the tables say; false, at once, if they do not say how or it cannot be reached. */
bool power_reset_acpi(const struct acpi *acpi, power_map_t *map);

/* Resets by the chipset's reset control register. Only in a machine with PCI. */
void power_reset_chipset(void);

#endif
