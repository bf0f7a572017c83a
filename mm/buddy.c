/*
 * Requests over spans. A request is served from the highest band that has room, and there, unless a
 * run of its length was freed a moment ago, from the highest place: so low memory lasts for those
 * who can use nothing else. Knows no owners and no addresses.
 */

#include "buddy.h"

#include "aligned.h"
#include "bits.h"
#include "request.h"
#include "span.h"

/* What is wrong with a range by itself. */
static enum mm_status check_range(struct frame_range range)
{
    if (range.first >= range.end || range.end > PHYS_LIMIT >> FRAME_SHIFT)
        return MM_BAD_RANGE;
    return range.end - range.first > BUDDY_MAX_FRAMES ? MM_TOO_LARGE : MM_OK;
}

size_t buddy_table_bytes(struct frame_range range)
{
    return check_range(range) == MM_OK ? span_table_bytes(range) : 0;
}

static pfn_t span_end_pfn(const struct buddy_span *span)
{
    return span->origin + span->end;
}

static struct buddy_span *find_span(const struct buddy *buddy, pfn_t pfn)
{
    struct buddy_span *span = buddy->highest;
    while (span && pfn - span->first_pfn >= span->end - span->first)
        span = span->lower;
    return span;
}

/* A pfn in the span's own numbers, held to its ends. */
static uint32_t clamp_to_span(const struct buddy_span *span, pfn_t pfn)
{
    if (pfn <= span->first_pfn)
        return span->first;
    return pfn >= span_end_pfn(span) ? span->end : (uint32_t)(pfn - span->origin);
}

/* ---- bands and quick runs -------------------------------------------------------------------- */

static const uint32_t band_bases[BUDDY_BAND_COUNT] = {0, 16 * MIB >> FRAME_SHIFT,
                                                      4 * GIB >> FRAME_SHIFT};

/* The frames of a range that lie in a band. */
static pfn_t frames_in_band(struct frame_range range, unsigned band)
{
    if (range.first < band_bases[band])
        range.first = band_bases[band];
    if (band + 1 < BUDDY_BAND_COUNT && range.end > band_bases[band + 1])
        range.end = band_bases[band + 1];
    return range.first < range.end ? range.end - range.first : 0;
}

/* Limits matter up to 2^32, where the bands and the kept runs have ended. */
static inline uint32_t clamp_to_32_bits(pfn_t pfn)
{
    return pfn <= UINT32_MAX ? (uint32_t)pfn : UINT32_MAX;
}

/* The highest band below the limit that has memory at all. */
static inline unsigned top_band(const struct buddy *buddy, uint32_t limit)
{
    return buddy->band_below[limit > band_bases[2] ? 2 : limit > band_bases[1] ? 1 : 0];
}

static inline unsigned band_of(uint32_t frame)
{
    return frame >= band_bases[2] ? 2 : frame >= band_bases[1] ? 1 : 0;
}

static void set_bands_below(struct buddy *buddy)
{
    unsigned highest = 0;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++) {
        if (buddy->bands[band].frame_count != 0)
            highest = band;
        buddy->band_below[band] = (uint8_t)highest;
    }
}

static void give_run(struct buddy *buddy, pfn_t first, uint32_t length)
{
    struct buddy_span *span = find_span(buddy, first);
    uint32_t frame = (uint32_t)(first - span->origin);
    span_give(span, frame, frame + length);
}

/* Gives the longest quick run of a band back to its span, if it is longer than `length`. */
static bool give_back_longest(struct buddy *buddy, struct quick *quick, uint32_t length)
{
    struct quick_run run;
    if (!quick_take_longest(quick, length, &run))
        return false;
    give_run(buddy, run.first, run.length);
    buddy->quick_count--;
    return true;
}

/* How many are given back first, then twice as many: few searches, and few runs for nothing. */
#define SETTLE_FIRST 8

/* Gives up to `most` quick runs back, those of high bands and long ones first. False if none. */
static bool settle_some(struct buddy *buddy, uint32_t most)
{
    uint32_t before = buddy->quick_count;
    for (unsigned band = BUDDY_BAND_COUNT; band-- > 0;)
        while (before - buddy->quick_count < most &&
               give_back_longest(buddy, &buddy->bands[band].quick, 0))
            ;
    return buddy->quick_count < before;
}

static bool settle(struct buddy *buddy)
{
    return settle_some(buddy, BUDDY_QUICK_MAX);
}

/*
 * Short runs are asked for more than long ones: a long one makes way for a short one. Of those beyond
 * QUICK_LENGTH_MAX, the latest is kept.
 */
MM_NOINLINE static bool put_instead(struct buddy *buddy, struct quick *quick, uint32_t first,
                                    uint32_t length)
{
    uint32_t shorter = length > QUICK_LENGTH_MAX ? QUICK_LENGTH_MAX : length;
    if (shorter == length && quick->slots[length].count == QUICK_PLACES)
        return false;
    if (!give_back_longest(buddy, quick, shorter))
        return false;
    return quick_put(quick, first, length);
}

/* Keeps a run for the next request. False if there is no place for it. */
static inline bool keep_quick(struct buddy *buddy, pfn_t first, uint32_t length)
{
    uint32_t quick_first = (uint32_t)first;
    struct quick *quick = &buddy->bands[band_of(quick_first)].quick;
    if (first > QUICK_FRAME_MAX)
        return false;
    if (!(buddy->quick_count < BUDDY_QUICK_MAX && quick_put(quick, quick_first, length)) &&
        !put_instead(buddy, quick, quick_first, length))
        return false;
    buddy->quick_count++;
    return true;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

void buddy_init(struct buddy *buddy)
{
    buddy->highest = NULL;
    buddy->frame_count = 0;
    buddy->free_count = 0;
    buddy->last_first = 0;
    buddy->last_length = 0;
    buddy->quick_count = 0;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++) {
        buddy->bands[band].frame_count = 0;
        quick_init(&buddy->bands[band].quick);
    }
    set_bands_below(buddy);
}

enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables)
{
    enum mm_status status = check_range(range);
    if (status != MM_OK)
        return status;
    struct buddy_span **link = &buddy->highest;
    while (*link && (*link)->first_pfn >= range.end)
        link = &(*link)->lower;
    if (*link && span_end_pfn(*link) > range.first)
        return MM_BAD_RANGE;
    struct buddy_span *span = span_create(range, tables);
    span->lower = *link;
    *link = span;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++)
        buddy->bands[band].frame_count += frames_in_band(range, band);
    set_bands_below(buddy);
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
    if (request->frame_count > span_longest_run(span))
        return false;
    if (!is_plain(request) || request->limit < span_end_pfn(span))
        return find_in_span(span, request, lowest, first);
    *first = span->origin + span_find_highest(span, (uint32_t)request->frame_count);
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
MM_NOINLINE static bool take_searched(struct buddy *buddy, const struct buddy_request *request,
                                      pfn_t *first)
{
    pfn_t lowest = band_bases[top_band(buddy, clamp_to_32_bits(request->limit))];
    if (lowest < request->lowest)
        lowest = request->lowest;
    if (request->frame_count > buddy->free_count)
        return false;
    if (search_spans(buddy, request, lowest, first))
        return true;
    for (uint32_t most = SETTLE_FIRST; settle_some(buddy, most); most *= 2)
        if (search_spans(buddy, request, lowest, first))
            return true;
    if (lowest == request->lowest)
        return false;
    struct buddy_request below = *request;
    if (below.limit - lowest >= below.frame_count)
        below.limit = lowest + below.frame_count - 1;
    return search_spans(buddy, &below, request->lowest, first);
}

/* The run of that length that was freed last, if it will do. */
static inline bool take_quick(struct buddy *buddy, const struct buddy_request *request,
                              pfn_t *first)
{
    uint32_t limit = clamp_to_32_bits(request->limit);
    struct quick *quick = &buddy->bands[top_band(buddy, limit)].quick;
    uint32_t frame;
    if (!is_plain(request) || request->frame_count > BUDDY_MAX_FRAMES ||
        !quick_take(quick, (uint32_t)request->frame_count, limit, &frame))
        return false;
    buddy->quick_count--;
    *first = frame;
    return true;
}

/*
 * The rules are looked at only here, out of the way of most requests: a kept run is never given to
 * a request that breaks one. Any alignment is that of one frame.
 */
MM_NOINLINE static enum mm_status take_checked(struct buddy *buddy,
                                               const struct buddy_request *request, pfn_t *first)
{
    enum mm_status status =
        request_check(request->frame_count, request->align_frames, request->boundary_frames,
                      request->lowest, request->limit);
    if (status != MM_OK)
        return status;
    if (request->align_frames != 0)
        return take_searched(buddy, request, first) ? MM_OK : MM_NO_ROOM;
    struct buddy_request aligned = *request;
    aligned.align_frames = 1;
    bool is_taken = take_quick(buddy, &aligned, first) || take_searched(buddy, &aligned, first);
    return is_taken ? MM_OK : MM_NO_ROOM;
}

enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first)
{
    if (!take_quick(buddy, request, first)) {
        enum mm_status status = take_checked(buddy, request, first);
        if (status != MM_OK)
            return status;
    }
    buddy->last_first = *first;
    buddy->last_length = (uint32_t)request->frame_count;
    buddy->free_count -= buddy->last_length;
    return MM_OK;
}

/*
 * A frame that is no start of an allocated run: the spans know why, once nothing is quick any
 * more.
 */
MM_NOINLINE static enum mm_status refuse_free(struct buddy *buddy, const struct buddy_span *span,
                                              uint32_t frame)
{
    settle(buddy);
    return span_frame_is_free(span, frame) ? MM_ALREADY_FREE : MM_INSIDE_BLOCK;
}

/* The length of the allocated run that begins at `first`, or why there is none. */
static enum mm_status measure_run(struct buddy *buddy, pfn_t first, uint32_t *length)
{
    const struct buddy_span *span = find_span(buddy, first);
    if (!span)
        return MM_NOT_MANAGED;
    uint32_t frame = (uint32_t)(first - span->origin);
    if (!span_run_starts_at(span, frame))
        return refuse_free(buddy, span, frame);
    *length = span_run_length(span, frame);
    uint32_t quick_first = (uint32_t)first;
    bool is_quick = first <= QUICK_FRAME_MAX &&
                    quick_holds(&buddy->bands[band_of(quick_first)].quick, quick_first, *length);
    return is_quick ? MM_ALREADY_FREE : MM_OK;
}

enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count)
{
    uint32_t length = buddy->last_length;
    if (length != 0 && first == buddy->last_first) {
        buddy->last_length = 0;
    } else {
        enum mm_status status = measure_run(buddy, first, &length);
        if (status != MM_OK)
            return status;
    }
    if (!keep_quick(buddy, first, length))
        give_run(buddy, first, length);
    buddy->free_count += length;
    if (frame_count)
        *frame_count = length;
    return MM_OK;
}

/* ---- looking ------------------------------------------------------------------------------- */

static void run_from(const struct buddy_span *span, uint32_t start, struct frame_range *run)
{
    run->first = span->origin + start;
    run->end = run->first + span_run_length(span, start);
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
        while ((first & ((pfn_t)1 << order)) == 0 && end - first >= (pfn_t)2 << order)
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
        struct frame_range range = {span->first_pfn, span_end_pfn(span)};
        frame_count += frames_in_band(range, band);
    }
    return frame_count == buddy->bands[band].frame_count ? NULL
                                                         : "a band's count of frames is wrong";
}

static const char *check_spans(const struct buddy *buddy, pfn_t *free_count)
{
    pfn_t frame_count = 0;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        if (span->lower && span_end_pfn(span->lower) > span->first_pfn)
            return "two spans overlap";
        if (span->first_pfn != span->origin + span->first)
            return "a span's numbers disagree";
        pfn_t span_free_count;
        const char *broken = span_check(span, &span_free_count);
        if (broken)
            return broken;
        frame_count += span->end - span->first;
        *free_count += span_free_count;
    }
    return frame_count == buddy->frame_count ? NULL : "the count of frames is wrong";
}

/* True if the spans have an allocated run of this length there. */
static bool is_run(const struct buddy *buddy, pfn_t first, uint32_t length)
{
    const struct buddy_span *span = find_span(buddy, first);
    uint32_t frame = span ? (uint32_t)(first - span->origin) : 0;
    return span && span_run_starts_at(span, frame) && span_run_length(span, frame) == length;
}

static const char *check_slot(const struct buddy *buddy, unsigned band, uint32_t length,
                              pfn_t *free_count)
{
    const struct quick *quick = &buddy->bands[band].quick;
    const struct quick_slot *slot = &quick->slots[length];
    if (slot->count > QUICK_PLACES || (slot->count != 0 && length > quick->longest))
        return "a count of kept runs is wrong";
    for (uint32_t i = 0; i < slot->count; i++)
        if (band_of(slot->firsts[i]) != band || !is_run(buddy, slot->firsts[i], length))
            return "a kept run is not where it is said to be";
    *free_count += (pfn_t)slot->count * length;
    return NULL;
}

static const char *check_quick(const struct buddy *buddy, unsigned band, uint32_t *run_count,
                               pfn_t *free_count)
{
    const struct quick *quick = &buddy->bands[band].quick;
    if (quick->longest > QUICK_LENGTH_MAX)
        return "a count of kept runs is wrong";
    for (uint32_t length = 1; length <= QUICK_LENGTH_MAX; length++) {
        const char *broken = check_slot(buddy, band, length, free_count);
        if (broken)
            return broken;
        *run_count += quick->slots[length].count;
    }
    if (quick->longer_length == 0)
        return NULL;
    *run_count += 1;
    *free_count += quick->longer_length;
    return quick->longer_length > QUICK_LENGTH_MAX && band_of(quick->longer_first) == band &&
                   is_run(buddy, quick->longer_first, quick->longer_length)
               ? NULL
               : "a kept run is not where it is said to be";
}

static const char *check_bands(const struct buddy *buddy, pfn_t *free_count)
{
    uint32_t run_count = 0;
    unsigned highest = 0;
    for (unsigned band = 0; band < BUDDY_BAND_COUNT; band++) {
        highest = buddy->bands[band].frame_count != 0 ? band : highest;
        if (buddy->band_below[band] != highest)
            return "a band is taken for another";
        const char *broken = check_band(buddy, band);
        if (!broken)
            broken = check_quick(buddy, band, &run_count, free_count);
        if (broken)
            return broken;
    }
    return run_count == buddy->quick_count ? NULL : "the count of kept runs is wrong";
}

static const char *check_last(const struct buddy *buddy)
{
    pfn_t first = buddy->last_first;
    uint32_t length = buddy->last_length;
    if (length == 0)
        return NULL;
    bool is_kept =
        first <= QUICK_FRAME_MAX &&
        quick_holds(&buddy->bands[band_of((uint32_t)first)].quick, (uint32_t)first, length);
    return is_run(buddy, first, length) && !is_kept
               ? NULL
               : "the run allocated last is not where it is said to be";
}

/* First what the spans say of themselves, for all the rest is held against them. */
const char *buddy_check(const struct buddy *buddy)
{
    pfn_t free_count = 0;
    const char *broken = check_spans(buddy, &free_count);
    if (!broken)
        broken = check_bands(buddy, &free_count);
    if (!broken)
        broken = check_last(buddy);
    if (!broken && free_count != buddy->free_count)
        broken = "the count of free frames is wrong";
    return broken;
}
