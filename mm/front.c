/*
 * Stacks of blocks. `asked` is written under the lock and read without it; all else in a front is
 * its owner's, and `answered` is written under the lock as well, so that others may read it there.
 */

#include "front.h"

#define HALF_FRAMES (FRONT_FRAMES / 2) /* what is fetched, or given back, at once */
#define BATCH 32u /* blocks that are given back in one call of the buddy's */

void fronts_init(struct fronts *fronts, struct buddy *buddy, void (*lock)(void *context),
                 void (*unlock)(void *context), void *context)
{
    fronts->buddy = buddy;
    fronts->first = NULL;
    fronts->lock = lock;
    fronts->unlock = unlock;
    fronts->context = context;
    fronts->asked = 0;
}

static void lock(const struct fronts *fronts)
{
    fronts->lock(fronts->context);
}

static void unlock(const struct fronts *fronts)
{
    fronts->unlock(fronts->context);
}

static bool is_short(pfn_t frame_count)
{
    return frame_count - 1 < FRONT_LENGTHS;
}

static struct front_stack *stack_of(struct front *front, uint32_t length)
{
    return &front->stacks[length - 1];
}

/* ---- under the lock: what fronts give back --------------------------------------------------- */

/* Frees all but those that are wrong. */
static void free_right_ones(struct front *front, const struct frame_range *runs, uint32_t count)
{
    struct buddy *buddy = front->fronts->buddy;
    enum mm_status status = buddy_free_many(buddy, runs, count);
    if (status == MM_OK)
        return;
    for (uint32_t i = 0; i < count; i++)
        buddy_free_many(buddy, &runs[i], 1);
    if (front->wrong == MM_OK)
        front->wrong = status;
}

/* The oldest go, because what was freed last is in the processor's cache. */
static void give_back(struct front *front, uint32_t length, uint32_t count)
{
    struct front_stack *stack = stack_of(front, length);
    struct frame_range runs[BATCH];
    for (uint32_t next = 0; next < count;) {
        uint32_t batched = 0;
        for (; batched < BATCH && next < count; batched++, next++) {
            runs[batched].first = stack->firsts[next];
            runs[batched].end = stack->firsts[next] + length;
        }
        free_right_ones(front, runs, batched);
    }
    stack->count -= count;
    for (uint32_t i = 0; i < stack->count; i++)
        stack->firsts[i] = stack->firsts[count + i];
}

static void give_back_all(struct front *front)
{
    front->answered = front->fronts->asked;
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++)
        give_back(front, length, stack_of(front, length)->count);
}

static bool is_asked(const struct front *front)
{
    return __atomic_load_n(&front->fronts->asked, __ATOMIC_RELAXED) != front->answered;
}

static void answer(struct front *front)
{
    if (is_asked(front))
        give_back_all(front);
}

static void ask_all(struct front *front)
{
    uint32_t asked = front->fronts->asked + 1;
    __atomic_store_n(&front->fronts->asked, asked, __ATOMIC_RELAXED);
    front->answered = asked;
}

/* ---- under the lock: what fronts take -------------------------------------------------------- */

/* One run becomes blocks, of which the lowest is handed out first. */
static void push_split(struct front *front, uint32_t length, pfn_t first, uint32_t count)
{
    struct front_stack *stack = stack_of(front, length);
    buddy_split_evenly(front->fronts->buddy, first, length);
    while (count > 0)
        stack->firsts[stack->count++] = first + (pfn_t)--count * length;
}

/* Half of what it may hold, out of one run if there is one, else out of shorter ones. */
static bool fill(struct front *front, uint32_t length)
{
    struct front_stack *stack = stack_of(front, length);
    uint32_t wanted = HALF_FRAMES / length;
    for (uint32_t count = wanted; count > 0 && stack->count < wanted;) {
        pfn_t first;
        if (count > wanted - stack->count)
            count = wanted - stack->count;
        if (buddy_alloc_any(front->fronts->buddy, (pfn_t)count * length, &first) == MM_OK)
            push_split(front, length, first, count);
        else
            count /= 2;
    }
    return stack->count > 0;
}

static enum mm_status fill_locked(struct front *front, uint32_t length)
{
    lock(front->fronts);
    bool is_filled = fill(front, length);
    if (!is_filled) {
        give_back_all(front);
        is_filled = fill(front, length);
        if (!is_filled)
            ask_all(front);
    }
    unlock(front->fronts);
    return is_filled ? MM_OK : MM_NO_ROOM;
}

/* ---- what owners call ------------------------------------------------------------------------ */

void front_open(struct front *front, struct fronts *fronts)
{
    front->fronts = fronts;
    front->wrong = MM_OK;
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++) {
        stack_of(front, length)->count = 0;
        stack_of(front, length)->limit = FRONT_FRAMES / length;
    }
    lock(fronts);
    front->answered = fronts->asked;
    front->next = fronts->first;
    fronts->first = front;
    unlock(fronts);
}

/* What was wrong is told once. */
static enum mm_status tell_wrong(struct front *front)
{
    enum mm_status wrong = front->wrong;
    front->wrong = MM_OK;
    return wrong;
}

enum mm_status front_close(struct front *front)
{
    struct fronts *fronts = front->fronts;
    lock(fronts);
    give_back_all(front);
    struct front **link = &fronts->first;
    while (*link != front)
        link = &(*link)->next;
    *link = front->next;
    unlock(fronts);
    return tell_wrong(front);
}

static void drain(struct front *front)
{
    lock(front->fronts);
    give_back_all(front);
    unlock(front->fronts);
}

enum mm_status front_drain(struct front *front)
{
    drain(front);
    return tell_wrong(front);
}

enum mm_status front_answer(struct front *front)
{
    if (is_asked(front))
        drain(front);
    return tell_wrong(front);
}

enum mm_status front_alloc_request(struct front *front, const struct buddy_request *request,
                                   pfn_t *first)
{
    struct buddy *buddy = front->fronts->buddy;
    lock(front->fronts);
    answer(front);
    enum mm_status status = buddy_alloc(buddy, request, first);
    if (status == MM_NO_ROOM) {
        give_back_all(front);
        status = buddy_alloc(buddy, request, first);
        if (status == MM_NO_ROOM)
            ask_all(front);
    }
    unlock(front->fronts);
    return status;
}

static MM_NOINLINE enum mm_status alloc_locked(struct front *front, pfn_t frame_count, pfn_t *first)
{
    if (!is_short(frame_count)) {
        struct buddy_request request = {frame_count, 0, 0, UINT64_MAX, 0};
        return front_alloc_request(front, &request, first);
    }
    struct front_stack *stack = stack_of(front, (uint32_t)frame_count);
    if (is_asked(front))
        drain(front);
    enum mm_status status = stack->count == 0 ? fill_locked(front, (uint32_t)frame_count) : MM_OK;
    if (status == MM_OK)
        *first = stack->firsts[--stack->count];
    return status;
}

enum mm_status front_alloc(struct front *front, pfn_t frame_count, pfn_t *first)
{
    if (!is_short(frame_count) || is_asked(front))
        return alloc_locked(front, frame_count, first);
    struct front_stack *stack = stack_of(front, (uint32_t)frame_count);
    if (stack->count == 0)
        return alloc_locked(front, frame_count, first);
    *first = stack->firsts[--stack->count];
    return MM_OK;
}

static enum mm_status free_long(struct front *front, pfn_t first, pfn_t frame_count)
{
    struct frame_range run = {first, first + frame_count};
    lock(front->fronts);
    answer(front);
    enum mm_status status = buddy_free_many(front->fronts->buddy, &run, 1);
    unlock(front->fronts);
    return status;
}

/* Makes room for the block if its stack is full. */
static MM_NOINLINE enum mm_status free_locked(struct front *front, pfn_t first, pfn_t frame_count)
{
    if (!is_short(frame_count))
        return free_long(front, first, frame_count);
    uint32_t length = (uint32_t)frame_count;
    struct front_stack *stack = stack_of(front, length);
    lock(front->fronts);
    if (stack->count == stack->limit)
        give_back(front, length, stack->limit - HALF_FRAMES / length);
    stack->firsts[stack->count++] = first;
    answer(front);
    unlock(front->fronts);
    return tell_wrong(front);
}

enum mm_status front_free(struct front *front, pfn_t first, pfn_t frame_count)
{
    if (!is_short(frame_count) || is_asked(front) || front->wrong != MM_OK)
        return free_locked(front, first, frame_count);
    struct front_stack *stack = stack_of(front, (uint32_t)frame_count);
    if (stack->count == stack->limit)
        return free_locked(front, first, frame_count);
    stack->firsts[stack->count++] = first;
    return MM_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

bool fronts_have_answered(struct fronts *fronts)
{
    lock(fronts);
    const struct front *front = fronts->first;
    while (front && front->answered == fronts->asked)
        front = front->next;
    unlock(fronts);
    return front == NULL;
}

pfn_t front_held_count(const struct front *front)
{
    pfn_t count = 0;
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++)
        count += (pfn_t)front->stacks[length - 1].count * length;
    return count;
}

/* True if a front, from the given one on, holds the block more often than once. */
static bool is_held_twice(const struct front *front, pfn_t first)
{
    uint32_t count = 0;
    for (; front; front = front->next)
        for (uint32_t i = 0; i < FRONT_LENGTHS; i++)
            for (uint32_t j = 0; j < front->stacks[i].count; j++)
                count += front->stacks[i].firsts[j] == first;
    return count > 1;
}

static const char *check_stack(const struct fronts *fronts, const struct front *front,
                               uint32_t length)
{
    const struct front_stack *stack = &front->stacks[length - 1];
    if (stack->count > FRONT_FRAMES / length)
        return "a front holds more blocks than it may";
    for (uint32_t i = 0; i < stack->count; i++) {
        struct frame_range run;
        if (!buddy_find_run(fronts->buddy, stack->firsts[i], &run) ||
            run.first != stack->firsts[i] || run.end - run.first != length)
            return "a front holds what is no block";
        if (is_held_twice(front, run.first))
            return "a block is held twice";
    }
    return NULL;
}

const char *fronts_check(struct fronts *fronts)
{
    lock(fronts);
    const char *broken = buddy_check(fronts->buddy);
    for (const struct front *front = fronts->first; front; front = front->next)
        for (uint32_t length = 1; length <= FRONT_LENGTHS && !broken; length++)
            broken = check_stack(fronts, front, length);
    unlock(fronts);
    return broken;
}
