/* Arithmetic over one run or one block. Knows neither trees nor lists. */

#include "place.h"

#include "buddy.h"

static uint8_t order_of(pfn_t power)
{
    return power > 1 ? (uint8_t)bits_highest(power) : 0;
}

struct place_wish place_wish_of(const struct buddy_request *request)
{
    struct place_wish wish = {request->frame_count, request->lowest, request->limit,
                              order_of(request->align_frames), PLACE_NO_BOUNDARY};
    pfn_t align = (pfn_t)1 << wish.align_order;
    pfn_t boundary = request->boundary_frames;
    if (boundary == 0 || align >= boundary || request->frame_count <= align)
        return wish;
    if (request->frame_count > boundary - align)
        wish.align_order = order_of(boundary);
    else
        wish.boundary_order = order_of(boundary);
    return wish;
}

bool place_in_run(const struct place_wish *wish, pfn_t first, pfn_t end, pfn_t *place)
{
    pfn_t count = wish->frame_count;
    if (first < wish->lowest)
        first = wish->lowest;
    if (end > wish->limit)
        end = wish->limit;
    if (end < first || end - first < count)
        return false;
    pfn_t start = (end - count) >> wish->align_order << wish->align_order;
    if (wish->boundary_order != PLACE_NO_BOUNDARY) {
        pfn_t border = (start + count - 1) >> wish->boundary_order << wish->boundary_order;
        if (border > start) {
            if (border < count)
                return false;
            start = (border - count) >> wish->align_order << wish->align_order;
        }
    }
    *place = start;
    return start >= first;
}

bool place_in_block(const struct place_wish *wish, unsigned order, const reach_t *reach,
                    pfn_t first)
{
    unsigned i = wish->align_order;
    unsigned k = wish->boundary_order;
    uint32_t length;
    if (i > order)
        length = (first & (((pfn_t)1 << i) - 1)) == 0 ? reach_head(order, reach) : 0;
    else if (k < order && !reach_is_full(order, reach))
        length = reach_within(reach, i, k);
    else
        length = reach_from(order, reach, i);
    return length >= wish->frame_count;
}
