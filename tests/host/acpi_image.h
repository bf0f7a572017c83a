#ifndef TESTS_HOST_ACPI_IMAGE_H
#define TESTS_HOST_ACPI_IMAGE_H

/*
 * A PC's firmware as ACPI's tables lie in it, in four pieces of physical memory, and between them
 * nothing that answers:
 *
 *   0x40E   0x9FC00 ... 0xA0000   0xE0000 ......... 0x100000     4 GiB + 64 KiB ...
 *   EBDA's       EBDA             ROM: root pointer, tables      one table
 */

#include "drivers/acpi/acpi.h"

#include <string.h>

#define EBDA_BASE 0x9FC00u
#define ROM_BASE 0xE0000u
#define HIGH_BASE (4 * GIB + 64 * KIB)

#define ROOT_AT 0xF0010u
#define RSDT_AT 0xF1000u
#define XSDT_AT 0xF2000u
#define FADT_AT 0xF3004u /* tables need no alignment */
#define DSDT_AT 0xF4000u
#define SSDT_AT 0xF8000u

struct acpi_image {
    uint8_t ebda_segment[2];
    uint8_t ebda[1024];
    uint8_t rom[0x20000];
    uint8_t high[0x1000];
};

static inline uint8_t *image_at(struct acpi_image *image, phys_t physical, size_t size_bytes)
{
    const struct {
        phys_t base;
        uint8_t *bytes;
        size_t size_bytes;
    } pieces[] = {{0x40E, image->ebda_segment, sizeof image->ebda_segment},
                  {EBDA_BASE, image->ebda, sizeof image->ebda},
                  {ROM_BASE, image->rom, sizeof image->rom},
                  {HIGH_BASE, image->high, sizeof image->high}};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (physical >= pieces[i].base && physical - pieces[i].base < pieces[i].size_bytes &&
            size_bytes <= pieces[i].size_bytes - (physical - pieces[i].base))
            return pieces[i].bytes + (physical - pieces[i].base);
    return NULL;
}

static inline bool image_read(void *context, phys_t physical, void *to, size_t size_bytes)
{
    const uint8_t *bytes = image_at(context, physical, size_bytes);
    if (bytes)
        memcpy(to, bytes, size_bytes);
    return bytes;
}

/* Makes the byte `at` complete the sum of `size_bytes` to 0. */
static inline void image_seal(uint8_t *bytes, size_t size_bytes, size_t at)
{
    uint8_t sum = 0;
    bytes[at] = 0;
    for (size_t i = 0; i < size_bytes; i++)
        sum = (uint8_t)(sum + bytes[i]);
    bytes[at] = (uint8_t)-sum;
}

static inline void image_put(uint8_t *to, uint64_t number, unsigned size_bytes)
{
    for (unsigned i = 0; i < size_bytes; i++)
        to[i] = (uint8_t)(number >> (8 * i));
}

#endif
