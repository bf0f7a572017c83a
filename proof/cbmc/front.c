/* The stacks of a front. The buddy under it takes whatever it is given back. */

#include "any.h"
#include "mm/front.c"

static struct fronts fronts;
static struct front front;
static pfn_t given; /* blocks that went to the buddy */

enum mm_status buddy_free_many(struct buddy *buddy, const struct frame_range *runs, size_t count)
{
    (void)buddy;
    for (size_t i = 0; i < count; i++)
        claim(runs[i].first < runs[i].end);
    given += count;
    return MM_OK;
}

static void make_front(uint32_t length)
{
    struct front_stack *stack = stack_of(&front, length);
    front.fronts = &fronts;
    stack->limit = FRONT_FRAMES / length;
    stack->count = (uint32_t)any_below(FRONT_FRAMES + 1);
    assume(stack->count <= stack->limit);
    for (unsigned i = 0; i < FRONT_FRAMES; i++)
        stack->firsts[i] = any_below((pfn_t)1 << 40);
}

/* As many blocks as the stack loses go to the buddy, the oldest first. */
void prove_give_back(void)
{
    make_front(LENGTH);
    struct front_stack *stack = stack_of(&front, LENGTH);
    uint32_t count = (uint32_t)any_below(FRONT_FRAMES + 1);
    uint32_t before = stack->count;
    assume(count <= before);
    uint32_t place = (uint32_t)any_below(FRONT_FRAMES);
    pfn_t kept = count + place < before ? stack->firsts[count + place] : 0;
    give_back(&front, LENGTH, count);
    claim(stack->count == before - count && given == count);
    claim(count + place >= before || stack->firsts[place] == kept);
    REACHED();
}

/* A full stack loses more blocks than the buddy gets at once. */
void prove_give_back_all(void)
{
    struct front_stack *stack = stack_of(&front, LENGTH);
    front.fronts = &fronts;
    stack->limit = stack->count = FRONT_FRAMES / LENGTH;
    for (unsigned i = 0; i < FRONT_FRAMES / LENGTH; i++)
        stack->firsts[i] = any_below((pfn_t)1 << 40);
    give_back(&front, LENGTH, stack->count);
    claim(stack->count == 0 && given == FRONT_FRAMES / LENGTH);
    REACHED();
}

/* A stack never has more than its limit, and the block that is added is on top. */
void prove_add(void)
{
    make_front(LENGTH);
    struct front_stack *stack = stack_of(&front, LENGTH);
    uint32_t before = stack->count;
    pfn_t first = any_below((pfn_t)1 << 40);
    add(&front, LENGTH, first);
    claim(stack->count > 0 && stack->count <= stack->limit);
    claim(stack->firsts[stack->count - 1] == first);
    claim(stack->count + given == before + 1);
    REACHED();
}
