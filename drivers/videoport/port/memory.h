#ifndef VIDEOPORT_MEMORY_H
#define VIDEOPORT_MEMORY_H

/* What the rest of the video port does about miniports' memory itself. */

#include "drivers/videoport/include/video.h"
#include "resource.h"

/* A block below 640 KiB for the BIOS, with its record; NULL, and a line on the log. */
struct resource *memory_allocate_int10(struct videoport_device *device, const char *call,
                                       uint32_t size_bytes);

/* Gives a block (a record of one of RESOURCE_MEMORY_KINDS) back to the host, and its record. */
void memory_release(struct resource *record);

#endif
