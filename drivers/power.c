/*
 * Switching off. A port that nobody answers swallows the write, so one way after the other is
 * tried.
 */

#include "power.h"

#include "ports.h"
#include "power_regs.h"

void power_off(uint8_t status)
{
    port_write32(POWER_DEBUG_EXIT, POWER_DEBUG_EXIT_BASE + status);
    port_write16(POWER_QEMU_PM, POWER_SLEEP_S5);
    port_write16(POWER_BOCHS_PM, POWER_SLEEP_S5);
}
