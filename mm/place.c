/*
 * Finds a place for a request in one run, and says whether a block can hold one, by arithmetic.
 * Knows neither trees nor lists.
 */

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
    if (boundary == 0 || request->frame_count <= align)
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
    MM_ASSERT_COSTLY(place_is_valid(wish));
    if (first < wish->lowest)
        first = wish->lowest;
    if (end > wish->limit)
        end = wish->limit;
    if (end < first || end - first < count)
        return false;
    pfn_t start = (end - count) >> wish->align_order << wish->align_order;
    if (wish->boundary_order != PLACE_NO_BOUNDARY) {
        pfn_t border = (start + count - 1) >> wish->boundary_order << wish->boundary_order;
        if (border > start) /* so it is at least 2^k, which is not less than count */
            start = (border - count) >> wish->align_order << wish->align_order;
    }
    *place = start;
    return start >= first;
}

/*
 * At least `count` frames of [first, first + length) are in the window if first + length >= lowest
 * + count and first + count <= limit. Frame numbers have at most 52 bits, so no sum overflows.
 */
struct place_sieve place_sieve_of(const struct place_wish *wish, uint32_t length)
{
    uint32_t count = (uint32_t)wish->frame_count;
    MM_ASSERT_COSTLY(place_is_valid(wish) && length >= wish->frame_count);
    struct place_sieve sieve = {0, 0, count, length - count, UINT32_MAX, 0};
    pfn_t least = wish->lowest + count;
    sieve.first_from = least > length ? least - length : 0;
    sieve.first_span = wish->limit - count - sieve.first_from;
    if (wish->align_order < 32)
        sieve.aligned <<= wish->align_order;
    else
        sieve.rest = UINT32_MAX;
    if (wish->boundary_order < 32)
        sieve.borders = UINT32_MAX << wish->boundary_order;
    return sieve;
}

bool place_in_block(const struct place_wish *wish, unsigned order, const reach_t *reach,
                    pfn_t first)
{
    unsigned i = wish->align_order;
    unsigned k = wish->boundary_order;
    uint32_t length;
    MM_ASSERT_COSTLY(place_is_valid(wish));
    if (i > order)
        length = (first & (((pfn_t)1 << i) - 1)) == 0 ? reach_head(order, reach) : 0;
    else if (k < order)
        length = reach_within(order, reach, i, k);
    else
        length = reach_from(order, reach, i);
    return length >= wish->frame_count;
}
