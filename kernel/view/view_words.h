#ifndef KERNEL_VIEW_WORDS_H
#define KERNEL_VIEW_WORDS_H

/*
 * Amounts and places of memory as people say them: "3 MiB", "at 24 MiB", "frames 9 to 11". On a
 * machine that is drawn frame by frame, frames have numbers, and sizes are counted in frames.
 */

#include "mm/types.h"

#define VIEW_WORDS_MAX 48

/* What is called frame 0, and where numbers end. Both 0: places are addresses, sizes are bytes. */
struct view_naming {
    pfn_t first;
    pfn_t end;
};

/* "3 MiB", "20 KiB": exact, in the largest unit that divides it; by number "3 frames". */
const char *view_words_amount(char text[VIEW_WORDS_MAX], const struct view_naming *naming,
                              pfn_t frame_count);

/* "24 MiB" if it is a whole number of MiB, else "0x1234000"; by number "frame 9". */
const char *view_words_point(char text[VIEW_WORDS_MAX], const struct view_naming *naming,
                             pfn_t pfn);

/* "3 MiB at 24 MiB"; by number "frames 9 to 11". The range is not empty. */
const char *view_words_range(char text[VIEW_WORDS_MAX], const struct view_naming *naming,
                             struct frame_range range);

#endif
