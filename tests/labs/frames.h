#ifndef LABS_FRAMES_H
#define LABS_FRAMES_H

/*
 * Cases of labs 2 to 5: an arena, and what is taken from it and given back. A case's head is the
 * arena's first frame, its length, and whether it is filled in a pattern first; an item is a step.
 */

#include "grader.h"
#include "judge.h"

/* What a rule looks at besides the answers to takes (lab_rule.checks). */
enum frames_checks {
    CHECK_QUERIES = 1, /* frames_check_queries, after each step */
    CHECK_STEPS = 2, /* how many steps a take or a give takes */
    CHECK_QUERY_STEPS = 4, /* and a query, whatever it answers */
};

/* ---- making cases ---------------------------------------------------------------------------- */

void frames_arena(struct lab_case *made, uint32_t first, uint32_t frame_count);

/* Fills the arena with blocks of one frame, and gives each second one back. */
void frames_fill(struct lab_case *made);

/* A take gets a number, which a give names. 0 if the case is full. */
uint64_t frames_take(struct lab_case *made, const struct allocator_request *request);
uint64_t frames_take_count(struct lab_case *made, uint32_t count);
void frames_give(struct lab_case *made, uint64_t take);

/* Of the block, `count` frames from its frame `skip` on. */
void frames_give_part(struct lab_case *made, uint64_t take, uint32_t skip, uint32_t count);

/* These frames, in one block or several; left out unless all are taken. */
void frames_give_frames(struct lab_case *made, uint32_t first, uint32_t count);

/* A give that is refused if it is wrong, and left out if it would be right. */
void frames_give_wrong(struct lab_case *made, uint32_t first, uint32_t count);

/* lab_init once more. */
void frames_restart(struct lab_case *made);

/* A random number below `end`, which is not 0. */
uint32_t frames_random(uint64_t *random, uint32_t end);

/* ---- what a lab has beside its allocator ----------------------------------------------------- */

/* Asks the student's other functions, and fails if an answer, or what it took, is wrong. */
void frames_check_queries(const struct judge *judge, unsigned checks);

/* The most steps of a call under CHECK_STEPS. */
extern const uint64_t frames_steps_max;

#endif
