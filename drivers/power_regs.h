#ifndef POWER_REGS_H
#define POWER_REGS_H

/* Ways to end an emulator. */

#define POWER_DEBUG_EXIT 0xF4 /* QEMU's isa-debug-exit: a write of v ends it with (v << 1) | 1 */
#define POWER_DEBUG_EXIT_BASE 0x10

#define POWER_QEMU_PM 0x604 /* the PM1a control register that QEMU's firmware sets up */
#define POWER_BOCHS_PM 0xB004
#define POWER_SLEEP_S5 0x2000

#endif
