#ifndef KERNEL_REGISTRY_H
#define KERNEL_REGISTRY_H

/*
 * What drivers find in NT's registry: values by name, each a number or a text. There is no disk to
 * keep them on, so they come from boot options (param=DRIVER.KEY=VALUE), from what stands behind a
 * module's name, and from the command that loads a driver.
 */

#include "drivers/videoport/port/videoport.h"

#define REGISTRY_TEXTS_MAX 4 /* of one driver */
#define REGISTRY_TEXT_MAX 63 /* characters */

/* The values of one driver. Texts are referred to by the driver while it runs. */
struct registry {
    struct videoport_parameter values[VIDEOPORT_VALUE_COUNT_MAX];
    size_t count;
    char names[VIDEOPORT_VALUE_COUNT_MAX][VIDEOPORT_VALUE_NAME_MAX + 1];
    uint16_t texts[REGISTRY_TEXTS_MAX][REGISTRY_TEXT_MAX + 1]; /* as NT has them */
    size_t text_count;
};

/* The boot options' words, DRIVER.KEY=VALUE, which are not copied. */
void registry_init(char *const *words, size_t count);

/* Fills in the values that boot options give a driver. One that is wrong is left out, with a line on
   the log: no adapter is lost by it. */
void registry_open(struct registry *registry, const char *driver);

/* Adds a word KEY=VALUE. False, with a line on the log, if it is none or there is no room. */
bool registry_add(struct registry *registry, const char *word);

#endif
