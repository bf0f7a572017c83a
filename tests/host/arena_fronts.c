/*
 * What a front holds is listed before and after each call that took the lock; the difference is
 * what the buddy gave and got. A call without the lock moves one block to the caller or from it.
 */

#include "arena_fronts.h"

#include "arena_calls.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the lock -------------------------------------------------------------------------------- */

static void take_lock(void *context)
{
    struct arena_fronts *all = context;
    assert(!all->is_locked);
    all->is_locked = true;
    all->lock_count++;
}

static void leave_lock(void *context)
{
    struct arena_fronts *all = context;
    assert(all->is_locked);
    all->is_locked = false;
}

/* ---- what a front holds ---------------------------------------------------------------------- */

#define HELD_MAX (FRAME_SET_PLACES * WORD_BITS + FRONT_LENGTHS * FRONT_FRAMES + 1)

struct held {
    struct frame_range blocks[HELD_MAX];
    size_t count;
};

static void note(struct held *held, pfn_t first, pfn_t frame_count)
{
    assert(held->count < HELD_MAX);
    held->blocks[held->count++] = (struct frame_range){first, first + frame_count};
}

static void list(const struct front *front, struct held *held)
{
    held->count = 0;
    if (front->has_newest)
        note(held, front->newest, 1);
    for (uint32_t i = 0; i < FRAME_SET_PLACES; i++) {
        const struct frame_word *word = &front->frames.words[i];
        for (uint64_t bits = word->held; bits; bits &= bits - 1)
            note(held, word->first + bits_lowest(bits), 1);
    }
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++)
        for (uint32_t i = 0; i < front->stacks[length - 1].count; i++)
            note(held, front->stacks[length - 1].firsts[i], length);
}

static bool holds(const struct front *front, pfn_t first)
{
    if (front->has_newest && front->newest == first)
        return true;
    if (frame_set_has(&front->frames, first))
        return true;
    for (uint32_t i = 0; i < FRONT_LENGTHS; i++)
        for (uint32_t j = 0; j < front->stacks[i].count; j++)
            if (front->stacks[i].firsts[j] == first)
                return true;
    return false;
}

bool arena_fronts_hold(const struct arena_fronts *all, pfn_t first)
{
    for (size_t i = 0; all->is_open && i < ARENA_FRONTS; i++)
        if (holds(&all->front[i], first))
            return true;
    return false;
}

static int compare(const void *left, const void *right)
{
    const struct frame_range *a = left;
    const struct frame_range *b = right;
    int by_first = (a->first > b->first) - (a->first < b->first);
    return by_first ? by_first : (a->end > b->end) - (a->end < b->end);
}

static void sort(struct held *held)
{
    qsort(held->blocks, held->count, sizeof *held->blocks, compare);
}

/* Calls `change` for each block of `some` that `others` has not; both are sorted. */
static const char *for_others(struct model *model, const struct held *some,
                              const struct held *others,
                              const char *(*change)(struct model *model, struct frame_range block))
{
    const char *broken = NULL;
    size_t other = 0;
    for (size_t i = 0; i < some->count && !broken; i++) {
        while (other < others->count && compare(&others->blocks[other], &some->blocks[i]) < 0)
            other++;
        if (other < others->count && compare(&others->blocks[other], &some->blocks[i]) == 0)
            other++;
        else
            broken = change(model, some->blocks[i]);
    }
    return broken;
}

static const char *free_in_model(struct model *model, struct frame_range block)
{
    return model_free(model, block.first, MM_OK, block.end - block.first);
}

/* ---- one call -------------------------------------------------------------------------------- */

/* How it was before a call; too large for a stack. */
static struct before {
    struct held held;
    pfn_t held_count; /* frames of all fronts */
    unsigned lock_count;
    bool was_asked;
} before;
static struct held after;

static pfn_t count_held(const struct arena_fronts *all)
{
    pfn_t count = 0;
    for (size_t i = 0; i < ARENA_FRONTS; i++)
        count += front_held_count(&all->front[i]);
    return count;
}

static void begin(const struct arena_fronts *all, size_t which)
{
    list(&all->front[which], &before.held);
    before.held_count = count_held(all) - front_held_count(&all->front[which]);
    before.lock_count = all->lock_count;
    before.was_asked = all->is_asked[which];
}

/* The model frees what went to the buddy, and takes what came from there. */
static const char *follow(struct arena_fronts *all)
{
    struct model *model = &all->arena->model;
    sort(&before.held);
    sort(&after);
    const char *broken = for_others(model, &before.held, &after, free_in_model);
    return broken ? broken : for_others(model, &after, &before.held, model_enter);
}

/* After a call of this front's owner, other fronts are as before, and it has answered. */
static const char *end(struct arena_fronts *all, size_t which)
{
    all->is_asked[which] = false;
    if (count_held(all) - front_held_count(&all->front[which]) != before.held_count)
        return "a call changed what another front holds";
    if (all->front[which].answered != all->fronts.asked)
        return "a front that was asked has not answered";
    if (all->arena->buddy.free_count != all->arena->model.free_count)
        return "the count of free frames is wrong";
    return NULL;
}

static bool needs_the_lock(const struct arena_fronts *all)
{
    return all->lock_count != before.lock_count;
}

/* ---- opening and closing --------------------------------------------------------------------- */

void arena_fronts_init(struct arena_fronts *all, struct arena *arena)
{
    all->arena = arena;
    all->is_open = false;
    all->is_locked = false;
    all->lock_count = 0;
    memset(&all->fronts, 0xA5, sizeof all->fronts);
    fronts_init(&all->fronts, &arena->buddy, take_lock, leave_lock, all);
}

/* Nobody promises zeros. */
static void open_front(struct arena_fronts *all, size_t which)
{
    memset(&all->front[which], 0xA5, sizeof all->front[which]);
    front_open(&all->front[which], &all->fronts);
    all->is_asked[which] = false;
}

static const char *close_front(struct arena_fronts *all, size_t which)
{
    const char *broken = NULL;
    list(&all->front[which], &before.held);
    if (front_close(&all->front[which]) != MM_OK)
        return "a front held what is wrong";
    for (size_t i = 0; i < before.held.count && !broken; i++)
        broken = free_in_model(&all->arena->model, before.held.blocks[i]);
    return broken;
}

const char *arena_fronts_open(struct arena_fronts *all)
{
    for (size_t i = 0; i < ARENA_FRONTS; i++)
        open_front(all, i);
    all->is_open = true;
    return arena_fronts_check(all);
}

const char *arena_fronts_close(struct arena_fronts *all)
{
    const char *broken = arena_fronts_check(all);
    for (size_t i = 0; all->is_open && i < ARENA_FRONTS && !broken; i++)
        broken = close_front(all, i);
    all->is_open = false;
    return broken;
}

const char *arena_front_reopen(struct arena_fronts *all, size_t which)
{
    const char *broken = close_front(all, which);
    open_front(all, which);
    return broken;
}

/* ---- taking ---------------------------------------------------------------------------------- */

static bool is_plain(const struct buddy_request *request)
{
    return request->align_frames <= 1 && request->lowest == 0 && request->boundary_frames == 0 &&
           request->limit >= PHYS_LIMIT >> FRAME_SHIFT;
}

static bool is_short(const struct buddy_request *request)
{
    return is_plain(request) && request->frame_count - 1 < FRONT_LENGTHS;
}

/* A block that the front held, and holds no more. */
static const char *judge_held(const struct arena_fronts *all, size_t which,
                              struct frame_range block)
{
    size_t i = 0;
    while (i < before.held.count && compare(&before.held.blocks[i], &block) != 0)
        i++;
    if (i == before.held.count)
        return "a front gave what it did not hold";
    return holds(&all->front[which], block.first) ? "a front holds what it gave" : NULL;
}

/* What was given counts as held by the front: the next free run that is found is nobody's. */
static const char *judge_short(struct arena_fronts *all, size_t which, struct frame_range block)
{
    if (!needs_the_lock(all))
        return judge_held(all, which, block);
    list(&all->front[which], &after);
    note(&after, block.first, block.end - block.first);
    return follow(all);
}

/* A refusal is right if there is no place when the front has given back all; others are asked. */
static const char *judge_refusal(struct arena_fronts *all, size_t which, enum mm_status status)
{
    if (status != MM_NO_ROOM)
        return NULL;
    if (front_held_count(&all->front[which]) != 0)
        return "a front refused, and holds frames";
    for (size_t i = 0; i < ARENA_FRONTS; i++)
        all->is_asked[i] = true;
    return NULL;
}

/* Under the lock: the front gave back first, maybe, and then the buddy had a place or none. */
static const char *judge_request(struct arena_fronts *all, size_t which,
                                 const struct buddy_request *request, enum mm_status status,
                                 pfn_t first)
{
    list(&all->front[which], &after);
    const char *broken = follow(all);
    if (!broken)
        broken = judge_refusal(all, which, status);
    return broken ? broken : model_alloc(&all->arena->model, request, status, first);
}

const char *arena_front_alloc(struct arena_fronts *all, size_t which,
                              const struct buddy_request *request, enum mm_status *status,
                              pfn_t *first)
{
    const char *broken;
    begin(all, which);
    if (is_plain(request))
        *status = front_alloc(&all->front[which], request->frame_count, first);
    else
        *status = front_alloc_request(&all->front[which], request, first);
    if (*status == MM_OK && is_short(request))
        broken =
            judge_short(all, which, (struct frame_range){*first, *first + request->frame_count});
    else
        broken = judge_request(all, which, request, *status, *status == MM_OK ? *first : 0);
    return broken ? broken : end(all, which);
}

/* ---- giving ---------------------------------------------------------------------------------- */

static bool is_short_block(struct frame_range block)
{
    return block.end - block.first - 1 < FRONT_LENGTHS;
}

const char *arena_front_free(struct arena_fronts *all, size_t which, struct frame_range block)
{
    begin(all, which);
    note(&before.held, block.first, block.end - block.first);
    if (front_free(&all->front[which], block.first, block.end - block.first) != MM_OK)
        return "a block could not be freed by a front";
    if (!needs_the_lock(all))
        return holds(&all->front[which], block.first) ? end(all, which)
                                                      : "a front lost what it was given";
    list(&all->front[which], &after);
    const char *broken = follow(all);
    return broken ? broken : end(all, which);
}

static const char *drain(struct arena_fronts *all, size_t which,
                         enum mm_status (*call)(struct front *front))
{
    begin(all, which);
    if (call(&all->front[which]) != MM_OK)
        return "a front held what is wrong";
    if ((call == front_drain || before.was_asked) && front_held_count(&all->front[which]) != 0)
        return "a front that was drained holds frames";
    list(&all->front[which], &after);
    const char *broken = follow(all);
    return broken ? broken : end(all, which);
}

const char *arena_front_drain(struct arena_fronts *all, size_t which)
{
    return drain(all, which, front_drain);
}

const char *arena_front_answer(struct arena_fronts *all, size_t which)
{
    return drain(all, which, front_answer);
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static const char *free_wrong_long(struct arena_fronts *all, size_t which, struct frame_range wrong)
{
    enum mm_status named = arena_judge_runs(all->arena, &wrong, 1);
    pfn_t frame_count = wrong.end - wrong.first;
    return named == MM_OK || front_free(&all->front[which], wrong.first, frame_count) == named
               ? NULL
               : "a wrong free by a front is named wrongly";
}

/*
 * Both go into a front that is empty, so that it takes no lock before it is drained. Shorter blocks
 * are given back first, and those of one length together.
 */
static const char *free_wrong_short(struct arena_fronts *all, size_t which,
                                    struct frame_range right, struct frame_range wrong)
{
    struct front *front = &all->front[which];
    struct frame_range runs[] = {right, wrong};
    enum mm_status named = arena_judge_runs(all->arena, runs, 2);
    bool is_frame_twice = right.end - right.first == 1 && compare(&right, &wrong) == 0;
    if (named == MM_OK)
        return NULL;
    if (front_free(front, right.first, right.end - right.first) != MM_OK)
        return "a front with room looked at a block at once";
    enum mm_status at_once = front_free(front, wrong.first, wrong.end - wrong.first);
    if (is_frame_twice)
        return at_once == MM_ALREADY_FREE ? arena_front_drain(all, which)
                                          : "a frame was freed twice, and the front took it";
    if (at_once != MM_OK)
        return "a front with room looked at a block at once";
    if (!fronts_check(&all->fronts))
        return "a front holds what is wrong, and the check is content";
    enum mm_status status = front_drain(front);
    if (front_drain(front) != MM_OK)
        return "a wrong free is named twice";
    const char *broken = free_in_model(&all->arena->model, right);
    if (wrong.end - wrong.first > right.end - right.first)
        named = arena_judge_runs(all->arena, &wrong, 1);
    return broken || status == named ? broken
                                     : "a wrong free is named wrongly when the front is drained";
}

const char *arena_front_free_wrong(struct arena_fronts *all, size_t which, struct frame_range right,
                                   struct frame_range wrong)
{
    const char *broken = arena_front_drain(all, which);
    begin(all, which);
    if (!broken && !is_short_block(wrong))
        broken = free_wrong_long(all, which, wrong);
    else if (!broken && is_short_block(right))
        broken = free_wrong_short(all, which, right, wrong);
    return broken ? broken : end(all, which);
}

const char *arena_fronts_check(struct arena_fronts *all)
{
    bool have_answered = true;
    if (!all->is_open)
        return NULL;
    for (size_t i = 0; i < ARENA_FRONTS; i++)
        have_answered = have_answered && !all->is_asked[i];
    if (fronts_have_answered(&all->fronts) != have_answered)
        return "fronts have answered, or not, against what they say";
    return fronts_check(&all->fronts);
}
