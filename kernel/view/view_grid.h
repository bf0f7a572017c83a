#ifndef KERNEL_VIEW_GRID_H
#define KERNEL_VIEW_GRID_H

/*
 * RAM cut into rows of cells, each cell the same power of two of page frames, and the walk that
 * tells what lies in each: what every picture of RAM begins with. Rows without RAM are left out.
 * Knows neither pixels nor characters.
 */

#include "kernel/lib/format.h"
#include "mm/memmap.h"
#include "mm/mm.h"
#include "view_owners.h"

#define VIEW_ROW_COUNT 96

struct view_grid {
    unsigned column_bits; /* log2 of the columns */
    unsigned cell_order; /* a cell has 2^cell_order frames */
    size_t row_count;
    uint64_t rows[VIEW_ROW_COUNT]; /* first frame / frames per row, ascending */
    struct frame_range shown; /* what of RAM; empty: all of it */
};

/* A run of frames of one kind: taken at boot, a block, or one of the buddies of free memory. */
struct view_piece {
    struct frame_range range;
    bool used;
    uint8_t owner; /* of a used one: index into the table of owners */
};

/* What lies in one cell. */
struct view_content {
    pfn_t used_count;
    pfn_t free_count;
    pfn_t vote; /* how far ahead that owner is */
    struct view_piece used_piece; /* what is bad; else of the owner who has the majority, if any */
    struct view_piece free_piece; /* the largest */
};

/*
 * Lists the rows that RAM lies in, or that part of it that is to be shown, at the scale of
 * grid->cell_order. False if there are more than `row_max`, which is at most VIEW_ROW_COUNT.
 */
bool view_grid_list_rows(struct view_grid *grid, const struct memmap *map, size_t row_max);

/* So many frames in bytes, or a frame's address, to be printed. */
static inline number_t view_bytes(pfn_t frames)
{
    return frames << FRAME_SHIFT;
}

/* The frames of a region of a rounded map. */
static inline struct frame_range view_frames_of(const struct region *region)
{
    return (struct frame_range){region->base >> FRAME_SHIFT, region->end >> FRAME_SHIFT};
}

/* The frames that the bytes [base, end) lie in. */
static inline struct frame_range view_frames_between(phys_t base, phys_t end)
{
    return (struct frame_range){base >> FRAME_SHIFT, (end + FRAME_BYTES - 1) >> FRAME_SHIFT};
}

/* What of the range lies in the other one; empty if nothing does. */
static inline struct frame_range view_clip(struct frame_range range, struct frame_range to)
{
    return (struct frame_range){range.first > to.first ? range.first : to.first,
                                range.end < to.end ? range.end : to.end};
}

/* The cells of all rows. */
static inline size_t view_grid_cell_count(const struct view_grid *grid)
{
    return grid->row_count << grid->column_bits;
}

/* log2 of a row's frames. */
unsigned view_grid_row_order(const struct view_grid *grid);

phys_t view_grid_row_address(const struct view_grid *grid, size_t row);

/* True if rows were left out between this one and the one before. */
bool view_grid_follows_gap(const struct view_grid *grid, size_t row);

/* The frames of a cell, counted through all rows. */
struct frame_range view_grid_cell_range(const struct view_grid *grid, size_t cell);

/* The cells, counted through all rows, that show some of the range: [*first, *end). False: none. */
bool view_grid_find_cells(const struct view_grid *grid, struct frame_range range, size_t *first,
                          size_t *end);

/* Who is told what a walk finds: each cell that has RAM, and each free run, shown or not. */
struct view_taker {
    void (*take_cell)(void *context, size_t row, size_t column, const struct view_content *content);
    void *context;
    void (*take_free)(void *free_context, struct frame_range run); /* may be NULL */
    void *free_context;
};

/*
 * Tells `taker` of all cells and all free runs, in ascending order, and adds up in `owners` who
 * holds how much. All rows must be listed, and the map rounded.
 */
void view_grid_walk(const struct view_grid *grid, const struct memmap *map, struct mm *mm,
                    struct view_owners *owners, const struct view_taker *taker);

#endif
