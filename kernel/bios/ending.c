/*
 * Switches the machine off or restarts it, and tries one way after the other:
 *
 *   off      emulator's exit device ─▶ ACPI ─▶ emulators' ports ─▶ APM ─▶ an error
 *   restart  ACPI ─▶ keyboard controller ─▶ chipset, with PCI ─▶ triple fault
 *
 * Ports of emulators are anybody's on a PC (0xF4 is one of those set aside for the coprocessor), so
 * they are written only where the processor says that there is a hypervisor: QEMU's does on every
 * model, a 486 included. ACPI's tables are read when they are first asked for: no boot depends on
 * them.
 */

#include "ending.h"

#include "drivers/acpi/power.h"
#include "drivers/pc/keyboard.h"
#include "drivers/pc/pci.h"
#include "drivers/pc/timer.h"
#include "kernel/log/console.h"
#include "kernel/memory/memory.h"
#include "kernel/pc/paging.h"
#include "v86.h"

#define KEYBOARD_MICROSECONDS 100000

static const struct boot_info *info;
static const struct cpu_features *features;
static bool acpi_is_wanted;

void ending_init(const struct boot_info *boot_info, const struct cpu_features *cpu_features,
                 bool use_acpi)
{
    info = boot_info;
    features = cpu_features;
    acpi_is_wanted = use_acpi;
}

static bool next_acpi_region(void *context, size_t *cursor, struct phys_range *region)
{
    const struct memmap *map = memory_map();
    (void)context;
    while (*cursor < map->count) {
        const struct region *next = &map->regions[(*cursor)++];
        *region = (struct phys_range){next->base, next->end};
        if (next->kind == REGION_ACPI)
            return true;
    }
    return false;
}

static const struct acpi *tables(void)
{
    static const struct acpi_memory memory = {physical_read, NULL, next_acpi_region};
    static struct acpi acpi = {.table = "the tables", .problem = "are left alone: acpi=off"};
    static bool is_read;
    if (!is_read && acpi_is_wanted)
        acpi_read(&acpi, info->acpi_root, info->acpi_root_bytes, &memory);
    is_read = true;
    return &acpi;
}

static void switch_off_emulator(void)
{
    if (!features->hypervisor)
        return;
    console_write("exit way=emulator\n");
    power_off_emulator();
}

static void switch_off_acpi(void)
{
    if (!acpi_has_power_off(tables()))
        return;
    console_write("exit way=acpi\n");
    power_off_acpi(tables(), physical_map);
}

void ending_switch_off(uint8_t status)
{
    if (features->hypervisor)
        power_exit_emulator(status);
    switch_off_acpi();
    switch_off_emulator();
    console_write("exit way=apm\n");
    const char *apm = apm_power_off();
    if (acpi_has_power_off(tables()))
        console_error("this machine cannot be switched off from here: ACPI: no effect; APM: %s",
                      apm);
    else
        console_error("this machine cannot be switched off from here: ACPI: %s %s; APM: %s",
                      tables()->table, tables()->problem, apm);
}

void ending_restart(void)
{
    if (tables()->reset.address != 0) {
        console_write("reboot way=acpi\n");
        power_reset_acpi(tables(), physical_map);
    }
    console_write("reboot way=keyboard\n");
    keyboard_reset_cpu();
    timer_wait(KEYBOARD_MICROSECONDS);
    if (pci_is_present()) {
        console_write("reboot way=chipset\n");
        power_reset_chipset();
    }
    console_write("reboot way=triple-fault\n");
    cpu_triple_fault();
}

/* ---- the report ------------------------------------------------------------------------------ */

static void print_register(const char *name, struct acpi_register where)
{
    static const char *const spaces[] = {"memory", "io", "pci"};
    if (where.address == 0)
        console_print(" %s=none", name);
    else
        console_print(" %s=%s:0x%llx", name, spaces[where.space], (number_t)where.address);
}

static void print_sleep_types(const struct acpi *acpi)
{
    if (acpi->has_sleep_types)
        console_print(" s5=%u,%u", acpi->sleep_types.a, acpi->sleep_types.b);
    else
        console_write(" s5=none");
}

void ending_describe(void)
{
    const struct acpi *acpi = tables();
    console_print("acpi oem=\"%s\" revision=%u tables=%u", acpi->oem, acpi->revision,
                  acpi->table_count);
    print_register("sleep", acpi_sleep_register(acpi));
    print_sleep_types(acpi);
    print_register("reset", acpi->reset);
    if (acpi->problem) {
        console_print(" problem=\"%s %s\"", acpi->table, acpi->problem);
        if (acpi->problem_address)
            console_print(" at=0x%llx", (number_t)acpi->problem_address);
    }
    console_put('\n');
}
