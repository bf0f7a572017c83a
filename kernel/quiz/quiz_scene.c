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

static void take(struct quiz_maker *maker, char name, unsigned frame_count)
{
    struct quiz_question *question = maker->question;
    struct buddy_request request = {.frame_count = frame_count, .limit = QUIZ_FRAMES};
    pfn_t first;
    if (buddy_alloc(&maker->buddy, &request, &first) != MM_OK)
        return;
    note(question, name, frame_count);
    memset(question->frames + first, name, frame_count);
    if (first < maker->lowest_used)
        maker->lowest_used = first;
}

static void give(struct quiz_maker *maker, char name)
{
    struct quiz_question *question = maker->question;
    struct frame_range block = quiz_block(question, name);
    if (block.first == block.end)
        return;
    enum mm_status status = buddy_free(&maker->buddy, block.first, NULL);
    MM_ASSERT(status == MM_OK);
    note(question, name, 0);
    memset(question->frames + block.first, '.', block.end - block.first);
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
        give(maker, (char)('a' + quiz_random(maker, NAMES_MAX)));
    if (quiz_random(maker, 4) == 0)
        take(maker, name, 1 + quiz_random(maker, 2));
}

bool quiz_free_some(struct quiz_maker *maker, unsigned count)
{
    struct quiz_question *question = maker->question;
    size_t length = 0;
    char used[] = "abcdefgh";
    while (length < count) {
        unsigned at = quiz_random(maker, NAMES_MAX + 1);
        char name = used[at];
        if (name == '-')
            return false; /* too few are live, most likely */
        used[at] = '-';
        struct frame_range block = quiz_block(question, name);
        if (block.first == block.end)
            return false;
        buddy_free(&maker->buddy, block.first, NULL);
        question->freed[length++] = name;
    }
    return true;
}

/* ---- what is there --------------------------------------------------------------------------- */

struct frame_range quiz_block(const struct quiz_question *question, char name)
{
    struct frame_range block = {0, 0};
    while (block.first < QUIZ_FRAMES && question->frames[block.first] != name)
        block.first++;
    block.end = block.first;
    while (block.end < QUIZ_FRAMES && question->frames[block.end] == name)
        block.end++;
    return block;
}

static void see_nothing(struct search_observer *observer, const struct search_step *step)
{
    (void)observer;
    (void)step;
}

bool quiz_find(const struct quiz_maker *maker, const struct buddy_request *request,
               struct choice *found)
{
    struct search_observer observer = {see_nothing};
    return find_request_watched(&maker->buddy, request, found, &observer) == MM_OK;
}

bool quiz_next_free(const struct quiz_maker *maker, pfn_t pfn, pfn_t limit, struct frame_range *run)
{
    while (pfn < limit && !buddy_find_free(&maker->buddy, pfn, run))
        pfn++;
    if (pfn >= limit)
        return false;
    run->end = run->end < limit ? run->end : limit;
    return true;
}

struct frame_range quiz_longest_run(const struct quiz_maker *maker, pfn_t limit)
{
    struct frame_range run;
    struct frame_range longest = {0};
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, limit, &run); pfn = run.end)
        if (run.end - run.first > longest.end - longest.first)
            longest = run;
    return longest;
}

struct frame_range quiz_buddy_of(const struct quiz_maker *maker, pfn_t pfn)
{
    struct frame_range buddy = {pfn, pfn + 1};
    for (unsigned order = 1; QUIZ_FRAMES >> order > 0; order++) {
        pfn_t first = pfn >> order << order;
        pfn_t count = (pfn_t)1 << order;
        if (buddy_sum_up(&maker->buddy, first, order).longest == count)
            buddy = (struct frame_range){first, first + count};
    }
    return buddy;
}

struct frame_range quiz_largest_buddy(const struct quiz_maker *maker)
{
    struct frame_range run;
    struct frame_range largest = {0};
    struct frame_range buddy;
    for (pfn_t pfn = 0; quiz_next_free(maker, pfn, QUIZ_FRAMES, &run); pfn = buddy.end) {
        buddy = quiz_buddy_of(maker, run.first > pfn ? run.first : pfn);
        if (buddy.end - buddy.first > largest.end - largest.first)
            largest = buddy;
    }
    return largest;
}

pfn_t quiz_first_used(const struct quiz_maker *maker, struct frame_range range)
{
    struct frame_range run;
    for (pfn_t pfn = range.first; pfn < range.end; pfn = run.end)
        if (!buddy_find_free(&maker->buddy, pfn, &run))
            return pfn;
    return QUIZ_FRAMES;
}
