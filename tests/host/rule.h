#ifndef TESTS_HOST_RULE_H
#define TESTS_HOST_RULE_H

/*
 * The rule of mm/buddy.h, as slow and as plain as it can be told: where each block must go, and who
 * has the free frames then. All frames of all ranges are in one list of parts, in ascending order;
 * each part is a block, or free and in one of the places that buddy.h names.
 */

#include "mm/buddy.h"

enum rule_holder { RULE_BLOCK, RULE_LAST, RULE_CUT, RULE_LISTED, RULE_TREE };

struct rule_part {
    pfn_t first;
    pfn_t end;
    enum rule_holder holder;
    uint64_t listed_at; /* the larger, the later; of listed parts */
    pfn_t range; /* the first frame of its range */
};

#define RULE_PARTS_MAX 16384

struct rule {
    struct rule_part parts[RULE_PARTS_MAX];
    size_t part_count;
    uint64_t clock;
    /* what the index has room for */
    pfn_t listed_end; /* listed runs are shorter */
    size_t listed_max;
    pfn_t lowest_listed; /* ranges below have no lists */
};

/* Starts without frames. */
void rule_init(struct rule *rule);

/*
 * A range was added, or the index has other memory; `index` is as it is afterwards. A range may not
 * overlap another.
 */
void rule_add_range(struct rule *rule, struct frame_range range);
void rule_move_index(struct rule *rule, const struct run_index *index);

/* Where the block of a valid request must go; it goes there. False if it must be refused. */
bool rule_alloc(struct rule *rule, const struct buddy_request *request, pfn_t *first);

/* Frees a block that begins at `first`. */
void rule_free(struct rule *rule, pfn_t first);

/* NULL if the buddy says the same of who has each frame, else what is not as the rule says. */
const char *rule_compare(const struct rule *rule, const struct buddy *buddy);

#endif
