/* Enters the miniport that is linked in beside this file among the drivers that `load` can
   start. */

#include "kernel/video/drivers.h"

static const struct drivers_linked entry
    __attribute__((section(".drivers"), used)) = {DRIVER_NAME, DriverEntry};
