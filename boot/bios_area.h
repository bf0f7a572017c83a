#ifndef BOOT_BIOS_AREA_H
#define BOOT_BIOS_AREA_H

/* Where the BIOS's own memory begins, at the top of the first 640 KiB. */

#include "mm/types.h"

/*
 * The lowest address that is the BIOS's, from the two words in which a BIOS says so: the segment of
 * its extended data area (at 0x40E), and the KiB of base memory below all that it keeps (at 0x413;
 * IBM PS/2 and PC BIOS Interface Technical Reference, section 3). Firmware's map may call it
 * usable. A word that cannot be true (0 where there is no such area, anything where there is no
 * BIOS) is not believed. The result lies in [512 KiB, 640 KiB]; all from there to 1 MiB belongs to
 * the BIOS and to adapters.
 */
phys_t boot_find_bios_area(uint16_t ebda_segment, uint16_t base_kib);

#endif
