/* Lab 4: nothing can be asked beside the allocator. */

#include "runner_frames.h"

#include "docs/labs/4-limits/lab.h"

uint32_t runner_query(uint32_t argument)
{
    return argument;
}
