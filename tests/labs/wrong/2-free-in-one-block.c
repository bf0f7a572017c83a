/*
 * Wrong: lab_free takes back frames of one block only. What was taken by two requests cannot be
 * given back at once.
 */

#define lab_init init_rightly
#define lab_alloc alloc_rightly
#define lab_free free_rightly
#include "docs/labs/solutions/2.c"
#undef lab_init
#undef lab_alloc
#undef lab_free

static uint32_t owners[512]; /* of each frame, the request that took it */
static uint32_t request;

void lab_init(uint32_t *words, uint32_t frame_count)
{
    request = 0;
    init_rightly(words, frame_count);
}

uint32_t lab_alloc(uint32_t count)
{
    uint32_t first = alloc_rightly(count);
    request++;
    for (uint32_t i = 0; first != LAB_NONE && i < count; i++)
        owners[first + i] = request;
    return first;
}

bool lab_free(uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count && first < frame_total && i < frame_total - first; i++)
        if (owners[first + i] != owners[first])
            return false;
    return free_rightly(first, count);
}
