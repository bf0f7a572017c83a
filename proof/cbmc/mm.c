/* The manager's translation of a request in bytes into a request in frames. */

#include "any.h"
#include "mm/mm.c"

/* Bytes become the frames that hold them. */
void prove_frames(void)
{
    uint64_t bytes = any64();
    uint32_t few = any32();
    pfn_t frames = frames_of(bytes);
    assume(few > 0);
    claim(bytes == 0 ? frames == 0 : frames - 1 == (bytes - 1) >> FRAME_SHIFT);
    claim(frames_of_few(few) == frames_of(few));
    REACHED();
}

/*
 * A place in frames that the translated request has is a place in bytes that the request has, and
 * the other way round.
 */
void prove_request(void)
{
    struct mm_request request = {any64(), any64(), any64(), any64(), any64(), "owner"};
    struct buddy_request run;
    pfn_t first = any_below(PHYS_LIMIT >> FRAME_SHIFT);
    phys_t base = first << FRAME_SHIFT;
    assume(request_check(request.size_bytes, request.align_bytes, request.boundary_bytes,
                         request.lowest, request.limit) == MM_OK);
    bool is_inside = request.size_bytes <= PHYS_LIMIT && base >= request.lowest &&
                     base + request.size_bytes <= request.limit &&
                     base + request.size_bytes <= PHYS_LIMIT;
    bool translated = translate_request(&request, &run);
    claim(translated || !is_inside);
    if (translated) {
        claim(run.frame_count == frames_of(request.size_bytes) && run.frame_count > 0);
        claim(is_inside == (first >= run.lowest && first + run.frame_count <= run.limit));
        phys_t align = request.align_bytes > 0 ? request.align_bytes : 1;
        claim(((base & (align - 1)) == 0) == ((first & (run.align_frames - 1)) == 0));
    }
    REACHED();
}
