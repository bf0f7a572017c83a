/*
 * Serves requests in bytes: checks a request, translates it into frames, lets the buddy find a run,
 * and enters the block in the ledger. Knows no virtual addresses.
 */

#include "mm.h"

#include "bits.h"
#include "last.h"
#include "port.h"
#include "record.h"
#include "request.h"

MM_COLD void mm_init(struct mm *mm, struct mm_source source, void *records, size_t records_bytes)
{
    MM_ASSERT(records_bytes >= MM_FIRST_RECORDS_BYTES);
    buddy_init(&mm->buddy);
    ledger_init(&mm->ledger);
    ledger_add_memory(&mm->ledger, records, records_bytes);
    mm->source = source;
    mm->ledger_bytes = records_bytes;
    mm->ledger_growing = false;
}

enum mm_status mm_add_range(struct mm *mm, struct frame_range range, void *tables)
{
    return buddy_add_range(&mm->buddy, range, tables);
}

static pfn_t frames_of(uint64_t size_bytes)
{
    return (size_bytes >> FRAME_SHIFT) + ((size_bytes & (FRAME_BYTES - 1)) != 0);
}

/*
 * Asks the source for as much memory as the ledger has, at most MM_GET_MAX_BYTES, and if there is
 * not so much, for one chunk. False if there is none. The source may allocate blocks here to get
 * it: their records come from the reserve.
 */
MM_COLD static bool grow_ledger(struct mm *mm)
{
    if (mm->ledger_growing)
        return false;
    mm->ledger_growing = true;
    size_t size_bytes = mm->ledger_bytes < MM_GET_MAX_BYTES ? mm->ledger_bytes : MM_GET_MAX_BYTES;
    void *memory = mm->source.get(mm->source.context, size_bytes);
    if (!memory) {
        size_bytes = CHUNK_BYTES;
        memory = mm->source.get(mm->source.context, size_bytes);
    }
    if (memory) {
        ledger_add_memory(&mm->ledger, memory, size_bytes);
        mm->ledger_bytes += size_bytes;
    }
    mm->ledger_growing = false;
    return memory;
}

/*
 * Translates a request into frames. False if no whole frames lie between its bounds. The limit is
 * for the block's bytes, so the rest of its last frame may lie beyond the limit: the highest base
 * is limit - size, rounded down. A boundary of a frame or less can be left out: a block that is not
 * larger than this boundary lies in one frame.
 */
static bool translate_request(const struct mm_request *request, struct buddy_request *run)
{
    phys_t limit = request->limit < PHYS_LIMIT ? request->limit : PHYS_LIMIT;
    if (limit < request->size_bytes)
        return false;
    run->frame_count = frames_of(request->size_bytes);
    run->align_frames =
        request->align_bytes > FRAME_BYTES ? request->align_bytes >> FRAME_SHIFT : 1;
    run->boundary_frames =
        request->boundary_bytes > FRAME_BYTES ? request->boundary_bytes >> FRAME_SHIFT : 0;
    run->lowest = frames_of(request->lowest);
    run->limit = ((limit - request->size_bytes) >> FRAME_SHIFT) + run->frame_count;
    return run->lowest < run->limit && run->limit - run->lowest >= run->frame_count;
}

MM_NOINLINE enum mm_status mm_request_in_frames(const struct mm_request *request,
                                                struct buddy_request *run)
{
    enum mm_status status = request_check(request->size_bytes, request->align_bytes,
                                          request->boundary_bytes, request->lowest, request->limit);
    /* The bounds may be far enough apart although no whole frames fit. */
    return status == MM_OK && !translate_request(request, run) ? MM_NO_ROOM : status;
}

/*
 * Enters a block when no record was free for it or for its owner. Memory may have to be fetched
 * more than once, because a chunk that becomes a directory brings no record.
 */
MM_COLD static bool enter_grown(struct mm *mm, const struct mm_request *request, phys_t base,
                                struct mm_block *block)
{
    while (ledger_free_count(&mm->ledger) < 2 && grow_ledger(mm)) {
    }
    return ledger_choose_owner(&mm->ledger, request->owner) == MM_OK &&
           ledger_enter(&mm->ledger, base, request->size_bytes, block);
}

/* Takes a run for the request. If the owner is the chosen one, its name was checked before. */
static enum mm_status take_run(struct mm *mm, const struct mm_request *request, bool is_chosen,
                               pfn_t *first)
{
    struct buddy_request run;
    enum mm_status status = mm_request_in_frames(request, &run);
    if (status != MM_OK && status != MM_NO_ROOM)
        return status;
    if (!is_chosen && !ledger_is_name(request->owner))
        return MM_BAD_OWNER;
    return status == MM_OK && buddy_alloc(&mm->buddy, &run, first) == MM_OK ? MM_OK : MM_NO_ROOM;
}

/*
 * The run is taken before the ledger grows, because growing might take the frames that were asked
 * for. It is taken before an owner is chosen, because a refusal must change nothing.
 */
static MM_NOINLINE enum mm_status alloc_block(struct mm *mm, const struct mm_request *request,
                                              struct mm_block *block)
{
    bool is_chosen = record_owner_is(&mm->ledger, request->owner);
    pfn_t first;
    enum mm_status status = take_run(mm, request, is_chosen, &first);
    if (status != MM_OK)
        return status;
    is_chosen = is_chosen || ledger_choose_owner(&mm->ledger, request->owner) == MM_OK;
    phys_t base = first << FRAME_SHIFT;
    if (!(is_chosen && ledger_enter(&mm->ledger, base, request->size_bytes, block)) &&
        !enter_grown(mm, request, base, block)) {
        buddy_free(&mm->buddy, first, NULL);
        return MM_NO_RECORD;
    }
    if (ledger_free_count(&mm->ledger) <= LEDGER_RESERVE)
        grow_ledger(mm);
    return MM_OK;
}

/* True if any place below a limit will do: then there is little to check and to translate. */
static inline bool is_plain(const struct mm_request *request)
{
    uint32_t wishes = (uint32_t)request->align_bytes | (uint32_t)(request->align_bytes >> 32) |
                      (uint32_t)request->boundary_bytes |
                      (uint32_t)(request->boundary_bytes >> 32) | (uint32_t)request->lowest |
                      (uint32_t)(request->lowest >> 32) | (uint32_t)(request->size_bytes >> 32);
    return wishes == 0 && (uint32_t)request->size_bytes != 0;
}

/* The same as frames_of, for at least one byte. */
static inline uint32_t frames_of_few(uint32_t size_bytes)
{
    return ((size_bytes - 1) >> FRAME_SHIFT) + 1;
}

static MM_NOINLINE bool wants_last_below(const struct buddy *buddy,
                                         const struct mm_request *request, uint32_t frame_count)
{
    if (request->limit < request->size_bytes)
        return false;
    pfn_t rest = (request->limit - (uint32_t)request->size_bytes) >> FRAME_SHIFT;
    return last_is_wanted_within(buddy, frame_count, 0, rest + frame_count);
}

/* True if the run freed last is what a search would find for a plain request. */
static inline bool wants_last(const struct buddy *buddy, const struct mm_request *request,
                              uint32_t frame_count)
{
    return request->limit < PHYS_LIMIT ? wants_last_below(buddy, request, frame_count)
                                       : last_is_wanted(buddy, frame_count);
}

/* The most frequent request is served here: a plain request of the chosen owner. */
enum mm_status mm_alloc(struct mm *mm, const struct mm_request *request, struct mm_block *block)
{
    struct buddy *buddy = &mm->buddy;
    struct ledger *ledger = &mm->ledger;
    if (ledger->spare_count <= LEDGER_RESERVE + 1 || !record_owner_is(ledger, request->owner) ||
        !is_plain(request))
        return alloc_block(mm, request, block);
    uint32_t size_bytes = (uint32_t)request->size_bytes;
    uint32_t frame_count = frames_of_few(size_bytes);
    pfn_t first;
    if (wants_last(buddy, request, frame_count)) {
        first = last_take(buddy);
    } else {
        pfn_t found;
        if (request->limit < PHYS_LIMIT)
            return alloc_block(mm, request, block);
        if (buddy_alloc_other(buddy, buddy->top_band, frame_count, &found) != MM_OK)
            return MM_NO_ROOM;
        first = found;
    }
    if (!ledger->ready)
        ledger_make_ready(ledger);
    record_enter(ledger, first << FRAME_SHIFT, size_bytes, block);
    return MM_OK;
}

/*
 * Makes a request that has only one place. If this place is not free, a block has some of its
 * frames, or they are not all in one range.
 */
MM_COLD enum mm_status mm_reserve(struct mm *mm, phys_t base, phys_t end, const char *owner,
                                  struct mm_block *block)
{
    if (base >= end)
        return MM_BAD_RANGE;
    if (end > PHYS_LIMIT)
        return MM_NOT_MANAGED;
    struct frame_range frames = {base >> FRAME_SHIFT, frames_of(end)};
    phys_t lowest = frames.first << FRAME_SHIFT;
    phys_t limit = frames.end << FRAME_SHIFT;
    struct mm_request request = {limit - lowest, 0, lowest, limit, 0, owner};
    enum mm_status status = mm_alloc(mm, &request, block);
    if (status != MM_NO_ROOM)
        return status;
    struct frame_range run;
    if (buddy_find_run(&mm->buddy, frames.first, &run) ||
        (buddy_next_run(&mm->buddy, frames.first, &run) && run.first < frames.end))
        return MM_IN_USE;
    return MM_NOT_MANAGED;
}

/*
 * Why no block begins at `base`. If an allocated run begins there, it was taken from the buddy
 * without the manager: a caller's bug.
 */
MM_COLD static enum mm_status free_refusal(const struct mm *mm, phys_t base)
{
    struct frame_range run;
    pfn_t pfn = base >> FRAME_SHIFT;
    if (!block_range(&mm->buddy, pfn))
        return MM_NOT_MANAGED;
    if (!buddy_find_run(&mm->buddy, pfn, &run))
        return MM_ALREADY_FREE;
    bool has_record = run.first << FRAME_SHIFT != base;
    MM_ASSERT(has_record);
    return MM_INSIDE_BLOCK;
}

/* The record says how long the run is, so the buddy need not measure it. */
static MM_NOINLINE enum mm_status free_recorded(struct mm *mm, phys_t base)
{
    uint64_t size_bytes = ledger_strike(&mm->ledger, base);
    if (size_bytes == 0)
        return free_refusal(mm, base);
    last_free_known(&mm->buddy, base >> FRAME_SHIFT, (uint32_t)frames_of(size_bytes));
    return MM_OK;
}

enum mm_status mm_free(struct mm *mm, phys_t base)
{
    if (!record_newest(&mm->ledger, base) || !last_free(&mm->buddy, base >> FRAME_SHIFT))
        return free_recorded(mm, base);
    record_strike_newest(&mm->ledger);
    return MM_OK;
}

bool mm_set_tag(struct mm *mm, phys_t base, uint64_t tag)
{
    return ledger_set_tag(&mm->ledger, base, tag);
}

bool mm_find_id(const struct mm *mm, uint64_t id, struct mm_block *block)
{
    return ledger_find_id(&mm->ledger, id, block);
}

bool mm_find_base(const struct mm *mm, phys_t base, struct mm_block *block)
{
    return ledger_find(&mm->ledger, base, block);
}

bool mm_find_address(const struct mm *mm, phys_t address, struct mm_block *block)
{
    struct frame_range run;
    if (!buddy_find_run(&mm->buddy, address >> FRAME_SHIFT, &run))
        return false;
    return ledger_find(&mm->ledger, run.first << FRAME_SHIFT, block);
}

bool mm_next_block(const struct mm *mm, phys_t *cursor, struct mm_block *block)
{
    struct frame_range run;
    if (!buddy_next_run(&mm->buddy, frames_of(*cursor), &run))
        return false;
    *cursor = run.end << FRAME_SHIFT;
    return ledger_find(&mm->ledger, run.first << FRAME_SHIFT, block);
}

struct mm_holding mm_find_holding(const struct mm *mm, const char *owner)
{
    return ledger_find_holding(&mm->ledger, owner);
}

/*
 * The limit may lie inside a frame. A run that reaches into this frame may also have the frame's
 * bytes below the limit. With these bytes it is the largest, if no run is longer without them.
 */
uint64_t mm_largest_run(const struct mm *mm, phys_t lowest, phys_t limit)
{
    pfn_t first = frames_of(lowest);
    pfn_t whole = buddy_largest_run(&mm->buddy, first, limit >> FRAME_SHIFT);
    phys_t rest_bytes = limit & (FRAME_BYTES - 1);
    if (rest_bytes == 0 || buddy_largest_run(&mm->buddy, first, frames_of(limit)) == whole)
        rest_bytes = 0;
    return (whole << FRAME_SHIFT) + rest_bytes;
}

void mm_get_totals(const struct mm *mm, struct mm_totals *totals)
{
    totals->frame_count = mm->buddy.frame_count;
    totals->free_count = mm->buddy.free_count;
    totals->largest_run = buddy_largest_run(&mm->buddy, 0, PHYS_LIMIT >> FRAME_SHIFT);
    totals->block_count = ledger_block_count(&mm->ledger);
}

/* Every allocated run has a record of its length, and there are no other records. */
static const char *check_blocks(const struct mm *mm)
{
    size_t block_count = 0;
    struct frame_range run;
    for (pfn_t next = 0; buddy_next_run(&mm->buddy, next, &run); next = run.end) {
        struct mm_block block;
        if (!ledger_find(&mm->ledger, run.first << FRAME_SHIFT, &block))
            return "an allocated run has no record";
        if (frames_of(block.size_bytes) != run.end - run.first)
            return "a block's record and its frames disagree";
        block_count++;
    }
    return block_count == ledger_block_count(&mm->ledger) ? NULL : "a record has no frames";
}

MM_COLD const char *mm_check(const struct mm *mm)
{
    const char *broken = buddy_check(&mm->buddy);
    if (!broken)
        broken = ledger_check(&mm->ledger);
    return broken ? broken : check_blocks(mm);
}
