/*
 * ACPI's tables: an input is a root pointer and up to seven tables, laid into a ROM that is the
 * only memory. Its first byte says for each table whether its length and sum are set right, without
 * which no fuzzer would come far. The maker's second letter says whether the ROM lies where a BIOS
 * has it, or in a region of the map. What is read out is bounded, and what it would lead to write
 * is a register.
 *
 *   | rights | root pointer, 36 bytes | length, bytes | length, bytes | ...
 */

#include "acpi_image.h"
#include "fuzz.h"

#include <string.h>

#define REGION_BASE 0x7FE00000u
#define SLOT_BYTES 512u
#define SLOTS 8u
#define READ_BYTES_MAX (64u << 20)

const char fuzz_name[] = "acpi";
uint64_t fuzz_step_count;

static uint8_t rom[SLOTS * SLOT_BYTES];
static size_t bytes_read;

static uint32_t rom_base(void)
{
    return rom[10] & 0x80 ? REGION_BASE : ROM_BASE;
}

static bool next_region(void *context, size_t *cursor, struct phys_range *region)
{
    static const struct phys_range regions[] = {{0x1000, 0x2000},
                                                {REGION_BASE, REGION_BASE + 8},
                                                {REGION_BASE, REGION_BASE + sizeof rom},
                                                {REGION_BASE + sizeof rom, PHYS_LIMIT}};
    (void)context;
    if (*cursor == sizeof regions / sizeof *regions)
        return false;
    *region = regions[(*cursor)++];
    return true;
}

static bool read_rom(void *context, phys_t physical, void *to, size_t size_bytes)
{
    (void)context;
    bytes_read += size_bytes;
    phys_t base = rom_base();
    if (physical < base || physical - base >= sizeof rom ||
        size_bytes > sizeof rom - (physical - base))
        return false;
    memcpy(to, rom + (physical - base), size_bytes);
    return true;
}

static void lay(struct fuzz_input *input)
{
    uint32_t is_right = fuzz_byte(input);
    memset(rom, 0, sizeof rom);
    for (size_t i = 0; i < 36; i++)
        rom[i] = (uint8_t)fuzz_byte(input);
    if (is_right & 1) {
        image_seal(rom, 20, 8);
        image_seal(rom, 36, 32);
    }
    for (uint32_t slot = 1; slot < SLOTS && input->next < input->end; slot++) {
        uint8_t *table = rom + (size_t)slot * SLOT_BYTES;
        uint32_t length = fuzz_word(input) % (SLOT_BYTES + 1);
        for (uint32_t i = 0; i < length; i++)
            table[i] = (uint8_t)fuzz_byte(input);
        if (!(is_right >> slot & 1) || length < 36)
            continue;
        table[4] = (uint8_t)length;
        table[5] = (uint8_t)(length >> 8);
        table[6] = table[7] = 0;
        image_seal(table, length, 9);
    }
}

static bool is_register(struct acpi_register where, bool may_be_pci)
{
    switch (where.space) {
    case ACPI_SPACE_MEMORY:
        return where.address + 1 < PHYS_LIMIT;
    case ACPI_SPACE_IO:
        return where.address + 1 <= 0xFFFF;
    case ACPI_SPACE_PCI:
        return may_be_pci && (where.address >> 32) <= 31 && (where.address >> 16 & 0xFFFF) <= 7 &&
               (where.address & 0xFFFF) <= 255;
    default:
        return false;
    }
}

static bool has_name(void)
{
    for (size_t i = 0; i + 4 <= sizeof rom; i++)
        if (memcmp(rom + i, "_S5_", 4) == 0)
            return true;
    return false;
}

static const char *check(const struct acpi *acpi)
{
    if (bytes_read > READ_BYTES_MAX)
        return "much more is read than there is";
    if (!memchr(acpi->oem, '\0', sizeof acpi->oem))
        return "the maker's name has no end";
    for (const char *character = acpi->oem; *character; character++)
        if (*character < ' ' || *character > '~')
            return "the maker's name cannot be printed";
    for (int i = 0; i < 2; i++)
        if (!is_register(acpi->pm1_status[i], false) || !is_register(acpi->pm1_control[i], false))
            return "a block of PM1 lies nowhere";
    if (!is_register(acpi->sleep_status, false) || !is_register(acpi->sleep_control, false) ||
        !is_register(acpi->reset, true))
        return "a register lies nowhere";
    if (acpi->has_sleep_types &&
        (acpi->sleep_types.a > 7 || acpi->sleep_types.b > 7 || !has_name()))
        return "a sleep type comes from nowhere, or has more than three bits";
    if (!acpi_has_power_off(acpi) && (!acpi->problem || !acpi->table))
        return "nothing is to be had, and no reason is given";
    return NULL;
}

const char *fuzz_one(const uint8_t *data, size_t size_bytes)
{
    const struct acpi_memory memory = {read_rom, NULL, next_region};
    struct fuzz_input input = {data, data + size_bytes};
    struct acpi acpi;
    fuzz_step_count++;
    bytes_read = 0;
    lay(&input);
    size_t given_bytes = size_bytes > 0 && rom[9] & 0x80 ? 36 : 0;
    acpi_read(&acpi, rom, given_bytes, &memory);
    return check(&acpi);
}
