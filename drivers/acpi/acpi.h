#ifndef ACPI_H
#define ACPI_H

/*
 * What ACPI's tables say of switching off and of resetting: the root pointer, the tables that it
 * leads to, of them the fixed description table (FADT) and the one object of byte code that is
 * needed. All of it is firmware's, so each length and sum is checked before what it covers is
 * believed. Writes nothing, and reaches memory only through its caller, so that tests and fuzzers
 * can hand it anything. References are to the ACPI Specification 6.5.
 */

#include "mm/types.h"

/* ---- one table (acpi_table.c) ---------------------------------------------------------------- */

/*
 * One ACPI table, somewhere in physical memory: its length, its sum, its bytes by their offset.
 * It does not know what a table means, and reaches memory only through its caller.
 */

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

/* ---- what they say --------------------------------------------------------------------------- */

/* 5.2.3.2 */
enum acpi_space { ACPI_SPACE_MEMORY = 0, ACPI_SPACE_IO = 1, ACPI_SPACE_PCI = 2 };

struct acpi_register {
    enum acpi_space space;
    phys_t address; /* 0: there is none; of PCI: device << 32 | function << 16 | offset, on bus 0 */
};

struct acpi_sleep_types {
    uint8_t a; /* for PM1a's control register, or for the sleep register; 0 to 7 */
    uint8_t b; /* for PM1b's */
};

struct acpi {
    const char *table; /* which table the problem is about */
    const char *problem; /* what was missing or damaged, the first of it; NULL: nothing */
    phys_t problem_address; /* 0: nowhere */

    char oem[7]; /* the firmware's maker, printable; "" without a root pointer */
    unsigned revision; /* the root pointer's: 0 for ACPI 1.0 */
    unsigned table_count; /* that the root table lists */

    bool is_reduced; /* the sleep registers count, else PM1's */
    struct acpi_register pm1_status[2]; /* a and b, of which b is seldom there; 16 bits */
    struct acpi_register pm1_control[2];
    struct acpi_register sleep_status; /* 8 bits */
    struct acpi_register sleep_control;
    uint16_t smi_command; /* a port; 0: the chipset is always in ACPI's mode */
    uint8_t smi_enable; /* what brings it there when written to that port; 0: the same */
    bool has_sleep_types;
    struct acpi_sleep_types sleep_types; /* of S5 */

    struct acpi_register reset; /* 8 bits, in any space */
    uint8_t reset_value;
};

/*
 * Reads it all. `root` is the boot loader's copy of the root pointer, if root_bytes is not 0; else,
 * or if that copy is damaged, it is searched for where a BIOS puts it, then in the first 16 MiB of
 * the map's regions that are ACPI's. Cannot fail: what is not there, or not whole, is left out, and
 * *acpi's problem says so.
 */
void acpi_read(struct acpi *acpi, const uint8_t *root, size_t root_bytes,
               const struct acpi_memory *memory);

/*
 * Looks for \_S5 in an open DSDT or SSDT (7.4.2.6): what to write into which register to switch off
 * is the chipset's secret, and stands in the tables' byte code as that object, a package of
 * numbers, by all that is known always a constant one. So no byte code is run; the one object is
 * read as ACPICA, the reference implementation, reads it. False, changing nothing, if none that
 * makes sense is there.
 */
bool acpi_sleep_find(struct acpi_table *table, struct acpi_sleep_types *types);

/* The (first) register that switches off, address 0 if there is none. */
struct acpi_register acpi_sleep_register(const struct acpi *acpi);

/* Whether the tables say how to switch off; else *acpi has a problem. */
bool acpi_has_power_off(const struct acpi *acpi);

#endif
