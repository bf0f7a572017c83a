#ifndef KERNEL_REGISTRY_H
#define KERNEL_REGISTRY_H

/*
 * What drivers find in NT's registry: values by name, each a number or a text. There is no disk to
 * keep them on, so they come from boot options (param=DRIVER.KEY=VALUE), from what stands behind a
 * module's name, and from the command that loads a driver. They are collected for one driver at a
 * time; the video port copies them when that starts.
 */

#include "drivers/videoport/port/videoport.h"

/* The boot options' words, DRIVER.KEY=VALUE, which are not copied. */
void registry_init(char *const *words, size_t count);

/* Begins anew, with the values that boot options give a driver. One that is wrong is left out, with a
   line on the log: no adapter is lost by it. */
void registry_open(const char *driver);

/* Adds a word KEY=VALUE. False, with a line on the log, if it is none or there is no room. */
bool registry_add(const char *word);

/* Adds data under a name; neither is copied here. */
void registry_add_data(const char *name, const void *data, size_t size_bytes);

/* Starts the driver with what was collected, as videoport_start does. */
struct videoport_device *registry_start(const char *driver, videoport_entry_t entry,
                                        const char **why);

#endif
