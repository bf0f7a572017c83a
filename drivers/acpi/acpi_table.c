/*
 * Reads an ACPI table out of physical memory. A table may be longer than anything one would like to
 * map or copy, so it is read through a small buffer. Fields are read anew each time.
 */

#include "acpi.h"

#include "acpi_regs.h"
#include "kernel/lib/string.h"

#define SIGNATURE_BYTES 4

static bool is_in_range(const struct acpi_memory *memory, phys_t base, uint32_t length_bytes)
{
    uint8_t last;
    return base < PHYS_LIMIT && length_bytes <= PHYS_LIMIT - base &&
           memory->read(memory->context, base + length_bytes - 1, &last, 1);
}

bool acpi_table_is(const struct acpi_memory *memory, phys_t base, const char *signature)
{
    char found[SIGNATURE_BYTES];
    return base != 0 && is_in_range(memory, base, SIGNATURE_BYTES) &&
           memory->read(memory->context, base, found, sizeof found) &&
           memcmp(found, signature, sizeof found) == 0;
}

static bool fill_buffer(struct acpi_table *table, uint32_t offset)
{
    uint32_t first = offset - offset % ACPI_TABLE_BUFFER_BYTES;
    uint32_t count = table->length_bytes - first;
    if (count > ACPI_TABLE_BUFFER_BYTES)
        count = ACPI_TABLE_BUFFER_BYTES;
    table->buffer_bytes = 0;
    if (!table->memory->read(table->memory->context, table->base + first, table->buffer, count))
        return false;
    table->buffer_offset = first;
    table->buffer_bytes = count;
    return true;
}

int acpi_table_byte(struct acpi_table *table, uint32_t offset)
{
    if (offset >= table->length_bytes)
        return -1;
    if (offset < table->buffer_offset || offset - table->buffer_offset >= table->buffer_bytes)
        if (!fill_buffer(table, offset))
            return -1;
    return table->buffer[offset - table->buffer_offset];
}

uint64_t acpi_table_number(struct acpi_table *table, uint32_t offset, unsigned size_bytes)
{
    uint64_t number = 0;
    for (unsigned i = size_bytes; i-- > 0;) {
        int byte = acpi_table_byte(table, offset + i);
        if (byte < 0)
            return 0;
        number = number << 8 | (unsigned)byte;
    }
    return number;
}

bool acpi_table_adds_up(struct acpi_table *table, uint32_t length_bytes)
{
    uint8_t sum = 0;
    for (uint32_t offset = 0; offset < length_bytes; offset++) {
        int byte = acpi_table_byte(table, offset);
        if (byte < 0)
            return false;
        sum = (uint8_t)(sum + byte);
    }
    return sum == 0;
}

const char *acpi_table_open(struct acpi_table *table, const struct acpi_memory *memory, phys_t base,
                            const char *signature)
{
    *table = (struct acpi_table){
        .memory = memory, .base = base, .length_bytes = ACPI_TABLE_HEADER_BYTES};
    if (base == 0 || !is_in_range(memory, base, ACPI_TABLE_HEADER_BYTES))
        return "lies out of reach";
    if (!acpi_table_is(memory, base, signature))
        return "has another signature";
    uint64_t length_bytes = acpi_table_number(table, ACPI_TABLE_LENGTH, 4);
    if (length_bytes < ACPI_TABLE_HEADER_BYTES || length_bytes > ACPI_TABLE_BYTES_MAX)
        return "has a length that cannot be";
    table->length_bytes = (uint32_t)length_bytes;
    table->buffer_bytes = 0;
    if (!is_in_range(memory, base, table->length_bytes))
        return "is longer than memory reaches";
    return acpi_table_adds_up(table, table->length_bytes) ? NULL : "has a wrong sum";
}
