/*
 * Lab 5, by the kernel's own buddy. Its files are compiled into this one, so that their steps are
 * counted as this one's are.
 */

#include "docs/labs/5-exact/lab.h"

#include "mm/buddy.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/find.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/free.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/index.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/place.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/range.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/reach.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/search.c" /* NOLINT(bugprone-suspicious-include) */
#include "mm/tree.c" /* NOLINT(bugprone-suspicious-include) */

static struct buddy buddy;

size_t lab_table_bytes(uint32_t frame_count)
{
    return buddy_table_bytes((struct frame_range){0, frame_count});
}

void lab_init(void *tables, uint32_t frame_count)
{
    buddy_init(&buddy);
    buddy_add_range(&buddy, (struct frame_range){0, frame_count}, tables);
}

uint32_t lab_alloc(uint32_t count)
{
    const struct buddy_request request = {
        .frame_count = count, .align_frames = 1, .limit = LAB_FRAMES_MAX};
    pfn_t first;
    if (count == 0 || buddy_alloc(&buddy, &request, &first) != MM_OK)
        return LAB_NONE;
    return (uint32_t)first;
}

bool lab_free(uint32_t first)
{
    return buddy_free(&buddy, first, NULL) == MM_OK;
}

uint32_t lab_largest(void)
{
    return (uint32_t)buddy_largest_run(&buddy, 0, LAB_FRAMES_MAX);
}
