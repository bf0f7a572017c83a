#ifndef MM_INDEX_H
#define MM_INDEX_H

/*
 * Lists of short free runs, by length and shelf (range.h), over all ranges: most requests are for a
 * length of which there is a run, or for a part of one, and need not ask a tree.
 *
 *   length    1        2        3        4       ...   longest
 *   filled    1        0        1        0
 *             |                 |
 *             9 - 4             17                     nodes, one a run
 *
 * A second chain leads from each 64 frames of a range to the nodes of the runs that begin there, so
 * that a run is found by its first frame. There are at most INDEX_NODES_MAX nodes: whoever walks
 * over all is done soon. Links are numbers of 16 bits; that of a list is its place, those of nodes
 * follow. The index only stores; what is listed is decided in buddy.c.
 */

#include "range.h"

MM_BEGIN_DECLS

#define INDEX_LENGTH_MAX 1023u
#define INDEX_NODES_MAX 1024u
#define INDEX_WORD 32u /* lengths in a word */
#define INDEX_WORDS ((INDEX_LENGTH_MAX + 1) / INDEX_WORD)

struct index_node {
    uint32_t first;
    uint16_t length; /* 0: the node is not used, and all is 0 */
    uint16_t range;
};

struct index_shelf {
    uint32_t lists; /* the link of the list of length 0, which is empty */
    uint32_t filled_words; /* a bit for each word that is not 0 */
    uint32_t filled[INDEX_WORDS]; /* a bit for each length that has nodes */
};

struct run_index {
    uint16_t *next; /* the first node of each list, then the next one of each node; 0: none */
    uint16_t *back; /* of each node: the link that leads to it */
    uint16_t *beside; /* of each node: the next one that begins in the same 64 frames */
    struct index_node *nodes; /* from 1 on */
    struct buddy_range **ranges; /* by number: the highest is 0 */
    pfn_t *origins; /* of these: their headers are far from each other */
    uint16_t *cells; /* see index_number_ranges */
    struct index_shelf shelves[SHELF_COUNT];
    uint32_t lengths; /* lists of a shelf, that of length 0 counted */
    uint32_t first_link; /* what to add to a node for its link */
    uint32_t node_count;
    uint32_t range_limit; /* places in `ranges` */
    uint32_t cell_limit;
    uint32_t cell_count; /* 0: there is no use for them */
    unsigned cell_order; /* a cell is 2^cell_order frames */
};

/*
 * What an index for so many frames in so many ranges wants, a multiple of 8; at most some 50 KiB,
 * and some 20 bytes a range. With 0 for the ranges, it has places for as many as seem right.
 */
size_t index_bytes(pfn_t frame_count, uint32_t range_count);

/* An index without memory, in which nothing can be listed. */
void index_init(struct run_index *index);

/* Lays the index out in index_bytes() of memory, 8-byte aligned: nothing is listed. */
void index_create(struct run_index *index, void *memory, pfn_t frame_count, uint32_t range_count);

/*
 * Numbers the ranges, from the highest on, as long as there are places. If there are several and
 * each has a number, the cells know the number of the lowest range that ends behind the beginning
 * of so many frames: 2^cell_order of them, from frame 0 on, to the end of the highest range.
 */
void index_number_ranges(struct run_index *index, struct buddy_range *highest);

/* False if origins or cells are not right. */
bool index_check_ranges(const struct run_index *index, const struct buddy_range *highest);

/* ---- lists ----------------------------------------------------------------------------------- */

static inline bool index_has_node(const struct run_index *index, uint32_t node)
{
    return node != 0 && node <= index->node_count;
}

/* True if a node is in the list that it was put in last. */
static inline bool index_is_linked(const struct run_index *index, uint32_t node)
{
    return index->next[index->back[node]] == node;
}

/* Puts a node that is in no list at the front of one. */
static inline void index_link_node(struct run_index *index, uint32_t list, uint32_t node)
{
    MM_ASSERT_COSTLY(index_has_node(index, node) && !index_is_linked(index, node));
    uint32_t link = index->first_link + node;
    uint32_t second = index->next[list];
    index->next[list] = (uint16_t)node;
    index->next[link] = (uint16_t)second;
    index->back[second] = (uint16_t)link;
    index->back[node] = (uint16_t)list;
}

static inline void index_unlink_node(struct run_index *index, uint32_t node)
{
    MM_ASSERT_COSTLY(index_has_node(index, node) && index_is_linked(index, node));
    uint32_t next = index->next[index->first_link + node];
    uint32_t back = index->back[node];
    index->next[back] = (uint16_t)next;
    index->back[next] = (uint16_t)back;
}

/* Puts a node with a run of this length into its list. */
static inline void index_list_node(struct run_index *index, unsigned shelf, uint32_t node,
                                   uint32_t length)
{
    struct index_shelf *at = &index->shelves[shelf];
    MM_ASSERT_COSTLY(length > 0 && length < index->lengths && length == index->nodes[node].length);
    index_link_node(index, at->lists + length, node);
    at->filled[length / INDEX_WORD] |= 1u << length % INDEX_WORD;
    at->filled_words |= 1u << length / INDEX_WORD;
}

/* The list of that length is empty now. */
static inline void index_mark_empty(struct index_shelf *at, uint32_t length)
{
    MM_ASSERT_COSTLY((at->filled[length / INDEX_WORD] >> length % INDEX_WORD & 1) != 0);
    at->filled[length / INDEX_WORD] ^= 1u << length % INDEX_WORD;
    if (at->filled[length / INDEX_WORD] == 0)
        at->filled_words ^= 1u << length / INDEX_WORD;
}

/* Takes a node out of its list. */
static inline void index_unlist_node(struct run_index *index, unsigned shelf, uint32_t node)
{
    struct index_shelf *at = &index->shelves[shelf];
    uint32_t length = index->nodes[node].length;
    index_unlink_node(index, node);
    if (index->next[at->lists + length] == 0)
        index_mark_empty(at, length);
}

/* The same for the first node of a list that is not empty. */
static inline uint32_t index_unlist_first(struct run_index *index, unsigned shelf, uint32_t length)
{
    struct index_shelf *at = &index->shelves[shelf];
    uint32_t list = at->lists + length;
    uint32_t node = index->next[list];
    MM_ASSERT_COSTLY(index_has_node(index, node) && index->nodes[node].length == length);
    uint32_t second = index->next[index->first_link + node];
    index->next[list] = (uint16_t)second;
    index->back[second] = (uint16_t)list;
    if (second == 0)
        index_mark_empty(at, length);
    return node;
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* A node for one more run; 0 if there is none. Those that are not used are list 0, a stack. */
static inline uint32_t index_new_node(struct run_index *index)
{
    uint32_t node = index->next[0];
    if (node != 0)
        index->next[0] = index->next[index->first_link + node];
    return node;
}

static inline void index_free_node(struct run_index *index, uint32_t node)
{
    struct index_node none = {0, 0, 0};
    MM_ASSERT_COSTLY(index_has_node(index, node) && !index_is_linked(index, node));
    index->nodes[node] = none;
    index->back[node] = 0;
    index->next[index->first_link + node] = index->next[0];
    index->next[0] = (uint16_t)node;
}

/* Lists the run [first, first + length), which begins on the shelf, with a new node. */
static inline void index_enter(struct run_index *index, struct buddy_range *range, unsigned shelf,
                               uint32_t node, uint32_t first, uint32_t length)
{
    struct range_part *record = range_record(range, first);
    MM_ASSERT_COSTLY(shelf == range_shelf(range, first) && index->nodes[node].length == 0);
    struct index_node run = {first, (uint16_t)length, range->number};
    index->nodes[node] = run;
    index->beside[node] = record->listed;
    record->listed = (uint16_t)node;
    index_list_node(index, shelf, node, length);
}

/* Takes a node out of the chain of those that begin near it. */
static inline void index_forget_begin(struct run_index *index, struct buddy_range *range,
                                      uint32_t node)
{
    uint16_t *link = &range_record(range, index->nodes[node].first)->listed;
    MM_ASSERT_COSTLY(index_has_node(index, node) && index->nodes[node].range == range->number);
    while (*link != node)
        link = &index->beside[*link];
    *link = index->beside[node];
    index->beside[node] = 0;
}

/* The listed run is none any more; the node has none either. */
static inline void index_strike(struct run_index *index, struct buddy_range *range, unsigned shelf,
                                uint32_t node)
{
    index_unlist_node(index, shelf, node);
    index_forget_begin(index, range, node);
    index_free_node(index, node);
}

/* The node of the listed run that begins at `frame`; 0 if none does. */
static inline uint32_t index_find(const struct run_index *index, const struct buddy_range *range,
                                  uint32_t frame)
{
    uint32_t node = range_record(range, frame)->listed;
    while (node != 0 && index->nodes[node].first != frame)
        node = index->beside[node];
    return node;
}

/* The shortest listed length from `length` on, which is at least 1; 0 if there is none. */
static inline uint32_t index_next_length(const struct run_index *index, unsigned shelf,
                                         uint32_t length)
{
    const struct index_shelf *at = &index->shelves[shelf];
    MM_ASSERT_COSTLY(length > 0);
    uint32_t word = length / INDEX_WORD;
    if (word >= INDEX_WORDS)
        return 0;
    uint32_t filled = at->filled[word] >> length % INDEX_WORD;
    if (filled)
        return length + bits_lowest32(filled);
    uint32_t words = at->filled_words & (~1u << word);
    if (!words)
        return 0;
    word = bits_lowest32(words);
    return word * INDEX_WORD + bits_lowest32(at->filled[word]);
}

/* The longest listed length; 0 if there is none. */
static inline uint32_t index_longest(const struct run_index *index, unsigned shelf)
{
    const struct index_shelf *at = &index->shelves[shelf];
    uint32_t word = at->filled_words ? bits_highest(at->filled_words) : 0;
    return at->filled_words ? word * INDEX_WORD + bits_highest(at->filled[word]) : 0;
}

MM_END_DECLS

#endif
