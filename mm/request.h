#ifndef MM_REQUEST_H
#define MM_REQUEST_H

/*
 * The rules for requests, in bytes (mm.h) or in frames (buddy.h). All five numbers have the same
 * unit, the caller's.
 */

#include "bits.h"
#include "status.h"
#include "types.h"

/*
 * MM_OK, or the first of these failures that holds, in this order: MM_ZERO_SIZE, MM_BAD_ALIGNMENT
 * or MM_BAD_BOUNDARY (neither a power of two nor 0; 0 means any alignment, or no boundary),
 * MM_BOUNDARY_TOO_SMALL (less than the size), MM_BAD_LIMIT (lowest + size > limit).
 */
static inline enum mm_status request_check(uint64_t size, uint64_t align, uint64_t boundary,
                                           uint64_t lowest, uint64_t limit)
{
    if (size == 0)
        return MM_ZERO_SIZE;
    if (align && !is_power_of_two(align))
        return MM_BAD_ALIGNMENT;
    if (boundary && !is_power_of_two(boundary))
        return MM_BAD_BOUNDARY;
    if (boundary && boundary < size)
        return MM_BOUNDARY_TOO_SMALL;
    return lowest >= limit || limit - lowest < size ? MM_BAD_LIMIT : MM_OK;
}

#endif
