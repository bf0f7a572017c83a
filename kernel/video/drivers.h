#ifndef KERNEL_DRIVERS_H
#define KERNEL_DRIVERS_H

/*
 * Miniports that are not this kernel's own: driver binaries, which come as multiboot modules whose
 * names end in .sys, and drivers that were linked in.
 *
 *   module  ─▶  image: checked, put into a block of its own, protected  ─▶  video port
 *
 * A driver's name is its file's, without .sys. Nothing here decides which of them shows a picture.
 */

#include "boot/boot_info.h"
#include "drivers/videoport/port/videoport.h"

/* An entry of the section .drivers: a miniport that is linked in, to be started by its name. */
struct drivers_linked {
    const char *name;
    videoport_entry_t entry;
};

/* Gives the video port what it needs of this kernel (videoport_host.c), before any driver starts. */
void videoport_host_init(void);

/* Learns which modules there are, and starts all that are drivers. What fails is one line, and the
   next one is tried. *info is referred to from now on. */
void drivers_init(const struct boot_info *info);

/*
 * Loads and starts the driver of that name, with words KEY=VALUE as its parameters (registry.h).
 * False, and a line on the log that says why, if it cannot be had.
 */
bool drivers_load(const char *name, char *const *words, size_t word_count);

/* True for a device that drivers_load started. */
bool drivers_is_loaded(const struct videoport_device *device);

/*
 * Stops a driver and takes its image out of memory. What it leaked is listed on the log and given
 * back; returns how many things that were.
 */
size_t drivers_unload(struct videoport_device *device);

/* True if the address lies in the code of a driver's image; *offset (may be NULL) counts from its
   base. */
bool drivers_own_code(uintptr_t address, uint32_t *offset);

/* Writes what the `drivers` command prints. */
void drivers_describe(void);

#endif
