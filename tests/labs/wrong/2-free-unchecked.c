/* Wrong: a free flips the bits without a look at them. */

#include "lab.h"

#define lab_free free_checked
#include "docs/labs/solutions/2.c"
#undef lab_free

bool lab_free(uint32_t first, uint32_t count)
{
    if (first >= frame_total || count > frame_total - first)
        return false;
    flip(first, count);
    free_total += count;
    return true;
}
