#ifndef KERNEL_V86_H
#define KERNEL_V86_H

/*
 * The BIOS, called from protected mode: 16-bit code runs in virtual-8086 mode (Intel SDM vol. 3B,
 * 21.2), sees the first 64 KiB, the BIOS's own areas, video memory and ROMs, and nothing else of
 * memory. What it does wrong ends the call, not the system.
 */

#include "drivers/pc/bios_call.h"

#include <stddef.h>

#define V86_MEMORY_LIMIT 0xA0000u /* for buffers: conventional memory ends there */
#define V86_OWNER "bios" /* owns what the kernel allocates for its own calls */

/*
 * Calls a software interrupt of the BIOS, and leaves what it returned in *registers. The BIOS's
 * block move may touch the blocks of `caller` (extended.h). NULL, or a phrase that lives for ever:
 * in an interrupt handler or inside such a call, without memory for its stack, without a BIOS, or
 * when it faulted or ran for more than 5 seconds. The log then says where.
 */
const char *v86_interrupt(uint8_t vector, const char *caller, struct bios_registers *registers,
                          const struct bios_buffer *buffers, size_t buffer_count);

/* The same for 16-bit code of the caller's own, at most V86_CODE_BYTES_MAX bytes that run anywhere
   and end in IRET. */
#define V86_CODE_BYTES_MAX 256
const char *v86_run_code(const uint8_t *code, size_t size_bytes, struct bios_registers *registers);

/* What the adapter's BIOS says of itself: the `bios` command. */
void bios_describe(void);

/*
 * Asks the BIOS to switch off, by Advanced Power Management, the way before ACPI. Returns, if it
 * did not, with a phrase that says why and lives for ever: there is no BIOS, it has no such
 * functions, or it stopped in them.
 */
const char *apm_power_off(void);

#endif
