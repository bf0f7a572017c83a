/* How large an index is, and how it lies in its memory. */

#include "index.h"

/* How many lists, nodes and ranges an index for so many frames has. */
struct sizes {
    uint32_t lengths;
    uint32_t node_count;
    uint32_t range_limit;
    uint32_t cell_limit; /* a power of two: two for a range, or more */
};

/* `range_count` may be 0: then as many ranges as seem right. */
static struct sizes sizes_of(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes = {16, 16, 16, 32};
    while (sizes.lengths <= INDEX_LENGTH_MAX && sizes.lengths * (pfn_t)256 < frame_count)
        sizes.lengths *= 2;
    if (frame_count >= INDEX_NODES_MAX * (pfn_t)128)
        sizes.node_count = INDEX_NODES_MAX;
    else if (frame_count / 128 > 144 + sizes.node_count)
        sizes.node_count = (uint32_t)(frame_count / 128) - 144;
    while (sizes.range_limit < 1024 && sizes.range_limit * (pfn_t)2048 < frame_count)
        sizes.range_limit *= 2;
    if (range_count > 0)
        sizes.range_limit = bits_smaller(range_count, RANGE_NOT_LISTED);
    while (sizes.cell_limit < 2 * sizes.range_limit)
        sizes.cell_limit *= 2;
    return sizes;
}

static size_t link_count(const struct sizes *sizes)
{
    return BAND_COUNT * (size_t)sizes->lengths + 3 * ((size_t)sizes->node_count + 1) +
           sizes->cell_limit;
}

size_t index_bytes(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes = sizes_of(frame_count, range_count);
    size_t bytes = (sizeof(pfn_t) + sizeof(struct buddy_range *)) * sizes.range_limit +
                   sizeof(struct index_node) * (sizes.node_count + 1) +
                   sizeof(uint16_t) * link_count(&sizes);
    return (bytes + 7) & ~(size_t)7;
}

void index_init(struct run_index *index)
{
    struct index_band none = {0, 0, {0}};
    index->next = index->back = index->beside = index->cells = NULL;
    index->nodes = NULL;
    index->origins = NULL;
    index->ranges = NULL;
    index->lengths = index->first_link = index->node_count = index->range_limit = 0;
    index->cell_limit = index->cell_count = index->cell_order = 0;
    for (unsigned band = 0; band < BAND_COUNT; band++)
        index->bands[band] = none;
}

static void place_arrays(struct run_index *index, const struct sizes *sizes, void *memory)
{
    index->origins = (pfn_t *)memory;
    index->ranges = (struct buddy_range **)(void *)(index->origins + sizes->range_limit);
    index->nodes = (struct index_node *)(void *)(index->ranges + sizes->range_limit);
    index->cells = (uint16_t *)(void *)(index->nodes + sizes->node_count + 1);
    index->back = index->cells + sizes->cell_limit;
    index->beside = index->back + sizes->node_count + 1;
    index->next = index->beside + sizes->node_count + 1;
    for (unsigned band = 0; band < BAND_COUNT; band++)
        index->bands[band].lists = band * sizes->lengths;
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
    index->first_link = BAND_COUNT * sizes.lengths;
    index->node_count = sizes.node_count;
    index->range_limit = sizes.range_limit;
    index->cell_limit = sizes.cell_limit;
    place_arrays(index, &sizes, memory);
    for (uint32_t node = sizes.node_count; node > 0; node--)
        index_free_node(index, node);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

/* How many cells there are, and how large: as many as can be. */
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
    for (uint32_t cell = index->cell_count; cell > 0; cell--) {
        while (!is_right_for(index, highest, cell - 1))
            highest = highest->lower;
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
