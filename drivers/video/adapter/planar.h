#ifndef VIDEO_PLANAR_H
#define VIDEO_PLANAR_H

/*
 * Pixels of 16 colours in the four planes of a VGA: a bit of each pixel in each plane. The planes
 * share their addresses; a register, the map mask, says which of them a write goes to.
 *
 *   index of a pixel    1 0 1 1
 *                       | | | +-- plane 0
 *                       | | +---- plane 1      eight pixels are one byte of each plane
 *                       | +------ plane 2
 *                       +-------- plane 3
 */

#include "adapter.h"

#define PLANAR_COLOURS 16
#define PLANAR_BYTE_PIXELS 8

/* The colours of the text screen, 0x00RRGGBB. */
extern const ULONG planar_usual_colours[PLANAR_COLOURS];

/*
 * Reads the colours of a request to load them, whose parts have part_bits (4 to 8) bits each, as
 * 0x00RRGGBB. False if it is not for all 16 of them.
 */
bool planar_read_colours(const VIDEO_CLUT *clut, ULONG part_bits, ULONG colours[PLANAR_COLOURS]);

/* Sets the VGA's graphics controller so that what planar_write writes arrives unchanged. */
void planar_open(void);

/*
 * Writes pixels as linear_write does. The format has the palette's indices; the stride is that of a
 * line in one plane.
 */
void planar_write(const struct linear *linear, ULONG stride_bytes,
                  const struct ashlar_pixels *pixels);

#endif
