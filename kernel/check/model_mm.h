#ifndef KERNEL_MODEL_MM_H
#define KERNEL_MODEL_MM_H

/*
 * The model (model.h) for a manager's callers: requests in bytes, by the rules of mm.h. Whether the
 * ledger had memory for its records it cannot know: MM_NO_RECORD is taken for an answer.
 */

#include "mm/mm.h"
#include "model.h"

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
