#ifndef KERNEL_EXPLAIN_H
#define KERNEL_EXPLAIN_H

/*
 * The steps of a search, for people to look at: given the allocator as it is and a request that was
 * not made yet, which nodes of the tree are looked at, which runs are refused and why, and where the
 * block will lie. It reads the tables of mm/ and changes nothing, kept runs included; so it is no
 * part of the allocator, and the allocator pays nothing for it.
 */

#include "mm/mm.h"

/* The first steps and the last ones are kept, so that the outcome always is. */
#define EXPLAIN_FIRST_MAX 96
#define EXPLAIN_LAST_MAX 32
#define EXPLAIN_STEPS_MAX (EXPLAIN_FIRST_MAX + EXPLAIN_LAST_MAX)

#define EXPLAIN_TEXT_MAX 160

enum explain_what {
    EXPLAIN_WINDOW, /* where the block must lie */
    EXPLAIN_KEPT, /* a run freed a moment ago is taken as it is */
    EXPLAIN_KEPT_HIGH, /* there is one, but it ends above the limit */
    EXPLAIN_BAND, /* the part of the window that is searched now */
    EXPLAIN_SETTLE, /* kept runs go back to the tree: range.end - range.first of them */
    EXPLAIN_RANGE, /* no run of this range of RAM is long enough */
    EXPLAIN_FREE, /* a node that is all free */
    EXPLAIN_OVER, /* a node that no run is long enough in: stepped over */
    EXPLAIN_ENTER, /* a node that is looked into */
    EXPLAIN_HEAD, /* a node that begins with too few free frames for an aligned block */
    EXPLAIN_SHORT, /* a free run that is too short, and the other reasons to refuse one: */
    EXPLAIN_CUT, /* the window cuts it too short */
    EXPLAIN_MISALIGNED, /* no aligned place in it */
    EXPLAIN_CROSSING, /* each aligned place has a multiple of the boundary inside */
    EXPLAIN_PLACE, /* the block's place */
    EXPLAIN_NO_PLACE,
};

struct explain_step {
    uint8_t what; /* enum explain_what */
    uint8_t order; /* of a node */
    struct frame_range range; /* of a node, a run or a place */
    uint32_t head; /* of a node: see span.h */
    uint32_t longest;
    uint32_t tail;
};

/* Some 9 KiB: it belongs into static memory. */
struct explain {
    struct buddy_request request; /* in frames */
    bool found;
    struct frame_range place; /* if it was found */
    size_t step_count; /* of all */
    struct explain_step steps[EXPLAIN_STEPS_MAX];
    struct frame_range kept[BUDDY_QUICK_MAX]; /* in the order in which they would be given back */
    size_t kept_count;
    size_t settled_count; /* of them: so many count as given back */
};

/* True if the step is about a node of the tree; its order and summary mean something then. */
bool explain_is_node(const struct explain_step *step);

/* True if the step is about a free run that was refused. */
bool explain_is_refusal(const struct explain_step *step);

/*
 * Explains what mm_alloc would do now. If it would refuse the request unsearched, the status says
 * why, and there are no steps. The owner is not looked at.
 */
enum mm_status explain_request(struct explain *explain, const struct mm *mm,
                               const struct mm_request *request);

/* The same for buddy_alloc. */
void explain_search(struct explain *explain, const struct buddy *buddy,
                    const struct buddy_request *request);

/* The steps that were kept, from 0; between the first EXPLAIN_FIRST_MAX and the rest some may lack. */
size_t explain_kept_steps(const struct explain *explain);
const struct explain_step *explain_step_at(const struct explain *explain, size_t index);

/* One word for what happens, such as "over". */
const char *explain_word(const struct explain_step *step);

/* A phrase that tells the step. */
const char *explain_tell(const struct explain *explain, const struct explain_step *step,
                         char text[EXPLAIN_TEXT_MAX]);

/*
 * The free run that holds `pfn`; empty if the frame is not free. Kept runs count as allocated:
 * whoever has to see them as free looks at the largest run first, which gives all of them back.
 */
struct frame_range explain_free_run(const struct buddy *buddy, pfn_t pfn);

#endif
