#ifndef VIDEO_EDID_H
#define VIDEO_EDID_H

/*
 * What a monitor says of itself: its name and its own mode, out of the 128 bytes that every one of
 * them has (VESA Enhanced EDID Standard, release A revision 2, 3), and of extension blocks behind
 * them. Pure: knows no adapter.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDID_BYTES 128 /* of a block */
#define EDID_BYTES_MAX (4 * EDID_BYTES) /* more blocks than monitors have */
#define EDID_NAME_MAX 13

struct edid {
    char name[EDID_NAME_MAX + 1]; /* printable; empty if there is none */
    uint16_t width; /* of the preferred mode; 0 if there is none */
    uint16_t height;
};

/*
 * Reads a monitor's blocks, of which there are size_bytes, at least EDID_BYTES. False, and *edid is
 * as if nothing was said, if the first one's header or checksum is wrong. An extension block that
 * is not there, not whole or of another kind than CTA-861's and DisplayID's is passed over, as is a
 * descriptor that makes no sense.
 */
bool edid_read(struct edid *edid, const uint8_t *bytes, size_t size_bytes);

#endif
