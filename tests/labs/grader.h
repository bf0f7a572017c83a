#ifndef LABS_GRADER_H
#define LABS_GRADER_H

/*
 * What all graders share: the rules of a lab are tried one after the other, each with many cases; a
 * case that fails is made smaller as long as it fails. The judge asks the student's process for
 * answers (student.h), and compares them with what it knows itself.
 *
 * A case is numbers, so that one shrinker does for all labs: a head, and items in a row.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_NUMBERS 4
#define ITEM_NUMBERS 8
#define ITEMS_MAX 512

struct lab_item {
    uint64_t numbers[ITEM_NUMBERS];
};

struct lab_case {
    char name[80]; /* where it is from; "": made up */
    uint64_t head[HEAD_NUMBERS];
    size_t item_count;
    struct lab_item items[ITEMS_MAX];
};

struct lab_rule {
    const char *name; /* a word */
    unsigned points;
    const char *sentence; /* what it wants */
    /* Makes case number `index`, 0 and on, the simple ones first. False: there are no more. */
    bool (*make)(struct lab_case *made, size_t index, uint64_t *random);
    unsigned checks; /* bits of the lab's own: what else is looked at */
};

/* ---- what each lab has ----------------------------------------------------------------------- */

extern const unsigned lab_number;
extern const struct lab_rule lab_rules[];
extern const size_t lab_rule_count;

/* Plays a case, in the judge: asks the student's process, and compares. */
void lab_play(const struct lab_case *played, const struct lab_rule *rule);

/* True if a case that was made smaller still means something. */
bool lab_is_legal(const struct lab_case *smaller);

/* Numbers get simpler towards a value: at once, or also by halves and by ones. */
struct lab_target {
    uint64_t value;
    bool is_walk;
};

#define IN_HEAD SIZE_MAX

/* Where a number of an item, or of the head, tends to; returns how many targets there are. */
size_t lab_targets(const struct lab_case *smaller, size_t item, size_t number,
                   struct lab_target targets[2]);

/* ---- what a play calls ----------------------------------------------------------------------- */

enum outcome {
    OUTCOME_RIGHT,
    OUTCOME_WRONG, /* an answer is */
    OUTCOME_CRASH, /* the student's process ended, or would not have */
    OUTCOME_LATE, /* it used up its time or memory: not tried again */
    OUTCOME_FOUL, /* what happened is no mistake: the lab is worth no point */
};

/* Adds to the story of the case, as in "take 3 -> 0; ". */
void grader_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the play: the story, followed by this, says what is wrong. */
_Noreturn void grader_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what is no wrong answer. */
_Noreturn void grader_end(enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The folder with the firmware maps, from the command line. */
const char *grader_maps(void);

#endif
