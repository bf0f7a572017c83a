#ifndef MM_BUDDY_H
#define MM_BUDDY_H

/*
 * The buddy allocator: runs of page frames, out of ranges that were added to it. It writes nothing
 * into the frames themselves, so it can manage memory that nobody can reach, and address space just
 * as well (see pool.h).
 *
 * Each free run is in one of three places:
 *
 *   listed   a short run is in the list of its length (index.h)
 *   set aside   the block freed last, and in each band a run that blocks are cut off (below)
 *   in the tree   all other frames (tree.h)
 *
 * Where a block goes: in the highest band (below 16 MiB, below 4 GiB, above) that has a place for
 * it, to the block freed last if it has just that length, else to the highest place in a shortest
 * listed run that has one (of those, the one listed last; but any that begins at 128 MiB or above
 * before all below), else to the end of the run that is cut there, else to an end of the block
 * freed last together with what is cut beside it, else to the highest place of all, and then all
 * that is set aside is put back first. What such an end leaves is cut from then on; and if the
 * highest place of all is in a tree, and any place would do, so are up to BUDDY_CUT_FRAMES of what
 * was left for it below in that run.
 *
 * A place is at an end of a run if the highest place in that run is there. A run that is cut from
 * then on takes the place of the one before, which is put back; if it does not lie in one band, it
 * is put back itself. Places that lie over a border are a band of their own, below the two that
 * touch there; no run is listed or cut in it.
 *
 * What is put back becomes one run with its free neighbours: in the tree if one of those was there,
 * else listed if it is short enough, lies in one band, and the index has room, else in the tree.
 * When all is put back, the block freed last comes first, then the runs that are cut, from the
 * highest band on. When another block is freed, the one freed last becomes part of the run that is
 * cut in its band, if they touch; else it is put back. But if it would go into the tree then, and
 * lies in one band with its listed neighbours, these together are cut from then on.
 */

#include "index.h"
#include "range.h"
#include "status.h"
#include "types.h"

MM_BEGIN_DECLS

/* The largest single range: 2^31 frames, 8 TiB of 4 KiB each. */
#define BUDDY_MAX_FRAMES ((pfn_t)1 << 31)

/* Orders 0 to 31: a block of order n has 2^n frames and begins at a multiple of 2^n. */
#define BUDDY_ORDER_COUNT 32

#define BUDDY_BAND_COUNT BAND_COUNT

#define BUDDY_CUT_FRAMES 1024u

/* A free run that is set aside; none if first == end. Its range's tables call it live. */
struct buddy_run {
    struct buddy_range *range;
    uint32_t first;
    uint32_t end;
};

/* The block taken last, as long as it is as it was; else no range. */
struct buddy_taken {
    struct buddy_range *range;
    pfn_t first;
    uint32_t length;
};

#define BUDDY_ASIDE_LAST BAND_COUNT /* in `aside`: the run freed last */
#define BUDDY_ASIDE_COUNT (BAND_COUNT + 1)

struct buddy {
    struct buddy_range *highest; /* the ranges, linked in descending order */
    struct buddy_range *root; /* of the tree of ranges */
    struct buddy_range *hit; /* the range that a block was freed in last; NULL: none */
    struct buddy_run aside[BUDDY_ASIDE_COUNT]; /* to be cut, by band; then the run freed last */
    struct buddy_taken taken;
    unsigned top_band; /* the highest that has frames */
    pfn_t end_pfn; /* of the highest range */
    pfn_t frame_count;
    pfn_t free_count;
    pfn_t index_frames; /* what the index was made for */
    struct run_index index;
};

struct buddy_request {
    pfn_t frame_count; /* at least 1 */
    pfn_t align_frames; /* power of two; 0 is the same as 1: any */
    pfn_t lowest; /* the run's first frame is at or above this */
    pfn_t limit; /* exclusive: the run ends at or below this */
    pfn_t boundary_frames; /* power of two, or 0: no multiple of it lies inside the run */
};

/* Starts without frames. Cannot fail. */
void buddy_init(struct buddy *buddy);

/*
 * Bytes of tables that a range needs: less than a byte a frame and some 2 KiB; a multiple of 8. For
 * 64 MiB or more that begin below 1 MiB it is, together with struct mm, at most a byte a frame.
 */
size_t buddy_table_bytes(struct frame_range range);

/* Two ranges that one was cut into need at most so many bytes more than the one. */
#define BUDDY_SPLIT_BYTES 90112

/*
 * Adds a range, all of it free. `tables` is buddy_table_bytes(range) bytes, 8-byte aligned, and
 * belongs to the buddy from now on. MM_BAD_RANGE if the range is empty or overlaps another,
 * MM_TOO_LARGE if it is larger than BUDDY_MAX_FRAMES. Two ranges that touch stay two: no run
 * crosses from one into the other.
 */
enum mm_status buddy_add_range(struct buddy *buddy, struct frame_range range, void *tables);

/*
 * Takes away a range that was added, if all of it is free. Its tables are the caller's again:
 * *tables is what buddy_add_range was given. MM_NOT_MANAGED if just this range was not added, or
 * MM_IN_USE if a block has frames of it; nothing changes then. Takes time for each range.
 */
enum mm_status buddy_remove_range(struct buddy *buddy, struct frame_range range, void **tables);

/*
 * Gives the lists of short runs memory of their own, made for so many frames in so many ranges, at
 * least 1. Without it the largest range's tables hold them, which is too little for many ranges of
 * about one size. `memory` is buddy_index_bytes() bytes, 8-byte aligned, and belongs to the buddy
 * from now on. Ranges may be added before and after; one that is larger than frame_count takes
 * over.
 */
size_t buddy_index_bytes(pfn_t frame_count, uint32_t range_count);
void buddy_add_index(struct buddy *buddy, pfn_t frame_count, uint32_t range_count, void *memory);

/*
 * Takes a free run that satisfies the request; its first frame goes to *first. Fails, and nothing
 * changes, with MM_ZERO_SIZE, MM_BAD_ALIGNMENT or MM_BAD_BOUNDARY (no power of two),
 * MM_BOUNDARY_TOO_SMALL (less than the count), MM_BAD_LIMIT (lowest + count > limit), or
 * MM_NO_ROOM: only if no free run satisfies it.
 */
enum mm_status buddy_alloc(struct buddy *buddy, const struct buddy_request *request, pfn_t *first);

/* The same for any free run of so many frames: a quick call for what is asked most. */
enum mm_status buddy_alloc_any(struct buddy *buddy, pfn_t frame_count, pfn_t *first);

/*
 * Gives back the run that begins at `first`. MM_NOT_MANAGED, MM_ALREADY_FREE or MM_INSIDE_BLOCK,
 * and nothing changes, if none does. *frame_count (may be NULL) receives its length.
 */
enum mm_status buddy_free(struct buddy *buddy, pfn_t first, pfn_t *frame_count);

/* ---- blocks at a place, and parts of blocks -------------------------------------------------- */

/*
 * A block at a fixed place is a request that has no other: lowest = first, limit = first +
 * frame_count. MM_NO_ROOM then says that some of these frames are not free, or not managed, or that
 * they lie in two ranges; buddy_find_run and buddy_next_run say which blocks are in the way.
 */

/*
 * Makes two blocks of the one that begins at `first`: the second begins at `at`. MM_NOT_MANAGED,
 * MM_ALREADY_FREE or MM_INSIDE_BLOCK, as buddy_free, or MM_OUTSIDE_BLOCK if `at` is not behind the
 * block's first frame and inside it; nothing changes then.
 */
enum mm_status buddy_split(struct buddy *buddy, pfn_t first, pfn_t at);

/*
 * Makes blocks of `frame_count` frames of the one that begins at `first`; the last one has what is
 * left. A count that is not less than the block's changes nothing. MM_ZERO_SIZE, or what buddy_free
 * fails with; nothing changes then. Takes time for each block that it makes.
 */
enum mm_status buddy_split_evenly(struct buddy *buddy, pfn_t first, pfn_t frame_count);

/*
 * Gives back a part of a block, or all of it. What is left on either side stays a block by itself.
 * MM_BAD_RANGE if the part is empty, MM_NOT_MANAGED or MM_ALREADY_FREE if its first frame is, or
 * MM_OUTSIDE_BLOCK if the block that holds this ends before the part does; nothing changes then.
 */
enum mm_status buddy_free_part(struct buddy *buddy, struct frame_range part);

/* ---- many frames at once --------------------------------------------------------------------- */

/* An array for runs of frames, each a block. */
struct buddy_runs {
    struct frame_range *runs; /* run_max of them */
    size_t run_max;
    size_t run_count; /* that are used */
};

/*
 * Takes `frame_count` frames inside the window, in as few runs as possible: all of them or none.
 * Each run becomes a block, to be freed by itself or by buddy_free_many. Fails with MM_ZERO_SIZE,
 * MM_BAD_LIMIT (the window has fewer frames), MM_NO_ROOM (too few are free), or MM_NO_RECORD (they
 * are more runs than the array has places for). Then run_count is 0, and the same frames are free
 * as before; but where the next block goes may have changed if there were as many free frames in
 * all.
 */
enum mm_status buddy_alloc_many(struct buddy *buddy, pfn_t frame_count, struct frame_range window,
                                struct buddy_runs *taken);

/*
 * Frees the blocks that the runs are: all of them or none. Blocks that touch and follow each other
 * in the array, in whichever direction, cost little more than one. Fails, and nothing changes, with
 * what buddy_free fails with, or with MM_OUTSIDE_BLOCK if a run is shorter or longer than its
 * block. A block that is named twice is MM_ALREADY_FREE. None of them is the block freed last: all
 * of them go at once where that goes when another is freed.
 */
enum mm_status buddy_free_many(struct buddy *buddy, const struct frame_range *runs,
                               size_t run_count);

/*
 * Frees blocks of one frame each: of the 64 frames from `first` on, a multiple of 64, those whose
 * bit is set. Returns the bits of those that are no such block; they stay as they are.
 */
uint64_t buddy_free_frames(struct buddy *buddy, pfn_t first, uint64_t frames);

/* ---- looking: changes nothing ---------------------------------------------------------------- */

/* The allocated run that begins at or next above `pfn`. False if there is none. */
bool buddy_next_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The allocated run that holds `pfn`. False if the frame is free or not managed. */
bool buddy_find_run(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* The whole free run that holds `pfn`, wherever its parts are. False if the frame is not free. */
bool buddy_find_free(const struct buddy *buddy, pfn_t pfn, struct frame_range *run);

/* Who has a free frame; see above. */
enum buddy_holder { BUDDY_IN_TREE, BUDDY_IN_LIST, BUDDY_SET_ASIDE, BUDDY_FREED_LAST };

/*
 * The part of a free run that one of them has, and that holds `pfn`. False if the frame is not free
 * or not managed.
 */
bool buddy_find_part(const struct buddy *buddy, pfn_t pfn, enum buddy_holder *holder,
                     struct frame_range *part);

/* The largest free run within [lowest, limit), in frames; 0 if there is none. */
pfn_t buddy_largest_run(const struct buddy *buddy, pfn_t lowest, pfn_t limit);

/* What an aligned block knows of the frames that are free in it. */
struct buddy_summary {
    pfn_t head; /* free frames at its start */
    pfn_t longest; /* in its longest free run */
    pfn_t tail; /* at its end */
};

/* Of the block of 2^order frames that begins at `first`, a multiple of that. */
struct buddy_summary buddy_sum_up(const struct buddy *buddy, pfn_t first, unsigned order);

/*
 * Counts, per order, the free buddies: the maximal aligned power-of-two blocks that the free frames
 * fall into. Their frames add up to free_count. `counts` has BUDDY_ORDER_COUNT elements.
 */
void buddy_count_orders(const struct buddy *buddy, pfn_t *counts);

/*
 * Counts the free frames of each band. `counts` has BUDDY_BAND_COUNT elements. Takes time for each
 * range; of one that lies in two bands, for each 64 frames below the border.
 */
void buddy_count_bands(const struct buddy *buddy, pfn_t *counts);

/* NULL if every invariant holds, else a sentence that names the first that does not. */
const char *buddy_check(const struct buddy *buddy);

MM_END_DECLS

#endif
