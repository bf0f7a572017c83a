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

#define FOREIGN_MODES_MAX 128

/* The modes that a started device lists, ours or not, as it describes them. Returns how many there
   are, at most FOREIGN_MODES_MAX; the next call overwrites them. */
ULONG foreign_list_modes(struct videoport_device *device, const VIDEO_MODE_INFORMATION **modes);

/* The depth of a mode, as people name it: 15 for 16 bits of which one is not used. */
ULONG foreign_depth(const VIDEO_MODE_INFORMATION *mode);

#endif
