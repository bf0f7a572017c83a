/*
 * Finds ACPI's tables and reads from them how to switch the PC off and how to reset it.
 *
 *   root pointer ──▶ XSDT or RSDT ──▶ FADT ──▶ DSDT ──▶ \_S5
 *                          │                            ▲
 *                          └────────▶ SSDT... ──────────┘  if the DSDT has none
 *
 * There is no library to take: ACPICA, in the sources of Debian's linux-source alone, is an
 * operating system's whole interpreter, and the rest reads what Linux shows of the tables. What is
 * needed of them is here.
 */

#include "acpi.h"

#include "acpi_regs.h"
#include "kernel/lib/string.h"

#define TABLES_MAX 256 /* more are damage; machines have some forty */
#define SEARCH_BYTES_MAX (16 * (uint32_t)MIB) /* which takes no second to look through */
#define CHUNK_BYTES 256u /* a multiple of the root pointer's alignment */

static void complain(struct acpi *acpi, const char *table, const char *problem, phys_t address)
{
    if (acpi->problem)
        return;
    acpi->table = table;
    acpi->problem = problem;
    acpi->problem_address = address;
}

static bool open_table(struct acpi *acpi, struct acpi_table *table,
                       const struct acpi_memory *memory, phys_t base, const char *signature)
{
    const char *problem = acpi_table_open(table, memory, base, signature);
    if (problem)
        complain(acpi, signature, problem, base);
    return !problem;
}

/* ---- the root pointer ------------------------------------------------------------------------ */

/* Takes so many bytes in a buffer for a table without a header. True if they are a root pointer. */
static bool take_root(struct acpi_table *root, uint32_t size_bytes)
{
    root->length_bytes = root->buffer_bytes = size_bytes;
    root->buffer_offset = 0;
    return size_bytes >= ACPI_ROOT_BYTES && memcmp(root->buffer, ACPI_ROOT_SIGNATURE, 8) == 0 &&
           acpi_table_adds_up(root, ACPI_ROOT_BYTES);
}

/* From revision 2 on, it is longer, and has a second sum that covers all of it. */
static bool is_whole_root2(struct acpi_table *root)
{
    return acpi_table_number(root, ACPI_ROOT_REVISION, 1) >= 2 &&
           acpi_table_number(root, ACPI_ROOT_LENGTH, 4) == ACPI_ROOT2_BYTES &&
           acpi_table_adds_up(root, ACPI_ROOT2_BYTES);
}

/* If there is one; the first part will do. */
static bool read_root(const struct acpi_memory *memory, phys_t at, struct acpi_table *root)
{
    if (!memory->read(memory->context, at, root->buffer, ACPI_ROOT_BYTES) ||
        !take_root(root, ACPI_ROOT_BYTES))
        return false;
    if (memory->read(memory->context, at, root->buffer, ACPI_ROOT2_BYTES))
        take_root(root, ACPI_ROOT2_BYTES);
    return true;
}

/* In chunks, because each read of physical memory costs a change of the page tables. */
static bool search(const struct acpi_memory *memory, phys_t base, uint32_t left,
                   struct acpi_table *root)
{
    uint8_t chunk[CHUNK_BYTES];
    for (; left > 0; base += CHUNK_BYTES) {
        uint32_t count = left < CHUNK_BYTES ? left : CHUNK_BYTES;
        if (!memory->read(memory->context, base, chunk, count))
            return false;
        for (uint32_t i = 0; i < count && left - i >= ACPI_ROOT_BYTES; i += ACPI_ROOT_ALIGN)
            if (memcmp(chunk + i, ACPI_ROOT_SIGNATURE, 8) == 0 && read_root(memory, base + i, root))
                return true;
        left -= count;
    }
    return false;
}

static bool search_bios(const struct acpi_memory *memory, struct acpi_table *root)
{
    uint8_t segment[2] = {0};
    if (memory->read(memory->context, ACPI_EBDA_SEGMENT, segment, sizeof segment)) {
        phys_t ebda = (phys_t)(segment[0] | segment[1] << 8) << 4;
        if (ebda != 0 && search(memory, ebda, ACPI_EBDA_BYTES, root))
            return true;
    }
    return search(memory, ACPI_ROM_BASE, ACPI_ROM_END - ACPI_ROM_BASE, root);
}

/* UEFI's firmware gives the pointer to its boot loader, and multiboot 1 has no place for it. */
static bool search_regions(const struct acpi_memory *memory, struct acpi_table *root)
{
    struct phys_range region;
    uint32_t left = SEARCH_BYTES_MAX;
    size_t cursor = 0;
    if (!memory->next_region)
        return false;
    while (left > 0 && memory->next_region(memory->context, &cursor, &region)) {
        phys_t size_bytes = region.end - region.base;
        uint32_t count = size_bytes < left ? (uint32_t)size_bytes : left;
        if (search(memory, region.base, count, root))
            return true;
        left -= count;
    }
    return false;
}

static bool find_root(struct acpi *acpi, const uint8_t *given, size_t given_bytes,
                      const struct acpi_memory *memory, struct acpi_table *root)
{
    uint32_t kept_bytes = given_bytes < ACPI_ROOT2_BYTES ? (uint32_t)given_bytes : ACPI_ROOT2_BYTES;
    if (kept_bytes > 0)
        memcpy(root->buffer, given, kept_bytes);
    if (take_root(root, kept_bytes))
        return true;
    if (given_bytes > 0)
        complain(acpi, "root pointer", "given by the boot loader is damaged", 0);
    if (search_bios(memory, root) || search_regions(memory, root))
        return true;
    complain(acpi, "root pointer",
             "is neither given by the boot loader nor in memory of the BIOS or ACPI", 0);
    return false;
}

/* Padded with spaces, mostly. */
static void read_oem(struct acpi *acpi, const struct acpi_table *root)
{
    size_t length = 0;
    for (size_t i = 0; i < sizeof acpi->oem - 1; i++) {
        uint8_t character = root->buffer[ACPI_ROOT_OEM + i];
        bool is_printable = character >= ' ' && character <= '~' && character != '"';
        acpi->oem[i] = is_printable ? (char)character : '?';
        if (acpi->oem[i] != ' ' && character != 0)
            length = i + 1;
    }
    acpi->oem[length] = '\0';
}

/* ---- the root table: addresses of the others ------------------------------------------------- */

struct root_table {
    struct acpi_table table;
    unsigned entry_bytes; /* 8 in an XSDT, 4 in an RSDT */
    unsigned count;
};

static bool open_root_table(struct acpi *acpi, struct root_table *list,
                            const struct acpi_memory *memory, struct acpi_table *root)
{
    acpi->revision = (unsigned)acpi_table_number(root, ACPI_ROOT_REVISION, 1);
    phys_t xsdt = is_whole_root2(root) ? acpi_table_number(root, ACPI_ROOT_XSDT, 8) : 0;
    list->entry_bytes = 8;
    if (xsdt == 0 || !open_table(acpi, &list->table, memory, xsdt, "XSDT")) {
        list->entry_bytes = 4;
        phys_t rsdt = acpi_table_number(root, ACPI_ROOT_RSDT, 4);
        if (!open_table(acpi, &list->table, memory, rsdt, "RSDT"))
            return false;
    }
    uint32_t count = (list->table.length_bytes - ACPI_TABLE_HEADER_BYTES) / list->entry_bytes;
    list->count = count < TABLES_MAX ? count : TABLES_MAX;
    acpi->table_count = list->count;
    return true;
}

static phys_t entry_of(struct root_table *list, unsigned index)
{
    return acpi_table_number(&list->table, ACPI_TABLE_HEADER_BYTES + index * list->entry_bytes,
                             list->entry_bytes);
}

/* Opens the next table of that signature, from the *index-th on, which it moves behind that. */
static bool open_next(struct acpi *acpi, struct acpi_table *table, struct root_table *list,
                      const char *signature, unsigned *index)
{
    while (*index < list->count) {
        phys_t base = entry_of(list, (*index)++);
        if (acpi_table_is(list->table.memory, base, signature) &&
            open_table(acpi, table, list->table.memory, base, signature))
            return true;
    }
    return false;
}

/* ---- the fixed description table ------------------------------------------------------------- */

#define REGISTER_BYTES_MAX 2

static bool is_believable(struct acpi_register found, bool may_be_pci)
{
    switch (found.space) {
    case ACPI_SPACE_MEMORY:
        return found.address < PHYS_LIMIT - REGISTER_BYTES_MAX;
    case ACPI_SPACE_IO:
        return found.address <= UINT16_MAX + 1 - REGISTER_BYTES_MAX;
    case ACPI_SPACE_PCI: /* 5.2.3.2: 5 bits, 3 bits, and an offset within the header's 256 bytes */
        return may_be_pci && (found.address & ~(0x1Full << 32 | 7ull << 16 | 0xFF)) == 0;
    default:
        return false;
    }
}

/* A generic address; its widths are known from what it is of, and firmware often has them wrong. */
static struct acpi_register read_register(struct acpi_table *fadt, uint32_t offset, bool may_be_pci)
{
    struct acpi_register found = {
        (enum acpi_space)acpi_table_number(fadt, offset + ACPI_ADDRESS_SPACE, 1),
        acpi_table_number(fadt, offset + ACPI_ADDRESS_VALUE, 8)};
    return is_believable(found, may_be_pci) ? found : (struct acpi_register){ACPI_SPACE_MEMORY, 0};
}

/* The index-th of a pair. The long field counts unless it is 0 (5.2.9). Short ones are ports. */
static struct acpi_register read_block(struct acpi_table *fadt, uint32_t offset,
                                       uint32_t long_offset, unsigned index)
{
    struct acpi_register found =
        read_register(fadt, long_offset + index * ACPI_ADDRESS_BYTES, false);
    if (found.address == 0)
        found =
            (struct acpi_register){ACPI_SPACE_IO, acpi_table_number(fadt, offset + 4 * index, 4)};
    return is_believable(found, false) ? found : (struct acpi_register){ACPI_SPACE_IO, 0};
}

/* ACPI 1.0's revision 1 ends before it, or has other things there. */
static void read_reset(struct acpi *acpi, struct acpi_table *fadt)
{
    acpi->reset = read_register(fadt, ACPI_FADT_RESET, true);
    acpi->reset_value = (uint8_t)acpi_table_number(fadt, ACPI_FADT_RESET_VALUE, 1);
    if (fadt->length_bytes <= ACPI_FADT_RESET_VALUE)
        acpi->reset.address = 0;
}

static void read_fadt(struct acpi *acpi, struct acpi_table *fadt)
{
    uint64_t flags = acpi_table_number(fadt, ACPI_FADT_FLAGS, 4);
    uint64_t revision = acpi_table_number(fadt, ACPI_TABLE_REVISION, 1);
    acpi->is_reduced = (flags & ACPI_FLAG_REDUCED) && revision >= 5;
    for (unsigned i = 0; i < 2; i++) {
        acpi->pm1_status[i] = read_block(fadt, ACPI_FADT_PM1_EVENT, ACPI_FADT_X_PM1_EVENT, i);
        acpi->pm1_control[i] = read_block(fadt, ACPI_FADT_PM1_CONTROL, ACPI_FADT_X_PM1_CONTROL, i);
    }
    acpi->sleep_control = read_register(fadt, ACPI_FADT_SLEEP_CONTROL, false);
    acpi->sleep_status = read_register(fadt, ACPI_FADT_SLEEP_STATUS, false);
    uint64_t smi_command = acpi_table_number(fadt, ACPI_FADT_SMI_COMMAND, 4);
    acpi->smi_command = smi_command <= UINT16_MAX ? (uint16_t)smi_command : 0;
    acpi->smi_enable = (uint8_t)acpi_table_number(fadt, ACPI_FADT_ENABLE, 1);
    if ((flags & ACPI_FLAG_RESET) && revision >= 2)
        read_reset(acpi, fadt);
}

static phys_t dsdt_of(struct acpi_table *fadt)
{
    phys_t base = acpi_table_number(fadt, ACPI_FADT_X_DSDT, 8);
    return base != 0 ? base : acpi_table_number(fadt, ACPI_FADT_DSDT, 4);
}

/* ---- sleep types ----------------------------------------------------------------------------- */

static void find_sleep_types(struct acpi *acpi, phys_t dsdt, struct root_table *list)
{
    struct acpi_table table;
    uint32_t bytes_left = SEARCH_BYTES_MAX;
    unsigned next = 0;
    if (open_table(acpi, &table, list->table.memory, dsdt, "DSDT"))
        acpi->has_sleep_types = acpi_sleep_find(&table, &acpi->sleep_types);
    while (!acpi->has_sleep_types && open_next(acpi, &table, list, "SSDT", &next) &&
           table.length_bytes <= bytes_left) {
        bytes_left -= table.length_bytes;
        acpi->has_sleep_types = acpi_sleep_find(&table, &acpi->sleep_types);
    }
    if (!acpi->has_sleep_types)
        complain(acpi, "DSDT", "tells no sleep types of S5", dsdt);
}

void acpi_read(struct acpi *acpi, const uint8_t *root, size_t root_bytes,
               const struct acpi_memory *memory)
{
    struct root_table list;
    struct acpi_table found, fadt;
    unsigned next = 0;
    memset(acpi, 0, sizeof *acpi);
    if (!find_root(acpi, root, root_bytes, memory, &found))
        return;
    read_oem(acpi, &found);
    if (!open_root_table(acpi, &list, memory, &found))
        return;
    if (!open_next(acpi, &fadt, &list, "FACP", &next)) {
        complain(acpi, "FACP", "is not among the tables", list.table.base);
        return;
    }
    read_fadt(acpi, &fadt);
    if (acpi_sleep_register(acpi).address == 0)
        complain(acpi, "FACP", "names no register to sleep by", fadt.base);
    find_sleep_types(acpi, dsdt_of(&fadt), &list);
}

struct acpi_register acpi_sleep_register(const struct acpi *acpi)
{
    return acpi->is_reduced ? acpi->sleep_control : acpi->pm1_control[0];
}

bool acpi_has_power_off(const struct acpi *acpi)
{
    return acpi->has_sleep_types && acpi_sleep_register(acpi).address != 0;
}
