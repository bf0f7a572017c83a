#ifndef MM_ALIGNED_H
#define MM_ALIGNED_H

/*
 * The search for requests that not every free run of their length satisfies: aligned ones, and
 * those that no multiple of a boundary may lie in. A plain search is done with the first run that
 * is long enough; this one may have to refuse all of them, and must be quick at that.
 */

#include "buddy.h"
#include "span.h"

/*
 * The highest place in [lowest, limit) for the request's frames, alignment and boundary. Lowest,
 * limit and *place are in the span's own numbers, and both bounds lie within it. False if there is
 * no place. A boundary is not less than the frames asked for.
 */
bool aligned_find(const struct buddy_span *span, const struct buddy_request *request,
                  uint32_t lowest, uint32_t limit, uint32_t *place);

#endif
