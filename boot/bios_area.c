/* Finds where the BIOS's own memory begins, by two words, each of which may be anything. */

#include "bios_area.h"

#define LOWEST (512 * KIB)
#define HIGHEST (640 * KIB)

static phys_t believed(phys_t address)
{
    return address >= LOWEST && address < HIGHEST ? address : HIGHEST;
}

phys_t boot_find_bios_area(uint16_t ebda_segment, uint16_t base_kib)
{
    phys_t ebda = believed((phys_t)ebda_segment << 4);
    phys_t base = believed(base_kib * KIB);
    return ebda < base ? ebda : base;
}
