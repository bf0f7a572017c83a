/* Found as Old.h, and finds Inc\Deeper.h. */

#include "Inc\Deeper.h"

typedef struct _HW_DEVICE_EXTENSION {
    PUCHAR IOAddress;
    PHYSICAL_ADDRESS Physical;
} HW_DEVICE_EXTENSION, *PHW_DEVICE_EXTENSION;
