/*
 * The buddy allocator of the textbooks as Linux builds it (Knuth, TAOCP 2.5; Gorman, "Understanding
 * the Linux Virtual Memory Manager", chapters 2 and 6): powers of two, a structure of a cache line
 * for each frame, doubly linked free lists for each order, zones that end at 16 MiB and 4 GiB. What
 * is left out makes it quicker than Linux: locks, per-CPU lists, kinds of mobility, and the look at
 * each single frame of a larger block. A limit that is no zone's end is served from the zones that
 * lie wholly below it.
 *
 *   zone                      pages[]
 *   +---------------+        +-----------------------+-----------------------+---
 *   | order 0  head |        | flags  list  order .. | flags  list  order .. |
 *   | order 1  head |<------>|                       |<--- to the next free block of the order
 *   |   ...         |        +-----------------------+-----------------------+---
 *   +---------------+
 */

#include "allocator.h"

#include <stdio.h>
#include <stdlib.h>

#define ORDER_COUNT 11 /* up to 4 MiB */
#define LARGEST_BLOCK ((uint64_t)1 << (ORDER_COUNT - 1))
#define ZONE_COUNT 3

/* The flags word: the number of the frame's zone above, single bits below. */
#define ZONE_SHIFT 8
#define FLAG_BUDDY 1u /* first frame of a free block */

struct list {
    struct list *next;
    struct list *previous;
};

struct page {
    uintptr_t flags;
    struct list list; /* in the free list, while FLAG_BUDDY is set */
    uintptr_t holder[3]; /* whoever has the frame: a file, an offset in it, a cgroup */
    uintptr_t order; /* of the block, while FLAG_BUDDY is set */
    uint32_t reference_count; /* of an allocated block, in its first frame; else 0 */
    uint32_t map_count;
};

_Static_assert(sizeof(void *) != 8 || sizeof(struct page) == 64, "as large as Linux's");

struct free_area {
    struct list blocks; /* head */
    uint64_t block_count;
};

struct zone {
    struct free_area areas[ORDER_COUNT];
    uint64_t free_count; /* frames */
    uint64_t end;
};

static struct page *pages; /* on a multiple of 64 */
static struct zone zones[ZONE_COUNT];
static unsigned zone_count; /* that have frames */

static const uint64_t zone_ends[ZONE_COUNT] = {16 << 8, 4096 << 8, UINT64_MAX};

/* ---- pages and lists ------------------------------------------------------------------------- */

static struct page *page_of(struct list *list)
{
    return (struct page *)((char *)list - offsetof(struct page, list));
}

static struct zone *zone_of(const struct page *page)
{
    return &zones[page->flags >> ZONE_SHIFT];
}

static unsigned order_of(uint64_t frame_count)
{
    return frame_count <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(frame_count - 1);
}

static void add_to_list(struct zone *zone, struct page *page, unsigned order)
{
    struct free_area *area = &zone->areas[order];
    page->order = order;
    page->flags |= FLAG_BUDDY;
    page->list.next = area->blocks.next;
    page->list.previous = &area->blocks;
    area->blocks.next->previous = &page->list;
    area->blocks.next = &page->list;
    area->block_count++;
}

static void delete_from_list(struct zone *zone, struct page *page, unsigned order)
{
    page->list.next->previous = page->list.previous;
    page->list.previous->next = page->list.next;
    page->flags &= ~(uintptr_t)FLAG_BUDDY;
    zone->areas[order].block_count--;
}

/* ---- opening --------------------------------------------------------------------------------- */

static void open_zones(uint64_t frame_count)
{
    zone_count = 0;
    for (unsigned i = 0; i < ZONE_COUNT && (i == 0 || zone_ends[i - 1] < frame_count); i++) {
        struct zone *zone = &zones[zone_count++];
        zone->end = zone_ends[i] < frame_count ? zone_ends[i] : frame_count;
        zone->free_count = 0;
        for (unsigned order = 0; order < ORDER_COUNT; order++) {
            struct free_area *area = &zone->areas[order];
            area->blocks.next = area->blocks.previous = &area->blocks;
            area->block_count = 0;
        }
    }
}

/* Every structure says which zone its frame is in; the free ones are the largest blocks' first. */
static void textbook_open(uint64_t frame_count)
{
    pages = aligned_alloc(64, frame_count * sizeof *pages);
    if (!pages || frame_count % LARGEST_BLOCK != 0) {
        fprintf(stderr, "bench: no textbook buddy for %llu frames\n",
                (unsigned long long)frame_count);
        exit(1);
    }
    open_zones(frame_count);
    struct zone *zone = zones;
    for (uint64_t frame = 0; frame < frame_count; frame++) {
        if (frame == zone->end)
            zone++;
        pages[frame] = (struct page){.flags = (uintptr_t)(zone - zones) << ZONE_SHIFT};
        if (frame % LARGEST_BLOCK == 0) {
            add_to_list(zone, &pages[frame], ORDER_COUNT - 1);
            zone->free_count += LARGEST_BLOCK;
        }
    }
}

static void textbook_close(void)
{
    free(pages);
}

/* ---- allocation ------------------------------------------------------------------------------ */

/* Enough frames, and for more than one of them a block that is large enough. */
static bool zone_has_block(const struct zone *zone, unsigned wanted)
{
    if (zone->free_count < (uint64_t)1 << wanted)
        return false;
    if (wanted == 0)
        return true;
    for (unsigned order = wanted; order < ORDER_COUNT; order++)
        if (zone->areas[order].block_count != 0)
            return true;
    return false;
}

/* Halves a block of `order` until it has the wanted one; the upper halves become free blocks. */
static void split(struct zone *zone, struct page *page, unsigned order, unsigned wanted)
{
    while (order > wanted) {
        order--;
        add_to_list(zone, page + ((uint64_t)1 << order), order);
    }
}

static struct page *take_smallest(struct zone *zone, unsigned wanted)
{
    for (unsigned order = wanted; order < ORDER_COUNT; order++) {
        struct list *list = zone->areas[order].blocks.next;
        if (list == &zone->areas[order].blocks)
            continue;
        struct page *page = page_of(list);
        delete_from_list(zone, page, order);
        split(zone, page, order, wanted);
        zone->free_count -= (uint64_t)1 << wanted;
        return page;
    }
    return NULL;
}

static bool textbook_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    unsigned order = order_of(frame_count);
    if (order >= ORDER_COUNT)
        return false;
    for (unsigned i = zone_count; i-- > 0;) {
        struct zone *zone = &zones[i];
        if (zone->end > limit || !zone_has_block(zone, order))
            continue;
        struct page *page = take_smallest(zone, order);
        if (!page)
            continue;
        page->reference_count = 1;
        *first = (uint64_t)(page - pages);
        return true;
    }
    return false;
}

/* ---- freeing --------------------------------------------------------------------------------- */

static bool is_buddy(const struct page *page, const struct page *buddy, unsigned order)
{
    return (buddy->flags & FLAG_BUDDY) && buddy->order == order &&
           buddy->flags >> ZONE_SHIFT == page->flags >> ZONE_SHIFT;
}

static void textbook_free(uint64_t first, uint64_t frame_count)
{
    struct page *page = &pages[first];
    struct zone *zone = zone_of(page);
    unsigned order = order_of(frame_count);
    if (page->reference_count != 1)
        abort(); /* not the first frame of an allocated block */
    page->reference_count = 0;
    zone->free_count += (uint64_t)1 << order;
    for (; order < ORDER_COUNT - 1; order++) {
        uint64_t buddy = first ^ (uint64_t)1 << order;
        if (!is_buddy(page, &pages[buddy], order))
            break;
        delete_from_list(zone, &pages[buddy], order);
        first &= buddy;
        page = &pages[first];
    }
    add_to_list(zone, page, order);
}

/* ---- what it costs --------------------------------------------------------------------------- */

static uint64_t textbook_waste(uint64_t frame_count)
{
    return ((uint64_t)1 << order_of(frame_count)) - frame_count;
}

static size_t textbook_table_bytes(uint64_t frame_count)
{
    return frame_count * sizeof(struct page);
}

const struct allocator allocator_textbook = {
    "textbook buddy", textbook_open,  textbook_close,       textbook_alloc,
    textbook_free,    textbook_waste, textbook_table_bytes,
};
