#ifndef POWER_H
#define POWER_H

#include <stdint.h>

/*
 * Ends the emulator: through QEMU's isa-debug-exit with 0x10 + status if it is there, else by its
 * power management port. Returns if neither does.
 */
void power_off(uint8_t status);

#endif
