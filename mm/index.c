/* What is seldom done with the lists: laying them out, long steps, and finding a run in them. */

#include "index.h"

/* How many lists, nodes and ranges an index for so many frames has. */
struct sizes {
    uint32_t lengths;
    uint32_t node_count;
    uint32_t range_limit;
};

static struct sizes sizes_of(pfn_t frame_count)
{
    struct sizes sizes = {16, 16, 16};
    while (sizes.lengths <= INDEX_LENGTH_MAX && sizes.lengths * (pfn_t)256 < frame_count)
        sizes.lengths *= 2;
    if (frame_count >= INDEX_NODES_MAX * (pfn_t)128)
        sizes.node_count = INDEX_NODES_MAX;
    else if (frame_count / 128 > 64 + sizes.node_count)
        sizes.node_count = (uint32_t)(frame_count / 128) - 64;
    while (sizes.range_limit < 1024 && sizes.range_limit * (pfn_t)2048 < frame_count)
        sizes.range_limit *= 2;
    return sizes;
}

/* Eight counts are read at once: as many zeros follow each row. */
static uint32_t row_of(const struct sizes *sizes)
{
    return sizes->lengths + 8;
}

static size_t next_bytes(const struct sizes *sizes)
{
    return sizeof(uint16_t) * (BAND_COUNT * sizes->lengths + sizes->node_count + 1);
}

size_t index_bytes(pfn_t frame_count)
{
    struct sizes sizes = sizes_of(frame_count);
    size_t bytes = sizeof(struct buddy_range *) * sizes.range_limit +
                   (sizeof(struct index_node) + sizeof(uint16_t)) * (sizes.node_count + 1) +
                   next_bytes(&sizes) + BAND_COUNT * (size_t)row_of(&sizes);
    return (bytes + 7) & ~(size_t)7;
}

void index_init(struct run_index *index)
{
    index->next = NULL;
    index->back = NULL;
    index->nodes = NULL;
    index->counts = NULL;
    index->ranges = NULL;
    index->lengths = index->row = index->node_count = index->range_limit = 0;
    for (unsigned band = 0; band < BAND_COUNT; band++)
        for (unsigned group = 0; group < INDEX_GROUPS; group++)
            index->groups[band][group] = 0;
}

/* In memory: what has the greatest alignment first. */
void index_create(struct run_index *index, void *memory, pfn_t frame_count)
{
    struct sizes sizes = sizes_of(frame_count);
    uint64_t *words = (uint64_t *)memory;
    for (size_t i = 0; i < index_bytes(frame_count) / sizeof *words; i++)
        words[i] = 0;
    index_init(index);
    index->lengths = sizes.lengths;
    index->row = row_of(&sizes);
    index->node_count = sizes.node_count;
    index->range_limit = sizes.range_limit;
    index->ranges = (struct buddy_range **)memory;
    index->nodes = (struct index_node *)(void *)(index->ranges + sizes.range_limit);
    index->back = (uint16_t *)(void *)(index->nodes + sizes.node_count + 1);
    index->next = index->back + sizes.node_count + 1;
    index->counts = (uint8_t *)memory + index_bytes(frame_count) - BAND_COUNT * (size_t)index->row;
    for (uint32_t node = sizes.node_count; node > 0; node--)
        index_free_node(index, node);
}

/* Group by group, and in the group of eight lengths at a time. */
uint32_t index_next_length_far(const struct run_index *index, unsigned band, uint32_t length)
{
    const uint8_t *counts = index_count(index, band, 0);
    while (length < index->lengths) {
        if (index->groups[band][length / INDEX_GROUP] == 0) {
            length = (length / INDEX_GROUP + 1) * INDEX_GROUP;
            continue;
        }
        uint64_t eight;
        if (length % 8 == 0) {
            __builtin_memcpy(&eight, counts + length, sizeof eight);
            if (eight == 0) {
                length += 8;
                continue;
            }
        }
        if (counts[length] != 0)
            return length;
        length++;
    }
    return 0;
}

/* ---- finding a run --------------------------------------------------------------------------- */

static uint32_t walk_list(const struct run_index *index, const struct buddy_range *range,
                          uint32_t first, uint32_t length)
{
    if (length >= index->lengths)
        return 0;
    uint32_t node = index->next[index_list(index, range_band(range, first), length)];
    while (node != 0 &&
           (index->nodes[node].first != first || index->nodes[node].range != range->number))
        node = index->next[index_link(index, node)];
    return node;
}

static bool is_of_range(const struct run_index *index, const struct buddy_range *range,
                        uint32_t node)
{
    return node <= index->node_count && index->nodes[node].length != 0 &&
           index->nodes[node].range == range->number;
}

uint32_t index_find_end(const struct run_index *index, const struct buddy_range *range,
                        uint32_t frame)
{
    uint32_t node = range_record(range, frame)->end_node;
    if (is_of_range(index, range, node) &&
        index->nodes[node].first + index->nodes[node].length == frame)
        return node;
    if (range_tree_has(range, frame - 1))
        return 0;
    uint32_t first = range_last_end(range, frame - 1);
    return walk_list(index, range, first, frame - first);
}

uint32_t index_find_begin(const struct run_index *index, const struct buddy_range *range,
                          uint32_t frame)
{
    uint32_t node = range_record(range, frame)->begin_node;
    if (is_of_range(index, range, node) && index->nodes[node].first == frame)
        return node;
    if (range_tree_has(range, frame))
        return 0;
    return walk_list(index, range, frame, range_next_begin(range, frame) - frame);
}
