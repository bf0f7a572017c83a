/* Wrong: of an arena that is no power of two, what is above the largest one in it is lost. */

#include "lab.h"

#define lab_init init_all
#include "docs/labs/solutions/3.c"
#undef lab_init

void lab_init(void *tables, uint32_t frame_count)
{
    while (frame_count & (frame_count - 1))
        frame_count &= frame_count - 1;
    init_all(tables, frame_count);
}
