/* Splits and merges blocks of powers of two, with a doubly linked list of free ones per order. */

#include "textbook.h"

static void put_in_list(struct textbook *textbook, unsigned first, unsigned order)
{
    struct textbook_frame *frames = textbook->frames;
    uint16_t next = textbook->lists[order];
    frames[first] = (struct textbook_frame){.next = next,
                                            .previous = TEXTBOOK_NONE,
                                            .order = (uint8_t)order,
                                            .is_first = true,
                                            .is_free = true};
    if (next != TEXTBOOK_NONE)
        frames[next].previous = (uint16_t)first;
    textbook->lists[order] = (uint16_t)first;
}

static void take_from_list(struct textbook *textbook, unsigned first)
{
    struct textbook_frame *frames = textbook->frames;
    struct textbook_frame *frame = &frames[first];
    if (frame->previous != TEXTBOOK_NONE)
        frames[frame->previous].next = frame->next;
    else
        textbook->lists[frame->order] = frame->next;
    if (frame->next != TEXTBOOK_NONE)
        frames[frame->next].previous = frame->previous;
    frame->is_first = frame->is_free = false;
}

void textbook_start(struct textbook *textbook, unsigned order)
{
    *textbook = (struct textbook){.order = order, .free_count = 1u << order};
    for (unsigned i = 0; i <= TEXTBOOK_ORDER_MAX; i++)
        textbook->lists[i] = TEXTBOOK_NONE;
    put_in_list(textbook, 0, order);
}

static unsigned order_for(const struct textbook_request *request)
{
    unsigned order = 0;
    while (order <= TEXTBOOK_ORDER_MAX &&
           (1u << order < request->count || 1u << order < request->align))
        order++;
    return order;
}

/* Where in that free block a block of `order` may begin, so that what is asked is in the window. */
static bool find_inside(const struct textbook *textbook, unsigned free_first, unsigned order,
                        const struct textbook_request *request, unsigned *at)
{
    unsigned end = free_first + (1u << textbook->frames[free_first].order);
    unsigned size = 1u << order;
    unsigned first = request->lowest > free_first ? request->lowest : free_first;
    *at = (first + size - 1) & ~(size - 1);
    return *at + size <= end && *at + request->count <= request->limit;
}

static bool find_block(const struct textbook *textbook, unsigned order,
                       const struct textbook_request *request, unsigned *found, unsigned *at)
{
    for (unsigned large = order; large <= textbook->order; large++)
        for (*found = textbook->lists[large]; *found != TEXTBOOK_NONE;
             *found = textbook->frames[*found].next)
            if (find_inside(textbook, *found, order, request, at))
                return true;
    return false;
}

bool textbook_take(struct textbook *textbook, const struct textbook_request *request,
                   unsigned *first)
{
    unsigned order = order_for(request);
    unsigned found;
    unsigned at;
    if (!find_block(textbook, order, request, &found, &at))
        return false;
    unsigned large = textbook->frames[found].order;
    take_from_list(textbook, found);
    while (large > order) { /* the half with the place goes on being split */
        unsigned upper = found + (1u << --large);
        put_in_list(textbook, at < upper ? upper : found, large);
        found = at < upper ? found : upper;
    }
    textbook->frames[at] = (struct textbook_frame){.asked = (uint16_t)request->count,
                                                   .order = (uint8_t)order,
                                                   .is_first = true,
                                                   .owner = request->owner,
                                                   .id = request->id};
    textbook->free_count -= 1u << order;
    *first = at;
    return true;
}

static void merge(struct textbook *textbook, unsigned first, unsigned order)
{
    struct textbook_frame *frames = textbook->frames;
    for (; order < textbook->order; order++) {
        unsigned buddy = first ^ 1u << order;
        if (!frames[buddy].is_first || !frames[buddy].is_free || frames[buddy].order != order)
            break;
        take_from_list(textbook, buddy);
        first &= ~(1u << order);
    }
    put_in_list(textbook, first, order);
}

bool textbook_give(struct textbook *textbook, uint32_t id)
{
    for (unsigned first = 0; first < 1u << textbook->order; first++) {
        struct textbook_frame *frame = &textbook->frames[first];
        if (!frame->is_first || frame->is_free || frame->id != id)
            continue;
        unsigned order = frame->order;
        *frame = (struct textbook_frame){0};
        textbook->free_count += 1u << order;
        merge(textbook, first, order);
        return true;
    }
    return false;
}

unsigned textbook_lost(const struct textbook *textbook)
{
    unsigned lost = 0;
    for (unsigned first = 0; first < 1u << textbook->order; first++) {
        const struct textbook_frame *frame = &textbook->frames[first];
        if (frame->is_first && !frame->is_free)
            lost += (1u << frame->order) - frame->asked;
    }
    return lost;
}

unsigned textbook_largest(const struct textbook *textbook)
{
    unsigned order = textbook->order + 1;
    while (order > 0 && textbook->lists[order - 1] == TEXTBOOK_NONE)
        order--;
    return order > 0 ? 1u << (order - 1) : 0;
}
