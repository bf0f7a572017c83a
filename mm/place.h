#ifndef MM_PLACE_H
#define MM_PLACE_H

/*
 * Finds the place for a request in a free run, and says whether a block of frames can have one. A
 * request asks for n frames at a multiple of 2^i, inside an aligned block of 2^k frames. Some pairs
 * (i, k) can be made simpler:
 *
 *   i >= k, or n <= 2^i    such a place never crosses a multiple of 2^k: no boundary is needed
 *   n > 2^k - 2^i          only the first frame of an aligned block will do: the alignment is 2^k
 *
 * All other pairs have i + 2 <= k. A block has a number for each of them (reach.h).
 */

#include "reach.h"
#include "types.h"

MM_BEGIN_DECLS

#define PLACE_NO_BOUNDARY 255u

struct place_wish {
    pfn_t frame_count;
    pfn_t lowest; /* the place must lie in [lowest, limit) */
    pfn_t limit;
    uint8_t align_order; /* i */
    uint8_t boundary_order; /* k, or PLACE_NO_BOUNDARY */
};

struct buddy_request;

/* A valid request, with alignment and boundary made simpler as above. */
struct place_wish place_wish_of(const struct buddy_request *request);

/* True if the wish has no alignment and no boundary. */
static inline bool place_is_anywhere(const struct place_wish *wish)
{
    return wish->align_order == 0 && wish->boundary_order == PLACE_NO_BOUNDARY;
}

/* True if place_wish_of can make this wish: i and k are a pair as above. */
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
 * For a quick look at many runs of one length, at most 2^31 frames: what is the same for all of
 * them. Alignment and boundary are tested only in the lower 32 bits of a frame's number.
 */
struct place_sieve {
    pfn_t first_from; /* a run that begins in this span has enough frames in the window */
    pfn_t first_span;
    uint32_t count;
    uint32_t rest; /* frames of the run that the place does not need */
    uint32_t aligned; /* the bits that an aligned frame's number may have */
    uint32_t borders; /* the same for a multiple of the boundary */
};

/* `length` is at least the wish's. */
struct place_sieve place_sieve_of(const struct place_wish *wish, uint32_t length);

/*
 * False only if the run that begins at `first` has no place. Without a place it is false, too, if
 * only the window matters, or only orders below 32. A processor could not predict a branch here.
 */
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
 * True if the block that begins at `first` has a place, according to its numbers `reach`. The
 * window does not matter. A place that reaches beyond the block does not count.
 */
bool place_in_block(const struct place_wish *wish, unsigned order, const reach_t *reach,
                    pfn_t first);

MM_END_DECLS

#endif
