#ifndef KERNEL_E820_H
#define KERNEL_E820_H

/* The types that a firmware's map gives its entries: ACPI specification 6.5, table 15.3. */
enum e820_type {
    E820_USABLE = 1,
    E820_RESERVED = 2,
    E820_ACPI = 3,
    E820_NVS = 4,
    E820_BAD = 5,
    E820_PERSISTENT = 7,
    E820_PERSISTENT_LEGACY = 12, /* as some firmware has it from before there was a type */
};

#endif
