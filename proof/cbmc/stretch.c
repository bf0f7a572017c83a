/* How large the blocks of a tree and the orders of a stretch are, for every range of frames. */

#include "any.h"
#ifdef WITH_REACH
#include "mm/reach.c"
#endif
#include "mm/stretch.c"
#include "mm/tree.c"

static struct frame_range any_frames(void)
{
    struct frame_range frames = {any64(), any64()};
    assume(frames.first < frames.end && frames.end <= PHYS_LIMIT >> FRAME_SHIFT);
    assume(frames.end - frames.first <= (pfn_t)1 << ORDER_MAX);
    return frames;
}

/* At most two blocks of the largest order hold a range, and no smaller order would do. */
void prove_top(void)
{
    struct frame_range frames = any_frames();
    unsigned top = tree_top(frames);
    claim(top >= LEAF_ORDER && top <= ORDER_MAX);
    claim((frames.end - 1) >> top <= (frames.first >> top) + 1);
    claim(top == LEAF_ORDER || (frames.end - 1) >> (top - 1) > (frames.first >> (top - 1)) + 1);
    REACHED();
}

/* Frame 0 apart, no frame of a range is a multiple of its order, unless the order is the most. */
void prove_order(void)
{
    struct frame_range frames = any_frames();
    pfn_t frame = any64();
    unsigned order = order_of(frames);
    assume(frame >= frames.first && frame < frames.end && frame > 0);
    claim(order >= tree_top(frames));
    claim(order >= STRETCH_ORDER_MAX || frame >> order << order != frame);
    REACHED();
}

/* The blocks of each order are numbered in pairs, and hold the range. */
void prove_lay_out(void)
{
    struct tree_level levels[TREE_LEVELS];
    struct tree tree;
    struct frame_range frames = any_frames();
    unsigned order = (unsigned)any_below(ORDER_MAX + 1);
    tree.levels = levels;
    lay_out(&tree, frames);
    assume(order >= LEAF_ORDER && order <= tree.top);
    const struct tree_level *level = &levels[order - LEAF_ORDER];
    claim(tree.origin + tree.first == frames.first && tree.origin + tree.end == frames.end);
    claim(tree.first < tree.end);
    claim(level->first_block % 2 == 0 && level->block_count % 2 == 0);
    claim(tree.first >> order >= level->first_block);
    claim(((tree.end - 1) >> order) - level->first_block < level->block_count);
    claim(level->block_bytes == reach_bytes(order) && level->block_bytes <= REACH_BYTES_MAX);
    REACHED();
}
