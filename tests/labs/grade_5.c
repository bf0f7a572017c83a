/* Lab 5: the rules of the exact and complete allocator. */

#include "frames.h"

#include "docs/labs/5-exact/lab.h"
#include "student.h"

const unsigned lab_number = 5;
const uint64_t frames_steps_max = LAB_STEPS_MAX;

void frames_check_queries(const struct judge *judge, unsigned checks)
{
    const uint32_t *answered = student_call("lab_largest", CALL_QUERY, (const uint32_t[]){0}, 1, 1);
    uint32_t answer = answered[0];
    uint32_t steps = answered[1];
    if (checks & CHECK_QUERY_STEPS && steps > LAB_STEPS_MAX)
        grader_fail("; lab_largest took %u steps, more than %u", steps, (unsigned)LAB_STEPS_MAX);
    if (!(checks & CHECK_QUERIES))
        return;
    uint32_t right = (uint32_t)model_largest_run(&judge->model, 0, judge->base + LAB_FRAMES_MAX);
    if (answer != right)
        grader_fail("; lab_largest -> %u, it is %u", answer, right);
}

/* A block, and then as many single frames as must be left, and one more. */
static bool make_exact(struct lab_case *made, size_t index, uint64_t *random)
{
    uint32_t frame_count = (uint32_t)1 << index / 30;
    uint32_t count = 1 + frames_random(random, frame_count);
    frames_arena(made, 0, frame_count);
    frames_take_count(made, count);
    for (uint32_t i = count; i <= frame_count; i++)
        frames_take_count(made, 1);
    return index < 240;
}

static void make_load(struct lab_case *made, uint32_t frame_count, uint32_t largest, size_t steps,
                      uint64_t *random)
{
    frames_arena(made, 0, frame_count);
    for (size_t i = 0; i < steps; i++) {
        if (frames_random(random, 2))
            frames_take_count(made, 1 + frames_random(random, largest));
        else
            frames_give(made, 1 + frames_random(random, (uint32_t)made->item_count + 1));
    }
}

static bool make_complete(struct lab_case *made, size_t index, uint64_t *random)
{
    uint32_t frame_count = 2 + (uint32_t)index / 2;
    make_load(made, frame_count, 1 + frame_count / 3, 10 + index / 2, random);
    frames_take_count(made, UINT32_MAX);
    frames_take_count(made, 0);
    for (uint64_t take = 1; take <= 10 + index / 2; take++)
        frames_give(made, take);
    frames_take_count(made, frame_count);
    frames_restart(made);
    frames_take_count(made, frame_count);
    return index < 400;
}

/* Blocks that any buddy has room for; right and wrong frees; then single frames, as many as there
   are. */
static bool make_wrong_gives(struct lab_case *made, size_t index, uint64_t *random)
{
    const uint32_t frame_count = 64;
    frames_arena(made, 0, frame_count);
    for (size_t i = 0; i < 1 + index % 8; i++)
        frames_take_count(made, (uint32_t)1 << frames_random(random, 4));
    for (size_t i = 0; i < 4 + index / 10; i++) {
        if (frames_random(random, 3) == 0)
            frames_give(made, 1 + frames_random(random, 1 + (uint32_t)index % 8));
        else
            frames_give_wrong(
                made,
                frames_random(random, 8) ? frames_random(random, frame_count + 4) : UINT32_MAX, 1);
    }
    for (uint32_t i = 0; i <= frame_count; i++)
        frames_take_count(made, 1);
    return index < 200;
}

/* The most frames there may be: every second one free, the next free pair far away, the same
   anew. */
static bool make_quick(struct lab_case *made, size_t index, uint64_t *random)
{
    if (index == 2)
        return false;
    frames_arena(made, 0, LAB_FRAMES_MAX);
    if (index == 0) {
        make_load(made, LAB_FRAMES_MAX, 3000, 200, random);
        return true;
    }
    frames_fill(made);
    for (size_t i = 0; i < 40; i++) {
        uint64_t one = frames_take_count(made, 1);
        frames_take_count(made, 2);
        frames_give(made, one);
    }
    return true;
}

const struct lab_rule lab_rules[] = {
    {"exact", 2, "a block takes as many frames as were asked for, down to the last frame there is",
     make_exact, 0},
    {"complete", 2, "a request is refused only if nowhere are so many free frames in a row",
     make_complete, 0},
    {"wrong", 1, "a wrong free is refused, and changes nothing", make_wrong_gives, 0},
    {"largest", 1, "lab_largest is right after every step", make_complete, CHECK_QUERIES},
    {"quick", 2, "no call but lab_init looks at all frames", make_quick,
     CHECK_STEPS | CHECK_QUERY_STEPS},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
