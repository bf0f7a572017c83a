#ifndef KERNEL_ENDING_H
#define KERNEL_ENDING_H

/*
 * The machine's end: one way after the other, each named in a line before it is tried, so that a
 * screen that hangs says in which.
 */

#include "boot/boot_info.h"
#include "kernel/cpu/cpu.h"

/* Both are referred to from now on. Without `use_acpi`, its tables are never looked for. */
void ending_init(const struct boot_info *info, const struct cpu_features *features, bool use_acpi);

/*
 * Switches off; an emulator with isa-debug-exit ends with 0x10 + status. Returns if no way works,
 * and says so.
 */
void ending_switch_off(uint8_t status);

/* Starts the machine anew. */
_Noreturn void ending_restart(void);

/* A line: what ACPI's tables say of both. */
void ending_describe(void);

#endif
