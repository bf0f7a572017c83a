#ifndef KERNEL_MODEL_H
#define KERNEL_MODEL_H

/*
 * What an allocator of frames must answer, found out the slow way: two bits a frame, and a search
 * that looks at every free run. It is told each request with the answer that it got, and says what
 * is wrong with it. It works beside the real allocator in the kernel and in host tests, and knows
 * nothing of how that one works: buddy.h is the contract that it holds answers against.
 */

#include "mm/mm.h"

struct model_range;

struct model {
    struct model_range *lowest; /* the ranges, linked in ascending order */
    pfn_t frame_count;
    pfn_t free_count;
};

/*
 * Every function that returns a sentence returns NULL if the answer was right, and then the model
 * has done the same as the allocator; else what is wrong, and the model stays as it was.
 */

void model_init(struct model *model);

/* Bytes that a range needs: a quarter a frame, and some 50. */
size_t model_table_bytes(struct frame_range range);

/*
 * buddy_add_range answered `status`. `tables` is model_table_bytes(range) bytes, 8-byte aligned; if
 * the range was added, it belongs to the model from now on, else it is not looked at.
 */
const char *model_add_range(struct model *model, struct frame_range range, void *tables,
                            enum mm_status status);

/*
 * buddy_alloc answered `status`, and if that is MM_OK, `first`: the block must satisfy the request
 * and lie in the highest band that has room for it; a refusal is right if there is no place, or if
 * the request breaks the rule that it names.
 */
const char *model_alloc(struct model *model, const struct buddy_request *request,
                        enum mm_status status, pfn_t first);

/* True if the request breaks the rule that `status` names, or any rule; in frames or in bytes. */
bool model_is_wrong(const struct buddy_request *request, enum mm_status status);
bool model_is_wrong_at_all(const struct buddy_request *request);

/* Which of the request's wishes a block that begins at `first` misses, in the same unit. */
const char *model_misses(const struct buddy_request *request, uint64_t first);

/* True if the request is right and a free run satisfies it. */
bool model_has_room(const struct model *model, const struct buddy_request *request);

/* buddy_free answered `status`, and if that is MM_OK, `frame_count`. */
const char *model_free(struct model *model, pfn_t first, enum mm_status status, pfn_t frame_count);

/* Somebody else's block, requested where the model was not told. Its frames must be free. */
const char *model_enter(struct model *model, struct frame_range run);

/* The same as buddy_next_run, buddy_find_run and buddy_largest_run must answer. */
bool model_next_run(const struct model *model, pfn_t pfn, struct frame_range *run);
bool model_find_run(const struct model *model, pfn_t pfn, struct frame_range *run);
pfn_t model_largest_run(const struct model *model, pfn_t lowest, pfn_t limit);

/* Holds all that the buddy tells against the model: counts, orders, largest run, allocated runs. */
const char *model_compare(const struct model *model, const struct buddy *buddy);

/*
 * The same for a manager's callers: requests in bytes, by the rules of mm.h. Whether the ledger had
 * memory for its records the model cannot know: MM_NO_RECORD is taken for an answer.
 */

/* mm_alloc answered `status`, and if that is MM_OK, `block`. */
const char *model_mm_alloc(struct model *model, const struct mm_request *request,
                           enum mm_status status, const struct mm_block *block);

/* True if the request is right, and a free run satisfies it. */
bool model_mm_has_room(const struct model *model, const struct mm_request *request);

/* mm_free answered `status`. */
const char *model_mm_free(struct model *model, phys_t base, enum mm_status status);

/* Holds the manager's totals and its walk over the blocks against the model. */
const char *model_mm_compare(const struct model *model, struct mm *mm);

#endif
