/*
 * Many frames in one call, so that a caller takes its lock once. Blocks that are freed together and
 * touch become one block first: that writes a bit for each border, and then there is one run to put
 * back.
 */

#include "inside.h"
#include "request.h"

/* ---- allocation ------------------------------------------------------------------------------ */

/*
 * Takes the longest runs first, until there are enough. As long as runs of one length are granted,
 * there is no need to ask for the longest again.
 */
static enum mm_status take_longest(struct buddy *buddy, pfn_t frame_count,
                                   struct frame_range window, struct buddy_runs *taken)
{
    struct buddy_request request = {frame_count, 0, window.first, window.end, 0};
    for (pfn_t rest = frame_count; rest > 0;) {
        pfn_t first;
        if (taken->run_count == taken->run_max)
            return MM_NO_RECORD;
        if (request.frame_count > rest)
            request.frame_count = rest;
        if (buddy_alloc(buddy, &request, &first) == MM_OK) {
            struct frame_range run = {first, first + request.frame_count};
            taken->runs[taken->run_count++] = run;
            rest -= request.frame_count;
            continue;
        }
        request.frame_count = buddy_largest_run(buddy, window.first, window.end);
        if (request.frame_count == 0)
            return MM_NO_ROOM;
    }
    return MM_OK;
}

enum mm_status buddy_alloc_many(struct buddy *buddy, pfn_t frame_count, struct frame_range window,
                                struct buddy_runs *taken)
{
    enum mm_status status = request_check(frame_count, 0, 0, window.first, window.end);
    taken->run_count = 0;
    if (status == MM_OK && frame_count > buddy->free_count)
        status = MM_NO_ROOM;
    if (status == MM_OK)
        status = take_longest(buddy, frame_count, window, taken);
    if (status != MM_OK)
        while (taken->run_count > 0)
            buddy_free(buddy, taken->runs[--taken->run_count].first, NULL);
    return status;
}

/* ---- freeing --------------------------------------------------------------------------------- */

/* MM_OK if the run is a block. */
static enum mm_status judge(const struct buddy *buddy, const struct frame_range *run)
{
    const struct buddy_range *range = block_range(buddy, run->first);
    if (!range)
        return MM_NOT_MANAGED;
    uint32_t frame = (uint32_t)(run->first - range->origin);
    if (!block_begins_at(buddy, range, frame))
        return block_refusal(buddy, run->first);
    return run->end - run->first == range_length(range, frame) ? MM_OK : MM_OUTSIDE_BLOCK;
}

/* A block that is claimed has no beginning any more, so it cannot be claimed twice. */
static bool claim(const struct buddy *buddy, const struct frame_range *run)
{
    if (judge(buddy, run) != MM_OK)
        return false;
    struct buddy_range *range = block_range(buddy, run->first);
    uint32_t frame = (uint32_t)(run->first - range->origin);
    range_record(range, frame)->begins ^= bits_of(frame);
    range_count_free(range, frame, (uint32_t)(run->end - run->first));
    return true;
}

static void give_up_claim(const struct buddy *buddy, const struct frame_range *run)
{
    struct buddy_range *range = block_range(buddy, run->first);
    block_enter(range, (uint32_t)(run->first - range->origin), (uint32_t)(run->end - run->first));
}

/* Adds a run to one of the same range that it touches. Both are claimed. */
static bool join(struct buddy_range *range, struct frame_range *whole,
                 const struct frame_range *run)
{
    pfn_t border;
    if (run->first == whole->end && run->first < range->end_pfn) {
        border = run->first;
        whole->end = run->end;
    } else if (run->end == whole->first && run->end > range->first_pfn) {
        border = run->end;
        whole->first = run->first;
    } else {
        return false;
    }
    uint32_t frame = (uint32_t)(border - range->origin);
    range_record(range, frame)->ends ^= bits_of(frame);
    return true;
}

/* Frees the first of the runs, which are claimed, with those that follow and touch; their count. */
static size_t free_joined(struct buddy *buddy, const struct frame_range *runs, size_t run_count)
{
    struct frame_range whole = runs[0];
    struct buddy_range *range = block_range(buddy, whole.first);
    size_t joined = 1;
    while (joined < run_count && join(range, &whole, &runs[joined]))
        joined++;
    block_enter(range, (uint32_t)(whole.first - range->origin),
                (uint32_t)(whole.end - whole.first));
    buddy_free(buddy, whole.first, NULL);
    return joined;
}

enum mm_status buddy_free_many(struct buddy *buddy, const struct frame_range *runs,
                               size_t run_count)
{
    size_t claimed = 0;
    while (claimed < run_count && claim(buddy, &runs[claimed]))
        claimed++;
    if (claimed < run_count) {
        const struct frame_range *wrong = &runs[claimed];
        while (claimed > 0)
            give_up_claim(buddy, &runs[--claimed]);
        enum mm_status status = judge(buddy, wrong);
        return status == MM_OK ? MM_ALREADY_FREE : status; /* it is named twice */
    }
    buddy_forget_taken(buddy);
    for (size_t next = 0; next < run_count;)
        next += free_joined(buddy, runs + next, run_count - next);
    return MM_OK;
}
