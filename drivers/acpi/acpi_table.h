#ifndef ACPI_TABLE_H
#define ACPI_TABLE_H

/*
 * One ACPI table, somewhere in physical memory: its length, its sum, its bytes by their offset.
 * Knows nothing of what any table means, and reaches memory through its caller alone.
 */

#include <stdbool.h>

#include "mm/types.h"

#define ACPI_TABLE_BYTES_MAX (4 * (uint32_t)MIB) /* the largest ones known have some hundred KiB */

struct acpi_memory {
    /* Copies out of physical memory. False if any of it lies out of reach. */
    bool (*read)(void *context, phys_t physical, void *to, size_t size_bytes);
    void *context;
    /* On each call the next region that the firmware's map says is ACPI's (type 3), beginning at a
       multiple of 16 bytes; *cursor is 0 at the start. False when there are no more. NULL: no map
       is known. */
    bool (*next_region)(void *context, size_t *cursor, struct phys_range *region);
};

#define ACPI_TABLE_BUFFER_BYTES 256u

struct acpi_table {
    const struct acpi_memory *memory;
    phys_t base;
    uint32_t length_bytes;
    uint32_t buffer_offset; /* a multiple of the buffer's size */
    uint32_t buffer_bytes; /* 0: nothing is in it */
    uint8_t buffer[ACPI_TABLE_BUFFER_BYTES];
};

/* True if the table at `base` begins with these four characters. It need not be whole. */
bool acpi_table_is(const struct acpi_memory *memory, phys_t base, const char *signature);

/*
 * Opens the table at `base`, which must have this signature, a believable length within reach, and
 * the right sum. Returns NULL, or what is wrong with it: a phrase that lives for ever.
 */
const char *acpi_table_open(struct acpi_table *table, const struct acpi_memory *memory, phys_t base,
                            const char *signature);

/* A byte of the table, -1 beyond its end. */
int acpi_table_byte(struct acpi_table *table, uint32_t offset);

/*
 * A little-endian number of `size_bytes`, at most 8. 0 if any of it lies beyond the table's end:
 * what an older revision does not have reads as what is not there.
 */
uint64_t acpi_table_number(struct acpi_table *table, uint32_t offset, unsigned size_bytes);

/* True if its first bytes add up to 0, as those of a whole table do (5.2.6), and can be read. */
bool acpi_table_adds_up(struct acpi_table *table, uint32_t length_bytes);

#endif
