#ifndef VIDEO_PALETTE_H
#define VIDEO_PALETTE_H

/* Few colours instead of many. Pure: knows no adapter. */

#include "pixel_format.h"

/*
 * Fills `indices` with the nearest of `count` colours (1 to 256, 0x00RRGGBB) for each of the colours
 * of 5 bits each, as struct pixel_format has them.
 */
void palette_build_indices(const uint32_t *colours, unsigned count,
                           uint8_t indices[PIXEL_FORMAT_INDEX_COUNT]);

/* The colour that a pixel of 8 bits stands for where there is no other palette: its upper three bits
   are red, the next three green, the lower two blue. 0x00RRGGBB. */
uint32_t palette_332(unsigned pixel);

#endif
