/* Where the BIOS's own memory begins. */

#include "any.h"
#include "boot/bios_area.c"

/* The lower of two addresses that can be true; none is believed that lies elsewhere. */
void prove_bios_area(void)
{
    uint16_t segment = (uint16_t)any32();
    uint16_t kib = (uint16_t)any32();
    phys_t area = boot_find_bios_area(segment, kib);
    phys_t ebda = (phys_t)segment * 16;
    phys_t base = (phys_t)kib * 1024;
    claim(area >= 512 * KIB && area <= 640 * KIB);
    claim(ebda < 512 * KIB || area <= ebda);
    claim(base < 512 * KIB || area <= base);
    claim(area == ebda || area == base || area == 640 * KIB);
    REACHED();
}
