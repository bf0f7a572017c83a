/*
 * Allocates and frees many frames in one call, so that a caller takes its lock only once. Blocks
 * that are freed together and touch first become one block: then only one run is put away, and
 * between the blocks only bits change.
 */

#include "inside.h"
#include "request.h"

/* ---- allocation ------------------------------------------------------------------------------ */

/*
 * Takes the longest runs first, until there are enough frames. While runs of one length are
 * granted, the longest length need not be asked for again.
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

/* The range that holds `pfn`; most often it is `before`, the range of the last frame. */
static struct buddy_range *range_of(const struct buddy *buddy, struct buddy_range *before,
                                    pfn_t pfn)
{
    if (before && pfn - before->first_pfn < before->end_pfn - before->first_pfn)
        return before;
    return block_range(buddy, pfn);
}

/* True if the run is a block. *range becomes the range in which it begins; NULL if none. */
static inline bool is_block(const struct buddy *buddy, const struct frame_range *run,
                            struct buddy_range **range)
{
    *range = range_of(buddy, *range, run->first);
    if (!*range)
        return false;
    uint32_t frame = (uint32_t)(run->first - (*range)->origin);
    return block_begins_at(buddy, *range, frame) &&
           range_length(*range, frame) == run->end - run->first;
}

/* Why a run could not be claimed. If it is a block, it was claimed before: it is named twice. */
static enum mm_status refusal(const struct buddy *buddy, const struct frame_range *run)
{
    struct buddy_range *range = NULL;
    if (is_block(buddy, run, &range))
        return MM_ALREADY_FREE;
    if (!range)
        return MM_NOT_MANAGED;
    if (block_begins_at(buddy, range, (uint32_t)(run->first - range->origin)))
        return MM_OUTSIDE_BLOCK;
    return block_refusal(buddy, run->first);
}

/*
 * Claims blocks up to the first run that is not a block, and returns how many. A claimed block has
 * no begin any more, so it cannot be claimed twice.
 */
static size_t claim(struct buddy *buddy, const struct frame_range *runs, size_t run_count)
{
    struct buddy_range *range = NULL;
    size_t claimed = 0;
    for (; claimed < run_count && is_block(buddy, &runs[claimed], &range); claimed++) {
        uint32_t frame = (uint32_t)(runs[claimed].first - range->origin);
        range_record(range, frame)->begins ^= bits_of(frame);
        range_count_free(range, frame, (uint32_t)(runs[claimed].end - runs[claimed].first));
    }
    return claimed;
}

static void give_up_claims(struct buddy *buddy, const struct frame_range *runs, size_t run_count)
{
    for (size_t i = 0; i < run_count; i++) {
        struct buddy_range *range = block_range(buddy, runs[i].first);
        block_enter(range, (uint32_t)(runs[i].first - range->origin),
                    (uint32_t)(runs[i].end - runs[i].first));
    }
}

/* Adds a run to `whole`, if the two touch and are in the same range. Both are claimed. */
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

/* Frees claimed runs. Runs that touch and follow each other are freed as one. */
static void free_claimed(struct buddy *buddy, const struct frame_range *runs, size_t run_count)
{
    struct buddy_range *range = NULL;
    for (size_t next = 0; next < run_count;) {
        struct frame_range whole = runs[next++];
        range = range_of(buddy, range, whole.first);
        while (next < run_count && join(range, &whole, &runs[next]))
            next++;
        uint32_t first = (uint32_t)(whole.first - range->origin);
        range_enter(range, first, (uint32_t)(whole.end - whole.first));
        buddy_put_away(buddy, range, first, (uint32_t)(whole.end - range->origin));
        buddy->free_count += whole.end - whole.first;
    }
}

enum mm_status buddy_free_many(struct buddy *buddy, const struct frame_range *runs,
                               size_t run_count)
{
    size_t claimed = claim(buddy, runs, run_count);
    if (claimed < run_count) {
        give_up_claims(buddy, runs, claimed);
        return refusal(buddy, &runs[claimed]);
    }
    buddy_forget_taken(buddy);
    free_claimed(buddy, runs, run_count);
    return MM_OK;
}

/* ---- single frames --------------------------------------------------------------------------- */

/* The bits of those of the 64 frames from `first` on that are blocks of one frame. */
static uint64_t find_frames(const struct buddy *buddy, const struct buddy_range *range,
                            uint32_t first)
{
    const struct range_part *record = range_record(range, first);
    uint64_t frames = record->begins & (record->ends >> 1 | record[1].ends << (WORD_BITS - 1));
    for (unsigned i = 0; i < BUDDY_ASIDE_COUNT; i++) {
        const struct buddy_run *run = &buddy->aside[i];
        if (run->range == range && run->first / WORD_BITS == first / WORD_BITS)
            frames &= ~bits_of(run->first);
    }
    return frames;
}

/* Frees neighbouring blocks of one frame each in one word: their bits change at once. */
static void free_frames(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                        uint32_t end)
{
    struct range_part *record = range_record(range, first);
    buddy_forget_taken(buddy);
    uint64_t inner = bits_from(first, end) & ~bits_of(first);
    record->begins &= ~inner;
    record->ends &= ~inner;
    range_count_free(range, first, end - first);
    buddy->free_count += end - first;
    buddy_put_away(buddy, range, first, end);
}

/* Frees blocks of one frame each, of the 64 from `first` on, all in one range. */
static void free_word(struct buddy *buddy, struct buddy_range *range, uint32_t first,
                      uint64_t frames)
{
    while (frames) {
        unsigned low = bits_lowest(frames);
        uint64_t others = ~(frames >> low);
        unsigned end = others ? low + bits_lowest(others) : WORD_BITS;
        free_frames(buddy, range, first + low, first + end);
        frames &= end < WORD_BITS ? WORD_ONES << end : 0;
    }
}

uint64_t buddy_free_frames(struct buddy *buddy, pfn_t first, uint64_t frames)
{
    uint64_t wrong = 0;
    while (frames) {
        pfn_t lowest = first + bits_lowest(frames);
        struct buddy_range *range = block_range(buddy, lowest);
        uint64_t here = frames & bits_of((uint32_t)lowest);
        if (range) {
            uint32_t word = (uint32_t)(lowest - range->origin) / WORD_BITS * WORD_BITS;
            here = frames & bits_from(bits_larger(word, range->first), range->end);
            uint64_t right = here & find_frames(buddy, range, word);
            free_word(buddy, range, word, right);
            wrong |= here & ~right;
        } else {
            wrong |= here;
        }
        frames &= ~here;
    }
    return wrong;
}
