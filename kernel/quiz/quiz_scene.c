/* The machine of a question: what happens there, and what can be asked of it. */

#include "kernel/lib/random.h"
#include "kernel/lib/string.h"
#include "mm/port.h"
#include "quiz_inside.h"

#define NAMES_MAX 7 /* letters from 'a' on */
#define BLOCK_FRAMES_MAX 4

unsigned quiz_random(struct quiz_maker *maker, unsigned limit)
{
    return random_next(&maker->random) % limit;
}

unsigned quiz_round_up(unsigned count)
{
    unsigned power = 1;
    while (power < count)
        power *= 2;
    return power;
}

/* ---- what happened --------------------------------------------------------------------------- */

static void note(struct quiz_question *question, char name, unsigned frame_count)
{
    MM_ASSERT(question->act_count < QUIZ_ACTS_MAX);
    question->acts[question->act_count++] = (struct quiz_act){name, (uint8_t)frame_count};
}

static void take(struct quiz_maker *maker, char name, unsigned count)
{
    unsigned first = quiz_take(maker, quiz_request_of(count));
    if (first == QUIZ_FRAMES)
        return;
    note(maker->question, name, count);
    memset(maker->question->frames + first, name, count);
    if (first < maker->lowest_used)
        maker->lowest_used = first;
}

/* False if there is no such block. */
static bool give(struct quiz_maker *maker, char name)
{
    struct quiz_range block = quiz_block(maker->question, name);
    return quiz_length(block) > 0 && buddy_free(&maker->buddy, block.first, NULL) == MM_OK;
}

static void give_noted(struct quiz_maker *maker, char name)
{
    struct quiz_range block = quiz_block(maker->question, name);
    if (!give(maker, name))
        return;
    note(maker->question, name, 0);
    memset(maker->question->frames + block.first, '.', quiz_length(block));
}

void quiz_play_scene(struct quiz_maker *maker)
{
    static const struct frame_range all = {0, QUIZ_FRAMES};
    struct quiz_question *question = maker->question;
    unsigned left = quiz_random(maker, 8);
    char name = 'a';
    MM_ASSERT(buddy_table_bytes(all) <= sizeof maker->tables);
    memset(maker->tables, 0, sizeof maker->tables);
    buddy_init(&maker->buddy);
    buddy_add_range(&maker->buddy, all, maker->tables);
    maker->lowest_used = QUIZ_FRAMES;
    *question = (struct quiz_question){.topic = question->topic};
    memset(question->frames, '.', QUIZ_FRAMES);
    while (name < 'a' + NAMES_MAX && maker->buddy.free_count > left)
        take(maker, name++, 1 + quiz_random(maker, BLOCK_FRAMES_MAX));
    for (unsigned count = 1 + quiz_random(maker, 3); count > 0; count--)
        give_noted(maker, (char)('a' + quiz_random(maker, NAMES_MAX)));
    if (quiz_random(maker, 4) == 0)
        take(maker, name, 1 + quiz_random(maker, 2));
}

bool quiz_free_some(struct quiz_maker *maker, unsigned count)
{
    char *freed = maker->question->freed;
    for (unsigned i = 0; i < count; i++) {
        char name = (char)('a' + quiz_random(maker, NAMES_MAX + 1));
        for (unsigned j = 0; j < i; j++)
            if (freed[j] == name)
                return false;
        if (!give(maker, name))
            return false;
        freed[i] = name;
    }
    return true;
}

/* ---- what is there --------------------------------------------------------------------------- */

struct quiz_range quiz_block(const struct quiz_question *question, char name)
{
    struct quiz_range block = {0};
    while (block.first < QUIZ_FRAMES && question->frames[block.first] != name)
        block.first++;
    block.end = block.first;
    while (block.end < QUIZ_FRAMES && question->frames[block.end] == name)
        block.end++;
    return block;
}

static struct buddy_request in_full(struct quiz_request request)
{
    return (struct buddy_request){.frame_count = request.count,
                                  .align_frames = request.align,
                                  .limit = request.limit,
                                  .boundary_frames = request.boundary};
}

static void see_nothing(struct search_observer *observer, const struct search_step *step)
{
    (void)observer;
    (void)step;
}

bool quiz_find(const struct quiz_maker *maker, struct quiz_request request,
               struct quiz_place *place)
{
    struct search_observer observer = {see_nothing};
    struct buddy_request full = in_full(request);
    struct choice found;
    if (find_request_watched(&maker->buddy, &full, &found, &observer) != MM_OK)
        return false;
    place->first = (unsigned)found.at.place;
    place->run = (struct quiz_range){(uint8_t)found.at.run_first, (uint8_t)found.at.run_end};
    place->source = found.source;
    return true;
}

unsigned quiz_take(struct quiz_maker *maker, struct quiz_request request)
{
    struct buddy_request full = in_full(request);
    pfn_t first;
    return buddy_alloc(&maker->buddy, &full, &first) == MM_OK ? (unsigned)first : QUIZ_FRAMES;
}

bool quiz_next_free(const struct quiz_maker *maker, unsigned at, unsigned limit,
                    struct quiz_range *run)
{
    struct frame_range found;
    while (at < limit && !buddy_find_free(&maker->buddy, at, &found))
        at++;
    if (at >= limit)
        return false;
    run->first = (uint8_t)found.first;
    run->end = (uint8_t)(found.end < limit ? found.end : limit);
    return true;
}

enum buddy_holder quiz_part_at(const struct quiz_maker *maker, unsigned first,
                               struct quiz_range *part)
{
    enum buddy_holder holder = BUDDY_IN_TREE;
    struct frame_range found = {0};
    buddy_find_part(&maker->buddy, first, &holder, &found);
    *part = (struct quiz_range){(uint8_t)found.first, (uint8_t)found.end};
    return holder;
}

struct quiz_range quiz_longest_run(const struct quiz_maker *maker, unsigned limit)
{
    struct quiz_range run;
    struct quiz_range longest = {0};
    for (unsigned at = 0; quiz_next_free(maker, at, limit, &run); at = run.end)
        if (quiz_length(run) > quiz_length(longest))
            longest = run;
    return longest;
}

struct quiz_range quiz_buddy_of(const struct quiz_maker *maker, unsigned at)
{
    struct quiz_range buddy = quiz_range_of(at, 1);
    for (unsigned order = 1; order <= QUIZ_ORDER_MAX; order++) {
        unsigned first = at >> order << order;
        if (buddy_sum_up(&maker->buddy, first, order).longest == 1u << order)
            buddy = quiz_range_of(first, 1u << order);
    }
    return buddy;
}

struct quiz_range quiz_largest_buddy(const struct quiz_maker *maker)
{
    struct quiz_range run;
    struct quiz_range largest = {0};
    struct quiz_range buddy;
    for (unsigned at = 0; quiz_next_free(maker, at, QUIZ_FRAMES, &run); at = buddy.end) {
        buddy = quiz_buddy_of(maker, run.first > at ? run.first : at);
        if (quiz_length(buddy) > quiz_length(largest))
            largest = buddy;
    }
    return largest;
}

unsigned quiz_first_used(const struct quiz_maker *maker, struct quiz_range range)
{
    struct frame_range run;
    for (unsigned at = range.first; at < range.end; at = (unsigned)run.end)
        if (!buddy_find_free(&maker->buddy, at, &run))
            return at;
    return QUIZ_FRAMES;
}
