/*
 * Lab 3: a free list for each order. The links are frame numbers in a table, because the frames
 * cannot be written. Each frame has a record: what begins there, of which order, and its neighbours
 * in the list.
 *
 *   frame   0   1   2   3   4   5   6   7
 *         | TAKEN 1 |   FREE 1  |  FREE 2          heads[1] -> 2, heads[2] -> 4
 */

#include "docs/labs/3-buddy/lab.h"

#define NIL UINT32_MAX
#define LINK_BITS 24 /* a frame number fits, and NIL as all ones */
#define LINK_NIL (((uint32_t)1 << LINK_BITS) - 1)

enum state { INSIDE, FREE, TAKEN }; /* INSIDE: no block begins here */

struct record {
    uint32_t next : LINK_BITS;
    uint32_t order : 8;
    uint32_t previous : LINK_BITS;
    uint32_t state : 8;
};
_Static_assert(sizeof(struct record) == 8, "what lab.h allows");

static struct record *records;
static uint32_t frame_total;
static uint32_t heads[LAB_ORDER_COUNT];
static uint32_t counts[LAB_ORDER_COUNT];

static uint32_t link_of(uint32_t field)
{
    return field == LINK_NIL ? NIL : field;
}

static void insert(uint32_t first, unsigned order)
{
    records[first] = (struct record){heads[order] & LINK_NIL, order & 0xFF, LINK_NIL, FREE};
    if (heads[order] != NIL)
        records[heads[order]].previous = first & LINK_NIL;
    heads[order] = first;
    counts[order]++;
}

static void remove(uint32_t first)
{
    unsigned order = records[first].order;
    uint32_t next = link_of(records[first].next);
    uint32_t previous = link_of(records[first].previous);
    if (previous == NIL)
        heads[order] = next;
    else
        records[previous].next = next & LINK_NIL;
    if (next != NIL)
        records[next].previous = previous & LINK_NIL;
    records[first].state = INSIDE;
    counts[order]--;
}

size_t lab_table_bytes(uint32_t frame_count)
{
    return frame_count * sizeof(struct record);
}

/* From the first frame on, each block is as large as its place and the rest of the arena allow. */
void lab_init(void *tables, uint32_t frame_count)
{
    records = tables;
    frame_total = frame_count;
    for (unsigned order = 0; order < LAB_ORDER_COUNT; order++) {
        heads[order] = NIL;
        counts[order] = 0;
    }
    for (uint32_t frame = 0; frame < frame_count; frame++)
        records[frame].state = INSIDE;
    for (uint32_t first = 0; first < frame_count;) {
        unsigned order = LAB_ORDER_COUNT - 1;
        while (first % ((uint32_t)1 << order) || (uint32_t)1 << order > frame_count - first)
            order--;
        insert(first, order);
        first += (uint32_t)1 << order;
    }
}

uint32_t lab_alloc(unsigned order)
{
    unsigned from = order;
    while (from < LAB_ORDER_COUNT && heads[from] == NIL)
        from++;
    if (from >= LAB_ORDER_COUNT)
        return LAB_NONE;
    uint32_t first = heads[from];
    remove(first);
    while (from > order) {
        from--;
        insert(first + ((uint32_t)1 << from), from);
    }
    records[first].order = order & 0xFF;
    records[first].state = TAKEN;
    return first;
}

bool lab_free(uint32_t first)
{
    if (first >= frame_total || records[first].state != TAKEN)
        return false;
    unsigned order = records[first].order;
    records[first].state = INSIDE;
    for (; order + 1 < LAB_ORDER_COUNT; order++) {
        uint32_t buddy = first ^ (uint32_t)1 << order;
        if (buddy >= frame_total || records[buddy].state != FREE || records[buddy].order != order)
            break;
        remove(buddy);
        first &= ~((uint32_t)1 << order);
    }
    insert(first, order);
    return true;
}

uint32_t lab_count(unsigned order)
{
    return counts[order];
}
