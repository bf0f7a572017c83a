#ifndef MM_FREE_H
#define MM_FREE_H

/* Finds whole free runs, even if their parts are in several places (buddy.h). Changes nothing. */

#include "buddy.h"

MM_BEGIN_DECLS

/* The whole free run that holds `frame`. False if the frame is not free. */
bool free_whole_run(const struct buddy *buddy, const struct buddy_range *range, uint32_t frame,
                    struct frame_range *run);

MM_END_DECLS

#endif
