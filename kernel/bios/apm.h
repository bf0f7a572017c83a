#ifndef KERNEL_APM_H
#define KERNEL_APM_H

/* Advanced Power Management, the way before ACPI: the BIOS switches off when it is asked. */

/*
 * Asks it. Returns, if it did not, with a phrase that says why and lives for ever: there is no
 * BIOS, it has no such functions, or it stopped in them.
 */
const char *apm_power_off(void);

#endif
