#ifndef VIDEO_REFUSAL_H
#define VIDEO_REFUSAL_H

/* Why an answer of a miniport's is not accepted. */

#include "drivers/videoport/include/ntdef.h"

struct refusal {
    const char *what; /* words that live for ever; NULL: nothing was refused */
    ULONG told; /* by the miniport */
    ULONG wanted; /* in place of that; the same: it is no matter of numbers */
};

#endif
