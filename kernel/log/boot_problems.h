#ifndef KERNEL_BOOT_PROBLEMS_H
#define KERNEL_BOOT_PROBLEMS_H

/* Tells on the log what was odd about the boot: options, boot information, modules. */

#include "boot/boot_info.h"
#include "kernel/lib/options.h"

/*
 * A line for each boot option that is wrong, for what of the boot information was left out, for
 * each module that is empty or that nobody reads, and for a file name that may not be one.
 */
void boot_problems_tell(const struct boot_info *info, const struct options *options);

#endif
