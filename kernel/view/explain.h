#ifndef KERNEL_EXPLAIN_H
#define KERNEL_EXPLAIN_H

/*
 * The steps of a search, for people to look at: given the allocator as it is and a request that was
 * not made yet, which runs and which blocks of the tree are looked at, which of them are refused
 * and why, and where the block will lie. It is the allocator's own search, with an observer
 * (mm/search.h) that records what it sees; nothing is changed.
 */

#include "mm/choose.h"
#include "mm/mm.h"
#include "view_words.h"

/* The first steps and the last ones are kept, so that the outcome always is. */
#define EXPLAIN_FIRST_MAX 64
#define EXPLAIN_LAST_MAX 32
#define EXPLAIN_STEPS_MAX (EXPLAIN_FIRST_MAX + EXPLAIN_LAST_MAX)

#define EXPLAIN_TEXT_MAX 200

enum explain_what {
    EXPLAIN_WINDOW, /* where the block must lie */
    EXPLAIN_BAND, /* the part of the window that is searched now */
    EXPLAIN_LISTS, /* no list has a run that will do */
    EXPLAIN_TREE, /* the tree of a range is searched now */
    EXPLAIN_FREE, /* a block of the tree that is all free */
    EXPLAIN_OVER, /* a block without a place: stepped over */
    EXPLAIN_ENTER, /* a block that is looked into */
    EXPLAIN_UNLIKE, /* the run freed last has another length; the other reasons to refuse a run: */
    EXPLAIN_SHORT, /* it is too short */
    EXPLAIN_CUT, /* too little of it is inside the window, and only that is told */
    EXPLAIN_OUTSIDE, /* it is not in the window */
    EXPLAIN_MISALIGNED, /* no aligned place is in it */
    EXPLAIN_CROSSING, /* each aligned place has a multiple of the boundary inside */
    EXPLAIN_INSIDE, /* it has a place, but not at an end where blocks are cut off */
    EXPLAIN_PLACE, /* the block's place */
    EXPLAIN_NO_PLACE,
};

struct explain_step {
    uint8_t what; /* enum explain_what */
    uint8_t from; /* enum choice_source: who has the run that is refused, or that the place is in */
    uint8_t order; /* of a block */
    struct frame_range range; /* that it is about */
    uint32_t head; /* of a block: what the tree says of it (mm/reach.h); of EXPLAIN_TREE: how
                      many free frames of its range are set aside, and so not in it */
    uint32_t longest;
    uint32_t tail;
};

/* Some 4 KiB: it belongs into static memory. All zero at first: places are named by address. */
struct explain {
    struct search_observer observer;
    struct view_naming naming; /* how its sentences name places; the caller's to set */
    struct buddy_request request; /* in frames */
    bool found;
    struct frame_range place; /* if it was found */
    struct frame_range run; /* the free run that it is in */
    struct frame_range window; /* that is searched now */
    const struct buddy *buddy; /* likewise */
    pfn_t entered[BUDDY_ORDER_COUNT]; /* where the blocks begin that were looked into last */
    size_t step_count; /* of all */
    struct explain_step steps[EXPLAIN_STEPS_MAX];
};

/* The one for whoever tells one search at a time: a command, or a story of one. */
extern struct explain explain_shared;

/* True if the step is about a block of the tree; its order and summary mean something then. */
bool explain_is_block(const struct explain_step *step);

/* True if the step is about a free run that was refused. */
bool explain_is_refusal(const struct explain_step *step);

/*
 * Explains what mm_alloc would do now. If it would refuse the request unsearched, the status says
 * why, and there are no steps. The owner is not looked at.
 */
enum mm_status explain_request(struct explain *explain, const struct mm *mm,
                               const struct mm_request *request);

/* The same for buddy_alloc. */
enum mm_status explain_search(struct explain *explain, const struct buddy *buddy,
                              const struct buddy_request *request);

/* The steps that were kept, from 0; some may lack behind the first EXPLAIN_FIRST_MAX. */
size_t explain_kept_steps(const struct explain *explain);
const struct explain_step *explain_step_at(const struct explain *explain, size_t index);

/* ---- words (explain_words.c) ----------------------------------------------------------------- */

/* One word for what happens, such as "over". */
const char *explain_word(const struct explain_step *step);

/* One word for who has the run, such as "list"; NULL if the step has none. */
const char *explain_from_word(const struct explain_step *step);

/* A sentence that tells the step. */
const char *explain_tell(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX]);

#endif
