/* Wrong: frame_count / 32 words are looked at; what is in the one behind is lost. */

#include "lab.h"

#define lab_init init_exactly
#include "docs/labs/solutions/2.c"
#undef lab_init

void lab_init(uint32_t *words, uint32_t frame_count)
{
    init_exactly(words, frame_count / 32 * 32);
    free_total = frame_count;
}
