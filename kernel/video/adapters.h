#ifndef KERNEL_ADAPTERS_H
#define KERNEL_ADAPTERS_H

/*
 * Which adapter shows the picture: drivers that were loaded, then the kernel's own miniports, from
 * the best to the plainest.
 */

#include "boot/boot_info.h"
#include "graphics.h"
#include "kernel/lib/options.h"

/* Claims the miniports' names, so that nobody else can own memory by them. Call once, before all
   others. The options are referred to from now on. */
void adapters_init(const struct options *options);

/*
 * Tries them in turn, or the one that the options name, and sets the mode that the options ask for,
 * else a usual one. False if none shows a picture; adapters_describe_passed tells why. The
 * framebuffer is referred to from now on.
 */
bool adapters_start(const struct boot_framebuffer *framebuffer);

/* Tries all in turn again, whatever video= named. False if none shows a picture. */
bool adapters_restart(void);

/* Sets a mode on the first that takes it. False, with a reason that lives for ever, if none
   does. */
bool adapters_set_mode(const struct graphics_mode *mode, const char **why);

/*
 * Hands the adapter, which there is, over to the driver that was added last (drivers_add): the
 * former one's driver stops, and the new one starts, and shows the picture if one is shown. False,
 * with a line on the log, if it cannot: it is unloaded then, and the former shows the picture
 * again, or else another that can.
 */
bool adapters_hand_over(void);

/* Writes which were passed over, and why. */
void adapters_describe_passed(void);

#endif
