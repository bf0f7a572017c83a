/*
 * The model takes whole blocks back. Where a lab allows parts to be given back, each frame is a
 * block of its own to the model. Frames that are numbered from 0 lie above 4 GiB to it: one band.
 */

#include "judge.h"

#include "kernel/lib/format.h"

#define BASE_OF_ZERO ((pfn_t)1 << 28)

size_t judge_table_bytes(uint32_t frame_count)
{
    return model_table_bytes((struct frame_range){0, frame_count});
}

void judge_start(struct judge *judge, uint32_t first, uint32_t frame_count, void *tables)
{
    judge->base = contract.has_constraints ? 0 : BASE_OF_ZERO;
    judge->first = first;
    judge->frame_count = frame_count;
    model_init(&judge->model);
    model_add_range(
        &judge->model,
        (struct frame_range){judge->base + first, judge->base + first + (pfn_t)frame_count}, tables,
        MM_OK);
}

struct allocator_request judge_request(const struct judge *judge,
                                       const struct allocator_request *request)
{
    struct allocator_request meant = *request;
    if (!contract.has_constraints)
        meant = (struct allocator_request){request->count, 1, judge->first, UINT32_MAX, 0};
    if (contract.is_in_orders)
        meant.align = request->count == UINT32_MAX ? 1 : request->count;
    return meant;
}

/* With `lowest` and `limit` instead of the request's own. */
static bool has_room(const struct judge *judge, const struct allocator_request *request,
                     pfn_t lowest, pfn_t limit)
{
    const struct buddy_request frames = {.frame_count = request->count,
                                         .align_frames = request->align,
                                         .lowest = judge->base + lowest,
                                         .limit = judge->base + limit,
                                         .boundary_frames = request->boundary};
    return model_has_room(&judge->model, &frames);
}

static bool is_free(const struct judge *judge, pfn_t frame)
{
    struct frame_range run;
    return !model_find_run(&judge->model, judge->base + frame, &run);
}

bool judge_next_free(const struct judge *judge, uint32_t from, uint32_t *first, uint32_t *count)
{
    pfn_t end = (pfn_t)judge->first + judge->frame_count;
    struct frame_range run = {0, judge->base + (from > judge->first ? from : judge->first)};
    pfn_t at = run.end;
    while (at < judge->base + end) {
        bool is_taken = model_find_run(&judge->model, at, &run);
        if (!is_taken) {
            pfn_t free_end = judge->base + end;
            if (model_next_run(&judge->model, at, &run))
                free_end = run.first;
            *first = (uint32_t)(at - judge->base);
            *count = (uint32_t)(free_end - at);
            return true;
        }
        at = run.end;
    }
    return false;
}

unsigned judge_buddy_order(uint32_t at, uint32_t end)
{
    unsigned order = 0;
    while (order < 31 && !(at & ((uint32_t)1 << order)) && end - at >= (uint32_t)2 << order)
        order++;
    return order;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* A place that the request could have had: the lowest, for there is one. */
static uint32_t find_place(const struct judge *judge, const struct allocator_request *request)
{
    pfn_t low = judge->first;
    pfn_t high = (pfn_t)judge->first + judge->frame_count;
    while (low + 1 < high) { /* at or above low there is one, at or above high there is not */
        pfn_t middle = low + (high - low) / 2;
        pfn_t from = middle > request->lowest ? middle : request->lowest;
        if (has_room(judge, request, from, request->limit))
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static const char *explain_refusal(const struct judge *judge,
                                   const struct allocator_request *request, char *text)
{
    uint32_t place = find_place(judge, request);
    format_text(text, JUDGE_TEXT_MAX, "refused, though [%u, %u) is free", (unsigned)place,
                (unsigned)(place + request->count));
    return text;
}

/* The first of the frames that is not free. */
static const char *check_frames(const struct judge *judge, uint32_t first, uint32_t count,
                                char *text)
{
    pfn_t end = (pfn_t)judge->first + judge->frame_count;
    if (first < judge->first || first >= end || count > end - first) {
        format_text(text, JUDGE_TEXT_MAX, "which is not within the arena's [%u, %llu)",
                    (unsigned)judge->first, (unsigned long long)end);
        return text;
    }
    for (uint32_t frame = first; frame - first < count; frame++)
        if (!is_free(judge, frame)) {
            format_text(text, JUDGE_TEXT_MAX, "though frame %u is taken", (unsigned)frame);
            return text;
        }
    return NULL;
}

static const char *check_constraints(const struct allocator_request *request, uint32_t first,
                                     char *text)
{
    pfn_t end = (pfn_t)first + request->count;
    if (first & (request->align - 1))
        format_text(text, JUDGE_TEXT_MAX, "which is no multiple of %u", (unsigned)request->align);
    else if (first < request->lowest)
        format_text(text, JUDGE_TEXT_MAX, "which begins below %u", (unsigned)request->lowest);
    else if (end > request->limit)
        format_text(text, JUDGE_TEXT_MAX, "whose last frame is %llu, at or above the limit",
                    (unsigned long long)(end - 1));
    else if (request->boundary && ((first ^ (end - 1)) & ~((pfn_t)request->boundary - 1)))
        format_text(text, JUDGE_TEXT_MAX, "which crosses %llu, a multiple of %u",
                    (unsigned long long)((end - 1) & ~((pfn_t)request->boundary - 1)),
                    (unsigned)request->boundary);
    else
        return NULL;
    return text;
}

/* The buddies that a free run falls into, from its start: the one that holds `frame`, and the
 * smallest of at least `order` anywhere. */
static const char *check_buddy(const struct judge *judge, uint32_t frame, uint32_t count,
                               char *text)
{
    uint32_t first;
    uint32_t length = 0;
    uint32_t split = 0;
    unsigned split_order = 32;
    uint32_t best = 0;
    unsigned best_order = 32;
    for (uint32_t from = judge->first; judge_next_free(judge, from, &first, &length);
         from = first + length)
        for (uint32_t at = first; at < first + length;) {
            unsigned order = judge_buddy_order(at, first + length);
            if (frame - at < (uint32_t)1 << order) {
                split = at;
                split_order = order;
            }
            if ((uint32_t)1 << order >= count && order < best_order) {
                best = at;
                best_order = order;
            }
            at += (uint32_t)1 << order;
        }
    if (split_order <= best_order)
        return NULL;
    format_text(text, JUDGE_TEXT_MAX, "out of [%u, %u), though the smaller [%u, %u) will do",
                (unsigned)split, (unsigned)(split + ((uint32_t)1 << split_order)), (unsigned)best,
                (unsigned)(best + ((uint32_t)1 << best_order)));
    return text;
}

static const char *check_place(const struct judge *judge, const struct allocator_request *request,
                               uint32_t first, char *text)
{
    const char *where = NULL;
    pfn_t end = (pfn_t)first + request->count;
    if (contract.place == PLACE_LOWEST && has_room(judge, request, judge->first, end - 1))
        where = "lower";
    if (contract.place == PLACE_HIGHEST &&
        has_room(judge, request, (pfn_t)first + 1, request->limit))
        where = "higher";
    if (where) {
        format_text(text, JUDGE_TEXT_MAX, "though it fits %s", where);
        return text;
    }
    if (contract.place == PLACE_SMALLEST_BUDDY)
        return check_buddy(judge, first, request->count, text);
    return NULL;
}

static void enter(struct judge *judge, uint32_t first, uint32_t count)
{
    pfn_t frame = judge->base + first;
    if (!contract.frees_in_parts) {
        model_enter(&judge->model, (struct frame_range){frame, frame + count});
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        model_enter(&judge->model, (struct frame_range){frame + i, frame + i + 1});
}

const char *judge_take(struct judge *judge, const struct allocator_request *request,
                       uint32_t answer, char text[JUDGE_TEXT_MAX])
{
    struct allocator_request meant = judge_request(judge, request);
    if (answer == ALLOCATOR_NONE) {
        bool is_right = meant.count == 0 || !has_room(judge, &meant, meant.lowest, meant.limit);
        return is_right ? NULL : explain_refusal(judge, &meant, text);
    }
    const char *wrong = NULL;
    if (meant.count == 0) {
        format_text(text, JUDGE_TEXT_MAX, "though nothing was asked for");
        wrong = text;
    }
    if (!wrong)
        wrong = check_frames(judge, answer, meant.count, text);
    if (!wrong)
        wrong = check_constraints(&meant, answer, text);
    if (!wrong)
        wrong = check_place(judge, &meant, answer, text);
    if (!wrong)
        enter(judge, answer, meant.count);
    return wrong;
}

void judge_give(struct judge *judge, uint32_t first, uint32_t count)
{
    pfn_t frame = judge->base + first;
    if (!contract.frees_in_parts) {
        model_free(&judge->model, frame, MM_OK, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        model_free(&judge->model, frame + i, MM_OK, 1);
}

bool judge_is_wrong_give(const struct judge *judge, uint32_t first, uint32_t count)
{
    pfn_t end = (pfn_t)judge->first + judge->frame_count;
    struct frame_range run;
    if (first < judge->first || first >= end)
        return true;
    if (!contract.frees_in_parts)
        return !model_find_run(&judge->model, judge->base + first, &run) ||
               run.first != judge->base + first;
    if (count == 0 || count > end - first)
        return true;
    for (uint32_t i = 0; i < count; i++)
        if (is_free(judge, (pfn_t)first + i))
            return true;
    return false;
}
