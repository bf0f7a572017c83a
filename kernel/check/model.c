/*
 * Answers as an allocator of frames must, by bits and loops that are plain enough to be believed.
 * Only words that are all free or all used are passed over at once, so that it keeps up with the
 * allocator that it judges.
 */

#include "model.h"

#define WORD_FRAMES 64
#define ALL_USED UINT64_MAX
#define ALL_FREE 0

/* Frames are numbered from the range's first: bit i of word w stands for number 64 w + i. */
struct model_range {
    struct model_range *higher; /* the next range above */
    struct frame_range frames;
    uint64_t *used; /* bit set: the frame is allocated */
    uint64_t *starts; /* bit set: an allocated run begins here */
};

#define HEADER_BYTES ((sizeof(struct model_range) + 7) / 8 * 8)

void model_init(struct model *model)
{
    model->lowest = NULL;
    model->frame_count = 0;
    model->free_count = 0;
}

/* ---- one range ------------------------------------------------------------------------------ */

static size_t words_of(struct frame_range range)
{
    return (size_t)((range.end - range.first + WORD_FRAMES - 1) / WORD_FRAMES);
}

static bool has_bit(const uint64_t *words, uint32_t frame)
{
    return words[frame / WORD_FRAMES] >> frame % WORD_FRAMES & 1;
}

static void flip_bit(uint64_t *words, uint32_t frame)
{
    words[frame / WORD_FRAMES] ^= (uint64_t)1 << frame % WORD_FRAMES;
}

/* Goes down from `frame` over all frames just below it whose bits are as `alike`. */
static uint32_t skip_down(const uint64_t *words, uint32_t frame, uint64_t alike)
{
    while (frame > 0) {
        uint32_t word = (frame - 1) / WORD_FRAMES;
        uint64_t others = (words[word] ^ alike) << (WORD_FRAMES - 1 - (frame - 1) % WORD_FRAMES);
        if (others)
            return frame - (uint32_t)__builtin_clzll(others);
        frame = word * WORD_FRAMES;
    }
    return 0;
}

/* A pfn in the range's own numbers, held to its ends. */
static uint32_t clamp(const struct model_range *range, pfn_t pfn)
{
    if (pfn <= range->frames.first)
        return 0;
    if (pfn > range->frames.end)
        pfn = range->frames.end;
    return (uint32_t)(pfn - range->frames.first);
}

/* The highest free frames of [lowest, *end), which moves below them. False if there are none. */
static bool next_free_below(const struct model_range *range, uint32_t lowest, uint32_t *end,
                            struct frame_range *run)
{
    uint32_t top = skip_down(range->used, *end, ALL_USED);
    if (top <= lowest)
        return false;
    *end = skip_down(range->used, top, ALL_FREE);
    run->first = range->frames.first + (*end > lowest ? *end : lowest);
    run->end = range->frames.first + top;
    return true;
}

static bool frames_are_free(const struct model_range *range, struct frame_range run)
{
    uint32_t end = clamp(range, run.end);
    return skip_down(range->used, end, ALL_FREE) <= clamp(range, run.first);
}

/* Free becomes used, or the other way round. */
static void flip_run(struct model_range *range, struct frame_range run)
{
    uint32_t first = clamp(range, run.first);
    for (uint32_t frame = first; frame < clamp(range, run.end); frame++)
        flip_bit(range->used, frame);
    flip_bit(range->starts, first);
}

/* The allocated run that begins at a start: up to the next start or free frame. */
static struct frame_range run_at(const struct model_range *range, uint32_t start)
{
    uint32_t frame_count = clamp(range, range->frames.end);
    uint32_t end = start + 1;
    while (end < frame_count && has_bit(range->used, end) && !has_bit(range->starts, end))
        end++;
    return (struct frame_range){range->frames.first + start, range->frames.first + end};
}

/* ---- ranges --------------------------------------------------------------------------------- */

static struct model_range *find_range(const struct model *model, pfn_t pfn)
{
    for (struct model_range *range = model->lowest; range; range = range->higher)
        if (pfn >= range->frames.first && pfn < range->frames.end)
            return range;
    return NULL;
}

size_t model_table_bytes(struct frame_range range)
{
    return HEADER_BYTES + 2 * sizeof(uint64_t) * words_of(range);
}

static bool is_bad_range(const struct model *model, struct frame_range range)
{
    if (range.first >= range.end || range.end > PHYS_LIMIT >> FRAME_SHIFT)
        return true;
    for (const struct model_range *other = model->lowest; other; other = other->higher)
        if (range.first < other->frames.end && other->frames.first < range.end)
            return true;
    return false;
}

static void link_range(struct model *model, struct frame_range frames, void *tables)
{
    struct model_range *range = tables;
    uint64_t *words = (uint64_t *)(void *)((unsigned char *)tables + HEADER_BYTES);
    for (size_t i = 0; i < 2 * words_of(frames); i++)
        words[i] = ALL_FREE;
    struct model_range **link = &model->lowest;
    while (*link && (*link)->frames.first < frames.first)
        link = &(*link)->higher;
    *range = (struct model_range){*link, frames, words, words + words_of(frames)};
    *link = range;
    model->frame_count += frames.end - frames.first;
    model->free_count += frames.end - frames.first;
}

const char *model_add_range(struct model *model, struct frame_range range, void *tables,
                            enum mm_status status)
{
    bool is_bad = is_bad_range(model, range);
    bool is_too_large = range.end > range.first && range.end - range.first > BUDDY_MAX_FRAMES;
    if ((status == MM_BAD_RANGE && is_bad) || (status == MM_TOO_LARGE && is_too_large))
        return NULL;
    if (is_bad || is_too_large)
        return "a range was not refused as it should be";
    if (status != MM_OK)
        return "a range was refused that is right";
    link_range(model, range, tables);
    return NULL;
}

/* ---- requests ------------------------------------------------------------------------------- */

static bool is_power(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

bool model_is_wrong(const struct buddy_request *request, enum mm_status status)
{
    switch (status) {
    case MM_ZERO_SIZE:
        return request->frame_count == 0;
    case MM_BAD_ALIGNMENT:
        return request->align_frames && !is_power(request->align_frames);
    case MM_BAD_BOUNDARY:
        return request->boundary_frames && !is_power(request->boundary_frames);
    case MM_BOUNDARY_TOO_SMALL:
        return request->boundary_frames && request->boundary_frames < request->frame_count;
    case MM_BAD_LIMIT:
        return request->limit < request->lowest ||
               request->limit - request->lowest < request->frame_count;
    default:
        return false;
    }
}

bool model_is_wrong_at_all(const struct buddy_request *request)
{
    static const enum mm_status ways[] = {MM_ZERO_SIZE, MM_BAD_ALIGNMENT, MM_BAD_BOUNDARY,
                                          MM_BOUNDARY_TOO_SMALL, MM_BAD_LIMIT};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (model_is_wrong(request, ways[i]))
            return true;
    return false;
}

static pfn_t alignment_of(const struct buddy_request *request)
{
    return request->align_frames ? request->align_frames : 1;
}

/* Boundaries are powers of two: the first and the last frame differ above it. */
static bool crosses_boundary(const struct buddy_request *request, pfn_t first)
{
    pfn_t last = first + request->frame_count - 1;
    return request->boundary_frames && ((first ^ last) & ~(request->boundary_frames - 1));
}

/* Each aligned place in the free frames [first, end), from the highest on. */
static bool has_place_in_run(const struct buddy_request *request, pfn_t first, pfn_t end)
{
    if (end - first < request->frame_count)
        return false;
    pfn_t align = alignment_of(request);
    pfn_t place = (end - request->frame_count) & ~(align - 1);
    while (place >= first) {
        if (!crosses_boundary(request, place))
            return true;
        if (place < align)
            return false;
        place -= align;
    }
    return false;
}

static bool has_place_in_range(const struct model_range *range, const struct buddy_request *request)
{
    uint32_t end = clamp(range, request->limit);
    struct frame_range run;
    while (next_free_below(range, clamp(range, request->lowest), &end, &run))
        if (has_place_in_run(request, run.first, run.end))
            return true;
    return false;
}

bool model_has_room(const struct model *model, const struct buddy_request *request)
{
    if (model_is_wrong_at_all(request))
        return false;
    for (const struct model_range *range = model->lowest; range; range = range->higher)
        if (has_place_in_range(range, request))
            return true;
    return false;
}

/* The bands of buddy.h begin at 0, 16 MiB and 4 GiB. */
static bool has_place_in_higher_band(const struct model *model, const struct buddy_request *request,
                                     pfn_t first)
{
    static const pfn_t bases[] = {16 * MIB >> FRAME_SHIFT, 4 * GIB >> FRAME_SHIFT};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        struct buddy_request higher = *request;
        if (higher.lowest < bases[i])
            higher.lowest = bases[i];
        if (first < bases[i])
            return model_has_room(model, &higher);
    }
    return false;
}

const char *model_misses(const struct buddy_request *request, uint64_t first)
{
    if (first < request->lowest)
        return "a block begins below its lowest address";
    if (first + request->frame_count - 1 >= request->limit)
        return "a block ends above its limit";
    if (first & (alignment_of(request) - 1))
        return "a block is not aligned";
    return crosses_boundary(request, first) ? "a block crosses its boundary" : NULL;
}

static const char *check_block(const struct model_range *range, const struct buddy_request *request,
                               pfn_t first)
{
    if (!range)
        return "a block lies in memory that is not managed";
    if (request->frame_count > range->frames.end - first)
        return "a block reaches beyond its range";
    struct frame_range run = {first, first + request->frame_count};
    if (!frames_are_free(range, run))
        return "a block lies in frames that are not free";
    return model_misses(request, first);
}

const char *model_alloc(struct model *model, const struct buddy_request *request,
                        enum mm_status status, pfn_t first)
{
    if (model_is_wrong(request, status))
        return NULL;
    if (model_is_wrong_at_all(request))
        return "a wrong request was not refused as it should be";
    if (status == MM_NO_ROOM)
        return model_has_room(model, request) ? "a request was refused that fits" : NULL;
    if (status != MM_OK)
        return "a request was refused for a reason that does not hold";
    const char *broken = check_block(find_range(model, first), request, first);
    if (broken)
        return broken;
    if (has_place_in_higher_band(model, request, first))
        return "a block lies in a low band though a higher one has room";
    return model_enter(model, (struct frame_range){first, first + request->frame_count});
}

const char *model_enter(struct model *model, struct frame_range run)
{
    struct model_range *range = find_range(model, run.first);
    if (!range || run.end <= run.first || run.end > range->frames.end)
        return "a block reaches beyond its range";
    if (!frames_are_free(range, run))
        return "a block lies in frames that are not free";
    flip_run(range, run);
    model->free_count -= run.end - run.first;
    return NULL;
}

/* ---- frees ---------------------------------------------------------------------------------- */

static enum mm_status judge_free(const struct model_range *range, pfn_t first)
{
    if (!range)
        return MM_NOT_MANAGED;
    uint32_t frame = clamp(range, first);
    if (!has_bit(range->used, frame))
        return MM_ALREADY_FREE;
    return has_bit(range->starts, frame) ? MM_OK : MM_INSIDE_BLOCK;
}

const char *model_free(struct model *model, pfn_t first, enum mm_status status, pfn_t frame_count)
{
    struct model_range *range = find_range(model, first);
    enum mm_status right = judge_free(range, first);
    if (status != right) {
        if (right == MM_OK)
            return "a block could not be freed";
        return status == MM_OK ? "a wrong free was not refused" : "a wrong free is named wrongly";
    }
    if (right != MM_OK)
        return NULL;
    struct frame_range run = run_at(range, clamp(range, first));
    if (frame_count != run.end - run.first)
        return "a free gave back another number of frames than were taken";
    flip_run(range, run);
    model->free_count += frame_count;
    return NULL;
}

/* ---- looking -------------------------------------------------------------------------------- */

bool model_next_run(const struct model *model, pfn_t pfn, struct frame_range *run)
{
    for (const struct model_range *range = model->lowest; range; range = range->higher) {
        uint32_t frame_count = clamp(range, range->frames.end);
        uint32_t frame = clamp(range, pfn);
        while (frame < frame_count && !has_bit(range->starts, frame))
            frame += range->starts[frame / WORD_FRAMES] ? 1 : WORD_FRAMES - frame % WORD_FRAMES;
        if (frame < frame_count) {
            *run = run_at(range, frame);
            return true;
        }
    }
    return false;
}

bool model_find_run(const struct model *model, pfn_t pfn, struct frame_range *run)
{
    const struct model_range *range = find_range(model, pfn);
    if (!range || !has_bit(range->used, clamp(range, pfn)))
        return false;
    uint32_t start = clamp(range, pfn);
    while (!has_bit(range->starts, start))
        start--;
    *run = run_at(range, start);
    return true;
}

pfn_t model_largest_run(const struct model *model, pfn_t lowest, pfn_t limit)
{
    pfn_t largest = 0;
    for (const struct model_range *range = model->lowest; range; range = range->higher) {
        uint32_t end = clamp(range, limit);
        struct frame_range run;
        while (next_free_below(range, clamp(range, lowest), &end, &run))
            if (run.end - run.first > largest)
                largest = run.end - run.first;
    }
    return largest;
}

/* ---- comparing ------------------------------------------------------------------------------ */

/* From each free frame on, the largest block that is aligned and free. */
static void count_orders_of_run(pfn_t first, pfn_t end, pfn_t *counts)
{
    while (first < end) {
        unsigned order = BUDDY_ORDER_COUNT - 1;
        while ((first & (((pfn_t)1 << order) - 1)) || end - first < (pfn_t)1 << order)
            order--;
        counts[order]++;
        first += (pfn_t)1 << order;
    }
}

static void count_orders(const struct model *model, pfn_t *counts)
{
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        counts[order] = 0;
    for (const struct model_range *range = model->lowest; range; range = range->higher) {
        uint32_t end = clamp(range, range->frames.end);
        struct frame_range run;
        while (next_free_below(range, 0, &end, &run))
            count_orders_of_run(run.first, run.end, counts);
    }
}

static const char *compare_orders(const struct model *model, const struct buddy *buddy)
{
    pfn_t right[BUDDY_ORDER_COUNT];
    pfn_t counts[BUDDY_ORDER_COUNT];
    count_orders(model, right);
    buddy_count_orders(buddy, counts);
    for (unsigned order = 0; order < BUDDY_ORDER_COUNT; order++)
        if (counts[order] != right[order])
            return "an order has another number of free blocks than it should";
    return NULL;
}

static const char *compare_runs(const struct model *model, const struct buddy *buddy)
{
    struct frame_range right = {0};
    struct frame_range run;
    for (;;) {
        pfn_t next = right.end;
        bool has_next = model_next_run(model, next, &right);
        if (buddy_next_run(buddy, next, &run) != has_next)
            return has_next ? "the walk over the allocated runs ends too early"
                            : "there is an allocated run that was never given";
        if (!has_next)
            return NULL;
        if (run.first != right.first || run.end != right.end)
            return "an allocated run is not the one that was given";
        if (!buddy_find_run(buddy, right.end - 1, &run) || run.first != right.first)
            return "a run is not found by its last frame";
    }
}

const char *model_compare(const struct model *model, const struct buddy *buddy)
{
    if (buddy->frame_count != model->frame_count)
        return "the count of frames is wrong";
    if (buddy->free_count != model->free_count)
        return "the count of free frames is wrong";
    const pfn_t limit = PHYS_LIMIT >> FRAME_SHIFT;
    if (buddy_largest_run(buddy, 0, limit) != model_largest_run(model, 0, limit))
        return "the largest free run is not what the buddy says";
    const char *broken = compare_orders(model, buddy);
    return broken ? broken : compare_runs(model, buddy);
}
