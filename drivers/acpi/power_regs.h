#ifndef POWER_REGS_H
#define POWER_REGS_H

/* Ways to end an emulator, and to reset a PC. */

#define POWER_DEBUG_EXIT 0xF4 /* QEMU's isa-debug-exit: a write of v ends it with (v << 1) | 1 */
#define POWER_DEBUG_EXIT_BASE 0x10

#define POWER_QEMU_PM 0x604 /* the PM1a control register that QEMU's firmware sets up */
#define POWER_BOCHS_PM 0xB004
#define POWER_SLEEP_S5 0x2000
#define POWER_VIRTUALBOX_PM 0x4004
#define POWER_VIRTUALBOX_S5 0x3400

/* Intel 82371SB (PIIX3) datasheet, reset control register; chipsets with PCI have kept it. */
#define POWER_RESET_CONTROL 0xCF9
#define POWER_RESET_HARD 0x02
#define POWER_RESET_NOW 0x04 /* when it goes from 0 to 1 */

#endif
