/*
 * Requests over spans. A request is served from the highest band that has room, and there, unless a
 * run of its length was freed a moment ago, from the highest place: so low memory lasts for those
 * who can use nothing else. Knows no owners and no addresses.
 */

#include "buddy.h"

#include "aligned.h"
#include "bits.h"
#include "span.h"

void buddy_init(struct buddy *buddy)
{
    buddy->highest = NULL;
    buddy->frame_count = 0;
    buddy->free_count = 0;
    buddy->quick_count = 0;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++) {
        buddy->bands[band].frame_count = 0;
        quick_init(&buddy->bands[band].quick);
    }
}

size_t buddy_table_bytes(struct frame_range range)
{
    return span_table_bytes(range);
}

static pfn_t span_first_pfn(const struct buddy_span *span)
{
    return span->origin + span->first;
}

static pfn_t span_end_pfn(const struct buddy_span *span)
{
    return span->origin + span->end;
}

static struct buddy_span *find_span(const struct buddy *buddy, pfn_t pfn)
{
    struct buddy_span *span = buddy->highest;
    while (span && span_first_pfn(span) > pfn)
        span = span->lower;
    return span && pfn < span_end_pfn(span) ? span : NULL;
}

/* A pfn in the span's own numbers, held to its ends. */
static uint32_t clamp_to_span(const struct buddy_span *span, pfn_t pfn)
{
    if (pfn <= span_first_pfn(span))
        return span->first;
    return pfn >= span_end_pfn(span) ? span->end : (uint32_t)(pfn - span->origin);
}

/* ---- bands and quick runs -------------------------------------------------------------------- */

static const pfn_t band_bases[BUDDY_BAND_COUNT] = {0, 16 * MIB >> FRAME_SHIFT,
                                                   4 * GIB >> FRAME_SHIFT};

static unsigned band_of(pfn_t pfn)
{
    unsigned band = BUDDY_BAND_COUNT - 1;
    while (pfn < band_bases[band])
        band--;
    return band;
}

/* The frames of a range that lie in a band. */
static pfn_t frames_in_band(struct frame_range range, unsigned band)
{
    if (range.first < band_bases[band])
        range.first = band_bases[band];
    if (band + 1 < BUDDY_BAND_COUNT && range.end > band_bases[band + 1])
        range.end = band_bases[band + 1];
    return range.first < range.end ? range.end - range.first : 0;
}

/* The highest band below the limit that has memory at all. */
static unsigned top_band(const struct buddy *buddy, pfn_t limit)
{
    unsigned band = BUDDY_BAND_COUNT - 1;
    while (band > 0 && (band_bases[band] >= limit || buddy->bands[band].frame_count == 0))
        band--;
    return band;
}

/* Gives the longest quick run of a band back to its span, if it is longer than `length`. */
static bool give_back_longer(struct buddy *buddy, unsigned band, pfn_t length)
{
    pfn_t first;
    if (!quick_take_longer(&buddy->bands[band].quick, &length, &first))
        return false;
    struct buddy_span *span = find_span(buddy, first);
    uint32_t frame = (uint32_t)(first - span->origin);
    span_give(span, frame, frame + (uint32_t)length);
    buddy->quick_count--;
    return true;
}

/* How many at once, while a request may still be served without the rest. */
#define SETTLE_STEP 8

/* Gives up to `most` quick runs back, those of high bands and long ones first. False if none. */
static bool settle_some(struct buddy *buddy, uint32_t most)
{
    uint32_t before = buddy->quick_count;
    for (unsigned band = BUDDY_BAND_COUNT; band-- > 0;)
        while (before - buddy->quick_count < most && give_back_longer(buddy, band, 0))
            ;
    return buddy->quick_count < before;
}

static bool settle(struct buddy *buddy)
{
    return settle_some(buddy, BUDDY_QUICK_MAX);
}

/*
 * Short runs are asked for more than long ones: a long one makes way for a short one. Beyond
 * QUICK_LENGTH_MAX there is one place, and the latest run has it.
 */
static bool make_place(struct buddy *buddy, unsigned band, pfn_t length)
{
    if (length > QUICK_LENGTH_MAX)
        give_back_longer(buddy, band, QUICK_LENGTH_MAX);
    return quick_has_place(&buddy->bands[band].quick, length) &&
           (buddy->quick_count < BUDDY_QUICK_MAX || give_back_longer(buddy, band, length));
}

/* ---- ranges ---------------------------------------------------------------------------------- */

enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables)
{
    if (range.first >= range.end || range.end > PHYS_LIMIT >> FRAME_SHIFT)
        return MM_BAD_RANGE;
    if (range.end - range.first > BUDDY_MAX_FRAMES)
        return MM_TOO_LARGE;
    struct buddy_span **link = &buddy->highest;
    while (*link && span_first_pfn(*link) >= range.end)
        link = &(*link)->lower;
    if (*link && span_end_pfn(*link) > range.first)
        return MM_BAD_RANGE;
    struct buddy_span *span = span_create(range, tables);
    span->lower = *link;
    *link = span;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++)
        buddy->bands[band].frame_count += frames_in_band(range, band);
    buddy->frame_count += range.end - range.first;
    buddy->free_count += range.end - range.first;
    return MM_OK;
}

/* ---- allocation ---------------------------------------------------------------------------- */

static bool find_in_span(const struct buddy_span *span, const struct buddy_request *request,
                         pfn_t lowest_pfn, pfn_t *place)
{
    uint32_t lowest = clamp_to_span(span, lowest_pfn);
    uint32_t limit = clamp_to_span(span, request->limit);
    uint32_t frame_count = (uint32_t)request->frame_count;
    uint32_t frame;
    if (request->align_frames != 1 || request->boundary_frames != 0) {
        if (!aligned_find(span, request, lowest, limit, &frame))
            return false;
    } else {
        struct span_run run;
        if (!span_find_run(span, frame_count, lowest, limit, &run))
            return false;
        frame = run.end - frame_count;
    }
    *place = span->origin + frame;
    return true;
}

/* A request that any run of its length satisfies, below a limit. */
static bool is_plain(const struct buddy_request *request)
{
    return ((request->align_frames ^ 1) | request->boundary_frames | request->lowest) == 0;
}

/* The highest place at or above `lowest` that satisfies the request. */
static bool search_span(struct buddy_span *span, const struct buddy_request *request, pfn_t lowest,
                        pfn_t *first)
{
    uint32_t frame;
    if (request->frame_count > span_longest_run(span))
        return false;
    if (!is_plain(request) || request->limit < span_end_pfn(span))
        return find_in_span(span, request, lowest, first);
    if (!span_find_highest(span, (uint32_t)request->frame_count, &frame))
        return false;
    *first = span->origin + frame;
    return *first >= lowest;
}

static bool search_spans(struct buddy *buddy, const struct buddy_request *request, pfn_t lowest,
                         pfn_t *first)
{
    for (struct buddy_span *span = buddy->highest; span; span = span->lower) {
        if (span_end_pfn(span) <= lowest)
            return false;
        if (!search_span(span, request, lowest, first))
            continue;
        uint32_t frame = (uint32_t)(*first - span->origin);
        span_take(span, frame, frame + (uint32_t)request->frame_count);
        return true;
    }
    return false;
}

/*
 * The highest band first. When the spans have no room there, the quick runs go back to them, for
 * what was freed in pieces may fit together; only then lower bands are looked at, and only then
 * the request fails.
 */
static bool take_searched(struct buddy *buddy, const struct buddy_request *request, unsigned band,
                          pfn_t *first)
{
    pfn_t lowest = request->lowest;
    if (lowest < band_bases[band])
        lowest = band_bases[band];
    if (search_spans(buddy, request, lowest, first))
        return true;
    while (settle_some(buddy, is_plain(request) ? SETTLE_STEP : BUDDY_QUICK_MAX))
        if (search_spans(buddy, request, lowest, first))
            return true;
    if (lowest == request->lowest)
        return false;
    struct buddy_request below = *request;
    if (below.limit > lowest && below.limit - lowest >= below.frame_count)
        below.limit = lowest + below.frame_count - 1;
    return search_spans(buddy, &below, request->lowest, first);
}

enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first)
{
    unsigned band = top_band(buddy, request->limit);
    if (is_plain(request) &&
        quick_take(&buddy->bands[band].quick, request->frame_count, request->limit, first)) {
        buddy->quick_count--;
    } else if (request->frame_count > buddy->free_count ||
               !take_searched(buddy, request, band, first)) {
        return MM_NO_ROOM;
    }
    buddy->free_count -= request->frame_count;
    return MM_OK;
}

/*
 * A frame that is no start of an allocated run: the spans know why, once nothing is quick any
 * more.
 */
static enum mm_status refuse_free(struct buddy *buddy, const struct buddy_span *span,
                                  uint32_t frame)
{
    settle(buddy);
    return span_frame_is_free(span, frame) ? MM_ALREADY_FREE : MM_INSIDE_BLOCK;
}

enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count)
{
    struct buddy_span *span = find_span(buddy, first);
    if (!span)
        return MM_NOT_MANAGED;
    uint32_t frame = (uint32_t)(first - span->origin);
    if (!span_run_starts_at(span, frame))
        return refuse_free(buddy, span, frame);
    uint32_t length = span_run_end(span, frame) - frame;
    unsigned band = band_of(first);
    if (quick_holds(&buddy->bands[band].quick, first, length))
        return MM_ALREADY_FREE;
    if (make_place(buddy, band, length)) {
        quick_put(&buddy->bands[band].quick, first, length);
        buddy->quick_count++;
    } else {
        span_give(span, frame, frame + length);
    }
    buddy->free_count += length;
    if (frame_count)
        *frame_count = length;
    return MM_OK;
}

/* ---- looking ------------------------------------------------------------------------------- */

static void run_from(const struct buddy_span *span, uint32_t start, struct frame_range *run)
{
    run->first = span->origin + start;
    run->end = span->origin + span_run_end(span, start);
}

bool buddy_next_run(struct buddy *buddy, pfn_t pfn, struct frame_range *run)
{
    settle(buddy);
    bool found = false;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        if (span_end_pfn(span) <= pfn)
            break;
        uint32_t start = span_next_start(span, clamp_to_span(span, pfn));
        if (start < span->end) {
            run_from(span, start, run);
            found = true;
        }
    }
    return found;
}

bool buddy_find_run(struct buddy *buddy, pfn_t pfn, struct frame_range *run)
{
    settle(buddy);
    const struct buddy_span *span = find_span(buddy, pfn);
    if (!span || span_frame_is_free(span, (uint32_t)(pfn - span->origin)))
        return false;
    run_from(span, span_run_start(span, (uint32_t)(pfn - span->origin)), run);
    return true;
}

static uint32_t largest_in_span(const struct buddy_span *span, uint32_t lowest, uint32_t limit)
{
    if (lowest == span->first && limit == span->end)
        return span_longest_run(span);
    uint32_t largest = 0;
    struct span_run run = {limit, 0};
    while (span_find_run(span, largest + 1, lowest, run.first, &run)) {
        uint32_t first = larger_of(run.first, lowest);
        largest = larger_of(largest, run.end - first);
    }
    return largest;
}

pfn_t buddy_largest_run(struct buddy *buddy, pfn_t lowest, pfn_t limit)
{
    settle(buddy);
    uint32_t largest = 0;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower)
        if (lowest < span_end_pfn(span) && span_first_pfn(span) < limit && lowest < limit)
            largest = larger_of(largest, largest_in_span(span, clamp_to_span(span, lowest),
                                                         clamp_to_span(span, limit)));
    return largest;
}

/*
 * A free run falls into aligned blocks: from each frame the largest that alignment and length
 * allow.
 */
static void count_run(pfn_t first, pfn_t end, pfn_t *counts)
{
    while (first < end) {
        unsigned order = 0;
        while (order + 1 < BUDDY_ORDER_COUNT && (first & ((pfn_t)1 << order)) == 0 &&
               end - first >= (pfn_t)2 << order)
            order++;
        counts[order]++;
        first += (pfn_t)1 << order;
    }
}

void buddy_count_orders(struct buddy *buddy, pfn_t *counts)
{
    settle(buddy);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        counts[order] = 0;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        struct span_run run = {span->end, 0};
        while (span_find_run(span, 1, span->first, run.first, &run))
            count_run(span->origin + run.first, span->origin + run.end, counts);
    }
}

/* What the spans hold in a band, and nothing quick once all was given back. */
static const char *check_band(const struct buddy *buddy, unsigned band)
{
    pfn_t frame_count = 0;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        struct frame_range range = {span_first_pfn(span), span_end_pfn(span)};
        frame_count += frames_in_band(range, band);
    }
    return frame_count == buddy->bands[band].frame_count ? NULL
                                                         : "a band's count of frames is wrong";
}

static const char *check_spans(const struct buddy *buddy)
{
    if (buddy->quick_count != 0)
        return "the count of quick runs is wrong";
    pfn_t frame_count = 0;
    pfn_t free_count = 0;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        if (span->lower && span_end_pfn(span->lower) > span_first_pfn(span))
            return "two spans overlap";
        pfn_t span_free_count;
        const char *broken = span_check(span, &span_free_count);
        if (broken)
            return broken;
        frame_count += span->end - span->first;
        free_count += span_free_count;
    }
    if (frame_count != buddy->frame_count)
        return "the count of frames is wrong";
    return free_count == buddy->free_count ? NULL : "the count of free frames is wrong";
}

const char *buddy_check(struct buddy *buddy)
{
    settle(buddy);
    const char *broken = check_spans(buddy);
    for (unsigned band = 0; band < BUDDY_BAND_COUNT && !broken; band++)
        broken = check_band(buddy, band);
    return broken;
}
