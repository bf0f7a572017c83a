#ifndef MM_TREE_H
#define MM_TREE_H

/*
 * The binary tree of aligned blocks that gives the buddy system its name, over one range of frames.
 * A block of order n has 2^n frames and begins at a multiple of 2^n. Its buddy is the other half of
 * the block above.
 *
 *   order 11            [                   1536 of 2048                   ]
 *                        /                                                \
 *   order 10   [      full: 1024 free      ]              [       512 of 1024        ]
 *               /                        \                  /                      \
 *   order 9   nothing                  nothing          [ full ]                [ 0 of 512 ]
 *
 * A full block is a free buddy: all its frames are free, and nothing is stored below it. If frames
 * are taken out of it, it is split: both halves become full, and those with such frames are split
 * in turn. If its last frames are given back, it is merged: it becomes full, and its two full
 * halves become nothing. So a change goes down at most two paths, however many frames it has. The
 * leaves, of order 9, have a bit for each frame, which is set if the frame is free. "Nothing" means
 * that all bits and numbers are 0, as if no frame were free. So the tables depend only on which
 * frames are free.
 *
 * What else a block knows of the free frames inside it is in reach.h.
 */

#include "reach.h"
#include "types.h"

MM_BEGIN_DECLS

#define TREE_LEVELS (ORDER_MAX + 1 - LEAF_ORDER)

/* The blocks of one order. Only blocks with frames of the range, and their buddies, have memory. */
struct tree_level {
    reach_t *blocks;
    uint32_t first_block;
    uint32_t block_count;
    uint32_t block_bytes;
};

/*
 * Frames are numbered from `origin`, a multiple of the largest blocks' size. So a frame's number,
 * shifted right, is its block's number. At most two blocks of the largest order hold the range.
 */
struct tree {
    pfn_t origin;
    uint32_t first; /* the range is [origin + first, origin + end) */
    uint32_t end;
    unsigned top; /* the largest order */
    uint64_t *free_bits; /* of the leaves */
    struct tree_level *levels; /* from LEAF_ORDER to top */
};

/* The lowest order, from LEAF_ORDER on, of which two blocks at most hold the whole range. */
unsigned tree_top(struct frame_range range);

/* How many bytes of tables a range of 1 to 2^31 frames needs, a multiple of 8. */
size_t tree_table_bytes(struct frame_range range);

/* Lays the tree out in tree_table_bytes() bytes at `tables`, 8-byte aligned: no frame is free. */
void tree_init(struct tree *tree, struct frame_range range, void *tables);

/*
 * Takes [first, end), of which all is free, out of the tree; or gives it back, when none of it is
 * free. Returns the rows of the largest blocks that changed (reach.h).
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

/* The first frame, and the end, of the free run that holds `frame`, which is free. */
uint32_t tree_run_first(const struct tree *tree, uint32_t frame);
uint32_t tree_run_end(const struct tree *tree, uint32_t frame);

/* The length of the longest free run. */
uint32_t tree_longest(const struct tree *tree);

/* NULL if numbers and bits agree, else what is wrong. *free_count receives the free frames. */
const char *tree_check(const struct tree *tree, pfn_t *free_count);

MM_END_DECLS

#endif
