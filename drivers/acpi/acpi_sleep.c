/*
 * Finds the two values that switch the PC off (\_S5) in ACPI's byte code. There, Name (\_S5,
 * Package () {5, 5}) reads (ACPI 6.5, 20.2):
 *
 *   08          5C or 5E...     5F 53 35 5F   12       06 04     04      0A 05   0A 05   ...
 *   NameOp      \, ^ or none    _S5_          Package  length    count   5       5
 *
 * A length counts itself. Anything may have these bytes in it by chance, or be cut, so each is
 * looked at, and a place that makes no sense is passed over.
 */

#include "acpi.h"

#include "acpi_regs.h"

#define NAME_BYTES 4
#define SLEEP_TYPE_MAX 7 /* three bits */

static bool is_name(struct acpi_table *table, uint32_t offset)
{
    static const char name[] = "_S5_";
    for (uint32_t i = 0; i < NAME_BYTES; i++)
        if (acpi_table_byte(table, offset + i) != name[i])
            return false;
    return true;
}

/* Whether a NameOp stands before the name. The header's bytes are no code. */
static bool is_named_there(struct acpi_table *table, uint32_t offset)
{
    uint32_t before = offset - 1;
    if (acpi_table_byte(table, before) == AML_ROOT)
        before--;
    else
        while (before >= ACPI_TABLE_HEADER_BYTES && acpi_table_byte(table, before) == AML_PARENT)
            before--;
    return before >= ACPI_TABLE_HEADER_BYTES && acpi_table_byte(table, before) == AML_NAME;
}

/* ---- packages: each of these moves *offset behind what it reads ------------------------------ */

/* Up to `end`, which then becomes the package's own end. */
static bool enter_package(struct acpi_table *table, uint32_t *offset, uint32_t *end)
{
    uint32_t start = *offset;
    uint32_t lead = (uint32_t)acpi_table_byte(table, start);
    uint32_t more = lead >> 6 & 3;
    uint32_t length = more == 0 ? lead & 0x3F : lead & 0x0F;
    if (start >= *end || more >= *end - start)
        return false;
    for (uint32_t i = 0; i < more; i++)
        length |= (uint32_t)acpi_table_byte(table, start + 1 + i) << (4 + 8 * i);
    if (length > *end - start)
        return false;
    *offset = start + 1 + more;
    *end = start + length;
    return true;
}

static unsigned constant_bytes(int opcode)
{
    static const uint8_t bytes[] = {
        [AML_BYTE] = 1, [AML_WORD] = 2, [AML_DWORD] = 4, [AML_QWORD] = 8};
    return opcode >= 0 && (size_t)opcode < sizeof bytes ? bytes[opcode] : 0;
}

/* False if no integer constant lies there, or not wholly before `end`. */
static bool read_integer(struct acpi_table *table, uint32_t *offset, uint32_t end, uint64_t *value)
{
    if (*offset >= end)
        return false;
    int opcode = acpi_table_byte(table, *offset);
    unsigned bytes = constant_bytes(opcode);
    if (bytes > 0)
        *value = acpi_table_number(table, *offset + 1, bytes);
    else if (opcode == AML_ZERO || opcode == AML_ONE)
        *value = (unsigned)opcode;
    else if (opcode == AML_ONES)
        *value = UINT64_MAX;
    else
        return false;
    if (bytes >= end - *offset)
        return false;
    *offset += 1 + bytes;
    return true;
}

/* A package has its count in one byte, a package of variable length as any integer. */
static bool read_count(struct acpi_table *table, int opcode, uint32_t *offset, uint32_t end,
                       uint64_t *count)
{
    if (opcode == AML_VARIABLE_PACKAGE)
        return read_integer(table, offset, end, count);
    if (*offset >= end)
        return false;
    *count = (unsigned)acpi_table_byte(table, (*offset)++);
    return true;
}

/*
 * As ACPICA has it: of one element, the low byte is PM1a's and the next one PM1b's; of more, the
 * low byte of each (acpi_get_sleep_type_data in hwxface.c). Elements that are counted and not there
 * do not count (acpi_ns_remove_null_elements in nsrepair.c). More than three bits are refused
 * (acpi_enter_sleep_state in hwxfsleep.c).
 */
static bool read_elements(struct acpi_table *table, uint32_t offset, uint32_t end, uint64_t count,
                          struct acpi_sleep_types *types)
{
    uint64_t values[2];
    unsigned found = 0;
    while (found < 2 && found < count && offset < end)
        if (!read_integer(table, &offset, end, &values[found++]))
            return false;
    if (found == 0)
        return false;
    uint8_t a = (uint8_t)values[0];
    uint8_t b = (uint8_t)(found == 1 ? values[0] >> 8 : values[1]);
    if (a > SLEEP_TYPE_MAX || b > SLEEP_TYPE_MAX)
        return false;
    *types = (struct acpi_sleep_types){a, b};
    return true;
}

static bool read_package(struct acpi_table *table, uint32_t offset, struct acpi_sleep_types *types)
{
    uint64_t count;
    uint32_t end = table->length_bytes;
    int opcode = acpi_table_byte(table, offset);
    if (opcode != AML_PACKAGE && opcode != AML_VARIABLE_PACKAGE)
        return false;
    offset++;
    return enter_package(table, &offset, &end) && read_count(table, opcode, &offset, end, &count) &&
           read_elements(table, offset, end, count, types);
}

bool acpi_sleep_find(struct acpi_table *table, struct acpi_sleep_types *types)
{
    for (uint32_t offset = ACPI_TABLE_HEADER_BYTES + 1; offset < table->length_bytes; offset++)
        if (is_name(table, offset) && is_named_there(table, offset) &&
            read_package(table, offset + NAME_BYTES, types))
            return true;
    return false;
}
