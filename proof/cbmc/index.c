/* The lists of short runs, and the table of ranges by address. */

#include "any.h"
#include "mm/index.c"

/* ---- which lengths have nodes ---- */

static struct index_shelf shelf;

static bool is_filled(uint32_t length)
{
    return shelf.filled[length / INDEX_WORD] >> length % INDEX_WORD & 1;
}

/* Any shelf whose two levels of bits agree. */
static void make_shelf(void)
{
    for (unsigned word = 0; word < INDEX_WORDS; word++) {
        shelf.filled[word] = any32();
        assume((shelf.filled_words >> word & 1) == (shelf.filled[word] != 0));
    }
}

/* The shortest listed length from a length on is found, and the longest of all. */
void prove_next_length(void)
{
    struct run_index index;
    uint32_t length = any32();
    uint32_t other = (uint32_t)any_below(INDEX_LENGTH_MAX + 1);
    shelf.filled_words = any32();
    make_shelf();
    assume(length > 0 && !is_filled(0));
    uint32_t next = index_next_length(&shelf, length);
    claim(next == 0 || (next >= length && next <= INDEX_LENGTH_MAX && is_filled(next)));
    claim(other < length || !is_filled(other) || (next != 0 && next <= other));
    index.shelves[0] = shelf;
    uint32_t longest = index_longest(&index, 0);
    claim(longest == 0 || is_filled(longest));
    claim(!is_filled(other) || longest >= other);
    REACHED();
}

/* A length whose list is empty now is not filled any more, and no other length changes. */
void prove_mark_empty(void)
{
    uint32_t length = (uint32_t)any_below(INDEX_LENGTH_MAX + 1);
    uint32_t other = (uint32_t)any_below(INDEX_LENGTH_MAX + 1);
    uint32_t word = (uint32_t)any_below(INDEX_WORDS);
    bool is_empty = any_bool();
    shelf.filled_words = any32();
    make_shelf();
    assume(is_filled(length));
    bool was_filled = is_filled(other);
    index_mark_empty(&shelf, length, is_empty);
    claim(is_filled(other) == (was_filled && !(is_empty && other == length)));
    claim((shelf.filled_words >> word & 1) == (shelf.filled[word] != 0));
    REACHED();
}

/* ---- links ---- */

#define NODES 4u
#define LISTS 4u
#define LINKS ((NODES + 1) * INDEX_NODE_LINKS + LISTS)

static struct index_node nodes[NODES + 2]; /* the last one has the lists */
static struct run_index links_index;

static uint32_t any_node(void)
{
    uint32_t node = (uint32_t)any_below(NODES) + 1;
    return node * INDEX_NODE_LINKS;
}

static uint32_t any_list(void)
{
    return (NODES + 1) * INDEX_NODE_LINKS + (uint32_t)any_below(LISTS);
}

static void make_links(void)
{
    uint16_t *links = (uint16_t *)(void *)nodes;
    for (unsigned i = 0; i < LINKS; i++)
        links[i] = (uint16_t)any32();
    links_index.links = links;
    links_index.node_count = NODES;
}

static bool is_none_or_node(uint32_t node)
{
    return node == 0 || index_has_node(&links_index, node);
}

/* A node that is linked is the first one; the second and all others stay linked. */
void prove_link(void)
{
    make_links();
    uint32_t node = any_node();
    uint32_t other = any_node();
    uint32_t list = any_list();
    uint32_t second = links_index.links[list];
    assume(is_none_or_node(second) && second != node);
    assume(second == 0 || index_at(&links_index, second)->back == list);
    assume(index_at(&links_index, node)->back < LINKS && !index_is_linked(&links_index, node));
    assume(other != node && index_at(&links_index, other)->back < LINKS);
    assume(index_is_linked(&links_index, other));
    assume(index_at(&links_index, other)->back != node);
    assume(index_at(&links_index, other)->back % INDEX_NODE_LINKS == 0 ||
           index_at(&links_index, other)->back >= (NODES + 1) * INDEX_NODE_LINKS);
    index_link_node(&links_index, list, node);
    claim(links_index.links[list] == node && index_at(&links_index, node)->next == second);
    claim(index_is_linked(&links_index, node) && index_is_linked(&links_index, other));
    REACHED();
}

/* What follows a node that is unlinked takes its place; all others stay linked. */
void prove_unlink(void)
{
    make_links();
    uint32_t node = any_node();
    uint32_t other = any_node();
    uint32_t back = index_at(&links_index, node)->back;
    uint32_t next = index_at(&links_index, node)->next;
    assume(is_none_or_node(next) && next != node);
    bool is_list = back >= (NODES + 1) * INDEX_NODE_LINKS;
    assume(is_list ? back < LINKS : back != node && index_has_node(&links_index, back));
    assume(index_is_linked(&links_index, node));
    assume(next == 0 || index_at(&links_index, next)->back == node);
    assume(other != node && index_at(&links_index, other)->back < LINKS);
    assume(index_is_linked(&links_index, other));
    assume(index_at(&links_index, other)->back % INDEX_NODE_LINKS == 0 ||
           index_at(&links_index, other)->back >= (NODES + 1) * INDEX_NODE_LINKS);
    assume(index_at(&links_index, other)->back != node || other == next);
    index_unlink_node(&links_index, node);
    claim(links_index.links[back] == next && !index_is_linked(&links_index, node));
    claim(index_is_linked(&links_index, other));
    REACHED();
}

/* ---- ranges by address ---- */

/* There are at most as many cells as there is memory for, and the last one holds the last frame. */
void prove_cells(void)
{
    static struct buddy_range low;
    static struct buddy_range high;
    struct run_index index;
    unsigned order;
    high.lower = &low;
    high.end_pfn = any_below(PHYS_LIMIT >> FRAME_SHIFT) + 1;
    unsigned limit_order = (unsigned)any_below(12) + 1;
    index.cell_limit = 1u << limit_order;
    high.number = 0;
    low.number = 1;
    uint32_t count = choose_cells(&index, &high, &order);
    claim(count > 0 && count <= index.cell_limit);
    claim((high.end_pfn - 1) >> order == count - 1);
    claim(order == 0 || (high.end_pfn - 1) >> (order - 1) >= index.cell_limit);
    REACHED();
}
