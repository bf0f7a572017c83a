/*
 * The buddy allocator of the textbooks (Knuth, TAOCP 2.5; as in Linux, without locks and per-CPU
 * lists): powers of two, a structure for each frame, doubly linked free lists for each order, two
 * zones, below and above 16 MiB. A limit that is no zone's end is served from the zones that lie
 * wholly below it.
 */

#include "allocator.h"

#include <stdlib.h>

#define ORDER_COUNT 11
#define ZONE_COUNT 2
#define LOW_ZONE_FRAMES 4096u /* 16 MiB */

struct page {
    struct page *next;
    struct page *previous;
    uint8_t order;
    bool is_free; /* first frame of a free block */
};

static struct page *pages;
static uint64_t page_count;
static struct page lists[ZONE_COUNT][ORDER_COUNT]; /* heads */

static void unlink_page(struct page *page)
{
    page->previous->next = page->next;
    page->next->previous = page->previous;
    page->is_free = false;
}

static void link_page(struct page *page, unsigned order, unsigned zone)
{
    struct page *head = &lists[zone][order];
    page->order = (uint8_t)order;
    page->is_free = true;
    page->next = head->next;
    page->previous = head;
    head->next->previous = page;
    head->next = page;
}

static unsigned zone_of(uint64_t frame)
{
    return frame < LOW_ZONE_FRAMES ? 0 : 1;
}

static unsigned order_of(uint64_t frame_count)
{
    unsigned order = 0;
    while ((uint64_t)1 << order < frame_count)
        order++;
    return order;
}

static void textbook_open(uint64_t frame_count)
{
    page_count = frame_count;
    pages = calloc(frame_count, sizeof *pages);
    for (unsigned zone = 0; zone < ZONE_COUNT; zone++)
        for (unsigned order = 0; order < ORDER_COUNT; order++)
            lists[zone][order].next = lists[zone][order].previous = &lists[zone][order];
    uint64_t block = (uint64_t)1 << (ORDER_COUNT - 1);
    for (uint64_t frame = 0; frame + block <= frame_count; frame += block)
        link_page(&pages[frame], ORDER_COUNT - 1, zone_of(frame));
}

static void textbook_close(void)
{
    free(pages);
}

static bool alloc_in_zone(unsigned zone, unsigned wanted, uint64_t *first)
{
    for (unsigned order = wanted; order < ORDER_COUNT; order++) {
        struct page *page = lists[zone][order].next;
        if (page == &lists[zone][order])
            continue;
        unlink_page(page);
        while (order > wanted) {
            order--;
            link_page(page + ((uint64_t)1 << order), order, zone);
        }
        page->order = (uint8_t)wanted;
        *first = (uint64_t)(page - pages);
        return true;
    }
    return false;
}

static bool textbook_alloc(uint64_t frame_count, uint64_t limit, uint64_t *first)
{
    unsigned order = order_of(frame_count);
    if (order >= ORDER_COUNT)
        return false;
    if (limit >= page_count && alloc_in_zone(1, order, first))
        return true;
    return limit >= LOW_ZONE_FRAMES && alloc_in_zone(0, order, first);
}

static void textbook_free(uint64_t first, uint64_t frame_count)
{
    (void)frame_count;
    unsigned order = pages[first].order;
    while (order + 1 < ORDER_COUNT) {
        uint64_t buddy = first ^ (uint64_t)1 << order;
        if (buddy >= page_count || !pages[buddy].is_free || pages[buddy].order != order)
            break;
        unlink_page(&pages[buddy]);
        first &= ~((uint64_t)1 << order);
        order++;
    }
    link_page(&pages[first], order, zone_of(first));
}

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
