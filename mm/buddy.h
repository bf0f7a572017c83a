#ifndef MM_BUDDY_H
#define MM_BUDDY_H

/*
 * The buddy allocator: runs of page frames, out of ranges that were added to it. It writes nothing
 * into the frames themselves, so it can manage memory that nobody can reach, and address space just
 * as well (see pool.h).
 */

#include "quick.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

/* The largest single range: 2^31 frames, 8 TiB. */
#define BUDDY_MAX_FRAMES ((pfn_t)1 << 31)

/* Orders 0 to 31: a block of order n has 2^n frames and begins at a multiple of 2^n. */
#define BUDDY_ORDER_COUNT 32

/*
 * Below 16 MiB, below 4 GiB, above: who can use high memory does not get low memory while there
 * is any.
 */
#define BUDDY_BAND_COUNT 3

struct buddy_span;

/* Quick runs at a time: what it costs to give all back bounds every operation. */
#define BUDDY_QUICK_MAX 128

struct buddy_band {
    pfn_t frame_count; /* managed */
    struct quick quick; /* runs freed lately: free, but not in the spans yet */
};

/* Some 12 KiB, nearly all of it places for quick runs: it belongs into static memory. */
struct buddy {
    struct buddy_span *highest; /* the spans, linked in descending order */
    struct buddy_band bands[BUDDY_BAND_COUNT];
    pfn_t frame_count;
    pfn_t free_count;
    pfn_t last_first; /* the run allocated last, known without a look at its bits */
    uint32_t last_length; /* 0: it is free again */
    uint32_t quick_count; /* of all bands */
    uint8_t band_below[BUDDY_BAND_COUNT]; /* the highest that has frames, up to each */
};

struct buddy_request {
    pfn_t frame_count; /* at least 1 */
    pfn_t align_frames; /* power of two, or 0 for any */
    pfn_t lowest; /* the run's first frame is at or above this */
    pfn_t limit; /* exclusive: the run ends at or below this */
    pfn_t boundary_frames; /* power of two, or 0 for none: no multiple of it lies inside the run */
};

/* Starts without frames. Cannot fail. */
void buddy_init(struct buddy *buddy);

/*
 * Bytes of tables that a range needs: half a byte a frame, and at most 1 KiB; a multiple of 8. 0
 * for a range that buddy_add_range refuses whatever else was added.
 */
size_t buddy_table_bytes(struct frame_range range);

/*
 * Adds a range, all of it free. `tables` is buddy_table_bytes(range) bytes, 8-byte aligned, and
 * belongs to the buddy from now on. MM_BAD_RANGE if the range is empty, ends above 2^52
 * bytes or overlaps another, MM_TOO_LARGE if it is larger than BUDDY_MAX_FRAMES; nothing changes
 * then. Two ranges that touch stay two: no run crosses from one into the other.
 */
enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables);

/*
 * Takes a free run that satisfies the request, from the highest band that has room for it; its
 * first frame goes to *first. Within the band it is the run of that length freed last, if that is
 * still kept and the request is plain (no alignment, boundary or lowest), else the highest place.
 * Fails, changing nothing, with MM_ZERO_SIZE, MM_BAD_ALIGNMENT, MM_BAD_BOUNDARY (no power of two),
 * MM_BOUNDARY_TOO_SMALL (less than frame_count), MM_BAD_LIMIT (lowest + frame_count > limit), and
 * with MM_NO_ROOM only if no free run satisfies the request.
 */
enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first);

/*
 * Gives back the run that begins at `first`. MM_NOT_MANAGED, MM_ALREADY_FREE or MM_INSIDE_BLOCK,
 * and nothing changes, if none does. *frame_count (may be NULL) receives its length.
 */
enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count);

/* The allocated run that begins at or next above `pfn`. False if there is none. */
bool buddy_next_run(struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The allocated run that holds `pfn`. False if the frame is free or not managed. */
bool buddy_find_run(struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The largest free run within [lowest, limit), in frames; 0 if there is none. */
pfn_t buddy_largest_run(struct buddy *buddy, pfn_t lowest, pfn_t limit);

/*
 * Counts, per order, the free buddies: the maximal aligned power-of-two blocks that the free frames
 * fall into. Their frames add up to free_count. `counts` has BUDDY_ORDER_COUNT elements.
 */
void buddy_count_orders(struct buddy *buddy, pfn_t *counts);

/* NULL if every invariant holds, else a sentence that names the first that does not. */
const char *buddy_check(const struct buddy *buddy);

MM_END_DECLS

#endif
