#ifndef LABS_MAP_LAB_H
#define LABS_MAP_LAB_H

/* Lab 1: turns the firmware's memory map into ranges of usable frames. */

#include <stddef.h>
#include <stdint.h>

#define LAB_FRAME_BYTES 4096
#define LAB_ADDRESS_END ((uint64_t)1 << 52) /* no x86 processor has memory from here on */
#define LAB_ENTRIES_MAX 512 /* in one map */

/* As the firmware reports it (ACPI specification 6.5, table 15.3): type 1 is usable RAM. */
struct lab_entry {
    uint64_t base;
    uint64_t length_bytes;
    uint32_t type;
};

/* [base, end), in bytes, multiples of LAB_FRAME_BYTES. */
struct lab_range {
    uint64_t base;
    uint64_t end;
};

/*
 * Writes the ranges of usable frames to `ranges`, and returns how many there are. They are sorted,
 * do not touch each other, and none is empty. `ranges` has room for entry_count ranges; there are
 * never more.
 */
size_t lab_normalise(const struct lab_entry *entries, size_t entry_count, struct lab_range *ranges);

#endif
