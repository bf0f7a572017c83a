/* The texts of all refusals, in one place, so that all callers say the same. Knows no allocator. */

#include "status.h"

const char *mm_status_text(enum mm_status status)
{
    switch (status) {
    case MM_OK:
        return "no error";
    case MM_ZERO_SIZE:
        return "a block of 0 bytes was asked for";
    case MM_BAD_ALIGNMENT:
        return "the alignment is not a power of two";
    case MM_BAD_BOUNDARY:
        return "the boundary is not a power of two";
    case MM_BOUNDARY_TOO_SMALL:
        return "the block is larger than the boundary that it must not cross";
    case MM_BAD_LIMIT:
        return "the block is larger than the range of addresses that it must lie in";
    case MM_BAD_OWNER:
        return "an owner's name is 1 to 23 printable characters without blanks";
    case MM_BAD_RANGE:
        return "the range is empty or overlaps one that is managed already";
    case MM_TOO_LARGE:
        return "the range is larger than 2^31 frames";
    case MM_NO_ROOM:
        return "no free run satisfies the request";
    case MM_IN_USE:
        return "a frame of the range is in use";
    case MM_NO_RECORD:
        return "no memory is left to record the block in";
    case MM_NOT_MANAGED:
        return "the address is not under management";
    case MM_ALREADY_FREE:
        return "the address is free already";
    case MM_INSIDE_BLOCK:
        return "the address is inside a block, not its first byte";
    case MM_NO_WINDOW:
        return "no run of virtual addresses is left";
    case MM_NOT_MAPPED:
        return "a page cannot be mapped: beyond the paging mode's reach, or no memory for its "
               "table";
    case MM_OUTSIDE_BLOCK:
        return "the frames do not all lie in one block";
    case MM_NOT_A_BLOCK:
        return "the address belongs to a mapping, not to a block of the pool";
    }
    return "unknown status";
}
