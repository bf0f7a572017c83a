/*
 * Finds out what lies in each cell of RAM. The map and the allocator are walked once, in ascending
 * order, as a sequence of pieces. Each piece adds to the cells that it covers; a cell is finished
 * when the first piece beyond it comes. So nothing has to be kept but the cell at hand.
 */

#include "view_grid.h"

#include "view_splits.h"

struct walk {
    const struct view_grid *grid;
    struct view_owners *owners;
    const struct view_taker *taker;
    struct frame_range visible; /* by the rows that are listed */
    size_t row;
    size_t column;
    struct view_content content; /* of the cell at hand; no frames: there is none yet */
};

unsigned view_grid_row_order(const struct view_grid *grid)
{
    return grid->cell_order + grid->column_bits;
}

phys_t view_grid_row_address(const struct view_grid *grid, size_t row)
{
    return grid->rows[row] << (view_grid_row_order(grid) + FRAME_SHIFT);
}

bool view_grid_follows_gap(const struct view_grid *grid, size_t row)
{
    return row > 0 && row < grid->row_count && grid->rows[row] - grid->rows[row - 1] > 1;
}

bool view_grid_list_rows(struct view_grid *grid, const struct memmap *map, size_t row_max)
{
    unsigned order = view_grid_row_order(grid);
    struct frame_range shown = grid->shown;
    uint64_t next = 0;
    if (shown.first == shown.end)
        shown = (struct frame_range){0, PHYS_LIMIT >> FRAME_SHIFT};
    grid->row_count = 0;
    for (size_t i = 0; i < map->count; i++) {
        struct frame_range range = view_clip(view_frames_of(&map->regions[i]), shown);
        if (map->regions[i].kind != REGION_USABLE || range.first >= range.end)
            continue;
        uint64_t first = range.first >> order > next ? range.first >> order : next;
        next = ((range.end - 1) >> order) + 1;
        for (uint64_t number = first; number < next; number++) {
            if (grid->row_count == row_max)
                return false;
            grid->rows[grid->row_count] = number;
            grid->row_count++;
        }
    }
    return true;
}

struct frame_range view_grid_cell_range(const struct view_grid *grid, size_t cell)
{
    size_t column = cell & (((size_t)1 << grid->column_bits) - 1);
    pfn_t first = grid->rows[cell >> grid->column_bits] << view_grid_row_order(grid);
    first += (pfn_t)column << grid->cell_order;
    return (struct frame_range){first, first + ((pfn_t)1 << grid->cell_order)};
}

/* The first cell that ends above the frame; behind the last one if none does. */
static size_t first_cell_above(const struct view_grid *grid, pfn_t pfn)
{
    uint64_t number = pfn >> view_grid_row_order(grid);
    size_t low = 0;
    size_t high = grid->row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (grid->rows[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == grid->row_count || grid->rows[low] != number)
        return low << grid->column_bits;
    return (low << grid->column_bits) +
           ((size_t)(pfn >> grid->cell_order) & (((size_t)1 << grid->column_bits) - 1));
}

bool view_grid_find_cells(const struct view_grid *grid, struct frame_range range, size_t *first,
                          size_t *end)
{
    if (range.first >= range.end)
        return false;
    *first = first_cell_above(grid, range.first);
    *end = first_cell_above(grid, range.end - 1);
    if (*end < view_grid_cell_count(grid) && view_grid_cell_range(grid, *end).first < range.end)
        ++*end;
    return *first < *end;
}

static void finish_cell(struct walk *walk)
{
    if (walk->content.used_count + walk->content.free_count != 0)
        walk->taker->take_cell(walk->taker->context, walk->row, walk->column, &walk->content);
    walk->content = (struct view_content){0};
}

/* Pieces ascend: the row is the one at hand, or a later one. */
static void move_to_cell(struct walk *walk, pfn_t pfn)
{
    const struct view_grid *grid = walk->grid;
    size_t column = (size_t)(pfn >> grid->cell_order) & (((size_t)1 << grid->column_bits) - 1);
    size_t row = walk->row;
    while (grid->rows[row] < pfn >> view_grid_row_order(grid))
        row++;
    if (row == walk->row && column == walk->column)
        return;
    finish_cell(walk);
    walk->row = row;
    walk->column = column;
}

static void add_free_frames(struct view_content *content, const struct view_piece *piece,
                            pfn_t frame_count)
{
    const struct frame_range *largest = &content->free_piece.range;
    if (piece->range.end - piece->range.first > largest->end - largest->first)
        content->free_piece = *piece;
    content->free_count += frame_count;
}

#define VOTE_OF_ALL ((pfn_t)1 << 62)

/*
 * Boyer and Moore's vote: whoever has the majority is ahead at the end, in whatever order. What is
 * bad has all votes, or a frame of it would never be seen.
 */
static void add_used_frames(struct view_content *content, const struct view_piece *piece,
                            pfn_t frame_count, bool is_bad)
{
    bool same = piece->owner == content->used_piece.owner;
    content->used_count += frame_count;
    if (is_bad) {
        content->vote = VOTE_OF_ALL;
        content->used_piece = *piece;
        return;
    }
    if (!same && content->vote >= frame_count) {
        content->vote -= frame_count;
        return;
    }
    content->vote = same ? content->vote + frame_count : frame_count - content->vote;
    content->used_piece = *piece;
}

static void add_piece(struct walk *walk, const struct view_piece *piece)
{
    pfn_t cell_frames = (pfn_t)1 << walk->grid->cell_order;
    bool is_bad = piece->used && view_style_is_bad(walk->owners->owners[piece->owner].style);
    struct frame_range range = view_clip(piece->range, walk->visible);
    pfn_t next;
    for (pfn_t pfn = range.first; pfn < range.end; pfn = next) {
        next = (pfn & ~(cell_frames - 1)) + cell_frames;
        next = next < range.end ? next : range.end;
        move_to_cell(walk, pfn);
        if (piece->used)
            add_used_frames(&walk->content, piece, next - pfn, is_bad);
        else
            add_free_frames(&walk->content, piece, next - pfn);
    }
}

/* Cuts a free run into the largest aligned powers of two, as the buddies hold it. */
static void add_free(struct walk *walk, struct frame_range run)
{
    if (run.first < run.end && walk->taker->take_free)
        walk->taker->take_free(walk->taker->free_context, run);
    while (run.first < run.end) {
        pfn_t next = run.first + ((pfn_t)1 << view_first_order(run));
        add_piece(walk, &(struct view_piece){.range = {run.first, next}});
        run.first = next;
    }
}

static void add_used(struct walk *walk, struct frame_range range, const char *owner, bool at_boot)
{
    uint64_t held_bytes = (range.end - range.first) << FRAME_SHIFT;
    struct view_piece piece = {.range = range, .used = true};
    piece.owner = (uint8_t)view_owners_add(walk->owners, owner, at_boot, held_bytes);
    add_piece(walk, &piece);
}

/* Blocks, and what is free between them, in a region that the allocator manages. */
static void add_managed(struct walk *walk, const struct region *region, struct mm *mm)
{
    struct frame_range rest = view_frames_of(region);
    phys_t cursor = region->base;
    struct mm_block block;
    while (rest.first < rest.end && mm_next_block(mm, &cursor, &block) &&
           block.base < region->end) {
        struct frame_range range = {block.base >> FRAME_SHIFT, cursor >> FRAME_SHIFT};
        add_free(walk, (struct frame_range){rest.first, range.first});
        add_used(walk, range, block.owner, false);
        rest.first = range.end;
    }
    add_free(walk, rest);
}

/* Rows are listed for usable memory: bad memory is shown where one of them has a place for it. */
static void add_bad(struct walk *walk, struct frame_range bad)
{
    unsigned order = view_grid_row_order(walk->grid);
    for (size_t row = walk->row; row < walk->grid->row_count; row++) {
        pfn_t first = walk->grid->rows[row];
        struct frame_range both =
            view_clip(bad, (struct frame_range){first << order, (first + 1) << order});
        if (both.first < both.end)
            add_used(walk, both, VIEW_OWNER_BAD, false);
    }
}

void view_grid_walk(const struct view_grid *grid, const struct memmap *map, struct mm *mm,
                    struct view_owners *owners, const struct view_taker *taker)
{
    struct walk walk = {.grid = grid, .owners = owners, .taker = taker};
    if (grid->row_count > 0) {
        walk.visible.first = grid->rows[0] << view_grid_row_order(grid);
        walk.visible.end = (grid->rows[grid->row_count - 1] + 1) << view_grid_row_order(grid);
    }
    for (size_t i = 0; i < map->count; i++) {
        const struct region *region = &map->regions[i];
        struct frame_range range = view_frames_of(region);
        if (region->kind == REGION_USABLE && region->owner)
            add_used(&walk, range, region->owner, true);
        else if (region->kind == REGION_USABLE)
            add_managed(&walk, region, mm);
        else if (region->kind == REGION_BAD)
            add_bad(&walk, range);
    }
    finish_cell(&walk);
}
