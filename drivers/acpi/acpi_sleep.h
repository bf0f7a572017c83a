#ifndef ACPI_SLEEP_H
#define ACPI_SLEEP_H

/*
 * What to write into which register to switch off is the chipset's secret, and stands in the
 * tables' byte code as the object \_S5 (ACPI 6.5, 7.4.2.6): a package of numbers, by all that is
 * known always a constant one. So no byte code is run here; the one object is looked for, and read
 * as ACPICA, the reference implementation, reads it.
 */

#include "acpi_table.h"

struct acpi_sleep_types {
    uint8_t a; /* for PM1a's control register, or for the sleep register; 0 to 7 */
    uint8_t b; /* for PM1b's */
};

/*
 * Looks for \_S5 in an open DSDT or SSDT. False, changing nothing, if none that makes sense is
 * there.
 */
bool acpi_sleep_find(struct acpi_table *table, struct acpi_sleep_types *types);

#endif
