#ifndef MM_TREE_H
#define MM_TREE_H

/*
 * The binary tree of aligned blocks that gives the buddy system its name, over one range of frames.
 * A block of order n has 2^n frames and begins at a multiple of 2^n; its buddy is the other half of
 * the block above.
 *
 *   order 11            [                   1536 of 2048                   ]
 *                        /                                                \
 *   order 10   [      full: 1024 free      ]              [       512 of 1024        ]
 *               /                        \                  /                      \
 *   order 9   nothing                  nothing          [ full ]                [ 0 of 512 ]
 *
 * A full block is a free buddy: all its frames are free, and nothing is said below it. Taking
 * frames out of it splits it: the halves become full, and the one that is hit is split in turn.
 * Giving the last frames back merges it: two full halves become nothing, and the block full. So a
 * change goes down at most two paths, however many frames it has. Leaves, of order 9, have a bit
 * for each frame, set if it is free. Where there is nothing, all bits and numbers are 0, as in what
 * has no free frame: what the tables hold follows from what is free.
 *
 * What else a block knows of the free frames inside it is in reach.h.
 */

#include "reach.h"
#include "types.h"

MM_BEGIN_DECLS

#define TREE_LEVELS (ORDER_MAX + 1 - LEAF_ORDER)

/*
 * The blocks of one order. Only those that hold frames of the range have memory, and their buddies.
 */
struct tree_level {
    reach_t *blocks;
    uint32_t first_block;
    uint32_t block_count;
    uint32_t block_bytes;
};

/*
 * Frames are numbered from `origin`, a multiple of the largest blocks' size, so that a block's
 * number is a frame's number shifted right. At most two blocks of the largest order hold the range.
 */
struct tree {
    pfn_t origin;
    uint32_t first; /* the range is [origin + first, origin + end) */
    uint32_t end;
    unsigned top; /* the largest order */
    uint64_t *free_bits; /* of the leaves */
    struct tree_level *levels; /* from LEAF_ORDER to top */
};

/* The lowest order, from LEAF_ORDER on, of which at most two blocks hold the whole range. */
unsigned tree_top(struct frame_range range);

/* Bytes of tables for a range of 1 to 2^31 frames, a multiple of 8. */
size_t tree_table_bytes(struct frame_range range);

/* Lays the tree out in `tables`, 8-byte aligned: no frame is free. */
void tree_init(struct tree *tree, struct frame_range range, void *tables);

/*
 * Takes [first, end), all of it free, out of the tree, or gives it back, none of it free. Returns
 * which rows of the largest blocks changed (reach.h).
 */
uint32_t tree_take(struct tree *tree, uint32_t first, uint32_t end);
uint32_t tree_give(struct tree *tree, uint32_t first, uint32_t end);

static inline reach_t *tree_block(const struct tree *tree, unsigned order, uint32_t block)
{
    const struct tree_level *level = &tree->levels[order - LEAF_ORDER];
    MM_ASSERT_COSTLY(order >= LEAF_ORDER && order <= tree->top);
    MM_ASSERT_COSTLY(block - level->first_block < level->block_count);
    return level->blocks + (size_t)level->block_bytes * (block - level->first_block);
}

static inline uint64_t *tree_word(const struct tree *tree, uint32_t frame)
{
    MM_ASSERT_COSTLY((frame >> LEAF_ORDER) - tree->levels[0].first_block <
                     tree->levels[0].block_count);
    return tree->free_bits + (frame / WORD_BITS - tree->levels[0].first_block * LEAF_WORDS);
}

/* True if the frame is free in this tree. */
bool tree_has(const struct tree *tree, uint32_t frame);

/* The free run that holds `frame`, which is free: its first frame and its end. */
uint32_t tree_run_first(const struct tree *tree, uint32_t frame);
uint32_t tree_run_end(const struct tree *tree, uint32_t frame);

/* The longest free run of all. */
uint32_t tree_longest(const struct tree *tree);

/* NULL if numbers and bits agree, else what does not. *free_count receives the free frames. */
const char *tree_check(const struct tree *tree, pfn_t *free_count);

MM_END_DECLS

#endif
