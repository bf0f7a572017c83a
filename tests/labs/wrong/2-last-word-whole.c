/* Wrong: the last word is used to its last bit, as if it stood for 32 frames. */

#include "lab.h"

#define lab_init init_exactly
#include "docs/labs/solutions/2.c"
#undef lab_init

void lab_init(uint32_t *words, uint32_t frame_count)
{
    init_exactly(words, LAB_WORDS(frame_count) * 32);
    free_total = frame_count;
}
