/* Lab 2: the rules of the bitmap. */

#include "frames.h"

#include "student.h"

const unsigned lab_number = 2;
const uint64_t frames_steps_max = UINT64_MAX;

void frames_check_queries(const struct judge *judge, unsigned checks)
{
    (void)checks;
    uint32_t answer = student_call("lab_count_free", CALL_QUERY, (const uint32_t[]){0}, 1, 1)[0];
    if (answer != judge->model.free_count)
        grader_fail("; lab_count_free -> %u, but %llu are free", answer,
                    (unsigned long long)judge->model.free_count);
}

/* All frames one by one, and one more. */
static void make_full(struct lab_case *made, uint32_t frame_count)
{
    frames_arena(made, 0, frame_count);
    for (uint32_t i = 0; i <= frame_count; i++)
        frames_take_count(made, 1);
}

static bool make_ones(struct lab_case *made, size_t index, uint64_t *random)
{
    (void)random;
    if (index == 8)
        return false;
    make_full(made, 32 * (uint32_t)(index + 1));
    return true;
}

static bool make_tails(struct lab_case *made, size_t index, uint64_t *random)
{
    (void)random;
    if (index == 200)
        return false;
    make_full(made, (uint32_t)(index + 1));
    return true;
}

static bool make_runs(struct lab_case *made, size_t index, uint64_t *random)
{
    if (index == 300)
        return false;
    frames_arena(made, 0, 32 * (1 + (uint32_t)index / 40));
    for (size_t i = 0; i < 12 + index / 10; i++)
        frames_take_count(made, 1 + frames_random(random, frames_random(random, 4) ? 40 : 8));
    frames_take_count(made, UINT32_MAX);
    return true;
}

static void add_give(struct lab_case *made, uint64_t take, uint64_t *random)
{
    if (frames_random(random, 6) == 0)
        frames_give_frames(made, frames_random(random, 40), 1 + frames_random(random, 40));
    else if (frames_random(random, 3))
        frames_give(made, take);
    else
        frames_give_part(made, take, frames_random(random, 8), 1 + frames_random(random, 20));
}

static void make_load(struct lab_case *made, size_t index, uint64_t *random, bool has_wrong)
{
    uint32_t frame_count = 1 + frames_random(random, 8 + (uint32_t)index);
    frames_arena(made, 0, frame_count);
    for (size_t i = 0; i < 20 + index / 3; i++) {
        uint32_t kind = frames_random(random, has_wrong ? 9 : 6);
        if (kind < 3)
            frames_take_count(made, 1 + frames_random(random, 1 + frame_count / 3));
        else if (kind < 6)
            add_give(made, 1 + frames_random(random, (uint32_t)made->item_count + 1), random);
        else
            frames_give_wrong(made, frames_random(random, frame_count + 40),
                              frames_random(random, 6) ? frames_random(random, 40) : UINT32_MAX);
    }
    frames_restart(made);
    frames_take_count(made, frame_count);
}

static bool make_gives(struct lab_case *made, size_t index, uint64_t *random)
{
    make_load(made, index, random, false);
    return index < 300;
}

static bool make_wrong_gives(struct lab_case *made, size_t index, uint64_t *random)
{
    make_load(made, index, random, true);
    return index < 300;
}

const struct lab_rule lab_rules[] = {
    {"ones", 1, "single frames are taken from the lowest up, each once, until none is left",
     make_ones, 0},
    {"tail", 1, "so it is when the frames do not fill the last word", make_tails, 0},
    {"runs", 2, "several frames in a row: the lowest place, also across words", make_runs, 0},
    {"give", 2, "what was given back can be had again", make_gives, 0},
    {"wrong", 1, "a wrong free is refused, and changes nothing", make_wrong_gives, 0},
    {"count", 1, "lab_count_free is right after every step", make_wrong_gives, CHECK_QUERIES},
};
const size_t lab_rule_count = sizeof lab_rules / sizeof *lab_rules;
