#ifndef KERNEL_QUIZ_INSIDE_H
#define KERNEL_QUIZ_INSIDE_H

/* What the makers of questions share. */

#include "mm/choose.h"
#include "quiz.h"

/*
 * Makes a question of what the machine holds. False if that makes no fair one: then another machine
 * is tried. The right one is offered first; nothing is in the question yet.
 */
typedef bool quiz_make_t(struct quiz_maker *maker);

quiz_make_t quiz_make_place, quiz_make_align, quiz_make_boundary;
quiz_make_t quiz_make_split, quiz_make_merge, quiz_make_longest;
quiz_make_t quiz_make_exact, quiz_make_limit, quiz_make_fragmentation, quiz_make_textbook;

/* ---- the machine (quiz_scene.c) -------------------------------------------------------------- */

/* A number below the limit, which is at least 1. */
unsigned quiz_random(struct quiz_maker *maker, unsigned limit);

/* Makes the machine anew, and lets things happen there. */
void quiz_play_scene(struct quiz_maker *maker);

static inline unsigned quiz_length(struct quiz_range range)
{
    return (unsigned)range.end - range.first;
}

static inline struct quiz_range quiz_range_of(unsigned first, unsigned count)
{
    return (struct quiz_range){(uint8_t)first, (uint8_t)(first + count)};
}

/* A request for so many frames, anywhere. */
static inline struct quiz_request quiz_request_of(unsigned count)
{
    return (struct quiz_request){.count = (uint8_t)count, .limit = QUIZ_FRAMES};
}

struct quiz_place {
    unsigned first; /* of the block */
    struct quiz_range run; /* that it is in */
    enum choice_source source;
};

/* Where the request would go. False if it would be refused. Changes nothing. */
bool quiz_find(const struct quiz_maker *maker, struct quiz_request request,
               struct quiz_place *place);

/* Allocates it. Returns its first frame; QUIZ_FRAMES: it is refused. */
unsigned quiz_take(struct quiz_maker *maker, struct quiz_request request);

/* The first free run that ends above `at`, within [0, limit); false if there is none. */
bool quiz_next_free(const struct quiz_maker *maker, unsigned at, unsigned limit,
                    struct quiz_range *run);

/* The part of a free run that begins at its first frame, and which of the places has it. */
enum buddy_holder quiz_part_at(const struct quiz_maker *maker, unsigned first,
                               struct quiz_range *part);

/* The longest free run within [0, limit); the lowest of several. */
struct quiz_range quiz_longest_run(const struct quiz_maker *maker, unsigned limit);

/* The largest free buddy that holds a free frame. */
struct quiz_range quiz_buddy_of(const struct quiz_maker *maker, unsigned at);

/* The largest free buddy of all; the lowest of several. Empty if no frame is free. */
struct quiz_range quiz_largest_buddy(const struct quiz_maker *maker);

/* The first of these frames that a block has; QUIZ_FRAMES if all of them are free. */
unsigned quiz_first_used(const struct quiz_maker *maker, struct quiz_range range);

/* The frames of a live block; none if it is not. */
struct quiz_range quiz_block(const struct quiz_question *question, char name);

/* Chooses `count` live blocks, and frees them on the machine, but not in question->frames. */
bool quiz_free_some(struct quiz_maker *maker, unsigned count);

/* The next power of two: `count` itself, if it is one. */
unsigned quiz_round_up(unsigned count);

/* ---- words (quiz_words.c) -------------------------------------------------------------------- */

#define QUIZ_RANGE_MAX 32

/* "frame 4" or "frames 4 to 6". */
const char *quiz_tell_range(char text[QUIZ_RANGE_MAX], struct quiz_range range);

/* "1 frame" or "3 frames". */
const char *quiz_tell_count(char text[QUIZ_RANGE_MAX], unsigned count);

/* "4" or "4-6". */
const char *quiz_tell_short(char text[QUIZ_RANGE_MAX], struct quiz_range range);

/*
 * Formats the rule that the question needs, if any; then the question, which must be understood
 * without the rule, because the verdict repeats it; and why its answer is right.
 */
void quiz_teach(struct quiz_maker *maker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void quiz_ask(struct quiz_maker *maker, enum quiz_asked asked, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void quiz_tell_why(struct quiz_maker *maker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Offers a choice, unless there are enough, or one has that label already; the first is the right
 * one. `because` is formatted. Without a label, of a question for a number: what to say to this
 * number, if it is not the right one.
 */
void quiz_offer(struct quiz_maker *maker, unsigned value, const char *label, const char *because,
                ...) __attribute__((format(printf, 4, 5)));

/* Asks for a number. Wrong numbers that are expected may then be offered. */
void quiz_want_number(struct quiz_maker *maker, unsigned right);

#endif
