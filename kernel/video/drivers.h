#ifndef KERNEL_DRIVERS_H
#define KERNEL_DRIVERS_H

/*
 * Miniports that are not this kernel's own: driver binaries, which come as multiboot modules whose
 * names end in .sys, and drivers that were linked in.
 *
 *   module  ─▶  image: checked, put into a block of its own, protected  ─▶  video port
 *
 * A driver's name is its file's, without .sys; its case does not count. Of the loaded drivers, one
 * at most runs. The others wait: their words are kept, and they hold nothing. Nothing here decides
 * which of them shows a picture.
 */

#include "boot/boot_info.h"
#include "drivers/videoport/port/videoport.h"

/* An entry of the section .drivers: a miniport that is linked in, to be started by its name. */
struct drivers_linked {
    const char *name;
    videoport_entry_t entry;
};

/* Gives the video port what it needs of the kernel (videoport_host.c), before a driver starts. */
void videoport_host_init(void);

/* Learns which modules there are, and starts all that are drivers. What fails is one line, and the
   next one is tried. *info is referred to from now on. */
void drivers_init(const struct boot_info *info);

/*
 * Loads the driver of that name behind the others, with words KEY=VALUE as its parameters (see
 * below), and lets it wait. One of that name that waits already goes. False, and a line on the log
 * that says why, if it cannot be had.
 */
bool drivers_add(const char *name, char *const *words, size_t word_count);

/* The same, and runs it. If it does not start, it goes, and the one that ran before runs again. */
bool drivers_load(const char *name, char *const *words, size_t word_count);

/* Loaded drivers have indices below this, in the order in which they were loaded. */
size_t drivers_count(void);

/* The index of the driver, and of its device, by their name; drivers_count: there is none. */
size_t drivers_find(const char *name);

const char *drivers_name(size_t index);

/* The device of the driver, which is started if it waits; others wait from then on. NULL, and a
   line on the log that says why, if it does not start. */
struct videoport_device *drivers_run(size_t index);

/* Stops the driver that runs, if one does. What it leaked is listed on the log and given back. */
void drivers_let_wait(void);

/* Forgets a driver, which is stopped first, and takes its image out of memory. Returns how many
   things it leaked. Indices above its own become one less. */
size_t drivers_unload(size_t index);

/* True if the address lies in the code of a driver's image; *offset (may be NULL) counts from its
   base. */
bool drivers_own_code(uintptr_t address, uint32_t *offset);

/* Writes what the `drivers` command prints. */
void drivers_describe(void);

/* ---- their faults, which the kernel survives (fault.c) --------------------------------------- */

#define FAULT_TEXT_MAX 120

/*
 * What is at an address that faulted, as a phrase in `text`, which is returned: the guard page of
 * whose block, and how far from the block's start, or that nothing is mapped there, or not for
 * that.
 */
const char *fault_describe_address(char text[FAULT_TEXT_MAX], uintptr_t address);

/*
 * Calls a driver's routine. False if an exception came out of a driver's code, or out of a place
 * that is no code of the kernel's, which it jumped to: the routine was left there, and a line on
 * the log says under the driver's name what happened.
 */
bool fault_guard_driver(void (*routine)(void *), void *context, const char *driver);

/* For a panic (panic.h): a line that names the driver whose routine is running, if one is. */
void fault_tell_cause(void);

/* ---- their parameters (parameters.c) --------------------------------------------------------- */

/*
 * What drivers find in NT's registry: values by name, each a number or a text. There is no disk to
 * keep them on, so they come from boot options (param=DRIVER.KEY=VALUE), from what stands behind a
 * module's name, and from the command that loads a driver.
 */

/* The boot options' words, DRIVER.KEY=VALUE, which are not copied. */
void registry_init(char *const *words, size_t count);

/* Fills the values anew, with those that boot options give a driver. One that is wrong is left out,
   with a line on the log: no adapter is lost by it. */
void registry_open(struct videoport_values *values, const char *driver);

/* Adds a word KEY=VALUE. False, with a line on the log, if it is none or there is no room. */
bool registry_add(struct videoport_values *values, const char *word);

#endif
