/*
 * mm_alloc, mm_free and mm_reserve over stubs for the buddy and the ledger. The stubs watch one
 * block: the run that the buddy has handed out for it, and its record. Memory for records can be
 * fetched twice in a call, and fetching it does not touch the block.
 */

#include "any.h"

struct buddy;
static struct buddy_range *stub_block_range(const struct buddy *of, pfn_t pfn);

#include "mm/last.h"
#include "mm/mm.h"
#include "mm/record.h"

static bool stub_record_owner_is(const struct ledger *of, const char *name);
static void stub_record_enter(struct ledger *of, phys_t base, uint64_t size_bytes,
                              struct mm_block *block);
static struct ledger_record *stub_record_newest(const struct ledger *of, phys_t base);
static void stub_record_strike_newest(struct ledger *of);
static bool stub_last_is_wanted(const struct buddy *of, uint32_t frame_count);
static bool stub_last_is_wanted_within(const struct buddy *of, uint32_t frame_count, pfn_t lowest,
                                       pfn_t limit);
static pfn_t stub_last_take(struct buddy *of);
static bool stub_last_free(struct buddy *of, pfn_t first);
static void stub_last_free_known(struct buddy *of, pfn_t first, uint32_t length);
static bool stub_grow_ledger(struct mm *of);
static enum mm_status stub_mm_alloc(struct mm *of, const struct mm_request *request,
                                    struct mm_block *block);

#include "mm/mm.c"

static struct mm mm;
static const char owner[] = "owner";
static bool is_name; /* the owner's text is a name */
static bool is_chosen; /* it is the chosen owner's name */
static unsigned grown; /* how often memory was fetched */

static bool has_run; /* the buddy has handed the frames of the block out */
static pfn_t run_first;
static pfn_t run_frames;
static bool has_record;
static phys_t record_base;
static uint64_t record_bytes;

/* ---- the buddy ---- */

static pfn_t wanted_frames; /* what last_is_wanted was asked last */
static pfn_t wanted_limit;

/* Any run of the window. */
static pfn_t hand_out(pfn_t frame_count, pfn_t lowest, pfn_t limit)
{
    claim(!has_run && frame_count > 0);
    has_run = true;
    run_first = any64();
    run_frames = frame_count;
    assume(run_first >= lowest && run_first < limit && frame_count <= limit - run_first);
    assume(limit <= PHYS_LIMIT >> FRAME_SHIFT);
    return run_first;
}

static void take_back(const struct buddy *of, pfn_t first)
{
    claim(of == &mm.buddy && has_run && first == run_first);
    has_run = false;
}

enum mm_status buddy_alloc(struct buddy *of, const struct buddy_request *request, pfn_t *first)
{
    claim(of == &mm.buddy);
    if (any_bool())
        return MM_NO_ROOM;
    *first = hand_out(request->frame_count, request->lowest, request->limit);
    return MM_OK;
}

enum mm_status buddy_alloc_other(struct buddy *of, unsigned top_band, uint32_t frame_count,
                                 pfn_t *first)
{
    claim(of == &mm.buddy && top_band == of->top_band);
    if (any_bool())
        return MM_NO_ROOM;
    *first = hand_out(frame_count, 0, PHYS_LIMIT >> FRAME_SHIFT);
    return MM_OK;
}

static bool stub_last_is_wanted_within(const struct buddy *of, uint32_t frame_count, pfn_t lowest,
                                       pfn_t limit)
{
    claim(of == &mm.buddy && frame_count > 0 && lowest == 0);
    wanted_frames = frame_count;
    wanted_limit = limit;
    return any_bool();
}

static bool stub_last_is_wanted(const struct buddy *of, uint32_t frame_count)
{
    return stub_last_is_wanted_within(of, frame_count, 0, PHYS_LIMIT >> FRAME_SHIFT);
}

static pfn_t stub_last_take(struct buddy *of)
{
    claim(of == &mm.buddy);
    return hand_out(wanted_frames, 0, wanted_limit);
}

enum mm_status buddy_free(struct buddy *of, pfn_t first, pfn_t *frame_count)
{
    claim(!frame_count);
    take_back(of, first);
    return MM_OK;
}

/* The buddy need not know the block that it handed out last. */
static bool stub_last_free(struct buddy *of, pfn_t first)
{
    if (any_bool())
        return false;
    take_back(of, first);
    return true;
}

static void stub_last_free_known(struct buddy *of, pfn_t first, uint32_t length)
{
    claim(length == run_frames);
    take_back(of, first);
}

static struct buddy_range *stub_block_range(const struct buddy *of, pfn_t pfn)
{
    static struct buddy_range range;
    (void)pfn;
    claim(of == &mm.buddy);
    return any_bool() ? &range : NULL;
}

/* A run that holds the frame. If no block begins at its base, no run of the manager does. */
bool buddy_find_run(const struct buddy *of, pfn_t pfn, struct frame_range *run)
{
    claim(of == &mm.buddy);
    run->first = any_below(pfn + 1);
    assume(run->first != pfn || (has_run && pfn == run_first));
    return any_bool();
}

bool buddy_next_run(const struct buddy *of, pfn_t pfn, struct frame_range *run)
{
    claim(of == &mm.buddy);
    run->first = any64();
    assume(run->first >= pfn);
    return any_bool();
}

/* ---- the ledger ---- */

static bool stub_record_owner_is(const struct ledger *of, const char *name)
{
    claim(of == &mm.ledger && name == owner);
    return is_chosen;
}

bool ledger_is_name(const char *text)
{
    claim(text == owner);
    return is_name;
}

enum mm_status ledger_choose_owner(struct ledger *of, const char *name)
{
    claim(of == &mm.ledger && name == owner);
    if (!is_name)
        return MM_BAD_OWNER;
    is_chosen = is_chosen || any_bool();
    return is_chosen ? MM_OK : MM_NO_RECORD;
}

static void enter(phys_t base, uint64_t size_bytes, struct mm_block *block)
{
    claim(is_chosen && !has_record);
    has_record = true;
    block->base = record_base = base;
    block->size_bytes = record_bytes = size_bytes;
}

bool ledger_enter(struct ledger *of, phys_t base, uint64_t size_bytes, struct mm_block *block)
{
    claim(of == &mm.ledger);
    if (any_bool())
        return false;
    enter(base, size_bytes, block);
    return true;
}

/* Where a record is free, one becomes ready, and the newest block is planted. */
bool ledger_make_ready(struct ledger *of)
{
    claim(of == &mm.ledger && of->spare_count > 0);
    of->newest = 0;
    of->ready = 1;
    return true;
}

static void stub_record_enter(struct ledger *of, phys_t base, uint64_t size_bytes,
                              struct mm_block *block)
{
    claim(of == &mm.ledger && of->ready && !of->newest);
    enter(base, size_bytes, block);
}

static bool stub_grow_ledger(struct mm *of)
{
    claim(of == &mm);
    if (grown == 2 || any_bool())
        return false;
    grown++;
    mm.ledger.spare_count = any64();
    return true;
}

/* The block entered last may be any block. */
static struct ledger_record *stub_record_newest(const struct ledger *of, phys_t base)
{
    static struct ledger_record record;
    claim(of == &mm.ledger);
    return has_record && base == record_base && any_bool() ? &record : NULL;
}

static void strike(const struct ledger *of)
{
    claim(of == &mm.ledger && has_record);
    has_record = false;
}

static void stub_record_strike_newest(struct ledger *of)
{
    strike(of);
}

uint64_t ledger_strike(struct ledger *of, phys_t base)
{
    if (!has_record || base != record_base)
        return 0;
    strike(of);
    return record_bytes;
}

/* ---- what is proved ---- */

static struct mm_request any_request(void)
{
    struct mm_request request = {any64(), any64(), any64(), any64(), any64(), owner};
    is_name = any_bool();
    is_chosen = any_bool();
    mm.buddy.top_band = any32();
    mm.ledger.spare_count = any64();
    mm.ledger.newest = any32();
    mm.ledger.ready = any32();
    assume(is_name || !is_chosen);
    assume(!mm.ledger.newest || !mm.ledger.ready);
    return request;
}

/* A block has a run and a record that agree, and a request that is refused leaves neither. */
void prove_alloc(void)
{
    struct mm_request request = any_request();
    struct mm_block block;
    enum mm_status rules = request_check(request.size_bytes, request.align_bytes,
                                         request.boundary_bytes, request.lowest, request.limit);
    enum mm_status status = mm_alloc(&mm, &request, &block);
    claim(has_run == (status == MM_OK) && has_record == (status == MM_OK));
    if (status != MM_OK) {
        claim(rules == MM_OK || status == rules);
        claim(rules != MM_OK || is_name || status == MM_BAD_OWNER);
        claim(rules != MM_OK || !is_name || status == MM_NO_ROOM || status == MM_NO_RECORD);
    } else {
        claim(rules == MM_OK && is_name);
        claim(block.base == run_first << FRAME_SHIFT && block.base == record_base);
        claim(block.size_bytes == request.size_bytes && record_bytes == request.size_bytes);
        claim(run_frames == frames_of(request.size_bytes));
        claim(block.base >= request.lowest && block.size_bytes <= request.limit &&
              block.base <= request.limit - block.size_bytes);
    }
    REACHED();
}

/* A block loses its run and its record, and what is no block changes nothing. */
void prove_free(void)
{
    phys_t base = any64();
    has_run = has_record = any_bool();
    run_first = any_below(PHYS_LIMIT >> FRAME_SHIFT);
    record_base = run_first << FRAME_SHIFT;
    record_bytes = any64();
    run_frames = frames_of(record_bytes);
    assume(record_bytes > 0 && run_frames <= UINT32_MAX);
    bool is_block = has_record && base == record_base;
    bool had_record = has_record;
    enum mm_status status = mm_free(&mm, base);
    claim((status == MM_OK) == is_block);
    claim(has_run == (had_record && !is_block) && has_record == has_run);
    REACHED();
}

static struct mm_request asked;

static enum mm_status stub_mm_alloc(struct mm *of, const struct mm_request *request,
                                    struct mm_block *block)
{
    (void)block;
    claim(of == &mm && request->owner == owner);
    asked = *request;
    return any_bool() ? MM_OK : any_bool() ? MM_NO_ROOM : MM_NO_RECORD;
}

/* What is asked for is just the frames that have bytes of [base, end). */
void prove_reserve(void)
{
    phys_t base = any64();
    phys_t end = any64();
    struct mm_block block;
    enum mm_status status = mm_reserve(&mm, base, end, owner, &block);
    if (base >= end || end > PHYS_LIMIT) {
        claim(status == (base >= end ? MM_BAD_RANGE : MM_NOT_MANAGED) && asked.size_bytes == 0);
    } else {
        claim(asked.lowest <= base && base - asked.lowest < FRAME_BYTES);
        claim(asked.limit >= end && asked.limit - end < FRAME_BYTES);
        claim(asked.lowest % FRAME_BYTES == 0 && asked.limit % FRAME_BYTES == 0);
        claim(asked.size_bytes == asked.limit - asked.lowest);
        claim(asked.align_bytes == 0 && asked.boundary_bytes == 0 && status != MM_NO_ROOM);
    }
    REACHED();
}
