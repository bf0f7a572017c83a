#ifndef MM_INDEX_H
#define MM_INDEX_H

/*
 * Lists of short free runs, by length and band, over all ranges: most requests are for a length of
 * which there is a run, or for a part of one, and need not ask a tree.
 *
 *   length   1        2        3        4       ...   longest
 *   count    2        0        1        0
 *            |                 |
 *            9 - 4             17                     the runs' nodes; the list's head is a number
 *
 * Links are numbers of 16 bits: that of a list is its place, those of nodes follow. A list has at
 * most 255 nodes, and there are at most INDEX_NODES_MAX: whoever walks a list, or all, is done soon.
 * It only stores; what is listed is decided in buddy.c.
 */

#include "range.h"

MM_BEGIN_DECLS

#define INDEX_LENGTH_MAX 1023u
#define INDEX_NODES_MAX 2048u
#define INDEX_GROUP 64u /* lengths that are counted together */
#define INDEX_GROUPS ((INDEX_LENGTH_MAX + 1) / INDEX_GROUP)
#define INDEX_LIST_MAX 255u

struct index_node {
    uint32_t first;
    uint16_t length; /* 0: the node is not used, and all is 0 */
    uint16_t range;
};

struct run_index {
    uint16_t *next; /* the first node of each list, then the next one of each node; 0: none */
    uint16_t *back; /* of each node: the link that leads to it */
    struct index_node *nodes; /* from 1 on */
    uint8_t *counts; /* nodes of each list, a row a band */
    struct buddy_range **ranges; /* by number */
    uint16_t groups[BAND_COUNT][INDEX_GROUPS]; /* nodes of INDEX_GROUP lists */
    uint32_t lengths; /* lists of a band, that of length 0 counted */
    uint32_t row; /* counts of a band */
    uint32_t node_count;
    uint32_t range_limit; /* places in `ranges` */
};

/* What an index for so many frames wants, a multiple of 8; at most some 40 KiB. */
size_t index_bytes(pfn_t frame_count);

/* An index without memory, in which nothing can be listed. */
void index_init(struct run_index *index);

/* Lays the index out in index_bytes(frame_count) of memory, 8-byte aligned: nothing is listed. */
void index_create(struct run_index *index, void *memory, pfn_t frame_count);

static inline uint32_t index_longest(const struct run_index *index)
{
    return index->lengths - 1;
}

static inline uint32_t index_list(const struct run_index *index, unsigned band, uint32_t length)
{
    return band * index->lengths + length;
}

static inline uint32_t index_link(const struct run_index *index, uint32_t node)
{
    return BAND_COUNT * index->lengths + node;
}

static inline uint8_t *index_count(const struct run_index *index, unsigned band, uint32_t length)
{
    return &index->counts[band * index->row + length];
}

/* Puts a node that is in no list at the front of one. */
static inline void index_link_node(struct run_index *index, uint32_t list, uint32_t node)
{
    uint32_t link = index_link(index, node);
    uint32_t second = index->next[list];
    index->next[list] = (uint16_t)node;
    index->next[link] = (uint16_t)second;
    index->back[second] = (uint16_t)link;
    index->back[node] = (uint16_t)list;
}

static inline void index_unlink_node(struct run_index *index, uint32_t node)
{
    uint32_t next = index->next[index_link(index, node)];
    uint32_t back = index->back[node];
    index->next[back] = (uint16_t)next;
    index->back[next] = (uint16_t)back;
}

/* List 0 of band 0: the nodes that are not used. 0 if there are none. */
static inline uint32_t index_unused(const struct run_index *index)
{
    return index->next[0];
}

static inline void index_change_count(struct run_index *index, unsigned band, uint32_t length,
                                      unsigned change)
{
    uint8_t *count = index_count(index, band, length);
    uint16_t *group = &index->groups[band][length / INDEX_GROUP];
    *count = (uint8_t)(*count + change);
    *group = (uint16_t)(*group + change);
}

/* True if a run of this length can be listed, when a node is there. */
static inline bool index_has_place(const struct run_index *index, unsigned band, uint32_t length)
{
    return length < index->lengths && *index_count(index, band, length) < INDEX_LIST_MAX;
}

/* Lists the run [first, first + length) with a node that is in no list. */
static inline void index_push(struct run_index *index, struct buddy_range *range, unsigned band,
                              uint32_t node, uint32_t first, uint32_t length)
{
    struct index_node *at = &index->nodes[node];
    at->first = first;
    at->length = (uint16_t)length;
    at->range = range->number;
    index_link_node(index, index_list(index, band, length), node);
    range_record(range, first)->begin_node = (uint16_t)node;
    range_record(range, first + length)->end_node = (uint16_t)node;
    index_change_count(index, band, length, 1);
}

/* Takes a node out of its list. It is in none then. */
static inline void index_pull(struct run_index *index, unsigned band, uint32_t node)
{
    index_unlink_node(index, node);
    index_change_count(index, band, index->nodes[node].length, (unsigned)-1);
}

static inline struct index_node index_no_node(void)
{
    struct index_node none = {0, 0, 0};
    return none;
}

static inline void index_free_node(struct run_index *index, uint32_t node)
{
    index->nodes[node] = index_no_node();
    index_link_node(index, 0, node);
}

/* The shortest listed length from `length` on, which is at least 1; 0 if there is none. */
uint32_t index_next_length_far(const struct run_index *index, unsigned band, uint32_t length);

static inline uint32_t index_next_length(const struct run_index *index, unsigned band,
                                         uint32_t length)
{
    uint64_t counts; /* of eight lengths, the first in the lowest byte */
    if (length >= index->lengths)
        return 0;
    __builtin_memcpy(&counts, index_count(index, band, length), sizeof counts);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    counts = __builtin_bswap64(counts);
#endif
    return counts ? length + bits_lowest(counts) / 8 : index_next_length_far(index, band, length);
}

/* The listed run that ends, or begins, at `frame`: its node, or 0. */
uint32_t index_find_end(const struct run_index *index, const struct buddy_range *range,
                        uint32_t frame);
uint32_t index_find_begin(const struct run_index *index, const struct buddy_range *range,
                          uint32_t frame);

MM_END_DECLS

#endif
