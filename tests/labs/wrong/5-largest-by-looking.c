/*
 * Wrong: lab_largest looks at every frame, so that it takes the more steps the more frames there
 * are.
 */

#define lab_init init_rightly
#define lab_alloc alloc_rightly
#define lab_free free_rightly
#define lab_largest largest_rightly
#include "docs/labs/solutions/5.c"
#undef lab_init
#undef lab_alloc
#undef lab_free
#undef lab_largest

static uint32_t counts[LAB_FRAMES_MAX]; /* of the block that begins there */
static uint32_t frame_total;

void lab_init(void *tables, uint32_t frame_count)
{
    frame_total = frame_count;
    for (uint32_t i = 0; i < frame_count; i++)
        counts[i] = 0;
    init_rightly(tables, frame_count);
}

uint32_t lab_alloc(uint32_t count)
{
    uint32_t first = alloc_rightly(count);
    if (first != LAB_NONE)
        counts[first] = count;
    return first;
}

bool lab_free(uint32_t first)
{
    if (!free_rightly(first))
        return false;
    counts[first] = 0;
    return true;
}

uint32_t lab_largest(void)
{
    uint32_t largest = 0;
    uint32_t run = 0;
    for (uint32_t i = 0; i < frame_total;) {
        run = counts[i] ? 0 : run + 1;
        largest = run > largest ? run : largest;
        i += counts[i] ? counts[i] : 1;
    }
    return largest;
}
