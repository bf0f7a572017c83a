/* Lab 2: a bit that is set means a taken frame. The bits behind the last frame are always set. */

#include "docs/labs/2-bitmap/lab.h"

static uint32_t *used;
static uint32_t frame_total;
static uint32_t free_total;

static bool is_used(uint32_t frame)
{
    return used[frame / 32] >> frame % 32 & 1;
}

static void flip(uint32_t first, uint32_t count)
{
    for (uint32_t frame = first; frame < first + count; frame++)
        used[frame / 32] ^= (uint32_t)1 << frame % 32;
}

void lab_init(uint32_t *words, uint32_t frame_count)
{
    used = words;
    frame_total = frame_count;
    free_total = frame_count;
    for (uint32_t i = 0; i < LAB_WORDS(frame_count); i++)
        used[i] = 0;
    if (frame_count % 32 != 0)
        used[frame_count / 32] = UINT32_MAX << frame_count % 32;
}

uint32_t lab_alloc(uint32_t count)
{
    uint32_t run = 0;
    for (uint32_t frame = 0; frame < frame_total; frame++) {
        if (run == 0 && used[frame / 32] == UINT32_MAX) {
            frame |= 31; /* no frame of this word is free */
            continue;
        }
        run = is_used(frame) ? 0 : run + 1;
        if (run > 0 && run == count) {
            flip(frame + 1 - count, count);
            free_total -= count;
            return frame + 1 - count;
        }
    }
    return LAB_NONE;
}

bool lab_free(uint32_t first, uint32_t count)
{
    if (count == 0 || first >= frame_total || count > frame_total - first)
        return false;
    for (uint32_t frame = first; frame < first + count; frame++)
        if (!is_used(frame))
            return false;
    flip(first, count);
    free_total += count;
    return true;
}

uint32_t lab_count_free(void)
{
    return free_total;
}
