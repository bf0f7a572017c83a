#ifndef KERNEL_VIEW_TREE_H
#define KERNEL_VIEW_TREE_H

/*
 * The tree of orders: a row for each, over the part of RAM that the map of frames shows, with the
 * free buddies of that order at their places. What is split goes a row up, to a smaller order; what
 * is merged goes a row down.
 *
 *    4K  |  .            .          |  x2      8K
 *    8K  |   .                      |  x1      8K
 *   16K  |    ==  ==                |  x2     32K
 *   32K  |            ====    ====  |  x2     64K      counts and amounts: of all RAM
 *
 * Where a pixel stands for many frames, it is brighter if it has several buddies.
 */

#include "mm/buddy.h"
#include "view_grid.h"
#include "view_marks.h"
#include "view_part.h"

#define VIEW_TREE_PIXELS_MAX 1024

struct view_tree {
    struct view_part part;
    const struct view_grid *grid; /* of the map of frames, which it stands beside */
    const struct view_marks *marks; /* drawn over it */
    unsigned order_count;
    struct canvas_rect map; /* of the rows' pixels */
    uint64_t counts[BUDDY_ORDER_COUNT]; /* free buddies in all RAM */
    uint32_t drawn[BUDDY_ORDER_COUNT]; /* fingerprint of each line, 0: nothing */
    uint32_t drawn_axis;
    uint8_t pixels[BUDDY_ORDER_COUNT][VIEW_TREE_PIXELS_MAX];
};

/* Begins a snapshot of a machine with at least one order. */
void view_tree_begin(struct view_tree *tree, unsigned order_count);

/* Enters a free run of the machine; all that is free comes once, in ascending order. */
void view_tree_enter(struct view_tree *tree, struct frame_range run);

/* Draws the lines that differ from the screen, with the marks over them. */
void view_tree_draw(struct view_tree *tree);

/* Which buddy or node is at a pixel: the row's smallest order and the frames. False if none. */
bool view_tree_at(const struct view_tree *tree, int x, int y, unsigned *order, pfn_t *pfn);

#endif
