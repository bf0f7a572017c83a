#ifndef VIDEO_LINEAR_H
#define VIDEO_LINEAR_H

/* Video memory whose lines and pixels follow one another, mapped and written. */

#include <stdbool.h>

#include "ashlar_display.h"
#include "drivers/video/canvas/pixel_format.h"
#include "drivers/videoport/include/video.h"

struct linear {
    UCHAR *base; /* NULL: nothing is mapped */
    ULONG size_bytes;
    struct pixel_format format;
};

/*
 * Maps size_bytes from `physical` on for the device of that extension, write-combining where that
 * can be had; what is mapped already may suffice. False if it cannot be mapped; the former mapping
 * stays then.
 */
bool linear_map(PVOID extension, struct linear *linear, PHYSICAL_ADDRESS physical,
                ULONG size_bytes);

/* Writes pixels in the format, ascending. offset_bytes is where the picture's first line begins. */
void linear_write(const struct linear *linear, ULONG offset_bytes, ULONG stride_bytes,
                  const struct ashlar_pixels *pixels);

#endif
