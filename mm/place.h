#ifndef MM_PLACE_H
#define MM_PLACE_H

/*
 * Where in a free run a request can be served, and whether a block of frames can hold such a place.
 * A request asks for n frames at a multiple of 2^i inside an aligned block of 2^k. Of the pairs
 * (i, k) only some make a difference:
 *
 *   i >= k, or n <= 2^i         such a place never crosses a multiple of 2^k: k may be forgotten
 *   n > 2^k - 2^i               only a block's first frame will do: that is alignment 2^k
 *
 * What is left has i + 2 <= k, and these are the pairs that a block has a number for (reach.h).
 */

#include "reach.h"
#include "types.h"

MM_BEGIN_DECLS

#define PLACE_NO_BOUNDARY 255u

struct place_wish {
    pfn_t frame_count;
    pfn_t lowest; /* [lowest, limit) is where the place may be */
    pfn_t limit;
    uint8_t align_order; /* i */
    uint8_t boundary_order; /* k, or PLACE_NO_BOUNDARY */
};

struct buddy_request;

/* The request, which is valid, without what makes no difference. */
struct place_wish place_wish_of(const struct buddy_request *request);

/* True if any run of its length will do, wherever it is. */
static inline bool place_is_anywhere(const struct place_wish *wish)
{
    return wish->align_order == 0 && wish->boundary_order == PLACE_NO_BOUNDARY;
}

/* True if it is what place_wish_of makes of some request: i and k are a pair as above. */
static inline bool place_is_valid(const struct place_wish *wish)
{
    unsigned i = wish->align_order;
    unsigned k = wish->boundary_order;
    if (wish->frame_count == 0 || i >= WORD_BITS)
        return false;
    return k == PLACE_NO_BOUNDARY ||
           (k < WORD_BITS && i + 2 <= k && wish->frame_count <= ((pfn_t)1 << k) - ((pfn_t)1 << i));
}

/* The highest place in the free run [first, end). False if there is none. */
bool place_in_run(const struct place_wish *wish, pfn_t first, pfn_t end, pfn_t *place);

/*
 * A quick look at many runs of one length, at most 2^31 frames: what is the same for all. Of what
 * is about alignment and boundary the lower 32 bits are enough, as far as they go.
 */
struct place_sieve {
    pfn_t first_from; /* the window has enough of a run that begins in here */
    pfn_t first_span;
    uint32_t count;
    uint32_t rest; /* of the run, beside the place */
    uint32_t aligned; /* the bits of an aligned frame */
    uint32_t borders; /* and of the first frame behind a border */
};

/* The length is at least the wish's. */
struct place_sieve place_sieve_of(const struct place_wish *wish, uint32_t length);

/* False only if the run that begins at `first` has no place. No branch: it goes either way. */
static inline bool place_may_pass(const struct place_sieve *sieve, pfn_t first)
{
    uint32_t start = ((uint32_t)first + sieve->rest) & sieve->aligned;
    uint32_t last = start + sieve->count - 1;
    uint32_t below = ((last & sieve->borders) - sieve->count) & sieve->aligned;
    start = (start ^ last) & sieve->borders ? below : start;
    return (unsigned)(start - (uint32_t)first <= sieve->rest) &
           (unsigned)(first - sieve->first_from <= sieve->first_span);
}

/*
 * True if the block that begins at `first` and knows `reach` holds a place of its own, wherever it
 * lies. A place that reaches beyond the block does not count.
 */
bool place_in_block(const struct place_wish *wish, unsigned order, const reach_t *reach,
                    pfn_t first);

MM_END_DECLS

#endif
