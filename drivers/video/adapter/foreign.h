#ifndef VIDEO_FOREIGN_H
#define VIDEO_FOREIGN_H

/*
 * A picture on a miniport that others wrote, which answers only NT's own requests. It sets modes
 * and maps its video memory. The back buffer, the formats of pixels and presenting are the same
 * code as for our own miniports.
 *
 *   IOCTL_ASHLAR_*  ─▶  adapter.c  ─▶  foreign.c  ─▶  IOCTL_VIDEO_*  ─▶  miniport
 *                           └───── mapped video memory
 */

#include "ashlar_display.h"
#include "drivers/videoport/port/videoport.h"
#include "refusal.h"

/* Serves a started device from now on, in place of the one before, which was closed. */
void foreign_open(struct videoport_device *device);

/*
 * Answers a request of ashlar_display.h, or passes one of NT's on to the device. Statuses are those
 * of the requests; IOCTL_ASHLAR_SET_MODE takes modes that the miniport lists, and none that flips.
 */
VP_STATUS foreign_ioctl(ULONG code, const void *in, ULONG in_bytes, void *out, ULONG out_bytes);

/* Frees the back buffer and has video memory unmapped. To be called before the device is
   stopped. */
void foreign_close(void);

/* Why the last IOCTL_ASHLAR_SET_MODE failed, if it was not for want of memory. */
const struct refusal *foreign_refusal(void);

#endif
