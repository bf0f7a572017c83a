#ifndef LABS_JUDGE_H
#define LABS_JUDGE_H

/*
 * What an answer of labs 2 to 5 is worth, in words: the kernel's own model (kernel/check/model.h)
 * knows what is free, and a sentence names the frames. It works on the host and in the kernel.
 */

#include "contract.h"
#include "kernel/check/model.h"

#define JUDGE_TEXT_MAX 160

struct judge {
    struct model model;
    pfn_t base; /* the model's number of frame 0 */
    uint32_t first;
    uint32_t frame_count;
};

/* Starts with all frames free. `tables` is judge_table_bytes bytes, 8-byte aligned. */
size_t judge_table_bytes(uint32_t frame_count);
void judge_start(struct judge *judge, uint32_t first, uint32_t frame_count, void *tables);

/*
 * allocator.take answered `answer`. NULL if that is right, and the judge has taken the block too;
 * else what is wrong, as the end of "take 3 -> 7", in `text`.
 */
const char *judge_take(struct judge *judge, const struct allocator_request *request,
                       uint32_t answer, char text[JUDGE_TEXT_MAX]);

/* The frames are given back: all of them are taken, in one block or, where a lab allows it, not. */
void judge_give(struct judge *judge, uint32_t first, uint32_t count);

/* True if the lab wants this to be refused by allocator.give. */
bool judge_is_wrong_give(const struct judge *judge, uint32_t first, uint32_t count);

/* A request as judges mean it: what the lab does not let one name is filled in. */
struct allocator_request judge_request(const struct judge *judge,
                                       const struct allocator_request *request);

/* The free frames in a row that begin at or above `from`. False if there are none. */
bool judge_next_free(const struct judge *judge, uint32_t from, uint32_t *first, uint32_t *count);

/* The free buddy of a run of free frames that begins at `at`: as large as it may be. */
unsigned judge_buddy_order(uint32_t at, uint32_t end);

#endif
