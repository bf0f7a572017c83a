/*
 * Compares the memory manager's answers with the model's. Each rule about bytes stands by itself
 * here, so that it is not translated as the manager does it: only the search for room is in frames.
 */

#include "model.h"

#include "kernel/lib/string.h"

static pfn_t frames_of(uint64_t size_bytes)
{
    return size_bytes / FRAME_BYTES + (size_bytes % FRAME_BYTES != 0);
}

static bool is_owner(const char *owner)
{
    size_t length = strlen(owner);
    for (size_t i = 0; i < length; i++)
        if (owner[i] <= ' ' || owner[i] > '~')
            return false;
    return length > 0 && length <= LEDGER_OWNER_MAX;
}

/* ---- requests ------------------------------------------------------------------------------- */

/* The rules that have no unit are the model's; these are its numbers, in bytes. */
static struct buddy_request numbers_of(const struct mm_request *request)
{
    return (struct buddy_request){request->size_bytes, request->align_bytes, request->lowest,
                                  request->limit, request->boundary_bytes};
}

static const char *check_bytes(const struct mm_request *request, const struct mm_block *block)
{
    struct buddy_request numbers = numbers_of(request);
    if (block->base % FRAME_BYTES)
        return "a block does not begin where a frame does";
    if (block->size_bytes != request->size_bytes || strcmp(block->owner, request->owner) != 0)
        return "a block is not what was asked for";
    return model_misses(&numbers, block->base);
}

/*
 * The highest first frame is where the bytes end at the limit, so frames are limited to what it
 * takes from there on. Alignments and boundaries of less than a frame hold wherever a block lies.
 */
static bool translate(const struct mm_request *request, struct buddy_request *frames)
{
    phys_t limit = request->limit < PHYS_LIMIT ? request->limit : PHYS_LIMIT;
    if (limit < request->size_bytes)
        return false;
    pfn_t frame_count = frames_of(request->size_bytes);
    *frames = (struct buddy_request){
        .frame_count = frame_count,
        .align_frames = request->align_bytes < FRAME_BYTES ? 1 : request->align_bytes / FRAME_BYTES,
        .lowest = frames_of(request->lowest),
        .limit = (limit - request->size_bytes) / FRAME_BYTES + frame_count,
        .boundary_frames = request->boundary_bytes / FRAME_BYTES};
    return true;
}

bool model_mm_has_room(const struct model *model, const struct mm_request *request)
{
    struct buddy_request numbers = numbers_of(request);
    struct buddy_request frames;
    return is_owner(request->owner) && !model_is_wrong_at_all(&numbers) &&
           translate(request, &frames) && model_has_room(model, &frames);
}

const char *model_mm_alloc(struct model *model, const struct mm_request *request,
                           enum mm_status status, const struct mm_block *block)
{
    struct buddy_request numbers = numbers_of(request);
    bool is_bad_owner = !is_owner(request->owner);
    if (status == MM_BAD_OWNER ? is_bad_owner : model_is_wrong(&numbers, status))
        return NULL;
    if (is_bad_owner || model_is_wrong_at_all(&numbers))
        return "a wrong request was not refused as it should be";
    struct buddy_request frames;
    bool is_possible = translate(request, &frames) && !model_is_wrong_at_all(&frames);
    if (status == MM_NO_RECORD || (status == MM_NO_ROOM && !is_possible))
        return NULL;
    const char *broken = status == MM_OK ? check_bytes(request, block) : NULL;
    if (broken)
        return broken;
    return model_alloc(model, &frames, status, status == MM_OK ? block->base / FRAME_BYTES : 0);
}

const char *model_mm_free(struct model *model, phys_t base, enum mm_status status)
{
    pfn_t first = base / FRAME_BYTES;
    struct frame_range run = {0};
    bool is_used = model_find_run(model, first, &run);
    if (is_used && base % FRAME_BYTES)
        return status == MM_INSIDE_BLOCK ? NULL : "a free inside a block was not refused";
    return model_free(model, first, status, run.end - run.first);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static const char *compare_blocks(const struct model *model, struct mm *mm, size_t *block_count)
{
    struct frame_range run = {0};
    phys_t cursor = 0;
    for (*block_count = 0; model_next_run(model, run.end, &run); ++*block_count) {
        struct mm_block block;
        if (!mm_next_block(mm, &cursor, &block))
            return "the walk over the blocks ends too early";
        if (block.base != run.first * FRAME_BYTES || cursor != run.end * FRAME_BYTES ||
            frames_of(block.size_bytes) != run.end - run.first)
            return "a block is not the one that was given";
    }
    return NULL;
}

const char *model_mm_compare(const struct model *model, struct mm *mm)
{
    size_t block_count;
    const char *broken = model_compare(model, &mm->buddy);
    if (!broken)
        broken = compare_blocks(model, mm, &block_count);
    if (broken)
        return broken;
    struct mm_totals totals;
    mm_get_totals(mm, &totals);
    if (totals.frame_count != model->frame_count || totals.free_count != model->free_count ||
        totals.largest_run != model_largest_run(model, 0, PHYS_LIMIT / FRAME_BYTES))
        return "the totals of frames are wrong";
    return totals.block_count == block_count ? NULL : "the count of blocks is wrong";
}
