#ifndef MM_STATUS_H
#define MM_STATUS_H

#include "types.h"

MM_BEGIN_DECLS

/* Why a request was refused. Too little memory and wrong requests are values, never panics. */
enum mm_status {
    MM_OK,
    MM_ZERO_SIZE,
    MM_BAD_ALIGNMENT,
    MM_BAD_BOUNDARY,
    MM_BOUNDARY_TOO_SMALL,
    MM_BAD_LIMIT,
    MM_BAD_OWNER,
    MM_BAD_RANGE,
    MM_TOO_LARGE,
    MM_NO_ROOM,
    MM_IN_USE,
    MM_NO_RECORD,
    MM_NOT_MANAGED,
    MM_ALREADY_FREE,
    MM_INSIDE_BLOCK,
    MM_NO_WINDOW,
    MM_NOT_MAPPED,
    MM_NOT_A_BLOCK,
    MM_OUTSIDE_BLOCK,
};

/* A phrase that completes "error: ", such as "no free run satisfies the request". Never NULL. */
const char *mm_status_text(enum mm_status status);

MM_END_DECLS

#endif
