/* Computes how large an index is, lays it out in its memory, and numbers the ranges. */

#include "index.h"

/* How many lists, nodes and ranges an index for so many frames has. */
struct sizes {
    uint32_t lengths;
    uint32_t node_count;
    uint32_t range_limit;
    uint32_t cell_limit; /* a power of two, at least two for each range */
};

/* One for each `share` frames beyond `base`, but at least `least` and at most `most`. */
MM_COLD static uint32_t share_of(pfn_t frame_count, uint32_t base, uint32_t share, uint32_t least,
                                 uint32_t most)
{
    pfn_t rest = frame_count > base ? frame_count - base : 0;
    if (rest >= (pfn_t)most * share)
        return most;
    return bits_larger((uint32_t)rest / share, least); /* 32 bits: nothing divides 64 */
}

#define SMALL_FRAMES ((pfn_t)64 * MIB >> FRAME_SHIFT)

/*
 * If `range_count` is 0, the number of ranges follows from frame_count. All sizes grow steadily. If
 * they grew in steps, all tables together would take more than one byte for each frame just above
 * each step. The least room is left just above 64 MiB.
 */
MM_COLD static struct sizes sizes_of(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes = {8, 8, 8, 2};
    if (frame_count >= SMALL_FRAMES) {
        sizes.lengths = share_of(frame_count, 14464, 240, 5, INDEX_LENGTH_MAX + 1);
        sizes.node_count = share_of(frame_count, 20480, 128, 3, INDEX_NODES_MAX);
        sizes.range_limit = share_of(frame_count, 12288, 2048, 2, 1024);
    }
    if (range_count > 0)
        sizes.range_limit = bits_smaller(range_count, RANGE_NOT_LISTED);
    while (sizes.cell_limit < 2 * sizes.range_limit)
        sizes.cell_limit *= 2;
    return sizes;
}

static size_t link_count(const struct sizes *sizes)
{
    return INDEX_NODE_LINKS * ((size_t)sizes->node_count + 1) +
           SHELF_COUNT * (size_t)sizes->lengths + sizes->cell_limit;
}

MM_COLD size_t index_bytes(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes = sizes_of(frame_count, range_count);
    size_t bytes = (sizeof(pfn_t) + sizeof(struct buddy_range *)) * sizes.range_limit +
                   sizeof(uint16_t) * link_count(&sizes);
    return (bytes + 7) & ~(size_t)7;
}

void index_init(struct run_index *index)
{
    struct index_shelf none = {0, 0, {0}};
    index->links = index->cells = NULL;
    index->origins = NULL;
    index->ranges = NULL;
    index->lengths = index->node_count = index->range_limit = 0;
    index->cell_limit = index->cell_count = index->cell_order = 0;
    for (unsigned shelf = 0; shelf < SHELF_COUNT; shelf++)
        index->shelves[shelf] = none;
}

static void place_arrays(struct run_index *index, const struct sizes *sizes, void *memory)
{
    index->origins = (pfn_t *)memory;
    index->ranges = (struct buddy_range **)(void *)(index->origins + sizes->range_limit);
    index->links = (uint16_t *)(void *)(index->ranges + sizes->range_limit);
    uint32_t lists = index_nodes_end(index);
    index->cells = index->links + lists + SHELF_COUNT * (size_t)sizes->lengths;
    for (unsigned shelf = 0; shelf < SHELF_COUNT; shelf++)
        index->shelves[shelf].lists = lists + shelf * sizes->lengths;
}

MM_COLD void index_create(struct run_index *index, void *memory, pfn_t frame_count,
                          uint32_t range_count)
{
    struct sizes sizes = sizes_of(frame_count, range_count);
    uint64_t *words = (uint64_t *)memory;
    for (size_t i = 0; i < index_bytes(frame_count, range_count) / sizeof *words; i++)
        words[i] = 0;
    index_init(index);
    index->lengths = sizes.lengths;
    index->node_count = sizes.node_count;
    index->range_limit = sizes.range_limit;
    index->cell_limit = sizes.cell_limit;
    place_arrays(index, &sizes, memory);
    for (uint32_t node = index_nodes_end(index); node > INDEX_NODE_LINKS;)
        index_free_node(index, node -= INDEX_NODE_LINKS);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

/* The number of cells; a cell has 2^*order frames. There are as many as there is room for. */
static uint32_t choose_cells(const struct run_index *index, const struct buddy_range *highest,
                             unsigned *order)
{
    *order = 0;
    if (!highest || !highest->lower)
        return 0;
    for (const struct buddy_range *range = highest; range; range = range->lower)
        if (range->number == RANGE_NOT_LISTED)
            return 0;
    while ((highest->end_pfn - 1) >> *order >= index->cell_limit)
        (*order)++;
    return (uint32_t)((highest->end_pfn - 1) >> *order) + 1;
}

static bool is_right_for(const struct run_index *index, const struct buddy_range *range,
                         uint32_t cell)
{
    pfn_t first = (pfn_t)cell << index->cell_order;
    return range->end_pfn > first && !(range->lower && range->lower->end_pfn > first);
}

MM_COLD void index_number_ranges(struct run_index *index, struct buddy_range *highest)
{
    uint32_t number = 0;
    for (struct buddy_range *range = highest; range; range = range->lower) {
        bool has_place = number < index->range_limit;
        range->number = has_place ? (uint16_t)number : RANGE_NOT_LISTED;
        if (!has_place)
            continue;
        index->origins[number] = range->origin;
        index->ranges[number++] = range;
    }
    for (uint32_t cell = 0; cell < index->cell_count; cell++)
        index->cells[cell] = 0;
    index->cell_count = choose_cells(index, highest, &index->cell_order);
    MM_ASSERT_COSTLY(highest || index->cell_count == 0);
    for (uint32_t cell = index->cell_count; cell > 0; cell--) {
        while (!is_right_for(index, highest, cell - 1)) {
            MM_ASSERT_COSTLY(highest->lower);
            highest = highest->lower;
        }
        index->cells[cell - 1] = highest->number;
    }
}

MM_COLD bool index_check_ranges(const struct run_index *index, const struct buddy_range *highest)
{
    unsigned order;
    for (const struct buddy_range *range = highest; range; range = range->lower)
        if (range->number != RANGE_NOT_LISTED && index->origins[range->number] != range->origin)
            return false;
    if (index->cell_count != choose_cells(index, highest, &order) || index->cell_order != order)
        return false;
    for (uint32_t cell = 0; cell < index->cell_limit; cell++) {
        uint32_t number = index->cells[cell];
        if (cell >= index->cell_count ? number != 0
                                      : number >= index->range_limit || !index->ranges[number] ||
                                            index->ranges[number]->number != number ||
                                            !is_right_for(index, index->ranges[number], cell))
            return false;
    }
    return true;
}
