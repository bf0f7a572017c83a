/* The place for a request in a run, for every request and every run of 40-bit frame numbers. */

#include "any.h"
#include "mm/place.c"

#define FRAMES ((pfn_t)1 << 40)

static struct place_wish any_wish(void)
{
    struct place_wish wish = {any64(), any64(), any64(), (uint8_t)any32(), (uint8_t)any32()};
    assume(place_is_valid(&wish));
    return wish;
}

/* The place [first, first + count) has the alignment and crosses no boundary. */
static bool suits(const struct place_wish *wish, pfn_t first)
{
    unsigned k = wish->boundary_order;
    bool is_aligned = first >> wish->align_order << wish->align_order == first;
    return is_aligned &&
           (k == PLACE_NO_BOUNDARY || first >> k == (first + wish->frame_count - 1) >> k);
}

static bool is_power_or_zero(pfn_t value)
{
    return (value & (value - 1)) == 0;
}

/* A wish has just the places that its request has. */
void prove_wish(void)
{
    struct buddy_request request = {any64(), any64(), any64(), any64(), any64()};
    pfn_t place = any64();
    pfn_t align = request.align_frames > 0 ? request.align_frames : 1;
    pfn_t boundary = request.boundary_frames;
    assume(is_power_or_zero(request.align_frames) && is_power_or_zero(boundary));
    assume(request.frame_count > 0 && (boundary == 0 || request.frame_count <= boundary));
    assume(place < FRAMES && request.frame_count < FRAMES);
    struct place_wish wish = place_wish_of(&request);
    bool crosses =
        boundary != 0 && ((place ^ (place + request.frame_count - 1)) & ~(boundary - 1)) != 0;
    claim(place_is_valid(&wish));
    claim(wish.frame_count == request.frame_count && wish.lowest == request.lowest &&
          wish.limit == request.limit);
    claim(suits(&wish, place) == ((place & (align - 1)) == 0 && !crosses));
    REACHED();
}

/* The place is in the run and in the window, and suits the wish; none higher does. */
void prove_in_run(void)
{
    struct place_wish wish = any_wish();
    pfn_t first = any_below(FRAMES);
    pfn_t end = any_below(FRAMES + 1);
    pfn_t other = any_below(FRAMES);
    pfn_t place;
    pfn_t count = wish.frame_count;
    bool found = place_in_run(&wish, first, end, &place);
    if (found) {
        claim(place >= first && place >= wish.lowest);
        claim(place < end && count <= end - place && place + count <= wish.limit);
        claim(suits(&wish, place));
    }
    if (other >= first && other >= wish.lowest && other < end && count <= end - other &&
        other + count <= wish.limit && suits(&wish, other))
        claim(found && place >= other);
    REACHED();
}

/* The quick look passes over no run that has a place. */
void prove_sieve(void)
{
    struct place_wish wish = any_wish();
    pfn_t first = any_below(FRAMES);
    uint32_t length = any32();
    pfn_t place;
    assume(length >= wish.frame_count && length <= (uint32_t)1 << 31);
    assume(wish.limit <= FRAMES && wish.lowest < wish.limit);
    assume(wish.limit - wish.lowest >= wish.frame_count);
    struct place_sieve sieve = place_sieve_of(&wish, length);
    claim(place_may_pass(&sieve, first) || !place_in_run(&wish, first, first + length, &place));
    REACHED();
}
