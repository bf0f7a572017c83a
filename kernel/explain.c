/*
 * The search of buddy.c, span.c and aligned.c once more, slowly and with a record of what it looks
 * at: down the tree for requests without limits, from right to left for others, from head to head
 * for those aligned to whole nodes. The outcome must be the same, which the tests hold against
 * mm_alloc. Kept runs that the allocator would give back on its way are taken for free here without
 * touching them: a node with one of them in it is summed up anew.
 */

#include "explain.h"

#include "kernel/format.h"
#include "mm/bits.h"
#include "mm/request.h"
#include "mm/span.h"

typedef unsigned long long number_t; /* what %llu prints */

/* As in buddy.c. */
#define SETTLE_FIRST 8

/* As in aligned.c: levels between the ones that are looked at. */
#define SKIP_LEVELS 4

static const pfn_t band_bases[BUDDY_BAND_COUNT] = {0, 16 * MIB >> FRAME_SHIFT,
                                                   4 * GIB >> FRAME_SHIFT};

bool explain_is_node(const struct explain_step *step)
{
    return step->what >= EXPLAIN_FREE && step->what <= EXPLAIN_HEAD;
}

bool explain_is_refusal(const struct explain_step *step)
{
    return step->what >= EXPLAIN_SHORT && step->what <= EXPLAIN_CROSSING;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static size_t slot_of(size_t index)
{
    if (index < EXPLAIN_FIRST_MAX)
        return index;
    return EXPLAIN_FIRST_MAX + (index - EXPLAIN_FIRST_MAX) % EXPLAIN_LAST_MAX;
}

static void record_step(struct explain *explain, const struct explain_step *step)
{
    explain->steps[slot_of(explain->step_count++)] = *step;
}

static void record(struct explain *explain, enum explain_what what, pfn_t first, pfn_t end)
{
    struct explain_step step = {.what = (uint8_t)what, .range = {first, end}};
    record_step(explain, &step);
}

size_t explain_kept_steps(const struct explain *explain)
{
    return explain->step_count < EXPLAIN_STEPS_MAX ? explain->step_count : EXPLAIN_STEPS_MAX;
}

const struct explain_step *explain_step_at(const struct explain *explain, size_t index)
{
    if (index >= EXPLAIN_FIRST_MAX && explain->step_count > EXPLAIN_STEPS_MAX)
        index += explain->step_count - EXPLAIN_STEPS_MAX;
    return &explain->steps[slot_of(index)];
}

/* ---- what counts as free ----------------------------------------------------------------------- */

static void list_kept(struct explain *explain, pfn_t first, uint32_t length)
{
    if (explain->kept_count < BUDDY_QUICK_MAX)
        explain->kept[explain->kept_count++] = (struct frame_range){first, first + length};
}

/* High bands first, and long runs; of equals the one kept last. */
static void list_all_kept(struct explain *explain, const struct buddy *buddy)
{
    for (unsigned band = BUDDY_BAND_COUNT; band-- > 0;) {
        const struct quick *quick = &buddy->bands[band].quick;
        if (quick->longer_length != 0)
            list_kept(explain, quick->longer_first, quick->longer_length);
        for (uint32_t length = QUICK_LENGTH_MAX; length > 0; length--)
            for (uint32_t i = quick->slots[length].count; i-- > 0;)
                list_kept(explain, quick->slots[length].firsts[i], length);
    }
}

static bool frame_is_free(const struct explain *explain, const struct buddy_span *span,
                          uint32_t frame)
{
    pfn_t pfn = span->origin + frame;
    if (span_frame_is_free(span, frame))
        return true;
    for (size_t i = 0; i < explain->settled_count; i++)
        if (pfn - explain->kept[i].first < explain->kept[i].end - explain->kept[i].first)
            return true;
    return false;
}

/* How many runs given back reach into [first, end); *covers if one of them is all there is. */
static size_t count_settled(const struct explain *explain, pfn_t first, pfn_t end, bool *covers)
{
    size_t count = 0;
    *covers = false;
    for (size_t i = 0; i < explain->settled_count; i++) {
        const struct frame_range *run = &explain->kept[i];
        count += run->first < end && first < run->end;
        *covers |= run->first <= first && end <= run->end;
    }
    return count;
}

static struct run_summary sum_up_leaf(const struct explain *explain, const struct buddy_span *span,
                                      uint32_t first)
{
    struct run_summary sum = {0, 0, 0};
    bool met_used = false;
    for (uint32_t frame = first; frame < first + SPAN_LEAF_FRAMES; frame++) {
        bool is_free = frame_is_free(explain, span, frame);
        met_used |= !is_free;
        sum.tail = is_free ? sum.tail + 1 : 0;
        sum.head += !met_used;
        sum.longest = larger_of(sum.longest, sum.tail);
    }
    return sum;
}

static struct run_summary combine(struct run_summary left, struct run_summary right, uint32_t half)
{
    struct run_summary sum = left;
    sum.longest = larger_of(larger_of(left.longest, right.longest), left.tail + right.head);
    sum.head += left.head == half ? right.head : 0;
    sum.tail = right.tail == half ? right.tail + left.tail : right.tail;
    return sum;
}

/* The node as it would be with what counts as given back. Down a path for each such run at most. */
static struct run_summary sum_up(const struct explain *explain, const struct buddy_span *span,
                                 unsigned level, uint32_t node)
{
    uint32_t size = 1u << span_level_order(level);
    uint32_t first = node << span_level_order(level);
    bool covers;
    size_t count =
        count_settled(explain, span->origin + first, span->origin + first + size, &covers);
    if (covers)
        return (struct run_summary){size, size, size};
    if (count == 0)
        return *span_node_at(span, level, node);
    if (level == 0)
        return sum_up_leaf(explain, span, first);
    return combine(sum_up(explain, span, level - 1, 2 * node),
                   sum_up(explain, span, level - 1, 2 * node + 1), size / 2);
}

static uint32_t longest_in_span(const struct explain *explain, const struct buddy_span *span)
{
    unsigned top = span->level_count - 1;
    uint32_t node = span->levels[top].first_node;
    return combine(sum_up(explain, span, top, node), sum_up(explain, span, top, node + 1),
                   1u << span_level_order(top))
        .longest;
}

/* ---- runs -------------------------------------------------------------------------------------- */

/* One span's part of a search; see struct search of aligned.c. */
struct look {
    struct explain *explain;
    const struct buddy_span *span;
    uint32_t frame_count;
    uint32_t lowest;
    uint32_t limit;
    uint32_t position;
    uint32_t above; /* free frames directly above the position */
};

static void record_node(struct look *look, enum explain_what what, unsigned level, uint32_t node,
                        struct run_summary summary)
{
    unsigned order = span_level_order(level);
    pfn_t first = look->span->origin + ((pfn_t)node << order);
    struct explain_step step = {
        (uint8_t)what, (uint8_t)order,  {first, first + ((pfn_t)1 << order)},
        summary.head,  summary.longest, summary.tail};
    record_step(look->explain, &step);
}

static void record_run(struct look *look, enum explain_what what, uint32_t first, uint32_t end)
{
    record(look->explain, what, look->span->origin + first, look->span->origin + end);
}

static bool take_place(struct look *look, uint32_t first)
{
    pfn_t pfn = look->span->origin + first;
    look->explain->found = true;
    look->explain->place = (struct frame_range){pfn, pfn + look->frame_count};
    return true;
}

/* The run would go on at that end, but the window does not. */
static bool is_cut(const struct look *look, uint32_t first, uint32_t end)
{
    const struct buddy_span *span = look->span;
    bool goes_on_above =
        end == look->limit && end < span->end && frame_is_free(look->explain, span, end);
    bool goes_on_below = first == look->lowest && first > span->first &&
                         frame_is_free(look->explain, span, first - 1);
    return goes_on_above || goes_on_below;
}

/* The highest aligned place in the run, or why there is none; all in pfns. */
static bool fit(const struct buddy_request *request, pfn_t first, pfn_t end, pfn_t *place,
                enum explain_what *refusal)
{
    pfn_t mask = request->align_frames - 1;
    pfn_t start = (end - request->frame_count) & ~mask;
    *refusal = start < first ? EXPLAIN_MISALIGNED : EXPLAIN_CROSSING;
    if (request->boundary_frames) {
        pfn_t multiple = (start + request->frame_count - 1) & ~(request->boundary_frames - 1);
        if (multiple > start)
            start = (multiple - request->frame_count) & ~mask;
    }
    *place = start;
    return start >= first;
}

/* The free run [first, end), of which the window may hold a part. */
static bool try_run(struct look *look, uint32_t first, uint32_t end)
{
    pfn_t origin = look->span->origin;
    enum explain_what refusal;
    pfn_t place;
    first = larger_of(first, look->lowest);
    if (first >= end)
        return false;
    if (end - first < look->frame_count) {
        record_run(look, is_cut(look, first, end) ? EXPLAIN_CUT : EXPLAIN_SHORT, first, end);
        return false;
    }
    if (fit(&look->explain->request, origin + first, origin + end, &place, &refusal))
        return take_place(look, (uint32_t)(place - origin));
    record_run(look, refusal, first, end);
    return false;
}

/* From the position down to the first frame of its leaf, or the lowest, run by run. */
static bool look_at_frames(struct look *look)
{
    uint32_t first = (look->position - 1) & ~(SPAN_LEAF_FRAMES - 1);
    first = larger_of(first, look->lowest);
    while (look->position > first) {
        if (frame_is_free(look->explain, look->span, look->position - 1)) {
            look->above++;
            look->position--;
            continue;
        }
        if (try_run(look, look->position, look->position + look->above))
            return true;
        look->above = 0;
        look->position--;
    }
    return false;
}

/* ---- nodes ------------------------------------------------------------------------------------- */

static bool is_shaped(const struct buddy_request *request)
{
    return request->align_frames != 1 || request->boundary_frames != 0;
}

/* The level of the largest nodes of at most so many frames; 0 if all are larger. */
static unsigned level_within(const struct buddy_span *span, pfn_t frame_count)
{
    unsigned level = 0;
    while (level + 1 < span->level_count && frame_count >> span_level_order(level + 1) != 0)
        level++;
    return level;
}

/*
 * Which level is looked at at a leaf's border, and below a node that may hold a place. Where every
 * run of its length will do, each level from the largest node on that ends there; else few: nodes no
 * longer than the block, and larger ones only to be skipped.
 */
static unsigned first_level(const struct look *look, unsigned lowest_level)
{
    unsigned level = span_level_at(look->span, look->position);
    if (is_shaped(&look->explain->request) && level > lowest_level &&
        level < lowest_level + SKIP_LEVELS)
        return lowest_level;
    return level;
}

static unsigned level_below(const struct look *look, unsigned level, unsigned lowest_level)
{
    if (!is_shaped(&look->explain->request) || level > lowest_level + SKIP_LEVELS)
        return level - 1;
    return lowest_level;
}

static void step_over(struct look *look, uint32_t size, uint32_t above)
{
    look->position -= size;
    look->above = above;
}

/* The node below the position, or what is inside of it. */
static bool look_at_node(struct look *look)
{
    bool shaped = is_shaped(&look->explain->request);
    unsigned lowest_level = shaped ? level_within(look->span, look->frame_count) : 0;
    unsigned level = first_level(look, lowest_level);
    for (;;) {
        uint32_t size = 1u << span_level_order(level);
        uint32_t node = (look->position - 1) >> span_level_order(level);
        struct run_summary sum = sum_up(look->explain, look->span, level, node);
        if (sum.tail == size) {
            record_node(look, EXPLAIN_FREE, level, node, sum);
            step_over(look, size, look->above + size);
            return false;
        }
        bool is_short = sum.longest < look->frame_count;
        bool reaches = !shaped && look->above + sum.tail >= look->frame_count;
        if (is_short || reaches) {
            if (is_short)
                record_node(look, EXPLAIN_OVER, level, node, sum);
            if ((look->above != 0 || sum.tail >= look->frame_count) &&
                try_run(look, look->position - sum.tail, look->position + look->above))
                return true;
            step_over(look, size, sum.head);
            return false;
        }
        record_node(look, EXPLAIN_ENTER, level, node, sum);
        if (level == 0)
            return look_at_frames(look);
        level = level_below(look, level, lowest_level);
    }
}

/* From the window's upper end to the left, until what is left of it is too little. */
static bool look_leftward(struct look *look)
{
    while (look->position > look->lowest) {
        if (look->position + look->above - look->lowest < look->frame_count)
            return false;
        if (look->position % SPAN_LEAF_FRAMES == 0 ? look_at_node(look) : look_at_frames(look))
            return true;
    }
    return try_run(look, look->position, look->position + look->above);
}

/* Into the right half if its longest run will do, else over the middle, else into the left one. */
static bool look_down(struct look *look)
{
    const struct buddy_span *span = look->span;
    unsigned level = span->level_count - 1;
    uint32_t node = span->levels[level].first_node;
    for (;; level--, node *= 2) {
        uint32_t middle = (node + 1) << span_level_order(level);
        struct run_summary left = sum_up(look->explain, span, level, node);
        struct run_summary right = sum_up(look->explain, span, level, node + 1);
        bool is_right = right.longest >= look->frame_count;
        record_node(look, is_right ? EXPLAIN_ENTER : EXPLAIN_OVER, level, node + 1, right);
        if (!is_right && left.tail + right.head >= look->frame_count)
            return try_run(look, middle - left.tail, middle + right.head);
        if (!is_right)
            record_node(look, EXPLAIN_ENTER, level, node, left);
        node += is_right;
        if (level == 0)
            break;
    }
    look->position = (node + 1) << SPAN_LEAF_ORDER;
    return look_at_frames(look) || try_run(look, look->position, look->position + look->above);
}

/* Places at multiples of a node's size, for no more frames than it has. */
static bool look_at_heads(struct look *look, unsigned level)
{
    const struct buddy_span *span = look->span;
    unsigned order = span_level_order(level);
    bool can_skip = level + SKIP_LEVELS < span->level_count;
    uint32_t skip_mask = (1u << SKIP_LEVELS) - 1;
    uint32_t lowest_node = look->lowest >> order;
    uint32_t node = ((look->limit - look->frame_count) >> order) + 1;
    while (node-- > lowest_node) {
        if (can_skip && (node & skip_mask) == skip_mask) {
            uint32_t skipped = node >> SKIP_LEVELS;
            struct run_summary sum = sum_up(look->explain, span, level + SKIP_LEVELS, skipped);
            if (sum.longest < look->frame_count) {
                record_node(look, EXPLAIN_OVER, level + SKIP_LEVELS, skipped, sum);
                node &= ~skip_mask;
                continue;
            }
        }
        struct run_summary sum = sum_up(look->explain, span, level, node);
        bool is_aligned =
            ((span->origin + (node << order)) & (look->explain->request.align_frames - 1)) == 0;
        if (sum.head >= look->frame_count && is_aligned)
            return node << order >= look->lowest && take_place(look, node << order);
        record_node(look, EXPLAIN_HEAD, level, node, sum);
    }
    return false;
}

/* ---- spans and bands ----------------------------------------------------------------------------- */

static uint32_t clamp_to_span(const struct buddy_span *span, pfn_t pfn)
{
    if (pfn <= span->first_pfn)
        return span->first;
    return pfn >= span->origin + span->end ? span->end : (uint32_t)(pfn - span->origin);
}

static bool is_plain(const struct buddy_request *request)
{
    return !is_shaped(request) && request->lowest == 0;
}

static bool look_at_span(struct explain *explain, const struct buddy_span *span, pfn_t lowest,
                         pfn_t limit)
{
    const struct buddy_request *request = &explain->request;
    pfn_t end = span->origin + span->end;
    bool is_limited = limit < end;
    uint32_t longest = longest_in_span(explain, span);
    struct look look = {.explain = explain,
                        .span = span,
                        .frame_count = (uint32_t)request->frame_count,
                        .lowest = clamp_to_span(span, lowest),
                        .limit = clamp_to_span(span, limit)};
    if (look.limit <= look.lowest)
        return false;
    if (request->frame_count > longest) {
        struct explain_step step = {.what = EXPLAIN_RANGE, .range = {span->first_pfn, end}};
        step.longest = longest;
        record_step(explain, &step);
        return false;
    }
    if (look.limit - look.lowest < look.frame_count)
        return false;
    look.position = look.limit;
    unsigned align_level = level_within(span, request->align_frames);
    if (request->align_frames >= SPAN_LEAF_FRAMES &&
        request->frame_count <= (pfn_t)1 << span_level_order(align_level))
        return look_at_heads(&look, align_level);
    if (!is_plain(request) || is_limited)
        return look_leftward(&look);
    return look_down(&look) && explain->place.first >= lowest;
}

static bool look_at_spans(struct explain *explain, const struct buddy *buddy, pfn_t lowest,
                          pfn_t limit)
{
    explain->found = false;
    for (const struct buddy_span *span = buddy->highest; span; span = span->lower) {
        if (span->origin + span->end <= lowest)
            break;
        if (look_at_span(explain, span, lowest, limit))
            return true;
        explain->found = false;
    }
    return false;
}

/* What buddy.c's take_searched does. */
static bool look_at_bands(struct explain *explain, const struct buddy *buddy, pfn_t base)
{
    const struct buddy_request *request = &explain->request;
    pfn_t lowest = base > request->lowest ? base : request->lowest;
    pfn_t limit = request->limit;
    record(explain, EXPLAIN_BAND, lowest, limit);
    if (look_at_spans(explain, buddy, lowest, limit))
        return true;
    for (size_t most = SETTLE_FIRST; explain->settled_count < explain->kept_count; most *= 2) {
        size_t left = explain->kept_count - explain->settled_count;
        size_t count = left < most ? left : most;
        explain->settled_count += count;
        record(explain, EXPLAIN_SETTLE, 0, count);
        if (look_at_spans(explain, buddy, lowest, limit))
            return true;
    }
    if (lowest == request->lowest)
        return false;
    if (limit - lowest >= request->frame_count)
        limit = lowest + request->frame_count - 1;
    record(explain, EXPLAIN_BAND, request->lowest, limit);
    return look_at_spans(explain, buddy, request->lowest, limit);
}

/* The run of that length kept last in the band, if there is one: its first frame. */
static bool find_kept(const struct quick *quick, pfn_t frame_count, pfn_t *first)
{
    if (frame_count > QUICK_LENGTH_MAX) {
        *first = quick->longer_first;
        return quick->longer_length == frame_count;
    }
    const struct quick_slot *slot = &quick->slots[frame_count];
    if (slot->count == 0)
        return false;
    *first = slot->firsts[slot->count - 1];
    return true;
}

static bool look_at_kept(struct explain *explain, const struct quick *quick)
{
    const struct buddy_request *request = &explain->request;
    pfn_t first;
    if (!is_plain(request) || !find_kept(quick, request->frame_count, &first))
        return false;
    struct frame_range run = {first, first + request->frame_count};
    explain->found = run.end <= request->limit;
    explain->place = run;
    record(explain, explain->found ? EXPLAIN_KEPT : EXPLAIN_KEPT_HIGH, run.first, run.end);
    return explain->found;
}

void explain_search(struct explain *explain, const struct buddy *buddy,
                    const struct buddy_request *request)
{
    pfn_t limit = request->limit;
    unsigned below = limit > band_bases[2] ? 2 : limit > band_bases[1] ? 1 : 0;
    unsigned band = buddy->band_below[below];
    bool crosses = request->boundary_frames && request->boundary_frames < request->frame_count;
    explain->request = *request;
    explain->found = false;
    explain->step_count = explain->kept_count = explain->settled_count = 0;
    list_all_kept(explain, buddy);
    record(explain, EXPLAIN_WINDOW, request->lowest, limit);
    if (!look_at_kept(explain, &buddy->bands[band].quick) && !crosses &&
        request->frame_count <= buddy->free_count)
        look_at_bands(explain, buddy, band_bases[band]);
    if (explain->found)
        record(explain, EXPLAIN_PLACE, explain->place.first, explain->place.end);
    else
        record(explain, EXPLAIN_NO_PLACE, request->lowest, limit);
}

/* ---- requests in bytes --------------------------------------------------------------------------- */

static pfn_t frames_of(uint64_t size_bytes)
{
    return (size_bytes >> FRAME_SHIFT) + ((size_bytes & (FRAME_BYTES - 1)) != 0);
}

static pfn_t whole_frames(uint64_t size_bytes, pfn_t least)
{
    return size_bytes > FRAME_BYTES ? size_bytes >> FRAME_SHIFT : least;
}

enum mm_status explain_request(struct explain *explain, const struct mm *mm,
                               const struct mm_request *request)
{
    phys_t limit = request->limit < PHYS_LIMIT ? request->limit : PHYS_LIMIT;
    enum mm_status status = request_check(request->size_bytes, request->align_bytes,
                                          request->boundary_bytes, request->lowest, request->limit);
    explain->step_count = 0;
    explain->found = false;
    if (status != MM_OK)
        return status;
    if (limit < request->size_bytes)
        return MM_NO_ROOM;
    pfn_t frame_count = frames_of(request->size_bytes);
    struct buddy_request frames = {frame_count, whole_frames(request->align_bytes, 1),
                                   frames_of(request->lowest),
                                   ((limit - request->size_bytes) >> FRAME_SHIFT) + frame_count,
                                   whole_frames(request->boundary_bytes, 0)};
    explain_search(explain, &mm->buddy, &frames);
    return explain->found ? MM_OK : MM_NO_ROOM;
}

/* ---- words --------------------------------------------------------------------------------------- */

const char *explain_word(const struct explain_step *step)
{
    static const char *const words[] = {
        "window", "kept", "kept-high", "band", "settle",     "range",    "free",  "over",
        "enter",  "head", "short",     "cut",  "misaligned", "crossing", "place", "no-place"};
    return words[step->what];
}

/* The window, and what else the request asks for. */
static void tell_window(const struct buddy_request *request, char text[EXPLAIN_TEXT_MAX])
{
    size_t length;
    if (request->limit >= PHYS_LIMIT >> FRAME_SHIFT)
        length =
            format_text(text, EXPLAIN_TEXT_MAX, "%llu frames anywhere above 0x%llx",
                        (number_t)request->frame_count, (number_t)(request->lowest << FRAME_SHIFT));
    else
        length =
            format_text(text, EXPLAIN_TEXT_MAX, "%llu frames in [0x%llx, 0x%llx)",
                        (number_t)request->frame_count, (number_t)(request->lowest << FRAME_SHIFT),
                        (number_t)(request->limit << FRAME_SHIFT));
    if (request->align_frames > 1)
        length += format_text(text + length, EXPLAIN_TEXT_MAX - length, ", at a multiple of 0x%llx",
                              (number_t)(request->align_frames << FRAME_SHIFT));
    if (request->boundary_frames)
        format_text(text + length, EXPLAIN_TEXT_MAX - length, ", no multiple of 0x%llx inside",
                    (number_t)(request->boundary_frames << FRAME_SHIFT));
}

static void tell_node(const struct explain *explain, const struct explain_step *step,
                      char text[EXPLAIN_TEXT_MAX])
{
    number_t first = step->range.first << FRAME_SHIFT;
    number_t wanted = explain->request.frame_count;
    const char *format = "";
    switch (step->what) {
    case EXPLAIN_FREE:
        format = "order %u at 0x%llx: all of its %u frames are free";
        break;
    case EXPLAIN_OVER:
        format = "order %u at 0x%llx: longest free run %u frames, of %llu: stepped over";
        break;
    case EXPLAIN_ENTER:
        format = "order %u at 0x%llx: longest free run %u frames, of %llu: looked into";
        break;
    default:
        format = "order %u at 0x%llx: begins with %u free frames, of %llu";
        break;
    }
    format_text(text, EXPLAIN_TEXT_MAX, format, (unsigned)step->order, first,
                (unsigned)(step->what == EXPLAIN_HEAD ? step->head : step->longest), wanted);
}

/* What there is of a run, and what of it is not good enough. */
static void tell_run(const struct explain *explain, const struct explain_step *step,
                     char text[EXPLAIN_TEXT_MAX])
{
    const struct buddy_request *request = &explain->request;
    size_t length =
        format_text(text, EXPLAIN_TEXT_MAX,
                    "free run [0x%llx, 0x%llx): ", (number_t)(step->range.first << FRAME_SHIFT),
                    (number_t)(step->range.end << FRAME_SHIFT));
    char *end = text + length;
    size_t left = EXPLAIN_TEXT_MAX - length;
    number_t have = step->range.end - step->range.first;
    number_t wanted = request->frame_count;
    if (step->what == EXPLAIN_SHORT)
        format_text(end, left, "%llu frames, of %llu: too short", have, wanted);
    else if (step->what == EXPLAIN_CUT)
        format_text(end, left, "%llu frames inside the window, of %llu", have, wanted);
    else if (step->what == EXPLAIN_MISALIGNED)
        format_text(end, left, "no %llu frames from a multiple of 0x%llx on", wanted,
                    (number_t)(request->align_frames << FRAME_SHIFT));
    else
        format_text(end, left, "each place has a multiple of 0x%llx inside",
                    (number_t)(request->boundary_frames << FRAME_SHIFT));
}

/* What is no node and no refusal. */
static const char *format_of(const struct explain_step *step)
{
    switch (step->what) {
    case EXPLAIN_KEPT:
        return "[0x%llx, 0x%llx) was freed a moment ago and has the length: no search";
    case EXPLAIN_KEPT_HIGH:
        return "[0x%llx, 0x%llx) was freed a moment ago, but ends above the limit";
    case EXPLAIN_BAND:
        return "searched from the right: [0x%llx, 0x%llx)";
    case EXPLAIN_RANGE:
        return "RAM [0x%llx, 0x%llx): longest free run %u frames, of %llu";
    case EXPLAIN_PLACE:
        return "[0x%llx, 0x%llx) is the place";
    default:
        return "no free run in [0x%llx, 0x%llx) will do";
    }
}

const char *explain_tell(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX])
{
    number_t count = step->range.end - step->range.first;
    if (step->what == EXPLAIN_WINDOW)
        tell_window(&explain->request, text);
    else if (step->what == EXPLAIN_SETTLE)
        format_text(text, EXPLAIN_TEXT_MAX,
                    "%llu runs kept for quick requests go back: free pieces may fit together",
                    count);
    else if (explain_is_node(step))
        tell_node(explain, step, text);
    else if (explain_is_refusal(step))
        tell_run(explain, step, text);
    else
        format_text(text, EXPLAIN_TEXT_MAX, format_of(step),
                    (number_t)(step->range.first << FRAME_SHIFT),
                    (number_t)(step->range.end << FRAME_SHIFT), (unsigned)step->longest,
                    (number_t)explain->request.frame_count);
    return text;
}

/* ---- free runs around a frame -------------------------------------------------------------------- */

/* The end of the free run that begins at or before `frame`, which is free: over nodes, then bits. */
static uint32_t end_of_run(const struct buddy_span *span, uint32_t frame)
{
    while (frame < span->end && span_frame_is_free(span, frame)) {
        if (frame % SPAN_LEAF_FRAMES != 0) {
            frame++;
            continue;
        }
        unsigned level = frame == 0 ? span->level_count - 1 : span_level_at(span, frame);
        frame += span_node_at(span, level, frame >> span_level_order(level))->head;
    }
    return frame;
}

static uint32_t start_of_run(const struct buddy_span *span, uint32_t frame)
{
    while (frame > span->first && span_frame_is_free(span, frame - 1)) {
        if (frame % SPAN_LEAF_FRAMES != 0) {
            frame--;
            continue;
        }
        unsigned level = span_level_at(span, frame);
        frame -= span_node_at(span, level, (frame - 1) >> span_level_order(level))->tail;
    }
    return frame;
}

struct frame_range explain_free_run(const struct buddy *buddy, pfn_t pfn)
{
    const struct buddy_span *span = buddy->highest;
    while (span && pfn - span->first_pfn >= span->end - span->first)
        span = span->lower;
    if (!span || !span_frame_is_free(span, (uint32_t)(pfn - span->origin)))
        return (struct frame_range){0, 0};
    uint32_t frame = (uint32_t)(pfn - span->origin);
    return (struct frame_range){span->origin + start_of_run(span, frame),
                                span->origin + end_of_run(span, frame)};
}
