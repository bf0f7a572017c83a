/*
 * Allocates and frees single frames and short blocks for one owner, first from the owner's own
 * store: the frame freed last, a set of single frames, and stacks of longer blocks. `asked` is
 * written under the lock, and read without it. Only the owner uses the other fields of a front.
 * `answered` is also written under the lock, so that others may read it there.
 */

#include "front.h"

#define HALF_FRAMES (FRONT_FRAMES / 2) /* what is fetched, or given back, at once */
#define BATCH 32u /* blocks that are given back in one call of the buddy */
#define GIVEN_FRAMES 512u /* single frames that are given back at once */

void fronts_init(struct fronts *fronts, struct buddy *buddy, void (*lock)(void *context),
                 void (*unlock)(void *context), void *context)
{
    fronts->buddy = buddy;
    fronts->first = NULL;
    fronts->lock = lock;
    fronts->unlock = unlock;
    fronts->context = context;
    fronts->front_count = 0;
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
    MM_ASSERT_COSTLY(is_short(length));
    return &front->stacks[length - 1];
}

static bool has_frame(const struct front *front, pfn_t pfn)
{
    return (front->has_newest && front->newest == pfn) || frame_set_has(&front->frames, pfn);
}

/* ---- under the lock: what fronts give back --------------------------------------------------- */

static void note_wrong(struct front *front, enum mm_status status)
{
    if (front->wrong == MM_OK)
        front->wrong = status;
}

/* Gives back the frames of one place. If the buddy refuses a frame, buddy_free_many says why. */
static void give_back_place(struct front *front, uint32_t place)
{
    struct buddy *buddy = front->fronts->buddy;
    struct frame_word word = frame_set_empty_place(&front->frames, place);
    uint64_t wrong = buddy_free_frames(buddy, word.first, word.held);
    if (wrong) {
        pfn_t first = word.first + bits_lowest(wrong);
        struct frame_range run = {first, first + 1};
        note_wrong(front, buddy_free_many(buddy, &run, 1));
    }
}

/*
 * Gives back frames until `rest` are left. Begins behind the current place, because the frames
 * freed last are in the cache.
 */
static void give_back_frames(struct front *front, uint32_t rest)
{
    struct frame_set *set = &front->frames;
    uint32_t place = set->current;
    while (set->count > rest) {
        place = frame_set_next_place(set, (place + 1) % FRAME_SET_PLACES);
        give_back_place(front, place);
    }
}

/* Frees all blocks that the buddy does not refuse. */
static void free_right_ones(struct front *front, const struct frame_range *runs, uint32_t count)
{
    struct buddy *buddy = front->fronts->buddy;
    enum mm_status status = buddy_free_many(buddy, runs, count);
    if (status == MM_OK)
        return;
    for (uint32_t i = 0; i < count; i++)
        buddy_free_many(buddy, &runs[i], 1);
    note_wrong(front, status);
}

/* Gives back the oldest blocks, because those freed last are in the processor's cache. */
static void give_back(struct front *front, uint32_t length, uint32_t count)
{
    struct front_stack *stack = stack_of(front, length);
    struct frame_range runs[BATCH];
    MM_ASSERT_COSTLY(count <= stack->count);
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

static void add(struct front *front, uint32_t length, pfn_t first);

static void give_back_all(struct front *front)
{
    front->answered = front->fronts->asked;
    if (front->has_newest)
        add(front, 1, front->newest);
    front->has_newest = false;
    give_back_frames(front, 0);
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

/*
 * Puts a single frame into the set, if no other word has its place; else a block onto its stack. A
 * full stack first gives some blocks back.
 */
static void add(struct front *front, uint32_t length, pfn_t first)
{
    struct front_stack *stack = stack_of(front, length);
    if (length == 1 && frame_set_has_room(&front->frames, first)) {
        frame_set_add(&front->frames, first);
        return;
    }
    if (stack->count == stack->limit)
        give_back(front, length, stack->limit - HALF_FRAMES / length);
    stack->firsts[stack->count++] = first;
}

/*
 * Fetches HALF_FRAMES frames as blocks, out of one run if there is one, else out of shorter runs.
 * The lowest block is added last. False if there were none.
 */
static bool fill(struct front *front, uint32_t length)
{
    uint32_t wanted = HALF_FRAMES / length;
    uint32_t rest = wanted;
    for (uint32_t count = rest; count > 0; count = bits_smaller(count, rest)) {
        pfn_t first;
        if (buddy_alloc_any(front->fronts->buddy, (pfn_t)count * length, &first) != MM_OK) {
            count /= 2;
            continue;
        }
        buddy_split_evenly(front->fronts->buddy, first, length);
        for (uint32_t i = count; i > 0; i--)
            add(front, length, first + (pfn_t)(i - 1) * length);
        rest -= count;
    }
    return rest < wanted;
}

/* Sets the front's share of the single frames that all fronts may hold. */
static void set_frame_limit(struct front *front)
{
    pfn_t share = front->fronts->buddy->frame_count >> FRONT_SHARE_ORDER;
    uint32_t all = share < UINT32_MAX ? (uint32_t)share : UINT32_MAX;
    front->frame_limit = bits_larger(all / front->fronts->front_count, FRONT_FRAMES);
}

/* Gives back some frames of the set, if it is full. */
static void make_room(struct front *front)
{
    set_frame_limit(front);
    uint32_t limit = front->frame_limit;
    if (front->frames.count + 1 >= limit)
        give_back_frames(front, limit - bits_smaller(limit / 2, GIVEN_FRAMES));
}

static enum mm_status fill_locked(struct front *front, uint32_t length)
{
    lock(front->fronts);
    set_frame_limit(front);
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
    front->has_newest = false;
    frame_set_init(&front->frames);
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++) {
        stack_of(front, length)->count = 0;
        stack_of(front, length)->limit = FRONT_FRAMES / length;
    }
    lock(fronts);
    front->answered = fronts->asked;
    front->next = fronts->first;
    fronts->first = front;
    fronts->front_count++;
    set_frame_limit(front);
    unlock(fronts);
}

/* Returns the failure that was noted. It is told once. */
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
    fronts->front_count--;
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

static bool is_empty_of_frames(const struct front *front)
{
    return !front->has_newest && front->frames.count == 0;
}

static bool is_empty(const struct front *front, uint32_t length)
{
    return front->stacks[length - 1].count == 0 && (length > 1 || is_empty_of_frames(front));
}

static pfn_t pop_frame(struct front *front)
{
    if (!front->has_newest)
        return frame_set_take(&front->frames);
    front->has_newest = false;
    return front->newest;
}

static pfn_t pop(struct front *front, uint32_t length)
{
    struct front_stack *stack = stack_of(front, length);
    MM_ASSERT_COSTLY(!is_empty(front, length));
    if (length == 1 && !is_empty_of_frames(front))
        return pop_frame(front);
    return stack->firsts[--stack->count];
}

/* All that front_alloc does not do itself. */
static MM_NOINLINE enum mm_status alloc_other(struct front *front, pfn_t frame_count, pfn_t *first)
{
    if (!is_short(frame_count)) {
        struct buddy_request request = {frame_count, 0, 0, UINT64_MAX, 0};
        return front_alloc_request(front, &request, first);
    }
    uint32_t length = (uint32_t)frame_count;
    if (is_asked(front))
        drain(front);
    enum mm_status status = is_empty(front, length) ? fill_locked(front, length) : MM_OK;
    if (status == MM_OK)
        *first = pop(front, length);
    return status;
}

enum mm_status front_alloc(struct front *front, pfn_t frame_count, pfn_t *first)
{
    if (frame_count != 1 || is_asked(front) || !front->has_newest)
        return alloc_other(front, frame_count, first);
    front->has_newest = false;
    *first = front->newest;
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

static bool is_full(const struct front *front, uint32_t length)
{
    return front->stacks[length - 1].count == front->stacks[length - 1].limit;
}

static bool may_add_to_set(const struct front *front, pfn_t pfn)
{
    const struct frame_set *frames = &front->frames;
    return frames->count + 1 < front->frame_limit && frame_set_has_room(frames, pfn);
}

/* Makes a frame the newest, and returns the one that was the newest before. */
static pfn_t swap_newest(struct front *front, pfn_t first)
{
    pfn_t older = front->newest;
    front->newest = first;
    return older;
}

/* All that front_free does not do itself. */
static MM_NOINLINE enum mm_status free_other(struct front *front, pfn_t first, pfn_t frame_count)
{
    if (!is_short(frame_count))
        return free_long(front, first, frame_count);
    uint32_t length = (uint32_t)frame_count;
    bool may_push = !is_asked(front) && front->wrong == MM_OK && !is_full(front, length);
    if (length == 1 && has_frame(front, first))
        return MM_ALREADY_FREE;
    if (length == 1 && front->has_newest)
        first = swap_newest(front, first);
    if (may_push && (length > 1 || !frame_set_has_room(&front->frames, first))) {
        add(front, length, first);
        return MM_OK;
    }
    lock(front->fronts);
    make_room(front);
    add(front, length, first);
    answer(front);
    unlock(front->fronts);
    return tell_wrong(front);
}

/* Frees a frame that the front does not hold. The newest goes into the set, if this has room. */
static MM_NOINLINE enum mm_status free_frame(struct front *front, pfn_t first)
{
    if (has_frame(front, first) || !may_add_to_set(front, front->newest))
        return free_other(front, first, 1);
    frame_set_add(&front->frames, front->newest);
    front->newest = first;
    return MM_OK;
}

enum mm_status front_free(struct front *front, pfn_t first, pfn_t frame_count)
{
    if (frame_count != 1 || is_asked(front) || front->wrong != MM_OK)
        return free_other(front, first, frame_count);
    if (front->has_newest)
        return free_frame(front, first);
    if (frame_set_has(&front->frames, first))
        return MM_ALREADY_FREE;
    front->has_newest = true;
    front->newest = first;
    return MM_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

bool fronts_have_answered(const struct fronts *fronts)
{
    lock(fronts);
    const struct front *front = fronts->first;
    while (front && front->answered == fronts->asked)
        front = front->next;
    unlock(fronts);
    return !front;
}

pfn_t front_held_count(const struct front *front)
{
    pfn_t count = front->frames.count + front->has_newest;
    for (uint32_t length = 1; length <= FRONT_LENGTHS; length++)
        count += (pfn_t)front->stacks[length - 1].count * length;
    return count;
}

static bool is_block(const struct fronts *fronts, pfn_t first, uint32_t length)
{
    struct frame_range run;
    return buddy_find_run(fronts->buddy, first, &run) && run.first == first &&
           run.end - run.first == length;
}

/* True if a front, from the given one on, has one of these frames. */
static bool are_held(const struct front *front, const struct frame_word *word)
{
    for (; front; front = front->next) {
        const struct frame_word *other = &front->frames.words[frame_set_place(word->first)];
        if (other->first == word->first && (other->held & word->held) != 0)
            return true;
    }
    return false;
}

static const char *check_frames(const struct fronts *fronts, const struct front *front)
{
    const char *broken = frame_set_check(&front->frames);
    for (uint32_t place = 0; place < FRAME_SET_PLACES && !broken; place++) {
        const struct frame_word *word = &front->frames.words[place];
        for (uint64_t held = word->held; held; held &= held - 1)
            if (!is_block(fronts, word->first + bits_lowest(held), 1))
                return "a front holds what is no block";
        if (are_held(front->next, word))
            return "a block is held twice";
    }
    return broken;
}

static const char *check_newest(const struct fronts *fronts, const struct front *front)
{
    if (!front->has_newest)
        return NULL;
    if (!is_block(fronts, front->newest, 1))
        return "a front holds what is no block";
    for (const struct front *other = fronts->first; other; other = other->next)
        if (frame_set_has(&other->frames, front->newest) ||
            (other != front && other->has_newest && other->newest == front->newest))
            return "a block is held twice";
    return NULL;
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

static bool is_single(const struct fronts *fronts, pfn_t first)
{
    const struct front *front = fronts->first;
    while (front && !has_frame(front, first))
        front = front->next;
    return front;
}

static const char *check_stack(const struct fronts *fronts, const struct front *front,
                               uint32_t length)
{
    const struct front_stack *stack = &front->stacks[length - 1];
    if (stack->count > stack->limit || stack->limit != FRONT_FRAMES / length)
        return "a front holds more blocks than it may";
    for (uint32_t i = 0; i < stack->count; i++) {
        if (!is_block(fronts, stack->firsts[i], length))
            return "a front holds what is no block";
        if (is_held_twice(front, stack->firsts[i]) || is_single(fronts, stack->firsts[i]))
            return "a block is held twice";
    }
    return NULL;
}

const char *fronts_check(const struct fronts *fronts)
{
    lock(fronts);
    const char *broken = buddy_check(fronts->buddy);
    for (const struct front *front = fronts->first; front && !broken; front = front->next) {
        broken = check_newest(fronts, front);
        if (!broken)
            broken = check_frames(fronts, front);
        for (uint32_t length = 1; length <= FRONT_LENGTHS && !broken; length++)
            broken = check_stack(fronts, front, length);
    }
    unlock(fronts);
    return broken;
}
