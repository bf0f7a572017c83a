/*
 * Switches a PC off and resets it, by the registers that ACPI names or by ports of emulators and
 * chipsets. Registers of power management may lie at a port or in memory, and the two that a
 * chipset of several parts splits PM1 into each get the same. References: ACPI Specification 6.5.
 */

#include "power.h"

#include "acpi_regs.h"
#include "drivers/pc/pci.h"
#include "drivers/pc/ports.h"
#include "drivers/pc/timer.h"

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

#define RESET_MICROSECONDS 50000 /* some firmware needs 15 ms */
#define OFF_MICROSECONDS 500000 /* the supply fades out */
#define ENABLE_TRIES 3000 /* of 1 ms: what firmware may take; no limit is specified */
#define TRY_MICROSECONDS 1000

void power_exit_emulator(uint8_t status)
{
    port_write32(POWER_DEBUG_EXIT, POWER_DEBUG_EXIT_BASE + status);
}

void power_off_emulator(void)
{
    port_write16(POWER_QEMU_PM, POWER_SLEEP_S5);
    port_write16(POWER_BOCHS_PM, POWER_SLEEP_S5);
    port_write16(POWER_VIRTUALBOX_PM, POWER_VIRTUALBOX_S5);
    timer_wait(OFF_MICROSECONDS);
}

/* ---- registers ------------------------------------------------------------------------------- */

static bool is_reachable(struct acpi_register where, size_t size_bytes, power_map_t *map)
{
    if (where.address == 0)
        return false;
    return where.space == ACPI_SPACE_IO || map(where.address, size_bytes);
}

static uint16_t read16(struct acpi_register from, power_map_t *map)
{
    if (from.space == ACPI_SPACE_IO)
        return port_read16((uint16_t)from.address);
    const volatile uint16_t *memory = map(from.address, sizeof *memory);
    return memory ? *memory : 0;
}

/* To a register of one byte or two. */
static void write(struct acpi_register to, size_t size_bytes, unsigned value, power_map_t *map)
{
    bool is_port = to.space == ACPI_SPACE_IO;
    volatile void *memory = is_port ? NULL : map(to.address, size_bytes);
    if (is_port && size_bytes == 1)
        port_write8((uint16_t)to.address, (uint8_t)value);
    else if (is_port)
        port_write16((uint16_t)to.address, (uint16_t)value);
    else if (memory && size_bytes == 1)
        *(volatile uint8_t *)memory = (uint8_t)value;
    else if (memory)
        *(volatile uint16_t *)memory = (uint16_t)value;
}

/* ---- off ------------------------------------------------------------------------------------- */

/* The chipset obeys PM1 in ACPI's mode alone; firmware brings it there when it is told (16.3.1). */
static void enable_acpi(const struct acpi *acpi, power_map_t *map)
{
    if (acpi->smi_command == 0 || acpi->smi_enable == 0)
        return;
    if (read16(acpi->pm1_control[0], map) & ACPI_PM1_SCI_ENABLE)
        return;
    port_write8(acpi->smi_command, acpi->smi_enable);
    for (int i = 0; i < ENABLE_TRIES; i++) {
        if (read16(acpi->pm1_control[0], map) & ACPI_PM1_SCI_ENABLE)
            return;
        timer_wait(TRY_MICROSECONDS);
    }
}

/*
 * 16.1: the sleep type first and the bit that acts on it in a second write, for chipsets that
 * sample the one before the other. A wake status left from before would wake it at once.
 */
static void sleep_by_pm1(const struct acpi *acpi, power_map_t *map)
{
    const uint8_t types[2] = {acpi->sleep_types.a, acpi->sleep_types.b};
    uint16_t values[2] = {0};
    enable_acpi(acpi, map);
    for (int i = 0; i < 2; i++) {
        if (is_reachable(acpi->pm1_status[i], 2, map))
            write(acpi->pm1_status[i], 2, ACPI_PM1_WAKE_STATUS, map);
        if (!is_reachable(acpi->pm1_control[i], 2, map))
            continue;
        uint16_t kept =
            read16(acpi->pm1_control[i], map) &
            (uint16_t) ~(ACPI_PM1_SLEEP_TYPE | ACPI_PM1_SLEEP_ENABLE | ACPI_PM1_RELEASE);
        values[i] = (uint16_t)(kept | types[i] << ACPI_PM1_SLEEP_TYPE_SHIFT);
        write(acpi->pm1_control[i], 2, values[i], map);
    }
    for (int i = 0; i < 2; i++)
        if (is_reachable(acpi->pm1_control[i], 2, map))
            write(acpi->pm1_control[i], 2, values[i] | ACPI_PM1_SLEEP_ENABLE, map);
}

static void sleep_by_register(const struct acpi *acpi, power_map_t *map)
{
    if (is_reachable(acpi->sleep_status, 1, map))
        write(acpi->sleep_status, 1, ACPI_SLEEP_WAKE_STATUS, map);
    unsigned type = (unsigned)acpi->sleep_types.a << ACPI_SLEEP_TYPE_SHIFT;
    write(acpi->sleep_control, 1, type | ACPI_SLEEP_ENABLE, map);
}

bool power_off_acpi(const struct acpi *acpi, power_map_t *map)
{
    if (!acpi_has_power_off(acpi))
        return false;
    if (!is_reachable(acpi_sleep_register(acpi), acpi->is_reduced ? 1 : 2, map))
        return false;
    if (acpi->is_reduced)
        sleep_by_register(acpi, map);
    else
        sleep_by_pm1(acpi, map);
    timer_wait(OFF_MICROSECONDS);
    return true;
}

/* ---- reset ----------------------------------------------------------------------------------- */

static void write_pci(struct acpi_register to, uint8_t value)
{
    const struct pci_function function = {.device = (uint8_t)(to.address >> 32),
                                          .function = (uint8_t)(to.address >> 16)};
    pci_write8(&function, (uint8_t)to.address, value);
}

/* 4.8.3.6 */
bool power_reset_acpi(const struct acpi *acpi, power_map_t *map)
{
    if (acpi->reset.space == ACPI_SPACE_PCI && pci_is_present())
        write_pci(acpi->reset, acpi->reset_value);
    else if (acpi->reset.space != ACPI_SPACE_PCI && is_reachable(acpi->reset, 1, map))
        write(acpi->reset, 1, acpi->reset_value, map);
    else
        return false;
    timer_wait(RESET_MICROSECONDS);
    return true;
}

/* The kind of reset first, then the bit whose change asks for it; the chipset's bits are kept. */
void power_reset_chipset(void)
{
    uint8_t kept =
        port_read8(POWER_RESET_CONTROL) & (uint8_t) ~(POWER_RESET_HARD | POWER_RESET_NOW);
    port_write8(POWER_RESET_CONTROL, (uint8_t)(kept | POWER_RESET_HARD));
    port_write8(POWER_RESET_CONTROL, (uint8_t)(kept | POWER_RESET_HARD | POWER_RESET_NOW));
    timer_wait(RESET_MICROSECONDS);
}
