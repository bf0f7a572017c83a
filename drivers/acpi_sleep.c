/*
 * In byte code, Name (\_S5, Package () {5, 5}) reads (ACPI 6.5, 20.2):
 *
 *   08          5C or 5E...     5F 53 35 5F   12       06 04     04      0A 05   0A 05   ...
 *   NameOp      \, ^ or none    _S5_          Package  length    count   5       5
 *
 * A length counts itself. Anything may have these bytes in it by chance, or be cut, so each is
 * looked at, and a place that makes no sense is passed over.
 */

#include "acpi_sleep.h"

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
    switch (opcode) {
    case AML_BYTE:
        return 1;
    case AML_WORD:
        return 2;
    case AML_DWORD:
        return 4;
    case AML_QWORD:
        return 8;
    default:
        return 0;
    }
}

static bool read_sleep_type(struct acpi_table *table, uint32_t *offset, uint32_t end, uint8_t *type)
{
    if (*offset >= end)
        return false;
    int opcode = acpi_table_byte(table, *offset);
    unsigned bytes = constant_bytes(opcode);
    uint64_t value = (unsigned)opcode;
    if (bytes > 0)
        value = acpi_table_number(table, *offset + 1, bytes);
    else if (opcode != AML_ZERO && opcode != AML_ONE)
        return false;
    if (bytes >= end - *offset || value > SLEEP_TYPE_MAX)
        return false;
    *offset += 1 + bytes;
    *type = (uint8_t)value;
    return true;
}

static bool read_package(struct acpi_table *table, uint32_t offset, struct acpi_sleep_types *types)
{
    struct acpi_sleep_types found;
    uint32_t end = table->length_bytes;
    if (acpi_table_byte(table, offset) != AML_PACKAGE)
        return false;
    offset++;
    if (!enter_package(table, &offset, &end))
        return false;
    if (offset >= end || acpi_table_byte(table, offset) < 2)
        return false;
    offset++;
    if (!read_sleep_type(table, &offset, end, &found.a) ||
        !read_sleep_type(table, &offset, end, &found.b))
        return false;
    *types = found;
    return true;
}

bool acpi_sleep_find(struct acpi_table *table, struct acpi_sleep_types *types)
{
    for (uint32_t offset = ACPI_TABLE_HEADER_BYTES + 1; offset < table->length_bytes; offset++)
        if (is_name(table, offset) && is_named_there(table, offset) &&
            read_package(table, offset + NAME_BYTES, types))
            return true;
    return false;
}
