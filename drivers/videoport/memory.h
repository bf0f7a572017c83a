#ifndef VIDEOPORT_MEMORY_H
#define VIDEOPORT_MEMORY_H

/* The one thing about miniports' memory that the rest of the video port does itself. */

#include "include/video.h"
#include "resource.h"

/* Gives a block (a record of one of RESOURCE_MEMORY_KINDS) back to the host, and its record. */
void memory_release(struct resource *record);

#endif
