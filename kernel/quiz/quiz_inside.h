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

/* Where the request would go. False if it would be refused. Changes nothing. */
bool quiz_find(const struct quiz_maker *maker, const struct buddy_request *request,
               struct choice *found);

/* The first free run that ends above `pfn`, within [0, limit); false if there is none. */
bool quiz_next_free(const struct quiz_maker *maker, pfn_t pfn, pfn_t limit,
                    struct frame_range *run);

/* The longest free run within [0, limit); the lowest of several. */
struct frame_range quiz_longest_run(const struct quiz_maker *maker, pfn_t limit);

/* The largest free buddy that holds a free frame. */
struct frame_range quiz_buddy_of(const struct quiz_maker *maker, pfn_t pfn);

/* The largest free buddy of all; the lowest of several. Empty if no frame is free. */
struct frame_range quiz_largest_buddy(const struct quiz_maker *maker);

/* The first of so many frames that a block has; QUIZ_FRAMES if all of them are free. */
pfn_t quiz_first_used(const struct quiz_maker *maker, struct frame_range range);

/* The frames of a live block. */
struct frame_range quiz_block(const struct quiz_question *question, char name);

/* Chooses `count` live blocks, and frees them on the machine, but not in question->frames. */
bool quiz_free_some(struct quiz_maker *maker, unsigned count);

/* The next power of two: `count` itself, if it is one. */
unsigned quiz_round_up(unsigned count);

/* ---- words (quiz_words.c) -------------------------------------------------------------------- */

#define QUIZ_RANGE_MAX 32

/* "frame 4" or "frames 4 to 6". */
const char *quiz_tell_range(char text[QUIZ_RANGE_MAX], struct frame_range range);

/* "2 frames" */
const char *quiz_tell_count(char text[QUIZ_RANGE_MAX], unsigned count);

/* Formats the question's text, and why its answer is right. */
void quiz_ask(struct quiz_maker *maker, enum quiz_asked asked, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void quiz_tell_why(struct quiz_maker *maker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Offers a choice, unless there are enough, or one has that label already; the first is the right
 * one. `because` is formatted.
 */
void quiz_offer(struct quiz_maker *maker, unsigned value, const char *label, const char *because,
                ...) __attribute__((format(printf, 4, 5)));

/* Asks for a number. Wrong numbers that are expected have a sentence; not the right one. */
void quiz_want_number(struct quiz_maker *maker, unsigned right);
void quiz_expect(struct quiz_maker *maker, unsigned wrong, const char *because, ...)
    __attribute__((format(printf, 3, 4)));

#endif
