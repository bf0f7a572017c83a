#ifndef MM_INDEX_H
#define MM_INDEX_H

/*
 * Lists of short free runs, one for each length and shelf (range.h), over all ranges. Most requests
 * are for a length of which there is such a run, or for a part of a listed run. They need no tree.
 *
 *   length    1        2        3        4       ...   longest
 *   filled    1        0        1        0
 *             |                 |
 *             9 - 4             17                     nodes, one for each run
 *
 * For each 64 frames of a range, a second chain leads to the nodes of the runs that begin there. So
 * a run is found by its first frame. There are at most INDEX_NODES_MAX nodes, so a walk over all
 * nodes has a bound.
 *
 * All links are in one array of 16-bit numbers, and a link is an index into it. A node is named by
 * the index at which it begins, with the link to the next node. A list is named by the index of the
 * link to its first node.
 *
 * The index only stores runs. buddy.c decides which runs are listed.
 */

#include "range.h"

MM_BEGIN_DECLS

#define INDEX_LENGTH_MAX 1023u
#define INDEX_NODES_MAX 1024u
#define INDEX_WORD 32u /* lengths in a word */
#define INDEX_WORDS ((INDEX_LENGTH_MAX + 1) / INDEX_WORD)

/* Node 0 is no node: its `next` leads to the first node of the stack of unused nodes. */
struct index_node {
    uint16_t next; /* the next node in the list; 0: none */
    uint16_t back; /* the index of the link that leads here */
    uint16_t beside; /* the next node whose run begins in the same 64 frames */
    uint16_t range;
    uint32_t first;
    uint16_t length; /* 0: the node is not used, and all but `next` is 0 */
    uint16_t unused; /* 0 */
};

#define INDEX_NODE_LINKS 8u /* the size of a node, in links: nodes are 8, 16, and so on */
MM_STATIC_ASSERT(sizeof(struct index_node) == INDEX_NODE_LINKS * sizeof(uint16_t), "no gaps");

struct index_shelf {
    uint32_t lists; /* the link of the list of length 0, which is empty */
    uint32_t filled_words; /* a bit for each word of `filled` that is not 0 */
    uint32_t filled[INDEX_WORDS]; /* a bit for each length that has nodes */
};

struct run_index {
    uint16_t *links; /* the nodes, from 0 on, then the first node of each list */
    struct buddy_range **ranges; /* by number: the highest is 0 */
    pfn_t *origins; /* of these ranges: their headers are far from each other */
    uint16_t *cells; /* see index_number_ranges */
    struct index_shelf shelves[SHELF_COUNT];
    uint32_t lengths; /* lists of a shelf, counting the list of length 0 */
    uint32_t node_count;
    uint32_t range_limit; /* places in `ranges` */
    uint32_t cell_limit;
    uint32_t cell_count; /* 0: cells are not used */
    unsigned cell_order; /* a cell is 2^cell_order frames */
};

/*
 * How many bytes an index for `frame_count` frames in `range_count` ranges needs: a multiple of 8,
 * at most some 50 KiB and some 20 bytes for each range. If range_count is 0, the number of ranges
 * that it has places for follows from frame_count.
 */
size_t index_bytes(pfn_t frame_count, uint32_t range_count);

/* Makes an index without memory, in which nothing can be listed. */
void index_init(struct run_index *index);

/* Lays the index out in index_bytes() bytes at `memory`, 8-byte aligned: nothing is listed. */
void index_create(struct run_index *index, void *memory, pfn_t frame_count, uint32_t range_count);

/*
 * Numbers the ranges from the highest down, as long as there are places. If there are several
 * ranges and each has a number, the address space is divided into cells of 2^cell_order frames,
 * from frame 0 to the end of the highest range. Each cell has the number of the lowest range that
 * ends above the cell's first frame.
 */
void index_number_ranges(struct run_index *index, struct buddy_range *highest);

/* False if an origin or a cell is wrong. */
bool index_check_ranges(const struct run_index *index, const struct buddy_range *highest);

/* ---- lists ----------------------------------------------------------------------------------- */

static inline struct index_node *index_at(const struct run_index *index, uint32_t node)
{
    return (struct index_node *)(void *)(index->links + node);
}

/* The index behind the last node. */
static inline uint32_t index_nodes_end(const struct run_index *index)
{
    return (index->node_count + 1) * INDEX_NODE_LINKS;
}

static inline bool index_has_node(const struct run_index *index, uint32_t node)
{
    return node != 0 && node % INDEX_NODE_LINKS == 0 && node < index_nodes_end(index);
}

/* True if a node is still in the list that it was put into last. */
static inline bool index_is_linked(const struct run_index *index, uint32_t node)
{
    return index->links[index_at(index, node)->back] == node;
}

/* Puts a node, which is in no list, at the front of a list. */
static inline void index_link_node(struct run_index *index, uint32_t list, uint32_t node)
{
    MM_ASSERT_COSTLY(index_has_node(index, node) && !index_is_linked(index, node));
    uint32_t second = index->links[list];
    index->links[list] = (uint16_t)node;
    index_at(index, node)->next = (uint16_t)second;
    index_at(index, second)->back = (uint16_t)node;
    index_at(index, node)->back = (uint16_t)list;
}

static inline void index_unlink_node(struct run_index *index, uint32_t node)
{
    const struct index_node *at = index_at(index, node);
    MM_ASSERT_COSTLY(index_has_node(index, node) && index_is_linked(index, node));
    index->links[at->back] = at->next;
    index_at(index, at->next)->back = at->back;
}

/* Puts a node, whose run has this length, into the list of this length. */
static inline void index_list_node(struct run_index *index, struct index_shelf *shelf,
                                   uint32_t node, uint32_t length)
{
    MM_ASSERT_COSTLY(length > 0 && length < index->lengths &&
                     length == index_at(index, node)->length);
    index_link_node(index, shelf->lists + length, node);
    shelf->filled[length / INDEX_WORD] |= 1u << length % INDEX_WORD;
    shelf->filled_words |= 1u << length / INDEX_WORD;
}

/*
 * Notes whether the list of this length, which had nodes, is empty now. A processor cannot predict
 * this, so there is no branch.
 */
static inline void index_mark_empty(struct index_shelf *shelf, uint32_t length, bool is_empty)
{
    uint32_t word = length / INDEX_WORD;
    MM_ASSERT_COSTLY((shelf->filled[word] >> length % INDEX_WORD & 1) != 0);
    uint32_t filled = shelf->filled[word] ^ (uint32_t)is_empty << length % INDEX_WORD;
    shelf->filled[word] = filled;
    shelf->filled_words ^= (uint32_t)(filled == 0) << word;
}

/* Takes a node out of its list. */
static inline void index_unlist_node(struct run_index *index, struct index_shelf *shelf,
                                     uint32_t node)
{
    uint32_t length = index_at(index, node)->length;
    index_unlink_node(index, node);
    index_mark_empty(shelf, length, index->links[shelf->lists + length] == 0);
}

/* The same for the first node of a list that is not empty. Returns the node. */
static inline uint32_t index_unlist_first(struct run_index *index, struct index_shelf *shelf,
                                          uint32_t length)
{
    uint32_t list = shelf->lists + length;
    uint32_t node = index->links[list];
    MM_ASSERT_COSTLY(index_has_node(index, node) && index_at(index, node)->length == length);
    uint32_t second = index_at(index, node)->next;
    index->links[list] = (uint16_t)second;
    index_at(index, second)->back = (uint16_t)list;
    index_mark_empty(shelf, length, second == 0);
    return node;
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* A node for one more run; 0 if there is none. The unused nodes are list 0, a stack. */
static inline uint32_t index_new_node(struct run_index *index)
{
    uint32_t node = index->links[0];
    if (node != 0)
        index->links[0] = index_at(index, node)->next;
    return node;
}

static inline void index_free_node(struct run_index *index, uint32_t node)
{
    struct index_node unused = {index->links[0], 0, 0, 0, 0, 0, 0};
    MM_ASSERT_COSTLY(index_has_node(index, node) && !index_is_linked(index, node));
    *index_at(index, node) = unused;
    index->links[0] = (uint16_t)node;
}

/* Lists the run [first, first + length), which begins on the shelf, with an unused node. */
static inline void index_enter(struct run_index *index, struct buddy_range *range,
                               struct index_shelf *shelf, uint32_t node, uint32_t first,
                               uint32_t length)
{
    struct range_part *record = range_record(range, first);
    struct index_node *at = index_at(index, node);
    MM_ASSERT_COSTLY(shelf == &index->shelves[range_shelf(range, first)] && at->length == 0);
    at->beside = record->listed;
    at->range = range->number;
    at->first = first;
    at->length = (uint16_t)length;
    record->listed = (uint16_t)node;
    index_list_node(index, shelf, node, length);
}

/*
 * Takes a node out of the chain of nodes whose runs begin in the same 64 frames. The node must be
 * freed next, because it still has its link of this chain.
 */
static inline void index_forget_begin(struct run_index *index, struct buddy_range *range,
                                      uint32_t node)
{
    struct index_node *at = index_at(index, node);
    uint16_t *link = &range_record(range, at->first)->listed;
    MM_ASSERT_COSTLY(index_has_node(index, node) && at->range == range->number);
    while (*link != node)
        link = &index_at(index, *link)->beside;
    *link = at->beside;
}

/* Takes a run out of its list and its chain. Its node becomes unused. */
static inline void index_strike(struct run_index *index, struct buddy_range *range,
                                struct index_shelf *shelf, uint32_t node)
{
    index_unlist_node(index, shelf, node);
    index_forget_begin(index, range, node);
    index_free_node(index, node);
}

/* The node of the listed run that begins at `frame`; 0 if there is none. */
static inline uint32_t index_find(const struct run_index *index, const struct buddy_range *range,
                                  uint32_t frame)
{
    uint32_t node = range_record(range, frame)->listed;
    while (node != 0 && index_at(index, node)->first != frame)
        node = index_at(index, node)->beside;
    return node;
}

/* The shortest listed length that is not less than `length`, at least 1; 0 if there is none. */
static inline uint32_t index_next_length(const struct index_shelf *shelf, uint32_t length)
{
    MM_ASSERT_COSTLY(length > 0);
    uint32_t word = length / INDEX_WORD;
    if (word >= INDEX_WORDS)
        return 0;
    uint32_t filled = shelf->filled[word] >> length % INDEX_WORD;
    if (filled)
        return length + bits_lowest32(filled);
    uint32_t words = shelf->filled_words & (~1u << word);
    if (!words)
        return 0;
    word = bits_lowest32(words);
    return word * INDEX_WORD + bits_lowest32(shelf->filled[word]);
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
