#ifndef KERNEL_FRAMEBUFFER_H
#define KERNEL_FRAMEBUFFER_H

/*
 * A picture on a miniport of anybody's: one that knows NT's requests alone. It sets modes and maps
 * its video memory; the back buffer, the colours' formats and the way to the screen are done here,
 * so that it answers the requests of our own miniports (drivers/video/adapter/ashlar_display.h) as well.
 *
 *   IOCTL_ASHLAR_*  ─▶  framebuffer  ─▶  IOCTL_VIDEO_*  ─▶  miniport
 *                            └──── mapped video memory
 */

#include "drivers/video/adapter/ashlar_display.h"
#include "drivers/videoport/port/videoport.h"

/*
 * Passes a request on to the device, or answers it in its stead. Statuses are those of the requests;
 * IOCTL_ASHLAR_SET_MODE takes modes that the miniport lists, and none that flips.
 */
VP_STATUS framebuffer_ioctl(struct videoport_device *device, ULONG code, const void *in,
                            ULONG in_bytes, void *out, ULONG out_bytes, ULONG *returned);

/* What the next mode's back buffer is: contiguous, or none. */
void framebuffer_use_back_buffer(bool wanted);

/* Gives back the back buffer, has video memory unmapped, and forgets the device. To be called before
   it is stopped. */
void framebuffer_close(struct videoport_device *device);

/* The depth of a mode, as people name it: 15 for 16 bits of which one is not used. */
ULONG framebuffer_depth(const VIDEO_MODE_INFORMATION *mode);

#endif
