/* Wrong: <= where < is meant clears a word that belongs to somebody else. */

#include "lab.h"

#define lab_init init_exactly
#include "docs/labs/solutions/2.c"
#undef lab_init

void lab_init(uint32_t *words, uint32_t frame_count)
{
    for (uint32_t i = 0; i <= LAB_WORDS(frame_count); i++)
        words[i] = 0;
    init_exactly(words, frame_count);
}
