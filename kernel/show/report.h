#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

/* What this machine is, for its owner and for who is asked about it. */

#include "boot/boot_info.h"
#include "kernel/cpu/cpu.h"

/* Both are referred to from now on. */
void report_init(const struct boot_info *info, const struct cpu_features *features);

/* A line each: boot loader, processor, other devices, memory under management, the build. */
void report_boot(void);
void report_cpu(void);
void report_devices(void);
void report_memory(void);
void report_build(void);

/* For a panic (panic.h): the memory's counts, and the build. */
void report_state(void);

/* What the `report` command prints: the version, all of these, the firmware's map as it was given,
   ACPI, the display, between two lines that say where it begins and ends. */
void report_all(void);

#endif
