/* Lab 3: the rules of the buddy. */

#include "frames.h"

#include "docs/labs/3-buddy/lab.h"
#include "student.h"

const unsigned lab_number = 3;
const uint64_t frames_steps_max = UINT64_MAX;

static void count_orders(const struct judge *judge, uint32_t counts[LAB_ORDER_COUNT])
{
    uint32_t first;
    uint32_t count;
    for (unsigned order = 0; order < LAB_ORDER_COUNT; order++)
        counts[order] = 0;
    for (uint32_t from = 0; judge_next_free(judge, from, &first, &count); from = first + count)
        for (uint32_t at = first; at < first + count;) {
            unsigned order = judge_buddy_order(at, first + count);
            counts[order]++;
            at += (uint32_t)1 << order;
        }
}

void frames_check_queries(const struct judge *judge, unsigned checks)
{
    (void)checks;
    uint32_t right[LAB_ORDER_COUNT];
    uint32_t orders[LAB_ORDER_COUNT];
    count_orders(judge, right);
    for (unsigned order = 0; order < LAB_ORDER_COUNT; order++)
        orders[order] = order;
    const uint32_t *answers =
        student_call("lab_count", CALL_QUERY, orders, LAB_ORDER_COUNT, LAB_ORDER_COUNT);
    for (unsigned order = LAB_ORDER_COUNT; order-- > 0;) {
        uint32_t answer = answers[order * CALL_VALUE_WORDS];
        if (answer != right[order])
            grader_fail("; free buddies of order %u: lab_count says %u, it is %u", order, answer,
                        right[order]);
    }
}

static void take_order(struct lab_case *made, unsigned order)
{
    frames_take_count(made, order < 32 ? (uint32_t)1 << order : UINT32_MAX);
}

static bool make_starts(struct lab_case *made, size_t index, uint64_t *random)
{
    frames_arena(made, 0, index < 300 ? (uint32_t)index + 1 : 1 + frames_random(random, 100000));
    return index < 320;
}

static bool make_splits(struct lab_case *made, size_t index, uint64_t *random)
{
    unsigned order = (unsigned)index / 20;
    if (order == 10)
        return false;
    frames_arena(made, 0, (uint32_t)1 << order);
    for (size_t i = 0; i < 4 + index / 8; i++)
        take_order(made, frames_random(random, order + 1));
    return true;
}

/* Until no frame is left. */
static bool make_full(struct lab_case *made, size_t index, uint64_t *random)
{
    uint32_t frame_count = 1 + (uint32_t)index;
    if (index == 200)
        return false;
    frames_arena(made, 0, frame_count);
    for (size_t i = 0; i < index / 10; i++)
        take_order(made, frames_random(random, 5));
    for (uint32_t i = 0; i <= frame_count; i++)
        take_order(made, 0);
    take_order(made, 32);
    return true;
}

static void make_load(struct lab_case *made, uint32_t frame_count, size_t steps, bool has_wrong,
                      uint64_t *random)
{
    unsigned orders = 1;
    while (orders < 7 && (uint32_t)1 << orders <= frame_count)
        orders++;
    frames_arena(made, 0, frame_count);
    for (size_t i = 0; i < steps; i++) {
        uint32_t kind = frames_random(random, has_wrong ? 12 : 9);
        if (kind < 4)
            take_order(made, frames_random(random, orders));
        else if (kind < 9)
            frames_give(made, 1 + frames_random(random, (uint32_t)made->item_count + 1));
        else
            frames_give_wrong(
                made,
                frames_random(random, 5) ? frames_random(random, frame_count + 4) : UINT32_MAX, 1);
    }
    for (uint64_t take = 1; take <= steps; take++)
        frames_give(made, take);
    frames_restart(made);
    take_order(made, 0);
}

static bool make_merges(struct lab_case *made, size_t index, uint64_t *random)
{
    make_load(made, (uint32_t)1 << index / 30, 6 + index / 3, false, random);
    return index < 300;
}

static bool make_tails(struct lab_case *made, size_t index, uint64_t *random)
{
    make_load(made, 1 + (uint32_t)index / 2, 6 + index / 3, false, random);
    return index < 300;
}

static bool make_wrong_gives(struct lab_case *made, size_t index, uint64_t *random)
{
    make_load(made, (uint32_t)1 << index / 40, 6 + index / 3, true, random);
    return index < 320;
}

const struct lab_rule lab_rules[] = {
    {"start", 1,
     "at the start the free buddies are as large as they can be, whatever the arena's size",
     make_starts, CHECK_QUERIES},
    {"split", 2, "a request takes a smallest buddy that will do, and halves it", make_splits,
     CHECK_QUERIES},
    {"full", 1, "blocks can be had until the last frame is gone", make_full, 0},
    {"merge", 2, "freed buddies become one again, up to the largest", make_merges, CHECK_QUERIES},
    {"tail", 1, "so it is in an arena that is no power of two", make_tails, CHECK_QUERIES},
    {"wrong", 1, "a wrong free is refused, and changes nothing", make_wrong_gives, CHECK_QUERIES},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
