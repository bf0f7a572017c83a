/* How large an index is, and how it lies in its memory. */

#include "index.h"

/* How many lists, nodes and ranges an index for so many frames has. */
struct sizes {
    uint32_t lengths;
    uint32_t node_count;
    uint32_t range_limit;
};

/* One for each `share` frames beyond `base`, but at least 8 and at most `most`. */
MM_COLD static uint32_t share_of(pfn_t frame_count, pfn_t base, pfn_t share, uint32_t most)
{
    pfn_t count = frame_count > base ? (frame_count - base) / share : 0;
    return count < 8 ? 8 : count < most ? (uint32_t)count : most;
}

/*
 * `range_count` may be 0: then as many ranges as seem right. Everything grows steadily: by steps, it
 * would be too much for the byte a frame that all tables have, just beyond each of them.
 */
MM_COLD static struct sizes sizes_of(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes;
    sizes.lengths = share_of(frame_count, 14464, 240, INDEX_LENGTH_MAX + 1);
    sizes.node_count = share_of(frame_count, 20480, 118, INDEX_NODES_MAX);
    sizes.range_limit = share_of(frame_count, 0, 2048, 1024);
    if (range_count > 0)
        sizes.range_limit = bits_smaller(range_count, RANGE_NOT_LISTED);
    return sizes;
}

static size_t link_count(const struct sizes *sizes)
{
    return SHELF_COUNT * (size_t)sizes->lengths + 3 * ((size_t)sizes->node_count + 1);
}

MM_COLD size_t index_bytes(pfn_t frame_count, uint32_t range_count)
{
    struct sizes sizes = sizes_of(frame_count, range_count);
    size_t bytes = sizeof(struct buddy_range *) * sizes.range_limit +
                   sizeof(struct index_node) * (sizes.node_count + 1) +
                   sizeof(uint16_t) * link_count(&sizes);
    return (bytes + 7) & ~(size_t)7;
}

void index_init(struct run_index *index)
{
    struct index_shelf none = {0, 0, {0}};
    index->next = index->back = index->beside = NULL;
    index->nodes = NULL;
    index->ranges = NULL;
    index->lengths = index->first_link = index->node_count = index->range_limit = 0;
    for (unsigned shelf = 0; shelf < SHELF_COUNT; shelf++)
        index->shelves[shelf] = none;
}

static void place_arrays(struct run_index *index, const struct sizes *sizes, void *memory)
{
    index->ranges = (struct buddy_range **)memory;
    index->nodes = (struct index_node *)(void *)(index->ranges + sizes->range_limit);
    index->back = (uint16_t *)(void *)(index->nodes + sizes->node_count + 1);
    index->beside = index->back + sizes->node_count + 1;
    index->next = index->beside + sizes->node_count + 1;
    for (unsigned shelf = 0; shelf < SHELF_COUNT; shelf++)
        index->shelves[shelf].lists = shelf * sizes->lengths;
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
    index->first_link = SHELF_COUNT * sizes.lengths;
    index->node_count = sizes.node_count;
    index->range_limit = sizes.range_limit;
    place_arrays(index, &sizes, memory);
    for (uint32_t node = sizes.node_count; node > 0; node--)
        index_free_node(index, node);
}
