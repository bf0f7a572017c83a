#ifndef VIDEO_EDID_H
#define VIDEO_EDID_H

/*
 * What a monitor says of itself: its name and its own mode, out of the 128 bytes that every one of
 * them has (VESA Enhanced EDID Standard, release A revision 2, 3). Pure: knows no adapter.
 */

#include <stdbool.h>
#include <stdint.h>

#define EDID_BYTES 128
#define EDID_NAME_MAX 13

struct edid {
    char name[EDID_NAME_MAX + 1]; /* printable; empty if there is none */
    uint16_t width; /* of the preferred mode; 0 if there is none */
    uint16_t height;
};

/*
 * Reads a block. False, and *edid is as if nothing was said, if its header or its checksum is wrong.
 * A descriptor that makes no sense is passed over.
 */
bool edid_read(struct edid *edid, const uint8_t bytes[EDID_BYTES]);

#endif
